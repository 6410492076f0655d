//! The vocabulary of the tables of fields, and the JSON Schema that comes of them.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::fields::GROUPS;
use super::view::{Document, Statement};
use crate::model::{ResourceKind, TriggerKind};

/// What the value of a field looks like.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// A text.
    Text,
    /// A text, a reference or a concatenation.
    Printed,
    /// A whole number.
    Number,
    /// True or false.
    Flag,
    /// A list of texts.
    Texts,
    /// Keys and values that the manifest or the spec decides.
    Map,
    /// Whatever the spec has.
    Any,
    /// Another node.
    End,
    /// Other nodes.
    Ends,
    /// For each system of the target its statements, and `has_<system>`.
    Statements,
    /// For each system of the target its documents, and `has_<system>`.
    Documents,
    /// A mapping with these fields.
    Object(&'static [Field]),
    /// A list of such mappings.
    Objects(&'static [Field]),
    /// A type of its own.
    Typed(fn(&mut SchemaGenerator) -> Schema),
}

/// When a field is there.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    /// Always.
    Always,
    /// `has_<name>` is always there, the field where it is true.
    Flagged,
    /// A list, with `has_<name>` beside.
    Listed,
    /// In some views of the kind; the text says in which.
    Sometimes,
    /// Always, once for each kind of resource, whose name goes behind that of the field.
    PerResource,
    /// Always, once for each kind of trigger, whose name goes behind that of the field.
    PerTrigger,
}

/// One field.
#[derive(Clone, Copy)]
pub(super) struct Field {
    name: &'static str,
    shape: Shape,
    presence: Presence,
    doc: &'static str,
}

/// A field that is always there.
pub(super) const fn field(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, presence: Presence::Always, doc }
}

/// A field with its flag.
pub(super) const fn maybe(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, presence: Presence::Flagged, doc }
}

/// A list with its flag.
pub(super) const fn list(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, presence: Presence::Listed, doc }
}

/// A field that some views of the kind have.
pub(super) const fn sometimes(name: &'static str, shape: Shape, doc: &'static str) -> Field {
    Field { name, shape, presence: Presence::Sometimes, doc }
}

/// A flag for each kind of resource.
pub(super) const fn flag_per_resource(name: &'static str, doc: &'static str) -> Field {
    Field { name, shape: Shape::Flag, presence: Presence::PerResource, doc }
}

/// A flag for each kind of trigger.
pub(super) const fn flag_per_trigger(name: &'static str, doc: &'static str) -> Field {
    Field { name, shape: Shape::Flag, presence: Presence::PerTrigger, doc }
}

/// The shape of a type.
pub(super) const fn of<T: JsonSchema>() -> Shape {
    Shape::Typed(SchemaGenerator::subschema_for::<T>)
}

/// The shape of a list of a type.
pub(super) const fn list_of<T: JsonSchema>() -> Shape {
    Shape::Typed(SchemaGenerator::subschema_for::<Vec<T>>)
}

/// Which views have a group of fields.
pub(super) enum Kinds {
    /// All.
    All,
    /// Declared nodes: functions and resources.
    Nodes,
    /// Triggers.
    Triggers,
    /// Nodes and triggers.
    NodesAndTriggers,
    /// What the manifest gives names: all but packages and what stands for itself.
    Named,
    /// These.
    Only(&'static [&'static str]),
}

impl Kinds {
    fn has(&self, kind: &str) -> bool {
        let is_trigger = kind.starts_with("trigger.");
        let is_node = kind == "function" || ResourceKind::parse(kind).is_some();
        match self {
            Self::All => true,
            Self::Nodes => is_node,
            Self::Triggers => is_trigger,
            Self::NodesAndTriggers => is_node || is_trigger,
            Self::Named => is_node || is_trigger || matches!(kind, "application" | "output"),
            Self::Only(kinds) => kinds.contains(&kind),
        }
    }
}

/// Every kind of view.
fn kinds() -> Vec<String> {
    let one = ["application", "output", "package", "native", "override", "function"].map(str::to_owned);
    let resources = ResourceKind::ALL.iter().map(ToString::to_string);
    let triggers = TriggerKind::ALL.iter().map(|kind| format!("trigger.{kind}"));
    one.into_iter().chain(resources).chain(triggers).collect()
}

/// The JSON Schema (2020-12) of what templates see: one definition for each kind of view, `view.<kind>`.
pub fn view_schema() -> Value {
    let mut generator = SchemaSettings::draft2020_12().into_generator();
    let mut definitions = Map::new();
    for kind in kinds() {
        definitions.insert(format!("view.{kind}"), view(&kind, &mut generator));
    }
    let views: Vec<Value> = definitions.keys().map(|name| json!({ "$ref": format!("#/$defs/{name}") })).collect();
    for (group, _, fields) in GROUPS.iter().filter(|(group, ..)| !group.is_empty()) {
        definitions.insert(format!("fields.{group}"), object(fields.iter(), &mut generator));
    }
    definitions.insert("end".to_owned(), end());
    let doc = "For each system that permissions.yaml names: the statements, and `has_<system>`.";
    definitions.insert("statements".to_owned(), by_system::<Statement>(doc, &mut generator));
    let doc = "For each system that permissions.yaml names: the documents where there are several, and `has_<system>`.";
    definitions.insert("documents".to_owned(), by_system::<Document>(doc, &mut generator));
    definitions.extend(generator.take_definitions(true));
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "View",
        "description": "What a template of a target sees: one view for each node, trigger and package, and for the \
            application. Every field of a kind is the same on every target.",
        "anyOf": views,
        "$defs": definitions,
    })
}

