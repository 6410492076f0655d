//! Rights in two environments.

use std::collections::BTreeMap;

use crate::analysis::{Facts, Owner};
use crate::base::Spanned;
use crate::diag::{Finding, Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "mixed-environments",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "An identity has rights in its own environment and in another one.",
    doc: include_str!("mixed_environments.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    if model.environment.declared.is_empty() {
        return;
    }
    for on in facts.judged() {
        for grant in facts.native_grants(on).iter().filter(|grant| facts.uses_resources(grant.who)) {
            let Some(other) = facts.other_environment(&grant.what.value) else { continue };
            let message =
                format!("`{}` has rights in the environment `{other}` too", model.functions[grant.who].head.name());
            out.push(finding(message, &grant.what).on(on.id()));
        }
    }
    for (on, _, statements) in facts.statements() {
        let mut held: BTreeMap<&Owner, Vec<&Spanned<String>>> = BTreeMap::new();
        let is_document = |owner: &Owner| !matches!(owner, Owner::Function(_));
        for statement in statements.iter().filter(|s| s.allows && is_document(&s.owner)) {
            held.entry(&statement.owner).or_default().extend(&statement.resources);
        }
        for (owner, resources) in held {
            let foreign = |resource: &&Spanned<String>| facts.other_environment(&resource.value);
            if resources.iter().all(|resource| foreign(resource).is_some()) {
                continue;
            }
            for resource in &resources {
                let Some(other) = foreign(resource) else { continue };
                let message = format!("{} gives rights in the environment `{other}` too", owner.title(model));
                out.push(finding(message, resource).on(on.id()));
            }
        }
    }
}

fn finding(message: String, at: &Spanned<String>) -> Finding {
    let help = "write `${environment}` in its place, and compile for each environment";
    RULE.finding(at.span, message).label("whoever breaks one of them has both").help(help)
}
