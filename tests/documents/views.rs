//! `schema/view.json` is true: every view has the fields that it says and no others, and every field that it lists
//! occurs in some view.

use std::collections::{BTreeMap, BTreeSet};

use isobar::base::Sources;
use isobar::plan::{Plan, view_schema};
use serde_json::{Value, json};

use crate::applications::{examples, load, plan, read, target};
use crate::mirror;

/// What the templates of a target see only while they are rendered.
const ADDED: &[(&str, &str)] =
    &[("output", "files"), ("output", "files_alike"), ("trigger", "has_filter"), ("trigger", "filter")];

/// The plans of all examples on their targets, and of the application that says everything.
fn plans() -> Vec<(String, Plan)> {
    let mut plans = Vec::new();
    let mirror = load(mirror::files(), "mirror", &mut Sources::default());
    let everything = read("tests/documents/everything", None);
    plans.push(("everything".to_owned(), plan(&everything, &mirror)));
    for example in examples() {
        let read = read(&format!("examples/{example}"), None);
        for id in read.application.model().targets.keys() {
            plans.push((format!("{example} on {id}"), plan(&read, &target(id))));
        }
    }
    plans
}

#[test]
fn every_view_is_as_the_schema_says() {
    let schema = view_schema();
    let mut validators = BTreeMap::new();
    let mut failures = BTreeSet::new();
    for (name, plan) in &plans() {
        for unit in plan.units.iter().chain(&plan.last) {
            let validator = validators.entry(unit.kind.to_string()).or_insert_with(|| {
                let definition = format!("#/$defs/view.{}", unit.kind);
                assert!(schema["$defs"].get(format!("view.{}", unit.kind)).is_some(), "no view of {}", unit.kind);
                jsonschema::validator_for(&json!({ "$ref": definition, "$defs": schema["$defs"] })).unwrap()
            });
            let mut view = json!(plan.shared.seen(&unit.view).to_value());
            if &*unit.kind == "output" {
                view["files"] = json!([]);
                view["files_alike"] = json!([]);
            }
            if unit.kind.starts_with("trigger.") {
                view["has_filter"] = json!(false);
            }
            for error in validator.iter_errors(&view) {
                failures.insert(format!("{name}: {}: {}: {error}", unit.kind, error.instance_path()));
            }
        }
    }
    assert!(validators.len() > 30, "only {} kinds of views were judged", validators.len());
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn every_field_of_the_schema_occurs() {
    let schema = view_schema();
    let definitions = schema["$defs"].as_object().unwrap();
    let mut views: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for (_, plan) in plans() {
        for unit in plan.units.iter().chain(&plan.last) {
            views
                .entry(format!("view.{}", unit.kind))
                .or_default()
                .push(json!(plan.shared.seen(&unit.view).to_value()));
        }
    }
    let mut missing = BTreeSet::new();
    let mut said: BTreeMap<&str, bool> = BTreeMap::new();
    for (name, definition) in definitions.iter().filter(|(name, _)| name.starts_with("view.")) {
        let Some(views) = views.get(name) else {
            missing.insert(format!("no view of `{name}`"));
            continue;
        };
        let shared = definition["allOf"].as_array().unwrap().iter().map(|group| {
            let name = group["$ref"].as_str().unwrap().trim_start_matches("#/$defs/");
            &definitions[name]
        });
        let properties = shared.chain([definition]).flat_map(|group| group["properties"].as_object().unwrap());
        for (field, property) in properties.filter(|(_, property)| property.get("const").is_none()) {
            let is_there = views.iter().filter_map(|v| v.get(field)).any(|v| !v.as_array().is_some_and(Vec::is_empty));
            // A field that several kinds share occurs when it does in one of them: its text is the same there.
            let doc = property["description"].as_str().unwrap();
            let is_added = ADDED.iter().any(|(kind, added)| name[5..].starts_with(kind) && added == field);
            *said.entry(doc).or_default() |= is_there || is_added;
        }
    }
    missing.extend(said.into_iter().filter(|(_, occurs)| !occurs).map(|(doc, _)| doc.to_owned()));
    assert!(missing.is_empty(), "fields that never occur: {missing:#?}");
}
