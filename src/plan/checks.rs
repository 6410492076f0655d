//! What a manifest refuses: options, features, runtimes and numbers that it does not have.

use serde_json::{Map, Value};

use super::features;
use crate::base::nearest;
use crate::catalog::{Level, Limit, LimitValue, Manifest, Quantity, Target};
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
        let finding = match level {
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
        findings.push(finding.on(id));
    }
}

/// A feature that a target guards less than the application asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wider {
    /// Key in [`crate::catalog::FEATURES`].
    pub feature: String,
    /// What it is called.
    pub title: String,
    /// What identities may do in addition, as a clause.
    pub reason: String,
}

/// Where a target guards less than an application asks for, sorted by feature.
pub fn wider(model: &Model, target: &Target) -> Vec<Wider> {
    let less = |feature: String| {
        let capability = target.manifest.capabilities.get(&feature).filter(|capability| capability.wider)?;
        let (title, reason) = (crate::catalog::feature_title(&feature).to_owned(), capability.reason.clone()?);
        Some(Wider { feature, title, reason })
    };
    features::asked_features(model, &target.manifest.id).into_iter().filter_map(less).collect()
}

/// Refuses runtimes and numbers of functions that the platform would reject.
pub(super) fn functions(model: &Model, target: &Target, findings: &mut Findings) {
    let manifest = &target.manifest;
    let id = &manifest.id;
    let limit = |limit: Limit| manifest.limits.get(&limit).map(|l| (&l.value, l.fact.as_str()));
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
        if let Some((Quantity::Time(most), fact)) = limit(Limit::FunctionTimeoutMax)
            && f.timeout.value > *most
        {
            let message = format!("`{}` is over the longest timeout on {id}, {most}", f.timeout.value);
            let help = format!("write `timeout: {most}` or less ({fact})");
            findings.push(Finding::error("over-limit", f.timeout.span, message).help(help).on(id));
        }
        let memory = f.memory.value;
        let bounds = [(Limit::FunctionMemoryMin, true), (Limit::FunctionMemoryMax, false)];
        for (which, is_lowest) in bounds {
            if let Some((Quantity::Size(bound), fact)) = limit(which)
                && (if is_lowest { memory < *bound } else { memory > *bound })
            {
                let side = if is_lowest { "under the least" } else { "over the most" };
                let message = format!("`{memory}` is {side} memory on {id}, {bound}");
                let help = format!("write `memory: {bound}` ({fact})");
                findings.push(Finding::error("over-limit", f.memory.span, message).help(help).on(id));
            }
        }
    }
}

/// Refuses times of queues that the platform would reject. Derived ones are ours to choose, and are checked too: a
/// derived visibility can be over the limit because of a long timeout.
pub(super) fn queues(model: &Model, target: &Target, findings: &mut Findings) {
    let manifest = &target.manifest;
    let id = &manifest.id;
    for queue in model.queues.values() {
        let delay = queue.delay.map(|delay| (delay.value, delay.span));
        let bounds = [
            ("retention", Some((queue.retention.value, queue.retention.span)), Limit::QueueRetentionMin, true),
            ("retention", Some((queue.retention.value, queue.retention.span)), Limit::QueueRetentionMax, false),
            ("visibility", Some((queue.visibility.value, queue.visibility.span)), Limit::QueueVisibilityMax, false),
            ("delay", delay, Limit::QueueDelayMax, false),
        ];
        for (key, written, limit, is_lowest) in bounds {
            let Some((value, span)) = written else { continue };
            let Some(LimitValue { value: Quantity::Time(bound), fact }) = manifest.limits.get(&limit) else { continue };
            if if is_lowest { value < *bound } else { value > *bound } {
                let side = if is_lowest { "under the shortest" } else { "over the longest" };
                let message = format!("`{value}` is {side} {key} of a queue on {id}, {bound}");
                let help = format!("write `{key}: {bound}` ({fact})");
                findings.push(Finding::error("over-limit", span, message).help(help).on(id));
            }
        }
    }
}
