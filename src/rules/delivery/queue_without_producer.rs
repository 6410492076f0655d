//! A queue that nobody fills.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{AnyResource, Id, Queue};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "queue-without-producer",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function reads a queue that nobody sends to, or people do.",
    doc: include_str!("queue_without_producer.md"),
    by_target: false,
    checks: &[Check::Queue(check)],
};

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let queue = &model.queues[id];
    // Without a contract nothing says whether others send; with one, `source` does.
    let Some(carries) = queue.carries else { return };
    let event = &model.events[carries.value];
    if event.source.is_some() || graph.producers(AnyResource::Queue(id)).next().is_some() {
        return;
    }
    let is_native = |kind: &EdgeKind| matches!(kind, EdgeKind::NativeGrant { .. });
    if graph.uses(AnyResource::Queue(id)).any(|edge| is_native(&edge.kind)) {
        return;
    }
    let consumers: Vec<_> = graph.consumers(AnyResource::Queue(id)).take(RELATED).collect();
    if consumers.is_empty() && !queue.manual.value {
        return;
    }
    let (name, event) = (queue.head.name(), &event.event_type);
    let mut finding = RULE
        .finding(queue.head.span, format!("nobody sends to the queue `{name}`"))
        .label(if consumers.is_empty() { "people wait for what never comes" } else { "what reads it never runs" })
        .help(format!(
            "let a function send with `uses: {{ {name}: send }}`, \
             or say that others do with `source: <name>` at the event `{event}`"
        ));
    for edge in consumers {
        finding = finding.related(edge.span, "read here");
    }
    out.push(finding);
}
