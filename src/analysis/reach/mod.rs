//! The blast radius: what somebody who took over an identity reaches. Its own rights at once; and where it may put
//! something into a channel, everyone who takes from it runs with input of the thief's choice, so that their rights are
//! reached as well, and so on. Filters on data (`where`, the pattern of a log) do not stop a thief, who writes what
//! passes them; the prefix of an object, the type of an event and the topic of a message do, since the right to write is
//! bound to them. Sending to a socket reaches its clients, and runs nothing here.

mod build;
mod door;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod ways;

pub use door::{Asks, Door};
pub use ways::Ways;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::{Access, Actor, Object, Tuple};
use crate::base::Span;
use crate::graph::{Graph, Runner};
use crate::model::{Event, Id, Scope, Verb, Workflow};

/// One step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Hop<'a> {
    /// A right is used, by an identity or by what delivers.
    Right(&'a Tuple),
    /// A workflow that waits for an event goes on.
    Resumes(Resume),
}

/// A workflow goes on when an event comes. It needs no right of its own for that, so the access relation has none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Resume {
    /// The workflow.
    pub workflow: Id<Workflow>,
    /// What it waits for.
    pub event: Id<Event>,
    /// The text that says so.
    pub span: Span,
}

/// Who reaches what, for one application. Rights are numbered hops; a hop leads to a spot (an identity that runs, a
/// channel that is written), from which other hops go on. A spot is walked through once, so that a walk is linear in what
/// it reaches, and ends on any cycle.
#[derive(Debug, Clone)]
pub struct Reach {
    graph: Arc<Graph>,
    access: Arc<Access>,
    /// Hops behind those of the relation.
    resumes: Vec<Resume>,
    /// By hop: the spot to which it leads.
    leads: Vec<Option<u32>>,
    /// By spot: the hops that go on from it.
    members: Vec<Vec<u32>>,
    /// By hop: the spots from which it goes on.
    spots: Vec<Vec<u32>>,
    /// By spot: the hops that lead to it.
    leaders: Vec<Vec<u32>>,
    /// The spots of identities.
    actors: HashMap<Actor, u32>,
    /// Ways in, each with the hops that it begins with.
    doors: BTreeMap<Door, Vec<u32>>,
}

impl Reach {
    /// Prepares the questions, in time linear in graph and relation.
    pub fn new(graph: Arc<Graph>, access: Arc<Access>) -> Self {
        build::build(graph, access)
    }

    /// All identities: those of functions and workflows, what delivers, and the platform.
    pub fn actors(&self) -> BTreeSet<Actor> {
        let runners = self.runners().into_iter().map(Actor::Runner);
        runners.chain(self.access.iter().map(|tuple| tuple.by)).collect()
    }

    /// All functions and workflows.
    pub fn runners(&self) -> Vec<Runner> {
        build::runners(self.graph.model())
    }

    /// What an identity holds itself. With that of a function or workflow count what its deliveries hold to take and to
    /// set aside: on some platforms it is the same identity, and who controls the code decides what fails.
    pub fn direct(&self, actor: Actor) -> impl Iterator<Item = &Tuple> {
        let hops = self.actors.get(&actor).map_or(&[][..], |spot| entry(&self.members, *spot));
        hops.iter().filter_map(|hop| self.tuple(*hop))
    }

