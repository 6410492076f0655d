//! Something is lost, late or out of order.

pub(super) mod missing_dead_letter;
pub(super) mod queue_without_consumer;
