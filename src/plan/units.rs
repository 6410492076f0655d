//! Which template renders a view, what its products are called, and what others may refer to: the manifest's tables
//! asked about one view.

use serde_json::{Map, Value, json};

use super::draft::Draft;
use crate::catalog::{AttributeTable, Manifest, NameRule, PatternError, Unit, at, holds};

/// A defect of the manifest that a view brought to light, as a clause.
pub(super) type Defect = String;

fn defect(what: &str, kind: &str, error: &PatternError) -> Defect {
    format!("{what} of `{kind}`: {error}")
}

/// Fills `names` in.
pub(super) fn name(manifest: &Manifest, draft: &mut Draft) -> Result<(), Defect> {
    let kind = draft.kind.clone();
    let mut names = Map::new();
    let mut failed = None;
    draft.look(|view| {
        for rule in manifest.names.iter().filter(|r| r.kinds.has(&kind)) {
            if names.contains_key(&rule.product) || !holds(&rule.when, view) {
                continue;
            }
            match one_name(rule, view) {
                Ok(value) => {
                    names.insert(rule.product.clone(), value);
                }
                Err(error) => failed = Some(format!("name `{}` of `{kind}`: {error}", rule.product)),
            }
        }
    });
    draft.view.insert("names".to_owned(), Value::Object(names));
    failed.map_or(Ok(()), Err)
}

fn one_name(rule: &NameRule, view: &Value) -> Result<Value, String> {
    let value = rule.pattern.fill(&|path: &str| at(view, path)).map_err(|e| e.to_string())?;
    match value {
        Value::String(text) => {
            let fitted = rule.fit(&text);
            match rule.stranger(&fitted) {
                Some(c) => Err(format!("`{fitted}` holds {c:?}, which the platform does not allow")),
                None => Ok(Value::String(fitted)),
            }
        }
        // A name that the platform completes cannot be measured here.
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => Ok(other),
    }
}

/// The attributes that the manifest gives a view.
pub(super) fn attributes(manifest: &Manifest, kind: &str, view: &Value) -> Result<Map<String, Value>, Defect> {
    let table = match manifest.attributes.get(kind) {
        None => None,
        Some(AttributeTable::All(table)) => Some(table),
        Some(AttributeTable::Variants(list)) => list.iter().find(|v| holds(&v.when, view)).map(|v| &v.attributes),
    };
    let mut out = Map::new();
    for (name, pattern) in table.into_iter().flatten() {
        let value =
            pattern.fill(&|path: &str| at(view, path)).map_err(|e| defect(&format!("attribute `{name}`"), kind, &e))?;
        out.insert(name.clone(), value);
    }
    Ok(out)
}

/// Fills `values` in; a value may use those before it.
pub(super) fn values(manifest: &Manifest, draft: &mut Draft) -> Result<(), Defect> {
    draft.view.insert("values".to_owned(), json!({}));
    let kind = draft.kind.clone();
    for rule in manifest.values.iter().filter(|r| r.kinds.has(&kind)) {
        let filled = draft.look(|view| {
            let done = at(view, "values").and_then(|v| v.get(&rule.name)).is_some();
            if done || !holds(&rule.when, view) {
                return Ok(None);
            }
            rule.pattern.fill(&|path: &str| at(view, path)).map(Some)
        });
        match filled {
            Ok(Some(value)) => {
                if let Some(Value::Object(values)) = draft.view.get_mut("values") {
                    values.insert(rule.name.clone(), value);
                }
            }
            Ok(None) => {}
            Err(error) => return Err(defect(&format!("value `{}`", rule.name), &kind, &error)),
        }
    }
    Ok(())
}

/// The units that render a view: the first that fits, and for views that there is one of, all that fit.
pub(super) fn units<'m>(manifest: &'m Manifest, kind: &str, view: &Value) -> Vec<&'m Unit> {
    let mut fitting = manifest.units.iter().filter(|u| u.kind == kind && holds(&u.when, view));
    match kind {
        "application" | "output" | "native" | "override" => fitting.collect(),
        _ => fitting.next().into_iter().collect(),
    }
}

/// Whether the manifest has units for a kind at all.
pub(super) fn has_units(manifest: &Manifest, kind: &str) -> bool {
    manifest.units.iter().any(|u| u.kind == kind)
}

/// File of the output, a path below the output folder.
pub(super) fn file(unit: &Unit, view: &Value) -> Result<String, Defect> {
    match unit.file.fill(&|path: &str| at(view, path)) {
        Ok(Value::String(path)) if !path.starts_with('/') && !path.split('/').any(|p| p == ".." || p.is_empty()) => {
            Ok(path)
        }
        Ok(other) => Err(format!("file of unit `{}`: {other} is no path below the output", unit.kind)),
        Err(error) => Err(defect("file", &unit.kind, &error)),
    }
}
