//! JSON Schemas of events: read from files or written in place, checked against the metaschema of 2020-12.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::{Resolver, schema_refs, schema_text};
use crate::base::{Files, ReadError, RelPath, Span, Spanned, nearest_path};
use crate::diag::Finding;
use crate::model::Schema;
use crate::spec::{self, Places, SchemaSource};

/// Largest schema that is read, in bytes.
const CAP: u64 = 1 << 20;
/// The dialect that is understood.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Files of schemas, each read once.
pub(super) struct SchemaFiles<'s> {
    files: &'s dyn Files,
    read: HashMap<RelPath, Result<Arc<Value>, Fault>>,
    /// Checked and bundled, by the file they start from.
    whole: HashMap<RelPath, Option<Arc<Value>>>,
}

/// What is wrong with a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) id: &'static str,
    pub(super) message: String,
    pub(super) help: String,
    part: Part,
}

/// Which part of the document it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole,
    /// What stands at a JSON Pointer.
    At(String),
    /// A reference of this text.
    Reference(String),
}

impl Fault {
    pub(super) fn new(id: &'static str, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { id, message: message.into(), help: help.into(), part: Part::Whole }
    }

    /// About what stands at a JSON Pointer.
    fn at_pointer(self, pointer: &str) -> Self {
        Self { part: Part::At(pointer.to_owned()), ..self }
    }

    /// About a reference.
    pub(super) fn of_reference(self, reference: &str) -> Self {
        Self { part: Part::Reference(reference.to_owned()), ..self }
    }

    fn at(self, span: Span) -> Finding {
        Finding::error(self.id, span, self.message).help(self.help)
    }

    /// In a document that is written in place.
    fn inside(self, json: &Value, places: &Places) -> Finding {
        let span = match &self.part {
            Part::Whole => places.span,
            Part::At(pointer) => places.at_pointer(pointer).span,
            Part::Reference(text) => place_of_reference(json, places, text).unwrap_or(places.span),
        };
        self.at(span)
    }
}

/// Where a `$ref` with this text stands.
fn place_of_reference(json: &Value, places: &Places, text: &str) -> Option<Span> {
    match json {
        Value::Object(map) if map.get("$ref").and_then(Value::as_str) == Some(text) => Some(places.get("$ref").span),
        Value::Object(map) => map.iter().find_map(|(key, value)| place_of_reference(value, places.get(key), text)),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(i, item)| place_of_reference(item, places.item(i), text))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

impl<'s> SchemaFiles<'s> {
    pub(super) fn new(files: &'s dyn Files) -> Self {
        Self { files, read: HashMap::new(), whole: HashMap::new() }
    }

    /// The document of a file.
    pub(super) fn document(&mut self, path: &RelPath) -> Result<Arc<Value>, Fault> {
        if let Some(read) = self.read.get(path) {
            return read.clone();
        }
        let document = self.load(path).map(Arc::new);
        self.read.insert(path.clone(), document.clone());
        document
    }

    fn load(&self, path: &RelPath) -> Result<Value, Fault> {
        let bytes = self.files.read(path, CAP).map_err(|error| unreadable(path, &error))?;
        let text = String::from_utf8(bytes)
            .map_err(|_| Fault::new("invalid-schema", format!("`{path}` is not UTF-8"), "save it as UTF-8"))?;
        let yaml = path.as_str().rsplit_once('.').is_some_and(|(_, end)| matches!(end, "yaml" | "yml"));
        if yaml {
            return spec::document(&text).map_err(|why| {
                Fault::new("invalid-schema", format!("`{path}` is not YAML: {why}"), "correct the file")
            });
        }
        schema_text::json(&text).map_err(|error| {
            let what = if error.is_data() { "is ambiguous" } else { "is not JSON" };
            Fault::new("invalid-schema", format!("`{path}` {what}: {error}"), "correct the file")
        })
    }
}

fn unreadable(path: &RelPath, error: &ReadError) -> Fault {
    match error {
        ReadError::Missing => {
            let help = "write the path relative to the file it stands in";
            Fault::new("missing-file", format!("there is no file `{path}`"), help)
        }
        ReadError::Folder => Fault::new("missing-file", format!("`{path}` is a folder"), "name a file"),
        ReadError::Outside => {
            let message = format!("`{path}` leads outside of the folder of `isobar.yaml`");
            Fault::new("invalid-path", message, "copy the file into that folder")
        }
        ReadError::TooLarge { size, cap } => {
            let message = format!("`{path}` has {size} bytes, more than {cap}");
            Fault::new("file-too-large", message, "split the schema, or leave out what the data does not need")
        }
        ReadError::Io(why) => {
            Fault::new("missing-file", format!("`{path}` cannot be read: {why}"), "make the file readable")
        }
    }
}

impl Resolver<'_> {
    /// The schema, checked. `None` when it was reported.
    pub(super) fn read_schema(&mut self, source: &SchemaSource) -> Option<Schema> {
        match source {
            SchemaSource::File(path) => self.schema_of_file(path),
            SchemaSource::Inline { json, places } => {
                let span = places.span;
                // References of an inline schema start from the file it stands in.
                let base = self.path(&Spanned::new("_".into(), span))?;
                match whole(&mut self.schemas, json, &base, "the schema") {
                    Ok(json) => Some(Schema { span, file: None, json }),
                    Err(fault) => {
                        self.report(fault.inside(json, places));
                        None
                    }
                }
            }
        }
    }

    fn schema_of_file(&mut self, path: &Spanned<Arc<str>>) -> Option<Schema> {
        let file = self.path(path)?;
        let json = if let Some(known) = self.schemas.whole.get(&file) {
            // What is wrong with a shared file is said once.
            known.clone()?
        } else {
            let document = self.schemas.document(&file);
            let near = document.as_ref().err().and_then(|_| nearest_path(self.schemas.files, &file));
            let checked = document.and_then(|json| {
                let name = format!("`{file}`");
                whole(&mut self.schemas, &json, &file, &name)
            });
            self.schemas.whole.insert(file.clone(), checked.as_ref().ok().cloned());
            match checked {
                Ok(json) => json,
                Err(fault) => {
                    let finding = fault.at(path.span);
                    let near = near.map(|near| near.seen_from(self.sources.folder(path.span)));
                    self.report(match near {
                        Some(near) => finding.did_you_mean(&near),
                        None => finding,
                    });
                    return None;
                }
            }
        };
        Some(Schema { span: path.span, file: Some(file.as_str().into()), json })
    }
}

