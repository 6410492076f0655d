//! An order that there was, and that somebody behind needs.

use std::collections::BTreeMap;

use super::{needs_order, ordering_key};
use crate::analysis::delivery::Delivery;
use crate::analysis::{Facts, Judged};
use crate::diag::{Finding, Findings, Severity};
use crate::graph::{Edge, EdgeId, EdgeKind, NodeId, NodeRef, Runner};
use crate::model::{Function, Id, TriggerKind, Verb};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "lost-order",
    category: Category::Delivery,
    level: Severity::Error,
    since: "0.1.0",
    summary: "An order is lost on a hop, and somebody behind it needs one.",
    doc: include_str!("lost_order.md"),
    by_target: true,
    checks: &[Check::Application(lost), Check::Function(unmet)],
};

fn lost(facts: &Facts, out: &mut Findings) {
    let mut by_hop: BTreeMap<EdgeId, (Vec<EdgeId>, Vec<&Judged>)> = BTreeMap::new();
    for on in facts.judged() {
        for (hop, needed) in losses(facts, on).into_iter().filter(|(_, needed)| !needed.is_empty()) {
            let (_, targets) = by_hop.entry(hop).or_insert_with(|| (needed, Vec::new()));
            targets.push(on);
        }
    }
    for (hop, (needed, targets)) in by_hop {
        let Some(on) = targets.first() else { continue };
        if let Some(finding) = about(facts, hop, &needed, on) {
            out.push(named(finding, &targets, facts));
        }
    }
}

fn about(facts: &Facts, hop: EdgeId, needed: &[EdgeId], on: &Judged) -> Option<Finding> {
    let graph = facts.graph();
    let edge = graph.edge(hop);
    let sink = graph.edge(*needed.first()?);
    let began = began(facts, edge.from, on)?;
    let (source, to) = (graph.title(began.from), graph.title(sink.to));
    let mut finding = RULE
        .finding(edge.span, format!("the order of `{source}` is lost before it reaches `{to}`"))
        .label("no order is kept here")
        .related(began.span, "in order up to here")
        .help("hand it on by an ordered channel: `{ type: queue, ordered: true, carries: … }`");
    for id in needed.iter().take(RELATED).filter(|id| **id != hop) {
        finding = finding.related(graph.edge(*id).span, "goes on to where order is needed");
    }
    if let NodeRef::Function(id) = graph.node(sink.to).of
        && let Some((span, text)) = needs_order(&facts.model().functions[id])
    {
        finding = finding.related(span, text);
    }
    Some(finding)
}

/// A function that says that it needs order, behind a channel that never had one.
fn unmet(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some(needs) = function.needs_order else { return };
    let graph = facts.graph();
    for (edge, _) in graph.triggers(Runner::Function(id)).filter(|(_, trigger)| has_a_sequence(trigger.kind())) {
        let Some((at, _)) = graph.incoming_ids(edge.to).find(|(_, other)| *other == edge) else { continue };
        let has_none = |on: &Judged| {
            let delivery = facts.deliveries(on).and_then(|deliveries| deliveries.of(at));
            let is_loss = |hop: EdgeId| graph.edge(hop).kind != EdgeKind::DeadLetters;
            delivery.is_some_and(|delivery| !delivery.is_ordered() && !delivery.lost_order.is_some_and(is_loss))
        };
        let targets = facts.targets_where(has_none);
        if targets.is_empty() {
            continue;
        }
        let (name, source) = (function.head.name(), graph.title(edge.from));
        let finding = RULE
            .finding(needs, format!("`{name}` needs order, and `{source}` keeps none"))
            .label("order is needed here")
            .related(edge.span, "what comes by this is in no order")
            .help("let it read an ordered channel: `{ type: queue, ordered: true, carries: … }`");
        out.push(named(finding, &targets, facts));
    }
}

/// Names the targets, unless it holds on all of them.
fn named(finding: Finding, targets: &[&Judged], facts: &Facts) -> Finding {
    if targets.len() == facts.judged().len() {
        return finding;
    }
    targets.iter().fold(finding, |finding, on| finding.on(on.id()))
}

/// The hops on which an order is lost on a target, each with the edges behind it that lead to where one is needed.
/// What is set aside leaves its place in the order, which a dead letter accepts.
pub(super) fn losses(facts: &Facts, on: &Judged) -> BTreeMap<EdgeId, Vec<EdgeId>> {
    let mut losses: BTreeMap<EdgeId, Vec<EdgeId>> = BTreeMap::new();
    let Some(deliveries) = facts.deliveries(on) else { return losses };
    for (id, edge) in facts.graph().edges() {
        let Some(hop) = deliveries.of(id).and_then(|delivery| delivery.lost_order) else { continue };
        let is_needed = is_needed(facts, edge);
        if facts.graph().edge(hop).kind == EdgeKind::DeadLetters || !is_needed && hop != id {
            continue;
        }
        let needed = losses.entry(hop).or_default();
        if is_needed {
            needed.push(id);
        }
    }
    losses
}

/// Whether the end of an edge is ordered itself, or needs order.
fn is_needed(facts: &Facts, edge: &Edge) -> bool {
    let model = facts.model();
    let is_written = matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Send | Verb::Publish | Verb::Put, .. });
    let is_run = matches!(edge.kind, EdgeKind::Trigger { .. } | EdgeKind::Calls(_));
    match facts.graph().node(edge.to).of {
        NodeRef::Resource(channel) => is_written && ordering_key(model, channel).is_some(),
        NodeRef::Function(id) => is_run && needs_order(&model.functions[id]).is_some(),
        NodeRef::Event(_) | NodeRef::Workflow(_) | NodeRef::Route(_) | NodeRef::Schedule(_) | NodeRef::Native(_) => {
            false
        }
    }
}

/// Where the order that reaches a node began: the last edge before it whose channel makes one.
pub(super) fn began<'f>(facts: &'f Facts, node: NodeId, on: &Judged) -> Option<&'f Edge> {
    let (graph, deliveries) = (facts.graph(), facts.deliveries(on)?);
    let mut seen = vec![node];
    let mut next = 0;
    while let Some(node) = seen.get(next).copied() {
        next += 1;
        let ordered = graph.incoming_ids(node).filter(|(id, _)| deliveries.of(*id).is_some_and(Delivery::is_ordered));
        for (_, edge) in ordered {
            if matches!(edge.kind, EdgeKind::Trigger { .. }) && matches!(graph.node(edge.from).of, NodeRef::Resource(_))
            {
                return Some(edge);
            }
            if !seen.contains(&edge.from) {
                seen.push(edge.from);
            }
        }
    }
    None
}

/// Whether what a trigger brings is a sequence that could have an order, and nobody waits for each of it.
const fn has_a_sequence(kind: TriggerKind) -> bool {
    match kind {
        TriggerKind::Queue
        | TriggerKind::Stream
        | TriggerKind::Change
        | TriggerKind::Topic
        | TriggerKind::Event
        | TriggerKind::Object
        | TriggerKind::Message => true,
        TriggerKind::Http
        | TriggerKind::Schedule
        | TriggerKind::Socket
        | TriggerKind::Log
        | TriggerKind::User
        | TriggerKind::Rotation => false,
    }
}
