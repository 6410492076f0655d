//! What a value is before anything is applied: references to what is written are followed, what only the platform knows has
//! a name, and of what is about to be made nothing is known.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;

use super::reference::{Part, number, parts, references};
use crate::artifact::{Inventory, Plain};

/// How far references to references are followed.
const DEEPEST: usize = 8;

/// How many references of one value are followed; what is made to be larger is compared as it is written.
const MOST: usize = 1000;

/// What nobody knows yet.
#[derive(Debug, Default)]
pub(super) struct Unknown {
    /// Resources that are about to be made: all that is not written about them.
    pub(super) made: HashSet<String>,
    /// Attributes of resources that are about to be changed.
    pub(super) renewed: HashMap<String, Vec<String>>,
}

impl Unknown {
    fn has(&self, key: &str, rest: &str) -> bool {
        let attribute = rest.split(['.', '[']).next().unwrap_or(rest);
        self.made.contains(key)
            || self.renewed.get(key).is_some_and(|attributes| attributes.iter().any(|renewed| renewed == attribute))
    }
}

/// A value with its references followed.
#[derive(Debug, Default)]
pub(super) struct Resolved {
    /// The text; the same text is the same value, unless something is unknown.
    pub(super) text: String,
    /// Resources that something in it is not known of yet.
    pub(super) unknown: BTreeSet<String>,
    /// How many references were followed.
    followed: usize,
}

impl Resolved {
    /// Whether it is a text in which nothing is left open.
    pub(super) fn is_plain(&self) -> bool {
        self.unknown.is_empty() && !self.text.is_empty() && !self.text.contains("${")
    }
}

/// One state.
#[derive(Debug, Clone, Copy)]
pub(super) struct View<'a> {
    /// Its resources.
    pub(super) inventory: &'a Inventory<'a>,
    /// Former key → key after moves; of the state before.
    pub(super) moved: &'a HashMap<String, String>,
    /// What is not known; of the state after.
    pub(super) unknown: &'a Unknown,
}

impl View<'_> {
    /// Follows the references of a scalar.
    pub(super) fn resolve(&self, value: &Plain<'_>) -> Resolved {
        let mut out = Resolved::default();
        match value {
            Plain::Text(text) => out.text.push_str(text),
            Plain::Expression(text) => self.text(text, &mut out, 0),
            Plain::List(_) | Plain::Blocks(_) | Plain::Map(_) => {}
        }
        out
    }

    fn text(&self, text: &str, out: &mut Resolved, depth: usize) {
        for part in parts(text) {
            match part {
                Part::Text(text) => out.text.push_str(text),
                Part::Expression(expression) => self.expression(expression, out, depth),
            }
        }
    }

    fn expression(&self, expression: &str, out: &mut Resolved, depth: usize) {
        let found = references(expression);
        if let [only] = found.as_slice()
            && only.at == (0..expression.len())
        {
            self.reference(only.key, only.rest, out, depth);
            return;
        }
        let (mut written, mut end) = (Resolved { followed: out.followed, ..Resolved::default() }, 0);
        for reference in found {
            written.text.push_str(expression.get(end..reference.at.start).unwrap_or_default());
            self.reference(reference.key, reference.rest, &mut written, depth);
            end = reference.at.end;
        }
        written.text.push_str(expression.get(end..).unwrap_or_default());
        out.unknown.append(&mut written.unknown);
        out.followed = written.followed;
        if let Some(number) = number(&written.text) {
            out.text.push_str(&number.to_string());
        } else {
            out.text.extend(["${", written.text.as_str(), "}"]);
        }
    }

    fn reference(&self, key: &str, rest: &str, out: &mut Resolved, depth: usize) {
        let item = self.inventory.get(key);
        match item.and_then(|item| item.body.get(rest)) {
            Some(Plain::Text(text)) => out.text.push_str(text),
            Some(Plain::Expression(text)) if depth < DEEPEST && out.followed < MOST => {
                out.followed += 1;
                self.text(text, out, depth + 1);
            }
            _ => {
                if self.unknown.has(key, rest) {
                    out.unknown.insert(key.to_owned());
                }
                let key = self.moved.get(key).map_or(key, String::as_str);
                out.text.extend(["${", key, ".", rest, "}"]);
            }
        }
    }

    /// Writes a value down so that equal values give equal texts; `unordered` where the order of lists says nothing.
    pub(super) fn canonical(&self, value: &Plain<'_>, unordered: bool) -> Resolved {
        let mut out = Resolved::default();
        match value {
            Plain::Text(_) | Plain::Expression(_) => {
                let resolved = self.resolve(value);
                out.unknown = resolved.unknown;
                out.text = format!("{:?}", resolved.text);
            }
            Plain::List(items) => self.list(items, unordered, unordered, &mut out),
            Plain::Blocks(items) => self.list(items, true, unordered, &mut out),
            Plain::Map(entries) => {
                out.text.push('{');
                for (key, value) in entries {
                    let mut inner = self.canonical(value, unordered);
                    out.unknown.append(&mut inner.unknown);
                    let _ = write!(out.text, "{key:?}:{},", inner.text);
                }
                out.text.push('}');
            }
        }
        out
    }

    fn list(&self, items: &[Plain<'_>], sorted: bool, unordered: bool, out: &mut Resolved) {
        let mut texts: Vec<String> = Vec::with_capacity(items.len());
        for item in items {
            let mut inner = self.canonical(item, unordered);
            out.unknown.append(&mut inner.unknown);
            texts.push(inner.text);
        }
        if sorted {
            texts.sort_unstable();
        }
        out.text = format!("[{}]", texts.join(","));
    }
}

/// The keys that a value refers to.
pub(super) fn referred(value: &Plain<'_>, out: &mut BTreeSet<String>) {
    match value {
        Plain::Text(_) => {}
        Plain::Expression(text) => {
            for part in parts(text) {
                if let Part::Expression(expression) = part {
                    out.extend(references(expression).into_iter().map(|reference| reference.key.to_owned()));
                }
            }
        }
        Plain::List(items) | Plain::Blocks(items) => items.iter().for_each(|item| referred(item, out)),
        Plain::Map(entries) => entries.iter().for_each(|(_, value)| referred(value, out)),
    }
}
