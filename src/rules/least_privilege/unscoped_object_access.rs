//! Functions that may read a whole bucket to look at what arrives in one corner of it.

use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, Runner};
use crate::model::{AnyResource, Bucket, Function, Id, Scope, TriggerSource, Use, Verb};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unscoped-object-access",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that is run for objects below a prefix may touch all objects of the bucket.",
    doc: include_str!("unscoped_object_access.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    for entry in &function.uses {
        let Some((bucket, verb)) = unscoped(entry) else { continue };
        let Some((prefix, place)) = one_prefix(facts, id, bucket) else { continue };
        let (name, on) = (function.head.name(), facts.model().buckets[bucket].head.name());
        out.push(
            RULE.finding(
                entry.verb.span,
                format!("`{name}` may {verb} any object of `{on}`, but is run for `{prefix}` alone"),
            )
            .label("the whole bucket")
            .related(place, "run for these")
            .help(format!("write `{on}: {{ {verb}: {{ prefix: {prefix} }} }}`")),
        );
    }
}

/// Whether this rule speaks of an entry, so that another one need not.
pub(super) fn speaks_of(facts: &Facts, id: Id<Function>, entry: &Use) -> bool {
    unscoped(entry).is_some_and(|(bucket, _)| one_prefix(facts, id, bucket).is_some())
}

/// The bucket and the verb of an entry that reads or removes single objects anywhere. Where a function puts its results
/// is not known from where its input comes.
fn unscoped(entry: &Use) -> Option<(Id<Bucket>, Verb)> {
    match (entry.resource.value, entry.verb.value, &entry.scope) {
        (AnyResource::Bucket(bucket), verb @ (Verb::Get | Verb::Delete), Scope::Whole) => Some((bucket, verb)),
        _ => None,
    }
}

/// The only prefix for whose objects the function is run, where nothing else runs it. A verb takes one scope: where two
/// prefixes arrive, the whole bucket may be what is needed; who asks by a route or a call may ask for any object.
fn one_prefix(facts: &Facts, id: Id<Function>, bucket: Id<Bucket>) -> Option<(&str, Span)> {
    let node = facts.graph().id(id)?;
    if facts.graph().incoming(node).any(|edge| matches!(edge.kind, EdgeKind::Calls(_) | EdgeKind::Compensates)) {
        return None;
    }
    let mut one: Option<(&str, Span)> = None;
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        let TriggerSource::Object { bucket: from, prefix, .. } = &trigger.source else { return None };
        let is_another = one.is_some_and(|(first, _)| first != &**prefix);
        if from.value != bucket || prefix.is_empty() || is_another {
            return None;
        }
        one = one.or(Some((&**prefix, trigger.span)));
    }
    one
}
