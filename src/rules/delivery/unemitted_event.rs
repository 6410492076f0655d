//! An event that is waited for and never comes.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{Event, Id};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unemitted-event",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function or workflow waits for an event that nobody emits.",
    doc: include_str!("unemitted_event.md"),
    by_target: false,
    checks: &[Check::Event(check)],
};

fn check(facts: &Facts, id: Id<Event>, out: &mut Findings) {
    let graph = facts.graph();
    let event = &facts.model().events[id];
    let emits = |kind: &EdgeKind| matches!(kind, EdgeKind::Emits { .. });
    if event.source.is_some() || graph.producers(id).any(|edge| emits(&edge.kind)) {
        return;
    }
    let handlers: Vec<_> = graph.consumers(id).take(RELATED).collect();
    if handlers.is_empty() {
        return;
    }
    let name = &event.event_type;
    let mut finding = RULE
        .finding(event.head.span, format!("nobody emits `{name}`"))
        .label("what waits for it never runs")
        .help(format!("add `emits: [{name}]` to who sends it, or `source: <name>` to the event if others do"));
    for edge in handlers {
        finding = finding.related(edge.span, "waited for here");
    }
    out.push(finding);
}
