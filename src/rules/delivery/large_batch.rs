//! Batches that are larger than what is handed over at a time.

use crate::analysis::{Facts, Limit};
use crate::base::ByteSize;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Event, Function, Given, Id, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "large-batch",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A full batch of the largest messages is more than a target hands over at a time.",
    doc: include_str!("large_batch.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let name = model.functions[id].head.name();
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        // A derived batch is a default that platforms cut down by themselves.
        let Some((batch, event)) = batch(facts, &trigger.source).filter(|(batch, _)| batch.derived.is_none()) else {
            continue;
        };
        let Some(size) = facts.event_size(event).filter(|size| size.as_bytes() > 0) else { continue };
        let all = size.as_bytes().saturating_mul(u64::from(batch.value));
        for on in facts.judged() {
            let Some(most) = on.size(Limit::BatchBytesMax).filter(|most| all > most.value.as_bytes()) else { continue };
            let fits = (most.value.as_bytes() / size.as_bytes()).max(1);
            let of = &model.events[event];
            let message = format!(
                "{} of `{}` may be {}, but `{name}` is given no more than {} at a time ({})",
                batch.value,
                of.event_type,
                ByteSize::from_bytes(all),
                most.value,
                most.fact
            );
            let place = of.max_size.map_or(of.head.span, |size| size.span);
            let finding = RULE
                .finding(batch.span, message)
                .related(place, format!("each may be {size}"))
                .help(format!("write `batch: {fits}`, or bound the event with a smaller `max-size`"))
                .on(on.id());
            // One message that does not fit is the defect of its channel.
            let does_fit = size.as_bytes() <= most.value.as_bytes();
            let fix = |finding: crate::diag::Finding| {
                finding.fix("make the batch fit", batch.span, fits.to_string(), Applicability::Safe)
            };
            out.push(if does_fit { fix(finding) } else { finding });
        }
    }
}

/// The batch of a trigger and what is in it.
fn batch<'f>(facts: &Facts, source: &'f TriggerSource) -> Option<(&'f Given<u32>, Id<Event>)> {
    let model = facts.model();
    match source {
        TriggerSource::Queue { from, batch, .. } => Some((batch, model.queues[from.value].carries?.value)),
        TriggerSource::Stream { from, reading } => Some((&reading.batch, model.streams[from.value].carries?.value)),
        TriggerSource::Change { .. }
        | TriggerSource::Http(_)
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
