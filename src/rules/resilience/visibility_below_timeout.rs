//! Messages that come again while they are still being handled.

use crate::analysis::{Facts, Limit};
use crate::base::Duration;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{AnyResource, Function, Id, Queue};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "visibility-below-timeout",
    category: Category::Resilience,
    level: Severity::Error,
    since: "0.1.0",
    summary: "A queue shows a message again while its consumer may still be at work on it.",
    doc: include_str!("visibility_below_timeout.md"),
    by_target: false,
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
    if visible >= runs {
        return;
    }
    let (name, function) = (queue.head.name(), consumer.head.name());
    let message = format!("messages of `{name}` come again after {visible}, while `{function}` may run for {runs}");
    let mut finding = RULE
        .finding(queue.visibility.span, message)
        .label("too short")
        .related(consumer.timeout.span, format!("`{function}` may run for {runs}"));
    finding =
        match advised(facts, runs, window) {
            Some(enough) => finding
                .help(format!("write `visibility: {enough}`, or leave it out to have it derived"))
                .fix("lengthen the visibility", queue.visibility.span, enough.to_string(), Applicability::Safe),
            None => finding.help(format!("shorten the `timeout` of `{function}`")),
        };
    out.push(finding);
}

/// The consumer that runs longest, and the longest wait for a batch.
pub(super) fn slowest(facts: &Facts, id: Id<Queue>) -> Option<(&Function, Duration)> {
    let (model, graph) = (facts.model(), facts.graph());
    let consumers = graph.consumers(AnyResource::Queue(id));
    let timed = consumers.filter_map(|edge| {
        let trigger = graph.trigger(edge)?;
        let window = trigger.batch_window().map_or(Duration::default(), |window| window.value);
        match graph.runner(edge.to)? {
            Runner::Function(id) => Some((&model.functions[id], window)),
            Runner::Workflow(_) => None,
        }
    });
    timed.max_by_key(|(function, _)| function.timeout.value)
}

/// Six times the timeout and the wait for a batch, as far as every judged target can; `None` where one cannot hide a
/// message for as long as the function runs.
fn advised(facts: &Facts, runs: Duration, window: Duration) -> Option<Duration> {
    let judged = facts.judged();
    let factor = judged.iter().filter_map(|on| on.number(Limit::QueueVisibilityFactor)).map(|known| known.value).max();
    let wanted = runs.saturating_mul(factor.unwrap_or(6)).saturating_add(window);
    let most = judged.iter().filter_map(|on| on.time(Limit::QueueVisibilityMax)).map(|known| known.value).min();
    Some(most.map_or(wanted, |most| wanted.min(most))).filter(|enough| *enough >= runs)
}
