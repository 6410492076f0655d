//! A whole application resolves without findings, and each mistake is answered at its place.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod cases;
mod defaults;
mod editor;
mod meant;
mod schemas;
mod storefront;
mod workflows;
mod written;

use std::collections::{BTreeMap, BTreeSet};

use super::resolve;
use crate::base::{Files, Name, ReadError, RelPath, Sources};
use crate::diag::Findings;
use crate::model::{Environment, Model};

/// Files in memory.
#[derive(Default)]
pub(super) struct Memory(pub(super) BTreeMap<String, String>);

impl Memory {
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }
}

impl Files for Memory {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        let bytes = self.0.get(path.as_str()).ok_or(ReadError::Missing)?.clone().into_bytes();
        let size = bytes.len() as u64;
        if size > cap { Err(ReadError::TooLarge { size, cap }) } else { Ok(bytes) }
    }

    fn list(&self, _: &RelPath, _: usize) -> Result<Vec<RelPath>, ReadError> {
        Ok(Vec::new())
    }
}

/// Reads and resolves a text.
pub(super) fn read(text: &str, files: &Memory) -> (Option<Model>, Findings, Sources) {
    let mut sources = Sources::default();
    let file = sources.add("isobar.yaml", text);
    let (tree, mut findings) = crate::yaml::parse(file, text, &crate::yaml::Caps::default());
    let (spec, parsed) = crate::spec::parse(&tree.expect("the text is YAML"), &BTreeSet::new());
    findings.append(parsed);
    let environment = Environment { name: Name::parse("default").unwrap(), protected: false, declared: Vec::new() };
    let model = spec.and_then(|spec| {
        let (model, resolved) = resolve(&spec, environment, "", files, &sources);
        findings.append(resolved);
        model
    });
    (model, findings.sorted(), sources)
}

/// One line a finding: `id: message @ text | help`.
pub(super) fn lines(findings: &Findings, sources: &Sources) -> Vec<String> {
    let line = |f: &crate::diag::Finding| {
        let text = sources.text(f.primary.span).lines().next().unwrap_or_default();
        format!("{}: {} @ {} | {}", f.id, f.message, text, f.help.as_deref().unwrap_or("-"))
    };
    findings.iter().map(line).collect()
}

/// The model of a text that is right.
pub(super) fn whole(text: &str, files: &Memory) -> Model {
    let (model, findings, sources) = read(text, files);
    assert_eq!(lines(&findings, &sources), Vec::<String>::new());
    model.expect("a text without findings has a model")
}

/// The findings of a text that follows the head of an application.
pub(super) fn findings(body: &str) -> Vec<String> {
    let text = format!("isobar: 1\napp: shop\n{body}");
    let (model, findings, sources) = read(&text, &Memory::default());
    assert!(model.is_none() || findings.is_empty());
    lines(&findings, &sources)
}
