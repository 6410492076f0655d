//! What one edge and one node make of what comes to them.

use super::{Bound, Delivery, Repeats};
use crate::analysis::{Channel, Facts, Judged};
use crate::base::{ByteSize, Duration};
use crate::catalog::{Duplicates, Order};
use crate::graph::{Edge, EdgeId, EdgeKind, Graph, NodeRef};
use crate::model::{AnyResource, CallMode, Event, Id, Idempotency, Model, Retry, Trigger, TriggerSource};

/// What leaves a node: the join of what came to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Flow {
    pub(super) repeats: Option<Repeats>,
    /// The best order among what came: what there is to lose.
    pub(super) order: Order,
    pub(super) lost_order: Option<EdgeId>,
    pub(super) inherited: Bound<Duration>,
    pub(super) load: Bound<u64>,
}

impl Flow {
    /// Of a node that nothing comes to: it begins.
    pub(super) const BEGINNING: Self = Self {
        repeats: None,
        order: Order::None,
        lost_order: None,
        inherited: Bound::AtMost(Duration::ZERO),
        load: Bound::AtMost(1),
    };

    /// Lets what came along an edge in.
    pub(super) fn take(&mut self, along: EdgeId, delivery: &Delivery) {
        if delivery.repeats.is_some() {
            // The edge with the smallest number speaks for all.
            self.repeats = Some(match self.repeats {
                Some(Repeats::Upstream(known)) => Repeats::Upstream(known.min(along)),
                Some(Repeats::Channel) | None => Repeats::Upstream(along),
            });
        }
        self.order = self.order.max(delivery.order);
        self.lost_order = match (self.lost_order, delivery.lost_order) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
        self.inherited = self.inherited.max(delivery.longest());
        self.load = self.load.max(delivery.load);
    }

    /// What a node lets out of what came in: who bears repetition passes none on.
    pub(super) fn out_of(self, node: NodeRef, model: &Model) -> Self {
        if !bears_repetition(node, model) {
            return self;
        }
        Self { repeats: None, inherited: Bound::AtMost(Duration::ZERO), load: Bound::AtMost(1), ..self }
    }
}

/// Whether a function or workflow says that one occurrence has one effect, however often it comes.
pub(super) fn bears_repetition(node: NodeRef, model: &Model) -> bool {
    let idempotency: Option<&Idempotency> = match node {
        NodeRef::Function(id) => model.functions[id].idempotency.as_ref(),
        NodeRef::Workflow(id) => model.workflows[id].idempotency.as_ref(),
        NodeRef::Event(_) | NodeRef::Resource(_) | NodeRef::Route(_) | NodeRef::Schedule(_) | NodeRef::Native(_) => {
            None
        }
    };
    idempotency.is_some()
}

/// What a channel does to what passes through it.
struct Passage {
    duplicates: Duplicates,
    /// The order in which it hands over; `None` where it keeps the one that there is, as who waits for an answer does.
    order: Option<Order>,
    attempts: Bound<u32>,
    age: Bound<Duration>,
    batch: u32,
}

impl Passage {
    /// What is written, sent or put somewhere, or called: once, as it is.
    const DIRECT: Self = Self {
        duplicates: Duplicates::Never,
        order: None,
        attempts: Bound::AtMost(1),
        age: Bound::AtMost(Duration::ZERO),
        batch: 1,
    };
}

/// The passage along every edge of a graph on one target, without what comes to it.
pub(super) struct Passages<'a> {
    facts: &'a Facts,
    on: &'a Judged,
}

impl<'a> Passages<'a> {
    pub(super) const fn new(facts: &'a Facts, on: &'a Judged) -> Self {
        Self { facts, on }
    }

    /// What comes out of an edge when this flows into it.
    pub(super) fn along(&self, id: EdgeId, edge: &Edge, flow: &Flow) -> Delivery {
        let passage = self.passage(edge);
        let order = passage.order.unwrap_or(flow.order);
        let repeats = match (flow.repeats, passage.duplicates) {
            (Some(repeats), _) => Some(repeats),
            (None, Duplicates::Possible) => Some(Repeats::Channel),
            (None, Duplicates::Never) => None,
        };
        // A new order begins where the channel makes one; what was lost before stays lost until then. The edge with the
        // smallest number speaks for all, so that a circle cannot turn the answer round for ever.
        let lost_order = if order == Order::None {
            flow.lost_order.into_iter().chain((flow.order > Order::None).then_some(id)).min()
        } else {
            flow.lost_order.filter(|_| passage.order.is_none())
        };
        Delivery {
            repeats,
            order,
            lost_order,
            attempts: passage.attempts,
            age: passage.age,
            inherited: flow.inherited,
            load: flow.load.with(widened(passage.attempts), u64::saturating_mul),
            batch: passage.batch,
            size: self.size(edge),
        }
    }

    fn passage(&self, edge: &Edge) -> Passage {
        let graph = self.facts.graph();
        match &edge.kind {
            EdgeKind::Trigger { .. } => graph.trigger(edge).map_or(Passage::DIRECT, |t| self.trigger(edge, t)),
            EdgeKind::Calls(CallMode::Async) => self.guaranteed(Channel::CallAsync, None, self.again(edge)),
            EdgeKind::Calls(CallMode::Sync) | EdgeKind::Compensates => self.called(edge),
            // The event that a waiting workflow goes on with comes over the bus.
            EdgeKind::Resumes => self.guaranteed(Channel::Bus, None, None),
            // Set aside is what was tried before; its own stay is that of the queue that it comes from.
            EdgeKind::DeadLetters => {
                Passage { order: Some(Order::None), age: self.before_set_aside(edge), ..Passage::DIRECT }
            }
            EdgeKind::Emits { .. } | EdgeKind::Accesses { .. } | EdgeKind::Routes | EdgeKind::NativeGrant { .. } => {
                Passage::DIRECT
            }
        }
    }

