//! The JSON form of HCL: texts are templates, a list of one block is that block, and files of overrides change what stands
//! elsewhere.

use std::borrow::Cow;

use super::super::File;
use super::super::hcl::Unreadable;
use super::super::hcl_template::{own as own_value, template};
use super::super::tree::{Node, Value};
use super::super::yaml;
use super::plain::{Dialect, Plain};
use super::{Found, Item, of_type};

/// The resources of a file, or its overrides.
pub(super) fn read<'a>(file: File<'a>, node: &[String]) -> Result<Found<'a>, Unreadable> {
    let name = file.path.rsplit('/').next().unwrap_or(file.path);
    let is_override = name == "override.tf.json" || name.ends_with("_override.tf.json");
    let mut items = Vec::new();
    for tree in yaml::documents(file.text)? {
        for (kind, names) in below(tree, "resource") {
            for (name, body) in entries(names) {
                let line = body.line;
                let Some(plain) = Plain::of(templates(body), Dialect::Hcl) else { continue };
                let found = plain.at(node).first().and_then(|found| found.text()).map(str::to_owned);
                items.push(Item { node: found, ..of_type(file.path, line, &kind, &name, plain) });
            }
        }
    }
    Ok(if is_override { Found { overrides: items, ..Found::default() } } else { Found { items, ..Found::default() } })
}

fn entries(node: Node<'_>) -> Vec<(Cow<'_, str>, Node<'_>)> {
    match node.value {
        Value::Map(entries) => entries,
        Value::List(items) => items.into_iter().flat_map(entries).collect(),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Reference(_)
        | Value::Concat(_)
        | Value::Raw(_) => Vec::new(),
    }
}

fn below<'a>(node: Node<'a>, wanted: &str) -> Vec<(Cow<'a, str>, Node<'a>)> {
    entries(node).into_iter().filter(|(key, _)| key == wanted).flat_map(|(_, inner)| entries(inner)).collect()
}

/// Reads the templates of texts, and takes single blocks out of their lists.
fn templates(node: Node<'_>) -> Node<'_> {
    let line = node.line;
    let value = match node.value {
        Value::Text(Cow::Borrowed(text)) => template(text, false).unwrap_or(Value::Text(Cow::Borrowed(text))),
        Value::Text(Cow::Owned(text)) => template(&text, false).map(own_value).unwrap_or(Value::Text(Cow::Owned(text))),
        Value::Map(entries) => Value::Map(entries.into_iter().map(|(key, inner)| (key, templates(inner))).collect()),
        Value::List(mut items) => match items.as_slice() {
            [Node { value: Value::Map(_), .. }] => items.pop().map_or(Value::Null, |only| templates(only).value),
            _ => Value::List(items.into_iter().map(templates).collect()),
        },
        other @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Reference(_)
        | Value::Concat(_)
        | Value::Raw(_)) => other,
    };
    Node { line, value }
}

/// A value that borrows from nothing.
pub(super) fn own<'a>(plain: Plain<'_>) -> Plain<'a> {
    let all = |items: Vec<Plain<'_>>| items.into_iter().map(own).collect();
    match plain {
        Plain::Text(text) => Plain::Text(Cow::Owned(text.into_owned())),
        Plain::Expression(text) => Plain::Expression(text),
        Plain::List(items) => Plain::List(all(items)),
        Plain::Blocks(items) => Plain::Blocks(all(items)),
        Plain::Map(entries) => {
            Plain::Map(entries.into_iter().map(|(key, value)| (Cow::Owned(key.into_owned()), own(value))).collect())
        }
    }
}
