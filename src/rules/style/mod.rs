//! What is said about the rules themselves: levels and allowances.

pub(super) mod allow_without_reason;
pub(super) mod unknown_rule;
pub(super) mod unused_allow;
