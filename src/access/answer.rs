//! Graph, access relation and blast radius → the document.

use std::collections::{BTreeSet, HashMap};

use super::document::{
    AccessDocument, EntryDocument, Exposure, IdentityDocument, NativeRightDocument, ObjectDocument, OutsideDocument,
    ReachDocument, StepDocument, VERSION, WayDocument,
};
use super::name::{What, actor_kind, actor_name, actor_path, path};
use super::words::{asks, right_text};
use crate::analysis::{Access, Actor, Door, Hop, Object, Radius, Reach, Tuple, Ways, counts};
use crate::base::{Sources, Span};
use crate::graph::render::{PlaceDocument, ScopeDocument, edge_detail};
use crate::graph::{EdgeKind, Graph, NodeRef, Runner};
use crate::model::{AnyResource, Model, Scope, Verb};

/// Most steps in the paths of a document, all together.
const STEPS: usize = 200_000;
/// So many steps each identity may list however many there are.
const LEAST: usize = 40;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Everything.
    All,
    /// An identity: its rights, what leads to it, what its thief reaches.
    Who(Actor),
    /// A node: who reaches it.
    What(What),
}

/// Answers from graph and relation alone; what targets grant is added by the caller.
pub fn answer(reach: &Reach, access: &Access, sources: &Sources, asked: Asked) -> AccessDocument {
    let model = reach.graph().model();
    let mut writer = Writer { reach, access, sources, steps: Vec::new(), numbers: HashMap::new() };
    let mut document = AccessDocument {
        version: VERSION,
        app: model.app.value.to_string(),
        environment: model.environment.name.to_string(),
        who: None,
        what: None,
        steps: Vec::new(),
        identities: Vec::new(),
        object: None,
        entries: Vec::new(),
        native: Vec::new(),
        wider: Vec::new(),
        targets: Vec::new(),
    };
    match asked {
        Asked::All => {
            // All rights come first, in the order of the relation.
            writer.path(access.iter().map(Hop::Right));
            document.identities = writer.all();
            document.entries = reach.doors().map(|door| writer.entry(door, None)).collect();
            document.native = writer.native(|_, _| true);
        }
        Asked::Who(actor) => {
            let node = actor_path(actor, model);
            let exposed = writer.exposed();
            let ways = writer.ways_to_act(actor);
            document.who = Some(actor_name(actor, model));
            document.identities = vec![writer.identity(actor, &exposed, Some(STEPS))];
            document.entries = writer.leading(&ways);
            document.native = writer.native(|by, _| by == node && matches!(actor, Actor::Runner(_)));
        }
        Asked::What(what) => {
            let node = what.path(model);
            document.object = Some(writer.object(what));
            let ways = match what {
                What::Object(Object::Runner(runner)) => reach.ways_to_run(runner),
                What::Object(Object::Resource(_)) | What::Event(_) => {
                    reach.ways_to(|tuple| what.is_on(tuple, model) && counts(tuple))
                }
            };
            document.entries = writer.leading(&ways);
            // What is named in the words of a platform may be this node.
            document.native = writer.native(|_, on| on == node || on.starts_with("native."));
            if let Some(object) = &mut document.object {
                object.complete &= document.native.is_empty();
            }
            document.what = Some(node);
        }
    }
    document.steps = writer.steps;
    document
}

/// Where ways to a node end.
enum End<'a> {
    /// With a right on it.
    Right(Verb, &'a Scope),
    /// With a run of it.
    Run(Runner),
}

/// Who can be made to run by whom outside.
struct Exposed {
    public: BTreeSet<Runner>,
    internet: BTreeSet<Runner>,
}

struct Writer<'a> {
    reach: &'a Reach,
    access: &'a Access,
    sources: &'a Sources,
    steps: Vec<StepDocument>,
    /// Steps that are written already.
    numbers: HashMap<Hop<'a>, usize>,
}

