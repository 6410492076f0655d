//! Model → graph.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use petgraph::graph::{DiGraph, NodeIndex};

use super::{Edge, EdgeKind, Graph, NativeObject, Node, NodeId, NodeRef, Runner, TriggerRef};
use crate::base::{NodePath, Section, Span};
use crate::model::{
    AnyResource, Bus, Call, CallMode, Event, Function, Id, Idempotency, Model, Scope, State, Task, TaskKind, Trigger,
    TriggerSource, Verb, Workflow, resource_head,
};

pub(super) fn build(model: Arc<Model>) -> Graph {
    let mut builder = Builder {
        model: &model,
        nodes: Vec::new(),
        edges: Vec::new(),
        by_ref: HashMap::new(),
        by_path: HashMap::new(),
        natives: Vec::new(),
        carried: HashSet::new(),
    };
    builder.declared();
    builder.triggers();
    builder.resources();
    for (id, function) in model.functions.iter() {
        builder.function(id, function);
    }
    for (id, workflow) in model.workflows.iter() {
        builder.workflow(id, workflow);
    }
    builder.native_grants();
    let Builder { nodes, edges, by_ref, by_path, natives, .. } = builder;
    let mut inner = DiGraph::with_capacity(nodes.len(), edges.len());
    for node in nodes {
        inner.add_node(node);
    }
    for edge in edges.into_iter().rev() {
        inner.add_edge(NodeIndex::new(edge.from.index()), NodeIndex::new(edge.to.index()), edge);
    }
    Graph { model, inner, by_ref, by_path, natives }
}

struct Builder<'a> {
    model: &'a Model,
    nodes: Vec<Node>,
    edges: Vec<Edge>,
    by_ref: HashMap<NodeRef, NodeId>,
    by_path: HashMap<NodePath, NodeId>,
    natives: Vec<NativeObject>,
    /// Events that a bus is known to carry; the first place that says so makes the edge.
    carried: HashSet<(Id<Bus>, Id<Event>)>,
}

