//! What follows from the graph, computed once.

mod access;
mod facts;
mod judged;
mod reach;
mod redelivery;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

pub use access::{Access, Actor, Object, Tuple};
pub use facts::Facts;
pub use judged::{Channel, Judged, Known, PORTABLE};
pub use reach::{Asks, Door, Hop, Radius, Reach, Resume, Ways, counts};
pub use redelivery::{Redelivery, Stay};

/// The closed set of limits, for those who may not know the catalogue.
pub use crate::catalog::Limit;
