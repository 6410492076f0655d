//! The model as one typed graph: who triggers, emits, routes, uses, calls and sets aside what, every node and edge
//! with the text that made it. Built in one pass over the model; petgraph stays inside. It says what is
//! written; what follows from it (guarantees, permissions, reachability) is `analysis`.

mod build;
mod edge;
mod node;
mod query;
pub mod render;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
pub(crate) mod sample;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

pub use crate::model::resource_head;
pub use edge::{Edge, EdgeId, EdgeKind, writes};
pub use node::{NativeObject, Node, NodeId, NodeRef, Runner, TriggerRef};

use std::collections::HashMap;
use std::sync::Arc;

use petgraph::graph::DiGraph;

use crate::base::NodePath;
use crate::model::Model;

/// Nodes and edges of one application.
#[derive(Debug, Clone)]
pub struct Graph {
    model: Arc<Model>,
    /// petgraph lists the edges of a node newest first. They are added last to first, so that queries give them in
    /// the order in which the builder found them.
    inner: DiGraph<Node, Edge>,
    by_ref: HashMap<NodeRef, NodeId>,
    by_path: HashMap<NodePath, NodeId>,
    natives: Vec<NativeObject>,
}

impl Graph {
    /// Builds the graph in time linear in the size of the model.
    pub fn build(model: Arc<Model>) -> Self {
        build::build(model)
    }

    /// The model it was built from.
    pub fn model(&self) -> &Model {
        &self.model
    }

    /// The model, shared.
    pub fn shared_model(&self) -> Arc<Model> {
        Arc::clone(&self.model)
    }
}
