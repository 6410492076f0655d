//! Sets of verbs where single ones would say what the code does.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Function, Id, Scope, resource_head};
use crate::rules::{Category, Check, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "coarse-verb",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function asks for a set of verbs instead of those that its code calls.",
    doc: include_str!("coarse_verb.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let function = &model.functions[id];
    let mut seen = Vec::new();
    for entry in &function.uses {
        let Some(set) = entry.set else { continue };
        let (resource, place) = (entry.resource.value, entry.verb.span);
        let verbs = set.verbs(resource.kind());
        // A set of one verb is that verb.
        let [first, _, ..] = verbs else { continue };
        // Each verb of a set, and each of its scopes, is an entry; an alias of YAML has one place for two resources.
        if seen.contains(&(resource, place)) {
            continue;
        }
        seen.push((resource, place));
        let (name, on) = (function.head.name(), resource_head(model, resource).name());
        let instance = match entry.scope {
            Scope::Whole => format!("`{on}: {first}`"),
            Scope::Prefix { .. }
            | Scope::Index(_)
            | Scope::Leading(_)
            | Scope::Type(_)
            | Scope::Topic(_)
            | Scope::Own => format!("`{on}: {{ {first}: {{ … }} }}` with the same scope"),
        };
        out.push(
            RULE.finding(place, format!("`{name}` asks for `{set}` on `{on}`, which is {}", listed(verbs)))
                .label(format!("{} verbs in one word", verbs.len()))
                .help(format!("write those that the code calls in its place, for instance {instance}")),
        );
    }
}
