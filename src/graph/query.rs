//! What rules and plan ask. Everything comes in the order of node numbers and of the spec, so that output never
//! depends on a hash.

use petgraph::Direction;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{EdgeIndex, NodeIndex};
use petgraph::visit::{EdgeFiltered, EdgeRef as _};

use super::node::{address, trigger_title};
use super::{Edge, EdgeId, EdgeKind, Graph, NativeObject, Node, NodeId, NodeRef, Runner, TriggerRef};
use crate::base::NodePath;
use crate::model::{AnyResource, NodeKind, Queue, Trigger};

impl Graph {
    /// All nodes in order.
    pub fn nodes(&self) -> impl ExactSizeIterator<Item = (NodeId, &Node)> {
        self.inner.raw_nodes().iter().enumerate().map(|(i, node)| (node_id(NodeIndex::new(i)), &node.weight))
    }

    /// All edges in the order in which the builder found them.
    pub fn edges(&self) -> impl Iterator<Item = (EdgeId, &Edge)> {
        self.inner.edge_references().rev().map(|e| (edge_id(e.id()), e.weight()))
    }

    /// A node. Node numbers are made by the builder of this graph alone.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.inner[NodeIndex::new(id.index())]
    }

    /// An edge. Edge numbers are made by the builder of this graph alone.
    pub fn edge(&self, id: EdgeId) -> &Edge {
        &self.inner[EdgeIndex::new(id.0 as usize)]
    }

    /// How many edges.
    pub fn edge_count(&self) -> usize {
        self.inner.edge_count()
    }

    /// The node that stands for something; `None` only where it is of another model.
    pub fn id(&self, of: impl Into<NodeRef>) -> Option<NodeId> {
        self.by_ref.get(&of.into()).copied()
    }

    /// The node with a path.
    pub fn find(&self, path: &NodePath) -> Option<NodeId> {
        self.by_path.get(path).copied()
    }

    /// The node that a user names: `functions.settle`, `settle` where only one node is called so, or the address
    /// of a route or schedule.
    pub fn find_text(&self, text: &str) -> Option<NodeId> {
        let exact = self.nodes().find(|(id, _)| self.address(*id) == text).map(|(id, _)| id);
        exact.or_else(|| {
            let mut named = self.nodes().filter(|(_, n)| n.of.head(&self.model).is_some_and(|h| h.name() == text));
            let (first, _) = named.next()?;
            named.next().is_none().then_some(first)
        })
    }

    /// The path of a node in output: `functions.settle`, `functions.report.on.schedule`.
    pub fn address(&self, id: NodeId) -> String {
        address(self.node(id).of, &self.model, &self.natives)
    }

    /// The address of a trigger, whether it is a node or an edge: `functions.settle.on.queue`.
    pub fn trigger_address(&self, at: TriggerRef) -> String {
        address(NodeRef::Schedule(at), &self.model, &self.natives)
    }

    /// All triggers of functions and workflows.
    pub fn all_triggers(&self) -> impl Iterator<Item = TriggerRef> {
        let functions = self.model.functions.iter().map(|(id, f)| (Runner::Function(id), f.triggers.len()));
        let workflows = self.model.workflows.iter().map(|(id, w)| (Runner::Workflow(id), w.triggers.len()));
        let each = |(runner, count)| (0..count).map(move |index| TriggerRef { runner, index });
        functions.chain(workflows).flat_map(each)
    }

    /// A short name for pictures: the last part of the path, the route, the time.
    pub fn title(&self, id: NodeId) -> String {
        let of = self.node(id).of;
        match of {
            NodeRef::Route(at) | NodeRef::Schedule(at) => at.get(&self.model).map(trigger_title).unwrap_or_default(),
            NodeRef::Native(_) => self.native(of).map(|n| n.what.to_string()).unwrap_or_default(),
            NodeRef::Event(_) | NodeRef::Resource(_) | NodeRef::Function(_) | NodeRef::Workflow(_) => {
                of.head(&self.model).map(|h| h.name().to_owned()).unwrap_or_default()
            }
        }
    }

    /// The kind of a node.
    pub fn kind(&self, id: NodeId) -> NodeKind {
        self.node(id).of.kind()
    }

    /// What native grants name and the spec does not declare.
    pub fn natives(&self) -> &[NativeObject] {
        &self.natives
    }

    fn native(&self, of: NodeRef) -> Option<&NativeObject> {
        match of {
            NodeRef::Native(number) => self.natives.get(number as usize),
            NodeRef::Event(_)
            | NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_) => None,
        }
    }

    /// Edges that start at a node.
    pub fn outgoing(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.directed(id, Direction::Outgoing)
    }

    /// Edges that lead to a node.
    pub fn incoming(&self, id: NodeId) -> impl Iterator<Item = &Edge> {
        self.directed(id, Direction::Incoming)
    }

    /// Edges that start at a node, with their numbers.
    pub fn outgoing_ids(&self, id: NodeId) -> impl Iterator<Item = (EdgeId, &Edge)> {
        self.inner
            .edges_directed(NodeIndex::new(id.index()), Direction::Outgoing)
            .map(|e| (edge_id(e.id()), e.weight()))
    }

    /// Edges that lead to a node, with their numbers.
    pub fn incoming_ids(&self, id: NodeId) -> impl Iterator<Item = (EdgeId, &Edge)> {
        self.inner
            .edges_directed(NodeIndex::new(id.index()), Direction::Incoming)
            .map(|e| (edge_id(e.id()), e.weight()))
    }

    fn directed(&self, id: NodeId, direction: Direction) -> impl Iterator<Item = &Edge> {
        self.inner.edges_directed(NodeIndex::new(id.index()), direction).map(|e| e.weight())
    }

    /// Who takes from a channel (event, queue, topic, stream, bucket, table with changes, …): its trigger edges.
    pub fn consumers(&self, of: impl Into<NodeRef>) -> impl Iterator<Item = &Edge> {
        let edges = self.id(of).into_iter().flat_map(|id| self.outgoing(id));
        edges.filter(|e| matches!(e.kind, EdgeKind::Trigger { .. } | EdgeKind::Resumes))
    }

    /// Who puts into a channel: edges that emit, write, send, publish or set aside.
    pub fn producers(&self, of: impl Into<NodeRef>) -> impl Iterator<Item = &Edge> {
        let edges = self.id(of).into_iter().flat_map(|id| self.incoming(id));
        edges.filter(|e| match &e.kind {
            EdgeKind::Emits { .. } | EdgeKind::DeadLetters => true,
            EdgeKind::Accesses { .. } => e.kind.carries(),
            EdgeKind::Trigger { .. }
            | EdgeKind::Resumes
            | EdgeKind::Routes
            | EdgeKind::Calls(_)
            | EdgeKind::Compensates
            | EdgeKind::NativeGrant { .. } => false,
        })
    }

    /// Who uses a resource and how, derived uses included; grants of native resources too.
    pub fn uses(&self, of: AnyResource) -> impl Iterator<Item = &Edge> {
        let edges = self.id(of).into_iter().flat_map(|id| self.incoming(id));
        edges.filter(|e| matches!(e.kind, EdgeKind::Accesses { .. } | EdgeKind::NativeGrant { .. }))
    }

    /// What runs a function or starts a workflow: each trigger edge with its trigger.
    pub fn triggers(&self, of: Runner) -> impl Iterator<Item = (&Edge, &Trigger)> {
        let edges = self.id(of).into_iter().flat_map(|id| self.incoming(id));
        edges.filter_map(move |edge| self.trigger(edge).map(|trigger| (edge, trigger)))
    }

    /// The trigger of a trigger edge; `None` for edges of other kinds.
    pub fn trigger(&self, edge: &Edge) -> Option<&Trigger> {
        self.trigger_ref(edge).and_then(|at| at.get(&self.model))
    }

    /// Which trigger made a trigger edge.
    pub fn trigger_ref(&self, edge: &Edge) -> Option<TriggerRef> {
        match edge.kind {
            EdgeKind::Trigger { index } => self.runner(edge.to).map(|runner| TriggerRef { runner, index }),
            EdgeKind::Resumes
            | EdgeKind::Emits { .. }
            | EdgeKind::Routes
            | EdgeKind::Accesses { .. }
            | EdgeKind::Calls(_)
            | EdgeKind::DeadLetters
            | EdgeKind::Compensates
            | EdgeKind::NativeGrant { .. } => None,
        }
    }

    /// The function or workflow that a node is.
    pub fn runner(&self, id: NodeId) -> Option<Runner> {
        match self.node(id).of {
            NodeRef::Function(id) => Some(Runner::Function(id)),
            NodeRef::Workflow(id) => Some(Runner::Workflow(id)),
            NodeRef::Event(_)
            | NodeRef::Resource(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => None,
        }
    }

    /// The edge to the dead letter of a queue, function or workflow.
    pub fn dead_letter(&self, of: impl Into<NodeRef>) -> Option<&Edge> {
        self.id(of).and_then(|id| self.outgoing(id).find(|e| e.kind == EdgeKind::DeadLetters))
    }

    /// The edges by which a queue is the dead letter of others.
    pub fn dead_letter_of(&self, of: crate::model::Id<Queue>) -> impl Iterator<Item = &Edge> {
        let edges = self.id(AnyResource::Queue(of)).into_iter().flat_map(|id| self.incoming(id));
        edges.filter(|e| e.kind == EdgeKind::DeadLetters)
    }

    /// Strongly connected components over the edges that `keep` holds for, in linear time: those of two nodes and
    /// more, and single nodes with an edge to themselves. Nodes and components ascend.
    pub fn cycles(&self, keep: impl Fn(&Edge) -> bool) -> Vec<Vec<NodeId>> {
        // Kosaraju's algorithm keeps its own stack: a chain of any length cannot overflow ours.
        let kept = EdgeFiltered::from_fn(&self.inner, |e| keep(e.weight()));
        let mut components: Vec<Vec<NodeId>> = kosaraju_scc(&kept)
            .into_iter()
            .map(|component| {
                let mut ids: Vec<NodeId> = component.into_iter().map(node_id).collect();
                ids.sort_unstable();
                ids
            })
            .filter(|ids| match ids.as_slice() {
                [] => false,
                [one] => self.outgoing(*one).any(|e| e.to == *one && keep(e)),
                [_, _, ..] => true,
            })
            .collect();
        components.sort_unstable();
        components
    }

    /// All nodes in groups that reach each other over the edges that `keep` holds for; no edge leads from a group to one
    /// before it. In linear time.
    pub fn groups(&self, keep: impl Fn(&Edge) -> bool) -> Vec<Vec<NodeId>> {
        let kept = EdgeFiltered::from_fn(&self.inner, |e| keep(e.weight()));
        let mut groups: Vec<Vec<NodeId>> =
            kosaraju_scc(&kept).into_iter().map(|group| group.into_iter().map(node_id).collect()).collect();
        // The algorithm gives them backwards.
        groups.reverse();
        groups
    }

    /// The nodes that can be reached from `starts` over the edges that `keep` holds for, the starts included:
    /// one flag a node, by its number.
    pub fn reachable(&self, starts: impl IntoIterator<Item = NodeId>, keep: impl Fn(&Edge) -> bool) -> Vec<bool> {
        let mut seen = vec![false; self.inner.node_count()];
        let mut open: Vec<NodeId> = starts.into_iter().collect();
        while let Some(id) = open.pop() {
            match seen.get_mut(id.index()) {
                Some(flag) if !*flag => *flag = true,
                Some(_) | None => continue,
            }
            open.extend(self.outgoing(id).filter(|e| keep(e)).map(|e| e.to));
        }
        seen
    }
}

fn node_id(index: NodeIndex) -> NodeId {
    NodeId(u32::try_from(index.index()).unwrap_or(u32::MAX))
}

fn edge_id(index: EdgeIndex) -> EdgeId {
    EdgeId(u32::try_from(index.index()).unwrap_or(u32::MAX))
}
