//! An event that nobody waits for.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{Event, Id, Model, Trigger};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unhandled-event",
    category: Category::Delivery,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Nothing in the application is run by an event that is emitted or comes from outside.",
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
    if places.is_empty() && is_carried(facts.model(), id) {
        return;
    }
    let event = &facts.model().events[id];
    let name = &event.event_type;
    let label = if places.is_empty() { "no channel carries it either" } else { "a bus drops what no rule asks for" };
    let mut finding = RULE.finding(event.head.span, format!("nobody handles `{name}`")).label(label).help(format!(
        "let a function be run by it with `on: [{{ event: {{ type: {name} }} }}]`, or write who does: \
             `# isobar: allow unhandled-event: the accounting listens on the bus`"
    ));
    for edge in places {
        finding = finding.related(edge.span, "emitted here");
    }
    out.push(finding);
}

/// Whether messages, records or requests hold an event, so that it is handled without a bus.
fn is_carried(model: &Model, id: Id<Event>) -> bool {
    let queues = model.queues.values().iter().map(|queue| queue.carries);
    let topics = model.topics.values().iter().map(|topic| topic.carries);
    let streams = model.streams.values().iter().map(|stream| stream.carries);
    let functions = model.functions.values().iter().flat_map(|function| &function.triggers);
    let bodies = functions.filter_map(Trigger::http).flat_map(|http| [http.body, http.returns]);
    queues.chain(topics).chain(streams).chain(bodies).flatten().any(|event| event.value == id)
}
