//! One mapping while it is read: its keys, each once, and the merge keys that it may not have.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Entry, Kind, Node};
use crate::base::{Span, Spanned};
use crate::diag::{Applicability, Finding};

/// What the next value belongs to.
#[derive(Debug)]
pub(super) enum Pending {
    /// Nothing yet: a key comes next.
    None,
    /// A key.
    Key(Spanned<Arc<str>>),
    /// The merge key `<<` at its place.
    Merge(Span),
    /// A key that was refused; its value is dropped.
    Drop,
}

/// A mapping that is still open.
#[derive(Debug)]
pub(super) struct Mapping {
    entries: Vec<Entry>,
    /// Where each key is, once there are too many to look through them.
    index: HashMap<Arc<str>, usize>,
    merges: Vec<(Span, Node)>,
    pub(super) pending: Pending,
}

const SMALL: usize = 12;

impl Mapping {
    pub(super) fn new() -> Self {
        Self { entries: Vec::new(), index: HashMap::new(), merges: Vec::new(), pending: Pending::None }
    }

    fn find(&self, key: &str) -> Option<&Entry> {
        if self.index.is_empty() {
            self.entries.iter().find(|e| &*e.key.value == key)
        } else {
            self.index.get(key).and_then(|at| self.entries.get(*at))
        }
    }

    fn insert(&mut self, key: Spanned<Arc<str>>, value: Node) {
        if self.entries.len() == SMALL {
            self.index = self.entries.iter().enumerate().map(|(i, e)| (e.key.value.clone(), i)).collect();
        }
        if self.entries.len() >= SMALL {
            self.index.insert(key.value.clone(), self.entries.len());
        }
        self.entries.push(Entry { key, value });
    }

    /// Takes a key. The first of two equal ones stays.
    pub(super) fn key(&mut self, key: Spanned<Arc<str>>, plain: bool) -> Option<Finding> {
        if plain && &*key.value == "<<" {
            self.pending = Pending::Merge(key.span);
            return None;
        }
        if plain && key.value.is_empty() {
            self.pending = Pending::Drop;
            return Some(
                Finding::error("empty-key", key.span, "a key is missing before `:`")
                    .help("write the key, or `\"\"` if the empty text is meant"),
            );
        }
        let Some(first) = self.find(&key.value).map(|e| e.key.span) else {
            self.pending = Pending::Key(key);
            return None;
        };
        self.pending = Pending::Drop;
        Some(
            Finding::error("duplicate-key", key.span, format!("the key `{}` is written twice", key.value))
                .label("the second")
                .related(first, "the first")
                .help("keep one of the two, or give one of them another name"),
        )
    }

    /// Takes the value of the pending key.
    pub(super) fn value(&mut self, value: Node) {
        match std::mem::replace(&mut self.pending, Pending::None) {
            Pending::Key(key) => self.insert(key, value),
            Pending::Merge(span) => self.merges.push((span, value)),
            Pending::None | Pending::Drop => {}
        }
    }

    /// Closes it. What a merge key would have brought is there too, so that it gives no second finding.
    pub(super) fn close(mut self, text: &str, flow: bool) -> (Vec<Entry>, Vec<Finding>) {
        let mut findings = Vec::new();
        for (span, value) in std::mem::take(&mut self.merges) {
            let mut brought = Vec::new();
            let maps = value.as_seq().unwrap_or(std::slice::from_ref(&value));
            for entry in maps.iter().flat_map(Node::entries) {
                if self.find(&entry.key.value).is_none() {
                    self.insert(entry.key.clone(), entry.value.clone());
                    brought.push(entry.clone());
                }
            }
            findings.push(refuse_merge(text, flow, span, value.span, &brought));
        }
        (self.entries, findings)
    }
}

/// More entries than this are not written out in a message.
const SHOWN: usize = 8;

fn refuse_merge(text: &str, flow: bool, key: Span, value: Span, brought: &[Entry]) -> Finding {
    let finding = Finding::error("merge-key", key, "the merge key `<<` is not part of YAML 1.2");
    let written: Option<Vec<String>> = brought.iter().map(|e| written(text, flow, e)).collect();
    match written {
        Some(lines) if !lines.is_empty() && lines.len() <= SHOWN => {
            let line = text.get(..key.start as usize).map_or("", |t| t.rsplit('\n').next().unwrap_or(t));
            let shown = lines.join(", ");
            let finding = finding.help(format!("write the keys out: `{shown}`"));
            let edit = if flow {
                shown
            } else if line.trim_start_matches([' ', '-']).is_empty() {
                lines.join(&format!("\n{}", " ".repeat(line.len())))
            } else {
                return finding;
            };
            let whole = Span::new(key.file, key.start, value.end.max(key.end));
            finding.fix("write the keys out", whole, edit, Applicability::Safe)
        }
        _ => {
            let keys: Vec<String> = brought.iter().take(SHOWN).map(|e| format!("`{}`", e.key.value)).collect();
            let more = if brought.len() > SHOWN { ", …" } else { "" };
            finding.help(if keys.is_empty() {
                "remove it".to_owned()
            } else {
                format!("write the keys out: {}{more}", keys.join(", "))
            })
        }
    }
}

/// An entry as it stands in the file, if that is one short line that can stand elsewhere.
fn written(text: &str, flow: bool, entry: &Entry) -> Option<String> {
    let slice = |span: Span| text.get(span.start as usize..span.end as usize);
    let (key, value) = (slice(entry.key.span)?, slice(entry.value.span)?);
    let block = match &entry.value.kind {
        // Unquoted text may hold characters that have a meaning between brackets.
        Kind::Scalar(_) => flow && !value.starts_with(['"', '\'']) && value.contains([',', '[', ']', '{', '}']),
        Kind::Seq(_) | Kind::Map(_) => !value.starts_with(['[', '{', '*']),
    };
    let fits = !block && !value.contains(['\n', '\r']) && value.len() <= 80 && !value.contains('#');
    fits.then(|| if value.is_empty() { format!("{key}:") } else { format!("{key}: {value}") })
}
