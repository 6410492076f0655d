//! An indented listing: each node with what leads to it and what leaves it, and where each was written.

use std::fmt::Write as _;

use super::{Labels, edge_detail};
use crate::base::Sources;
use crate::graph::{Edge, EdgeId, EdgeKind, Graph, NodeId, NodeRef, TriggerRef};
use crate::model::NodeKind;

/// The listing. `sources` gives the places their file and line.
pub fn text(graph: &Graph, sources: &Sources, labels: &Labels) -> String {
    let mut out = String::new();
    let (nodes, edges) = (graph.nodes().len(), graph.edge_count());
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(out, "{}: {nodes} nodes, {edges} edges", graph.model().app.value);
    let mut section = None;
    for (id, node) in graph.nodes() {
        let title = heading(node.of);
        if section != Some(title) {
            section = Some(title);
            let _ = writeln!(out, "\n{title}");
        }
        let about = match node.of {
            NodeRef::Route(_) | NodeRef::Schedule(_) => format!(" ({})", graph.title(id)),
            NodeRef::Resource(resource) => format!(" ({})", resource.kind()),
            NodeRef::Event(_) | NodeRef::Function(_) | NodeRef::Workflow(_) | NodeRef::Native(_) => String::new(),
        };
        let derived = if derived(node.of, graph) { ", made by the compiler" } else { "" };
        let _ = writeln!(out, "  {}{about}{derived}  {}", graph.address(id), sources.place(node.span));
        lines(&mut out, graph, id, sources, labels);
    }
    out
}

/// What leads to one node and what leaves it, a line each.
pub fn node_edges(graph: &Graph, id: NodeId, sources: &Sources) -> String {
    let mut out = String::new();
    lines(&mut out, graph, id, sources, &Labels::default());
    out
}

/// What one trigger is: the edges that it makes.
pub fn trigger_edges(graph: &Graph, at: TriggerRef, sources: &Sources) -> String {
    let own = |(_, e): &(EdgeId, &Edge)| matches!(e.kind, EdgeKind::Trigger { index } if index == at.index);
    let edges = graph.id(NodeRef::from(at.runner)).into_iter().flat_map(|id| graph.incoming_ids(id).filter(own));
    let (mut out, none) = (String::new(), Labels::default());
    print(&mut out, edges.map(|e| line(graph, "<-", e, e.1.from, sources, &none)).collect());
    out
}

fn derived(of: NodeRef, graph: &Graph) -> bool {
    of.head(graph.model()).is_some_and(|head| head.derived.is_some())
}

fn lines(out: &mut String, graph: &Graph, id: NodeId, sources: &Sources, labels: &Labels) {
    let incoming = graph.incoming_ids(id).map(|e| line(graph, "<-", e, e.1.from, sources, labels));
    let outgoing = graph.outgoing_ids(id).map(|e| line(graph, "->", e, e.1.to, sources, labels));
    print(out, incoming.chain(outgoing).collect());
}

type Row = (String, String, String, Option<String>);

fn line(
    graph: &Graph,
    arrow: &str,
    (number, edge): (EdgeId, &Edge),
    other: NodeId,
    sources: &Sources,
    labels: &Labels,
) -> Row {
    let what = edge_detail(graph, edge).map(|d| format!(" {d}")).unwrap_or_default();
    let left = format!("{arrow} {}{what}", edge.kind.as_str());
    (left, graph.address(other), sources.place(edge.span), labels.line(number))
}

fn print(out: &mut String, rows: Vec<Row>) {
    let widest = |width: usize, text: &str| width.max(text.chars().count());
    let (left, middle) = rows.iter().fold((0, 0), |(l, m), row| (widest(l, &row.0), widest(m, &row.1)));
    for (what, other, place, promise) in rows {
        let _ = writeln!(out, "    {what:left$}  {other:middle$}  {place}");
        if let Some(promise) = promise {
            let _ = writeln!(out, "       {promise}");
        }
    }
}

fn heading(of: NodeRef) -> &'static str {
    match (of.kind(), of) {
        (_, NodeRef::Native(_)) => "native",
        (NodeKind::Event, _) => "events",
        (NodeKind::Resource, _) => "resources",
        (NodeKind::External, _) => "outside",
        (NodeKind::Function, _) => "functions",
        (NodeKind::Workflow, _) => "workflows",
        (NodeKind::Route, _) => "routes",
        (NodeKind::Schedule, _) => "schedules",
    }
}
