//! The top level of `isobar.yaml`.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::declare::declaration;
use super::fields::unknown_key;
use super::parse::{Many, Map, Parse};
use super::scalar::{AnyText, Ref};
use super::target::{Lint, Native, Options};
use super::{Defaults, Event, Function, Resource, Workflow};
use crate::base::{EventType, Name, Span, Spanned};
use crate::diag::Finding;
use crate::yaml::{Kind, Node};

/// The version of the language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Version(pub u32);

impl Parse for Version {
    const WHAT: &'static str = "a version of the language";
    const EXAMPLE: &'static str = "1";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let number = if let Kind::Scalar(scalar) = &node.kind { scalar.as_int() } else { None };
        match number {
            Some(1) => return Some(Self(1)),
            Some(other) => cx.report(
                Finding::error("unsupported-version", node.span, format!("language version {other} is not known"))
                    .help("write `isobar: 1`, the only version so far"),
            ),
            None => cx.wrong_type(node, Self::WHAT, Self::EXAMPLE),
        }
        None
    }

    /// What else is wrong can be told in terms of the version that is known.
    fn absent(_place: Span) -> Option<Self> {
        Some(Self(1))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "const": 1 })
    }
}

/// The name of an application.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppName(pub Name);

impl Parse for AppName {
    const WHAT: &'static str = <Name as Parse>::WHAT;
    const EXAMPLE: &'static str = "shop";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        <Name as Parse>::parse(node, cx).map(Self)
    }

    /// Nothing else in a spec depends on how the application is called.
    #[expect(clippy::expect_used, reason = "the word is a name, and a test reads it")]
    fn absent(_place: Span) -> Option<Self> {
        Some(Self(Name::parse("app").expect("`app` is a name")))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        <Name as Parse>::schema(generator)
    }
}

declaration! {
    /// One application: what happens (events), what holds data or messages (resources), what computes (functions,
    /// workflows), and who may touch what.
    pub struct Spec("an application", "{ isobar: 1, app: shop }") {
        /// Version of the language: 1.
        isobar: Version,
        /// Name of the application; the names of everything that is deployed start with it.
        app: Spanned<AppName>,
        /// What the application does, for people.
        description: Option<Spanned<Arc<str>>>,
        /// Globs of further files with the same top-level keys, relative to this file.
        include: Option<Many<Spanned<Arc<str>>>>,
        /// Values for `${var.name}`; `--var name=value` replaces one.
        vars: Option<Map<Name, AnyText>>,
        /// Changes by environment, chosen with `--env`: mappings merge, everything else replaces, `null` removes.
        environments: Option<Map<Name, EnvironmentSpec>>,
        /// What nodes of a kind have unless they say otherwise.
        defaults: Option<Defaults>,
        /// Where generated alarms go.
        alarms: Option<Alarms>,
        /// Typed contracts of what happens; the name is the `CloudEvents` type.
        events: Option<Map<EventType, Event>>,
        /// What holds data or messages, and what is reached from outside or outside.
        resources: Option<Map<Name, Resource>>,
        /// What computes.
        functions: Option<Map<Name, Function>>,
        /// What coordinates functions over time.
        workflows: Option<Map<Name, Workflow>>,
        /// The targets the application is made for, each with its options.
        targets: Option<Map<Arc<str>, Options>>,
        /// Whole native resources by target. Counted as lock-in.
        native: Option<Native>,
        /// Levels of rules for this application.
        lint: Option<Map<Arc<str>, Lint>>,
    }
}

declaration! {
    /// Where generated alarms go.
    pub struct Alarms("alarms", "{ notify: alerts }") {
        /// The topic that gets every generated alarm.
        notify: Ref,
    }
}

/// Changes of an environment. They were merged before the spec is read, when this environment was chosen; here their
/// outline alone is checked.
#[derive(Debug, Clone)]
pub struct EnvironmentSpec {
    /// Data outlives mistakes.
    pub protected: Option<Spanned<bool>>,
}

/// What an environment may say: whether it is protected, and the sections that it may change.
pub(super) const ENVIRONMENT_KEYS: [&str; 12] = [
    "protected",
    "description",
    "vars",
    "defaults",
    "alarms",
    "events",
    "resources",
    "functions",
    "workflows",
    "targets",
    "native",
    "lint",
];

impl Parse for EnvironmentSpec {
    const WHAT: &'static str = "an environment";
    const EXAMPLE: &'static str = "{ protected: true }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, "a mapping", Self::EXAMPLE);
            return None;
        };
        let mut protected = None;
        for entry in entries.iter() {
            let key = &*entry.key.value;
            if key == "protected" {
                let key = super::context::Key::Known("protected");
                protected = cx.within(key, entry.key.span, |cx| Spanned::parse(&entry.value, cx));
            } else if !ENVIRONMENT_KEYS.contains(&key) {
                cx.report(unknown_key(Self::WHAT, &ENVIRONMENT_KEYS, key, entry.key.span));
            } else if key != "description" && !matches!(entry.value.kind, Kind::Map(_)) && !is_null(&entry.value) {
                let key = super::context::Key::Written(entry.key.value.clone());
                cx.within(key, entry.key.span, |cx| {
                    cx.wrong_type(&entry.value, "a mapping", "{ … }");
                    None::<()>
                });
            }
        }
        Some(Self { protected })
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        let mut properties = serde_json::Map::new();
        properties.insert(
            "protected".to_owned(),
            serde_json::json!({
                "type": "boolean",
                "description": "Deletion protection on everything that holds data."
            }),
        );
        for section in ENVIRONMENT_KEYS.into_iter().filter(|key| *key != "protected") {
            let kind = if section == "description" { "string" } else { "object" };
            properties.insert(section.to_owned(), serde_json::json!({ "type": [kind, "null"] }));
        }
        json_schema!({ "type": "object", "properties": properties, "additionalProperties": false })
    }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar(scalar) if scalar.is_null())
}
