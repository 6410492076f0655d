//! Event schemas: whether a path into the data is always there. A JSON Schema says much more; what is not understood
//! here is answered with "unknown", never with a guess.

use std::sync::Arc;

use serde_json::Value;

use super::{Pointer, Schema};

/// Whether data that fits a schema has a value at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always.
    Required,
    /// The schema names it, and it may be missing.
    Optional,
    /// The schema names other members there, or none can be there.
    Absent,
    /// The schema does not say.
    Unknown,
}

/// Followed references; a schema may refer to itself.
const FOLLOWED: usize = 32;

impl Schema {
    /// Whether data that fits has a value at `path`.
    pub fn presence(&self, path: &Pointer) -> Presence {
        let mut schemas = vec![&*self.json];
        let mut sure = true;
        for step in path.steps() {
            let Some((next, required)) = member(&self.json, &schemas, &step) else {
                return if knows_members(&self.json, &schemas) { Presence::Absent } else { Presence::Unknown };
            };
            sure &= required;
            schemas = next;
        }
        if sure { Presence::Required } else { Presence::Optional }
    }

    /// The schemas that hold together at a path, whose references start from this document; none where a choice or an
    /// unnamed member is on the way.
    pub fn parts(&self, steps: &[Arc<str>]) -> Option<Vec<&Value>> {
        let mut schemas = vec![&*self.json];
        for step in steps {
            schemas = member(&self.json, &schemas, step)?.0;
        }
        Some(schemas)
    }

    /// The members that the schema names at a path; an empty path is the data itself.
    pub fn members(&self, path: Option<&Pointer>) -> Option<Vec<String>> {
        let mut schemas = vec![&*self.json];
        for step in path.into_iter().flat_map(Pointer::steps) {
            schemas = member(&self.json, &schemas, &step)?.0;
        }
        let mut names: Vec<String> = expand(&self.json, &schemas)
            .into_iter()
            .filter_map(|s| s.get("properties")?.as_object())
            .flat_map(|properties| properties.keys().cloned())
            .collect();
        names.sort();
        names.dedup();
        Some(names)
    }
}

impl Schema {
    /// The types that data at a path can have, where the schema says so.
    pub fn types(&self, path: &Pointer) -> Option<Vec<&str>> {
        let mut schemas = vec![&*self.json];
        for step in path.steps() {
            schemas = member(&self.json, &schemas, &step)?.0;
        }
        let mut types: Option<Vec<&str>> = None;
        for stated in expand(&self.json, &schemas).into_iter().filter_map(|schema| schema.get("type")) {
            let listed = stated.as_array().map_or(std::slice::from_ref(stated), Vec::as_slice);
            let own: Vec<&str> = listed.iter().filter_map(Value::as_str).collect();
            types = Some(match types {
                None => own,
                Some(before) => before.into_iter().filter(|t| own.contains(t)).collect(),
            });
        }
        types.filter(|types| !types.is_empty())
    }
}

/// The subschemas of one member or element, and whether it is always there. `None` when nothing names it.
fn member<'s>(root: &'s Value, schemas: &[&'s Value], step: &str) -> Option<(Vec<&'s Value>, bool)> {
    let all = expand(root, schemas);
    let mut found = Vec::new();
    let mut required = false;
    for schema in &all {
        if let Some(property) = schema.get("properties").and_then(|p| p.get(step)) {
            found.push(property);
        }
        let names = schema.get("required").and_then(Value::as_array);
        required |= names.is_some_and(|names| names.iter().any(|n| n.as_str() == Some(step)));
        if let Ok(index) = step.parse::<usize>() {
            let prefix = schema.get("prefixItems").and_then(Value::as_array);
            found.extend(prefix.and_then(|items| items.get(index)).or_else(|| schema.get("items")));
            let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
            required |= usize::try_from(least).is_ok_and(|least| least > index);
        }
    }
    (!found.is_empty() || required).then_some((found, required))
}

/// Whether the schemas list what members there are, so that another one is a mistake.
fn knows_members(root: &Value, schemas: &[&Value]) -> bool {
    let all = expand(root, schemas);
    // A choice may name it in one of its branches.
    let choice = all.iter().any(|s| {
        ["oneOf", "anyOf", "if", "dependentSchemas", "patternProperties"].iter().any(|k| s.get(k).is_some())
            || s.get("$ref").is_some_and(|r| referred(root, r).is_none())
            || s.get("$dynamicRef").is_some()
    });
    let scalar = |s: &Value| matches!(s.get("type").and_then(Value::as_str), Some(t) if t != "object" && t != "array");
    !choice
        && all.iter().any(|s| {
            s.get("properties").is_some() || s.get("additionalProperties") == Some(&Value::Bool(false)) || scalar(s)
        })
}

