//! How many runs one occurrence can cause, and how many functions wait for each other.

use petgraph::algo::kosaraju_scc;
use petgraph::visit::EdgeRef as _;

use super::causes::Causes;
use super::delivery::Bound;
use super::{Facts, Judged};
use crate::graph::{EdgeKind, Graph, NodeId, NodeRef};
use crate::model::{CallMode, Idempotency};

/// A node at which few occurrences become many runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amplifier {
    /// What one occurrence at it causes: an event, a resource, a function or a workflow.
    pub node: NodeId,
    /// Runs at most, retries included.
    pub runs: u64,
}

/// The nodes at which one occurrence can cause more than `most` runs, while it cannot at any that follow. Where it is tried
/// without end, or that often by one edge alone, or goes round for ever, a single try is counted: that is another defect. In linear time.
pub(super) fn amplifiers(facts: &Facts, causes: &Causes, on: &Judged, most: u64) -> Vec<Amplifier> {
    let mut runs = vec![0_u64; causes.node_count()];
    let mut found: Vec<Amplifier> = Vec::new();
    // The algorithm gives what follows before what it follows.
    for group in kosaraju_scc(causes) {
        let [node] = group.as_slice() else { continue };
        let mut sum = 0_u64;
        let mut is_first = true;
        for edge in causes.edges(*node).map(|edge| edge.id()) {
            let Some((_, to)) = causes.edge_endpoints(edge).filter(|(_, to)| to != node) else { continue };
            let behind = runs.get(to.index()).copied().unwrap_or_default();
            is_first &= behind <= most;
            let step = causes.edge_weight(edge).and_then(Option::as_ref);
            sum = sum.saturating_add(match step {
                Some(step) => along(facts, on, step.edge, behind, most),
                None => behind,
            });
        }
        if let Some(slot) = runs.get_mut(node.index()) {
            *slot = sum;
        }
        if sum > most
            && is_first
            && let Some(node) = causes.node_weight(*node)
        {
            found.push(Amplifier { node: *node, runs: sum });
        }
    }
    // Of the parts of a channel, the one that causes most speaks for all.
    found.sort_unstable_by_key(|amplifier| (amplifier.node, std::cmp::Reverse(amplifier.runs)));
    found.dedup_by_key(|amplifier| amplifier.node);
    found
}

/// What one occurrence causes along an edge, with what its end causes in turn.
fn along(facts: &Facts, on: &Judged, edge: crate::graph::EdgeId, behind: u64, most: u64) -> u64 {
    let graph = facts.graph();
    let to = graph.edge(edge).to;
    let attempts = facts.deliveries(on).and_then(|all| all.of(edge)).map_or(Bound::AtMost(1), |of| of.attempts);
    let tries = attempts.finite().map(u64::from).filter(|tries| *tries <= most).unwrap_or(1);
    let own = if graph.runner(to).is_some() { tries } else { 0 };
    // Who remembers what was done sends nothing again; who says that a repetition is harmless does.
    let again = if remembers(graph, to) { 1 } else { tries };
    own.saturating_add(behind.saturating_mul(again))
}

fn remembers(graph: &Graph, node: NodeId) -> bool {
    let model = graph.model();
    let idempotency = match graph.node(node).of {
        NodeRef::Function(id) => model.functions[id].idempotency.as_ref(),
        NodeRef::Workflow(id) => model.workflows[id].idempotency.as_ref(),
        NodeRef::Event(_) | NodeRef::Resource(_) | NodeRef::Route(_) | NodeRef::Schedule(_) | NodeRef::Native(_) => {
            None
        }
    };
    matches!(idempotency, Some(Idempotency::Table { .. } | Idempotency::Cache { .. }))
}

/// By node: how many functions wait for each other from this one on, itself included; 0 for what is no function, and where
/// a chain bites its own tail.
pub(super) fn waiting(graph: &Graph) -> Vec<u32> {
    let is_function = |node: NodeId| matches!(graph.node(node).of, NodeRef::Function(_));
    // A workflow waits too, but nobody pays for that, and nothing times out.
    let waits = |edge: &crate::graph::Edge| edge.kind == EdgeKind::Calls(CallMode::Sync) && is_function(edge.from);
    let mut depths = vec![0_u32; graph.nodes().len()];
    for group in graph.groups(waits).into_iter().rev() {
        let [node] = group.as_slice() else { continue };
        if !is_function(*node) {
            continue;
        }
        let below = graph.outgoing(*node).filter(|edge| waits(edge));
        let deepest = below.filter_map(|edge| depths.get(edge.to.index()).copied()).max().unwrap_or_default();
        if let Some(depth) = depths.get_mut(node.index()) {
            *depth = deepest.saturating_add(1);
        }
    }
    depths
}
