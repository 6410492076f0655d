//! It does not work.

pub(super) mod event_loop;
pub(super) mod express_wait;
pub(super) mod filtered_loop;
pub(super) mod incompatible_event;
pub(super) mod missing_compensation;
pub(super) mod narrow_cors;
pub(super) mod optional_path;
pub(super) mod unknown_compatibility;
pub(super) mod unknown_path;
pub(super) mod workflow_history;
