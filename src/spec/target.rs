//! Targets, and what is said to one target alone: options, overrides, native resources. And levels of rules.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::{Map as JsonMap, Value};

use super::context::{Context, Key};
use super::declare::declaration;
use super::parse::{Many, Map, Parse, Several};
use super::places::Places;
use super::scalar::{AnyText, Ref, word};
use crate::base::{Span, Spanned};
use crate::yaml::{Entry, Kind, Node};

/// The options of a target, checked against its manifest later.
#[derive(Debug, Clone)]
pub struct Options {
    /// The mapping.
    pub span: Span,
    /// The options.
    pub values: JsonMap<String, Value>,
    /// Where each of them stands.
    pub places: Places,
}

impl Parse for Options {
    const WHAT: &'static str = "a mapping of options";
    const EXAMPLE: &'static str = "{ region: eu-central-1 }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        // A target without options may be written as its name alone.
        if matches!(&node.kind, Kind::Scalar(scalar) if scalar.is_null()) {
            return Some(Self { span: node.span, values: JsonMap::new(), places: Places::at(node.span) });
        }
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        Some(Self { span: node.span, values: object(entries, cx)?, places: Places::of(node) })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["object", "null"] })
    }
}

fn object(entries: &[Entry], cx: &mut Context) -> Option<JsonMap<String, Value>> {
    let mut map = JsonMap::new();
    for entry in entries {
        let key = Key::Written(entry.key.value.clone());
        let value = cx.within(key, entry.key.span, |cx| super::json::value(&entry.value, cx))?;
        map.insert(entry.key.value.to_string(), value);
    }
    Some(map)
}

/// Native attributes for one target.
#[derive(Debug, Clone)]
pub struct Override {
    /// The key.
    pub key: Span,
    /// The mapping.
    pub span: Span,
    /// Type → attributes.
    pub value: Value,
    /// Where its parts stand.
    pub places: Places,
}

/// `override:` native attributes by target.
#[derive(Debug, Clone)]
pub struct Overrides(pub BTreeMap<String, Override>);

impl Parse for Overrides {
    const WHAT: &'static str = "a mapping from targets to attributes";
    const EXAMPLE: &'static str = "{ <target>: { … } }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        let mut overrides = BTreeMap::new();
        for entry in entries.iter() {
            let value = cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| {
                let Kind::Map(inner) = &entry.value.kind else {
                    cx.wrong_type(&entry.value, "a mapping from types to attributes", "{ <type>: { … } }");
                    return None;
                };
                let before = cx.errors();
                attributes(inner, cx);
                let value = Value::Object(object(inner, cx).filter(|_| cx.errors() == before)?);
                let (key, span, places) = (entry.key.span, entry.value.span, Places::of(&entry.value));
                Some(Override { key, span, value, places })
            });
            if let Some(value) = value {
                overrides.insert(entry.key.value.to_string(), value);
            }
        }
        Some(Self(overrides))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        let types = serde_json::json!({ "type": "object", "additionalProperties": { "type": "object" } });
        json_schema!({ "type": "object", "additionalProperties": types })
    }
}

/// Refuses values that are no mapping of attributes.
fn attributes(entries: &[Entry], cx: &mut Context) {
    for entry in entries.iter().filter(|entry| !matches!(entry.value.kind, Kind::Map(_))) {
        cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| {
            cx.wrong_type(&entry.value, "a mapping of attributes", "{ … }");
            None::<()>
        });
    }
}

/// Type → name → attributes.
pub type NativeTypes = JsonMap<String, Value>;

/// `native.<target>:` whole native resources.
#[derive(Debug, Clone)]
pub struct NativeTarget {
    /// The key.
    pub name: Spanned<Arc<str>>,
    /// The resources.
    pub types: NativeTypes,
    /// Where their parts stand.
    pub places: Places,
}

/// Test → key → a value or several, as the policies of a platform know them.
pub type NativeConditions = Map<Arc<str>, Map<Arc<str>, Many<Spanned<AnyText>>>>;

/// `native:` whole native resources by target, and the grants they bring.
#[derive(Debug, Clone)]
pub struct Native {
    /// By target.
    pub targets: Vec<NativeTarget>,
    /// The grants they bring.
    pub grants: Vec<NativeGrant>,
}

