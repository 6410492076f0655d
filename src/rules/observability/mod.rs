//! Nobody sees it.

pub(super) mod missing_alarm;
pub(super) mod missing_trace;
