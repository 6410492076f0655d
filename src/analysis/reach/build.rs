//! Graph and access relation → the hops and spots of [`Reach`].

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::{Door, Reach, Resume};
use crate::analysis::scopes::{names_meet, topics_meet};
use crate::analysis::{Access, Actor, Object, Tuple};
use crate::graph::{EdgeKind, Graph, NodeRef, Runner, TriggerRef};
use crate::model::{
    AnyResource, Bucket, Bus, Devices, Event, Function, Id, Model, ObjectChange, Queue, Scope, Stream, Table, Topic,
    TriggerSource, Verb,
};

pub(super) fn build(graph: Arc<Graph>, access: Arc<Access>) -> Reach {
    let resumes = resumes(&graph);
    let (actors, leads, members, doors) = {
        let mut builder = Builder::new(&graph, &access);
        builder.triggers();
        builder.resumes(&resumes);
        let actors = builder.actors();
        let leads = builder.leads(&resumes);
        let doors = builder.doors();
        (actors, leads, builder.members, doors)
    };
    let mut spots = vec![Vec::new(); leads.len()];
    for (spot, hops) in (0u32..).zip(&members) {
        for hop in hops {
            push(&mut spots, *hop, spot);
        }
    }
    let mut leaders = vec![Vec::new(); members.len()];
    for (hop, spot) in (0u32..).zip(&leads) {
        if let Some(spot) = spot {
            push(&mut leaders, *spot, hop);
        }
    }
    Reach { graph, access, resumes, leads, members, spots, leaders, actors, doors }
}

pub(super) fn runners(model: &Model) -> Vec<Runner> {
    let functions = model.functions.iter().map(|(id, _)| Runner::Function(id));
    functions.chain(model.workflows.iter().map(|(id, _)| Runner::Workflow(id))).collect()
}

fn push(lists: &mut [Vec<u32>], at: u32, item: u32) {
    if let Some(list) = lists.get_mut(at as usize) {
        list.push(item);
    }
}

fn resumes(graph: &Graph) -> Vec<Resume> {
    let listens = graph.edges().filter(|(_, edge)| edge.kind == EdgeKind::Resumes);
    let resume = |edge: &crate::graph::Edge| match (graph.node(edge.from).of, graph.runner(edge.to)) {
        (NodeRef::Event(event), Some(Runner::Workflow(workflow))) => Some(Resume { workflow, event, span: edge.span }),
        _ => None,
    };
    listens.filter_map(|(_, edge)| resume(edge)).collect()
}

/// Where something goes on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Spot {
    /// An identity acts.
    Actor(Actor),
    /// A message is in a queue.
    Queue(Id<Queue>),
    /// Messages of a dead letter are back where they come from.
    Redriven(Id<Queue>),
    Topic(Id<Topic>),
    Stream(Id<Stream>),
    /// Rows of a table change.
    Table(Id<Table>),
    /// An event of a type is on a bus.
    Event(Id<Bus>, Arc<str>),
    /// Objects in a part of a bucket come or go.
    Objects(Id<Bucket>, ObjectChange, Scope),
    /// A message comes to a broker.
    Messages(Id<Devices>, Scope),
    /// A line is in the log of a function.
    Log(Id<Function>),
}

/// An object trigger.
struct Watch<'a> {
    change: ObjectChange,
    prefix: &'a str,
    suffix: &'a str,
    hop: u32,
}

struct Builder<'a> {
    graph: &'a Graph,
    model: &'a Model,
    access: &'a Access,
    /// What delivers each trigger.
    deliveries: HashMap<TriggerRef, u32>,
    /// Who takes from channels that are written as a whole.
    takers: HashMap<Spot, Vec<u32>>,
    watches: HashMap<Id<Bucket>, Vec<Watch<'a>>>,
    filters: HashMap<Id<Devices>, Vec<(&'a str, u32)>>,
    /// Who takes an event from any bus.
    heard: HashMap<Id<Event>, Vec<u32>>,
    /// Who waits for an event of a type.
    listeners: HashMap<&'a str, Vec<u32>>,
    rights: HashMap<Actor, Vec<u32>>,
    numbers: HashMap<Spot, Option<u32>>,
    members: Vec<Vec<u32>>,
}