/// Checks a document and takes into it what it refers to.
fn whole(schemas: &mut SchemaFiles<'_>, json: &Value, base: &RelPath, name: &str) -> Result<Arc<Value>, Fault> {
    check(json, name)?;
    let whole = schema_refs::bundle(schemas, json, base, name)?;
    Ok(Arc::new(whole))
}

/// Against the metaschema.
pub(super) fn check(json: &Value, name: &str) -> Result<(), Fault> {
    if !matches!(json, Value::Object(_) | Value::Bool(_)) {
        let help = "write a mapping such as `{ \"type\": \"object\", … }`";
        return Err(Fault::new("invalid-schema", format!("{name} is not a JSON Schema: it is no mapping"), help));
    }
    if let Some(dialect) = json.get("$schema").and_then(Value::as_str)
        && dialect.trim_end_matches('#') != DIALECT
    {
        let message = format!("{name} is written in `{}`", crate::diag::shorten(dialect));
        return Err(Fault::new(
            "schema-dialect",
            message,
            format!("write it for 2020-12: `\"$schema\": \"{DIALECT}\"`"),
        ));
    }
    jsonschema::draft202012::meta::validate(json).map_err(|error| {
        let pointer = error.instance_path().to_string();
        let why = crate::diag::shorten_to(&error.to_string(), 160);
        not_a_schema(name, &pointer, &why)
    })?;
    match wrong_pattern(json, &mut String::new()) {
        Some((pointer, text)) => {
            let why = format!("`{}` is no regular expression", crate::diag::shorten(&text));
            Err(not_a_schema(name, &pointer, &why))
        }
        None => Ok(()),
    }
}

fn not_a_schema(name: &str, pointer: &str, why: &str) -> Fault {
    let place = if pointer.is_empty() { String::new() } else { format!(" at `{pointer}`") };
    let message = format!("{name} is not a JSON Schema{place}: {why}");
    Fault::new("invalid-schema", message, "correct that part of it").at_pointer(pointer)
}

/// The first pattern that is no regular expression, which the metaschema leaves open, with the pointer to it.
fn wrong_pattern(json: &Value, pointer: &mut String) -> Option<(String, String)> {
    let length = pointer.len();
    let mut below = |key: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        let is_wrong = |text: &str| jsonschema::draft202012::new(&serde_json::json!({ "pattern": text })).is_err();
        let found = match (key, value) {
            ("pattern", Value::String(text)) => is_wrong(text).then(|| (pointer.clone(), text.clone())),
            // Data, not schemas.
            ("const" | "enum" | "default" | "examples", _) => None,
            ("patternProperties", Value::Object(map)) => {
                let wrong = map.keys().find(|text| is_wrong(text));
                wrong.map(|text| (pointer.clone(), text.clone())).or_else(|| wrong_pattern(value, pointer))
            }
            _ => wrong_pattern(value, pointer),
        };
        pointer.truncate(length);
        found
    };
    match json {
        Value::Object(map) => map.iter().find_map(|(key, value)| below(key, value)),
        Value::Array(items) => items.iter().enumerate().find_map(|(i, item)| below(&i.to_string(), item)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}
