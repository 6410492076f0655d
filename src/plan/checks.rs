//! What a manifest refuses: options, features, runtimes and names of variables that it does not have.

use serde_json::{Map, Value};

use super::features;
use crate::base::nearest;
use crate::catalog::{Level, Manifest, Target};
use crate::diag::{Finding, Findings};
use crate::model::Model;

/// Options of the target: what the spec gives, checked, and the defaults for the rest. Hyphens become underscores.
pub(super) fn options(model: &Model, manifest: &Manifest, findings: &mut Findings) -> Value {
    let id = &manifest.id;
    let given = model.targets.get(id);
    let mut out = Map::new();
    for (name, rule) in &manifest.options {
        let written = given.and_then(|g| g.options.get(name)).filter(|v| !v.is_null());
        let span = given.map_or(model.app.span, |g| g.spans.get(name).copied().unwrap_or(g.span));
        if let Some(why) = written.and_then(|value| rule.defect(value)) {
            let message = format!("option `{name}` of target `{id}` is wrong: {why}");
            findings.push(Finding::error("target-option", span, message).help(rule.doc.clone()).on(id));
        }
        if rule.required && written.is_none() {
            let message = format!("target `{id}` needs the option `{name}`");
            let help = format!("{} Write `targets: {{ {id}: {{ {name}: … }} }}`", rule.doc);
            findings.push(Finding::error("target-option", span, message).help(help).on(id));
        }
        for asked in features::asked_for(model, id, rule.required_for.as_deref()).filter(|_| written.is_none()) {
            let title = crate::catalog::feature_title(&asked.feature);
            let message = format!("{title} on {id} needs the option `{name}` of the target");
            let help = format!("{} Write `targets: {{ {id}: {{ {name}: … }} }}`", rule.doc);
            findings.push(Finding::error("target-option", asked.span, message).help(help).on(id));
        }
        let key = name.replace('-', "_");
        let value = written.or(rule.default.as_ref());
        out.insert(format!("has_{key}"), Value::Bool(value.is_some()));
        for choice in &rule.values {
            let chosen = value.and_then(Value::as_str) == Some(choice.as_str());
            out.insert(format!("is_{key}_{}", choice.replace('-', "_")), Value::Bool(chosen));
        }
        if let Some(value) = value {
            out.insert(key, value.clone());
        }
    }
    for name in given.into_iter().flat_map(|g| g.options.keys()) {
        if !manifest.options.contains_key(name) {
            let span = given.map_or(model.app.span, |g| g.spans.get(name).copied().unwrap_or(g.span));
            let known: Vec<&str> = manifest.options.keys().map(String::as_str).collect();
            let help = match nearest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("known options are {}", known.join(", ")),
            };
            let message = format!("target `{id}` has no option `{name}`");
            findings.push(Finding::error("target-option", span, message).help(help).on(id));
        }
    }
    Value::Object(out)
}

/// Refuses what the target cannot do or does not do yet, and names what it does less well.
pub(super) fn capabilities(model: &Model, target: &Target, findings: &mut Findings) {
    let id = &target.manifest.id;
    for asked in features::asked(model, id) {
        let (level, reason) = target.level(&asked.feature);
        let name = crate::catalog::feature_title(&asked.feature);
        let because = reason.map_or_else(String::new, |r| format!(": {r}"));
        let mut finding = match level {
            Level::Native | Level::Emulated => continue,
            Level::Degraded => Finding::note("degraded", asked.span, format!("{name} is degraded on {id}{because}")),
            Level::NotYet => {
                Finding::error("not-yet", asked.span, format!("{name} is not emitted for {id} yet{because}"))
                    .help("compile for another target, or leave it out for this one with `environments:`")
            }
            Level::Impossible => {
                Finding::error("impossible", asked.span, format!("{name} is impossible on {id}{because}"))
            }
        };
        if let Some(other) = asked.with {
            finding = finding.related(other, "the other one");
        }
        findings.push(finding.on(id));
    }
}

/// Refuses runtimes that the target does not have, and names of variables that the platform keeps for itself.
pub(super) fn functions(model: &Model, target: &Target, findings: &mut Findings) {
    let manifest = &target.manifest;
    let id = &manifest.id;
    for f in model.functions.values() {
        let key = f.runtime.value.key();
        if !manifest.runtimes.contains_key(&key) {
            let known: Vec<&str> = manifest.runtimes.keys().map(String::as_str).collect();
            let help = match nearest(&key, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`? Known runtimes are {}", known.join(", ")),
                None => format!("known runtimes are {}", known.join(", ")),
            };
            let message = format!("target `{id}` has no runtime `{key}`");
            findings.push(Finding::error("unknown-runtime", f.runtime.span, message).help(help).on(id));
        }
        let Some(variables) = &manifest.variables else { continue };
        for (name, value) in &f.env {
            if let Some(why) = variables.defect(name.as_str()) {
                let message = format!("the variable `{}` cannot be set on {id}: the name {why}", name.as_str());
                let help = format!("choose another name ({})", variables.fact);
                findings.push(Finding::error("reserved-variable", value.span, message).help(help).on(id));
            }
        }
    }
}
