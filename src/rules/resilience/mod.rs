//! A failure spreads.

pub(super) mod batch_without_partial_failures;
pub(super) mod chain_beyond_caller;
pub(super) mod chatty_chain;
pub(super) mod cold_start;
pub(super) mod deadline_below_timeout;
pub(super) mod express_overrun;
pub(super) mod large_package;
pub(super) mod overlapping_schedule;
pub(super) mod retry_storm;
pub(super) mod throttled_consumer;
pub(super) mod tight_visibility;
pub(super) mod timeout_beyond_api;
pub(super) mod visibility_below_timeout;
