//! Event types and their contracts.

use std::sync::Arc;

pub use crate::spec::EventVersion;

use super::{Given, Head};
use crate::base::{ByteSize, EventType, Name, Pointer, Spanned};

/// An event type.
#[derive(Debug, Clone)]
pub struct Event {
    /// Path, place.
    pub head: Head,
    /// The `CloudEvents` type.
    pub event_type: EventType,
    /// `1.2.0`, the default `1.0.0`.
    pub version: Given<EventVersion>,
    /// The contract; `None` accepts anything.
    pub schema: Option<Schema>,
    /// Ordering and partition key.
    pub key: Option<Spanned<Pointer>>,
    /// Broker deduplication id.
    pub id: Option<Spanned<Pointer>>,
    /// Who sends it from outside of the application.
    pub source: Option<Spanned<Name>>,
    /// Upper bound of the size of its data, when declared.
    pub max_size: Option<Spanned<ByteSize>>,
}

/// A JSON Schema 2020-12, checked against its metaschema.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Where it was written: the path in `schema:` or the inline mapping.
    pub span: crate::base::Span,
    /// The file it came from, relative to the spec; `None` when inline.
    pub file: Option<Arc<str>>,
    /// The document.
    pub json: Arc<serde_json::Value>,
}