impl<'a> Builder<'a> {
    fn new(graph: &'a Graph, access: &'a Access) -> Self {
        let mut rights: HashMap<Actor, Vec<u32>> = HashMap::new();
        let mut deliveries = HashMap::new();
        let mut takers: HashMap<Spot, Vec<u32>> = HashMap::new();
        for (hop, tuple) in (0u32..).zip(access.iter()) {
            rights.entry(tuple.by).or_default().push(hop);
            match (tuple.by, tuple.verb) {
                (Actor::Delivery(at), Verb::Invoke | Verb::Start) => {
                    deliveries.insert(at, hop);
                }
                (Actor::Delivery(at), Verb::Receive | Verb::SetAside) => {
                    rights.entry(Actor::Runner(at.runner)).or_default().push(hop);
                }
                (Actor::AsyncCall(id), _) => {
                    rights.entry(Actor::Runner(Runner::Function(id))).or_default().push(hop);
                }
                // What a thief puts into a queue may be made to fail, and goes where failures go.
                (Actor::Redrive(queue), _) => takers.entry(Spot::Queue(queue)).or_default().push(hop),
                _ => {}
            }
        }
        Self {
            graph,
            model: graph.model(),
            access,
            deliveries,
            takers,
            watches: HashMap::new(),
            filters: HashMap::new(),
            heard: HashMap::new(),
            listeners: HashMap::new(),
            rights,
            numbers: HashMap::new(),
            members: Vec::new(),
        }
    }

    /// All triggers, each with the hop that delivers it.
    fn delivered(&self) -> Vec<(TriggerRef, &'a TriggerSource, u32)> {
        let model = self.model;
        let each = |runner: Runner| {
            let triggers = runner.triggers(model).iter().enumerate();
            triggers.map(move |(index, trigger)| (TriggerRef { runner, index }, &trigger.source))
        };
        let all = runners(self.model).into_iter().flat_map(each);
        all.filter_map(|(at, source)| Some((at, source, *self.deliveries.get(&at)?))).collect()
    }

    fn triggers(&mut self) {
        for (_, source, hop) in self.delivered() {
            let mut take = |spot: Spot| self.takers.entry(spot).or_default().push(hop);
            match source {
                TriggerSource::Queue { from, .. } => take(Spot::Queue(from.value)),
                TriggerSource::Stream { from, .. } => take(Spot::Stream(from.value)),
                TriggerSource::Change { from, .. } => take(Spot::Table(from.value)),
                TriggerSource::Topic { from } => take(Spot::Topic(from.value)),
                TriggerSource::Event { types, bus } => {
                    for event in types {
                        self.heard.entry(event.value).or_default().push(hop);
                        take(Spot::Event(bus.value, self.model.events[event.value].event_type.as_str().into()));
                    }
                }
                TriggerSource::Log { of, .. } => take(Spot::Log(of.value)),
                TriggerSource::Object { bucket, change, prefix, suffix } => {
                    let watch = Watch { change: *change, prefix, suffix, hop };
                    self.watches.entry(bucket.value).or_default().push(watch);
                }
                TriggerSource::Message { devices, topic } => {
                    self.filters.entry(devices.value).or_default().push((&topic.value, hop));
                }
                // Nothing in the application causes these.
                TriggerSource::Http(_)
                | TriggerSource::Schedule { .. }
                | TriggerSource::Socket { .. }
                | TriggerSource::User { .. }
                | TriggerSource::Rotation { .. } => {}
            }
        }
    }

    fn resumes(&mut self, resumes: &[Resume]) {
        let first = u32::try_from(self.access.as_slice().len()).unwrap_or(u32::MAX);
        for (hop, resume) in (first..).zip(resumes) {
            let kind = self.model.events[resume.event].event_type.as_str();
            self.listeners.entry(kind).or_default().push(hop);
        }
    }

    fn actors(&mut self) -> HashMap<Actor, u32> {
        let mut known: Vec<Actor> = self.access.iter().map(|tuple| tuple.by).collect();
        known.extend(runners(self.model).into_iter().map(Actor::Runner));
        known.sort_unstable();
        known.dedup();
        let spots = known.into_iter().filter_map(|actor| Some((actor, self.spot(Spot::Actor(actor))?)));
        spots.collect()
    }

    fn leads(&mut self, resumes: &[Resume]) -> Vec<Option<u32>> {
        let access = self.access;
        let mut leads: Vec<Option<u32>> =
            access.iter().map(|tuple| target(tuple).and_then(|spot| self.spot(spot))).collect();
        leads.extend(
            resumes.iter().map(|resume| self.spot(Spot::Actor(Actor::Runner(Runner::Workflow(resume.workflow))))),
        );
        leads
    }