impl<'a> Writer<'a> {
    fn graph(&self) -> &'a Graph {
        self.reach.graph()
    }

    fn model(&self) -> &'a Model {
        self.reach.graph().model()
    }

    fn place(&self, span: Span) -> PlaceDocument {
        PlaceDocument::of(self.sources, span)
    }

    fn path(&mut self, hops: impl IntoIterator<Item = Hop<'a>>) -> Vec<usize> {
        hops.into_iter().map(|hop| self.step(hop)).collect()
    }

    fn step(&mut self, hop: Hop<'a>) -> usize {
        if let Some(number) = self.numbers.get(&hop) {
            return *number;
        }
        let model = self.model();
        let step = match hop {
            Hop::Right(tuple) => StepDocument {
                by: actor_name(tuple.by, model),
                kind: actor_kind(tuple.by),
                verb: Some(tuple.verb),
                on: path(tuple.on.into(), model),
                scope: ScopeDocument::of(&tuple.scope),
                because: tuple.because.clone(),
                source: self.place(tuple.span),
                right: right_text(tuple),
            },
            Hop::Resumes(resume) => {
                let runner = Runner::Workflow(resume.workflow);
                StepDocument {
                    by: path(runner.into(), model),
                    kind: actor_kind(Actor::Runner(runner)),
                    verb: None,
                    on: path(runner.into(), model),
                    scope: None,
                    because: format!("waits for {}", model.events[resume.event].event_type.as_str()),
                    source: self.place(resume.span),
                    right: "goes on".to_owned(),
                }
            }
        };
        let number = self.steps.len();
        self.steps.push(step);
        self.numbers.insert(hop, number);
        number
    }

    fn exposed(&self) -> Exposed {
        let model = self.model();
        Exposed {
            public: self.reach.behind(|door| door.is_public(model)),
            internet: self.reach.behind(|door| door.is_internet()),
        }
    }

    fn all(&mut self) -> Vec<IdentityDocument> {
        let exposed = self.exposed();
        let actors = self.reach.actors();
        let budget = (STEPS / self.reach.runners().len().max(1)).max(LEAST);
        // What delivers reaches what it makes run, and that stands there.
        let budget = |actor| matches!(actor, Actor::Runner(_)).then_some(budget);
        actors.into_iter().map(|actor| self.identity(actor, &exposed, budget(actor))).collect()
    }

    fn identity(&mut self, actor: Actor, exposed: &Exposed, budget: Option<usize>) -> IdentityDocument {
        let reach = self.reach;
        let (may, delivers): (Vec<_>, Vec<_>) = reach.direct(actor).partition(|tuple| tuple.by == actor);
        let radius = budget.map(|budget| reach.radius(actor, budget));
        let paths = radius.iter().flat_map(Radius::rights).map(|(_, path)| path);
        let exposure = match actor {
            Actor::Runner(runner) if exposed.public.contains(&runner) => Some(Exposure::Public),
            Actor::Runner(runner) if exposed.internet.contains(&runner) => Some(Exposure::Internet),
            Actor::Runner(_) | Actor::Delivery(_) | Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => None,
        };
        let reaches: Vec<_> = paths.map(|path| ReachDocument { path: self.path(path) }).collect();
        let is_cut = radius.as_ref().is_some_and(|radius| !radius.is_complete);
        let path = actor_path(actor, self.model());
        let steps = reaches.iter().flat_map(|reach| &reach.path).filter_map(|step| self.steps.get(*step));
        let acts: BTreeSet<&str> = steps.map(|step| step.by.as_str()).chain([path.as_str()]).collect();
        let is_followed = self.native(|by, _| acts.contains(by)).is_empty();
        IdentityDocument {
            name: actor_name(actor, self.model()),
            kind: actor_kind(actor),
            may: self.path(may.into_iter().map(Hop::Right)),
            delivers: self.path(delivers.into_iter().map(Hop::Right)),
            exposed: exposure,
            complete: !is_cut && (is_followed || radius.is_none()),
            is_cut,
            path,
            reaches,
        }
    }

    /// The ways to where an identity acts: where a function or workflow runs, or what delivers is made to.
    fn ways_to_act(&self, actor: Actor) -> Ways<'a> {
        match actor {
            Actor::Runner(runner) => self.reach.ways_to_run(runner),
            Actor::Delivery(_) | Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => {
                self.reach.ways_to(|tuple| tuple.by == actor)
            }
        }
    }

    /// The entry points from which ways lead on.
    fn leading(&mut self, ways: &Ways<'a>) -> Vec<EntryDocument> {
        let doors = self.reach.doors().filter_map(|door| Some((door, ways.through(door)?)));
        doors.collect::<Vec<_>>().into_iter().map(|(door, way)| self.entry(door, Some(way))).collect()
    }

    fn entry(&mut self, door: Door, way: Option<Vec<Hop<'a>>>) -> EntryDocument {
        let model = self.model();
        let (path, title) = match (door, door.trigger()) {
            (Door::Event(event), _) => {
                (path(NodeRef::Event(event), model), model.events[event].event_type.as_str().to_owned())
            }
            (_, Some(at)) => {
                let route = self.graph().id(NodeRef::Route(at)).map(|id| self.graph().title(id));
                let name = at.get(model).map(|trigger| trigger.name.to_string());
                (actor_path(Actor::Delivery(at), model), route.or(name).unwrap_or_default())
            }
            (_, None) => (String::new(), String::new()),
        };
        EntryDocument {
            path,
            title,
            internet: door.is_internet(),
            public: door.is_public(model),
            asks: asks(&door.asks(model)),
            runs: self.reach.runs_at(door).into_iter().map(|runner| self::path(runner.into(), model)).collect(),
            path_to: way.map(|way| self.path(way)),
            source: self.place(door.span(model).unwrap_or(model.app.span)),
        }
    }

    fn object(&mut self, what: What) -> ObjectDocument {
        let model = self.model();
        let on: Vec<&'a Tuple> = self.access.iter().filter(|tuple| what.is_on(tuple, model)).collect();
        let direct = self.path(on.iter().copied().map(Hop::Right));
        // Own rows are the same question for all who have some.
        let rights: BTreeSet<_> = on.iter().filter(|t| counts(t)).map(|t| (t.verb, &t.scope)).collect();
        // What runs does so by whichever right, or because it waits for an event.
        let ends: Vec<_> = match what {
            What::Object(Object::Runner(runner)) => vec![End::Run(runner)],
            What::Object(Object::Resource(_)) | What::Event(_) => {
                rights.into_iter().map(|(verb, scope)| End::Right(verb, scope)).collect()
            }
        };
        let mut through = Vec::new();
        let mut left = STEPS;
        let mut complete = true;
        let runners = self.reach.runners();
        'all: for end in ends {
            let ways = match end {
                End::Run(runner) => self.reach.ways_to_run(runner),
                End::Right(verb, scope) => {
                    self.reach.ways_to(|t: &Tuple| what.is_on(t, model) && t.verb == verb && t.scope == *scope)
                }
            };
            for runner in runners.iter().filter(|runner| what != What::Object(Object::Runner(**runner))) {
                let actor = Actor::Runner(*runner);
                let Some(way) = ways.from(actor).filter(|way| way.len() > 1) else { continue };
                let Some(rest) = left.checked_sub(way.len()) else {
                    complete = false;
                    break 'all;
                };
                left = rest;
                through.push(WayDocument { identity: actor_name(actor, model), path: self.path(way) });
            }
        }
        through.sort_by(|a, b| a.identity.cmp(&b.identity));
        let (path, outside) = (what.path(model), self.outside(what));
        ObjectDocument { path, direct, through, complete, is_cut: !complete, outside }
    }

    /// Who outside reaches a resource by what it is, without any right in the relation.
    fn outside(&self, what: What) -> Vec<OutsideDocument> {
        let model = self.model();
        let (is_open, who, span) = match what {
            What::Object(Object::Resource(AnyResource::Bucket(id))) => {
                let public = &model.buckets[id].public;
                (public.value, "anybody on the internet may read it", public.span)
            }
            What::Object(Object::Resource(AnyResource::Queue(id))) => {
                let manual = &model.queues[id].manual;
                (manual.value, "people take messages from it", manual.span)
            }
            What::Object(Object::Resource(AnyResource::Topic(id))) => {
                let subscribers = &model.topics[id].external_subscribers;
                (subscribers.value, "subscribers outside of the application get its messages", subscribers.span)
            }
            What::Object(Object::Resource(_) | Object::Runner(_)) | What::Event(_) => return Vec::new(),
        };
        let outside = OutsideDocument { who: who.to_owned(), source: self.place(span) };
        if is_open { vec![outside] } else { Vec::new() }
    }

    fn native(&self, is_asked: impl Fn(&str, &str) -> bool) -> Vec<NativeRightDocument> {
        let graph = self.graph();
        let grants = graph.edges().filter(|(_, edge)| matches!(edge.kind, EdgeKind::NativeGrant { .. }));
        let rights = grants.map(|(_, edge)| NativeRightDocument {
            by: graph.address(edge.from),
            grant: edge_detail(graph, edge).unwrap_or_default(),
            on: graph.address(edge.to),
            source: self.place(edge.span),
        });
        rights.filter(|right| is_asked(&right.by, &right.on)).collect()
    }
}
