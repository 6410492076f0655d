//! YAML text → a tree in which every scalar, key and collection knows its place.
//! Knows no schema. YAML 1.2 core: `on` and `no` are text. Anchors are shared within caps; merge keys,
//! duplicate keys, unknown tags and several documents in a file are refused, with the corrected text.
//! Nothing here recurses, so that no input can exhaust the stack.

mod build;
mod decode;
mod input;
mod intern;
mod mapping;
mod offsets;
mod properties;
mod syntax;
#[cfg(test)]
mod tests;
mod tidy;
mod tree;
mod values;

pub use decode::{DecodeError, decode};
pub use tidy::{Tidied, tidy};
pub use tree::{Entry, Kind, Node, Scalar};

use crate::base::{FileId, Span};
use crate::diag::{Applicability, Finding, Findings};

const BYTE_ORDER_MARK: char = '\u{FEFF}';

/// How much one file may hold. What is larger is a finding, and reading stops there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Bytes of the text.
    pub file_bytes: usize,
    /// Collections inside each other, an alias counted with what it stands for.
    pub depth: usize,
    /// Values in the tree, those behind an alias counted at each use.
    pub nodes: usize,
    /// How many times more values the aliases may stand for than the file has, above the first 100,000.
    pub alias_factor: usize,
}

impl Default for Caps {
    fn default() -> Self {
        Self { file_bytes: 16 << 20, depth: 64, nodes: 1_000_000, alias_factor: 100 }
    }
}

/// Reads one file. The tree is missing where the text is no YAML or passes a cap; every other defect leaves a tree
/// without the defective part, so that later stages can report what they find. An empty file is a null.
pub fn parse(file: FileId, text: &str, caps: &Caps) -> (Option<Node>, Findings) {
    if let Err(finding) = decode::check(file, text, caps) {
        return (None, Findings::from_iter([*finding]));
    }
    let (tree, mut findings) = build::build(file, text, caps);
    if text.starts_with(BYTE_ORDER_MARK) {
        let mark = Span::new(file, 0, 3);
        findings.push(
            Finding::warning("byte-order-mark", mark, "the file starts with a byte order mark")
                .help("save it as UTF-8 without one; many tools take it for part of the first key")
                .fix("remove it", mark, "", Applicability::Safe),
        );
    }
    (tree, findings)
}
