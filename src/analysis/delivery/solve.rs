//! The least fixpoint: groups of nodes that reach each other, one after the other, each until nothing changes. A node is
//! looked at again only when something that comes to it did.

use super::transfer::{Flow, Passages, bears_repetition};
use super::{Bound, Deliveries, Delivery, is_delivery};
use crate::analysis::{Facts, Judged};
use crate::graph::NodeId;

/// The deliveries of all edges on one target.
pub(in crate::analysis) fn solve(facts: &Facts, on: &Judged) -> Deliveries {
    let graph = facts.graph();
    let passages = Passages::new(facts, on);
    let mut by_edge: Vec<Option<Delivery>> = vec![None; graph.edge_count()];
    let endless = endless(facts);
    let mut waiting = vec![true; graph.nodes().len()];
    for group in graph.groups(is_delivery) {
        let mut changed = true;
        while changed {
            changed = false;
            for node in &group {
                if !waiting.get_mut(node.index()).is_some_and(std::mem::take) {
                    continue;
                }
                let flow = flow(facts, &by_edge, *node, endless.get(node.index()).copied().unwrap_or(false));
                for (id, edge) in graph.outgoing_ids(*node).filter(|(_, edge)| is_delivery(edge)) {
                    let Some(known) = by_edge.get_mut(id.index()) else { continue };
                    let new = Some(passages.along(id, edge, &flow));
                    if *known != new {
                        *known = new;
                        changed = true;
                        if let Some(waits) = waiting.get_mut(edge.to.index()) {
                            *waits = true;
                        }
                    }
                }
            }
        }
    }
    Deliveries { by_edge }
}

/// What leaves a node, by what is known so far of the edges that lead to it.
fn flow(facts: &Facts, by_edge: &[Option<Delivery>], node: NodeId, is_endless: bool) -> Flow {
    let graph = facts.graph();
    let mut flow = Flow::BEGINNING;
    for (id, _) in graph.incoming_ids(node) {
        if let Some(Some(delivery)) = by_edge.get(id.index()) {
            flow.take(id, delivery);
        }
    }
    if is_endless {
        flow.inherited = Bound::NoEnd;
        flow.load = Bound::NoEnd;
    }
    flow.out_of(graph.node(node).of, facts.model())
}

/// The nodes of circles in which repetitions are passed on and on: there, ages and loads have no end.
fn endless(facts: &Facts) -> Vec<bool> {
    let (graph, model) = (facts.graph(), facts.model());
    let mut endless = vec![false; graph.nodes().len()];
    for circle in graph.cycles(|edge| is_delivery(edge) && !bears_repetition(graph.node(edge.from).of, model)) {
        for node in circle {
            if let Some(flag) = endless.get_mut(node.index()) {
                *flag = true;
            }
        }
    }
    endless
}
