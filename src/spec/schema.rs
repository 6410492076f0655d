//! The JSON Schema of a spec, for editors.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use super::Spec;

/// The JSON Schema (2020-12) of `isobar.yaml`, made from the declarations that the parser is made from.
pub fn schema() -> Value {
    let mut schema = SchemaSettings::draft2020_12().into_generator().into_root_schema_for::<Spec>();
    schema.insert("title".to_owned(), "isobar.yaml".into());
    let mut schema = schema.to_value();
    interpolate(&mut schema);
    if let Some(definitions) = schema.get_mut("$defs").and_then(Value::as_object_mut) {
        definitions.insert(INTERPOLATION.to_owned(), interpolation());
    }
    schema
}

/// What stands for a value until variables are filled in.
const INTERPOLATION: &str = "Interpolation";
/// How it looks.
const PATTERN: &str = r"\$\{[^}]+\}";

fn interpolation() -> Value {
    json!({
        "type": "string",
        "pattern": PATTERN,
        "description": "`${var.name}`, `${app}` or `${environment}`: filled in before the value is read."
    })
}

/// Lets variables stand where a scalar stands: an editor sees the text as it is written. What tells the variant of a union
/// stays as it is, so that the other keys can be told.
fn interpolate(schema: &mut Value) {
    let Value::Object(object) = schema else { return };
    if is_scalar(object) {
        allow(object);
        return;
    }
    for key in ["$defs", "properties", "patternProperties"] {
        let schemas = object.get_mut(key).and_then(Value::as_object_mut).into_iter().flatten();
        for (_, schema) in schemas.filter(|(_, schema)| schema.get("const").is_none()) {
            interpolate(schema);
        }
    }
    for key in ["anyOf", "oneOf"] {
        object.get_mut(key).and_then(Value::as_array_mut).into_iter().flatten().for_each(interpolate);
    }
    for key in ["items", "additionalProperties"] {
        object.get_mut(key).into_iter().for_each(interpolate);
    }
}

/// Whether a schema describes one scalar, and not any text.
fn is_scalar(schema: &Map<String, Value>) -> bool {
    let is_word = |schema: &Value| schema.get("const").is_some();
    let is_long = || schema.get("minLength").and_then(Value::as_u64).is_some_and(|least| least > 1);
    match schema.get("type").and_then(Value::as_str) {
        Some("integer" | "number" | "boolean") => true,
        Some("string") if schema.contains_key("pattern") || is_long() => true,
        Some(_) | None => {
            schema.contains_key("enum")
                || schema.contains_key("const")
                || schema.get("oneOf").and_then(Value::as_array).is_some_and(|words| words.iter().all(is_word))
        }
    }
}

/// Adds the variable as another form of a scalar.
fn allow(schema: &mut Map<String, Value>) {
    if let Some(Value::String(pattern)) = schema.get_mut("pattern") {
        *pattern = format!("{pattern}|{PATTERN}");
        return;
    }
    let description = schema.remove("description");
    let own = Value::Object(std::mem::take(schema));
    schema.extend(description.map(|text| ("description".to_owned(), text)));
    schema.insert("anyOf".to_owned(), json!([own, { "$ref": format!("#/$defs/{INTERPOLATION}") }]));
}
