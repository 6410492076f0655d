//! References of schemas to other files are taken into the document, so that a schema is one value from here on.
//! References to the network are refused: a compile reads nothing but the folder of the spec.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::schema_file::{Fault, SchemaFiles, check};
use crate::base::RelPath;
use crate::diag::shorten;

/// Most files behind one schema.
const FILES: usize = 100;

/// The document with every file it refers to under `$defs`.
pub(super) fn bundle(files: &mut SchemaFiles<'_>, json: &Value, base: &RelPath, name: &str) -> Result<Value, Fault> {
    let mut bundle = Bundle { files, taken: BTreeMap::new(), queue: Vec::new() };
    let mut whole = bundle.rewrite(json, base, "", name)?;
    let mut defs = Map::new();
    while let Some((path, key)) = bundle.queue.pop() {
        let document = bundle.files.document(&path)?;
        let file = format!("`{path}`");
        check(&document, &file)?;
        let mut part = bundle.rewrite(&document, &path, &format!("/$defs/{key}"), &file)?;
        if let Value::Object(part) = &mut part {
            // An id would make the references that were rewritten relative to it.
            part.remove("$id");
            part.remove("$schema");
        }
        defs.insert(key, part);
    }
    if !defs.is_empty()
        && let Value::Object(whole) = &mut whole
    {
        whole.remove("$id");
        let own = whole.entry("$defs").or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(own) = own {
            own.append(&mut defs);
        }
    }
    targets_exist(&whole, &whole, name)?;
    Ok(whole)
}

struct Bundle<'b, 's> {
    files: &'b mut SchemaFiles<'s>,
    /// Key under `$defs` by file.
    taken: BTreeMap<RelPath, String>,
    queue: Vec<(RelPath, String)>,
}

impl Bundle<'_, '_> {
    /// The value with its references pointing into the bundle; `prefix` is where the document stands in it.
    fn rewrite(&mut self, value: &Value, base: &RelPath, prefix: &str, name: &str) -> Result<Value, Fault> {
        match value {
            Value::Array(items) => {
                let items = items.iter().map(|item| self.rewrite(item, base, prefix, name));
                items.collect::<Result<_, _>>().map(Value::Array)
            }
            Value::Object(map) => {
                let mut out = Map::with_capacity(map.len());
                for (key, value) in map {
                    let value = match (key.as_str(), value) {
                        ("$ref", Value::String(reference)) => {
                            Value::String(self.reference(reference, base, prefix, name)?)
                        }
                        // Data, not schemas.
                        ("const" | "enum" | "default" | "examples", _) => value.clone(),
                        _ => self.rewrite(value, base, prefix, name)?,
                    };
                    out.insert(key.clone(), value);
                }
                Ok(Value::Object(out))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(value.clone()),
        }
    }

    fn reference(&mut self, reference: &str, base: &RelPath, prefix: &str, name: &str) -> Result<String, Fault> {
        let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
        if file.is_empty() {
            return Ok(format!("#{}", inside(prefix, fragment)));
        }
        if file.contains(':') || file.starts_with("//") {
            let message = format!("{name} refers to `{}` on the network", shorten(reference));
            let help = "copy that schema beside it and refer to the file";
            return Err(Fault::new("remote-schema-reference", message, help).of_reference(reference));
        }
        let Some(path) = RelPath::resolve(base.folder(), file) else {
            let message = format!("{name} refers to `{}`, outside of the folder of `isobar.yaml`", shorten(reference));
            return Err(Fault::new("invalid-path", message, "copy the file into that folder").of_reference(reference));
        };
        if let Some(key) = self.taken.get(&path) {
            return Ok(format!("#{}", inside(&format!("/$defs/{key}"), fragment)));
        }
        if self.taken.len() >= FILES {
            let message = format!("{name} refers to more than {FILES} files");
            return Err(Fault::new("file-too-large", message, "join the files"));
        }
        let key = format!("file-{}", path.as_str().replace(['/', '~', '.'], "-"));
        // Two paths may become one key; the number keeps them apart.
        let key = if self.taken.values().any(|k| *k == key) { format!("{key}-{}", self.taken.len()) } else { key };
        self.taken.insert(path.clone(), key.clone());
        self.queue.push((path, key.clone()));
        Ok(format!("#{}", inside(&format!("/$defs/{key}"), fragment)))
    }
}

fn inside(prefix: &str, fragment: &str) -> String {
    if fragment.is_empty() || fragment.starts_with('/') { format!("{prefix}{fragment}") } else { fragment.to_owned() }
}

/// Every reference has to lead somewhere.
fn targets_exist(value: &Value, root: &Value, name: &str) -> Result<(), Fault> {
    match value {
        Value::Array(items) => items.iter().try_for_each(|item| targets_exist(item, root, name)),
        Value::Object(map) => map.iter().try_for_each(|(key, value)| match (key.as_str(), value) {
            ("$ref", Value::String(reference)) => {
                let fragment = reference.trim_start_matches('#');
                let known = !fragment.starts_with('/') || root.pointer(&decode(fragment)).is_some();
                if known {
                    return Ok(());
                }
                let message = format!("{name} refers to `{}`, which is not there", shorten(reference));
                let fault = Fault::new("unresolved-schema-reference", message, "correct the `$ref`");
                Err(fault.of_reference(reference))
            }
            ("const" | "enum" | "default" | "examples", _) => Ok(()),
            _ => targets_exist(value, root, name),
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Ok(()),
    }
}

/// `%25` and the like in a fragment.
fn decode(fragment: &str) -> String {
    let mut bytes = Vec::with_capacity(fragment.len());
    let mut rest = fragment.bytes();
    while let Some(b) = rest.next() {
        if b != b'%' {
            bytes.push(b);
            continue;
        }
        let digits: String = rest.clone().take(2).map(char::from).collect();
        match u8::from_str_radix(&digits, 16) {
            Ok(byte) if digits.len() == 2 => {
                bytes.push(byte);
                rest.nth(1);
            }
            _ => bytes.push(b),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
