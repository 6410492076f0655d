//! What somebody changed outside, attribute by attribute, without secrets, and whether the plan puts it back.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::leaves::{Leaf, cut, document, leaves};
use crate::artifact::{Deployed, Drift, Planned, PlannedResource};
use crate::catalog::Readback;
use crate::diff::{Change, Class, Detail};

/// One drift; `None` where nothing but notation differs, or all of it is told as grants.
pub(super) fn change(one: &Drift, found: &Deployed, plan: &Planned, readback: &Readback) -> Option<Change> {
    let address = &one.address;
    let resource = plan.resources.get(address)?;
    if one.after.is_null() {
        let then = if resource.after.is_some() { "; the plan makes it anew" } else { "" };
        return Some(Change::new(Class::Drifted, address, format!("`{address}` was destroyed outside{then}")));
    }
    let [before_mask, after_mask] = &one.sensitive;
    let (before, after) = (leaves(&one.before, before_mask), leaves(&one.after, after_mask));
    let planned = resource.after.clone().map(|values| leaves(&Json::Object(values), &Json::Null)).unwrap_or_default();
    let told = found.excess.get(address).map(|excess| &excess.attributes);
    let paths: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let (mut details, mut may_grant) = (Vec::new(), false);
    for path in paths {
        let (was, is) = (before.get(path), after.get(path));
        let first = path.split(['.', '[']).next().unwrap_or_default();
        let is_same = was.map(|leaf| &leaf.text) == is.map(|leaf| &leaf.text);
        if is_same || told.is_some_and(|told| told.contains(first)) || is_echo(first, one, resource, plan) {
            continue;
        }
        may_grant |= grants(readback, &resource.kind, first);
        let note = (!plan.is_state && !resource.unknown.contains(first)).then(|| fate(was, is, planned.get(path)));
        let secret = [was, is].into_iter().flatten().any(|leaf| leaf.is_secret);
        let shown = |leaf: &Leaf| if secret { "(secret)".to_owned() } else { cut(&leaf.text) };
        details.push(Detail::Value { path: path.clone(), before: was.map(shown), after: is.map(shown), note });
    }
    if details.is_empty() {
        return None;
    }
    let mut change = if may_grant {
        let message = format!("`{address}` was changed outside in what grants, and may grant what no edge needs");
        Change::new(Class::CloudWider, address, message)
    } else {
        Change::new(Class::Drifted, address, format!("`{address}` was changed outside"))
    };
    change.details = details;
    Some(change)
}

/// What the plan does with a value.
fn fate(was: Option<&Leaf>, is: Option<&Leaf>, planned: Option<&Leaf>) -> String {
    let text = |leaf: Option<&Leaf>| leaf.map(|leaf| leaf.text.clone());
    let planned = text(planned);
    let fate = if planned == text(is) {
        "the plan leaves it so"
    } else if planned == text(was) {
        "the plan puts it back"
    } else {
        "the plan makes it another value"
    };
    fate.to_owned()
}

/// Whether an attribute is one by which a resource grants, or says who may take its identity.
fn grants(readback: &Readback, kind: &str, attribute: &str) -> bool {
    let mut listed = readback.refused.iter().chain(&readback.guarded).filter_map(|one| one.split_once('.'));
    listed.any(|(other, path)| other == kind && path.split('.').next() == Some(attribute))
}

/// Whether an attribute that the configuration leaves out repeats what resources say that refer to this one, such as the
/// policy that is attached to it: providers find it there after it was made.
fn is_echo(attribute: &str, one: &Drift, resource: &PlannedResource, plan: &Planned) -> bool {
    let block = resource.block();
    let refers = |text: &String| {
        *text == block
            || text.starts_with(&block) && text.get(block.len()..).is_some_and(|rest| rest.starts_with(['.', '[']))
    };
    if resource.references.contains_key(attribute) || plan.is_state {
        return false;
    }
    let others = plan.resources.values().filter(|other| other.references.values().flatten().any(refers));
    let texts = others.flat_map(|other| other.after.iter().flat_map(|values| values.values()).filter_map(Json::as_str));
    let known: BTreeSet<String> = texts.map(canonical).collect();
    let mut found = Vec::new();
    one.after.get(attribute).into_iter().for_each(|value| strings(value, &mut found));
    !found.is_empty() && found.into_iter().all(|text| known.contains(&canonical(text)))
}

/// A text, and a document whatever its spaces and order of keys.
fn canonical(text: &str) -> String {
    document(text).map_or_else(|| text.to_owned(), |document| document.to_string())
}

fn strings<'j>(value: &'j Json, out: &mut Vec<&'j str>) {
    match value {
        Json::String(text) => out.push(text),
        Json::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Json::Object(entries) => entries.values().for_each(|item| strings(item, out)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use serde_json::json;

    use super::*;

    #[test]
    fn what_the_plan_does_is_said_of_each_value() {
        let leaf = |text: &str| Leaf { text: text.to_owned(), is_secret: false };
        let (one, two, three) = (leaf("1"), leaf("2"), leaf("3"));
        assert_eq!(fate(Some(&one), Some(&two), Some(&one)), "the plan puts it back");
        assert_eq!(fate(Some(&one), Some(&two), Some(&two)), "the plan leaves it so");
        assert_eq!(fate(None, Some(&two), Some(&three)), "the plan makes it another value");
    }

    #[test]
    fn all_texts_of_a_value_are_found() {
        let value = json!([{"name": "access", "policy": "{\"b\":1, \"a\":2}", "n": 3}]);
        let mut found = Vec::new();
        strings(&value, &mut found);
        assert_eq!(found.into_iter().map(canonical).collect::<Vec<_>>(), ["access", "{\"a\":2,\"b\":1}"]);
    }
}