/// The schemas with everything that holds together with them: `$ref` and `allOf`.
fn expand<'s>(root: &'s Value, schemas: &[&'s Value]) -> Vec<&'s Value> {
    let mut all: Vec<&Value> = schemas.to_vec();
    let mut at = 0;
    let mut followed = 0;
    while let Some(schema) = all.get(at).copied() {
        at += 1;
        if followed >= FOLLOWED {
            break;
        }
        if let Some(target) = schema.get("$ref").and_then(|r| referred(root, r)) {
            followed += 1;
            all.push(target);
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            followed += parts.len();
            all.extend(parts);
        }
    }
    all
}

/// Where a `$ref` inside of a document leads.
pub fn referred<'s>(root: &'s Value, reference: &Value) -> Option<&'s Value> {
    let fragment = reference.as_str()?.strip_prefix('#')?;
    if fragment.is_empty() {
        return Some(root);
    }
    if let Some(found) = root.pointer(fragment) {
        return Some(found);
    }
    let anchored = |v: &&Value| v.get("$anchor").and_then(Value::as_str) == Some(fragment);
    root.get("$defs").and_then(Value::as_object)?.values().find(anchored)
}

/// A part of a document, for where the whole of it stands at `place` in another: its references lead to the same schemas.
pub fn moved(part: &Value, root: &Value, place: &str) -> Value {
    match part {
        Value::Array(items) => items.iter().map(|item| moved(item, root, place)).collect(),
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let value = match (key.as_str(), value) {
                    ("$ref", Value::String(reference)) => Value::String(new_reference(reference, root, place)),
                    // Data, not schemas.
                    ("const" | "enum" | "default" | "examples", _) => value.clone(),
                    _ => moved(value, root, place),
                };
                (key.clone(), value)
            };
            map.iter().map(entry).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => part.clone(),
    }
}

fn new_reference(reference: &str, root: &Value, place: &str) -> String {
    let Some(fragment) = reference.strip_prefix('#') else { return reference.to_owned() };
    if fragment.is_empty() || fragment.starts_with('/') {
        return format!("#{place}{fragment}");
    }
    // An anchor is found in its own document alone; its place is found anywhere.
    let anchored = |(_, v): &(&String, &Value)| v.get("$anchor").and_then(Value::as_str) == Some(fragment);
    let named = root.get("$defs").and_then(Value::as_object).and_then(|defs| defs.iter().find(anchored));
    named.map_or_else(|| reference.to_owned(), |(name, _)| format!("#{place}/$defs/{name}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::base::{FileId, Span};
    use serde_json::json;

    #[test]
    fn paths_in_schemas() {
        let schema = Schema {
            span: Span::start_of(FileId(0)),
            file: None,
            json: json!({
                "type": "object",
                "properties": {
                    "id": { "type": "string" },
                    "note": { "type": "string" },
                    "buyer": { "$ref": "#/$defs/buyer" },
                    "free": { "type": "object" },
                    "choice": { "oneOf": [{ "properties": { "a": {} } }] },
                    "lines": { "type": "array", "minItems": 1, "items": { "properties": { "sku": {} }, "required": ["sku"] } },
                    "self": { "$ref": "#" }
                },
                "required": ["id", "buyer", "bare", "lines", "self"],
                "$defs": { "buyer": { "allOf": [{ "properties": { "mail": {} }, "required": ["mail"] }] } }
            })
            .into(),
        };
        let cases = [
            ("/id", Presence::Required),
            ("/note", Presence::Optional),
            ("/buyer/mail", Presence::Required),
            ("/buyer/name", Presence::Absent),
            ("/other", Presence::Absent),
            ("/bare", Presence::Required),
            ("/free/x", Presence::Unknown),
            ("/choice/a", Presence::Unknown),
            ("/id/x", Presence::Absent),
            ("/lines/0/sku", Presence::Required),
            ("/lines/1/sku", Presence::Optional),
            ("/self/self/id", Presence::Required),
        ];
        for (path, presence) in cases {
            assert_eq!(schema.presence(&Pointer::parse(path).unwrap()), presence, "{path}");
        }
    }
}
