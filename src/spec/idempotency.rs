//! How a function bears that an input comes twice.

use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::declare::declaration;
use super::fields::{Declaration as _, Fields, closest};
use super::parse::{Parse, pointer_fault};
use super::scalar::{Ref, invalid, text_scalar, unknown_word};
use crate::base::{Duration, Pointer, Span, Spanned};
use crate::diag::Finding;
use crate::yaml::{Kind, Node};

/// Where a key is found in an invocation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdempotencyKey {
    /// `/pointer` into the payload.
    Pointer(Pointer),
    /// `header:x`
    Header(Arc<str>),
    /// `path:x`
    Path(Arc<str>),
    /// `event:id`: source and id of the event.
    EventId,
}

/// As written.
impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Pointer(pointer) => f.write_str(pointer.as_str()),
            Self::Header(name) => write!(f, "header:{name}"),
            Self::Path(name) => write!(f, "path:{name}"),
            Self::EventId => f.write_str("event:id"),
        }
    }
}

text_scalar!(IdempotencyKey, "a key of an invocation", "/orderId", {
    "type": "string",
    "pattern": "^((/([^~/]|~[01])*)+|header:[A-Za-z0-9-]+|path:[A-Za-z_][A-Za-z0-9_-]*|event:id)$"
}, |text, span, cx| {
    let key = match text.split_once(':') {
        Some(("header", name)) if token(name) => Some(IdempotencyKey::Header(name.to_ascii_lowercase().into())),
        Some(("path", name)) if parameter(name) => Some(IdempotencyKey::Path(name.into())),
        Some(("event", "id")) => Some(IdempotencyKey::EventId),
        _ => Pointer::parse(text).map(IdempotencyKey::Pointer),
    };
    if key.is_none() {
        let why = if text.starts_with('/') {
            format!("not a key: {}", pointer_fault(text))
        } else {
            "not a key".to_owned()
        };
        let help = "write a path into the payload such as `/orderId`, or `header:<name>`, `path:<parameter>`, `event:id`";
        invalid(cx, "invalid-key", text, span, &why, help.to_owned());
    }
    key
});

fn token(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
}

fn parameter(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

/// A declaration about the code.
#[derive(Debug, Clone)]
pub enum Idempotency {
    /// The same input has the same effect.
    Natural {
        /// Why.
        reason: Option<Spanned<Arc<str>>>,
        /// Its place.
        span: Span,
    },
    /// Keys are remembered.
    Remembered(Remembered),
}

declaration! {
    /// Keys are remembered for a time; what comes with a known key is dropped by the code.
    pub struct Remembered("an idempotency", "{ key: /orderId, store: seen, window: 1d }") {
        /// `/pointer` into the payload, `header:name`, `path:parameter` or `event:id`.
        key: Spanned<IdempotencyKey>,
        /// The table that remembers them; a cache may lose keys.
        store: Ref,
        /// How long they are remembered.
        window: Spanned<Duration>,
    }
}

impl Parse for Idempotency {
    const WHAT: &'static str = "an idempotency";
    const EXAMPLE: &'static str = "{ key: /orderId, store: seen, window: 1d }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(scalar) if &*scalar.text == "natural" => Some(Self::Natural { reason: None, span: node.span }),
            Kind::Scalar(scalar) if closest(&scalar.text, &["natural"]).is_some() => {
                cx.report(unknown_word(cx.key(), &scalar.text, node.span, &["natural"]));
                Some(Self::Natural { reason: None, span: node.span })
            }
            Kind::Map(entries) => {
                let fields = Fields::open(node, Self::WHAT, Self::EXAMPLE, cx)?;
                let fields = fields.knowing(&["natural", "key", "store", "window"]);
                let Some(natural) = fields.find("natural") else {
                    return Remembered::read(fields, cx).map(Self::Remembered);
                };
                if let Some(other) = entries.iter().find(|e| Remembered::KEYS.contains(&&*e.key.value)) {
                    let message = format!("an idempotency has both `natural` and `{}`", other.key.value);
                    let finding = Finding::error("conflicting-keys", other.key.span, message);
                    cx.report(finding.related(natural.key.span, "the other one").help("keep one of them"));
                }
                fields.close(cx);
                let reason = fields.take::<Spanned<Arc<str>>>("natural", cx)?;
                Some(Self::Natural { reason: Some(reason), span: natural.key.span })
            }
            Kind::Scalar(_) | Kind::Seq(_) => {
                cx.wrong_type(node, "`natural` or a mapping", Self::EXAMPLE);
                None
            }
        }
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

impl JsonSchema for Idempotency {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Idempotency".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let remembered = Remembered::schema(generator);
        json_schema!({ "anyOf": [
            { "const": "natural", "description": "The same input has the same effect." },
            {
                "type": "object",
                "properties": { "natural": { "type": "string", "minLength": 1, "description": "Why the same input has the same effect." } },
                "required": ["natural"],
                "additionalProperties": false
            },
            remembered
        ] })
    }
}
