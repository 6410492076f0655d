//! The graph as text, Mermaid, DOT and JSON, and its events as `AsyncAPI`. Every output is a function of the graph alone: nodes by number, edges
//! in the order of the spec.

mod asyncapi;
mod delivery;
mod dot;
mod json;
mod mermaid;
mod text;

pub use asyncapi::asyncapi;
pub use delivery::{DeliveryDocument, Labels, Promise};
pub use dot::dot;
pub use json::{EdgeDocument, GraphDocument, NodeDocument, PlaceDocument, ScopeDocument, VERSION, document, json};
pub use mermaid::mermaid;
pub use text::{node_edges, text, trigger_edges};

use std::collections::HashMap;

use super::{Edge, EdgeKind, Graph, NodeId};
use crate::model::{CallMode, Scope};

/// What an edge says beside its kind: the verb and scope, the bus, how a call is made.
pub fn edge_detail(graph: &Graph, edge: &Edge) -> Option<String> {
    match &edge.kind {
        EdgeKind::Accesses { verb, scope } => {
            Some(scope_text(scope).map_or_else(|| verb.to_string(), |scope| format!("{verb} ({scope})")))
        }
        EdgeKind::Calls(CallMode::Sync) => Some("sync".to_owned()),
        EdgeKind::Calls(CallMode::Async) => Some("async".to_owned()),
        EdgeKind::Emits { bus } => Some(format!("to {}", graph.model().buses[*bus].head.name())),
        EdgeKind::Trigger { .. } => {
            let trigger = graph.trigger(edge)?;
            let filtered = if trigger.conditions.is_empty() { "" } else { ", filtered" };
            Some(format!("{}{filtered}", trigger.kind()))
        }
        EdgeKind::NativeGrant { index, target } => {
            let (name, native) = graph.model().native.iter().nth(*target)?;
            let verbs: Vec<&str> = native.grants.get(*index)?.verbs.iter().map(|v| v.value.as_str()).collect();
            Some(format!("{} on {name}", verbs.join(", ")))
        }
        EdgeKind::Resumes | EdgeKind::Routes | EdgeKind::DeadLetters | EdgeKind::Compensates => None,
    }
}

/// A scope as words: `prefix in/`; none for the whole resource.
pub fn scope_text(scope: &Scope) -> Option<String> {
    match scope {
        Scope::Whole => None,
        Scope::Prefix { prefix, suffix } if suffix.is_empty() => Some(format!("prefix {prefix}")),
        Scope::Prefix { prefix, suffix } if prefix.is_empty() => Some(format!("suffix {suffix}")),
        Scope::Prefix { prefix, suffix } => Some(format!("prefix {prefix}, suffix {suffix}")),
        Scope::Index(name) => Some(format!("index {name}")),
        Scope::Leading(value) => Some(format!("leading {value}")),
        Scope::Type(event) => Some(format!("type {event}")),
        Scope::Topic(topic) => Some(format!("topic {topic}")),
        Scope::Own => Some("own rows".to_owned()),
    }
}

/// An arrow of a picture: edges of one kind between the same nodes are one arrow, their details in its label.
struct Arrow {
    from: NodeId,
    to: NodeId,
    kind: &'static str,
    details: Vec<String>,
    /// What is promised of what passes.
    promises: Vec<String>,
}

impl Arrow {
    fn label(&self) -> String {
        let what = match (self.kind, self.details.is_empty()) {
            (kind, true) => kind.to_owned(),
            // The verb says it already.
            ("accesses", false) => self.details.join(", "),
            (kind, false) => format!("{kind}: {}", self.details.join(", ")),
        };
        if self.promises.is_empty() { what } else { format!("{what} ({})", self.promises.join("; ")) }
    }
}

fn arrows(graph: &Graph, labels: &Labels) -> Vec<Arrow> {
    let mut arrows: Vec<Arrow> = Vec::new();
    for (id, _) in graph.nodes() {
        let mut known: HashMap<(NodeId, &str), usize> = HashMap::new();
        for (edge_id, edge) in graph.outgoing_ids(id) {
            let kind = edge.kind.as_str();
            // Where a bus or a source is already one end of the arrow, its name is no news.
            let detail = if matches!(edge.kind, EdgeKind::Trigger { .. }) { None } else { edge_detail(graph, edge) };
            let number = *known.entry((edge.to, kind)).or_insert_with(|| {
                arrows.push(Arrow { from: id, to: edge.to, kind, details: Vec::new(), promises: Vec::new() });
                arrows.len() - 1
            });
            let Some(arrow) = arrows.get_mut(number) else { continue };
            arrow.details.extend(detail.filter(|detail| !arrow.details.contains(detail)));
            arrow.promises.extend(labels.line(edge_id).filter(|line| !arrow.promises.contains(line)));
        }
    }
    arrows
}
