//! Values as they are compared: without comments, places and nothings, keys sorted.

use std::borrow::Cow;

use super::super::tree::{Node, Value};

/// A value without what makes no difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain<'a> {
    /// A text, number or truth. In formats in which a text is another value than the number it looks like, such a text
    /// stands in quotes.
    Text(Cow<'a, str>),
    /// A text in which other values stand as `${…}`.
    Expression(String),
    /// A list.
    List(Vec<Self>),
    /// Blocks of one name; their order says nothing.
    Blocks(Vec<Self>),
    /// Entries by key, sorted; nothings are left out.
    Map(Vec<(Cow<'a, str>, Self)>),
}

/// Which rules a text follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Blocks and expressions; a text that looks like a number is one.
    Hcl,
    /// Documents; texts and numbers differ.
    Document,
}

impl<'a> Plain<'a> {
    /// A tree as a plain value; `None` for nothing.
    pub(super) fn of(node: Node<'a>, dialect: Dialect) -> Option<Self> {
        Some(match node.value {
            Value::Null => return None,
            Value::Bool(flag) => Self::Text(Cow::Borrowed(if flag { "true" } else { "false" })),
            Value::Text(text) if dialect == Dialect::Document && is_bare(&text) => {
                Self::Text(Cow::Owned(format!("\"{text}\"")))
            }
            Value::Number(text) | Value::Text(text) => Self::Text(text),
            Value::Reference(_) | Value::Raw(_) | Value::Concat(_) => Self::Expression(node.text()?.into_owned()),
            Value::List(items) => {
                let nothing = || Self::Text(Cow::Borrowed("null"));
                Self::List(items.into_iter().map(|item| Self::of(item, dialect).unwrap_or_else(nothing)).collect())
            }
            Value::Map(entries) => Self::map(entries.into_iter().filter_map(|(key, value)| {
                let value = Self::of(value, dialect)?;
                Some((key, value))
            })),
        })
    }

    /// Sorts entries; what stands several times under one key are blocks.
    pub(super) fn map(entries: impl Iterator<Item = (Cow<'a, str>, Self)>) -> Self {
        let mut sorted: Vec<(Cow<'a, str>, Self)> = entries.collect();
        sorted.sort_by(|(a, _), (b, _)| a.cmp(b));
        let mut out: Vec<(Cow<'a, str>, Self)> = Vec::with_capacity(sorted.len());
        for (key, value) in sorted {
            match out.last_mut() {
                Some((last, Self::Blocks(blocks))) if *last == key => blocks.push(value),
                Some((last, first)) if *last == key => {
                    let one = std::mem::replace(first, Self::Blocks(Vec::new()));
                    *first = Self::Blocks(vec![one, value]);
                }
                _ => out.push((key, value)),
            }
        }
        Self::Map(out)
    }

    /// The entry under a key.
    pub fn get(&self, key: &str) -> Option<&Self> {
        let Self::Map(entries) = self else { return None };
        let at = entries.binary_search_by(|(name, _)| (**name).cmp(key)).ok()?;
        entries.get(at).map(|(_, value)| value)
    }

    /// Everything at a path; lists and blocks on the way are flattened.
    pub fn at<'n>(&'n self, path: &[String]) -> Vec<&'n Self> {
        match (self, path.split_first()) {
            (Self::List(items) | Self::Blocks(items), _) => items.iter().flat_map(|item| item.at(path)).collect(),
            (_, None) => vec![self],
            (Self::Map(_), Some((key, rest))) => self.get(key).map(|inner| inner.at(rest)).unwrap_or_default(),
            (Self::Text(_) | Self::Expression(_), Some(_)) => Vec::new(),
        }
    }

    /// The text, where it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Expression(text) => Some(text),
            Self::List(_) | Self::Blocks(_) | Self::Map(_) => None,
        }
    }

    /// Merges a document into this one: maps entry by entry, anything else replaced.
    pub(super) fn merge(&mut self, other: Self) {
        match (self, other) {
            (Self::Map(entries), Self::Map(new)) => {
                for (key, value) in new {
                    match entries.binary_search_by(|(name, _)| name.cmp(&key)) {
                        Ok(at) => {
                            if let Some((_, old)) = entries.get_mut(at) {
                                old.merge(value);
                            }
                        }
                        Err(at) => entries.insert(at, (key, value)),
                    }
                }
            }
            (old, new) => *old = new,
        }
    }

    /// Takes an entry out, or puts one in.
    pub(super) fn set(&mut self, key: Cow<'a, str>, value: Self) {
        let Self::Map(entries) = self else { return };
        match entries.binary_search_by(|(name, _)| name.cmp(&key)) {
            Ok(at) => {
                if let Some((_, old)) = entries.get_mut(at) {
                    *old = value;
                }
            }
            Err(at) => entries.insert(at, (key, value)),
        }
    }
}

/// Whether a plain scalar of this text would be no text.
fn is_bare(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "true" | "false") || text.parse::<f64>().is_ok()
}
