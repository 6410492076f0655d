//! Functions that may read a whole bucket to look at what arrives in one corner of it.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::Runner;
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
        let mut prefixes = prefixes(facts, id, bucket);
        let Some((prefix, place)) = prefixes.next() else { continue };
        // A verb takes one scope: where two prefixes arrive, the whole bucket may be what is needed.
        if prefix.is_empty() || prefixes.any(|(other, _)| other != prefix) {
            continue;
        }
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

/// The bucket and the verb of an entry that reads or removes single objects anywhere. Where a function puts its results
/// is not known from where its input comes.
fn unscoped(entry: &Use) -> Option<(Id<Bucket>, Verb)> {
    match (entry.resource.value, entry.verb.value, &entry.scope) {
        (AnyResource::Bucket(bucket), verb @ (Verb::Get | Verb::Delete), Scope::Whole) => Some((bucket, verb)),
        _ => None,
    }
}

fn prefixes(facts: &Facts, id: Id<Function>, bucket: Id<Bucket>) -> impl Iterator<Item = (&str, crate::base::Span)> {
    facts.triggers(Runner::Function(id)).filter_map(move |(_, trigger)| {
        let TriggerSource::Object { bucket: from, prefix, .. } = &trigger.source else { return None };
        (from.value == bucket).then_some((&**prefix, trigger.span))
    })
}
