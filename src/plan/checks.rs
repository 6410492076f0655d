//! What a manifest refuses: options, features, runtimes and names of variables that it does not have.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value as Json;

use super::features;
use crate::base::{Map, nearest};
use crate::catalog::{Level, Manifest, Target};
use crate::diag::{Finding, Findings};
use crate::model::{Model, Runtime};

/// Options of the target: what the spec gives, checked, and the defaults for the rest. Hyphens become underscores.
pub(super) fn options(model: &Model, manifest: &Manifest, findings: &mut Findings) -> Map {
    let id = &manifest.id;
    let given = model.targets.get(id);
    let mut out = Map::new();
    let misspelt = unknown_options(model, manifest, findings);
    for (name, rule) in &manifest.options {
        let written = given.and_then(|g| g.options.get(misspelt.get(&**name).copied().unwrap_or(name)));
        let written = written.filter(|v| !v.is_null());
        let span = given.map_or(model.app.span, |g| written.map_or(g.span, |_| g.places.get(name).span));
        if let Some(why) = written.and_then(|value| rule.defect(value)) {
            let message = format!("option `{name}` of target `{id}` is wrong: {why}");
            findings.push(Finding::error("target-option", span, message).help(rule.doc.clone()).on(id));
        }
        let environment = &model.environment;
        if written.is_some_and(|value| rule.is_shared(value, environment.name.as_str()))
            && !environment.declared.is_empty()
        {
            let message = format!("option `{name}` of target `{id}` is the same in every environment");
            let help = "write `${environment}` into it: what two environments share, each takes for its own";
            findings.push(Finding::warning("shared-option", span, message).help(help).on(id));
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
        out.insert(format!("has_{key}"), value.is_some());
        for choice in &rule.values {
            let chosen = value.and_then(Json::as_str) == Some(choice.as_str());
            out.insert(format!("is_{key}_{}", choice.replace('-', "_")), chosen);
        }
        if let Some(value) = value {
            out.insert(key, value);
        }
    }
    out
}

/// Reports the options that the target does not have. Those that are nearly one that is not given are read as it: by the
/// option that is meant, as what is written.
fn unknown_options<'m>(
    model: &'m Model,
    manifest: &'m Manifest,
    findings: &mut Findings,
) -> BTreeMap<&'m str, &'m str> {
    let id = &manifest.id;
    let mut misspelt = BTreeMap::new();
    let Some(given) = model.targets.get(id) else { return misspelt };
    for name in given.options.keys().filter(|name| !manifest.options.contains_key(*name)) {
        let known = || manifest.options.keys().map(String::as_str);
        let message = format!("target `{id}` has no option `{name}`");
        let finding = Finding::error("target-option", given.places.key(name), message).on(id);
        let absent = known().filter(|known| !given.options.contains_key(*known) && !misspelt.contains_key(known));
        let near = nearest(name, absent);
        misspelt.extend(near.map(|near| (near, name.as_str())));
        findings.push(match near.or_else(|| nearest(name, known())) {
            Some(near) => finding.did_you_mean(near),
            None => finding.help(format!("known options are {}", known().collect::<Vec<_>>().join(", "))),
        });
    }
    misspelt
}

/// Refuses what the target cannot do or does not do yet, and names what it does less well.
pub(super) fn capabilities(model: &Model, target: &Target, findings: &mut Findings) {
    let id = &target.manifest.id;
    let mut said = BTreeSet::new();
    for asked in features::asked(model, id) {
        let (level, reason) = target.level(&asked.feature);
        // One text may ask for the same under two names, as routes do for what they have from their api.
        if level == Level::Degraded && !said.insert((asked.span, reason.map(str::to_owned))) {
            continue;
        }
        let name = crate::catalog::feature_title(&asked.feature);
        let because = reason.map_or_else(String::new, |r| format!(": {r}"));
        let mut finding = match level {
            Level::Native | Level::Emulated => continue,
            Level::Degraded => Finding::note("degraded", asked.span, format!("{name} is degraded{because}")),
            Level::NotYet => {
                let finding = Finding::error("not-yet", asked.span, format!("{name} is not emitted yet{because}"));
                let help = "compile for another target, or leave it out for this one with `environments:`";
                if target.manifest.capabilities.contains_key(&asked.feature) {
                    finding.help(help)
                } else {
                    // Its author left it out, and may be who reads this.
                    let claim = format!("{}: native", asked.feature);
                    finding.help(format!("{help}; a target that emits it says so in its `capabilities`: `{claim}`"))
                }
            }
            Level::Impossible => Finding::error("impossible", asked.span, format!("{name} is impossible{because}")),
        };
        if let Some(other) = asked.with {
            finding = finding.related(other, "the other one");
        }
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

/// Whether the kind or the language of a runtime is refused as a whole, which says enough.
fn is_refused(target: &Target, runtime: &Runtime) -> bool {
    let kind = format!("function.{}", runtime.kind());
    let features = runtime.language().map(|language| format!("runtime.{language}")).into_iter().chain([kind]);
    let mut levels = features.map(|feature| target.level(&feature).0);
    levels.any(|level| matches!(level, Level::NotYet | Level::Impossible))
}

/// Refuses runtimes that the target does not have, and names of variables that the platform keeps for itself.
pub(super) fn functions(model: &Model, target: &Target, findings: &mut Findings) {
    let manifest = &target.manifest;
    let id = &manifest.id;
    for f in model.functions.values() {
        let key = f.runtime.value.key();
        if !manifest.runtimes.contains_key(&key) && !is_refused(target, &f.runtime.value) {
            let known = || manifest.runtimes.keys().map(String::as_str);
            let finding = Finding::error("unknown-runtime", f.runtime.span, format!("there is no runtime `{key}`"));
            let finding = match nearest(&key, known()) {
                Some(near) => finding.did_you_mean(near),
                None => finding.help(format!("known runtimes are {}", known().collect::<Vec<_>>().join(", "))),
            };
            findings.push(finding.on(id));
        }
        let Some(variables) = &manifest.variables else { continue };
        for (name, value) in &f.env {
            if let Some(why) = variables.defect(name.as_str()) {
                let message = format!("the variable `{}` cannot be set: the name {why}", name.as_str());
                let help = format!("choose another name ({})", variables.fact);
                findings.push(Finding::error("reserved-variable", value.span, message).help(help).on(id));
            }
        }
    }
}
