//! JSON event patterns: each field a list of alternatives, all fields together.
//! Syntax: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>

use crate::base::{Map, Value};

/// The pattern of all conditions.
pub(super) fn pattern(conditions: &[Value]) -> Result<Value, String> {
    let mut root = Map::new();
    for condition in conditions {
        let steps: Vec<&str> =
            condition.get("steps").and_then(Value::as_list).into_iter().flatten().filter_map(Value::as_str).collect();
        let tests = condition.get("tests").and_then(Value::as_list).unwrap_or_default();
        insert(&mut root, &steps, leaf(&steps, tests)?)?;
    }
    Ok(root.into())
}

fn insert(at: &mut Map, steps: &[&str], leaf: Value) -> Result<(), String> {
    let Some((first, rest)) = steps.split_first() else {
        return Err("the whole of the data has no field to test".to_owned());
    };
    if rest.is_empty() {
        return match at.insert((*first).to_owned(), leaf) {
            None => Ok(()),
            Some(_) => Err(format!("`{first}` is tested twice")),
        };
    }
    if !at.contains_key(first) {
        at.insert((*first).to_owned(), Map::new());
    }
    match at.get_mut(first) {
        Some(Value::Map(inner)) => insert(inner, rest, leaf),
        _ => Err(format!("`{first}` is tested both as a value and as an object")),
    }
}

/// All tests of one field as one list. Alternatives of a list are joined by or, so only number ranges can be joined by
/// and.
fn leaf(steps: &[&str], tests: &[Value]) -> Result<Value, String> {
    let mut numeric = Vec::new();
    let mut other = Vec::new();
    for test in tests {
        let op = test.get("op").and_then(Value::as_str).unwrap_or_default();
        let value = test.get("value").cloned().unwrap_or(Value::Null);
        let sign = match op {
            "gt" => Some(">"),
            "ge" => Some(">="),
            "lt" => Some("<"),
            "le" => Some("<="),
            _ => None,
        };
        if let Some(sign) = sign {
            numeric.push((sign, value));
            continue;
        }
        other.push(match (op, value) {
            ("in", Value::List(list)) => list.into_iter().map(equal).collect(),
            ("ne", value) => vec![only("anything-but", Value::List(vec![value]))],
            ("prefix", value) => vec![only("prefix", value)],
            ("suffix", value) => vec![only("suffix", value)],
            ("exists", value) => vec![only("exists", value)],
            (_, value) => vec![equal(value)],
        });
    }
    // Lower bounds go first, as the platform wants them.
    numeric.sort_by_key(|(sign, _)| sign.starts_with('<'));
    if !numeric.is_empty() {
        let bounds: Vec<Value> = numeric.into_iter().flat_map(|(sign, value)| [Value::from(sign), value]).collect();
        other.push(vec![only("numeric", Value::List(bounds))]);
    }
    match other.len() {
        1 => Ok(Value::List(other.swap_remove(0))),
        _ => Err(format!("`/{}` has several tests that a pattern would join by or", steps.join("/"))),
    }
}

/// Equality of one value. A bare number in a pattern is compared by its digits, so that `300` would miss `300.0`.
fn equal(value: Value) -> Value {
    if matches!(value, Value::Number(_)) { only("numeric", Value::List(vec!["=".into(), value])) } else { value }
}

/// A test of one kind.
fn only(kind: &'static str, value: Value) -> Value {
    Map::from_iter([(kind, value)]).into()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::{Value as Json, json};

    use super::*;

    fn condition(path: &[&str], tests: &Json) -> Value {
        (&json!({ "steps": path, "tests": tests })).into()
    }

    #[test]
    fn ranges_are_one_alternative() {
        let tests = json!([{ "op": "le", "value": 9 }, { "op": "gt", "value": 0 }]);
        let pattern = pattern(&[condition(&["total"], &tests)]).unwrap();
        assert!(pattern.is(&json!({ "total": [{ "numeric": [">", 0, "<=", 9] }] })), "{pattern}");
    }

    #[test]
    fn fields_nest_and_alternatives_stay_alternatives() {
        let kind = condition(&["item", "kind"], &json!([{ "op": "in", "value": ["a", "b"] }]));
        let size = condition(&["item", "size"], &json!([{ "op": "ne", "value": "xl" }]));
        let pattern = pattern(&[kind, size]).unwrap();
        assert!(
            pattern.is(&json!({ "item": { "kind": ["a", "b"], "size": [{ "anything-but": ["xl"] }] } })),
            "{pattern}"
        );
    }

    #[test]
    fn numbers_are_equal_by_value() {
        let tests = json!([{ "op": "in", "value": [300, "a"] }]);
        let pattern = pattern(&[condition(&["total"], &tests)]).unwrap();
        assert!(pattern.is(&json!({ "total": [{ "numeric": ["=", 300] }, "a"] })), "{pattern}");
    }

    #[test]
    fn what_would_be_joined_by_or_is_refused() {
        let tests = json!([{ "op": "prefix", "value": "a" }, { "op": "suffix", "value": "z" }]);
        assert!(pattern(&[condition(&["name"], &tests)]).unwrap_err().contains("/name"));
    }
}
