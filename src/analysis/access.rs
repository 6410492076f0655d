//! The access relation: who has to be able to do what on what, and which edge of the graph is the reason.
//! It is the only source of permissions. It names no platform: who acts in a delivery (the function, an identity of
//! the trigger, the platform itself) is said by the manifest of a target, which maps an [`Actor`] to identities.

use crate::base::Span;
use crate::graph::{EdgeKind, Graph, NodeRef, Runner, TriggerRef};
use crate::model::{AnyResource, CallMode, Function, Id, Model, Network, Queue, Scope, TriggerKind, Verb};

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// The code of a function, or a workflow.
    Runner(Runner),
    /// What delivers the events of a trigger.
    Delivery(TriggerRef),
    /// What sets aside the messages of a queue that fail.
    Redrive(Id<Queue>),
    /// What runs asynchronous calls of a function.
    AsyncCall(Id<Function>),
    /// What raises the alarms of the application.
    Alarms,
}

/// On what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Object {
    /// A resource.
    Resource(AnyResource),
    /// A function or workflow.
    Runner(Runner),
}

impl From<Object> for NodeRef {
    fn from(object: Object) -> Self {
        match object {
            Object::Resource(resource) => Self::Resource(resource),
            Object::Runner(runner) => runner.into(),
        }
    }
}

/// One element of the relation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tuple {
    /// Who.
    pub by: Actor,
    /// On what.
    pub on: Object,
    /// What.
    pub verb: Verb,
    /// On which part.
    pub scope: Scope,
    /// Why, as a clause: `uses orders: get`.
    pub because: String,
    /// The text that says so.
    pub span: Span,
}

/// The relation: sorted, without repetition.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Access {
    tuples: Vec<Tuple>,
}

impl Access {
    /// Derives it from the edges.
    pub fn derive(graph: &Graph) -> Self {
        let mut tuples = Vec::new();
        from_edges(graph, &mut tuples);
        from_functions(graph.model(), &mut tuples);
        from_alarms(graph.model(), &mut tuples);
        tuples.sort();
        tuples.dedup_by(|next, kept| {
            (next.by, next.on, next.verb, &next.scope) == (kept.by, kept.on, kept.verb, &kept.scope)
        });
        Self { tuples }
    }

    /// All elements: by actor, then object, verb and scope.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Tuple> {
        self.tuples.iter()
    }

    /// All elements, to be asked for by number.
    pub fn as_slice(&self) -> &[Tuple] {
        &self.tuples
    }
}

