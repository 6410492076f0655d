//! Overrides of an output in HCL. Its tool puts a block or a map of an override in the place of the whole one that it
//! overrides, so that what is left out there would be lost: each is completed from what it overrides.

use serde_json::{Map, Value as Json};

use crate::artifact::{File, Node, OVERRIDES, Resource, Resources, Value};

/// The file of overrides among files, completed: its path and its text. `None` where there is none, or nothing to complete.
/// Arguments of `ignored` are the tool's own, and it completes them itself.
pub(crate) fn completed(files: &[File<'_>], ignored: &[String]) -> Option<(String, String)> {
    let file = files.iter().find(|file| file.path.ends_with(OVERRIDES))?;
    let mut document: Json = serde_json::from_str(file.text).ok()?;
    let resources = Resources::read(files, "");
    let types = document.get_mut("resource")?.as_object_mut()?;
    for (kind, names) in types.iter_mut() {
        for (name, attributes) in names.as_object_mut().into_iter().flatten() {
            let (Some(resource), Json::Object(attributes)) = (resources.get(kind, name), attributes) else { continue };
            complete(resource, attributes, ignored);
        }
    }
    let text = serde_json::to_string_pretty(&document).ok()? + "\n";
    (text != file.text).then(|| (file.path.to_owned(), text))
}

fn complete(resource: &Resource<'_>, attributes: &mut Map<String, Json>, ignored: &[String]) {
    let Ok(body) = resource.read() else { return };
    for (key, value) in attributes.iter_mut().filter(|(key, _)| !ignored.contains(key)) {
        if let [Some(own), None] = twice(&body, key) {
            merge(value, own);
        }
    }
}

/// The first two of a key: blocks may stand several times, and which is meant nobody knows.
fn twice<'n, 'a>(body: &'n Node<'a>, key: &str) -> [Option<&'n Node<'a>>; 2] {
    let Value::Map(entries) = &body.value else { return [None, None] };
    let mut found = entries.iter().filter(|(name, _)| name == key).map(|(_, node)| node);
    [found.next(), found.next()]
}

/// Adds to a map what it leaves out of another.
fn merge(value: &mut Json, own: &Node<'_>) {
    let (Json::Object(map), Value::Map(entries)) = (value, &own.value) else { return };
    for (key, node) in entries {
        match map.get_mut(&**key) {
            Some(value) => merge(value, node),
            None => {
                map.insert(key.to_string(), json(node));
            }
        }
    }
}

/// A value in the JSON form of HCL, where a text is a template.
fn json(node: &Node<'_>) -> Json {
    match &node.value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(*flag),
        Value::Number(text) => serde_json::from_str(text).unwrap_or_else(|_| Json::from(&**text)),
        Value::List(items) => items.iter().map(json).collect(),
        Value::Map(entries) => {
            let mut map = Map::new();
            for (key, node) in entries {
                match (map.get_mut(&**key), json(node)) {
                    (None, value) => _ = map.insert(key.to_string(), value),
                    (Some(Json::Array(blocks)), value) => blocks.push(value),
                    (Some(first), value) => *first = Json::from(vec![first.take(), value]),
                }
            }
            Json::Object(map)
        }
        Value::Text(_) | Value::Reference(_) | Value::Concat(_) | Value::Raw(_) => {
            Json::from(node.text().unwrap_or_default().into_owned())
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    const OUTPUT: &str = r#"resource "x_function" "f" {
  name = "f"
  tags = { app = "a", "k" = "v" }
  environment {
    variables = {
      A = x_table.t.name
      B = "arn:${x_table.t.arn}/*"
    }
  }
  rule {
    on = 1
  }
  rule {
    on = 2
  }
  lifecycle {
    prevent_destroy = true
  }
}
"#;

    fn complete(attributes: &Json) -> Option<Json> {
        let text = json!({ "resource": { "x_function": { "f": attributes } } }).to_string();
        let files = [File { path: "a.tf", text: OUTPUT }, File { path: "isobar_override.tf.json", text: &text }];
        let (_, text) = completed(&files, &["lifecycle".to_owned()])?;
        let mut document: Json = serde_json::from_str(&text).unwrap();
        Some(document.pointer_mut("/resource/x_function/f").unwrap().take())
    }

    #[test]
    fn what_an_override_leaves_out_of_a_block_stays() {
        let found =
            complete(&json!({ "environment": { "variables": { "A": "own", "C": "c" } }, "tags": { "k": "w" } }));
        let variables = json!({ "A": "own", "B": "arn:${x_table.t.arn}/*", "C": "c" });
        assert_eq!(found, Some(json!({ "environment": { "variables": variables }, "tags": { "app": "a", "k": "w" } })));
    }

    #[test]
    fn the_rest_is_as_the_spec_has_it() {
        let attributes =
            json!({ "name": "g", "rule": { "off": 1 }, "lifecycle": { "create": true }, "more": { "a": 1 } });
        let found = complete(&attributes);
        assert!(found.is_none_or(|found| found == attributes));
    }
}
