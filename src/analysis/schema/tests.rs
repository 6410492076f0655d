//! Pairs of schemas with what is known of them, and what holds for any pair.

use serde_json::{Map, Value, json};

use super::*;

fn validator(schema: &Value) -> jsonschema::Validator {
    let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
    options.should_validate_formats(true).build(schema).unwrap()
}

fn shown(producer: &Value, consumer: &Value) -> String {
    match compatibility(producer, consumer) {
        Compatibility::Compatible => "compatible".to_owned(),
        Compatibility::Incompatible { path, why, witness } => {
            assert!(validator(producer).is_valid(&witness), "{witness} does not fit {producer}");
            assert!(!validator(consumer).is_valid(&witness), "{witness} fits {consumer}");
            format!("{path}: {why}")
        }
        Compatibility::Unknown { path, why } => format!("unknown {path}: {why}"),
    }
}

#[test]
fn what_fits_and_what_breaks() {
    let order = json!({
        "type": "object", "required": ["id"], "additionalProperties": false,
        "properties": { "id": { "type": "string", "maxLength": 8, "pattern": "^[a-z]{2}-[0-9]+$" }, "note": { "type": "string" } }
    });
    let cases = [
        (json!({ "type": "integer" }), json!({ "type": "number" }), "compatible"),
        (
            json!({ "type": "number" }),
            json!({ "type": "integer" }),
            ": it may be a number with a fraction, and an integer is taken",
        ),
        (json!({ "type": "integer", "exclusiveMinimum": 0 }), json!({ "minimum": 1 }), "compatible"),
        (json!({ "type": "integer", "minimum": 0 }), json!({ "minimum": 1 }), ": it may be less than 1"),
        (json!({ "type": "integer" }), json!({ "maximum": 9 }), ": it may be more than 9, without a bound"),
        (json!({ "const": 1 }), json!({ "enum": [1.0, 2] }), "compatible"),
        (json!({ "enum": ["a", "b"] }), json!({ "enum": ["a"] }), ": it may be `\"b\"`, which is not listed"),
        (json!({ "type": "boolean" }), json!({ "enum": [true, false, null] }), "compatible"),
        (json!({ "type": "string" }), json!({ "maxLength": 5 }), ": it may be longer than 5 characters"),
        (json!({ "type": "string", "format": "uuid" }), json!({ "type": "string", "format": "uuid" }), "compatible"),
        (json!({ "type": "string" }), json!({ "format": "uuid" }), ": it may be a text that is no uuid"),
        (order.clone(), json!({ "type": "object", "required": ["id"] }), "compatible"),
        (order.clone(), json!({ "type": "object", "required": ["note"] }), "/note: it may be missing"),
        (order.clone(), json!({ "required": ["other"] }), "/other: the producer does not name it"),
        (order.clone(), json!({ "properties": { "other": { "type": "string" } } }), "compatible"),
        (order.clone(), json!({ "properties": { "id": { "pattern": "^[a-z]{2}-[0-9]+$" } } }), "compatible"),
        (
            order.clone(),
            json!({ "properties": { "id": { "maxLength": 4 } } }),
            "/id: it may be longer than 4 characters",
        ),
        (
            order.clone(),
            json!({ "properties": { "id": true }, "additionalProperties": false }),
            "/note: nothing may be there",
        ),
        (
            json!({ "type": "object", "properties": { "id": { "type": "string" } } }),
            json!({ "properties": { "id": true }, "additionalProperties": false }),
            "unknown : it may have members that the producer does not name",
        ),
        (
            json!({ "type": "array", "items": { "type": "integer" }, "maxItems": 3 }),
            json!({ "type": "array", "items": { "type": "number" }, "maxItems": 5 }),
            "compatible",
        ),
        (
            json!({ "type": "array", "items": { "type": ["integer", "null"] } }),
            json!({ "type": "array", "items": { "type": "number" } }),
            "/0: it may be null, and a number is taken",
        ),
        (
            json!({ "type": ["string", "null"] }),
            json!({ "anyOf": [{ "type": "null" }, { "type": "string" }] }),
            "compatible",
        ),
        (
            json!({ "anyOf": [{ "const": 1 }, { "type": "string" }] }),
            json!({ "type": ["string", "integer"] }),
            "compatible",
        ),
        (
            json!({ "oneOf": [{ "type": "object", "required": ["k"], "properties": { "k": { "const": "a" } } }, { "type": "object", "required": ["k", "n"], "properties": { "k": { "const": "b" }, "n": { "type": "integer" } } }] }),
            json!({ "oneOf": [{ "type": "object", "properties": { "k": { "const": "a" } } }, { "type": "object", "properties": { "k": { "const": "b" }, "n": { "type": "number" } } }] }),
            "compatible",
        ),
        (json!({ "type": "string" }), json!({ "not": { "type": "null" } }), "compatible"),
        (
            json!({ "type": "integer" }),
            json!({ "if": { "minimum": 1 }, "then": { "maximum": 9 } }),
            "unknown : the consumer's `if` is not understood",
        ),
        (json!(false), json!({ "const": 1 }), "compatible"),
        (json!({ "type": "null" }), json!(false), ": nothing may be there"),
    ];
    for (producer, consumer, expected) in cases {
        assert_eq!(shown(&producer, &consumer), expected, "{producer} to {consumer}");
    }
}

