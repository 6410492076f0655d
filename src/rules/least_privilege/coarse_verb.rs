//! Sets of verbs, and all verbs, where single ones would say what the code does.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{AnyResource, Function, Id, Scope, Use, Verb, resource_head};
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
    for (first, all) in exhausted(function) {
        let (name, on) = (function.head.name(), resource_head(model, first.resource.value).name());
        out.push(
            RULE.finding(first.verb.span, format!("`{name}` asks for each verb that there is on `{on}`"))
                .label(format!("the first of {all}"))
                .help("keep those that the code calls; hardly any code reads and writes in every way"),
        );
    }
}

/// Fewer verbs are soon all used.
const MANY: usize = 5;

/// The first entries of resources for which a function lists every verb by hand, with their number.
fn exhausted(function: &Function) -> Vec<(&Use, usize)> {
    let mut seen: Vec<AnyResource> = Vec::new();
    let mut out = Vec::new();
    for first in &function.uses {
        let resource = first.resource.value;
        if seen.contains(&resource) {
            continue;
        }
        seen.push(resource);
        let all = Verb::of(resource.kind());
        let mut entries = function.uses.iter().filter(|entry| entry.resource.value == resource);
        let has = |verb: &Verb| function.uses.iter().any(|e| e.resource.value == resource && e.verb.value == *verb);
        // A set is found as such.
        if all.len() >= MANY && entries.all(|entry| entry.set.is_none()) && all.iter().all(has) {
            out.push((first, all.len()));
        }
    }
    out
}
