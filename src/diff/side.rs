//! One of the two states that are compared.

use std::collections::BTreeMap;

use crate::analysis::Facts;
use crate::artifact::File;
use crate::base::{Sources, Span};

/// What a spec says.
#[derive(Debug, Clone, Copy)]
pub struct Spec<'a> {
    /// Its facts, with the graph, for the targets that are compared.
    pub facts: &'a Facts,
    /// Its files.
    pub sources: &'a Sources,
    /// The folder of the spec from where the user stands; empty when that is the one.
    pub base: &'a str,
}

impl Spec<'_> {
    /// `path:line` of a place, as the user reaches it.
    pub(super) fn place(&self, span: Span) -> String {
        let place = self.sources.place(span);
        if self.base.is_empty() || place.is_empty() { place } else { format!("{}/{place}", self.base) }
    }
}

/// One state of an application.
#[derive(Debug, Clone, Default)]
pub struct Side<'a> {
    /// The spec; `None` where there is only an output, which does not hold it.
    pub spec: Option<Spec<'a>>,
    /// The output for each target, by its id: the text files.
    pub outputs: BTreeMap<String, Vec<File<'a>>>,
}
