//! Failures with no place to go.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, Runner};
use crate::model::{AnyResource, CallMode, Id, Ordered, Queue, TriggerKind};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-dead-letter",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Messages or events that keep failing are dropped because nothing sets them aside.",
    doc: include_str!("missing_dead_letter.md"),
    by_target: false,
    checks: &[Check::Queue(queue), Check::Runner(runner)],
};

fn queue(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let queue = &facts.model().queues[id];
    // Strict order blocks on a failing message; a dead letter would break it.
    if queue.dead_letter.is_some() || queue.ordered.value == Ordered::Strict {
        return;
    }
    let consumers: Vec<_> = facts.graph().consumers(AnyResource::Queue(id)).take(RELATED).collect();
    if consumers.is_empty() {
        return;
    }
    let (name, retention) = (queue.head.name(), queue.retention.value);
    let mut finding = RULE
        .finding(queue.head.span, format!("`{name}` is consumed but has no dead letter"))
        .label(format!("what keeps failing is tried for {retention} and then dropped"))
        .help("add `dead-letter: { after: 5 }`: a queue for what failed is made beside it");
    for edge in consumers {
        finding = finding.related(edge.span, "consumed here");
    }
    out.push(finding);
}

fn runner(facts: &Facts, runner: Runner, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let (head, dead_letter) = match runner {
        Runner::Function(id) => (&model.functions[id].head, &model.functions[id].dead_letter),
        Runner::Workflow(id) => (&model.workflows[id].head, &model.workflows[id].dead_letter),
    };
    if dead_letter.is_some() {
        return;
    }
    let triggers = facts.triggers(runner).filter(|(_, trigger)| is_dropped(trigger.kind()));
    let mut places: Vec<_> = triggers.map(|(_, trigger)| (trigger.span, "nobody waits for the end of this")).collect();
    // A workflow that fails is kept with its history; an asynchronous call that fails is not.
    if let Some(id) = graph.id(runner).filter(|_| matches!(runner, Runner::Function(_))) {
        let calls = graph.incoming(id).filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Async));
        places.extend(calls.map(|edge| (edge.span, "the caller does not wait for the end")));
    }
    if places.is_empty() {
        return;
    }
    let name = head.name();
    let to = facts.failures().map_or("failures", |queue| model.queues[queue].head.name());
    let mut finding = RULE
        .finding(head.span, format!("`{name}` has no dead letter for what it fails to handle"))
        .label("events that keep failing are dropped")
        .help(format!("add `dead-letter: {{ to: {to} }}` to `{name}`"));
    for (span, text) in places.into_iter().take(RELATED) {
        finding = finding.related(span, text);
    }
    out.push(finding);
}

/// Whether the platform drops what fails. A queue has its own dead letter, callers of a route or socket see the
/// failure, and a rotation that failed is due again.
const fn is_dropped(kind: TriggerKind) -> bool {
    match kind {
        TriggerKind::Stream
        | TriggerKind::Change
        | TriggerKind::Topic
        | TriggerKind::Event
        | TriggerKind::Object
        | TriggerKind::Schedule
        | TriggerKind::Message => true,
        TriggerKind::Http
        | TriggerKind::Queue
        | TriggerKind::Socket
        | TriggerKind::Log
        | TriggerKind::User
        | TriggerKind::Rotation => false,
    }
}
