//! What rules ask: the graph, the access relation, what the judged targets promise, who can be reached from outside.
//! Computed once.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;

use super::amplification::{Amplifier, amplifiers, waiting};
use super::causes::{Causes, causes};
use super::circles::{Circle, circles};
use super::delivery::{self, Deliveries};
use super::schema::largest;
use super::{
    Access, Actor, Channel, Exposure, IdentityForm, Judged, Meeting, NativeText, Object, Reach, Statement, native,
};
use crate::base::{ByteSize, Name};
use crate::catalog::Actions;
use crate::graph::{EdgeKind, Graph, NodeId, NodeRef, Runner, TriggerRef};
use crate::model::{
    AnyResource, Api, Environment, Event, Function, Http, Id, Idempotency, Model, NativeGrant, Queue, Table, Trigger,
    TriggerKind, Verb,
};

/// All facts of one application and the targets it is judged for.
#[derive(Debug, Clone)]
pub struct Facts {
    graph: Arc<Graph>,
    access: Arc<Access>,
    judged: Vec<Judged>,
    /// One for each of them.
    deliveries: Vec<Deliveries>,
    exposed: Vec<bool>,
    running: Vec<bool>,
    reach: OnceLock<Arc<Reach>>,
    causes: OnceLock<Arc<Causes>>,
    waiting: OnceLock<Vec<u32>>,
    pub(super) meetings: OnceLock<Vec<Meeting>>,
    /// Of the data of events, by their number.
    sizes: Vec<Option<ByteSize>>,
    /// Of the code of functions, as far as somebody weighed it.
    code: Arc<BTreeMap<Id<Function>, ByteSize>>,
    failures: Option<Id<Queue>>,
    store: Option<Id<Table>>,
    /// Of each judged target.
    statements: Vec<Vec<Statement>>,
}

impl Facts {
    /// Computes them. Without any target the baseline is judged; targets are judged in the order of their names.
    pub fn new(graph: Arc<Graph>, access: Arc<Access>, mut judged: Vec<Judged>) -> Self {
        if judged.is_empty() {
            judged.push(Judged::portable());
        }
        judged.sort_by(|a, b| a.id().cmp(b.id()));
        let exposed = graph.reachable(open_doors(&graph), |edge| edge.kind.carries());
        let running = graph.reachable(starts(&graph), |edge| calls(&edge.kind));
        let (failures, store) = (failures(graph.model()), store(graph.model()));
        let statements = judged.iter().map(|on| native::statements(graph.model(), on)).collect();
        let sizes = graph.model().events.values().par_iter().map(event_size).collect();
        let mut facts = Self {
            graph,
            access,
            judged,
            deliveries: Vec::new(),
            exposed,
            running,
            reach: OnceLock::new(),
            causes: OnceLock::new(),
            waiting: OnceLock::new(),
            meetings: OnceLock::new(),
            sizes,
            code: Arc::default(),
            failures,
            store,
            statements,
        };
        facts.deliveries = facts.judged.par_iter().map(|on| delivery::solve(&facts, on)).collect();
        facts
    }

    /// The same with the sizes of code, which only files tell.
    #[must_use]
    pub fn weighing(self, code: Arc<BTreeMap<Id<Function>, ByteSize>>) -> Self {
        Self { code, ..self }
    }

    /// How much code a function has before it is packed; `None` where nobody weighed it.
    pub fn code_size(&self, function: Id<Function>) -> Option<ByteSize> {
        self.code.get(&function).copied()
    }

    /// What is promised of what passes along each edge on a judged target; `None` for one that is not judged.
    pub fn deliveries(&self, on: &Judged) -> Option<&Deliveries> {
        self.judged.iter().zip(&self.deliveries).find(|(judged, _)| judged.id() == on.id()).map(|(_, found)| found)
    }

