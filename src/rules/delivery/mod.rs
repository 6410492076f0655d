//! Something is lost, late or out of order.

pub(super) mod competing_consumers;
pub(super) mod large_batch;
pub(super) mod missing_dead_letter;
pub(super) mod oversized_event;
pub(super) mod queue_without_consumer;
pub(super) mod shrinking_size;
