//! Which names there are, and what each stands for: one namespace for resources, functions and workflows, another
//! for events.

use std::collections::HashMap;
use std::sync::Arc;

use super::Resolver;
use super::wording::{article, with_article};
use crate::base::{Name, Span, Spanned, nearest};
use crate::diag::{Finding, shorten};
use crate::model::{
    AnyResource, Api, Arena, Bucket, Bus, Cache, Database, Devices, Event, External, Function, Id, Identity, Queue,
    Secret, Socket, Stream, Table, Topic, Workflow,
};
use crate::spec::{self, EventRef, Ref, Spec};

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeRef {
    Resource(AnyResource),
    Function(Id<Function>),
    Workflow(Id<Workflow>),
    /// It was declared, but so that nothing can be said about it.
    Poisoned,
}

impl NodeRef {
    /// With its article.
    pub(super) fn describe(self) -> String {
        match self {
            Self::Resource(resource) => with_article(resource.kind()),
            Self::Function(_) => "a function".to_owned(),
            Self::Workflow(_) => "a workflow".to_owned(),
            Self::Poisoned => "a node".to_owned(),
        }
    }
}

/// A kind of node that can be referred to.
pub(super) trait Target: Sized {
    /// Its kind, for messages.
    const WHAT: &'static str;
    /// Where it is declared.
    const SECTION: &'static str;
    /// The id when the name stands for one.
    fn of(node: NodeRef) -> Option<Id<Self>>;
}

macro_rules! targets {
    ($($ty:ident = $what:literal),+ $(,)?) => {
        $(impl Target for $ty {
            const WHAT: &'static str = $what;
            const SECTION: &'static str = "resources";
            fn of(node: NodeRef) -> Option<Id<Self>> {
                if let NodeRef::Resource(AnyResource::$ty(id)) = node { Some(id) } else { None }
            }
        })+
    };
}
targets! {
    Table = "table", Bucket = "bucket", Queue = "queue", Topic = "topic", Stream = "stream", Bus = "bus",
    Secret = "secret", Cache = "cache", Api = "api", Socket = "socket", Identity = "identity",
    Devices = "broker of devices", Database = "database", External = "external host",
}

impl Target for Function {
    const WHAT: &'static str = "function";
    const SECTION: &'static str = "functions";
    fn of(node: NodeRef) -> Option<Id<Self>> {
        if let NodeRef::Function(id) = node { Some(id) } else { None }
    }
}

impl Target for Workflow {
    const WHAT: &'static str = "workflow";
    const SECTION: &'static str = "workflows";
    fn of(node: NodeRef) -> Option<Id<Self>> {
        if let NodeRef::Workflow(id) = node { Some(id) } else { None }
    }
}

/// Declarations of one kind, sorted by name; the index is the id.
pub(super) type Sorted<'s, T> = Vec<(&'s Spanned<Name>, &'s T)>;

/// A queue that is written, or made as the dead letter of one.
pub(super) enum QueueEntry<'s> {
    Written(&'s Spanned<Name>, &'s spec::Queue),
    Made { name: Name, of: Arc<str>, queue: &'s spec::Queue, span: Span },
}

impl QueueEntry<'_> {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Written(name, _) => name.value.as_str(),
            Self::Made { name, .. } => name.as_str(),
        }
    }
}

