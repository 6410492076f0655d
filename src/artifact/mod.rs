//! Reads emitted text back as resources and grants, and compares the grants with those that the graph demands. Shares
//! no code with what emits: a mistake there must not be repeated here.

#[cfg(test)]
mod attachment_tests;
mod conditions;
mod deployed;
mod edited;
mod form;
mod grants;
mod hcl;
mod hcl_cursor;
mod hcl_template;
mod hcl_value;
mod inventory;
mod named;
mod planned;
mod proof;
mod resolved;
mod resource;
#[cfg(test)]
mod tests;
mod tree;
mod yaml;

pub use conditions::{Condition, alternatives};
pub use deployed::{Deployed, Excess, Output, compare as compare_plan};
pub use edited::Edited;
pub use grants::{Found, NativeGrant, read as read_grants};
pub use hcl::Unreadable;
pub use inventory::{Inventory, Item, Plain};
pub use planned::{Drift, Planned, PlannedResource, Unusable};
pub use proof::{Discrepancy, DiscrepancyKind, Expected, prove};
pub(crate) use resource::OVERRIDES;
pub use resource::{File, NotThere, Resource, Resources};
pub use tree::{Node, Piece, Value, path, text_of};
