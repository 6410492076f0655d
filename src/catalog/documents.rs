//! How large the documents are in which statements stand, and what becomes of what does not fit.

use serde::Deserialize;

use super::OneOrMany;

/// One element of `documents:`. Characters are counted without blanks, as an upper bound: what the platform completes
/// has its length in `reference`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentRule {
    /// The system of permissions.yaml whose statements stand in it.
    pub system: String,
    /// Kinds of views that have such a document.
    #[serde(rename = "for")]
    pub kinds: OneOrMany<String>,
    /// Most characters of the one document.
    pub characters: usize,
    /// Most statements of the one document.
    #[serde(default)]
    pub statements: Option<usize>,
    /// What takes the statements where one document cannot; without it they are refused.
    #[serde(default)]
    pub several: Option<Several>,
    /// Each value of a condition becomes a statement of its own there, though one with all of them would mean the same.
    #[serde(default)]
    pub apart: bool,
    /// Characters that a statement has beside its texts.
    pub overhead: usize,
    /// Characters that a reference stands for, beside the name of what it refers to.
    pub reference: usize,
    /// Where the numbers are from: ids of facts, or an address.
    pub fact: String,
}

/// Documents of another kind, several for one identity. A view has them as `documents`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Several {
    /// Most characters of each.
    pub characters: usize,
    /// Most of them.
    pub count: usize,
}