    fn trigger(&self, edge: &Edge, trigger: &Trigger) -> Passage {
        let channel = self.facts.channel(trigger);
        let mut passage = self.guaranteed(channel, trigger.retry.as_ref(), self.again(edge));
        match &trigger.source {
            TriggerSource::Queue { from, batch, .. } => {
                let queue = &self.facts.model().queues[from.value];
                passage.attempts = queue
                    .dead_letter
                    .as_ref()
                    .map_or(Bound::NoEnd, |dead_letter| Bound::AtMost(dead_letter.after.value));
                passage.batch = batch.value;
            }
            TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => {
                passage.batch = reading.batch.value;
                // Batches of one partition beside each other keep the order of each key and no other.
                if reading.parallel.value > 1 {
                    passage.order = passage.order.map(|order| order.min(Order::PerKey));
                }
            }
            TriggerSource::Http(_)
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => {}
        }
        passage
    }

    /// For how long something can come again along an edge, where that is known.
    fn again(&self, edge: &Edge) -> Option<Duration> {
        self.facts.redelivery_along(edge, self.on).map(|again| again.longest)
    }

    /// By the promise of the target, else by that of the baseline.
    fn guaranteed(&self, channel: Channel, retry: Option<&Retry>, age: Option<Duration>) -> Passage {
        let promise = self.on.guarantee(channel);
        let duplicates = promise.map_or(baseline_duplicates(channel), |promise| promise.duplicates);
        let order = promise.map_or(baseline_order(channel), |promise| promise.ordering);
        let stated = retry.map(|retry| retry.attempts.value);
        let default = promise.and_then(|promise| promise.attempts.as_ref()).map(|attempts| attempts.default);
        // What nobody repeats is tried once.
        let least = if duplicates == Duplicates::Never { Bound::AtMost(1) } else { Bound::NoEnd };
        let attempts = stated.or(default).map_or(least, Bound::AtMost);
        let age = age.or_else(|| self.on.retry_age(channel).map(|age| age.value));
        let age = if duplicates == Duplicates::Never {
            Bound::AtMost(Duration::ZERO)
        } else {
            age.map_or(Bound::NoEnd, Bound::AtMost)
        };
        // Who waits for an answer keeps what there is.
        let order = Some(order).filter(|_| !channel.is_waited_for());
        Passage { duplicates, order, attempts, age, batch: 1 }
    }

    /// A call that somebody waits for. A task of a workflow may be tried again, and so may what undoes it.
    fn called(&self, edge: &Edge) -> Passage {
        let passage = self.guaranteed(Channel::CallSync, None, None);
        let attempts = self.facts.task_retry(edge).map_or(1, |retry| retry.attempts.value);
        if attempts < 2 {
            return passage;
        }
        Passage {
            duplicates: Duplicates::Possible,
            attempts: Bound::AtMost(attempts),
            age: self.again(edge).map_or(Bound::NoEnd, Bound::AtMost),
            ..passage
        }
    }

    /// How long something may have been tried before it is set aside.
    fn before_set_aside(&self, edge: &Edge) -> Bound<Duration> {
        match self.facts.graph().node(edge.from).of {
            NodeRef::Resource(AnyResource::Queue(id)) => Bound::AtMost(self.facts.model().queues[id].retention.value),
            NodeRef::Resource(_)
            | NodeRef::Event(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => Bound::AtMost(Duration::ZERO),
        }
    }

    /// The largest data that passes, by the contract of what is carried.
    fn size(&self, edge: &Edge) -> Option<ByteSize> {
        let (graph, model) = (self.facts.graph(), self.facts.model());
        let ends = [graph.node(edge.from).of, graph.node(edge.to).of];
        ends.into_iter().find_map(|of| carried(of, graph, model)).and_then(|event| self.facts.event_size(event))
    }
}

/// The event that a node is, or that its messages hold.
fn carried(of: NodeRef, graph: &Graph, model: &Model) -> Option<Id<Event>> {
    match of {
        NodeRef::Event(id) => Some(id),
        NodeRef::Resource(AnyResource::Queue(id)) => model.queues[id].carries.map(|event| event.value),
        NodeRef::Resource(AnyResource::Topic(id)) => model.topics[id].carries.map(|event| event.value),
        NodeRef::Resource(AnyResource::Stream(id)) => model.streams[id].carries.map(|event| event.value),
        NodeRef::Route(at) => at.get(graph.model()).and_then(Trigger::http)?.body.map(|event| event.value),
        NodeRef::Resource(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => None,
    }
}

fn baseline_duplicates(channel: Channel) -> Duplicates {
    if channel.is_waited_for() { Duplicates::Never } else { Duplicates::Possible }
}

const fn baseline_order(channel: Channel) -> Order {
    match channel {
        Channel::QueueOrdered | Channel::TopicOrdered | Channel::Stream | Channel::Change => Order::PerKey,
        Channel::Queue
        | Channel::Topic
        | Channel::Bus
        | Channel::Object
        | Channel::Schedule
        | Channel::Http
        | Channel::Socket
        | Channel::Message
        | Channel::Log
        | Channel::User
        | Channel::Rotation
        | Channel::CallSync
        | Channel::CallAsync => Order::None,
    }
}

fn widened(attempts: Bound<u32>) -> Bound<u64> {
    match attempts {
        Bound::AtMost(n) => Bound::AtMost(u64::from(n)),
        Bound::NoEnd => Bound::NoEnd,
    }
}