    fn doors(&self) -> BTreeMap<Door, Vec<u32>> {
        let model = self.model;
        let delivered = self.delivered();
        let mut doors: BTreeMap<Door, Vec<u32>> =
            delivered.iter().filter_map(|(at, source, hop)| Some((Door::of(*at, source)?, vec![*hop]))).collect();
        for (id, event) in model.events.iter().filter(|(_, event)| event.source.is_some()) {
            let kind = event.event_type.as_str();
            let takers = self.heard.get(&id).into_iter().flatten().copied();
            let listeners = self.listeners.get(kind).into_iter().flatten().copied();
            doors.insert(Door::Event(id), takers.chain(listeners).collect());
        }
        doors
    }

    /// The number of a spot; `None` when nothing goes on from it.
    fn spot(&mut self, spot: Spot) -> Option<u32> {
        if let Some(number) = self.numbers.get(&spot) {
            return *number;
        }
        let members = self.going_on(&spot);
        let number = u32::try_from(self.members.len()).ok().filter(|_| !members.is_empty());
        if number.is_some() {
            self.members.push(members);
        }
        self.numbers.insert(spot, number);
        number
    }

    fn going_on(&self, spot: &Spot) -> Vec<u32> {
        let takers = |spot: &Spot| self.takers.get(spot).cloned().unwrap_or_default();
        match spot {
            Spot::Actor(actor) => self.rights.get(actor).cloned().unwrap_or_default(),
            Spot::Redriven(queue) => {
                let edges = self.graph.dead_letter_of(*queue);
                let sources = edges.filter_map(|edge| {
                    let from = self.graph.node(edge.from).of;
                    if let NodeRef::Resource(AnyResource::Queue(from)) = from { Some(from) } else { None }
                });
                sources.flat_map(|from| takers(&Spot::Queue(from))).collect()
            }
            Spot::Event(_, kind) => {
                let mut all = takers(spot);
                all.extend(self.listeners.get(&**kind).into_iter().flatten());
                all
            }
            Spot::Objects(bucket, change, scope) => {
                let watches = self.watches.get(bucket).into_iter().flatten();
                watches.filter(|watch| watch.change == *change && meets(scope, watch)).map(|watch| watch.hop).collect()
            }
            Spot::Messages(devices, scope) => {
                let filters = self.filters.get(devices).into_iter().flatten();
                let fits = |filter: &str| {
                    if let Scope::Topic(topic) = scope { topics_meet(topic, filter) } else { true }
                };
                filters.filter(|(filter, _)| fits(filter)).map(|(_, hop)| *hop).collect()
            }
            Spot::Queue(_) | Spot::Topic(_) | Spot::Stream(_) | Spot::Table(_) | Spot::Log(_) => takers(spot),
        }
    }
}

/// Where using a right leads. The idempotency store may be a table with a `change` trigger, too.
fn target(tuple: &Tuple) -> Option<Spot> {
    let verb = tuple.verb;
    let resource = match tuple.on {
        Object::Runner(runner) => {
            return match (verb, runner) {
                (Verb::Invoke | Verb::Start, _) => Some(Spot::Actor(Actor::Runner(runner))),
                (Verb::Log, Runner::Function(id)) => Some(Spot::Log(id)),
                _ => None,
            };
        }
        Object::Resource(resource) => resource,
    };
    match (resource, verb) {
        (AnyResource::Queue(id), Verb::Send | Verb::SetAside) => Some(Spot::Queue(id)),
        (AnyResource::Queue(id), Verb::Redrive) => Some(Spot::Redriven(id)),
        (AnyResource::Topic(id), Verb::Publish) => Some(Spot::Topic(id)),
        (AnyResource::Stream(id), Verb::Put) => Some(Spot::Stream(id)),
        (AnyResource::Table(id), Verb::Put | Verb::Update | Verb::Delete | Verb::BatchWrite | Verb::Remember) => {
            Some(Spot::Table(id))
        }
        (AnyResource::Bucket(id), Verb::Put) => Some(Spot::Objects(id, ObjectChange::Created, tuple.scope.clone())),
        (AnyResource::Bucket(id), Verb::Delete) => Some(Spot::Objects(id, ObjectChange::Deleted, tuple.scope.clone())),
        (AnyResource::Devices(id), Verb::Publish) => Some(Spot::Messages(id, tuple.scope.clone())),
        (AnyResource::Bus(id), Verb::Emit) => {
            if let Scope::Type(kind) = &tuple.scope {
                Some(Spot::Event(id, Arc::clone(kind)))
            } else {
                None
            }
        }
        _ => None,
    }
}

/// Whether a name of an object can be in the scope and be watched.
fn meets(scope: &Scope, watch: &Watch<'_>) -> bool {
    let Scope::Prefix { prefix, suffix } = scope else { return true };
    names_meet((prefix, suffix), (watch.prefix, watch.suffix))
}
