//! Who may do what on what, and why; what a thief of an identity reaches; who can ever reach a node. The answer is one
//! document of plain values, which is printed as text, as Markdown or as JSON.

mod answer;
mod document;
mod markdown;
mod name;
mod native;
mod table;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod words;

pub use answer::{Asked, answer};
pub use document::{
    AccessDocument, ConditionDocument, EntryDocument, Exposure, GrantDocument, IdentityDocument, IdentityKind,
    NativeRightDocument, ObjectDocument, OutsideDocument, ReachDocument, StepDocument, TargetDocument, VERSION,
    WayDocument, WiderDocument,
};
pub use markdown::markdown;
pub use name::{Unknown, What, actor_name, find_what, find_who};
pub use native::{grants_of, grants_on, native_text};
pub use table::{grants_text, text};
pub use words::right_text;

/// How rights are grouped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// By who holds them.
    Identity,
    /// By what they are on.
    Resource,
}

/// The document as JSON with a line break at its end.
pub fn json(document: &AccessDocument) -> String {
    // The document holds text, numbers and lists only, which serialise without fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    text
}
