//! The one trait of everything that is read from the tree, and how it composes: places, optional keys,
//! lists, mappings by name.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::{Context, Key};
use crate::base::{EnvName, EventType, Name, NameError, Pointer, Span, Spanned};
use crate::diag::{Finding, shorten};
use crate::yaml::{Kind, Node};

/// A part of a spec. Reports everything that is wrong with it, and gives what is left.
pub(crate) trait Parse: Sized {
    /// With its article, for messages: `a duration`.
    const WHAT: &'static str;
    /// How one looks.
    const EXAMPLE: &'static str;
    /// Its key may be left out.
    const OPTIONAL: bool = false;

    /// Reads a node. `None` when something of it was reported and nothing useful is left.
    fn parse(node: &Node, cx: &mut Context) -> Option<Self>;

    /// The value when the key is not there, or was reported: nothing for what is optional, and a stand-in for what the
    /// rest can be read without. `place` is where it was looked for.
    fn absent(_place: Span) -> Option<Self> {
        None
    }

    /// What editors are told about it.
    fn schema(generator: &mut SchemaGenerator) -> Schema;
}

impl<T: Parse> Parse for Option<T> {
    const WHAT: &'static str = T::WHAT;
    const EXAMPLE: &'static str = T::EXAMPLE;
    const OPTIONAL: bool = true;

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        Some(T::parse(node, cx))
    }

    fn absent(_place: Span) -> Option<Self> {
        Some(None)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

impl<T: Parse> Parse for Spanned<T> {
    const WHAT: &'static str = T::WHAT;
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        T::parse(node, cx).map(|value| Self::new(value, node.span))
    }

    fn absent(place: Span) -> Option<Self> {
        T::absent(place).map(|value| Self::new(value, place))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

impl<T: Parse> Parse for Box<T> {
    const WHAT: &'static str = T::WHAT;
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        T::parse(node, cx).map(Self::new)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        T::schema(generator)
    }
}

/// A list. Entries that were reported are left out.
impl<T: Parse> Parse for Vec<T> {
    const WHAT: &'static str = "a list";
    const EXAMPLE: &'static str = "[…]";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Seq(items) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, &format!("[{}]", T::EXAMPLE));
            return None;
        };
        Some(items.iter().filter_map(|item| cx.entry(|cx| T::parse(item, cx))).collect())
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let items = T::schema(generator);
        json_schema!({ "type": "array", "items": items })
    }
}

/// One, or a list of them.
#[derive(Debug, Clone)]
pub struct Many<T>(pub Vec<T>);

impl<T: Parse> Parse for Many<T> {
    const WHAT: &'static str = T::WHAT;
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        if let Kind::Seq(_) = node.kind {
            return Vec::parse(node, cx).map(Self);
        }
        T::parse(node, cx).map(|one| Self(vec![one]))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let one = T::schema(generator);
        json_schema!({ "anyOf": [one, { "type": "array", "items": one }] })
    }
}

/// One, or a list of at least one, where none at all would switch off what the key is for.
#[derive(Debug, Clone)]
pub struct Several<T>(pub Vec<T>);

impl<T: Parse> Parse for Several<T> {
    const WHAT: &'static str = T::WHAT;
    const EXAMPLE: &'static str = T::EXAMPLE;

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        if matches!(&node.kind, Kind::Seq(items) if items.is_empty()) {
            let message = format!("`{}` has no values", cx.key());
            let help = format!("write `[{}]`", T::EXAMPLE);
            cx.report(Finding::error("empty", node.span, message).help(help));
            return None;
        }
        Many::parse(node, cx).map(|many| Self(many.0))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let one = T::schema(generator);
        json_schema!({ "anyOf": [one, { "type": "array", "items": one, "minItems": 1 }] })
    }
}

/// What stands as a key of a mapping by name.
pub(crate) trait ParseKey: Sized {
    /// With its article.
    const WHAT: &'static str;
    /// The id of the finding about a text that is none.
    const ID: &'static str = "invalid-name";
    /// The pattern of its text, for editors.
    const PATTERN: &'static str;
    /// Reads the text; otherwise says why it is none and what to write.
    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)>;
}

/// A mapping from names to declarations, in the order written.
#[derive(Debug, Clone)]
pub struct Map<K, V> {
    /// The entries; `None` where the value was reported and nothing is left of it.
    pub entries: Vec<(Spanned<K>, Option<V>)>,
    /// Keys that are no names, so that a reference to one is not reported again.
    pub rejected: Vec<Arc<str>>,
    /// It was no mapping at all: nothing can be said about what it declares.
    pub poisoned: bool,
}

impl<K, V> Default for Map<K, V> {
    fn default() -> Self {
        Self { entries: Vec::new(), rejected: Vec::new(), poisoned: false }
    }
}

impl<K, V> Map<K, V> {
    /// The entries that can be used.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<K>, &V)> {
        self.entries.iter().filter_map(|(key, value)| Some((key, value.as_ref()?)))
    }
}

