//! What rules ask: the graph, the access relation, what the judged targets promise, who can be reached from outside.
//! Computed once. The delivery lattice of language.md §4 belongs here as a fact of its own when it comes; until
//! then a delivery is only known to repeat or not, and for how long.

use std::sync::{Arc, OnceLock};

use super::{Access, Channel, Judged, Reach};
use crate::catalog::Duplicates;
use crate::graph::{EdgeKind, Graph, NodeId, NodeRef, Runner, TriggerRef};
use crate::model::{
    AnyResource, Api, Auth, Function, Http, Id, Idempotency, Model, Ordered, Queue, Table, Trigger, TriggerKind,
    TriggerSource, Verb,
};

/// All facts of one application and the targets it is judged for.
#[derive(Debug, Clone)]
pub struct Facts {
    graph: Arc<Graph>,
    access: Arc<Access>,
    judged: Vec<Judged>,
    exposed: Vec<bool>,
    reach: OnceLock<Arc<Reach>>,
    failures: Option<Id<Queue>>,
    store: Option<Id<Table>>,
}

impl Facts {
    /// Computes them. Without any target the baseline is judged; targets are judged in the order of their names.
    pub fn new(graph: Arc<Graph>, access: Arc<Access>, mut judged: Vec<Judged>) -> Self {
        if judged.is_empty() {
            judged.push(Judged::portable());
        }
        judged.sort_by(|a, b| a.id().cmp(b.id()));
        let exposed = graph.reachable(open_doors(&graph), |edge| edge.kind.carries());
        let (failures, store) = (failures(graph.model()), store(graph.model()));
        Self { graph, access, judged, exposed, reach: OnceLock::new(), failures, store }
    }

    /// A queue that functions or workflows use as their dead letter already, to be proposed to others.
    pub const fn failures(&self) -> Option<Id<Queue>> {
        self.failures
    }

    /// A table whose rows expire, to be proposed as a store of idempotency keys: one that is used so already, else any.
    pub const fn idempotency_store(&self) -> Option<Id<Table>> {
        self.store
    }

    /// The graph.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The model.
    pub fn model(&self) -> &Model {
        self.graph.model()
    }

    /// The access relation.
    pub fn access(&self) -> &Access {
        &self.access
    }

    /// Who reaches what through events; made when it is first asked for.
    pub fn reach(&self) -> &Reach {
        self.reach.get_or_init(|| Arc::new(Reach::new(Arc::clone(&self.graph), Arc::clone(&self.access))))
    }

    /// The targets, by name; at least one.
    pub fn judged(&self) -> &[Judged] {
        &self.judged
    }

    /// The targets for which a condition holds, to be named in a finding.
    pub fn targets_where(&self, holds: impl Fn(&Judged) -> bool) -> Vec<&Judged> {
        self.judged.iter().filter(|judged| holds(judged)).collect()
    }

    /// Whether anybody may cause something at a node: it is reached from a route or socket without authentication.
    pub fn is_exposed(&self, node: NodeId) -> bool {
        self.exposed.get(node.index()).copied().unwrap_or(false)
    }

    /// By which channel a trigger's events come.
    pub fn channel(&self, trigger: &Trigger) -> Channel {
        let model = self.model();
        match &trigger.source {
            TriggerSource::Http(_) => Channel::Http,
            TriggerSource::Queue { from, .. } => match model.queues[from.value].ordered.value {
                Ordered::No => Channel::Queue,
                Ordered::PerKey | Ordered::Strict => Channel::QueueOrdered,
            },
            TriggerSource::Topic { from } => match model.topics[from.value].ordered.value {
                Ordered::No => Channel::Topic,
                Ordered::PerKey | Ordered::Strict => Channel::TopicOrdered,
            },
            TriggerSource::Stream { .. } => Channel::Stream,
            TriggerSource::Change { .. } => Channel::Change,
            TriggerSource::Event { .. } => Channel::Bus,
            TriggerSource::Object { .. } => Channel::Object,
            TriggerSource::Schedule { .. } => Channel::Schedule,
            TriggerSource::Socket { .. } => Channel::Socket,
            TriggerSource::Message { .. } => Channel::Message,
            TriggerSource::Log { .. } => Channel::Log,
            TriggerSource::User { .. } => Channel::User,
            TriggerSource::Rotation { .. } => Channel::Rotation,
        }
    }

