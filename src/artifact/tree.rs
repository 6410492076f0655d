//! What emitted text says, whatever its syntax: one tree for HCL, YAML and JSON, borrowed from the text.

use std::borrow::Cow;

use crate::base::{self, Value as Planned};

/// A value and its line in the file, from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// The line.
    pub line: u32,
    /// The value.
    pub value: Value<'a>,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// Nothing.
    Null,
    /// True or false.
    Bool(bool),
    /// A number as written.
    Number(Cow<'a, str>),
    /// A text.
    Text(Cow<'a, str>),
    /// A name of something else, or a call: `kind.ledger.arn`.
    Reference(Cow<'a, str>),
    /// Texts and references in a row.
    Concat(Vec<Piece<'a>>),
    /// A list.
    List(Vec<Node<'a>>),
    /// A map or a block, in order; a key that stands several times is several blocks.
    Map(Vec<(Cow<'a, str>, Node<'a>)>),
    /// An expression that is not understood, as written.
    Raw(Cow<'a, str>),
}

/// A part of a concatenation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece<'a> {
    /// A text.
    Text(Cow<'a, str>),
    /// A reference.
    Reference(Cow<'a, str>),
}

impl<'a> Node<'a> {
    /// The value as one text, in which references stand as `${…}` and a literal `${` as `$${`. `None` for null, lists
    /// and maps.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        match &self.value {
            Value::Null | Value::List(_) | Value::Map(_) => None,
            Value::Bool(flag) => Some(Cow::Borrowed(if *flag { "true" } else { "false" })),
            Value::Number(text) => Some(text.clone()),
            Value::Text(text) => Some(escape(text.clone())),
            Value::Reference(text) | Value::Raw(text) => Some(Cow::Owned(format!("${{{text}}}"))),
            Value::Concat(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(&escape(Cow::Borrowed(text))),
                        Piece::Reference(text) => {
                            out.push_str("${");
                            out.push_str(text);
                            out.push('}');
                        }
                    }
                }
                Some(Cow::Owned(out))
            }
        }
    }

    /// Everything at a path. Lists on the way and at its end are flattened; `*` stands for every key.
    pub fn at<'n>(&'n self, path: &[String]) -> Vec<&'n Self> {
        let mut found = Vec::new();
        self.collect(path, &mut found);
        found
    }

    fn collect<'n>(&'n self, path: &[String], found: &mut Vec<&'n Self>) {
        match (&self.value, path.split_first()) {
            (Value::List(items), _) => items.iter().for_each(|item| item.collect(path, found)),
            (Value::Null, None) => {}
            (_, None) => found.push(self),
            (Value::Map(entries), Some((key, rest))) => {
                for (_, inner) in entries.iter().filter(|(name, _)| name == key || key == "*") {
                    inner.collect(rest, found);
                }
            }
            _ => {}
        }
    }
}

fn escape(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains("${") { Cow::Owned(text.replace("${", "$${")) } else { text }
}

/// The text of [`Node::text`] for a value of a plan; `None` for what is no text.
pub fn text_of(value: &Planned) -> Option<Cow<'_, str>> {
    match value {
        Planned::Text(text) => Some(escape(Cow::Borrowed(text))),
        Planned::Bool(_) | Planned::Number(_) => Some(Cow::Owned(value.to_string())),
        Planned::Reference(text) => Some(Cow::Owned(format!("${{{text}}}"))),
        Planned::Concat(pieces) => {
            let text = |piece: &base::Piece| match piece {
                base::Piece::Text(text) => escape(Cow::Borrowed(text)).into_owned(),
                base::Piece::Reference(text) => format!("${{{text}}}"),
            };
            Some(Cow::Owned(pieces.iter().map(text).collect()))
        }
        Planned::Null
        | Planned::List(_)
        | Planned::Map(_)
        | Planned::Duration(_)
        | Planned::Size(_)
        | Planned::End(_) => None,
    }
}

/// Reads a path of a manifest: keys joined by dots, a key with a dot in quotes, `[]` behind a list for whoever reads it.
/// A leading dot is left out.
pub fn path(text: &str) -> Vec<String> {
    let mut keys = Vec::new();
    let mut rest = text.trim_start_matches('.');
    while !rest.is_empty() {
        let quoted = rest.strip_prefix('"').and_then(|inside| inside.split_once('"'));
        let (key, after) = quoted.unwrap_or_else(|| rest.split_at(rest.find('.').unwrap_or(rest.len())));
        let key = if quoted.is_some() { key } else { key.strip_suffix("[]").unwrap_or(key) };
        if !key.is_empty() {
            keys.push(key.to_owned());
        }
        let after = after.strip_prefix("[]").unwrap_or(after);
        rest = after.strip_prefix('.').unwrap_or(after);
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        assert_eq!(path(".Principal.Service"), ["Principal", "Service"]);
        assert_eq!(path("a.b[].c"), ["a", "b", "c"]);
        assert_eq!(path("metadata.labels.\"isobar.dev/node\".x"), ["metadata", "labels", "isobar.dev/node", "x"]);
        assert_eq!(path(""), Vec::<String>::new());
        assert_eq!(path("a[].\"b.c\"[].d"), ["a", "b.c", "d"]);
    }

    #[test]
    fn values_of_a_plan_have_the_text_of_what_is_read() {
        let pieces = [base::Piece::Reference("a.b.arn".into()), base::Piece::Text("/index/x${y}".into())];
        let concat = Planned::Concat(pieces.into());
        let text = text_of(&concat);
        assert_eq!(text.as_deref(), Some("${a.b.arn}/index/x$${y}"));
        let pieces = vec![Piece::Reference("a.b.arn".into()), Piece::Text("/index/x${y}".into())];
        assert_eq!(Node { line: 1, value: Value::Concat(pieces) }.text(), text);
        assert_eq!(text_of(&Planned::Map(base::Map::new())), None);
    }
}