impl<K: ParseKey, V: Parse> Parse for Map<K, V> {
    const WHAT: &'static str = "a mapping";
    const EXAMPLE: &'static str = "{ … }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return Some(Self { poisoned: true, ..Self::default() });
        };
        let mut map = Self { entries: Vec::with_capacity(entries.len()), ..Self::default() };
        for entry in entries.iter() {
            if cx.is_removed(&entry.value) {
                continue;
            }
            let value =
                cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| V::parse(&entry.value, cx));
            match K::parse_key(&entry.key.value) {
                Ok(key) => map.entries.push((Spanned::new(key, entry.key.span), value)),
                Err(fault) => {
                    invalid_key::<K>(cx, &entry.key.value, entry.key.span, fault);
                    map.rejected.push(entry.key.value.clone());
                }
            }
        }
        Some(map)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let values = V::schema(generator);
        json_schema!({
            "type": "object",
            "patternProperties": { (K::PATTERN): values },
            "additionalProperties": false
        })
    }
}

/// Reports a text that is no key, with why and what to write.
pub(crate) fn invalid_key<K: ParseKey>(cx: &mut Context, text: &str, span: Span, fault: (String, Option<String>)) {
    let mut finding = Finding::error(K::ID, span, format!("`{}` is not {}: {}", shorten(text), K::WHAT, fault.0));
    // The message says what is wrong; where no near text is right, there is none to propose.
    finding.help = fault.1.or_else(|| Some("choose another name".to_owned()));
    cx.report(finding);
}

/// The nearest text that is a name: lower case, hyphens between words.
pub(crate) fn as_name(text: &str, keep: &[char]) -> Option<String> {
    let mut out = String::new();
    let mut lower_before = false;
    for c in text.chars().take(63) {
        if c.is_ascii_alphanumeric() || keep.contains(&c) {
            if c.is_ascii_uppercase() && lower_before {
                out.push('-');
            }
            lower_before = c.is_ascii_lowercase() || c.is_ascii_digit();
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
            lower_before = false;
        }
    }
    let name = out.trim_matches('-').to_owned();
    name.starts_with(|c: char| c.is_ascii_lowercase()).then_some(name)
}

fn name_help(error: NameError, fixed: Option<String>) -> (String, Option<String>) {
    (error.to_string(), fixed.map(|name| format!("write `{name}`")))
}

pub(crate) const NAME_PATTERN: &str = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$";
pub(crate) const EVENT_PATTERN: &str = "^[a-z]([a-z0-9-]{0,61}[a-z0-9])?(\\.[a-z]([a-z0-9-]{0,61}[a-z0-9])?)*$";

impl ParseKey for Name {
    const WHAT: &'static str = "a name";
    const PATTERN: &'static str = NAME_PATTERN;

    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)> {
        Self::parse(text).map_err(|error| name_help(error, as_name(text, &[])))
    }
}

impl ParseKey for EventType {
    const WHAT: &'static str = "an event type";
    const PATTERN: &'static str = EVENT_PATTERN;

    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)> {
        Self::parse(text).map_err(|error| name_help(error, as_name(text, &['.'])))
    }
}

impl ParseKey for EnvName {
    const WHAT: &'static str = "a name of a variable";
    const PATTERN: &'static str = "^[A-Za-z_][A-Za-z0-9_]{0,127}$";

    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)> {
        Self::parse(text).map_err(|error| {
            let why = match error {
                NameError::Start => "it starts with a digit".to_owned(),
                NameError::Character(c) => format!("{c:?} is not a letter, digit or underscore"),
                NameError::Empty | NameError::TooLong(_) | NameError::End => error.to_string(),
            };
            let fixed = as_name(text, &['_']).map(|name| name.replace('-', "_").to_ascii_uppercase());
            let fixed = fixed.or_else(|| (error == NameError::Start).then(|| format!("_{text}")));
            (why, fixed.map(|name| format!("write `{name}`")))
        })
    }
}

impl ParseKey for Pointer {
    const WHAT: &'static str = "a path into the data";
    const ID: &'static str = "invalid-pointer";
    const PATTERN: &'static str = "^(/([^~/]|~[01])*)+$";

    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)> {
        Self::parse(text).ok_or_else(|| (pointer_fault(text), pointer_help(text)))
    }
}

pub(crate) fn pointer_fault(text: &str) -> String {
    if text.starts_with('/') { "`~` is not followed by `0` or `1`" } else { "it does not start with `/`" }.to_owned()
}

pub(crate) fn pointer_help(text: &str) -> Option<String> {
    let path = text.trim_start_matches("$.").replace('.', "/");
    (!text.starts_with('/') && !text.is_empty()).then(|| format!("write `/{path}`"))
}

/// Any text: the keys are somebody else's.
impl ParseKey for Arc<str> {
    const WHAT: &'static str = "a text";
    const PATTERN: &'static str = "^";

    fn parse_key(text: &Arc<str>) -> Result<Self, (String, Option<String>)> {
        Ok(text.clone())
    }
}
