//! Something done twice has two effects.

pub(super) mod brief_deduplication;
pub(super) mod broad_idempotency_key;
pub(super) mod distant_idempotency_store;
pub(super) mod missing_idempotency;
pub(super) mod missing_key_in_call;
pub(super) mod natural_without_reason;
pub(super) mod publisher_duplicates;
pub(super) mod short_idempotency_window;
pub(super) mod unfit_idempotency_store;
pub(super) mod unsafe_compensation;
pub(super) mod unsafe_retry;
