//! Reads a misspelt section as the one that was meant, before files are joined: everything behind this refers to what
//! sections declare, and one slip is one finding.

use std::sync::Arc;

use super::limited::Limited;
use crate::base::Spanned;
use crate::spec::fields::{misspelt, unknown_key};
use crate::yaml::{Entry, Node};

/// The mapping with its misspelt keys put right, each reported.
pub(super) fn mend(tree: &Node, what: &str, known: &'static [&'static str], findings: &mut Limited<'_>) -> Node {
    let found = misspelt(what, known, tree.entries());
    if found.is_empty() {
        return tree.clone();
    }
    let entries = tree.entries().map(|entry| match found.iter().find(|(_, wrong)| std::ptr::eq(*wrong, entry)) {
        Some((meant, wrong)) => {
            findings.push(unknown_key(what, known, &wrong.key.value, wrong.key.span));
            Entry { key: Spanned::new(Arc::from(*meant), wrong.key.span), value: wrong.value.clone() }
        }
        None => entry.clone(),
    });
    Node::map(entries.collect(), tree.span)
}
