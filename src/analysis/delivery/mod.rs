//! Delivery semantics: what may happen to an occurrence on its way through the graph, on one target.
//!
//! Every edge along which something is delivered has a [`Delivery`]: a point of the lattice
//!
//! ```text
//!   duplicates    never ─────────────────────▶ possible
//!   order         total ──▶ per key ─────────▶ none
//!   attempts      1 ──▶ 2 ──▶ … ─────────────▶ no end
//!   age           0 ──▶ 1 s ──▶ … ───────────▶ no end        of a repetition: own, and brought along
//!   load          1 ──▶ 2 ──▶ … ─────────────▶ no end        runs that one occurrence can cause here
//!   batch, size   as the channel and the contract say
//!                 strong                        weak
//! ```
//!
//! in which the join of two is the weaker of each component, and every step along the graph goes to the right or
//! stays, but for two cuts: a function that declares how it bears repetition passes no repetition on, and a channel that
//! keeps an order begins a new one. The sources are the guarantees of the target's manifest, each with its fact; where a
//! target says nothing, or none is judged, a channel repeats and orders nothing unless the resource says so.
//!
//! `solve` finds the least fixpoint. Repetition and order are finite, so that they settle; ages and loads would
//! grow for ever in a circle of functions that pass repetitions on, so that all of such a circle has no end from the
//! start. The answer depends on neither the order of declarations nor that of the work.

mod label;
mod solve;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod trace;
mod transfer;

use crate::base::{ByteSize, Duration};
use crate::catalog::{Duplicates, Order};
use crate::graph::{Edge, EdgeId, EdgeKind};
use crate::model::Verb;

pub use label::{bound_text, duplicates_name, order_name};
pub(super) use solve::solve;
pub use trace::Hop;

/// A number that may have no end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bound<T> {
    /// At most this.
    AtMost(T),
    /// No end is known.
    NoEnd,
}

impl<T: Copy> Bound<T> {
    /// The number, where there is one.
    pub const fn finite(self) -> Option<T> {
        match self {
            Self::AtMost(value) => Some(value),
            Self::NoEnd => None,
        }
    }

    /// Two of them put together; without end where one has none.
    fn with(self, other: Self, put: impl FnOnce(T, T) -> T) -> Self {
        match (self, other) {
            (Self::AtMost(a), Self::AtMost(b)) => Self::AtMost(put(a, b)),
            (Self::NoEnd, _) | (_, Self::NoEnd) => Self::NoEnd,
        }
    }
}

/// Why something may come twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Repeats {
    /// The channel of this edge delivers at least once.
    Channel,
    /// What is delivered was repeated before: on this edge, into where this one starts.
    Upstream(EdgeId),
}

/// What is promised of everything that passes along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Delivery {
    /// Whether one occurrence may come twice, and why; `None` where it comes once.
    pub repeats: Option<Repeats>,
    /// How what comes is ordered, when it arrives.
    pub order: Order,
    /// Where an order that there was before was lost: on this edge, or on an earlier one since when there is none.
    pub lost_order: Option<EdgeId>,
    /// How often it is tried to hand over one delivery, the first included.
    pub attempts: Bound<u32>,
    /// The longest time between the first and the last delivery of one occurrence, as far as this edge is the reason:
    /// retention, retries, redrive.
    pub age: Bound<Duration>,
    /// The same for what was repeated before it came here.
    pub inherited: Bound<Duration>,
    /// Most runs of what the edge leads to that one occurrence at the beginning can cause.
    pub load: Bound<u64>,
    /// Most occurrences that are handed over at a time.
    pub batch: u32,
    /// Largest data of one occurrence; `None` where no contract says it.
    pub size: Option<ByteSize>,
}

impl Delivery {
    /// Whether one occurrence may come twice.
    pub const fn duplicates(&self) -> Duplicates {
        if self.repeats.is_some() { Duplicates::Possible } else { Duplicates::Never }
    }

    /// Whether what comes keeps an order, of each key or of all.
    pub fn is_ordered(&self) -> bool {
        self.order > Order::None
    }

    /// The longest time between the first and the last delivery of one occurrence, whatever the reason.
    pub fn longest(&self) -> Bound<Duration> {
        self.age.with(self.inherited, Duration::saturating_add)
    }

    /// Whether it promises everything that another does.
    pub fn promises(&self, other: &Self) -> bool {
        self.duplicates() <= other.duplicates()
            && self.order >= other.order
            && self.attempts <= other.attempts
            && self.age <= other.age
            && self.inherited <= other.inherited
            && self.load <= other.load
    }
}

/// The deliveries of all edges of a graph on one target.
#[derive(Debug, Clone, PartialEq)]
pub struct Deliveries {
    /// By number of the edge; `None` for edges along which nothing is delivered.
    by_edge: Vec<Option<Delivery>>,
}

impl Deliveries {
    /// Of an edge; `None` where nothing is delivered along it: reading, and a bus that carries an event.
    pub fn of(&self, edge: EdgeId) -> Option<&Delivery> {
        self.by_edge.get(edge.index()).and_then(Option::as_ref)
    }
}

/// Whether something that was caused at the start of an edge arrives at its end. Moving messages back out of a dead
/// letter puts nothing into it.
pub(super) fn is_delivery(edge: &Edge) -> bool {
    edge.kind.carries() && !matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Redrive, .. })
}
