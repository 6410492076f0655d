//! What follows from the graph, computed once.

mod access;
mod amplification;
mod causes;
mod circles;
mod contract;
pub mod delivery;
pub mod execution;
mod facts;
mod judged;
mod native;
mod reach;
mod redelivery;
pub mod schema;
mod scopes;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

pub use access::{Access, Actor, Object, Tuple};
pub use amplification::Amplifier;
pub use circles::Circle;
pub use contract::{Meeting, NamedPath, Whence};
pub use facts::Facts;
pub use judged::{Channel, Judged, Known, PORTABLE};
pub use native::{Exposure, NativeText, Owner, Stated, Statement, speaks_natively};
pub use reach::{Asks, Door, Hop, Radius, Reach, Resume, Ways, counts};
pub use redelivery::{Redelivery, Stay};

/// What facts and targets are made of, for those who may not know the catalogue.
pub use crate::catalog::{Actions, Addressed, DeadLetterOrder, Escalation, Glob, IdentityForm, KnownAction, Limit};
