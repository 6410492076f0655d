//! The graph as one JSON document for other programs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{DeliveryDocument, Labels, Promise, edge_detail};
use crate::base::{Sources, Span};
use crate::graph::{Edge, EdgeKind, Graph, Node, NodeId, NodeRef};
use crate::model::{CallMode, NodeKind, ResourceKind, Scope, ScopeKind, TriggerKind, Verb};

/// Version of the document: a larger number is a change that old readers would misread.
pub const VERSION: u32 = 1;

/// The document.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Graph")]
pub struct GraphDocument {
    /// Version of this format.
    pub version: u32,
    /// The application.
    pub app: String,
    /// The environment it was read for.
    pub environment: String,
    /// All nodes, ordered by kind and name.
    pub nodes: Vec<NodeDocument>,
    /// All edges, in the order of the spec.
    pub edges: Vec<EdgeDocument>,
}

/// A node.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Node")]
pub struct NodeDocument {
    /// Its path, such as `functions.settle`; unique.
    pub path: String,
    /// What it is.
    pub kind: NodeKind,
    /// The type of a resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource: Option<ResourceKind>,
    /// A short name: for a route its method and path, for a schedule its time.
    pub title: String,
    /// Why the compiler made it; absent when the spec declares it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub derived: Option<String>,
    /// Where it is declared.
    pub source: PlaceDocument,
}

/// An edge.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Edge")]
pub struct EdgeDocument {
    /// Path of the node where it starts.
    pub from: String,
    /// Path of the node to which it leads.
    pub to: String,
    /// `triggers`, `resumes`, `emits`, `routes`, `accesses`, `calls`, `dead-letters`, `compensates`, `native-grant`.
    pub kind: &'static str,
    /// The kind of a trigger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trigger: Option<TriggerKind>,
    /// What an access does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    /// On which part; absent for the whole resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeDocument>,
    /// Path of the bus an event is emitted to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
    /// `sync` or `async`, for a call.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mode: Option<&'static str>,
    /// The verbs and the target of a native grant, as text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grant: Option<String>,
    /// What is promised of what passes, by target; absent where nothing passes, or where no target is judged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivery: Option<BTreeMap<String, DeliveryDocument>>,
    /// Where it was written.
    pub source: PlaceDocument,
}

/// Part of a resource.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Scope")]
pub struct ScopeDocument {
    /// Its kind.
    pub kind: ScopeKind,
    /// Prefix, index, leading key, type or topic.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Suffix of the names of objects.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub suffix: Option<String>,
}

/// A place in the spec.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[schemars(rename = "Place")]
pub struct PlaceDocument {
    /// File, relative to the folder of the spec.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// The document as text with a line break at its end.
pub fn json(graph: &Graph, sources: &Sources, labels: &Labels) -> String {
    // The document holds text, numbers and lists only, which serialise without fail.
    let mut text = serde_json::to_string_pretty(&document(graph, sources, labels)).unwrap_or_default();
    text.push('\n');
    text
}

/// The graph as data.
pub fn document(graph: &Graph, sources: &Sources, labels: &Labels) -> GraphDocument {
    let model = graph.model();
    GraphDocument {
        version: VERSION,
        app: model.app.value.to_string(),
        environment: model.environment.name.to_string(),
        nodes: graph.nodes().map(|(id, node)| node_document(graph, sources, id, node)).collect(),
        edges: graph.edges().map(|(id, edge)| edge_document(graph, sources, edge, labels.of(id))).collect(),
    }
}

fn node_document(graph: &Graph, sources: &Sources, id: NodeId, node: &Node) -> NodeDocument {
    NodeDocument {
        path: graph.address(id),
        kind: node.of.kind(),
        resource: match node.of {
            NodeRef::Resource(resource) => Some(resource.kind()),
            NodeRef::Event(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => None,
        },
        title: graph.title(id),
        derived: node.of.head(graph.model()).and_then(|head| head.derived.clone()),
        source: PlaceDocument::of(sources, node.span),
    }
}

fn edge_document(graph: &Graph, sources: &Sources, edge: &Edge, promises: &[Promise]) -> EdgeDocument {
    let mut document = EdgeDocument {
        from: graph.address(edge.from),
        to: graph.address(edge.to),
        kind: edge.kind.as_str(),
        trigger: graph.trigger(edge).map(crate::model::Trigger::kind),
        verb: None,
        scope: None,
        bus: None,
        mode: None,
        grant: None,
        delivery: (!promises.is_empty())
            .then(|| promises.iter().map(|p| (p.target.clone(), p.document.clone())).collect()),
        source: PlaceDocument::of(sources, edge.span),
    };
    match &edge.kind {
        EdgeKind::Accesses { verb, scope } => {
            document.verb = Some(*verb);
            document.scope = ScopeDocument::of(scope);
        }
        EdgeKind::Emits { bus } => document.bus = Some(graph.model().buses[*bus].head.path.to_string()),
        EdgeKind::Calls(CallMode::Sync) => document.mode = Some("sync"),
        EdgeKind::Calls(CallMode::Async) => document.mode = Some("async"),
        EdgeKind::NativeGrant { .. } => document.grant = edge_detail(graph, edge),
        EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates => {}
    }
    document
}

impl ScopeDocument {
    /// A scope as data; none for the whole resource.
    pub fn of(scope: &Scope) -> Option<Self> {
        let (value, suffix) = match scope {
            Scope::Whole => return None,
            Scope::Own => (None, None),
            Scope::Prefix { prefix, suffix } => (Some(prefix), Some(suffix).filter(|s| !s.is_empty())),
            Scope::Index(text) | Scope::Leading(text) | Scope::Type(text) | Scope::Topic(text) => (Some(text), None),
        };
        Some(Self {
            kind: scope.kind(),
            value: value.map(ToString::to_string),
            suffix: suffix.map(ToString::to_string),
        })
    }
}

impl PlaceDocument {
    /// A place as data.
    pub fn of(sources: &Sources, span: Span) -> Self {
        let Some(file) = sources.get(span.file) else {
            return Self { file: String::new(), line: 1, column: 1 };
        };
        let position = file.position(span.start);
        Self { file: file.path().to_owned(), line: position.line, column: position.column }
    }
}
