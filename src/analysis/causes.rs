//! What causes what: the graph once more, with channels split into the parts that are written and taken, so that who
//! writes `thumbs/` does not run who reads `incoming/`.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::graph::{DiGraph, NodeIndex};

use super::delivery::is_delivery;
use super::scopes::{names_meet, topics_meet};
use crate::graph::{Edge, EdgeId, EdgeKind, Graph, NodeId, NodeRef};
use crate::model::{AnyResource, Bus, Id, ObjectChange, Scope, TriggerSource, Verb};

/// Most pairs of written and taken parts of one channel that are compared. In a channel with more, everything that is
/// written is taken by everybody, so that a spec of thousands of scopes costs no more than its size.
const PAIRS: usize = 1 << 16;

/// Something that happens at one edge and causes what is at its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) edge: EdgeId,
    /// A `where` or a pattern may keep it from happening.
    pub(super) is_filtered: bool,
    /// Somebody said how often it may lead round.
    pub(super) is_allowed: bool,
}

/// Nodes with the node of the graph that they are, or are a part of. A step between two parts is none of its own.
pub(super) type Causes = DiGraph<NodeId, Option<Step>>;

/// The part of a channel that is written or taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'g> {
    /// All of it.
    All,
    /// Events on one bus.
    On(Id<Bus>),
    /// Objects, by prefix and suffix of their names.
    Objects(ObjectChange, (&'g str, &'g str)),
    /// Messages by topic or filter of topics.
    Topics(&'g str),
}

/// Builds it, in time linear in the size of the graph. The first nodes are those of the graph, by number.
pub(super) fn causes(graph: &Graph) -> Causes {
    let mut causes = Causes::with_capacity(graph.nodes().len(), graph.edge_count());
    for (id, _) in graph.nodes() {
        causes.add_node(id);
    }
    let mut written: BTreeMap<NodeId, BTreeMap<Part, NodeIndex>> = BTreeMap::new();
    let mut taken: BTreeMap<NodeId, BTreeMap<Part, NodeIndex>> = BTreeMap::new();
    // By their ends, so that the order of a list in the spec does not decide which circle is shown.
    let mut edges: Vec<(EdgeId, &Edge)> = graph.edges().filter(|(_, edge)| is_delivery(edge)).collect();
    edges.sort_by_key(|(_, edge)| (edge.from, edge.to));
    for (id, edge) in edges {
        let (from, to) = (NodeIndex::new(edge.from.index()), NodeIndex::new(edge.to.index()));
        let mut step = Step { edge: id, is_filtered: false, is_allowed: false };
        match &edge.kind {
            EdgeKind::Calls(_) | EdgeKind::Compensates => {
                causes.add_edge(from, to, Some(step));
            }
            EdgeKind::Emits { .. } | EdgeKind::Accesses { .. } => {
                let Some(part) = puts(graph, edge) else { continue };
                let parts = written.entry(edge.to).or_default();
                let at = *parts.entry(part).or_insert_with(|| causes.add_node(edge.to));
                causes.add_edge(from, at, Some(step));
            }
            EdgeKind::Trigger { .. } => {
                let Some(trigger) = graph.trigger(edge) else { continue };
                step.is_filtered = !trigger.conditions.is_empty();
                step.is_allowed = trigger.allow_loop.is_some();
                if matches!(trigger.source, TriggerSource::Log { .. }) {
                    causes.add_edge(from, to, Some(Step { is_filtered: true, ..step }));
                    continue;
                }
                let Some(part) = takes(&trigger.source) else { continue };
                let parts = taken.entry(edge.from).or_default();
                let at = *parts.entry(part).or_insert_with(|| causes.add_node(edge.from));
                causes.add_edge(at, to, Some(step));
            }
            // A waiting workflow goes on and begins nothing; what is set aside is judged where it is read again.
            EdgeKind::Resumes | EdgeKind::DeadLetters | EdgeKind::Routes | EdgeKind::NativeGrant { .. } => {}
        }
    }
    for (channel, parts) in &written {
        if let Some(others) = taken.get(channel) {
            join(&mut causes, *channel, parts, others);
        }
    }
    causes
}

