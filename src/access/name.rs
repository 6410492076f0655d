//! What identities and nodes are called, and what a user means by a name.

use super::document::IdentityKind;
use crate::analysis::{Actor, Object, Reach, Tuple};
use crate::base::nearest;
use crate::graph::{Graph, NodeRef, Runner};
use crate::model::{Event, Id, Model, Scope, Verb};

/// A name that is none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unknown {
    /// As the user gave it.
    pub name: String,
    /// What it was to name.
    pub wanted: &'static str,
    /// What to write instead.
    pub hint: Option<String>,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is no {}", self.name, self.wanted)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "; {hint}"))
    }
}

impl std::error::Error for Unknown {}

/// What can be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A resource, function or workflow.
    Object(Object),
    /// An event: who can send it.
    Event(Id<Event>),
}

impl What {
    /// Whether a right is one on it.
    pub(super) fn is_on(self, tuple: &Tuple, model: &Model) -> bool {
        match self {
            Self::Object(object) => tuple.on == object,
            Self::Event(event) => {
                let kind = model.events[event].event_type.as_str();
                tuple.verb == Verb::Emit && matches!(&tuple.scope, Scope::Type(sent) if **sent == *kind)
            }
        }
    }

    /// Its path.
    pub(super) fn path(self, model: &Model) -> String {
        match self {
            Self::Object(object) => path(object.into(), model),
            Self::Event(event) => path(NodeRef::Event(event), model),
        }
    }
}

/// The path of a declared node.
pub(super) fn path(of: NodeRef, model: &Model) -> String {
    of.head(model).map(|head| head.path.to_string()).unwrap_or_default()
}

/// What an identity is called in output.
pub fn actor_name(actor: Actor, model: &Model) -> String {
    match actor {
        Actor::Runner(_) => actor_path(actor, model),
        Actor::Delivery(_) => format!("delivery of {}", actor_path(actor, model)),
        Actor::Redrive(_) => format!("dead-lettering of {}", actor_path(actor, model)),
        Actor::AsyncCall(_) => format!("asynchronous calls of {}", actor_path(actor, model)),
        Actor::Alarms => "alarms".to_owned(),
    }
}

/// The path by which a user names an identity.
pub(super) fn actor_path(actor: Actor, model: &Model) -> String {
    match actor {
        Actor::Runner(runner) => path(runner.into(), model),
        Actor::Delivery(at) => {
            let name = at.get(model).map_or("", |trigger| &*trigger.name);
            format!("{}.on.{name}", path(at.runner.into(), model))
        }
        Actor::Redrive(queue) => model.queues[queue].head.path.to_string(),
        Actor::AsyncCall(function) => model.functions[function].head.path.to_string(),
        Actor::Alarms => "alarms".to_owned(),
    }
}

pub(super) const fn actor_kind(actor: Actor) -> IdentityKind {
    match actor {
        Actor::Runner(Runner::Function(_)) => IdentityKind::Function,
        Actor::Runner(Runner::Workflow(_)) => IdentityKind::Workflow,
        Actor::Delivery(_) => IdentityKind::Trigger,
        Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => IdentityKind::Platform,
    }
}

/// The identity that a user names: `functions.settle`, `settle`, `functions.settle.on.queue-ledger`, `alarms`, or the
/// queue whose failing messages the platform sets aside.
pub fn find_who(reach: &Reach, text: &str) -> Result<Actor, Unknown> {
    let model = reach.graph().model();
    let known: Vec<(Actor, String)> = reach.actors().into_iter().map(|a| (a, actor_path(a, model))).collect();
    let short = |path: &str| path.split_once('.').map(|(_, name)| name.to_owned());
    let exact = known.iter().find(|(_, path)| path == text);
    let by_name = || {
        let mut named = known.iter().filter(|(_, path)| short(path).as_deref() == Some(text));
        // Functions and workflows come first; two of one name have to be told apart.
        let first = named.next()?;
        let is_rival = |(actor, _): &(Actor, String)| matches!(actor, Actor::Runner(_));
        (!named.any(is_rival)).then_some(first)
    };
    if let Some((actor, _)) = exact.or_else(by_name) {
        return Ok(*actor);
    }
    let hint = if reach.graph().find_text(text).is_some() {
        Some(format!("it acts for nobody; ask `--what {text}` who reaches it"))
    } else {
        near(text, known.iter().map(|(_, path)| path.clone()))
    };
    Err(Unknown { name: text.to_owned(), wanted: "identity", hint })
}

/// The node that a user names: `resources.pay-key`, `pay-key`, `functions.settle`, `events.order.placed`.
pub fn find_what(graph: &Graph, text: &str) -> Result<What, Unknown> {
    let unknown = |hint| Unknown { name: text.to_owned(), wanted: "node that can be reached", hint };
    let Some(id) = graph.find_text(text) else {
        let nodes = graph.nodes().filter(|(_, node)| reachable(node.of).is_some());
        return Err(unknown(near(text, nodes.map(|(id, _)| graph.address(id)))));
    };
    reachable(graph.node(id).of).ok_or_else(|| unknown(Some("name a resource, function, workflow or event".to_owned())))
}

fn reachable(of: NodeRef) -> Option<What> {
    match of {
        NodeRef::Resource(resource) => Some(What::Object(Object::Resource(resource))),
        NodeRef::Function(id) => Some(What::Object(Object::Runner(Runner::Function(id)))),
        NodeRef::Workflow(id) => Some(What::Object(Object::Runner(Runner::Workflow(id)))),
        NodeRef::Event(id) => Some(What::Event(id)),
        NodeRef::Route(_) | NodeRef::Schedule(_) | NodeRef::Native(_) => None,
    }
}

/// The nearest path, also to who leaves out the section.
fn near(text: &str, paths: impl Iterator<Item = String>) -> Option<String> {
    let paths: Vec<String> = paths.collect();
    let names = paths.iter().filter_map(|path| path.split_once('.').map(|(_, name)| name));
    let names: Vec<&str> = names.filter(|_| !text.contains('.')).chain(paths.iter().map(String::as_str)).collect();
    nearest(text, names).map(|near| format!("did you mean `{near}`?"))
}
