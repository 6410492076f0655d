//! An event that nobody waits for.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{Event, Id};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unhandled-event",
    category: Category::Delivery,
    level: Severity::Note,
    since: "0.1.0",
    summary: "An event is emitted, and nothing in the application is run by it.",
    doc: include_str!("unhandled_event.md"),
    by_target: false,
    checks: &[Check::Event(check)],
};

fn check(facts: &Facts, id: Id<Event>, out: &mut Findings) {
    let graph = facts.graph();
    if graph.consumers(id).next().is_some() {
        return;
    }
    let emits = graph.producers(id).filter(|edge| matches!(edge.kind, EdgeKind::Emits { .. }));
    let places: Vec<_> = emits.take(RELATED).collect();
    if places.is_empty() {
        return;
    }
    let event = &facts.model().events[id];
    let name = &event.event_type;
    let mut finding = RULE
        .finding(event.head.span, format!("nobody handles `{name}`"))
        .label("a bus drops what no rule asks for")
        .help(format!(
            "let a function be run by it with `on: [{{ event: {{ type: {name} }} }}]`, or write who does: \
             `# isobar: allow unhandled-event: the accounting listens on the bus`"
        ));
    for edge in places {
        finding = finding.related(edge.span, "emitted here");
    }
    out.push(finding);
}
