//! Two states of an application → what differs, at four levels: the resources of the emitted artifacts, the access
//! relation, the promises of deliveries, and the contracts that others rely on. Each level is a list of [`Change`]s with a
//! [`Class`], so that reports and gates know one shape. Order, comments and file names make no difference anywhere.

mod change;
mod class;
pub mod deployment;
mod side;

pub use change::{Change, Detail, Place, Which};
pub use class::{Class, Level};
pub use side::{Side, Spec};
