//! Nodes: typed references back into the model, and what each is called.

use std::sync::Arc;

use crate::base::{NodePath, Span};
use crate::model::{
    AnyResource, Event, Function, Head, Id, Model, NodeKind, Trigger, TriggerSource, Workflow, resource_head,
};

/// The number of a node in its [`Graph`](super::Graph). Ascending numbers are the order of output: events,
/// resources by kind, functions, workflows, then routes, schedules and native objects, each by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodeId(pub(super) u32);

impl NodeId {
    /// The number, for tables beside the graph.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What a trigger runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Runner {
    /// A function.
    Function(Id<Function>),
    /// A workflow.
    Workflow(Id<Workflow>),
}

impl Runner {
    /// Its triggers.
    pub fn triggers(self, model: &Model) -> &[Trigger] {
        match self {
            Self::Function(id) => &model.functions[id].triggers,
            Self::Workflow(id) => &model.workflows[id].triggers,
        }
    }
}

/// One entry of `on` of a function or workflow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TriggerRef {
    /// Whose.
    pub runner: Runner,
    /// Its place in `on`, from 0.
    pub index: usize,
}

impl TriggerRef {
    /// The trigger itself; `None` only for a reference made by hand.
    pub fn get(self, model: &Model) -> Option<&Trigger> {
        self.runner.triggers(model).get(self.index)
    }
}

/// An object that only a `native` grant names. It is no part of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NativeObject {
    /// The target that has it.
    pub target: Arc<str>,
    /// As written in `what`.
    pub what: Arc<str>,
    /// Where it was named first.
    pub span: Span,
}

/// What a node stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NodeRef {
    /// An event type.
    Event(Id<Event>),
    /// A resource; hosts outside are resources too.
    Resource(AnyResource),
    /// A function.
    Function(Id<Function>),
    /// A workflow.
    Workflow(Id<Workflow>),
    /// A route of an API: the `http` trigger that asks for it.
    Route(TriggerRef),
    /// A schedule: the trigger that asks for it.
    Schedule(TriggerRef),
    /// Something that only a native grant names, by its number in [`Graph::natives`](super::Graph::natives).
    Native(u32),
}

impl NodeRef {
    /// Its kind. What only a native grant names counts as outside, like a host.
    pub const fn kind(self) -> NodeKind {
        match self {
            Self::Event(_) => NodeKind::Event,
            Self::Resource(AnyResource::External(_)) | Self::Native(_) => NodeKind::External,
            Self::Resource(_) => NodeKind::Resource,
            Self::Function(_) => NodeKind::Function,
            Self::Workflow(_) => NodeKind::Workflow,
            Self::Route(_) => NodeKind::Route,
            Self::Schedule(_) => NodeKind::Schedule,
        }
    }

    /// What the declared node has in common with all others; `None` for routes, schedules and native objects,
    /// which are no declarations of their own.
    pub fn head(self, model: &Model) -> Option<&Head> {
        match self {
            Self::Event(id) => Some(&model.events[id].head),
            Self::Resource(resource) => Some(resource_head(model, resource)),
            Self::Function(id) => Some(&model.functions[id].head),
            Self::Workflow(id) => Some(&model.workflows[id].head),
            Self::Route(_) | Self::Schedule(_) | Self::Native(_) => None,
        }
    }
}

impl From<Runner> for NodeRef {
    fn from(runner: Runner) -> Self {
        match runner {
            Runner::Function(id) => Self::Function(id),
            Runner::Workflow(id) => Self::Workflow(id),
        }
    }
}

/// A node with what output needs of it.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it stands for.
    pub of: NodeRef,
    /// Where it was declared.
    pub span: Span,
}

/// What a trigger is called where its runner is not named: the route, or the time it runs at.
pub(super) fn trigger_title(trigger: &Trigger) -> String {
    use crate::model::ScheduleWhen;
    match &trigger.source {
        TriggerSource::Http(http) => http.route.value.to_string(),
        TriggerSource::Schedule { when: ScheduleWhen::Cron { text, zone, .. }, .. } => {
            format!("{} {}", text.value, zone.value)
        }
        TriggerSource::Schedule { when: ScheduleWhen::Every(every), .. } => format!("every {}", every.value),
        TriggerSource::Queue { .. }
        | TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => trigger.name.to_string(),
    }
}

/// The path of a node as the command line and findings name it: `functions.settle`, and for what has no
/// declaration of its own the place in the spec: `functions.report.on.schedule`.
pub(super) fn address(of: NodeRef, model: &Model, natives: &[NativeObject]) -> String {
    match of {
        NodeRef::Route(trigger) | NodeRef::Schedule(trigger) => {
            let runner = NodeRef::from(trigger.runner).head(model).map(|head| &head.path);
            let name = trigger.get(model).map_or("", |t| &*t.name);
            format!("{}.on.{name}", runner.map(NodePath::to_string).unwrap_or_default())
        }
        NodeRef::Native(number) => {
            natives.get(number as usize).map(|n| format!("native.{}.{}", n.target, n.what)).unwrap_or_default()
        }
        NodeRef::Event(_) | NodeRef::Resource(_) | NodeRef::Function(_) | NodeRef::Workflow(_) => {
            of.head(model).map(|head| head.path.to_string()).unwrap_or_default()
        }
    }
}
