//! What a function touches: `uses`, `emits`, `calls`.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::context::{Context, Key};
use super::declare::{declaration, words};
use super::parse::{EVENT_PATTERN, Many, NAME_PATTERN, Parse};
use super::scalar::{EventRef, Ref};
use crate::base::{Span, Spanned};
use crate::diag::{Finding, shorten};
use crate::yaml::{Kind, Node};

/// Every verb that may be written, and the sets. Which of them fit depends on the kind of the resource.
pub(crate) const VERBS: [&str; 18] = [
    "get",
    "put",
    "update",
    "delete",
    "query",
    "scan",
    "batch-get",
    "batch-write",
    "check",
    "list",
    "send",
    "redrive",
    "publish",
    "read",
    "rotate",
    "connect",
    "write",
    "emit",
];

declaration! {
    /// A part of a resource.
    pub struct ScopeSpec("a scope", "{ prefix: incoming/ }") {
        /// Objects whose names start with it.
        prefix: Option<Spanned<Arc<str>>>,
        /// Objects whose names end with it.
        suffix: Option<Spanned<Arc<str>>>,
        /// An index of a table.
        index: Option<Spanned<Arc<str>>>,
        /// Rows of a table whose leading key has this value.
        leading: Option<Spanned<Arc<str>>>,
        /// Events of this type.
        event_type "type": Option<Spanned<Arc<str>>>,
        /// An MQTT topic.
        topic: Option<Spanned<Arc<str>>>,
    }
}

/// The verbs on one resource, each with the parts it is limited to; no part is the whole.
#[derive(Debug, Clone)]
pub struct Verbs(pub Vec<(Spanned<Arc<str>>, Vec<ScopeSpec>)>);

impl Parse for Verbs {
    const WHAT: &'static str = "a verb, a list of verbs, or a mapping from verbs to scopes";
    const EXAMPLE: &'static str = "[get, put]";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let is_empty = match &node.kind {
            Kind::Map(entries) => entries.is_empty(),
            Kind::Seq(items) => items.is_empty(),
            Kind::Scalar(_) => false,
        };
        if is_empty {
            let message = format!("`{}` has no verbs", shorten(cx.key()));
            let help = format!("write what the code does, such as `{}`, or remove it", Self::EXAMPLE);
            cx.report(Finding::error("empty", node.span, message).help(help));
            return None;
        }
        let Kind::Map(entries) = &node.kind else {
            if let Kind::Scalar(scalar) = &node.kind
                && scalar.is_null()
            {
                cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
                return None;
            }
            let verbs = Many::<Spanned<Arc<str>>>::parse(node, cx)?;
            return Some(Self(verbs.0.into_iter().map(|verb| (verb, Vec::new())).collect()));
        };
        let mut verbs = Vec::new();
        for entry in entries.iter() {
            let scopes = match &entry.value.kind {
                Kind::Scalar(scalar) if scalar.is_null() => Some(Vec::new()),
                Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
                    cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| scopes(&entry.value, cx))
                }
            };
            verbs.extend(scopes.map(|scopes| (entry.key.clone(), scopes)));
        }
        Some(Self(verbs))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

/// One scope or several; an empty one says nothing and is refused, because `null` is how the whole is written.
fn scopes(node: &Node, cx: &mut Context) -> Option<Vec<ScopeSpec>> {
    let before = cx.errors();
    let scopes = Many::<ScopeSpec>::parse(node, cx)?.0;
    let says_nothing = |scope: &&ScopeSpec| {
        let texts = [&scope.prefix, &scope.suffix, &scope.index, &scope.leading, &scope.event_type, &scope.topic];
        !scope.broken && texts.iter().all(|t| t.is_none())
    };
    let is_none = scopes.is_empty() && cx.errors() == before;
    let empty: Vec<Span> = scopes.iter().filter(says_nothing).map(|scope| scope.span).collect();
    for span in empty.into_iter().chain(is_none.then_some(node.span)) {
        let message = format!("the scope of `{}` is empty", cx.key());
        let help = format!("write `{}: null` for the whole resource", cx.key());
        cx.report(Finding::error("empty", span, message).help(help));
    }
    (cx.errors() == before).then_some(scopes)
}

