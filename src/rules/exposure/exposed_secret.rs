//! Functions that anybody runs, that hold a secret and that have a way out for it.

use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::{Findings, Severity};
use crate::model::{AnyResource, Function, Id, Model, Use, Verb, resource_head};
use crate::rules::{Category, Check, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "exposed-secret",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that anybody may call holds a secret and may send it out.",
    doc: include_str!("exposed_secret.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let function = &model.functions[id];
    let secrets: Vec<&Use> = function.uses.iter().filter(|entry| is_secret(entry)).collect();
    let Some(first) = secrets.first() else { return };
    let Some(door) = function.triggers.iter().find_map(|trigger| super::door(model, trigger)) else { return };
    let Some((exit, way)) = function.uses.iter().find_map(|entry| way_out(model, entry)) else { return };
    let names: Vec<&str> = secrets.iter().map(|entry| resource_head(model, entry.resource.value).name()).collect();
    let (name, names) = (function.head.name(), listed(&names));
    out.push(
        RULE.finding(first.verb.span, format!("anybody may call `{name}`, which holds {names} and {way}"))
            .label("one defect in the code away from anybody")
            .related(door, "anybody comes in here")
            .related(exit, "a way out")
            .help(format!(
                "ask callers for a token with `auth: {{ jwt: {{ issuer: …, audience: […] }} }}`, \
                 or let `{name}` send to a queue, and its consumer hold {names}"
            )),
    );
}

fn is_secret(entry: &Use) -> bool {
    matches!(entry.resource.value, AnyResource::Secret(_)) && entry.verb.value == Verb::Get
}

/// How an entry leads out of the application, as a clause.
fn way_out(model: &Model, entry: &Use) -> Option<(Span, String)> {
    let clause = match (entry.resource.value, entry.verb.value) {
        (AnyResource::External(id), Verb::Connect) => {
            format!("may connect to `{}`", model.externals[id].head.name())
        }
        (AnyResource::Topic(id), Verb::Publish) if model.topics[id].external_subscribers.value => {
            format!("may publish to `{}`, which is heard outside", model.topics[id].head.name())
        }
        (AnyResource::Bucket(id), Verb::Put) if model.buckets[id].public.value => {
            format!("may write to `{}`, which anybody reads", model.buckets[id].head.name())
        }
        _ => return None,
    };
    Some((entry.verb.span, clause))
}
