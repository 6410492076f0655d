//! Edges: what one node does to another, and the text that says so.

use crate::base::Span;
use crate::model::{Bus, CallMode, Id, Scope, Verb};

use super::NodeId;

/// The number of an edge in its [`Graph`](super::Graph).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeId(pub(super) u32);

impl EdgeId {
    /// The number, for tables beside the graph.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// What an edge means. The direction is that of the data or of the call.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum EdgeKind {
    /// A source runs a function or starts a workflow. From the event (one edge a type), resource, route, schedule
    /// or, for `log`, function; `index` is the place of the trigger in `on` of the node it leads to.
    Trigger {
        /// Place in `on`, from 0.
        index: usize,
    },
    /// A waiting workflow goes on when the event comes (`listen`). From event to workflow.
    Resumes,
    /// A function or workflow sends an event. From the sender to the event.
    Emits {
        /// The bus it goes to.
        bus: Id<Bus>,
    },
    /// An API offers a route, or a bus carries an event. From the API or bus.
    Routes,
    /// A function uses a resource. Written in `uses`, or derived: [`Verb::Remember`] on the idempotency store,
    /// [`Verb::Get`] and [`Verb::Put`] with [`Scope::Own`] on the store of an entity.
    Accesses {
        /// What it does.
        verb: Verb,
        /// To which part.
        scope: Scope,
    },
    /// A function or workflow calls a function or starts a workflow.
    Calls(CallMode),
    /// What fails is set aside. From queue, function or workflow to the queue.
    DeadLetters,
    /// A workflow undoes a task by a function. From workflow to function.
    Compensates,
    /// A grant that the spec states for a native resource. From function to the resource, where `what` names a
    /// node, else to the native object.
    NativeGrant {
        /// Place in `native.<target>.grants`, from 0.
        index: usize,
        /// Place of the target in `native:`, sorted by name.
        target: usize,
    },
}

impl EdgeKind {
    /// The word that output uses for it.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Trigger { .. } => "triggers",
            Self::Resumes => "resumes",
            Self::Emits { .. } => "emits",
            Self::Routes => "routes",
            Self::Accesses { .. } => "accesses",
            Self::Calls(_) => "calls",
            Self::DeadLetters => "dead-letters",
            Self::Compensates => "compensates",
            Self::NativeGrant { .. } => "native-grant",
        }
    }

    /// Whether something that happens at the start of the edge can cause something at its end: reading does not,
    /// nor does a bus that merely carries an event. Loops and reachability follow these edges.
    pub const fn carries(&self) -> bool {
        match self {
            Self::Trigger { .. }
            | Self::Resumes
            | Self::Emits { .. }
            | Self::Calls(_)
            | Self::DeadLetters
            | Self::Compensates => true,
            Self::Routes | Self::NativeGrant { .. } => false,
            Self::Accesses { verb, .. } => writes(*verb),
        }
    }
}

/// Whether a verb changes what others see or reaches out.
pub const fn writes(verb: Verb) -> bool {
    match verb {
        Verb::Put
        | Verb::Update
        | Verb::Delete
        | Verb::BatchWrite
        | Verb::Send
        | Verb::Redrive
        | Verb::Publish
        | Verb::Rotate
        | Verb::Connect
        | Verb::Invoke
        | Verb::Start
        | Verb::Emit
        | Verb::SetAside => true,
        Verb::Get
        | Verb::Query
        | Verb::Scan
        | Verb::BatchGet
        | Verb::Check
        | Verb::List
        | Verb::Read
        | Verb::Receive
        | Verb::Remember
        | Verb::Log
        | Verb::Trace
        | Verb::Join => false,
    }
}

/// An edge with its ends.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Edge {
    /// Where it starts.
    pub from: NodeId,
    /// Where it leads.
    pub to: NodeId,
    /// What it means.
    pub kind: EdgeKind,
    /// The smallest text that made it.
    pub span: Span,
}