impl Builder<'_> {
    fn node(&mut self, of: NodeRef, span: Span) -> NodeId {
        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
        self.nodes.push(Node { of, span });
        self.by_ref.insert(of, id);
        id
    }

    /// Every reference of a model resolves, so both ends exist; an edge to nowhere is left out rather than invented.
    fn edge(&mut self, from: impl Into<NodeRef>, to: impl Into<NodeRef>, kind: EdgeKind, span: Span) {
        let ends = (self.by_ref.get(&from.into()), self.by_ref.get(&to.into()));
        if let (Some(&from), Some(&to)) = ends {
            self.edges.push(Edge { from, to, kind, span });
        }
    }

    fn declared(&mut self) {
        let model = self.model;
        for (id, event) in model.events.iter() {
            self.declare(NodeRef::Event(id), &event.head.path, event.head.span);
        }
        for resource in model.resources() {
            let head = resource_head(model, resource);
            self.declare(NodeRef::Resource(resource), &head.path, head.span);
        }
        for (id, function) in model.functions.iter() {
            self.declare(NodeRef::Function(id), &function.head.path, function.head.span);
        }
        for (id, workflow) in model.workflows.iter() {
            self.declare(NodeRef::Workflow(id), &workflow.head.path, workflow.head.span);
        }
    }

    fn declare(&mut self, of: NodeRef, path: &NodePath, span: Span) {
        let id = self.node(of, span);
        self.by_path.insert(path.clone(), id);
    }

    /// Routes first, then schedules, so that nodes of a kind are neighbours; then the edges from all sources.
    fn triggers(&mut self) {
        let model = self.model;
        let runners: Vec<Runner> = (model.functions.iter().map(|(id, _)| Runner::Function(id)))
            .chain(model.workflows.iter().map(|(id, _)| Runner::Workflow(id)))
            .collect();
        let each = |runner: &Runner| {
            let runner = *runner;
            let triggers = runner.triggers(model).iter().enumerate();
            triggers.map(move |(index, trigger)| (TriggerRef { runner, index }, trigger))
        };
        for (at, trigger) in runners.iter().flat_map(each) {
            if let TriggerSource::Http(http) = &trigger.source {
                self.node(NodeRef::Route(at), http.route.span);
            }
        }
        for (at, trigger) in runners.iter().flat_map(each) {
            if matches!(trigger.source, TriggerSource::Schedule { .. }) {
                self.node(NodeRef::Schedule(at), trigger.span);
            }
        }
        for (at, trigger) in runners.iter().flat_map(each) {
            self.trigger(at, trigger);
        }
    }

    fn trigger(&mut self, at: TriggerRef, trigger: &Trigger) {
        let kind = EdgeKind::Trigger { index: at.index };
        let span = trigger.span;
        match &trigger.source {
            TriggerSource::Http(http) => {
                let api = AnyResource::Api(http.api.value);
                self.edge(api, NodeRef::Route(at), EdgeKind::Routes, http.api.span);
                self.edge(NodeRef::Route(at), at.runner, kind, span);
            }
            TriggerSource::Schedule { .. } => self.edge(NodeRef::Schedule(at), at.runner, kind, span),
            TriggerSource::Event { types, bus } => {
                for event in types {
                    self.carry(bus.value, event.value, event.span);
                    self.edge(event.value, at.runner, kind.clone(), event.span);
                }
            }
            TriggerSource::Log { of, .. } => self.edge(of.value, at.runner, kind, of.span),
            TriggerSource::Queue { .. }
            | TriggerSource::Stream { .. }
            | TriggerSource::Change { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => {
                if let Some(resource) = trigger.resource() {
                    self.edge(resource, at.runner, kind, span);
                }
            }
        }
    }

    fn carry(&mut self, bus: Id<Bus>, event: Id<Event>, span: Span) {
        if self.carried.insert((bus, event)) {
            self.edge(AnyResource::Bus(bus), event, EdgeKind::Routes, span);
        }
    }

    fn emit(&mut self, from: impl Into<NodeRef>, event: Id<Event>, bus: Id<Bus>, span: Span) {
        self.carry(bus, event, span);
        self.edge(from, event, EdgeKind::Emits { bus }, span);
    }

    fn resources(&mut self) {
        for (id, queue) in self.model.queues.iter() {
            if let Some(dead_letter) = &queue.dead_letter {
                let to = AnyResource::Queue(dead_letter.to.value);
                self.edge(AnyResource::Queue(id), to, EdgeKind::DeadLetters, dead_letter.to.span);
            }
        }
    }

    fn function(&mut self, id: Id<Function>, function: &Function) {
        for entry in &function.uses {
            let kind = EdgeKind::Accesses { verb: entry.verb.value, scope: entry.scope.clone() };
            self.edge(id, entry.resource.value, kind, entry.verb.span);
        }
        self.remember(id, function.idempotency.as_ref());
        if let State::Entity { store, .. } = &function.state {
            for verb in [Verb::Get, Verb::Put] {
                let kind = EdgeKind::Accesses { verb, scope: Scope::Own };
                self.edge(id, AnyResource::Table(store.value), kind, store.span);
            }
        }
        for emit in &function.emits {
            self.emit(id, emit.event.value, emit.bus, emit.event.span);
        }
        for call in &function.calls {
            match *call {
                Call::Function { function, mode, span } => self.edge(id, function, EdgeKind::Calls(mode), span),
                // A workflow is started, and nobody waits for its end.
                Call::Workflow { workflow, span } => self.edge(id, workflow, EdgeKind::Calls(CallMode::Async), span),
            }
        }
        if let Some(queue) = &function.dead_letter {
            self.edge(id, AnyResource::Queue(queue.value), EdgeKind::DeadLetters, queue.span);
        }
    }

    fn remember(&mut self, who: impl Into<NodeRef>, idempotency: Option<&Idempotency>) {
        let (store, span) = match idempotency {
            Some(Idempotency::Table { store, .. }) => (AnyResource::Table(store.value), store.span),
            Some(Idempotency::Cache { store, .. }) => (AnyResource::Cache(store.value), store.span),
            Some(Idempotency::Natural { .. }) | None => return,
        };
        self.edge(who, store, EdgeKind::Accesses { verb: Verb::Remember, scope: Scope::Own }, span);
    }

    fn workflow(&mut self, id: Id<Workflow>, workflow: &Workflow) {
        self.remember(id, workflow.idempotency.as_ref());
        self.tasks(id, &workflow.tasks);
        if let Some(queue) = &workflow.dead_letter {
            self.edge(id, AnyResource::Queue(queue.value), EdgeKind::DeadLetters, queue.span);
        }
    }

    /// Nesting is capped by the parser, so the recursion is too.
    fn tasks(&mut self, id: Id<Workflow>, tasks: &[Task]) {
        for task in tasks {
            match &task.kind {
                TaskKind::Call { function, .. } => {
                    self.edge(id, function.value, EdgeKind::Calls(CallMode::Sync), function.span);
                }
                TaskKind::Emit { event, bus, .. } => self.emit(id, event.value, *bus, event.span),
                TaskKind::Listen { event, .. } => self.edge(event.value, id, EdgeKind::Resumes, event.span),
                TaskKind::For { tasks, .. } => self.tasks(id, tasks),
                TaskKind::Fork { branches, .. } => {
                    for branch in branches {
                        self.tasks(id, &branch.tasks);
                    }
                }
                TaskKind::Try { tasks, catch } => {
                    self.tasks(id, tasks);
                    self.tasks(id, catch);
                }
                TaskKind::Set(_) | TaskKind::Wait(_) | TaskKind::Switch { .. } | TaskKind::Raise(_) => {}
            }
            if let Some(function) = &task.compensate {
                self.edge(id, function.value, EdgeKind::Compensates, function.span);
            }
        }
    }

    fn native_grants(&mut self) {
        let model = self.model;
        let mut known: HashMap<(usize, &str), NodeRef> = HashMap::new();
        for (target, (name, native)) in model.native.iter().enumerate() {
            for (index, grant) in native.grants.iter().enumerate() {
                let what = grant.what.value.as_str();
                let declared = self.by_path.get(&NodePath::new(Section::Resources, resource_name(what)));
                let to = match declared.and_then(|id| self.nodes.get(id.index())) {
                    Some(node) => node.of,
                    None => *known.entry((target, what)).or_insert_with(|| {
                        let of = NodeRef::Native(u32::try_from(self.natives.len()).unwrap_or(u32::MAX));
                        let span = grant.what.span;
                        self.natives.push(NativeObject { target: name.as_str().into(), what: what.into(), span });
                        let id = NodeId(u32::try_from(self.nodes.len()).unwrap_or(u32::MAX));
                        self.nodes.push(Node { of, span });
                        self.by_ref.insert(of, id);
                        of
                    }),
                };
                self.edge(grant.who, to, EdgeKind::NativeGrant { index, target }, grant.span);
            }
        }
    }
}

/// `what` of a native grant names a node of the spec with or without its section.
fn resource_name(what: &str) -> &str {
    what.strip_prefix("resources.").unwrap_or(what)
}

impl From<Id<Event>> for NodeRef {
    fn from(id: Id<Event>) -> Self {
        Self::Event(id)
    }
}
impl From<AnyResource> for NodeRef {
    fn from(resource: AnyResource) -> Self {
        Self::Resource(resource)
    }
}
impl From<Id<Function>> for NodeRef {
    fn from(id: Id<Function>) -> Self {
        Self::Function(id)
    }
}
impl From<Id<Workflow>> for NodeRef {
    fn from(id: Id<Workflow>) -> Self {
        Self::Workflow(id)
    }
}
