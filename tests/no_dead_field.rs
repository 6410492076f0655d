//! A field that parses and does nothing is a bug. Each field of the language, as its JSON Schema lists them, is given
//! another value in a base application; the artifacts or the findings of every target have to change by it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "no_dead_field/base.rs"]
mod base;
#[path = "examples/support.rs"]
#[allow(dead_code, reason = "the tests of the examples use the rest")]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use base::{BASE, PENDING, SILENT, TOGGLES};
use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::Target;
use isobar::pipeline;
use rayon::prelude::*;
use serde_json::Value as Json;
use serde_yaml::Value;

/// All fields: `Declaration.field`, for resources `Resource.type.field`, at the top `.field`.
fn fields() -> BTreeSet<String> {
    fn take(name: &str, schema: &Json, out: &mut BTreeSet<String>) {
        let Some(properties) = schema["properties"].as_object() else {
            for variant in ["oneOf", "anyOf"].iter().filter_map(|key| schema[*key].as_array()).flatten() {
                let kind = variant["properties"]["type"]["const"].as_str();
                take(&kind.map_or_else(|| name.to_owned(), |kind| format!("{name}.{kind}")), variant, out);
            }
            return;
        };
        out.extend(properties.keys().map(|field| format!("{name}.{field}")));
    }
    let schema = isobar::spec::schema();
    let mut out = BTreeSet::new();
    take("", &schema, &mut out);
    for (name, definition) in schema["$defs"].as_object().unwrap() {
        take(name, definition, &mut out);
    }
    out
}

/// Puts a value at a dotted path; `null` removes. Parts that are numbers are indices.
fn put(tree: &mut Value, path: &str, value: Value) {
    let parts: Vec<&str> = path.split('/').collect();
    let (last, way) = parts.split_last().unwrap();
    let at = way.iter().fold(tree, |at, part| match part.parse::<usize>() {
        Ok(index) => &mut at[index],
        Err(_) => &mut at[*part],
    });
    if let Ok(index) = last.parse::<usize>() {
        at[index] = value;
    } else if value.is_null() {
        at.as_mapping_mut().unwrap().remove(*last);
    } else {
        at[*last] = value;
    }
}

/// The targets, read once.
static TARGETS: LazyLock<(Sources, Vec<Target>)> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let targets = ["aws", "kubernetes"].map(|id| support::target(id, &mut sources)).into();
    (sources, targets)
});

/// What comes out for one target: findings, and files.
#[derive(Clone, Default, PartialEq)]
struct Outcome {
    /// Sorted; the same at several places is there as often.
    findings: Vec<(String, String)>,
    files: BTreeMap<String, String>,
}

/// What comes out for each target.
fn outcomes(tree: &Value) -> Vec<Outcome> {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", serde_yaml::to_string(tree).unwrap());
    files.insert("more.yaml", "functions: { extra: { code: code, handler: app.extra } }\n");
    files.insert("code/app.py", "def handler(events, context):\n    return None\n");
    files.insert("other/app.py", "def other(events, context):\n    return None\n");
    let (mut sources, targets) = TARGETS.clone();
    let (application, findings) = support::read(&files, &mut sources);
    let read: Vec<_> = findings.iter().map(|f| (f.id.to_string(), f.message.clone())).collect();
    let compiled = |target: &Target| {
        let mut out = Outcome { findings: read.clone(), files: BTreeMap::new() };
        let Some(application) = &application else { return out };
        let mut findings = pipeline::judge(application, std::slice::from_ref(target), &sources);
        let (compiled, more) = pipeline::compile(application, target, &files, &sources);
        findings.append(more);
        for artifact in compiled.into_iter().flat_map(|c| c.artifacts) {
            let text = support::without_places(&artifact.bytes);
            out.files.insert(artifact.path.clone(), text);
        }
        out.findings.extend(findings.iter().map(|f| (f.id.to_string(), f.message.clone())));
        out.findings.sort();
        out
    };
    targets.iter().map(compiled).collect()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// Edits written as `path = value`, one a line.
fn edited(tree: &Value, edits: &str) -> Value {
    let mut tree = tree.clone();
    for edit in edits.split(" && ").filter(|edit| !edit.is_empty()) {
        let (path, value) = edit.split_once(" = ").unwrap_or_else(|| panic!("no edit: {edit}"));
        put(&mut tree, path.trim(), yaml(value));
    }
    tree
}

#[test]
fn every_field_has_a_toggle_or_a_reason() {
    let fields = fields();
    let toggled: BTreeSet<&str> = TOGGLES.iter().flat_map(|(fields, ..)| fields.split(' ')).collect();
    let is_pending =
        |field: &str| PENDING.iter().any(|(name, _)| field == *name || field.starts_with(&format!("{name}.")));
    let missing: Vec<&String> = fields.iter().filter(|f| !toggled.contains(f.as_str()) && !is_pending(f)).collect();
    assert!(missing.is_empty(), "these fields have no toggle: {missing:#?}");
    let unknown: Vec<&&str> = toggled.iter().filter(|f| !fields.contains(**f)).collect();
    assert!(unknown.is_empty(), "there are no such fields: {unknown:#?}");
    let both: Vec<&&str> = toggled.iter().filter(|f| is_pending(f)).collect();
    assert!(both.is_empty(), "these have a toggle and need no reason: {both:#?}");
}

/// What is wrong with a toggle.
fn defects(unedited: &[Outcome], base: &Value, (fields, before, edit): &(&str, &str, &str)) -> Vec<String> {
    let before = edited(base, before);
    let made = (before != *base).then(|| outcomes(&before));
    let (old, new) = (made.as_deref().unwrap_or(unedited), outcomes(&edited(&before, edit)));
    let found = old.iter().chain(&new).flat_map(|o| &o.findings);
    if let Some((id, message)) = found.into_iter().find(|(id, _)| base::UNREADABLE.contains(&id.as_str())) {
        return vec![format!("{fields}: the toggle is wrong: {id}: {message}")];
    }
    let mut out = Vec::new();
    for ((old, new), target) in old.iter().zip(&new).zip(&TARGETS.1) {
        let id = &target.manifest.id;
        let is_silent = SILENT.iter().any(|(start, on, _)| edit.starts_with(start) && on == id);
        match (old == new, is_silent) {
            (true, false) => out.push(format!("{fields}: `{edit}` changes nothing on {id}")),
            (false, true) => out.push(format!("{fields}: `{edit}` changes something on {id}, and needs no reason")),
            (true, true) | (false, false) => {}
        }
    }
    out
}

#[test]
fn every_toggle_changes_what_comes_out() {
    let base = yaml(BASE);
    let unedited = outcomes(&base);
    let dead: Vec<String> = TOGGLES.par_iter().flat_map(|toggle| defects(&unedited, &base, toggle)).collect();
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

#[test]
fn the_base_application_compiles() {
    for out in outcomes(&yaml(BASE)) {
        assert!(!out.files.is_empty(), "{:#?}", out.findings);
    }
}
