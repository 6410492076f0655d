//! What is said to targets and rules: options, native resources, levels.

use std::collections::BTreeMap;

use serde_json::Map;

use super::Resolver;
use crate::base::{Spanned, nearest};
use crate::diag::Finding;
use crate::model::{LintLevel, Native, NativeCondition, NativeGrant, Places, TargetOptions};
use crate::spec;

/// What a spec says to targets.
pub(super) fn targets(spec: &spec::Spec) -> BTreeMap<String, TargetOptions> {
    let targets = spec.targets.iter().flat_map(spec::Map::iter);
    targets
        .map(|(name, options)| {
            let (options, places) = (options.values.clone(), options.places.clone());
            let target = TargetOptions { span: name.span, options, places };
            (name.value.to_string(), target)
        })
        .collect()
}

impl Resolver<'_> {
    pub(super) fn resolve_lint(&self) -> BTreeMap<String, LintLevel> {
        let rules = self.spec.lint.iter().flat_map(spec::Map::iter);
        rules
            .map(|(name, lint)| {
                let reason = lint.reason.as_ref().map(|r| r.value.to_string());
                (name.value.to_string(), LintLevel { level: lint.level, reason, span: name.span })
            })
            .collect()
    }

    /// Native resources by target; a grant belongs to the target that it names, or to the only one there is.
    pub(super) fn resolve_native(&mut self) -> BTreeMap<String, Native> {
        let Some(native) = &self.spec.native else { return BTreeMap::new() };
        let mut targets: BTreeMap<String, Native> = native
            .targets
            .iter()
            .map(|spec::NativeTarget { name, types, places }| {
                let (resources, places) = (types.clone(), places.clone());
                (name.value.to_string(), Native { span: name.span, resources, places, grants: Vec::new() })
            })
            .collect();
        for grant in &native.grants {
            let who = self.find(&grant.who);
            let Some(target) = self.target_of_grant(grant, native) else { continue };
            let Some(who) = who else { continue };
            let span = target.span;
            let empty = || Native { span, resources: Map::new(), places: Places::at(span), grants: Vec::new() };
            let native = targets.entry(target.value).or_insert_with(empty);
            native.grants.push(NativeGrant {
                span: grant.span,
                who: who.value,
                verbs: grant.verbs.0.iter().map(|v| v.clone().map(|t| t.to_string())).collect(),
                what: grant.what.clone().map(|t| t.to_string()),
                conditions: conditions(grant),
            });
        }
        targets
    }

    /// The target whose words a grant is in. Which targets there are beyond those that the spec names nobody knows here, so
    /// that only what looks like a slip is refused.
    fn target_of_grant(&mut self, grant: &spec::NativeGrant, native: &spec::Native) -> Option<Spanned<String>> {
        let options = self.spec.targets.iter().flat_map(spec::Map::iter).map(|(name, _)| name.value.to_string());
        let under_native: Vec<String> = native.targets.iter().map(|target| target.name.value.to_string()).collect();
        let known: Vec<String> = under_native.iter().cloned().chain(options).collect();
        if let Some(target) = &grant.target {
            let near = nearest(&target.value, known.iter().map(String::as_str));
            if let Some(near) = near.filter(|_| !known.iter().any(|name| **name == *target.value)) {
                let message = format!("a grant belongs to `{}`, which is no target of the application", target.value);
                let help = format!("did you mean `{near}`?");
                self.report(Finding::error("unknown-reference", target.span, message).help(help));
                return None;
            }
            return Some(target.clone().map(|name| name.to_string()));
        }
        if let [only] = under_native.as_slice() {
            return Some(Spanned::new(only.clone(), grant.span));
        }
        let (message, offered) = if under_native.is_empty() {
            ("a grant does not say in the words of which target it is", &known)
        } else {
            ("a grant could be in the words of several targets", &under_native)
        };
        let help = match offered.as_slice() {
            [] => "write `target: …` with its name in it".to_owned(),
            names => {
                let names: Vec<String> = names.iter().map(|name| format!("`target: {name}`")).collect();
                format!("write {} in it", names.join(" or "))
            }
        };
        self.report(Finding::error("native-grant", grant.span, message).help(help));
        None
    }
}

fn conditions(grant: &spec::NativeGrant) -> Vec<NativeCondition> {
    let tests = grant.conditions.iter().flat_map(spec::NativeConditions::iter);
    let mut all: Vec<NativeCondition> = tests
        .flat_map(|(test, keys)| {
            keys.iter().map(|(key, values)| NativeCondition {
                test: test.value.to_string(),
                key: key.clone().map(|text| text.to_string()),
                values: values.0.iter().map(|value| value.clone().map(|text| text.0.to_string())).collect(),
            })
        })
        .collect();
    all.sort_by(|a, b| (&a.test, &a.key.value).cmp(&(&b.test, &b.key.value)));
    all
}
