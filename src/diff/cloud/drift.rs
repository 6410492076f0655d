//! What somebody changed outside, attribute by attribute, without secrets, and whether the plan puts it back.

use std::collections::BTreeMap;

use serde_json::Value as Json;

use crate::artifact::{Deployed, Drift, Planned};
use crate::diff::{Change, Class, Detail};

/// Longer values are cut.
const LONGEST: usize = 120;

/// One drift; `None` where nothing but notation differs, or all of it is told as grants.
pub(super) fn change(one: &Drift, found: &Deployed, plan: &Planned) -> Option<Change> {
    let address = &one.address;
    let resource = plan.resources.get(address)?;
    if one.after.is_null() {
        let what = if resource.after.is_some() {
            "was destroyed outside; the plan makes it anew"
        } else {
            "was destroyed outside"
        };
        return Some(Change::new(Class::Drifted, address, format!("`{address}` {what}")));
    }
    let (before, after) = (leaves(&one.before), leaves(&one.after));
    let planned = resource.after.clone().map(|values| leaves(&Json::Object(values))).unwrap_or_default();
    let told = found.excess.get(address).map(|excess| &excess.attributes);
    let mut paths: Vec<&String> = before.keys().chain(after.keys()).collect();
    paths.sort_unstable();
    paths.dedup();
    let mut details = Vec::new();
    for path in paths {
        let (was, is) = (before.get(path), after.get(path));
        let first = path.split(['.', '[']).next().unwrap_or_default();
        if was == is || told.is_some_and(|told| told.contains(first)) || is_echo(first, one, plan) {
            continue;
        }
        let is_unknown = resource.unknown.contains(first);
        let note = if plan.is_state || is_unknown {
            None
        } else if planned.get(path) == is {
            Some("the plan leaves it so".to_owned())
        } else if planned.get(path) == was {
            Some("the plan puts it back".to_owned())
        } else {
            Some("the plan makes it another value".to_owned())
        };
        let secret = one.sensitive.iter().any(|mask| is_secret(mask, path));
        let shown = |value: Option<&String>| value.map(|value| if secret { "(secret)".to_owned() } else { cut(value) });
        details.push(Detail::Value { path: path.clone(), before: shown(was), after: shown(is), note });
    }
    if details.is_empty() {
        return None;
    }
    let mut change = Change::new(Class::Drifted, address, format!("`{address}` was changed outside"));
    change.details = details;
    Some(change)
}

/// Whether an attribute repeats what resources of the plan say, such as the policy that is attached to a queue.
fn is_echo(attribute: &str, one: &Drift, plan: &Planned) -> bool {
    let block = |address: &str| plan.resources.get(address).map(|one| one.references.contains_key(attribute));
    // What the configuration sets is no echo.
    if block(&one.address) != Some(false) {
        return false;
    }
    let Some(Json::String(text)) = one.after.get(attribute) else { return false };
    let Some(document) = document(text) else { return false };
    let others = plan.resources.iter().filter(|(address, _)| **address != one.address);
    let mut values = others.flat_map(|(_, other)| other.after.iter().flat_map(|values| values.values()));
    values.any(|value| value.as_str().and_then(self::document).is_some_and(|other| other == document))
}

/// All values that stand alone, by path. Nothing, an empty text and an empty list are the same to most providers.
fn leaves(value: &Json) -> BTreeMap<String, String> {
    fn below(value: &Json, at: &str, out: &mut BTreeMap<String, String>) {
        match value {
            Json::Null => {}
            Json::String(text) if text.is_empty() => {}
            Json::String(text) => match document(text) {
                Some(inner) => below(&inner, at, out),
                None => drop(out.insert(at.to_owned(), format!("`{text}`"))),
            },
            Json::Bool(_) | Json::Number(_) => drop(out.insert(at.to_owned(), value.to_string())),
            Json::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    below(item, &format!("{at}[{index}]"), out);
                }
            }
            Json::Object(entries) => {
                for (key, item) in entries {
                    let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                    below(item, &path, out);
                }
            }
        }
    }
    let mut out = BTreeMap::new();
    below(value, "", &mut out);
    out
}

/// What a text holds, where it is JSON.
fn document(text: &str) -> Option<Json> {
    let is_document = text.trim_start().starts_with(['{', '[']);
    is_document.then(|| serde_json::from_str(text).ok()).flatten()
}

/// Whether a mask, which has the shape of the values, has `true` on the way to a path.
fn is_secret(mask: &Json, path: &str) -> bool {
    let mut mask = mask;
    for key in path.split(['.', '[']).map(|key| key.trim_end_matches(']')) {
        mask = match mask {
            Json::Bool(secret) => return *secret,
            Json::Array(items) => match key.parse::<usize>().ok().and_then(|at| items.get(at)) {
                Some(inner) => inner,
                None => return false,
            },
            Json::Object(entries) => match entries.get(key) {
                Some(inner) => inner,
                None => return false,
            },
            Json::Null | Json::Number(_) | Json::String(_) => return false,
        };
    }
    // What stands below a part that is masked somewhere is not shown by halves.
    has_secret(mask)
}

fn has_secret(mask: &Json) -> bool {
    match mask {
        Json::Bool(secret) => *secret,
        Json::Array(items) => items.iter().any(has_secret),
        Json::Object(entries) => entries.values().any(has_secret),
        Json::Null | Json::Number(_) | Json::String(_) => false,
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let short: String = text.chars().take(LONGEST - 1).collect();
    format!("{short}…")
}