/// Whether failed deliveries of a kind of trigger go to the dead letter of the function. A queue has its own, and who
/// waits for an answer sees the failure.
pub(super) const fn sets_aside(kind: TriggerKind) -> bool {
    match kind {
        TriggerKind::Http | TriggerKind::Queue | TriggerKind::Socket => false,
        TriggerKind::Stream
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

fn from_edges(graph: &Graph, out: &mut Vec<Tuple>) {
    let model = graph.model();
    for (_, edge) in graph.edges() {
        let (from, to) = (graph.runner(edge.from), graph.node(edge.to).of);
        let mut add = |by: Actor, verb: Verb, on: Object, scope: Scope, because: String| {
            out.push(Tuple { by, on, verb, scope, because, span: edge.span });
        };
        match &edge.kind {
            EdgeKind::Trigger { .. } => {
                if let Some(trigger) = graph.trigger_ref(edge) {
                    deliver(model, trigger, &mut add);
                }
            }
            EdgeKind::Accesses { verb, scope } => {
                if let (Some(runner), NodeRef::Resource(resource)) = (from, to) {
                    let because = accesses(model, resource, *verb);
                    add(Actor::Runner(runner), *verb, Object::Resource(resource), scope.clone(), because);
                }
            }
            EdgeKind::Emits { bus } => {
                if let (Some(runner), NodeRef::Event(event)) = (from, to) {
                    let kind = model.events[event].event_type.as_str();
                    let object = Object::Resource(AnyResource::Bus(*bus));
                    add(Actor::Runner(runner), Verb::Emit, object, Scope::Type(kind.into()), format!("emits {kind}"));
                }
            }
            EdgeKind::Calls(mode) => {
                if let (Some(caller), Some(called)) = (from, graph.runner(edge.to)) {
                    let because = format!("calls {}", graph.title(edge.to));
                    call(model, caller, called, *mode, because, &mut add);
                }
            }
            EdgeKind::Compensates => {
                if let (Some(caller), Some(called)) = (from, graph.runner(edge.to)) {
                    let because = format!("compensates by {}", graph.title(edge.to));
                    call(model, caller, called, CallMode::Sync, because, &mut add);
                }
            }
            EdgeKind::DeadLetters => {
                // What a function or workflow sets aside is the business of its deliveries.
                let from = graph.node(edge.from).of;
                if let (NodeRef::Resource(AnyResource::Queue(queue)), NodeRef::Resource(dead_letter)) = (from, to) {
                    let because = format!("dead letter of {}", model.queues[queue].head.name());
                    add(Actor::Redrive(queue), Verb::SetAside, Object::Resource(dead_letter), Scope::Whole, because);
                }
            }
            // A bus that carries an event and a listening workflow ask for no right of their own; a native grant is in
            // the words of one platform, and so the plan's.
            EdgeKind::Routes | EdgeKind::Resumes | EdgeKind::NativeGrant { .. } => {}
        }
    }
}

fn call(
    model: &Model,
    by: Runner,
    on: Runner,
    mode: CallMode,
    because: String,
    add: &mut impl FnMut(Actor, Verb, Object, Scope, String),
) {
    let verb = match on {
        Runner::Function(_) => Verb::Invoke,
        Runner::Workflow(_) => Verb::Start,
    };
    add(Actor::Runner(by), verb, Object::Runner(on), Scope::Whole, because);
    if let (CallMode::Async, Runner::Function(id)) = (mode, on)
        && let Some(dead_letter) = model.functions[id].dead_letter
    {
        let object = Object::Resource(AnyResource::Queue(dead_letter.value));
        let because = "dead letter of asynchronous calls".to_owned();
        add(Actor::AsyncCall(id), Verb::SetAside, object, Scope::Whole, because);
    }
}

fn deliver(model: &Model, reference: TriggerRef, add: &mut impl FnMut(Actor, Verb, Object, Scope, String)) {
    let Some(trigger) = reference.get(model) else { return };
    let by = Actor::Delivery(reference);
    let because = format!("trigger {}", trigger.name);
    if let Some(resource) = trigger.resource() {
        add(by, Verb::Receive, Object::Resource(resource), Scope::Whole, because.clone());
    }
    let verb = match reference.runner {
        Runner::Function(_) => Verb::Invoke,
        Runner::Workflow(_) => Verb::Start,
    };
    add(by, verb, Object::Runner(reference.runner), Scope::Whole, because);
    let dead_letter = match reference.runner {
        Runner::Function(id) => model.functions[id].dead_letter,
        Runner::Workflow(id) => model.workflows[id].dead_letter,
    };
    if let Some(queue) = dead_letter.filter(|_| sets_aside(trigger.kind())) {
        let object = Object::Resource(AnyResource::Queue(queue.value));
        add(by, Verb::SetAside, object, Scope::Whole, format!("dead letter of trigger {}", trigger.name));
    }
}

fn accesses(model: &Model, resource: AnyResource, verb: Verb) -> String {
    let name = crate::graph::resource_head(model, resource).name();
    if verb == Verb::Remember { format!("idempotency store {name}") } else { format!("uses {name}: {verb}") }
}

/// The one who raises alarms publishes to the topic that they go to.
fn from_alarms(model: &Model, out: &mut Vec<Tuple>) {
    if let Some(topic) = model.alarms {
        let on = Object::Resource(AnyResource::Topic(topic.value));
        let because = "alarms".to_owned();
        out.push(Tuple { by: Actor::Alarms, on, verb: Verb::Publish, scope: Scope::Whole, because, span: topic.span });
    }
}

/// What every function needs for itself.
fn from_functions(model: &Model, out: &mut Vec<Tuple>) {
    for (id, function) in model.functions.iter() {
        let runner = Runner::Function(id);
        let mut add = |verb: Verb, because: &str, span: Span| {
            let (by, on) = (Actor::Runner(runner), Object::Runner(runner));
            out.push(Tuple { by, on, verb, scope: Scope::Whole, because: because.to_owned(), span });
        };
        add(Verb::Log, "writes its own log", function.head.span);
        if function.observe.trace.value {
            add(Verb::Trace, "tracing", function.observe.trace.span);
        }
        if function.network.value == Network::Private {
            add(Verb::Join, "network: private", function.network.span);
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::sync::Arc;

    use super::*;
    use crate::base::{Duration, Name, Spanned};
    use crate::graph::sample::Sample;
    use crate::model::{Given, Head, Idempotency, IdempotencyKey, Ordered, Task, TaskKind, Topic};

    #[test]
    fn alarms_publish_where_they_go() {
        let mut s = Sample::default();
        let span = s.at("alarms");
        s.queue("work");
        let (graph, _) = s.build();
        let mut model = graph.model().clone();
        let head = Head {
            path: crate::base::NodePath::new(crate::base::Section::Resources, "alerts"),
            ..model.queues.values().first().unwrap().head.clone()
        };
        let topic = model.topics.push(Topic {
            head,
            carries: None,
            ordered: Given::derived(Ordered::No, span, "the default"),
            external_subscribers: Given::derived(true, span, "the default"),
        });
        let wanted = |model: Model| {
            let access = Access::derive(&Graph::build(Arc::new(model)));
            access.iter().filter(|t| t.by == Actor::Alarms).map(|t| (t.on, t.verb)).collect::<Vec<_>>()
        };
        assert_eq!(wanted(model.clone()), []);
        model.alarms = Some(Spanned::new(topic, span));
        assert_eq!(wanted(model), [(Object::Resource(AnyResource::Topic(topic)), Verb::Publish)]);
    }

    #[test]
    fn a_workflow_calls_undoes_and_remembers() {
        let mut s = Sample::default();
        let (charge, refund, seen) = (s.function("charge"), s.function("refund"), s.table("seen"));
        let workflow = s.workflow("order");
        let span = s.at("tasks");
        s.workflows[0].tasks.push(Task {
            name: Spanned::new(Name::parse("charge").unwrap(), span),
            kind: TaskKind::Call { function: Spanned::new(charge, span), with: Vec::new() },
            retry: None,
            compensate: Some(Spanned::new(refund, span)),
        });
        s.workflows[0].idempotency = Some(Idempotency::Table {
            key: Spanned::new(IdempotencyKey::EventId, span),
            store: Spanned::new(seen, span),
            window: Spanned::new(Duration::from_secs(60), span),
        });
        let access = Access::derive(&s.build().0);
        let by = Actor::Runner(Runner::Workflow(workflow));
        let found: Vec<_> =
            access.iter().filter(|t| t.by == by).map(|t| (t.on, t.verb, t.scope.clone(), t.because.as_str())).collect();
        let function = |id| Object::Runner(Runner::Function(id));
        assert_eq!(
            found,
            [
                (Object::Resource(AnyResource::Table(seen)), Verb::Remember, Scope::Own, "idempotency store seen"),
                (function(charge), Verb::Invoke, Scope::Whole, "calls charge"),
                (function(refund), Verb::Invoke, Scope::Whole, "compensates by refund"),
            ]
        );
    }
}