    /// Whether a delivery of a trigger may come twice on a target. What a target says nothing of may, unless
    /// somebody waits for the answer: then nothing but the caller repeats it.
    pub fn repeats(&self, trigger: &Trigger, on: &Judged) -> bool {
        let channel = self.channel(trigger);
        match on.guarantee(channel) {
            Some(guarantee) => guarantee.duplicates == Duplicates::Possible,
            None => !matches!(channel, Channel::Http | Channel::Socket),
        }
    }

    /// What a function does that others notice and that a repetition would do again, each with its edge's place:
    /// writes, messages, calls. Deleting twice is deleting.
    pub fn effects(&self, function: Id<Function>) -> impl Iterator<Item = &crate::graph::Edge> {
        let edges = self.graph.id(function).into_iter().flat_map(|id| self.graph.outgoing(id));
        edges.filter(|edge| match &edge.kind {
            EdgeKind::Emits { .. } | EdgeKind::Calls(_) => true,
            EdgeKind::Accesses { verb, .. } => edge.kind.carries() && *verb != Verb::Delete,
            EdgeKind::Trigger { .. }
            | EdgeKind::Resumes
            | EdgeKind::Routes
            | EdgeKind::DeadLetters
            | EdgeKind::Compensates
            | EdgeKind::NativeGrant { .. } => false,
        })
    }

    /// Whether a trigger delivers without anybody waiting for the end, so that a failure is noticed by nobody
    /// unless it is set aside.
    pub const fn is_asynchronous(kind: TriggerKind) -> bool {
        match kind {
            TriggerKind::Http | TriggerKind::Socket => false,
            TriggerKind::Queue
            | TriggerKind::Stream
            | TriggerKind::Change
            | TriggerKind::Topic
            | TriggerKind::Event
            | TriggerKind::Object
            | TriggerKind::Schedule
            | TriggerKind::Message
            | TriggerKind::Log
            | TriggerKind::User
            | TriggerKind::Rotation => true,
        }
    }

    /// The routes of an API, in the order of functions.
    pub fn routes(&self, api: Id<Api>) -> Vec<&Http> {
        let routes = self.graph.id(AnyResource::Api(api)).into_iter().flat_map(|id| self.graph.outgoing(id));
        let triggers = routes.filter_map(|edge| match self.graph.node(edge.to).of {
            NodeRef::Route(at) => at.get(self.model()),
            NodeRef::Event(_)
            | NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => None,
        });
        triggers.filter_map(Trigger::http).collect()
    }

    /// The triggers of a function or workflow with their references.
    pub fn triggers(&self, runner: Runner) -> impl Iterator<Item = (TriggerRef, &Trigger)> {
        let triggers = runner.triggers(self.model()).iter().enumerate();
        triggers.map(move |(index, trigger)| (TriggerRef { runner, index }, trigger))
    }
}

fn failures(model: &Model) -> Option<Id<Queue>> {
    let functions = model.functions.values().iter().filter_map(|function| function.dead_letter);
    let workflows = model.workflows.values().iter().filter_map(|workflow| workflow.dead_letter);
    functions.chain(workflows).map(|queue| queue.value).next()
}

fn store(model: &Model) -> Option<Id<Table>> {
    let used = model.functions.values().iter().find_map(|function| match &function.idempotency {
        Some(Idempotency::Table { store, .. }) => Some(store.value),
        Some(Idempotency::Cache { .. } | Idempotency::Natural { .. }) | None => None,
    });
    used.or_else(|| model.tables.iter().find(|(_, table)| table.expires.is_some()).map(|(id, _)| id))
}

/// Where anybody comes in.
fn open_doors(graph: &Graph) -> Vec<NodeId> {
    let model = graph.model();
    let is_open = |auth: &Auth| !matches!(auth, Auth::Jwt(_));
    let opens = |of: NodeRef| match of {
        NodeRef::Route(at) => at.get(model).and_then(Trigger::http).is_some_and(|http| is_open(&http.auth)),
        NodeRef::Resource(AnyResource::Socket(id)) => is_open(&model.sockets[id].auth),
        NodeRef::Event(_)
        | NodeRef::Resource(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => false,
    };
    graph.nodes().filter(|(_, node)| opens(node.of)).map(|(id, _)| id).collect()
}
