//! A failure spreads.

pub(super) mod timeout_beyond_api;
pub(super) mod visibility_below_timeout;
