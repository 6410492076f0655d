//! Consumers of queues that are handed more than they may take at a time.

use crate::analysis::{Facts, Limit};
use crate::base::Spanned;
use crate::diag::{Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Id, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "throttled-consumer",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Queues hand a function more batches at a time than it may run.",
    doc: include_str!("throttled_consumer.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some(max) = function.scaling.max else { return };
    let beside = function.scaling.concurrency.map_or(1, |n| n.value).saturating_mul(max.value);
    let queues: Vec<Option<Spanned<u32>>> = facts
        .triggers(Runner::Function(id))
        .filter_map(|(_, trigger)| {
            let TriggerSource::Queue { concurrency, .. } = &trigger.source else { return None };
            Some(*concurrency)
        })
        .collect();
    let name = function.head.name();
    let stated = queues.iter().flatten().map(|c| c.value).fold(0, u32::saturating_add);
    if let Some(last) = queues.iter().flatten().last().filter(|_| stated > beside) {
        out.push(
            RULE.finding(last.span, format!("queues hand `{name}` {stated} batches at a time, and it takes {beside}"))
                .related(max.span, format!("no more than {beside} at a time"))
                .help(format!("lower `concurrency`, or write `max: {stated}` or more")),
        );
        return;
    }
    let silent = queues.iter().filter(|own| own.is_none()).count();
    for on in facts.judged().iter().filter(|_| silent > 0) {
        let Some(least) = on.number(Limit::QueueConcurrencyMin) else { continue };
        let silent = u64::try_from(silent).unwrap_or(u64::MAX);
        let wanted = least.value.saturating_mul(silent).saturating_add(u64::from(stated));
        if wanted <= u64::from(beside) {
            continue;
        }
        let message =
            format!("queues hand `{name}` at least {wanted} batches at a time, and it takes {beside} ({})", least.fact);
        out.push(RULE.finding(max.span, message).help(format!("write `max: {wanted}` or more")).on(on.id()));
    }
}
