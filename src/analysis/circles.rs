//! Circles in which something that happens causes itself again.

use std::collections::VecDeque;

use petgraph::algo::kosaraju_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef as _};

use super::causes::{Causes, Step};
use crate::graph::EdgeId;

/// One way round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Circle {
    /// The edges in order; the last leads to where the first starts.
    pub edges: Vec<EdgeId>,
    /// Whether a `where` or a pattern has to hold somewhere on every way round.
    pub is_filtered: bool,
}

/// One circle for each set of nodes that cause each other, in linear time: the shortest through its first node. A trigger
/// with `allow-loop` leads nowhere.
pub(super) fn circles(causes: &Causes) -> Vec<Circle> {
    let mut found = Vec::new();
    let mut is_endless = vec![false; causes.node_count()];
    for component in components(causes, |step| !step.is_allowed && !step.is_filtered) {
        for node in &component {
            if let Some(flag) = is_endless.get_mut(node.index()) {
                *flag = true;
            }
        }
        let edges = round(causes, &component, |step| !step.is_allowed && !step.is_filtered);
        found.push(Circle { edges, is_filtered: false });
    }
    for component in components(causes, |step| !step.is_allowed) {
        // One that never ends is found already.
        if component.iter().any(|node| is_endless.get(node.index()).copied().unwrap_or(false)) {
            continue;
        }
        let edges = round(causes, &component, |step| !step.is_allowed);
        found.push(Circle { edges, is_filtered: true });
    }
    found
}

/// The sets of nodes that reach each other, each ascending, and sorted.
fn components(causes: &Causes, keep: impl Fn(&Step) -> bool) -> Vec<Vec<NodeIndex>> {
    // Kosaraju's algorithm keeps its own stack: a chain of any length cannot overflow ours.
    let kept = EdgeFiltered::from_fn(causes, |edge| edge.weight().as_ref().is_none_or(&keep));
    let mut components = kosaraju_scc(&kept);
    components.retain(|nodes| match nodes.as_slice() {
        [] => false,
        [one] => causes.edges_connecting(*one, *one).any(|edge| edge.weight().as_ref().is_none_or(&keep)),
        [_, _, ..] => true,
    });
    for nodes in &mut components {
        nodes.sort_unstable();
    }
    components.sort_unstable();
    components
}

/// The shortest way from the first node of a component back to it.
fn round(causes: &Causes, component: &[NodeIndex], keep: impl Fn(&Step) -> bool) -> Vec<EdgeId> {
    let Some(start) = component.first().copied() else { return Vec::new() };
    // By place in the component: the edge by which a node was reached first.
    let place = |node: NodeIndex| component.binary_search(&node).ok();
    let mut came: Vec<Option<EdgeIndex>> = vec![None; component.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        // petgraph lists the edges of a node newest first.
        let mut edges: Vec<_> = causes.edges(node).filter(|e| e.weight().as_ref().is_none_or(&keep)).collect();
        edges.reverse();
        for edge in edges {
            let Some(slot) = place(edge.target()).and_then(|at| came.get_mut(at)) else { continue };
            if slot.is_some() {
                continue;
            }
            *slot = Some(edge.id());
            if edge.target() == start {
                return walked_back(causes, start, |node| place(node).and_then(|at| came.get(at).copied().flatten()));
            }
            open.push_back(edge.target());
        }
    }
    Vec::new()
}

fn walked_back(causes: &Causes, start: NodeIndex, came: impl Fn(NodeIndex) -> Option<EdgeIndex>) -> Vec<EdgeId> {
    let mut edges = Vec::new();
    let mut node = start;
    while let Some(edge) = came(node) {
        let Some((from, _)) = causes.edge_endpoints(edge) else { break };
        edges.extend(causes.edge_weight(edge).and_then(Option::as_ref).map(|step| step.edge));
        if from == start {
            break;
        }
        node = from;
    }
    edges.reverse();
    edges
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::analysis::causes::causes;
    use crate::base::Spanned;
    use crate::graph::Graph;
    use crate::graph::sample::{Sample, from_queue};
    use crate::model::{AllowLoop, AnyResource, Scope, Verb};

    /// Each function takes from its own queue and sends to the queues of those `steps` behind it.
    fn ring(count: usize, steps: &[usize], is_closed: bool) -> Sample {
        let mut s = Sample::default();
        let queues: Vec<_> = (0..count).map(|n| s.queue(&format!("q{n}"))).collect();
        for n in 0..count {
            let function = s.function(&format!("f{n}"));
            s.on(function, from_queue(queues[n]));
            for to in steps.iter().map(|step| n + step).filter(|to| is_closed || *to < count) {
                s.uses(function, AnyResource::Queue(queues[to % count]), Verb::Send, Scope::Whole);
            }
        }
        s
    }

    fn found(sample: Sample) -> (Graph, Vec<Circle>) {
        let (graph, _) = sample.build();
        let found = circles(&causes(&graph));
        (graph, found)
    }

    #[test]
    fn a_circle_is_told_from_its_first_function_round_to_it() {
        let (graph, found) = found(ring(3, &[1], true));
        let [circle] = found.as_slice() else { panic!("{found:?}") };
        let ends: Vec<String> = circle.edges.iter().map(|edge| graph.title(graph.edge(*edge).to)).collect();
        assert_eq!(ends, ["q1", "f1", "q2", "f2", "q0", "f0"]);
        assert!(!circle.is_filtered);
    }

    #[test]
    fn a_chain_is_no_circle_and_an_allowed_one_is_none_either() {
        assert!(found(ring(9, &[1, 2], false)).1.is_empty());
        let mut s = ring(3, &[1], true);
        let span = s.at("allow-loop");
        let reason = Spanned::new("three rounds are enough".into(), span);
        s.functions[1].triggers[0].allow_loop = Some(AllowLoop { hops: Spanned::new(3, span), reason });
        assert!(found(s).1.is_empty());
    }

    /// There are more ways round than could ever be listed.
    #[test]
    fn ten_thousand_functions_cost_linear_time() {
        let (graph, _) = ring(10_000, &[1, 2, 3], true).build();
        let start = Instant::now();
        let found = circles(&causes(&graph));
        assert_eq!(found.len(), 1);
        // A build for tests is slow; what lists paths would not end at all.
        assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    }
}
