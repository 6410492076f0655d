//! The access relation of one state by holder, object and verb, in names that both states share.

use std::collections::{BTreeMap, BTreeSet};

use super::names::Names;
use crate::analysis::{Actor, Facts, Object, Tuple};
use crate::graph::NodeRef;
use crate::model::{AnyResource, Scope, Verb};

/// Who holds a right.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Holder {
    /// The node whose doing it is: its path.
    pub(super) owner: String,
    /// What it is called.
    pub(super) name: String,
}

/// On what and what.
pub(super) type Right = (String, Verb);

/// What one holder may do.
pub(super) type Held<'a> = BTreeMap<Right, Vec<&'a Tuple>>;

/// The relation.
#[derive(Debug)]
pub(super) struct Rights<'a> {
    /// By holder.
    pub(super) held: BTreeMap<Holder, Held<'a>>,
    /// All functions, workflows and resources, by path.
    pub(super) nodes: BTreeSet<String>,
}

impl<'a> Rights<'a> {
    /// With the names that nodes have after.
    pub(super) fn of(facts: &'a Facts, names: &Names) -> Self {
        let mut held: BTreeMap<Holder, Held<'_>> = BTreeMap::new();
        for tuple in facts.access().iter() {
            let right = (path(facts, tuple.on.into(), names), tuple.verb);
            held.entry(holder(facts, tuple.by, names)).or_default().entry(right).or_default().push(tuple);
        }
        let nodes = facts.model().heads().map(|head| names.after(&head.path.to_string()).into_owned()).collect();
        Self { held, nodes }
    }

    /// Whether the two relations let the same be done.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let scopes = |list: &[&Tuple]| list.iter().map(|tuple| tuple.scope.clone()).collect::<Vec<_>>();
        self.held.len() == other.held.len()
            && self.held.iter().zip(&other.held).all(|((holder, rights), (like, others))| {
                holder == like
                    && rights.len() == others.len()
                    && rights.iter().zip(others).all(|((a, b), (c, d))| a == c && scopes(b) == scopes(d))
            })
    }
}

/// The path of a node, as it is called after.
pub(super) fn path(facts: &Facts, of: NodeRef, names: &Names) -> String {
    let path = of.head(facts.model()).map(|head| head.path.to_string()).unwrap_or_default();
    names.after(&path).into_owned()
}

/// Who an actor is, as it is called after.
pub(super) fn holder(facts: &Facts, actor: Actor, names: &Names) -> Holder {
    let owner = |of: NodeRef| path(facts, of, names);
    match actor {
        Actor::Runner(runner) => {
            let owner = owner(runner.into());
            Holder { name: owner.clone(), owner }
        }
        Actor::Delivery(at) => {
            let name = format!("delivery of {}", names.trigger(facts, at));
            Holder { owner: owner(at.runner.into()), name }
        }
        Actor::Redrive(queue) => {
            let owner = owner(NodeRef::Resource(AnyResource::Queue(queue)));
            Holder { name: format!("dead-lettering of {owner}"), owner }
        }
        Actor::AsyncCall(function) => {
            let owner = owner(NodeRef::Function(function));
            Holder { name: format!("asynchronous calls of {owner}"), owner }
        }
        Actor::Alarms => Holder { owner: "alarms".to_owned(), name: "alarms".to_owned() },
    }
}

/// Whether everything in one part of a resource is in another.
pub(super) fn covers(whole: &Scope, part: &Scope) -> bool {
    match (whole, part) {
        (Scope::Prefix { prefix, suffix }, Scope::Prefix { prefix: inner, suffix: end }) => {
            inner.starts_with(&**prefix) && end.ends_with(&**suffix)
        }
        // An index is not a part of what its table lets read, and own rows are a right of their own.
        (Scope::Whole, Scope::Prefix { .. } | Scope::Leading(_) | Scope::Type(_) | Scope::Topic(_)) => true,
        (Scope::Topic(all), Scope::Topic(_)) if &**all == "#" => true,
        _ => whole == part,
    }
}

/// Whether an object is the holder itself: logs and traces are no reach into anybody else's.
pub(super) fn is_self(tuple: &Tuple) -> bool {
    matches!((tuple.by, tuple.on), (Actor::Runner(by), Object::Runner(on)) if by == on)
}
