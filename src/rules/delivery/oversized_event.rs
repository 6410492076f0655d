//! Events that are larger than what carries them.

use super::shrinking_size::{Channel, channels};
use crate::analysis::{Facts, Limit};
use crate::base::Span;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, NodeRef};
use crate::model::{Event, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "oversized-event",
    category: Category::Delivery,
    level: Severity::Error,
    since: "0.1.0",
    summary: "An event may be larger than a channel that carries it takes.",
    doc: include_str!("oversized_event.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for channel in channels(facts) {
        let name = channel.name(facts);
        refuse(facts, channel, channel.limit, &format!("`{name}` takes"), out);
    }
    let graph = facts.graph();
    for (_, edge) in graph.edges().filter(|(_, edge)| matches!(edge.kind, EdgeKind::Trigger { .. })) {
        if let (NodeRef::Event(event), NodeRef::Workflow(id)) = (graph.node(edge.from).of, graph.node(edge.to).of) {
            let name = facts.model().workflows[id].head.name();
            let channel = Channel { event, node: edge.to, place: edge.span, limit: Limit::WorkflowPayloadMax };
            refuse(facts, channel, channel.limit, &format!("the workflow `{name}` starts with"), out);
        }
    }
}

fn refuse(facts: &Facts, channel: Channel, limit: Limit, takes: &str, out: &mut Findings) {
    let Some(size) = facts.event_size(channel.event) else { return };
    for on in facts.judged() {
        let Some(most) = on.size(limit).filter(|most| size > most.value) else { continue };
        let (of, place) = stated(facts, channel.event);
        let message = format!("`{of}` may be {size}, but {takes} no more than {} ({})", most.value, most.fact);
        out.push(
            RULE.finding(channel.place, message)
                .related(place, format!("it may be {size}"))
                .help(format!(
                    "bound `{of}` to `max-size: {}`, or put its data into a bucket and send where it is",
                    most.value
                ))
                .on(on.id()),
        );
    }
}

/// The type of an event, and where its size is said.
fn stated(facts: &Facts, id: Id<Event>) -> (String, Span) {
    let event = &facts.model().events[id];
    (event.event_type.to_string(), event.max_size.map_or(event.head.span, |size| size.span))
}