/// The fields of one kind: its own, and by reference those that it shares with others.
fn view(kind: &str, generator: &mut SchemaGenerator) -> Value {
    let groups = || GROUPS.iter().filter(|(_, kinds, _)| kinds.has(kind));
    let own = groups().filter(|(group, ..)| group.is_empty()).flat_map(|(.., fields)| fields.iter());
    let mut schema = object(own, generator);
    let shared = groups().filter(|(group, ..)| !group.is_empty());
    let shared: Vec<Value> = shared.map(|(group, ..)| json!({ "$ref": format!("#/$defs/fields.{group}") })).collect();
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("allOf".to_owned(), Value::from(shared));
        schema.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
        if let Some(properties) = schema.get_mut("properties").and_then(Value::as_object_mut) {
            // An output is the application again, with the list of files.
            let written = if kind == "output" { "application" } else { kind };
            properties.insert("kind".to_owned(), json!({ "const": written }));
        }
    }
    schema
}

fn object<'f>(fields: impl Iterator<Item = &'f Field>, generator: &mut SchemaGenerator) -> Value {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for field in fields {
        for (name, is_always, mut schema) in expanded(field, generator) {
            let is_flag = name.strip_prefix("has_") == Some(field.name);
            let doc = if is_flag { format!("Whether there is `{}`.", field.name) } else { field.doc.to_owned() };
            if let Some(schema) = schema.as_object_mut() {
                schema.insert("description".to_owned(), doc.into());
            }
            if is_always {
                required.push(name.clone());
            }
            properties.insert(name, schema);
        }
    }
    required.sort();
    json!({ "type": "object", "properties": properties, "required": required })
}

/// A mapping that has these fields and no others.
fn closed(fields: &[Field], generator: &mut SchemaGenerator) -> Value {
    let mut schema = object(fields.iter(), generator);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("additionalProperties".to_owned(), Value::Bool(false));
    }
    schema
}

/// The properties that a field stands for: name, whether it is always there, schema.
fn expanded(field: &Field, generator: &mut SchemaGenerator) -> Vec<(String, bool, Value)> {
    let flag = || json!({ "type": "boolean" });
    let per_kind = |kind: &str| (format!("{}{kind}", field.name), true, flag());
    let mut own = |is_always| (field.name.to_owned(), is_always, schema(field.shape, generator));
    let has = || (format!("has_{}", field.name), true, flag());
    match field.presence {
        Presence::Always => vec![own(true)],
        Presence::Sometimes => vec![own(false)],
        Presence::Flagged => vec![has(), own(false)],
        Presence::Listed => vec![has(), own(true)],
        Presence::PerResource => ResourceKind::ALL.iter().map(|kind| per_kind(kind.as_str())).collect(),
        Presence::PerTrigger => TriggerKind::ALL.iter().map(|kind| per_kind(kind.as_str())).collect(),
    }
}

fn schema(shape: Shape, generator: &mut SchemaGenerator) -> Value {
    match shape {
        Shape::Text => json!({ "type": "string" }),
        Shape::Printed => json!({ "type": ["string", "object"] }),
        Shape::Number => json!({ "type": "integer", "minimum": 0 }),
        Shape::Flag => json!({ "type": "boolean" }),
        Shape::Texts => json!({ "type": "array", "items": { "type": "string" } }),
        Shape::Map => json!({ "type": "object" }),
        Shape::Any => json!({}),
        Shape::End => json!({ "$ref": "#/$defs/end" }),
        Shape::Ends => json!({ "type": "array", "items": { "$ref": "#/$defs/end" } }),
        Shape::Statements => json!({ "$ref": "#/$defs/statements" }),
        Shape::Documents => json!({ "$ref": "#/$defs/documents" }),
        Shape::Object(fields) => closed(fields, generator),
        Shape::Objects(fields) => json!({ "type": "array", "items": closed(fields, generator) }),
        Shape::Typed(schema) => schema(generator).to_value(),
    }
}

/// Another node in a view. Ends of triggers have the fields of the trigger too, but for those that all views share.
fn end() -> Value {
    json!({
        "description": "Another node, with the attributes that the manifest gives its kind; of a trigger its own fields too.",
        "type": "object",
        "properties": {
            "node": { "type": "string", "description": "Its path." },
            "kind": { "type": "string", "description": "Its kind." },
            "name": { "type": ["string", "object"], "description": "Its name, or the attribute of that name." },
            "id": { "type": ["string", "object"], "description": "Its name as an identifier, or the attribute of that name." },
        },
        "required": ["node", "kind", "name", "id"],
    })
}

fn by_system<T: JsonSchema>(doc: &str, generator: &mut SchemaGenerator) -> Value {
    let list = generator.subschema_for::<Vec<T>>().to_value();
    json!({
        "description": doc,
        "type": "object",
        "additionalProperties": { "anyOf": [{ "type": "boolean" }, list] },
    })
}
