//! The tree.

use std::sync::Arc;

use crate::base::{Span, Spanned};

/// A value of the tree with its place. Cheap to clone: aliases share their node.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A scalar.
    Scalar(Scalar),
    /// A sequence.
    Seq(Arc<Vec<Node>>),
    /// A mapping, in the order written; keys are unique.
    Map(Arc<Vec<Entry>>),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key, always read as text.
    pub key: Spanned<Arc<str>>,
    /// The value.
    pub value: Node,
}

/// A scalar as written. How it reads as null, boolean or number is decided by the core schema, and only
/// when it is plain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text after unquoting and folding.
    pub text: Arc<str>,
    /// Written without quotes and without a tag `!!str`.
    pub plain: bool,
}

impl Node {
    /// A null that nobody wrote, at a place.
    pub fn null(span: Span) -> Self {
        Self::plain("", span)
    }

    /// A plain scalar.
    pub fn plain(text: impl Into<Arc<str>>, span: Span) -> Self {
        Self { kind: Kind::Scalar(Scalar { text: text.into(), plain: true }), span }
    }

    /// A mapping.
    pub fn map(entries: Vec<Entry>, span: Span) -> Self {
        Self { kind: Kind::Map(Arc::new(entries)), span }
    }

    /// A sequence.
    pub fn seq(items: Vec<Node>, span: Span) -> Self {
        Self { kind: Kind::Seq(Arc::new(items)), span }
    }

    /// The scalar, if it is one.
    pub fn as_scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            Kind::Scalar(scalar) => Some(scalar),
            Kind::Seq(_) | Kind::Map(_) => None,
        }
    }

    /// The text of a scalar, however it was written; `None` for collections.
    pub fn as_str(&self) -> Option<&str> {
        self.as_scalar().map(|s| &*s.text)
    }

    /// The items, if it is a sequence.
    pub fn as_seq(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::Seq(items) => Some(items),
            Kind::Scalar(_) | Kind::Map(_) => None,
        }
    }

    /// The entries, if it is a mapping.
    pub fn as_map(&self) -> Option<&[Entry]> {
        match &self.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar(_) | Kind::Seq(_) => None,
        }
    }

    /// The entries of a mapping, in the order written; none for anything else.
    pub fn entries(&self) -> std::slice::Iter<'_, Entry> {
        self.as_map().unwrap_or_default().iter()
    }

    /// The items of a sequence; none for anything else.
    pub fn items(&self) -> std::slice::Iter<'_, Node> {
        self.as_seq().unwrap_or_default().iter()
    }

    /// The entry of a key. Walks the mapping: to look up many keys of a large one, iterate over its entries.
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().find(|e| &*e.key.value == key)
    }

    /// The value of a key; see [`Node::entry`].
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|e| &e.value)
    }

    /// The value at the end of a path of keys.
    pub fn at(&self, path: &[&str]) -> Option<&Node> {
        path.iter().try_fold(self, |node, key| node.get(key))
    }

    /// Null in the core schema.
    pub fn is_null(&self) -> bool {
        self.as_scalar().is_some_and(Scalar::is_null)
    }

    /// What it is, with its article, for messages: `a mapping`, `a list`, `a number`, `text`.
    pub fn describe(&self) -> &'static str {
        match &self.kind {
            Kind::Map(_) => "a mapping",
            Kind::Seq(_) => "a list",
            Kind::Scalar(s) if s.is_null() => "null",
            Kind::Scalar(s) if s.as_bool().is_some() => "a boolean",
            Kind::Scalar(s) if s.as_int().is_some() || s.as_float().is_some() => "a number",
            Kind::Scalar(_) => "text",
        }
    }

    /// How many nodes it has, itself included and shared ones counted each time; counting stops above `cap`.
    pub fn size(&self, cap: usize) -> usize {
        let mut open = vec![self];
        let mut count = 0;
        while let Some(node) = open.pop() {
            count += 1;
            if count > cap {
                break;
            }
            match &node.kind {
                Kind::Scalar(_) => {}
                Kind::Seq(items) => open.extend(items.iter()),
                Kind::Map(entries) => open.extend(entries.iter().map(|e| &e.value)),
            }
        }
        count
    }
}

impl Scalar {
    /// Null in the core schema.
    pub fn is_null(&self) -> bool {
        self.plain && matches!(&*self.text, "" | "~" | "null" | "Null" | "NULL")
    }

    /// A boolean in the core schema.
    pub fn as_bool(&self) -> Option<bool> {
        match &*self.text {
            "true" | "True" | "TRUE" if self.plain => Some(true),
            "false" | "False" | "FALSE" if self.plain => Some(false),
            _ => None,
        }
    }

    /// A decimal integer.
    pub fn as_int(&self) -> Option<i64> {
        if self.plain { self.text.parse().ok() } else { None }
    }

    /// A finite number.
    pub fn as_float(&self) -> Option<f64> {
        let numeric = self.plain
            && self.text.bytes().any(|b| b.is_ascii_digit())
            && self.text.bytes().all(|b| b.is_ascii_digit() || b"+-.eE".contains(&b));
        if numeric { self.text.parse().ok().filter(|n: &f64| n.is_finite()) } else { None }
    }
}