#[test]
fn schemas_that_refer_to_themselves() {
    let tree = |leaf: Value| {
        json!({
            "$ref": "#/$defs/node",
            "$defs": { "node": {
                "type": "object", "required": ["value"], "additionalProperties": false,
                "properties": { "value": leaf, "children": { "type": "array", "items": { "$ref": "#/$defs/node" } } }
            } }
        })
    };
    assert_eq!(shown(&tree(json!({ "type": "integer" })), &tree(json!({ "type": "number" }))), "compatible");
    let found = shown(&tree(json!({ "type": "number" })), &tree(json!({ "type": "integer" })));
    assert_eq!(found, "/value: it may be a number with a fraction, and an integer is taken");
    // What goes round without going down the data says nothing, and ends.
    let turns = json!({ "$ref": "#" });
    assert!(shown(&json!({ "type": "integer" }), &turns).starts_with("unknown"));
    let turns = json!({ "anyOf": [{ "$ref": "#" }, { "type": "null" }] });
    assert!(shown(&turns, &json!({ "type": "null" })).starts_with("unknown"));
}

#[test]
fn the_largest_data() {
    let bytes = |schema: Value| largest(&schema).map(crate::base::ByteSize::as_bytes);
    assert_eq!(bytes(json!({ "type": "string", "maxLength": 10 })), Some(42));
    assert_eq!(bytes(json!({ "type": "string" })), None);
    assert_eq!(bytes(json!({ "enum": ["a", "long"] })), Some(6));
    assert_eq!(bytes(json!({ "type": ["boolean", "null"] })), Some(5));
    assert_eq!(bytes(json!({ "type": "array", "maxItems": 2, "items": { "type": "boolean" } })), Some(2 + 2 + 10));
    assert_eq!(bytes(json!({ "type": "array", "items": { "type": "boolean" } })), None);
    let object = json!({ "type": "object", "additionalProperties": false, "properties": { "ab": { "type": "null" } } });
    // {"ab":null} and room for one comma.
    assert_eq!(bytes(object), Some(12));
    assert_eq!(bytes(json!({ "type": "object", "properties": { "ab": { "type": "null" } } })), None);
    assert_eq!(bytes(json!({ "anyOf": [{ "const": 1 }, { "type": "string", "maxLength": 1 }] })), Some(6));
    let tree = json!({ "type": "object", "additionalProperties": false, "properties": { "next": { "$ref": "#" } } });
    assert_eq!(bytes(tree), None);
}

#[test]
fn texts_are_made_for_patterns() {
    let patterns = [
        "^[A-Za-z0-9-]+$",
        "^[A-Z]{3}$",
        r"^\d{5}(-\d{4})?$",
        "^(ab|c)+x?$",
        "^ord_[a-z0-9]{24}$",
        r"^[^@]+@[^@]+\.[a-z]+$",
    ];
    for pattern in patterns {
        let judge = validator(&json!({ "type": "string", "pattern": pattern }));
        let texts = text::matching(pattern, &[1, 4, 30]);
        assert!(texts.iter().any(|text| judge.is_valid(&json!(text))), "{pattern}: {texts:?}");
    }
}