/// Every declaration by kind, and what each name stands for.
#[derive(Default)]
pub(super) struct Names<'s> {
    pub(super) tables: Sorted<'s, spec::Table>,
    pub(super) buckets: Sorted<'s, spec::Bucket>,
    pub(super) queues: Vec<QueueEntry<'s>>,
    pub(super) topics: Sorted<'s, spec::Topic>,
    pub(super) streams: Sorted<'s, spec::Stream>,
    pub(super) buses: Sorted<'s, spec::Bus>,
    pub(super) secrets: Sorted<'s, spec::Secret>,
    pub(super) caches: Sorted<'s, spec::Cache>,
    pub(super) apis: Sorted<'s, spec::Api>,
    pub(super) sockets: Sorted<'s, spec::Socket>,
    pub(super) identities: Sorted<'s, spec::Identity>,
    pub(super) devices: Sorted<'s, spec::Devices>,
    pub(super) databases: Sorted<'s, spec::Database>,
    pub(super) externals: Sorted<'s, spec::External>,
    pub(super) functions: Sorted<'s, spec::Function>,
    pub(super) workflows: Sorted<'s, spec::Workflow>,
    pub(super) events: Vec<(&'s Spanned<crate::base::EventType>, &'s spec::Event)>,
    nodes: HashMap<Arc<str>, (NodeRef, Span)>,
    event_ids: HashMap<&'s str, Option<Id<Event>>>,
    /// A section was no mapping, so that a missing name proves nothing.
    nodes_unknown: bool,
    events_unknown: bool,
    /// Names in the alphabet, for suggestions.
    all: Vec<(Arc<str>, NodeRef)>,
}

impl Names<'_> {
    /// What a name stands for, and where it is declared.
    pub(super) fn get(&self, name: &str) -> Option<(NodeRef, Span)> {
        self.nodes.get(name).copied()
    }
}

impl<'s> Resolver<'s> {
    /// Collects every name, and reports those that are declared twice.
    pub(super) fn collect(&mut self, spec: &'s Spec) {
        let mut names = Names::default();
        if let Some(resources) = &spec.resources {
            names.nodes_unknown |= resources.poisoned;
            for (name, resource) in &resources.entries {
                if let Some(resource) = resource {
                    sort_in(&mut names, name, resource);
                } else {
                    names.nodes.insert(name.value.as_str().into(), (NodeRef::Poisoned, name.span));
                }
            }
        }
        collect_map(spec.functions.as_ref(), &mut names.functions, &mut names.nodes, &mut names.nodes_unknown);
        collect_map(spec.workflows.as_ref(), &mut names.workflows, &mut names.nodes, &mut names.nodes_unknown);
        let rejected = [
            spec.resources.as_ref().map(|m| &m.rejected),
            spec.functions.as_ref().map(|m| &m.rejected),
            spec.workflows.as_ref().map(|m| &m.rejected),
        ];
        for name in rejected.into_iter().flatten().flatten() {
            names.nodes.insert(name.clone(), (NodeRef::Poisoned, spec.span));
        }
        if let Some(events) = &spec.events {
            names.events_unknown = events.poisoned;
            names.events = events.iter().collect();
            names.events.sort_by(|a, b| a.0.value.cmp(&b.0.value));
            let broken = events.entries.iter().filter(|(_, value)| value.is_none());
            names.event_ids.extend(broken.map(|(name, _)| (name.value.as_str(), None)));
            names.event_ids.extend(events.rejected.iter().map(|name| (&**name, None)));
            let ids =
                names.events.iter().enumerate().map(|(i, (name, _))| (name.value.as_str(), Some(Arena::id_at(i))));
            names.event_ids.extend(ids);
        }
        self.index(names);
    }