declaration! {
    /// A grant that native resources bring.
    pub struct NativeGrant("a grant", "{ who: place-order, verbs: [get], what: … }") {
        /// The function that gets it.
        who: Ref,
        /// Native actions or verbs.
        verbs: Several<Spanned<Arc<str>>>,
        /// On what: an address of a native resource.
        what: Spanned<Arc<str>>,
        /// Under which conditions, all of which have to hold: `{ <test>: { <key>: <value or list> } }`, in the words of the
        /// target.
        conditions: Option<NativeConditions>,
        /// The target in whose words it is; may be left out where `native` has the resources of one target.
        target: Option<Spanned<Arc<str>>>,
    }
}

impl Parse for Native {
    const WHAT: &'static str = "a mapping from targets to resources";
    const EXAMPLE: &'static str = "{ <target>: { <type>: { <name>: { … } } } }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        let mut native = Self { targets: Vec::new(), grants: Vec::new() };
        for entry in entries.iter() {
            let key = Key::Written(entry.key.value.clone());
            if &*entry.key.value == "grants" {
                native.grants = cx.within(key, entry.key.span, |cx| Vec::parse(&entry.value, cx)).unwrap_or_default();
            } else if let Some(types) = cx.within(key, entry.key.span, |cx| native_types(&entry.value, cx)) {
                let places = Places::of(&entry.value);
                native.targets.push(NativeTarget { name: entry.key.clone(), types, places });
            }
        }
        Some(native)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let grants = Vec::<NativeGrant>::schema(generator);
        let names = serde_json::json!({ "type": "object", "additionalProperties": { "type": "object" } });
        json_schema!({
            "type": "object",
            "properties": { "grants": grants },
            "additionalProperties": { "type": "object", "additionalProperties": names }
        })
    }
}

/// type → name → attributes, each a mapping.
fn native_types(node: &Node, cx: &mut Context) -> Option<JsonMap<String, Value>> {
    let Kind::Map(types) = &node.kind else {
        cx.wrong_type(node, "a mapping from types to resources", "{ <type>: { <name>: { … } } }");
        return None;
    };
    let before = cx.errors();
    for entry in types.iter() {
        cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| {
            let Kind::Map(names) = &entry.value.kind else {
                cx.wrong_type(&entry.value, "a mapping from names to attributes", "{ <name>: { … } }");
                return None::<()>;
            };
            attributes(names, cx);
            None
        });
    }
    if cx.errors() == before { object(types, cx) } else { None }
}

/// The levels of a rule.
pub(super) const LEVELS: [&str; 4] = ["error", "warning", "note", "off"];

/// A level of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Level(pub Option<crate::diag::Severity>);

impl Parse for Level {
    const WHAT: &'static str = "a level";
    const EXAMPLE: &'static str = "warning";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        use crate::diag::Severity;
        let level = word(node, cx, Self::WHAT, LEVELS.into_iter())?;
        Some(Self([Severity::Error, Severity::Warning, Severity::Note].into_iter().find(|s| s.as_str() == level)))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": LEVELS })
    }
}

declaration! {
    /// The level of a rule for this application.
    pub struct LintEntry("a level of a rule", "{ level: \"off\", reason: … }") {
        /// `error`, `warning`, `note` or `off`.
        level: Level,
        /// Why it differs from the rule's own level.
        reason: Option<Spanned<Arc<str>>>,
    }
}

/// The level of a rule: a word, or a mapping with a reason.
#[derive(Debug, Clone)]
pub struct Lint {
    /// `None` is off.
    pub level: Option<crate::diag::Severity>,
    /// Why.
    pub reason: Option<Spanned<Arc<str>>>,
}

impl Parse for Lint {
    const WHAT: &'static str = "a level of a rule";
    const EXAMPLE: &'static str = "{ level: \"off\", reason: … }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        if let Kind::Scalar(_) = node.kind {
            return Level::parse(node, cx).map(|level| Self { level: level.0, reason: None });
        }
        LintEntry::parse(node, cx).map(|entry| Self { level: entry.level.0, reason: entry.reason })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (word, entry) = (Level::schema(generator), LintEntry::schema(generator));
        json_schema!({ "anyOf": [word, entry] })
    }
}
