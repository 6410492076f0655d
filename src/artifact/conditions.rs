//! Conditions of grants: read from where a form has them, and written as texts that can be compared.

use std::borrow::Cow;

use super::form::Form;
use super::grants::Wrong;
use super::proof::DiscrepancyKind;
use super::tree::{Node, Value};

/// One condition: test, key and values.
pub type Condition<'a> = (String, String, Vec<Cow<'a, str>>);

/// The ways in which conditions can hold: one for each choice among the values of tests that need one value alone, each
/// as a text that does not depend on their order: `test key = [values]`, joined by `; `.
pub fn alternatives(all: Vec<Condition<'_>>, single: &[String]) -> Vec<String> {
    let mut ways: Vec<Vec<String>> = vec![Vec::new()];
    for (test, key, values) in all {
        let mut values: Vec<String> = values.into_iter().map(|value| format!("{value:?}")).collect();
        values.sort_unstable();
        values.dedup();
        let choices = if single.contains(&test) && values.len() > 1 { values } else { vec![values.join(", ")] };
        let texts: Vec<String> = choices.iter().map(|values| format!("{test} {key} = [{values}]")).collect();
        let with = |way: &Vec<String>| -> Vec<Vec<String>> {
            texts.iter().map(|text| way.iter().chain([text]).cloned().collect()).collect()
        };
        ways = ways.iter().flat_map(with).collect();
    }
    let join = |mut way: Vec<String>| {
        way.sort_unstable();
        way.join("; ")
    };
    ways.into_iter().map(join).collect()
}

/// The conditions of an element, and those that its form means.
pub(super) fn read(form: &Form<'_>, root: &Node<'_>, element: &Node<'_>) -> Result<Vec<Condition<'static>>, Wrong> {
    let unreadable =
        || (DiscrepancyKind::Unreadable, "has a condition that is no map of tests, keys and values".to_owned());
    let texts = |nodes: &[&Node<'_>]| -> Result<Vec<Cow<'static, str>>, Wrong> {
        nodes.iter().map(|n| n.text().map(|t| Cow::Owned(t.into_owned()))).collect::<Option<_>>().ok_or_else(unreadable)
    };
    let mut all: Vec<Condition<'static>> = Vec::new();
    for node in form.conditions.iter().flat_map(|place| place.at(root, element)) {
        let Value::Map(by_test) = &node.value else { return Err(unreadable()) };
        for (test, keys) in by_test {
            let Value::Map(keys) = &keys.value else { return Err(unreadable()) };
            for (key, values) in keys {
                all.push((test.to_string(), key.to_string(), texts(&values.at(&[]))?));
            }
        }
    }
    for (test, key, place) in &form.condition {
        let nodes = place.at(root, element);
        if !nodes.is_empty() {
            all.push(((*test).to_owned(), (*key).to_owned(), texts(&nodes)?));
        }
    }
    Ok(all)
}
