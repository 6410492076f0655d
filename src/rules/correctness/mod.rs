//! It does not work.

pub(super) mod incompatible_event;
pub(super) mod optional_path;
pub(super) mod unknown_compatibility;
pub(super) mod unknown_path;
