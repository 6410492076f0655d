//! Deliveries that a platform takes for lost while they are still being handled.

use crate::analysis::{Channel, Facts, Judged, Known, Limit};
use crate::base::{Duration, Span};
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::{EdgeKind, Runner};
use crate::model::{CallMode, Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "deadline-below-timeout",
    category: Category::Resilience,
    level: Severity::Error,
    since: "0.1.0",
    summary: "A platform delivers again what a function may still be at work on.",
    doc: include_str!("deadline_below_timeout.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let runs = function.timeout.value;
    let missed: Vec<_> = facts.judged().iter().filter_map(|on| Some((on, missed(facts, id, runs, on)?))).collect();
    let Some((_, (first, place))) = missed.iter().min_by_key(|(_, (deadline, _))| deadline.value) else { return };
    let name = function.head.name();
    let message = format!(
        "`{name}` may run for {runs}, and what it is at work on is delivered again after {} ({})",
        first.value, first.fact
    );
    let mut finding = RULE
        .finding(*place, message)
        .label("delivered again too early")
        .help(format!("write `timeout: {}` or less at `{name}`, or let a workflow do what takes longer", first.value));
    if function.timeout.derived.is_none() {
        let span = function.timeout.span;
        finding = finding.related(span, format!("one run takes up to {runs}"));
        finding = finding.fix("shorten the timeout", span, first.value.to_string(), Applicability::Unsafe);
    }
    out.push(missed.iter().fold(finding, |finding, (on, _)| finding.on(on.id())));
}

/// The shortest deadline of what runs a function on a target, and where that stands, if it passes before the function has to
/// end. A function that may not run for so long there is refused for that reason.
fn missed<'f>(facts: &Facts, id: Id<Function>, runs: Duration, on: &'f Judged) -> Option<(Known<'f, Duration>, Span)> {
    if on.time(Limit::FunctionTimeoutMax).is_some_and(|most| runs > most.value) {
        return None;
    }
    let graph = facts.graph();
    let triggers = facts.triggers(Runner::Function(id)).map(|(_, trigger)| (facts.channel(trigger), trigger.span));
    let calls = graph.id(id).into_iter().flat_map(|id| graph.incoming(id));
    let calls = calls.filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Async));
    let all = triggers.chain(calls.map(|edge| (Channel::CallAsync, edge.span)));
    let known = all.filter_map(|(channel, place)| Some((on.deadline(channel)?, place)));
    known.filter(|(deadline, _)| deadline.value < runs).min_by_key(|(deadline, _)| deadline.value)
}