/// A generator of schemas and of data.
struct Random(u64);

const NAMES: [&str; 3] = ["a", "b", "c"];

impl Random {
    fn next(&mut self, below: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % below
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.next(100) < chance
    }

    fn scalar(&mut self) -> Value {
        match self.next(8) {
            0 => Value::Null,
            1 => json!(true),
            2 => json!(0.5),
            3 | 4 => json!(self.next(7)),
            5 => json!("2026-01-31"),
            _ => json!("a".repeat(usize::try_from(self.next(5)).unwrap())),
        }
    }

    fn schema(&mut self, depth: u64) -> Value {
        let simple = if depth == 0 { 7 } else { 14 };
        match self.next(simple) {
            0 => {
                json!({ "type": (["null", "boolean", "string", "integer", "number"][usize::try_from(self.next(5)).unwrap()]) })
            }
            1 => json!({ "type": ["string", "null"], "maxLength": self.next(5) }),
            2 => json!({ "type": "integer", "minimum": self.next(4), "exclusiveMaximum": 2 + self.next(6) }),
            3 => json!({ "type": "number", "exclusiveMinimum": self.next(3), "maximum": 1 + self.next(5) }),
            4 => json!({ "enum": [self.scalar(), self.scalar(), self.scalar()] }),
            5 => match self.next(5) {
                0 => json!({ "type": "string", "format": "date" }),
                1 => json!({ "type": "string", "pattern": "^a*$", "minLength": self.next(3) }),
                2 => json!({ "const": self.scalar() }),
                3 => json!({ "type": "integer", "multipleOf": 1 + self.next(3) }),
                _ => json!(self.percent(80)),
            },
            6 => json!({ "minimum": self.next(4), "minLength": self.next(3) }),
            7 => {
                let mut schema =
                    json!({ "type": "array", "items": self.schema(depth - 1), "maxItems": 1 + self.next(3) });
                if self.percent(40) {
                    schema["prefixItems"] = json!([self.schema(depth - 1)]);
                }
                if self.percent(30) {
                    schema["minItems"] = json!(self.next(3));
                }
                if self.percent(15) {
                    schema["uniqueItems"] = json!(true);
                }
                schema
            }
            8 => {
                let key = ["anyOf", "oneOf"][usize::try_from(self.next(2)).unwrap()];
                json!({ key: [self.schema(depth - 1), self.schema(depth - 1)] })
            }
            9 => json!({ "allOf": [self.schema(depth - 1), self.schema(0)] }),
            10 if self.percent(50) => json!({ "$ref": "#/$defs/d" }),
            10 => json!({ "type": "integer", "not": self.schema(0) }),
            _ => self.object(depth),
        }
    }

    fn object(&mut self, depth: u64) -> Value {
        let mut properties = Map::new();
        let mut required = Vec::new();
        for name in NAMES {
            if self.percent(60) {
                properties.insert(name.to_owned(), self.schema(depth - 1));
            }
            if self.percent(35) {
                required.push(json!(name));
            }
        }
        let mut schema = json!({ "type": "object", "properties": properties, "required": required });
        match self.next(10) {
            0..5 => schema["additionalProperties"] = json!(false),
            5 => schema["additionalProperties"] = self.schema(0),
            6 => schema["maxProperties"] = json!(1 + self.next(3)),
            _ => {}
        }
        schema
    }