    /// Gives every declaration its id: its place among those of its kind, by name.
    fn index(&mut self, mut names: Names<'s>) {
        self.make_dead_letters(&mut names);
        let mut nodes = Vec::new();
        macro_rules! kind {
            ($($list:ident $variant:ident),+) => {$(
                names.$list.sort_by(|a, b| a.0.value.cmp(&b.0.value));
                for (i, (name, _)) in names.$list.iter().enumerate() {
                    let node = NodeRef::Resource(AnyResource::$variant(Arena::id_at(i)));
                    nodes.push((Arc::from(name.value.as_str()), node, name.span));
                }
            )+};
        }
        kind!(
            tables Table, buckets Bucket, topics Topic, streams Stream, buses Bus, secrets Secret, caches Cache,
            apis Api, sockets Socket, identities Identity, devices Devices, databases Database, externals External
        );
        names.queues.sort_by(|a, b| a.name().cmp(b.name()));
        for (i, queue) in names.queues.iter().enumerate() {
            let span = match queue {
                QueueEntry::Written(name, _) => name.span,
                QueueEntry::Made { span, .. } => *span,
            };
            nodes.push((Arc::from(queue.name()), NodeRef::Resource(AnyResource::Queue(Arena::id_at(i))), span));
        }
        names.functions.sort_by(|a, b| a.0.value.cmp(&b.0.value));
        for (i, (name, _)) in names.functions.iter().enumerate() {
            nodes.push((Arc::from(name.value.as_str()), NodeRef::Function(Arena::id_at(i)), name.span));
        }
        names.workflows.sort_by(|a, b| a.0.value.cmp(&b.0.value));
        for (i, (name, _)) in names.workflows.iter().enumerate() {
            nodes.push((Arc::from(name.value.as_str()), NodeRef::Workflow(Arena::id_at(i)), name.span));
        }
        for (name, node, span) in nodes {
            match names.nodes.get(&name) {
                Some((NodeRef::Poisoned, _)) => {}
                Some((other, place)) => {
                    let finding = clash(&name, *other, node, span).related(*place, "the other one");
                    self.report(finding);
                }
                None => {
                    names.nodes.insert(name.clone(), (node, span));
                    names.all.push((name, node));
                }
            }
        }
        names.all.sort_by(|a, b| a.0.cmp(&b.0));
        self.former = super::former::former_names(self.spec, &names);
        self.names = names;
    }

    /// The node a reference names, when it is of the right kind.
    pub(super) fn find<T: Target>(&mut self, reference: &Ref) -> Option<Spanned<Id<T>>> {
        let found = self.names.get(&reference.text);
        if let Some((node, place)) = found {
            if node == NodeRef::Poisoned {
                return None;
            }
            if let Some(id) = T::of(node) {
                return Some(Spanned::new(id, reference.span));
            }
            let message = format!("`{}` is {}, not {}", reference.text, node.describe(), article(T::WHAT));
            let finding = Finding::error("wrong-kind", reference.span, message).related(place, "declared here");
            let near = self.suggest(&reference.text, |node| T::of(node).is_some());
            self.report(match near {
                Some(near) => finding.did_you_mean(&near),
                None => finding.help(format!("name {} of `{}`", article(T::WHAT), T::SECTION)),
            });
            return None;
        }
        if !self.names.nodes_unknown {
            let finding = self.unknown(T::WHAT, T::SECTION, reference, |node| T::of(node).is_some());
            self.report(finding);
        }
        None
    }

    /// The node of any kind that a reference names.
    pub(super) fn find_any(&mut self, what: &str, reference: &Ref, fits: fn(NodeRef) -> bool) -> Option<NodeRef> {
        match self.names.get(&reference.text) {
            Some((NodeRef::Poisoned, _)) => None,
            Some((node, _)) => Some(node),
            None if self.names.nodes_unknown => None,
            None => {
                let section = if what == "resource" { "resources" } else { "functions" };
                let finding = self.unknown(what, section, reference, fits);
                self.report(finding);
                None
            }
        }
    }

    fn unknown(&mut self, what: &str, section: &str, reference: &Ref, fits: impl Fn(NodeRef) -> bool) -> Finding {
        let message = format!("there is no {what} `{}`", shorten(&reference.text));
        let finding = Finding::error("unknown-reference", reference.span, message);
        match self.suggest(&reference.text, fits) {
            Some(near) => finding.did_you_mean(&near),
            None => finding.help(format!("declare it under `{section}`, or name one that is there")),
        }
    }

