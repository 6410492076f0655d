//! What a parser carries along: the findings so far and the key whose value is being read.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use crate::base::Span;
use crate::diag::{Finding, Findings, shorten};
use crate::yaml::{Kind, Node};

/// The key whose value is being read, for messages.
#[derive(Debug, Clone)]
pub(crate) enum Key {
    /// A key of the language.
    Known(&'static str),
    /// A key of the user: a name.
    Written(Arc<str>),
}

impl Key {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Known(text) => text,
            Self::Written(text) => text,
        }
    }
}

/// The state of one parse.
#[derive(Debug)]
pub struct Context {
    findings: Findings,
    errors: usize,
    key: Key,
    /// Where the key stands, when the value belongs to it alone and is no entry of a list.
    place: Option<Span>,
    depth: u32,
    /// Where an environment removes what is not there anyway.
    removed: BTreeSet<Span>,
}

/// Deepest nesting of declarations. The reader of YAML has its own cap; this one keeps the parser safe
/// from trees that were made in another way.
const DEPTH: u32 = 100;

impl Context {
    pub(crate) fn new() -> Self {
        let (findings, removed) = (Findings::default(), BTreeSet::new());
        Self { findings, errors: 0, key: Key::Known("isobar.yaml"), place: None, depth: 0, removed }
    }

    /// For a tree in which these values count as not there.
    pub(crate) fn without(removed: &BTreeSet<Span>) -> Self {
        Self { removed: removed.clone(), ..Self::new() }
    }

    /// Whether a value counts as not there.
    pub(crate) fn is_removed(&self, node: &Node) -> bool {
        !self.removed.is_empty() && node.is_null() && self.removed.contains(&node.span)
    }

    /// Adds a finding. Everything that the parser reports is an error.
    pub(crate) fn report(&mut self, finding: Finding) {
        self.errors += 1;
        self.findings.push(finding);
    }

    /// Takes back a finding about a value that was read on a guess. That something is wrong with it stays counted.
    pub(crate) fn forgive(&mut self, id: &str, span: Span) {
        self.findings.retain(|finding| finding.id != id || finding.primary.span != span);
    }

    /// How many were reported so far; equal before and after reading a part, that part is whole.
    pub(crate) fn errors(&self) -> usize {
        self.errors
    }

    /// The key whose value is being read.
    pub(crate) fn key(&self) -> &str {
        self.key.as_str()
    }

    /// Reads the value of `key`.
    pub(crate) fn within<T>(&mut self, key: Key, span: Span, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= DEPTH {
            let message = format!("`{}` is nested more than {DEPTH} levels deep", key.as_str());
            self.report(Finding::error("too-deep", span, message).help("split it into smaller parts"));
            return None;
        }
        let outer = (std::mem::replace(&mut self.key, key), self.place.replace(span));
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        (self.key, self.place) = outer;
        value
    }

    /// Reads an entry of a list.
    pub(crate) fn entry<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let outer = self.place.take();
        let value = read(self);
        self.place = outer;
        value
    }

    /// Where the key stands whose value is being read.
    pub(crate) fn place(&self) -> Option<Span> {
        self.place
    }

    /// The value has another type than it needs.
    pub(crate) fn wrong_type(&mut self, node: &Node, what: &str, example: &str) {
        let found = describe(node);
        let message = format!("`{}` is {found}, not {what}", self.key());
        let help = correction(node, what).unwrap_or_else(|| format!("write {what} such as `{example}`"));
        self.report(Finding::error("wrong-type", node.span, message).label(found).help(help));
    }

    pub(crate) fn finish(self) -> Findings {
        self.findings
    }
}

/// What a node is, in words.
fn describe(node: &Node) -> Cow<'static, str> {
    match &node.kind {
        Kind::Seq(_) => "a list".into(),
        Kind::Map(_) => "a mapping".into(),
        Kind::Scalar(s) if s.is_null() => "empty".into(),
        Kind::Scalar(s) if s.as_bool().is_some() => format!("the boolean `{}`", s.text).into(),
        Kind::Scalar(s) if s.as_float().is_some() => format!("the number `{}`", s.text).into(),
        Kind::Scalar(s) => format!("the text `{}`", shorten(&s.text)).into(),
    }
}

/// The corrected text where it can be told from what was written.
fn correction(node: &Node, what: &str) -> Option<String> {
    let Kind::Scalar(scalar) = &node.kind else { return None };
    let plain = crate::yaml::Scalar { text: scalar.text.clone(), plain: true };
    let corrected = match what {
        "a boolean" => match &*scalar.text.to_ascii_lowercase() {
            "true" | "yes" | "on" | "1" => "true".to_owned(),
            "false" | "no" | "off" | "0" => "false".to_owned(),
            _ => return None,
        },
        "a number" | "a whole number" => plain.as_int()?.to_string(),
        "a duration" => format!("{}s", plain.as_int().filter(|n| *n >= 0)?),
        "a size" => format!("{}MiB", plain.as_int().filter(|n| *n >= 0)?),
        "a text" if !scalar.is_null() => format!("\"{}\"", scalar.text),
        _ => return None,
    };
    Some(format!("write `{corrected}`"))
}