fn join(causes: &mut Causes, channel: NodeId, written: &BTreeMap<Part, NodeIndex>, taken: &BTreeMap<Part, NodeIndex>) {
    if written.len().saturating_mul(taken.len()) > PAIRS {
        let all = causes.add_node(channel);
        for from in written.values() {
            causes.add_edge(*from, all, None);
        }
        for to in taken.values() {
            causes.add_edge(all, *to, None);
        }
        return;
    }
    let mut pairs = BTreeSet::new();
    for (put, from) in written {
        pairs.extend(taken.iter().filter(|(take, _)| meet(put, take)).map(|(_, to)| (*from, *to)));
    }
    for (from, to) in pairs {
        causes.add_edge(from, to, None);
    }
}

/// What an edge puts into the channel at its end; `None` where that runs nobody.
fn puts<'g>(graph: &Graph, edge: &'g Edge) -> Option<Part<'g>> {
    let (verb, scope) = match &edge.kind {
        EdgeKind::Emits { bus } => return Some(Part::On(*bus)),
        EdgeKind::Accesses { verb, scope } => (*verb, scope),
        EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::Calls(_)
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates
        | EdgeKind::NativeGrant { .. } => return None,
    };
    let NodeRef::Resource(resource) = graph.node(edge.to).of else { return None };
    match resource {
        AnyResource::Bucket(_) => {
            let change = if verb == Verb::Delete { ObjectChange::Deleted } else { ObjectChange::Created };
            let names = if let Scope::Prefix { prefix, suffix } = scope { (&**prefix, &**suffix) } else { ("", "") };
            Some(Part::Objects(change, names))
        }
        AnyResource::Devices(_) => Some(Part::Topics(if let Scope::Topic(topic) = scope { topic } else { "#" })),
        AnyResource::Table(_) | AnyResource::Queue(_) | AnyResource::Topic(_) | AnyResource::Stream(_) => {
            Some(Part::All)
        }
        // What goes to clients of a socket, into a secret or outside comes back only if somebody else wants that.
        AnyResource::Bus(_)
        | AnyResource::Secret(_)
        | AnyResource::Cache(_)
        | AnyResource::Api(_)
        | AnyResource::Socket(_)
        | AnyResource::Identity(_)
        | AnyResource::Database(_)
        | AnyResource::External(_) => None,
    }
}

/// What a trigger takes out of its channel; `None` where nothing of the application puts anything there.
fn takes(source: &TriggerSource) -> Option<Part<'_>> {
    match source {
        TriggerSource::Event { bus, .. } => Some(Part::On(bus.value)),
        TriggerSource::Object { change, prefix, suffix, .. } => Some(Part::Objects(*change, (prefix, suffix))),
        TriggerSource::Message { topic, .. } => Some(Part::Topics(&topic.value)),
        TriggerSource::Queue { .. }
        | TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. } => Some(Part::All),
        TriggerSource::Http(_)
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => None,
    }
}

/// Whether something can be in both parts.
fn meet(put: &Part, take: &Part) -> bool {
    match (put, take) {
        (Part::All, Part::All) => true,
        (Part::On(a), Part::On(b)) => a == b,
        (Part::Objects(put, names), Part::Objects(take, others)) => put == take && names_meet(*names, *others),
        (Part::Topics(a), Part::Topics(b)) => topics_meet(a, b),
        (Part::All | Part::On(_) | Part::Objects(..) | Part::Topics(_), _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objects<'g>(prefix: &'g str, suffix: &'g str) -> Part<'g> {
        Part::Objects(ObjectChange::Created, (prefix, suffix))
    }

    #[test]
    fn parts_meet_where_one_thing_can_be_in_both() {
        assert!(meet(&objects("", ""), &objects("incoming/", ".png")));
        assert!(meet(&objects("incoming/small/", ""), &objects("incoming/", ".png")));
        assert!(!meet(&objects("thumbs/", ""), &objects("incoming/", "")));
        assert!(!meet(&objects("incoming/", ".jpg"), &objects("incoming/", ".png")));
        let deleted = Part::Objects(ObjectChange::Deleted, ("", ""));
        assert!(!meet(&deleted, &objects("", "")));
    }
}