    /// The same with something else somewhere.
    fn changed(&mut self, schema: &Value) -> Value {
        match schema {
            _ if self.percent(6) => self.schema(1),
            _ if self.percent(4) => json!({ "anyOf": [schema, { "type": "null" }] }),
            Value::Object(map) => {
                let mut out = Map::new();
                for (key, value) in map {
                    if self.percent(8) && key != "$defs" {
                        continue;
                    }
                    let value = match (key.as_str(), value) {
                        ("items" | "not" | "additionalProperties", value) => self.changed(value),
                        ("properties", Value::Object(members)) => {
                            members.iter().map(|(name, value)| (name.clone(), self.changed(value))).collect()
                        }
                        ("anyOf" | "oneOf" | "allOf" | "prefixItems", Value::Array(items)) => {
                            items.iter().map(|item| self.changed(item)).collect()
                        }
                        ("type", Value::String(name)) if name == "integer" && self.percent(20) => json!("number"),
                        (_, Value::Number(number)) if self.percent(25) && number.is_u64() => {
                            json!((number.as_u64().unwrap() + self.next(3)).saturating_sub(1).max(1))
                        }
                        _ => value.clone(),
                    };
                    out.insert(key.clone(), value);
                }
                Value::Object(out)
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => schema.clone(),
        }
    }

    fn document(&mut self, schema: Value) -> Value {
        let Value::Object(mut map) = schema else { return schema };
        let next = json!({ "type": "object", "properties": { "a": { "$ref": "#/$defs/d" }, "b": self.schema(0) }, "additionalProperties": false });
        map.entry("$defs").or_insert_with(|| json!({ "d": next }));
        Value::Object(map)
    }

    /// Data that may fit.
    fn value(&mut self, root: &Value, schema: &Value, depth: usize) -> Value {
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return values[usize::try_from(self.next(values.len() as u64)).unwrap()].clone();
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(target) = schema.get("$ref").filter(|_| depth < 6) {
            return self.value(root, crate::model::referred(root, target).unwrap(), depth + 1);
        }
        for key in ["anyOf", "oneOf", "allOf"] {
            if let Some(branches) = schema.get(key).and_then(Value::as_array) {
                let at = usize::try_from(self.next(branches.len() as u64)).unwrap();
                return self.value(root, &branches[at], depth + 1);
            }
        }
        match schema.get("type").and_then(Value::as_str) {
            Some("object") => {
                let mut members = Map::new();
                let required = schema.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
                for name in NAMES {
                    let property = schema.get("properties").and_then(|p| p.get(name));
                    if required.contains(&json!(name)) || depth < 6 && self.percent(50) {
                        let value = self.value(root, property.unwrap_or(&json!({})), depth + 1);
                        members.insert(name.to_owned(), value);
                    }
                }
                Value::Object(members)
            }
            Some("array") => {
                let length = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0) + self.next(3);
                let prefix = schema.get("prefixItems").and_then(Value::as_array).cloned().unwrap_or_default();
                (0..length)
                    .map(|at| {
                        let item = prefix.get(usize::try_from(at).unwrap()).or_else(|| schema.get("items"));
                        self.value(root, item.unwrap_or(&json!({})), depth + 1)
                    })
                    .collect()
            }
            Some("number") if self.percent(50) => json!(0.5 + f64::from(u32::try_from(self.next(6)).unwrap())),
            Some("integer" | "number") => json!(self.next(9)),
            _ => self.scalar(),
        }
    }
}

#[test]
fn what_is_called_compatible_fits_and_what_is_not_has_a_witness() {
    let mut random = Random(7);
    let (mut compatible, mut incompatible, mut unknown, mut drawn) = (0, 0, 0, 0);
    for _ in 0..1_200 {
        let schema = random.schema(3);
        let producer = random.document(schema);
        let changed = if random.percent(85) { random.changed(&producer) } else { random.schema(2) };
        let consumer = random.document(changed);
        if producer == consumer || !jsonschema::meta::is_valid(&producer) || !jsonschema::meta::is_valid(&consumer) {
            continue;
        }
        let (sender, taker) = (validator(&producer), validator(&consumer));
        match compatibility(&producer, &consumer) {
            Compatibility::Compatible => {
                compatible += 1;
                for _ in 0..40 {
                    let value = random.value(&producer, &producer, 0);
                    if sender.is_valid(&value) {
                        drawn += 1;
                        assert!(taker.is_valid(&value), "{value} fits\n{producer}\nand not\n{consumer}");
                    }
                }
            }
            Compatibility::Incompatible { witness, .. } => {
                incompatible += 1;
                assert!(sender.is_valid(&witness), "{witness} does not fit {producer}");
                assert!(!taker.is_valid(&witness), "{witness} fits {consumer}");
            }
            Compatibility::Unknown { .. } => unknown += 1,
        }
    }
    let all = compatible + incompatible + unknown;
    println!("{compatible} compatible with {drawn} values, {incompatible} incompatible, {unknown} unknown");
    assert!(all > 600 && compatible * 6 > all && incompatible * 6 > all && unknown * 4 < all, "of {all}");
    assert!(drawn > 3_000, "{drawn} values were drawn");
}
