//! Values of a plan as trees, and emitted trees with the values that a plan has for what they refer to, so that the two can
//! be compared. What is not known before the apply stays a reference, and fits anything.

use std::borrow::Cow;

use serde_json::Value as Json;

use super::planned::Planned;
use super::tree::{Node, Piece, Value};

/// What stands for a value that is not known before the apply.
pub(super) const UNKNOWN: &str = "known after apply";

/// Puts in what is known.
pub(super) fn resolve<'a>(node: Node<'a>, plan: &Planned) -> Node<'a> {
    let line = node.line;
    let value = match node.value {
        Value::Reference(reference) => match plan.text(&reference) {
            Some(text) => Value::Text(Cow::Owned(text)),
            None => Value::Reference(reference),
        },
        Value::Concat(pieces) => concat(pieces, plan),
        Value::List(items) => Value::List(items.into_iter().map(|item| resolve(item, plan)).collect()),
        Value::Map(entries) => {
            Value::Map(entries.into_iter().map(|(key, value)| (key, resolve(value, plan))).collect())
        }
        // A text that is JSON means what it says.
        Value::Text(text) => embedded(&text).map_or(Value::Text(text), |json| tree(&json).value),
        value @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Raw(_)) => value,
    };
    Node { line, value }
}

fn concat<'a>(pieces: Vec<Piece<'a>>, plan: &Planned) -> Value<'a> {
    let known = |piece: Piece<'a>| match piece {
        Piece::Reference(reference) => match plan.text(&reference) {
            Some(text) => Piece::Text(Cow::Owned(text)),
            None => Piece::Reference(reference),
        },
        piece @ Piece::Text(_) => piece,
    };
    let pieces: Vec<Piece<'a>> = pieces.into_iter().map(known).collect();
    let text = |piece: &Piece<'a>| match piece {
        Piece::Text(text) => Some(text.to_string()),
        Piece::Reference(_) => None,
    };
    match pieces.iter().map(text).collect::<Option<String>>() {
        Some(whole) => Value::Text(Cow::Owned(whole)),
        None => Value::Concat(pieces),
    }
}

/// A value of a plan.
pub(super) fn tree(json: &Json) -> Node<'static> {
    let value = match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => Value::Number(Cow::Owned(number.to_string())),
        Json::String(text) => match embedded(text) {
            Some(json) => return tree(&json),
            None => Value::Text(Cow::Owned(text.clone())),
        },
        Json::Array(items) => Value::List(items.iter().map(tree).collect()),
        Json::Object(entries) => {
            Value::Map(entries.iter().map(|(key, value)| (Cow::Owned(key.clone()), tree(value))).collect())
        }
    };
    Node { line: 1, value }
}

/// The document that a text holds.
pub(super) fn embedded(text: &str) -> Option<Json> {
    let is_document = text.trim_start().starts_with(['{', '[']);
    is_document.then(|| serde_json::from_str(text).ok()).flatten()
}

/// All references below a node, in their order.
pub(super) fn references<'n>(node: &'n Node<'_>, out: &mut Vec<&'n str>) {
    match &node.value {
        Value::Reference(reference) => out.push(reference),
        Value::Concat(pieces) => out.extend(pieces.iter().filter_map(|piece| match piece {
            Piece::Reference(reference) => Some(&**reference),
            Piece::Text(_) => None,
        })),
        Value::List(items) => items.iter().for_each(|item| references(item, out)),
        Value::Map(entries) => entries.iter().for_each(|(_, value)| references(value, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Raw(_) => {}
    }
}

/// Where the first part of a text begins that is not known; `$${` is a text.
fn open(text: &str) -> Option<usize> {
    let found = text.match_indices("${").map(|(at, _)| at);
    found.into_iter().find(|at| !text.get(..*at).is_some_and(|before| before.ends_with('$')))
}

/// Whether a part of a text is not known.
pub(super) fn is_open(text: &str) -> bool {
    open(text).is_some()
}

/// Whether a text of a plan may be the one that is wanted: what either of them leaves open fits anything.
pub(super) fn may_be(wanted: &str, found: &str) -> bool {
    match (open(wanted), open(found)) {
        (None, None) => wanted == found,
        (Some(_), None) => fits(wanted, found),
        (None, Some(at)) => wanted.starts_with(found.get(..at).unwrap_or_default()),
        (Some(one), Some(other)) => {
            let (one, other) = (wanted.get(..one).unwrap_or_default(), found.get(..other).unwrap_or_default());
            one.starts_with(other) || other.starts_with(one)
        }
    }
}

/// Whether a text has all that is known of a wanted one, in its order.
fn fits(wanted: &str, found: &str) -> bool {
    let mut rest = found;
    let mut wanted = wanted;
    let mut is_start = true;
    while let Some(at) = open(wanted) {
        let (known, after) = wanted.split_at(at);
        let place = if is_start { rest.starts_with(known).then_some(0) } else { rest.find(known) };
        let Some(place) = place else { return false };
        rest = rest.get(place + known.len()..).unwrap_or_default();
        wanted = after.split_once('}').map_or("", |(_, after)| after);
        is_start = false;
    }
    if is_start { rest == wanted } else { rest.ends_with(wanted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_open_fits_anything_and_the_rest_has_to_be_there() {
        assert!(may_be("a:b", "a:b"));
        assert!(!may_be("a:b", "a:*"));
        assert!(may_be("${q.w.arn}/x", "arn:1/x"));
        assert!(!may_be("${q.w.arn}/x", "arn:1/y"));
        assert!(may_be("pre/${q.w.id}/mid/${q.w.id}", "pre/1/mid/2"));
        assert!(!may_be("pre/${q.w.id}/mid/${q.w.id}", "pre/1/2"));
        assert!(may_be("arn:1/x", "${known after apply}"));
        assert!(!may_be("arn:1/x", "brn${known after apply}"));
        // What a policy itself replaces is a text to a plan, and is wider.
        assert!(!may_be("arn:1/x", "arn:1/$${user}"));
        assert!(may_be("${q.w.arn}/x", "${known after apply}"));
    }
}