impl JsonSchema for Verbs {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Verbs".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let scope = ScopeSpec::schema(generator);
        json_schema!({
            "description": "A verb, a list of verbs, or a mapping from verbs to scopes, where null is the whole resource.",
            "anyOf": [
                { "enum": VERBS },
                { "type": "array", "items": { "enum": VERBS }, "minItems": 1 },
                {
                    "type": "object",
                    "minProperties": 1,
                    "propertyNames": { "enum": VERBS },
                    "additionalProperties": { "anyOf": [{ "type": "null" }, scope, { "type": "array", "items": scope, "minItems": 1 }] }
                }
            ]
        })
    }
}

/// `uses:` a mapping from resources to verbs.
#[derive(Debug, Clone)]
pub struct Uses(pub Vec<(Ref, Verbs)>);

impl Parse for Uses {
    const WHAT: &'static str = "a mapping from resources to verbs";
    const EXAMPLE: &'static str = "{ orders: [get, put] }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        let mut uses = Vec::with_capacity(entries.len());
        for entry in entries.iter() {
            let key = Key::Written(entry.key.value.clone());
            let verbs = cx.within(key, entry.key.span, |cx| Verbs::parse(&entry.value, cx));
            let resource = Ref { text: entry.key.value.clone(), span: entry.key.span };
            // The name is resolved even when its verbs are faulty.
            uses.push((resource, verbs.unwrap_or_else(|| Verbs(Vec::new()))));
        }
        Some(Self(uses))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let verbs = Verbs::schema(generator);
        json_schema!({ "type": "object", "patternProperties": { (NAME_PATTERN): verbs }, "additionalProperties": false })
    }
}

/// `emits:` a list of events, or a mapping from events to buses.
#[derive(Debug, Clone)]
pub struct Emits(pub Vec<(EventRef, Option<Ref>)>);

impl Parse for Emits {
    const WHAT: &'static str = "a list of events, or a mapping from events to buses";
    const EXAMPLE: &'static str = "[order.placed]";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            let events = Many::<EventRef>::parse(node, cx)?;
            return Some(Self(events.0.into_iter().map(|event| (event, None)).collect()));
        };
        let mut emits = Vec::new();
        for entry in entries.iter() {
            let event = EventRef { text: entry.key.value.clone(), span: entry.key.span };
            let bus = optional(&entry.value, Key::Written(entry.key.value.clone()), cx);
            emits.extend(bus.map(|bus| (event, bus)));
        }
        Some(Self(emits))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let event = EventRef::schema(generator);
        json_schema!({ "anyOf": [
            event,
            { "type": "array", "items": event },
            {
                "type": "object",
                "patternProperties": { (EVENT_PATTERN): { "type": ["string", "null"], "description": "The bus; null is the default one." } },
                "additionalProperties": false
            }
        ] })
    }
}

words! {
    /// How a function is called.
    CallModeWord("a way to call") {
        /// The caller waits.
        Sync = "sync",
        /// The platform queues the call.
        Async = "async",
    }
}

/// `calls:` a list of functions and workflows, or a mapping that says how each is called.
#[derive(Debug, Clone)]
pub struct Calls(pub Vec<(Ref, Option<Spanned<CallModeWord>>)>);

impl Parse for Calls {
    const WHAT: &'static str = "a list of functions and workflows, or a mapping that says how each is called";
    const EXAMPLE: &'static str = "[resize]";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            let callees = Many::<Ref>::parse(node, cx)?;
            return Some(Self(callees.0.into_iter().map(|callee| (callee, None)).collect()));
        };
        let mut calls = Vec::new();
        for entry in entries.iter() {
            let callee = Ref { text: entry.key.value.clone(), span: entry.key.span };
            let mode = optional(&entry.value, Key::Written(entry.key.value.clone()), cx);
            calls.extend(mode.map(|mode| (callee, mode)));
        }
        Some(Self(calls))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let callee = Ref::schema(generator);
        let mode = CallModeWord::schema(generator);
        json_schema!({ "anyOf": [
            callee,
            { "type": "array", "items": callee },
            {
                "type": "object",
                "patternProperties": { (NAME_PATTERN): { "anyOf": [mode, { "type": "null" }] } },
                "additionalProperties": false
            }
        ] })
    }
}

/// A value that may be null; the outer `None` when it was reported.
#[expect(clippy::option_option, reason = "reported and absent are two things")]
fn optional<T: Parse>(node: &Node, key: Key, cx: &mut Context) -> Option<Option<T>> {
    match &node.kind {
        Kind::Scalar(scalar) if scalar.is_null() => Some(None),
        Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => cx.within(key, node.span, |cx| T::parse(node, cx)).map(Some),
    }
}