    /// The event type a reference names.
    pub(super) fn find_event(&mut self, reference: &EventRef) -> Option<Spanned<Id<Event>>> {
        if let Some(id) = self.names.event_ids.get(&*reference.text) {
            return id.map(|id| Spanned::new(id, reference.span));
        }
        if self.names.events_unknown {
            return None;
        }
        let message = format!("there is no event `{}`", shorten(&reference.text));
        let finding = Finding::error("unknown-reference", reference.span, message);
        let near = if self.spend(self.names.events.len()) {
            nearest(&reference.text, self.names.events.iter().map(|(name, _)| name.value.as_str()))
        } else {
            None
        };
        let finding = match near {
            Some(near) => finding.did_you_mean(near),
            None => finding.help(format!("declare it under `events`: `{}: {{ schema: … }}`", shorten(&reference.text))),
        };
        self.report(finding);
        None
    }

    /// The nearest name of a node that fits.
    pub(super) fn suggest(&mut self, text: &str, fits: impl Fn(NodeRef) -> bool) -> Option<String> {
        if !self.spend(self.names.all.len()) {
            return None;
        }
        let names = self.names.all.iter().filter(|(_, node)| fits(*node)).map(|(name, _)| &**name);
        nearest(text, names).map(str::to_owned)
    }

    /// The event a reference names, without a word when there is none.
    pub(super) fn event_id(&self, reference: &EventRef) -> Option<Id<Event>> {
        self.names.event_ids.get(&*reference.text).copied().flatten()
    }

    /// Suggestions compare with every name; a file with thousands of unknown names gets them for the first ones.
    pub(super) fn spend(&mut self, comparisons: usize) -> bool {
        let enough = self.comparisons >= comparisons;
        self.comparisons = self.comparisons.saturating_sub(comparisons);
        enough
    }
}

/// Two nodes of one name; a queue that is made has its name from the compiler.
fn clash(name: &str, other: NodeRef, node: NodeRef, span: Span) -> Finding {
    let made = name.strip_suffix("-failed").filter(|_| <Queue as Target>::of(node).is_some());
    let what = made.map_or_else(|| node.describe(), |queue| format!("the dead letter that is made for `{queue}`"));
    let finding = Finding::error("name-clash", span, format!("`{name}` is both {} and {what}", other.describe()));
    match made {
        Some(queue) => finding.help(format!(
            "rename one; a dead letter of `{queue}` that is made is called so, unless `to` names another"
        )),
        None => finding.help("resources, functions and workflows share their names; rename one"),
    }
}

fn collect_map<'s, T>(
    map: Option<&'s spec::Map<Name, T>>,
    list: &mut Sorted<'s, T>,
    nodes: &mut HashMap<Arc<str>, (NodeRef, Span)>,
    unknown: &mut bool,
) {
    let Some(map) = map else { return };
    *unknown |= map.poisoned;
    for (name, value) in &map.entries {
        match value {
            Some(value) => list.push((name, value)),
            None => {
                nodes.insert(name.value.as_str().into(), (NodeRef::Poisoned, name.span));
            }
        }
    }
}

fn sort_in<'s>(names: &mut Names<'s>, name: &'s Spanned<Name>, resource: &'s spec::Resource) {
    use spec::Resource as R;
    match resource {
        R::Table(r) => names.tables.push((name, r)),
        R::Bucket(r) => names.buckets.push((name, r)),
        R::Queue(r) => names.queues.push(QueueEntry::Written(name, r)),
        R::Topic(r) => names.topics.push((name, r)),
        R::Stream(r) => names.streams.push((name, r)),
        R::Bus(r) => names.buses.push((name, r)),
        R::Secret(r) => names.secrets.push((name, r)),
        R::Cache(r) => names.caches.push((name, r)),
        R::Api(r) => names.apis.push((name, r)),
        R::Socket(r) => names.sockets.push((name, r)),
        R::Identity(r) => names.identities.push((name, r)),
        R::Devices(r) => names.devices.push((name, r)),
        R::Database(r) => names.databases.push((name, r)),
        R::External(r) => names.externals.push((name, r)),
    }
}
