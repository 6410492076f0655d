//! Batches that fail as a whole.

use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Given, Id, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "batch-without-partial-failures",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "One message that fails brings back its whole batch.",
    doc: include_str!("batch_without_partial_failures.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let name = facts.model().functions[id].head.name();
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        let Some((batch, partial)) = whole(&trigger.source) else { continue };
        if batch.value < 2 || partial.value {
            continue;
        }
        let message = format!("one message that `{name}` fails to handle brings back all {} of its batch", batch.value);
        let mut finding = RULE.finding(batch.span, message);
        finding = if partial.derived.is_none() {
            finding
                .related(partial.span, "the handler does not say which messages failed")
                .help("write `partial-failures: true`, and return the ids of the messages that failed")
                .fix("let the handler say which failed", partial.span, "true", Applicability::Unsafe)
        } else {
            finding.help(
                "add `partial-failures: true` and return the ids of the messages that failed, or write `batch: 1`",
            )
        };
        out.push(finding);
    }
}

/// The batch of a trigger whose failures come back as a whole. One that is split until the bad record is found does not.
const fn whole(source: &TriggerSource) -> Option<(&Given<u32>, &Given<bool>)> {
    match source {
        TriggerSource::Queue { batch, partial_failures, .. } => Some((batch, partial_failures)),
        TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => {
            if reading.bisect.value {
                None
            } else {
                Some((&reading.batch, &reading.partial_failures))
            }
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
