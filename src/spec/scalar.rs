//! Values that are one scalar: each is checked where it is read, and a wrong one is answered with the right text.
//! Here are texts, words, names and paths; amounts and addresses have files of their own.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::fields::{Fields, closest, list, meant, unknown_key};
use super::parse::{EVENT_PATTERN, NAME_PATTERN, Parse, invalid_key, pointer_fault, pointer_help};
use crate::base::{EventType, Name, Pointer, Span, Spanned};
use crate::diag::{Finding, shorten};
use crate::yaml::{Entry, Kind, Node, Scalar};

/// The scalar when it is a text in the core schema, else `None` after reporting what it is.
pub(crate) fn text<'n>(node: &'n Node, cx: &mut Context, what: &str, example: &str) -> Option<&'n Arc<str>> {
    if let Kind::Scalar(scalar) = &node.kind
        && is_text(scalar)
    {
        return Some(&scalar.text);
    }
    cx.wrong_type(node, what, example);
    None
}

fn is_text(scalar: &Scalar) -> bool {
    !scalar.is_null() && scalar.as_bool().is_none() && scalar.as_int().is_none() && scalar.as_float().is_none()
}

/// One word of a closed set.
pub(crate) fn word<'n>(
    node: &'n Node,
    cx: &mut Context,
    what: &str,
    words: impl Iterator<Item = &'static str> + Clone,
) -> Option<&'n str> {
    let example = words.clone().next().unwrap_or_default();
    let text = text(node, cx, what, example)?;
    if words.clone().any(|w| w == &**text) {
        return Some(text);
    }
    cx.report(unknown_word(cx.key(), text, node.span, &words.collect::<Vec<_>>()));
    None
}

/// The finding about a word that is not in a closed set.
pub(crate) fn unknown_word(key: &str, text: &str, span: Span, words: &[&'static str]) -> Finding {
    let finding = Finding::error("unknown-word", span, format!("`{key}` cannot be `{}`", shorten(text)));
    let known = list(words);
    match closest(&text.to_ascii_lowercase(), words) {
        Some(near) if words.len() > 1 => finding.did_you_mean(near).and_help(&format!("it is one of {known}")),
        Some(near) => finding.did_you_mean(near),
        None => finding.help(format!("it is one of {known}")),
    }
}

/// Reports a word that says nothing without what belongs to it.
pub(crate) fn bare_word(cx: &mut Context, text: &str, span: Span, example: &str) {
    let message = format!("`{}` is the word `{text}` alone, without what belongs to it", cx.key());
    cx.report(Finding::error("missing-key", span, message).help(format!("write `{example}`")));
}

/// The value of the key that tells the variant of a union.
pub(crate) fn tag(
    fields: &Fields<'_>,
    cx: &mut Context,
    what: &str,
    tag: &'static str,
    tags: &'static [&'static str],
) -> Option<&'static str> {
    let Some(entry) = fields.tag(tag) else {
        let help = format!("add `{tag}`, one of {}", list(tags));
        cx.report(Finding::error("missing-key", fields.place(cx), format!("{what} needs `{tag}`")).help(help));
        return None;
    };
    if &*entry.key.value != tag {
        cx.report(unknown_key(what, &[tag], &entry.key.value, entry.key.span));
    }
    let text = cx.within(super::context::Key::Known(tag), entry.key.span, |cx| {
        word(&entry.value, cx, what, tags.iter().copied()).map(str::to_owned)
    })?;
    tags.iter().copied().find(|t| *t == text)
}

/// The only entry of a mapping that is told by its key, with the key that was meant.
pub(crate) fn only_entry<'n>(
    node: &'n Node,
    cx: &mut Context,
    what: &'static str,
    example: &str,
    keys: &'static [&'static str],
) -> Option<(&'static str, &'n Entry)> {
    let Kind::Map(entries) = &node.kind else {
        cx.wrong_type(node, what, example);
        return None;
    };
    match entries.as_slice() {
        [entry] => {
            let known = keys.iter().copied().find(|key| *key == &*entry.key.value);
            if known.is_none() {
                cx.report(unknown_key(what, keys, &entry.key.value, entry.key.span));
            }
            known.or_else(|| meant(&entry.key.value, keys)).map(|key| (key, entry))
        }
        [] => {
            let message = format!("{what} needs one of {}", list(keys));
            cx.report(Finding::error("missing-key", node.span, message).help(format!("write `{example}`")));
            None
        }
        entries => {
            let unknown = entries.iter().find(|e| !keys.contains(&&*e.key.value));
            cx.report(match (unknown, entries) {
                // A key beside the one that tells the kind usually belongs inside of it.
                (Some(entry), _) => unknown_key(what, keys, &entry.key.value, entry.key.span),
                (None, [first, second, ..]) => {
                    let message = format!("{what} has both `{}` and `{}`", first.key.value, second.key.value);
                    Finding::error("conflicting-keys", second.key.span, message)
                        .related(first.key.span, "the other one")
                        .help("make each an entry of the list")
                }
                (None, _) => Finding::error("missing-key", node.span, format!("{what} is empty")),
            });
            None
        }
    }
}

