//! Messages that pass one of their key that failed beside them in a batch.

use super::needs_order;
use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Given, Id, Ordered, Trigger, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "retry-reorders",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Parts of a batch are tried again after what follows them was handled, and the function needs order.",
    doc: include_str!("retry_reorders.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

/// How a batch is kept together.
enum Instead<'m> {
    /// A queue brings messages one by one.
    One(&'m Given<u32>),
    /// A stream brings a batch again as a whole, from its first record.
    Whole(&'m Given<bool>),
}

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some((needs, text)) = needs_order(function) else { return };
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        let Some((place, instead)) = reordered(facts, trigger) else { continue };
        let name = function.head.name();
        let finding = RULE
            .finding(
                place,
                format!("`{name}` needs order, but what fails in a batch comes again after what follows it"),
            )
            .label("parts of a batch are tried again by themselves")
            .related(needs, text);
        out.push(match instead {
            Instead::One(batch) => {
                let finding = finding.help("write `batch: 1`: the next message waits until this one is handled");
                if batch.derived.is_some() {
                    finding
                } else {
                    finding.fix("take one message at a time", batch.span, "1", Applicability::Unsafe)
                }
            }
            Instead::Whole(partial) => {
                let finding = finding.help("write `partial-failures: false`: the batch comes again as a whole");
                if partial.derived.is_some() {
                    finding
                } else {
                    finding.fix("repeat the batch as a whole", partial.span, "false", Applicability::Unsafe)
                }
            }
        });
    }
}

/// Where a trigger says that parts of a batch may fail, and what keeps its order instead.
fn reordered<'f>(facts: &'f Facts, trigger: &'f Trigger) -> Option<(Span, Instead<'f>)> {
    match &trigger.source {
        TriggerSource::Queue { from, batch, partial_failures, .. } => {
            let is_ordered = facts.model().queues[from.value].ordered.value != Ordered::No;
            let is_cut = is_ordered && batch.value > 1 && partial_failures.value;
            is_cut.then_some((partial_failures.span, Instead::One(batch)))
        }
        TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => {
            let partial = &reading.partial_failures;
            (reading.batch.value > 1 && partial.value).then_some((partial.span, Instead::Whole(partial)))
        }
        TriggerSource::Http(_)
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => None,
    }
}