    /// The largest data of an event: as declared, else by its schema; `None` where that sets no bound.
    pub fn event_size(&self, event: Id<Event>) -> Option<ByteSize> {
        self.sizes.get(event.index()).copied().flatten()
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

    fn causes(&self) -> &Causes {
        self.causes.get_or_init(|| Arc::new(causes(&self.graph)))
    }

    /// The circles in which something that happens causes itself again.
    pub fn circles(&self) -> Vec<Circle> {
        circles(self.causes())
    }

    /// Where one occurrence can cause more than `most` runs on a target.
    pub fn amplifiers(&self, on: &Judged, most: u64) -> Vec<Amplifier> {
        amplifiers(self, self.causes(), on, most)
    }

    /// How many functions wait for each other from one on, itself included; 0 where the chain has no end.
    pub fn waiting(&self, function: Id<Function>) -> u32 {
        let waiting = self.waiting.get_or_init(|| waiting(&self.graph));
        self.graph.id(function).and_then(|id| waiting.get(id.index()).copied()).unwrap_or_default()
    }

    /// The targets, by name; at least one.
    pub fn judged(&self) -> &[Judged] {
        &self.judged
    }

    /// The targets for which a condition holds, to be named in a finding.
    pub fn targets_where(&self, holds: impl Fn(&Judged) -> bool) -> Vec<&Judged> {
        self.judged.iter().filter(|judged| holds(judged)).collect()
    }

    /// What is said to each target in its own words, where its actions are known.
    pub fn statements(&self) -> impl Iterator<Item = (&Judged, &Actions, &[Statement])> {
        let all = self.judged.iter().zip(&self.statements);
        all.filter_map(|(on, statements)| Some((on, on.actions()?, statements.as_slice())))
    }

    /// The native grants for a target.
    pub fn native_grants(&self, on: &Judged) -> &[NativeGrant] {
        native::grants(self.model(), on.id())
    }

    /// The texts in native resources and overrides for a target.
    pub fn native_texts(&self, on: &Judged) -> Vec<NativeText> {
        native::texts(self.model(), on.id())
    }

    /// The texts in native resources and overrides for whatever target, judged or not.
    pub fn all_native_texts(&self) -> Vec<NativeText> {
        let model = self.model();
        let overridden = model.heads().flat_map(|head| head.overrides.keys());
        let targets: BTreeSet<&String> = model.native.keys().chain(overridden).collect();
        targets.into_iter().flat_map(|target| native::texts(model, target)).collect()
    }

    /// What native resources and overrides for a target open to others.
    pub fn exposures(&self, on: &Judged) -> Vec<Exposure> {
        native::exposures(self.model(), on)
    }

    /// The function whose identity a native text names.
    pub fn identity_in(&self, form: &IdentityForm, text: &str) -> Option<Id<Function>> {
        // Most texts name no identity at all, and there may be thousands of functions.
        if !form.named.iter().any(|pattern| text.contains(pattern.head())) {
            return None;
        }
        let model = self.model();
        let names = |(id, function): (Id<Function>, &Function)| {
            native::names(form, model, function.head.name())
                .iter()
                .any(|name| native::holds_name(text, name))
                .then_some(id)
        };
        model.functions.iter().find_map(names)
    }

    /// Whether a grant of the spec lets a function do something with a native resource, by its `type.name`.
    pub fn is_granted_natively(&self, on: &Judged, function: Id<Function>, address: &str) -> bool {
        let grants = native::grants(self.model(), on.id());
        grants.iter().any(|grant| grant.who == function && native::holds_name(&grant.what.value, address))
    }

    /// The environment of this application, other than the one it was read for, in which a text names something as the
    /// application names what it has: `<app>-<environment>-<name>`. An environment may be called by a word that names begin
    /// with anyway.
    pub fn other_environment(&self, text: &str) -> Option<&str> {
        let model = self.model();
        let own = model.environment.name.as_str();
        // `prod` stands in `prod-eu` as well: the longest name is meant.
        let declared =
            model.environment.declared.iter().filter(|name| !Environment::is_default(name)).map(Name::as_str);
        let names = native::known_names(model);
        let is_of = |environment: &str| {
            let begin = format!("{}-{environment}", model.app.value);
            names.iter().any(|name| native::holds_path(text, &begin, name))
        };
        declared.filter(|name| is_of(name)).max_by_key(|name| name.len()).filter(|longest| *longest != own)
    }

    /// Whether a function may do something with a resource of the application.
    pub fn uses_resources(&self, function: Id<Function>) -> bool {
        let by = Actor::Runner(Runner::Function(function));
        self.access.iter().any(|tuple| tuple.by == by && matches!(tuple.on, Object::Resource(_)))
    }

    /// Whether anybody may cause something at a node: it is reached from a route or socket without authentication.
    pub fn is_exposed(&self, node: NodeId) -> bool {
        self.exposed.get(node.index()).copied().unwrap_or(false)
    }

    /// Whether anything runs a function: a trigger, or a call by something that is run itself.
    pub fn is_run(&self, function: Id<Function>) -> bool {
        self.graph.id(function).and_then(|id| self.running.get(id.index()).copied()).unwrap_or(false)
    }

    /// The routes that run a function, where nothing but requests does; `None` where anything else may, or nothing.
    pub fn only_routes(&self, function: Id<Function>) -> Option<Vec<&Http>> {
        let id = self.graph.id(function)?;
        if self.graph.incoming(id).any(|edge| calls(&edge.kind)) {
            return None;
        }
        let routes: Option<Vec<&Http>> = self.model().functions[function].triggers.iter().map(Trigger::http).collect();
        routes.filter(|routes| !routes.is_empty())
    }

    /// By which channel a trigger's events come.
    pub fn channel(&self, trigger: &Trigger) -> Channel {
        Channel::of(self.model(), trigger)
    }

    /// Whether a delivery of a trigger may come twice on a target.
    pub fn repeats(&self, trigger: &Trigger, on: &Judged) -> bool {
        on.repeats(self.channel(trigger))
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

fn event_size(event: &Event) -> Option<ByteSize> {
    let declared = event.max_size.map(|size| size.value);
    declared.or_else(|| largest(&event.schema.as_ref()?.json))
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

/// Whether the end of an edge is run by its start.
const fn calls(kind: &EdgeKind) -> bool {
    match kind {
        EdgeKind::Calls(_) | EdgeKind::Compensates => true,
        EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Emits { .. }
        | EdgeKind::Routes
        | EdgeKind::Accesses { .. }
        | EdgeKind::DeadLetters
        | EdgeKind::NativeGrant { .. } => false,
    }
}

/// What runs without being called: functions with a trigger, and workflows, which people start as well.
fn starts(graph: &Graph) -> Vec<NodeId> {
    let model = graph.model();
    let functions = model.functions.iter().filter(|(_, function)| !function.triggers.is_empty());
    let functions = functions.filter_map(|(id, _)| graph.id(id));
    functions.chain(model.workflows.iter().filter_map(|(id, _)| graph.id(id))).collect()
}

/// Where anybody comes in.
fn open_doors(graph: &Graph) -> Vec<NodeId> {
    let model = graph.model();
    let opens = |of: NodeRef| match of {
        NodeRef::Route(at) => at.get(model).and_then(Trigger::http).is_some_and(|http| http.auth.is_open()),
        NodeRef::Resource(AnyResource::Socket(id)) => model.sockets[id].auth.is_open(),
        NodeRef::Event(_)
        | NodeRef::Resource(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => false,
    };
    graph.nodes().filter(|(_, node)| opens(node.of)).map(|(id, _)| id).collect()
}
