//! A queue that nobody reads.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{AnyResource, Id, Queue, Verb};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "queue-without-consumer",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A queue that no function reads and that is not marked as read by people.",
    doc: include_str!("queue_without_consumer.md"),
    by_target: false,
    checks: &[Check::Queue(check)],
};

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let queue = &model.queues[id];
    // One that the compiler made beside a queue counts as read by people.
    if queue.manual.value || queue.head.derived.is_some() {
        return;
    }
    if graph.consumers(AnyResource::Queue(id)).next().is_some() {
        return;
    }
    let redrives = |kind: &EdgeKind| matches!(kind, EdgeKind::Accesses { verb: Verb::Redrive, .. });
    if graph.uses(AnyResource::Queue(id)).any(|edge| redrives(&edge.kind)) {
        return;
    }
    let name = queue.head.name();
    let what = if graph.dead_letter_of(id).next().is_some() { "dead letter" } else { "queue" };
    let retention = queue.retention.value;
    let mut finding = RULE
        .finding(queue.head.span, format!("nobody reads the {what} `{name}`"))
        .label(format!("its messages are gone after {retention}"))
        .help(format!(
            "let a function read it with `on: [{{ queue: {{ from: {name} }} }}]`, \
             or say that people do with `manual: true`"
        ));
    for edge in graph.producers(AnyResource::Queue(id)).take(RELATED) {
        finding = finding.related(edge.span, "messages come from here");
    }
    out.push(finding);
}