/// Reports a scalar whose text is none of the words that are known, with the one that was meant.
pub(crate) fn mistaken(
    cx: &mut Context,
    id: &'static str,
    text: &str,
    span: Span,
    why: &str,
    meant: Result<&str, &str>,
) {
    let finding = Finding::error(id, span, format!("`{}` is {why}", shorten(text)));
    cx.report(match meant {
        Ok(near) => finding.did_you_mean(near),
        Err(help) => finding.help(help),
    });
}

macro_rules! text_scalar {
    ($ty:ty, $what:literal, $example:literal, $schema:tt, $read:expr) => {
        impl Parse for $ty {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;

            fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
                let text = $crate::spec::scalar::text(node, cx, Self::WHAT, Self::EXAMPLE)?;
                let read: fn(&Arc<str>, Span, &mut Context) -> Option<Self> = $read;
                read(text, node.span, cx)
            }

            fn schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    };
}
pub(crate) use text_scalar;

/// Reports a scalar whose text is not what it has to be.
pub(crate) fn invalid(cx: &mut Context, id: &'static str, text: &str, span: Span, why: &str, help: String) {
    let message = format!("`{}` is {why}", shorten(text));
    cx.report(Finding::error(id, span, message).help(help));
}

text_scalar!(Arc<str>, "a text", "text", { "type": "string", "minLength": 1 }, |text, span, cx| {
    if text.is_empty() {
        let message = format!("`{}` is empty", cx.key());
        cx.report(Finding::error("empty", span, message).help("write a text, or remove the key"));
        return None;
    }
    Some(text.clone())
});

text_scalar!(Name, "a name", "orders", { "type": "string", "pattern": NAME_PATTERN }, |text, span, cx| {
    match <Name as super::parse::ParseKey>::parse_key(text) {
        Ok(name) => Some(name),
        Err(fault) => {
            invalid_key::<Name>(cx, text, span, fault);
            None
        }
    }
});

/// A name that refers to a node. Whether there is such a node, and of which kind, is resolved later; a text that can be
/// no name is reported there too, as unknown, with the nearest name that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref {
    /// As written.
    pub text: Arc<str>,
    /// Its place.
    pub span: Span,
}

impl Ref {
    /// The same as a spanned text.
    pub fn spanned(&self) -> Spanned<Arc<str>> {
        Spanned::new(self.text.clone(), self.span)
    }
}

text_scalar!(Ref, "a name", "orders", { "type": "string", "pattern": NAME_PATTERN }, |text, span, _| {
    Some(Ref { text: text.clone(), span })
});

/// A reference to an event type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRef {
    /// As written.
    pub text: Arc<str>,
    /// Its place.
    pub span: Span,
}

text_scalar!(EventRef, "an event type", "order.placed", { "type": "string", "pattern": EVENT_PATTERN },
    |text, span, _| Some(EventRef { text: text.clone(), span }));

text_scalar!(EventType, "an event type", "order.placed", { "type": "string", "pattern": EVENT_PATTERN },
|text, span, cx| match <EventType as super::parse::ParseKey>::parse_key(text) {
    Ok(name) => Some(name),
    Err(fault) => {
        invalid_key::<EventType>(cx, text, span, fault);
        None
    }
});

text_scalar!(Pointer, "a path into the data", "/orderId", { "type": "string", "pattern": "^(/([^~/]|~[01])*)+$" },
|text, span, cx| {
    let pointer = Pointer::parse(text);
    if pointer.is_none() {
        let help = pointer_help(text).unwrap_or_else(|| "write a JSON Pointer such as `/orderId`".to_owned());
        let why = format!("not a path into the data: {}", pointer_fault(text));
        invalid(cx, "invalid-pointer", text, span, &why, help);
    }
    pointer
});

impl Parse for bool {
    const WHAT: &'static str = "a boolean";
    const EXAMPLE: &'static str = "true";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let value = if let Kind::Scalar(scalar) = &node.kind { scalar.as_bool() } else { None };
        if value.is_none() {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
        }
        value
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "boolean" })
    }
}

/// Any scalar but null, as text: `8080` is `8080`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AnyText(pub Arc<str>);

impl Parse for AnyText {
    const WHAT: &'static str = "a text";
    const EXAMPLE: &'static str = "text";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(scalar) if !scalar.is_null() => Some(Self(scalar.text.clone())),
            Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
                cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
                None
            }
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": ["string", "number", "boolean"] })
    }
}

/// Any value, as JSON.
impl Parse for serde_json::Value {
    const WHAT: &'static str = "a value";
    const EXAMPLE: &'static str = "{ … }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        super::json::value(node, cx)
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({})
    }
}
