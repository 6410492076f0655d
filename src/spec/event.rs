//! Event types and the schemas of their data.

use std::fmt;
use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::context::Context;
use super::declare::declaration;
use super::parse::Parse;
use super::places::Places;
use super::scalar::{invalid, text, text_scalar};
use crate::base::{ByteSize, Name, Pointer, Span, Spanned};
use crate::yaml::{Kind, Node};

/// Semantic version of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventVersion {
    /// Breaking.
    pub major: u32,
    /// Compatible.
    pub minor: u32,
    /// Neither.
    pub patch: u32,
}

impl fmt::Display for EventVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

impl EventVersion {
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.').map(|p| if p.starts_with('+') { None } else { p.parse::<u32>().ok() });
        let version = Self { major: parts.next()??, minor: parts.next()??, patch: parts.next()?? };
        parts.next().is_none().then_some(version)
    }
}

text_scalar!(EventVersion, "a version", "1.0.0", { "type": "string", "pattern": "^[0-9]+\\.[0-9]+\\.[0-9]+$" },
|text, span, cx| {
    let version = EventVersion::read(text);
    if version.is_none() {
        let help = "write three numbers, such as `1.0.0`".to_owned();
        invalid(cx, "invalid-version", text, span, "not a version", help);
    }
    version
});

/// Where a JSON Schema comes from.
#[derive(Debug, Clone)]
pub enum SchemaSource {
    /// A file, JSON or YAML by its ending, relative to the file that names it.
    File(Spanned<Arc<str>>),
    /// Written in place.
    Inline {
        /// The document.
        json: Value,
        /// Where its parts stand.
        places: Places,
    },
}

impl Parse for SchemaSource {
    const WHAT: &'static str = "a JSON Schema";
    const EXAMPLE: &'static str = "schemas/order-placed.json";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        if let Kind::Map(_) = node.kind {
            return super::json::value(node, cx).map(|json| Self::Inline { json, places: Places::of(node) });
        }
        let path = text(node, cx, "a path of a file, or a JSON Schema", Self::EXAMPLE)?;
        Some(Self::File(Spanned::new(path.clone(), node.span)))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "anyOf": [
            { "type": "string", "minLength": 1 },
            { "$ref": "https://json-schema.org/draft/2020-12/schema" }
        ] })
    }
}

declaration! {
    /// A typed contract. Its name is the `CloudEvents` type, and it has no former name: another name is another event.
    pub struct Event("an event", "{ schema: schemas/order-placed.json, key: /orderId }") {
        /// Semantic version of the contract; `1.0.0` when left out.
        version: Option<Spanned<EventVersion>>,
        /// JSON Schema 2020-12 of the data: a file, or inline. Left out, anything is accepted.
        schema: Option<SchemaSource>,
        /// JSON Pointer into the data: the ordering and partition key.
        key: Option<Spanned<Pointer>>,
        /// JSON Pointer into the data for deduplication by a broker; the `CloudEvents` id when left out.
        id: Option<Spanned<Pointer>>,
        /// Who sends it from outside of the application.
        source: Option<Spanned<Name>>,
        /// Upper bound of the size of its data, where the schema does not tell.
        max_size "max-size": Option<Spanned<ByteSize>>,
    }
}
