//! A value of a plan → what stands alone in it, by path, each with whether it is secret.

use std::collections::BTreeMap;

use serde_json::Value as Json;

/// Longer values are cut.
const LONGEST: usize = 120;

/// A value that stands alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Leaf {
    /// As it is printed.
    pub(super) text: String,
    /// Whether it must not be.
    pub(super) is_secret: bool,
}

/// All of them. Null, an empty text and an empty list are the same to most providers, and left out; a list of texts and
/// numbers is one value whose order says nothing. A mask is `true` where a value is secret, or has the shape of the values.
pub(super) fn leaves(value: &Json, mask: &Json) -> BTreeMap<String, Leaf> {
    let mut out = BTreeMap::new();
    below(value, mask, "", &mut out);
    out
}

fn below(value: &Json, mask: &Json, at: &str, out: &mut BTreeMap<String, Leaf>) {
    let mut add = |text: String| {
        out.insert(at.to_owned(), Leaf { text, is_secret: has_secret(mask) });
    };
    match value {
        Json::Null => {}
        Json::String(text) if text.is_empty() => {}
        Json::String(text) => match document(text) {
            Some(inner) => below(&inner, mask, at, out),
            None => add(format!("`{text}`")),
        },
        Json::Bool(_) | Json::Number(_) => add(value.to_string()),
        Json::Array(items) if items.iter().all(is_scalar) => {
            let mut texts: Vec<String> = items.iter().filter_map(scalar).collect();
            texts.sort_unstable();
            if !texts.is_empty() {
                add(texts.join(", "));
            }
        }
        Json::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, inner(mask, |mask| mask.get(index)), &format!("{at}[{index}]"), out);
            }
        }
        Json::Object(entries) => {
            for (key, item) in entries {
                let path = if at.is_empty() { key.clone() } else { format!("{at}.{key}") };
                below(item, inner(mask, |mask| mask.get(key)), &path, out);
            }
        }
    }
}

/// The mask of a part: a secret is secret throughout.
fn inner<'j>(mask: &'j Json, part: impl Fn(&'j Json) -> Option<&'j Json>) -> &'j Json {
    match mask {
        Json::Bool(_) => mask,
        Json::Null | Json::Number(_) | Json::String(_) | Json::Array(_) | Json::Object(_) => {
            part(mask).unwrap_or(&Json::Null)
        }
    }
}

fn has_secret(mask: &Json) -> bool {
    match mask {
        Json::Bool(secret) => *secret,
        Json::Array(items) => items.iter().any(has_secret),
        Json::Object(entries) => entries.values().any(has_secret),
        Json::Null | Json::Number(_) | Json::String(_) => false,
    }
}

fn is_scalar(value: &Json) -> bool {
    match value {
        Json::String(text) => document(text).is_none(),
        Json::Null | Json::Bool(_) | Json::Number(_) => true,
        Json::Array(_) | Json::Object(_) => false,
    }
}

fn scalar(value: &Json) -> Option<String> {
    match value {
        Json::String(text) => Some(format!("`{text}`")),
        Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

/// What a text holds, where it is JSON.
pub(super) fn document(text: &str) -> Option<Json> {
    let is_document = text.trim_start().starts_with(['{', '[']);
    is_document.then(|| serde_json::from_str(text).ok()).flatten()
}

/// What is shown of a text.
pub(super) fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let short: String = text.chars().take(LONGEST - 1).collect();
    format!("{short}…")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_stand_at_their_paths_and_secrets_are_known() {
        let value = json!({
            "none": null, "empty": "", "list": [], "set": ["b", "a"], "n": 1,
            "policy": "{\"Statement\":[{\"Action\":\"x\"}]}", "variables": {"A.B": "s", "C": "d"},
        });
        let mask = json!({"variables": {"A.B": true}, "policy": false});
        let found = leaves(&value, &mask);
        let shown: Vec<(&str, &str, bool)> =
            found.iter().map(|(path, leaf)| (path.as_str(), leaf.text.as_str(), leaf.is_secret)).collect();
        assert_eq!(
            shown,
            [
                ("n", "1", false),
                ("policy.Statement[0].Action", "`x`", false),
                ("set", "`a`, `b`", false),
                ("variables.A.B", "`s`", true),
                ("variables.C", "`d`", false),
            ]
        );
        assert!(leaves(&value, &json!(true)).values().all(|leaf| leaf.is_secret));
    }
}
