//! Events that fit into the first channel and not into the next.

use std::collections::BTreeMap;

use crate::analysis::{Facts, Limit};
use crate::base::Span;
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind, NodeId, NodeRef};
use crate::model::{AnyResource, Event, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "shrinking-size",
    category: Category::Delivery,
    level: Severity::Note,
    since: "0.1.0",
    summary: "An event without a bound goes from a channel to one that takes less.",
    doc: include_str!("shrinking_size.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

/// A place where an event is put and taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Channel {
    /// What it carries.
    pub(super) event: Id<Event>,
    /// The event itself where a bus carries it, else the resource.
    pub(super) node: NodeId,
    /// What says that it carries it.
    pub(super) place: Span,
    /// What it takes at most.
    pub(super) limit: Limit,
}

impl Channel {
    /// Its name.
    pub(super) fn name(self, facts: &Facts) -> String {
        let graph = facts.graph();
        let mut carried = graph.incoming(self.node).filter(|edge| edge.kind == EdgeKind::Routes);
        match graph.node(self.node).of {
            NodeRef::Event(_) => carried.next().map_or_else(|| graph.title(self.node), |edge| graph.title(edge.from)),
            NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => graph.title(self.node),
        }
    }
}

/// All channels of events: buses, queues and topics. A bus carries what is emitted to it.
pub(super) fn channels(facts: &Facts) -> Vec<Channel> {
    let (model, graph) = (facts.model(), facts.graph());
    let mut found = Vec::new();
    for (node, of) in graph.nodes() {
        let (carries, limit) = match of.of {
            NodeRef::Event(event) => {
                let emitted = graph.incoming(node).find(|edge| matches!(edge.kind, EdgeKind::Emits { .. }));
                (emitted.map(|edge| (event, edge.span)), Limit::BusMessageMax)
            }
            NodeRef::Resource(AnyResource::Queue(id)) => {
                // What is set aside was small enough for the queue that it comes from.
                let queue = &model.queues[id];
                let own = queue.carries.filter(|_| queue.dead_letter_of.is_empty());
                (own.map(|event| (event.value, event.span)), Limit::QueueMessageMax)
            }
            NodeRef::Resource(AnyResource::Topic(id)) => {
                (model.topics[id].carries.map(|event| (event.value, event.span)), Limit::TopicMessageMax)
            }
            NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => (None, Limit::BusMessageMax),
        };
        found.extend(carries.map(|(event, place)| Channel { event, node, place, limit }));
    }
    found
}

fn check(facts: &Facts, out: &mut Findings) {
    let graph = facts.graph();
    let channels: BTreeMap<NodeId, Channel> =
        channels(facts).into_iter().map(|channel| (channel.node, channel)).collect();
    for later in channels.values().filter(|channel| facts.event_size(channel.event).is_none()) {
        // Who puts the same event in that it took out of another channel.
        let puts = graph.incoming(later.node).filter(|edge| edge.kind.carries());
        let found = puts.flat_map(|put| {
            let takes = graph.incoming(put.from).filter(|edge| matches!(edge.kind, EdgeKind::Trigger { .. }));
            takes.filter_map(|take| channels.get(&take.from)).map(move |earlier| (put, *earlier))
        });
        let passed: Vec<(&Edge, Channel)> =
            found.filter(|(_, earlier)| earlier.event == later.event && earlier.node != later.node).collect();
        for on in facts.judged() {
            let Some(most) = on.size(later.limit) else { continue };
            let larger = passed.iter().find_map(|(put, earlier)| {
                let before = on.size(earlier.limit).filter(|before| before.value > most.value)?;
                Some((*put, *earlier, before))
            });
            let Some((put, earlier, before)) = larger else { continue };
            let (event, name) = (&facts.model().events[later.event].event_type, later.name(facts));
            let (who, from) = (graph.title(put.from), earlier.name(facts));
            let message = format!(
                "`{event}` has no bound, and `{name}` takes {} ({}) where `{from}` took {} ({})",
                most.value, most.fact, before.value, before.fact
            );
            out.push(
                RULE.finding(later.place, message)
                    .related(put.span, format!("`{who}` hands it on"))
                    .related(earlier.place, format!("up to {} come in", before.value))
                    .help(format!("add `max-size: {}` to the event, or bound its schema", most.value))
                    .on(on.id()),
            );
        }
    }
}
