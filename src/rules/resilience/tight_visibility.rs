//! Messages that are hidden for barely as long as they are handled.

use super::visibility_below_timeout::slowest;
use crate::analysis::{Facts, Limit};
use crate::diag::{Applicability, Findings, Severity};
use crate::model::{Id, Queue};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "tight-visibility",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A queue hides a message for less than the advised multiple of its consumer's timeout.",
    doc: include_str!("tight_visibility.md"),
    by_target: true,
    checks: &[Check::Queue(check)],
};

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let queue = &facts.model().queues[id];
    // A derived one is long enough by construction.
    if queue.visibility.derived.is_some() {
        return;
    }
    let Some((consumer, window)) = slowest(facts, id) else { return };
    let (visible, runs) = (queue.visibility.value, consumer.timeout.value);
    // Below the timeout it is an error of its own.
    if visible < runs {
        return;
    }
    for on in facts.judged() {
        let Some(factor) = on.number(Limit::QueueVisibilityFactor) else { continue };
        let wanted = runs.saturating_mul(factor.value).saturating_add(window);
        let most = on.time(Limit::QueueVisibilityMax).map_or(wanted, |most| most.value);
        let enough = wanted.min(most);
        if visible >= enough {
            continue;
        }
        let (name, function) = (queue.head.name(), consumer.head.name());
        let message = format!(
            "messages of `{name}` come again after {visible}, less than {} times what `{function}` may run for ({})",
            factor.value, factor.fact
        );
        out.push(
            RULE.finding(queue.visibility.span, message)
                .label("leaves no room for throttled tries")
                .related(consumer.timeout.span, format!("`{function}` may run for {runs}"))
                .help(format!("write `visibility: {enough}`, or leave it out to have it derived"))
                .fix("lengthen the visibility", queue.visibility.span, enough.to_string(), Applicability::Safe)
                .on(on.id()),
        );
    }
}