    /// What a thief of an identity reaches through events, nearest first; at most as many rights as have `budget` hops in
    /// their paths together.
    pub fn radius(&self, actor: Actor, budget: usize) -> Radius<'_> {
        let mut radius = Radius { reach: self, from: HashMap::new(), reached: Vec::new(), is_complete: true };
        let Some(&start) = self.actors.get(&actor) else { return radius };
        let own = entry(&self.members, start);
        let mut known: HashSet<_> = own.iter().filter_map(|hop| self.tuple(*hop)).map(key).collect();
        let mut passed = HashSet::from([start]);
        let mut open: VecDeque<(u32, usize)> = own.iter().map(|hop| (*hop, 1)).collect();
        radius.from.extend(own.iter().map(|hop| (*hop, *hop)));
        let mut left = budget;
        while let Some((hop, depth)) = open.pop_front() {
            let Some(spot) = self.lead(hop).filter(|spot| passed.insert(*spot)) else { continue };
            for &next in entry(&self.members, spot) {
                if radius.from.contains_key(&next) {
                    continue;
                }
                radius.from.insert(next, hop);
                open.push_back((next, depth + 1));
                let gained = |tuple: &&Tuple| counts(tuple) && !is_self(tuple.on, actor);
                if self.tuple(next).filter(gained).is_some_and(|tuple| known.insert(key(tuple))) {
                    let Some(rest) = left.checked_sub(depth + 1) else {
                        radius.is_complete = false;
                        return radius;
                    };
                    left = rest;
                    radius.reached.push(next);
                }
            }
        }
        radius
    }

    /// The functions and workflows that run with input from outside: those that doors lead to, at once or through events.
    pub fn behind(&self, is_open: impl Fn(&Door) -> bool) -> BTreeSet<Runner> {
        let starts = self.doors.iter().filter(|(door, _)| is_open(door)).flat_map(|(_, starts)| starts);
        let mut open: Vec<u32> = starts.copied().collect();
        let mut passed = HashSet::new();
        let mut runners = BTreeSet::new();
        while let Some(hop) = open.pop() {
            runners.extend(self.runs(hop));
            if let Some(spot) = self.lead(hop).filter(|spot| passed.insert(*spot)) {
                open.extend(entry(&self.members, spot));
            }
        }
        runners
    }

    /// Ways from outside into the application: routes and sockets first, in the order of functions and workflows.
    pub fn doors(&self) -> impl Iterator<Item = Door> {
        self.doors.keys().copied()
    }

    /// What runs at once when something comes in by a door.
    pub fn runs_at(&self, door: Door) -> BTreeSet<Runner> {
        self.starts(door).iter().filter_map(|hop| self.runs(*hop)).collect()
    }

    fn starts(&self, door: Door) -> &[u32] {
        self.doors.get(&door).map_or(&[], Vec::as_slice)
    }

    /// The graph that it was made of.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    fn lead(&self, hop: u32) -> Option<u32> {
        self.leads.get(hop as usize).copied().flatten()
    }

    fn tuple(&self, hop: u32) -> Option<&Tuple> {
        self.access.as_slice().get(hop as usize)
    }

    fn hop(&self, hop: u32) -> Option<Hop<'_>> {
        let number = hop as usize;
        let right = self.access.as_slice().get(number).map(Hop::Right);
        right.or_else(|| self.resumes.get(number - self.access.as_slice().len()).map(|resume| Hop::Resumes(*resume)))
    }

    /// What a hop makes run.
    fn runs(&self, hop: u32) -> Option<Runner> {
        match self.hop(hop)? {
            Hop::Right(Tuple { on: Object::Runner(runner), verb: Verb::Invoke | Verb::Start, .. }) => Some(*runner),
            Hop::Right(_) => None,
            Hop::Resumes(resume) => Some(Runner::Workflow(resume.workflow)),
        }
    }
}

/// What one thief reaches. Paths share their beginnings, and are made when they are asked for.
#[derive(Debug, Clone)]
pub struct Radius<'a> {
    reach: &'a Reach,
    /// The hop before each hop; an own right has itself.
    from: HashMap<u32, u32>,
    reached: Vec<u32>,
    /// Whether all of it is listed; `false` when the budget was spent.
    pub is_complete: bool,
}

impl<'a> Radius<'a> {
    /// Each right that is reached with the shortest path to it, which begins with a right of the identity itself and ends
    /// with the right that is reached. Nearest first.
    pub fn rights(&self) -> impl Iterator<Item = (&'a Tuple, Vec<Hop<'a>>)> {
        self.reached.iter().filter_map(|hop| Some((self.reach.tuple(*hop)?, self.path(*hop))))
    }

    /// How many rights.
    pub fn len(&self) -> usize {
        self.reached.len()
    }

    /// None.
    pub fn is_empty(&self) -> bool {
        self.reached.is_empty()
    }

    fn path(&self, end: u32) -> Vec<Hop<'a>> {
        let mut path = Vec::new();
        let mut at = end;
        loop {
            path.extend(self.reach.hop(at));
            match self.from.get(&at) {
                Some(before) if *before != at => at = *before,
                Some(_) | None => break,
            }
        }
        path.reverse();
        path
    }
}

/// Whether a right is worth a line in a blast radius. Its own log and traces say nothing of anybody else's data, and that
/// a consumer takes what it runs on stands in the path.
pub const fn counts(tuple: &Tuple) -> bool {
    match tuple.verb {
        Verb::Log | Verb::Trace | Verb::Join | Verb::Receive => false,
        Verb::Get
        | Verb::Put
        | Verb::Update
        | Verb::Delete
        | Verb::Query
        | Verb::Scan
        | Verb::BatchGet
        | Verb::BatchWrite
        | Verb::Check
        | Verb::List
        | Verb::Send
        | Verb::Redrive
        | Verb::Publish
        | Verb::Read
        | Verb::Rotate
        | Verb::Connect
        | Verb::Invoke
        | Verb::Start
        | Verb::Emit
        | Verb::Remember
        | Verb::SetAside => true,
    }
}

/// What is the same to a thief whoever holds it. Own rows are those of their holder.
fn key(tuple: &Tuple) -> (Object, Verb, &Scope, Option<Actor>) {
    (tuple.on, tuple.verb, &tuple.scope, Some(tuple.by).filter(|_| tuple.scope == Scope::Own))
}

fn is_self(on: Object, actor: Actor) -> bool {
    matches!((on, actor), (Object::Runner(on), Actor::Runner(by)) if on == by)
}

fn entry(lists: &[Vec<u32>], number: u32) -> &[u32] {
    lists.get(number as usize).map_or(&[], Vec::as_slice)
}
