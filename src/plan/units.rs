//! Which template renders a view, what its products are called, and what others may refer to: the manifest's tables
//! asked about one view.

use std::collections::HashMap;

use super::draft::Draft;
use super::shared::Shared;
use crate::base::{Map, Value};
use crate::catalog::{AttributeTable, Manifest, NameRule, PatternError, Unit, ValueRule, holds};

/// The tables of a manifest by kind of view: each has a row for many kinds, and there are many views.
pub(super) struct Tables<'m> {
    names: HashMap<&'m str, Vec<&'m NameRule>>,
    values: HashMap<&'m str, Vec<&'m ValueRule>>,
    units: HashMap<&'m str, Vec<&'m Unit>>,
    attributes: HashMap<&'m str, &'m AttributeTable>,
}

impl<'m> Tables<'m> {
    pub(super) fn of(manifest: &'m Manifest) -> Self {
        let mut out = Self {
            names: HashMap::new(),
            values: HashMap::new(),
            units: HashMap::new(),
            attributes: manifest.attributes.iter().map(|(kind, table)| (kind.as_str(), table)).collect(),
        };
        for rule in &manifest.names {
            rule.kinds.as_slice().iter().for_each(|kind| out.names.entry(kind).or_default().push(rule));
        }
        for rule in &manifest.values {
            rule.kinds.as_slice().iter().for_each(|kind| out.values.entry(kind).or_default().push(rule));
        }
        for unit in &manifest.units {
            out.units.entry(&unit.kind).or_default().push(unit);
        }
        out
    }

    /// Whether there are units for a kind at all.
    pub(super) fn has_units(&self, kind: &str) -> bool {
        self.units.contains_key(kind)
    }
}

fn rows<'t, T>(table: &'t HashMap<&str, Vec<T>>, kind: &str) -> &'t [T] {
    table.get(kind).map_or(&[], Vec::as_slice)
}

/// A defect of the manifest that a view brought to light, as a clause.
pub(super) type Defect = String;

fn defect(what: &str, kind: &str, error: &PatternError) -> Defect {
    format!("{what} of `{kind}`: {error}")
}

/// Fills `names` in.
pub(super) fn name(tables: &Tables<'_>, shared: &Shared, draft: &mut Draft) -> Result<(), Defect> {
    let mut names = Map::new();
    let mut failed = None;
    let field = |path: &str| shared.at(&draft.view, path);
    for rule in rows(&tables.names, &draft.kind) {
        if names.contains_key(&rule.product) || !holds(&rule.when, field) {
            continue;
        }
        match one_name(rule, field) {
            Ok(value) => {
                names.insert(rule.product.clone(), value);
            }
            Err(error) => failed = Some(format!("name `{}` of `{}`: {error}", rule.product, draft.kind)),
        }
    }
    draft.set("names", names);
    failed.map_or(Ok(()), Err)
}

fn one_name<'v>(rule: &NameRule, field: impl Fn(&str) -> Option<&'v Value>) -> Result<Value, String> {
    let value = rule.pattern.fill(&field).map_err(|e| e.to_string())?;
    // A name that the platform completes cannot be measured here.
    let Value::Text(text) = value else { return Ok(value) };
    let fitted = rule.fit(&text);
    match rule.stranger(&fitted) {
        Some(c) => Err(format!("`{fitted}` holds {c:?}, which the platform does not allow")),
        None => Ok(fitted.into()),
    }
}

/// The attributes that the manifest gives a view.
pub(super) fn attributes(tables: &Tables<'_>, shared: &Shared, draft: &Draft) -> Result<Map, Defect> {
    let field = |path: &str| shared.at(&draft.view, path);
    let table = match tables.attributes.get(draft.kind.as_str()) {
        None => None,
        Some(AttributeTable::All(table)) => Some(table),
        Some(AttributeTable::Variants(list)) => list.iter().find(|v| holds(&v.when, field)).map(|v| &v.attributes),
    };
    let mut out = Map::new();
    for (name, pattern) in table.into_iter().flatten() {
        let value = pattern.fill(&field).map_err(|e| defect(&format!("attribute `{name}`"), &draft.kind, &e))?;
        out.insert(name.clone(), value);
    }
    Ok(out)
}

/// Fills `values` in; a value may use those before it.
pub(super) fn values(tables: &Tables<'_>, shared: &Shared, draft: &mut Draft) -> Result<(), Defect> {
    draft.set("values", Map::new());
    for rule in rows(&tables.values, &draft.kind) {
        let field = |path: &str| shared.at(&draft.view, path);
        let done = draft.view.get("values").is_some_and(|values| values.get(&rule.name).is_some());
        if done || !holds(&rule.when, field) {
            continue;
        }
        let value =
            rule.pattern.fill(&field).map_err(|e| defect(&format!("value `{}`", rule.name), &draft.kind, &e))?;
        if let Some(Value::Map(values)) = draft.view.get_mut("values") {
            values.insert(rule.name.clone(), value);
        }
    }
    Ok(())
}

/// The units that render a view: the first that fits, and for views that there is one of, all that fit.
pub(super) fn units<'m>(tables: &Tables<'m>, shared: &Shared, kind: &str, view: &Map) -> Vec<&'m Unit> {
    let field = |path: &str| shared.at(view, path);
    let mut fitting = rows(&tables.units, kind).iter().copied().filter(|unit| holds(&unit.when, field));
    match kind {
        "application" | "output" | "native" | "override" => fitting.collect(),
        _ => fitting.next().into_iter().collect(),
    }
}

/// File of the output, a path below the output folder.
pub(super) fn file(unit: &Unit, shared: &Shared, view: &Map) -> Result<String, Defect> {
    match unit.file.fill(&|path: &str| shared.at(view, path)) {
        Ok(Value::Text(path)) if !path.starts_with('/') && !path.split('/').any(|p| p == ".." || p.is_empty()) => {
            Ok(path.into())
        }
        Ok(other) => Err(format!("file of unit `{}`: {other} is no path below the output", unit.kind)),
        Err(error) => Err(defect("file", &unit.kind, &error)),
    }
}
