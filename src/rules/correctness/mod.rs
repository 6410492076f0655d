//! It does not work.

pub(super) mod event_loop;
pub(super) mod express_wait;
pub(super) mod filtered_loop;
pub(super) mod missing_compensation;
pub(super) mod workflow_history;
