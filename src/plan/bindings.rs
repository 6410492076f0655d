//! Environment variables: what a `uses`, `emits`, `calls` or `idempotency` tells the code, under the same names on
//! every target.

use std::collections::BTreeMap;

use super::draft::{Draft, Setting};
use super::grants::runner_address;
use super::limits::over_bytes;
use super::shared::Shared;
use super::view::{Binding, Pair};
use crate::base::{Piece, Value};
use crate::catalog::Manifest;
use crate::diag::{Finding, Findings};
use crate::graph::{Runner, resource_head};
use crate::model::{AnyResource, Call, Function, Idempotency};
use rayon::prelude::*;

/// Puts `env` into the views of functions; yields the bindings by function.
pub(super) fn fill(
    setting: &Setting<'_>,
    manifest: &Manifest,
    shared: &Shared,
    drafts: &mut [Draft],
    findings: &mut Findings,
) -> BTreeMap<String, Vec<Binding>> {
    let functions: BTreeMap<String, &Function> =
        setting.model.functions.values().iter().map(|f| (f.head.path.to_string(), f)).collect();
    let each: Vec<(String, Vec<Binding>, Findings)> = drafts
        .par_iter_mut()
        .filter_map(|draft| {
            let function = functions.get(&draft.address)?;
            let (bindings, findings) = bind(setting, manifest, shared, draft, function);
            Some((draft.address.clone(), bindings, findings))
        })
        .collect();
    let mut out = BTreeMap::new();
    for (address, bindings, more) in each {
        findings.append(more);
        out.insert(address, bindings);
    }
    out
}

/// Puts `env` into the view of one function.
fn bind(
    setting: &Setting<'_>,
    manifest: &Manifest,
    shared: &Shared,
    draft: &mut Draft,
    function: &Function,
) -> (Vec<Binding>, Findings) {
    let (mut bindings, mut findings) = (Vec::new(), Findings::default());
    for target in told(setting, function) {
        let Some(table) = manifest.bindings.get(target.kind) else { continue };
        let by = shared.end(&draft.address);
        let to = shared.end(&target.address);
        for (key, pattern) in table {
            let name = format!("ISOBAR_{}_{key}", target.name.to_uppercase().replace('-', "_"));
            let lookup = |path: &str| match path.split_once('.') {
                Some(("to", rest)) => shared.walk(to?, rest),
                Some(("by", rest)) => shared.walk(by?, rest),
                _ => shared.at(&draft.view, path),
            };
            match pattern.fill(&lookup) {
                Ok(value) => bindings.push(Binding { name, value: text(value), because: target.because.clone() }),
                Err(error) => findings.push(Finding::error(
                    "target-manifest",
                    draft.span,
                    format!("binding `{}.{key}` of target `{}`: {error}", target.kind, manifest.id),
                )),
            }
        }
    }
    bindings.extend(idempotency(function));
    bindings.sort_by(|a, b| a.name.cmp(&b.name));
    bindings.dedup_by(|a, b| a.name == b.name);
    let mut env: Vec<Pair> = bindings.iter().map(|b| Pair { key: b.name.clone(), value: b.value.clone() }).collect();
    env.extend(function.env.iter().map(|(k, v)| Pair { key: k.as_str().to_owned(), value: Value::from(&v.value) }));
    env.sort_by(|a, b| a.key.cmp(&b.key));
    let bytes = env.iter().map(|pair| pair.key.len() + letters(&pair.value)).sum();
    if let Some(finding) = over_bytes(manifest, function, bytes) {
        findings.push(finding);
    }
    draft.list("env", env);
    (bindings, findings)
}

/// Variables are texts: a number becomes its digits.
fn text(value: Value) -> Value {
    if matches!(value, Value::Number(_)) { Value::from(value.to_string()) } else { value }
}

/// The bytes of a value that are known before it is made; those of references are not.
fn letters(value: &Value) -> usize {
    match value {
        Value::Text(text) => text.len(),
        Value::Concat(pieces) => pieces.iter().map(|p| if let Piece::Text(text) = p { text.len() } else { 0 }).sum(),
        Value::List(items) => items.iter().map(letters).sum(),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Map(_)
        | Value::Reference(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::End(_) => 0,
    }
}

struct Told {
    kind: &'static str,
    name: String,
    address: String,
    because: String,
}

/// What a function is told about, in the order of the spec's sections.
fn told(setting: &Setting<'_>, function: &Function) -> Vec<Told> {
    let model = setting.model;
    let resource = |resource: AnyResource, because: String| {
        let head = resource_head(model, resource);
        Told { kind: resource.kind().as_str(), name: head.name().to_owned(), address: head.path.to_string(), because }
    };
    let mut out: Vec<Told> = function
        .uses
        .iter()
        .map(|u| resource(u.resource.value, format!("uses {}", resource_head(model, u.resource.value).name())))
        .collect();
    out.dedup_by(|a, b| a.address == b.address);
    for emit in &function.emits {
        let because = format!("emits {}", model.events[emit.event.value].event_type);
        out.push(resource(AnyResource::Bus(emit.bus), because));
    }
    for call in &function.calls {
        let runner = match call {
            Call::Function { function, .. } => Runner::Function(*function),
            Call::Workflow { workflow, .. } => Runner::Workflow(*workflow),
        };
        let address = runner_address(model, runner);
        let name = address.split_once('.').map_or("", |(_, name)| name).to_owned();
        let kind = if matches!(runner, Runner::Function(_)) { "function" } else { "workflow" };
        out.push(Told { kind, because: format!("calls {name}"), name, address });
    }
    let store = match &function.idempotency {
        Some(Idempotency::Table { store, .. }) => Some(AnyResource::Table(store.value)),
        Some(Idempotency::Cache { store, .. }) => Some(AnyResource::Cache(store.value)),
        Some(Idempotency::Natural { .. }) | None => None,
    };
    if let Some(store) = store {
        let told = resource(store, "idempotency".to_owned());
        out.push(Told { kind: "idempotency", name: "idempotency".to_owned(), ..told });
    }
    out
}

/// What does not depend on the platform.
fn idempotency(function: &Function) -> Vec<Binding> {
    let Some(Idempotency::Table { key, window, .. } | Idempotency::Cache { key, window, .. }) = &function.idempotency
    else {
        return Vec::new();
    };
    let binding = |name: &str, value: Value| Binding {
        name: format!("ISOBAR_IDEMPOTENCY_{name}"),
        value,
        because: "idempotency".to_owned(),
    };
    vec![
        binding("KEY", key.value.to_string().into()),
        binding("PREFIX", format!("{}#", function.head.name()).into()),
        binding("WINDOW", window.value.as_secs_ceil().to_string().into()),
    ]
}
