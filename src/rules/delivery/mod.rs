//! Something is lost, late or out of order.

use crate::base::{Pointer, Span, Spanned};
use crate::model::{AnyResource, Event, Function, Id, Model, Ordered, State};

pub(super) mod competing_consumers;
pub(super) mod dead_letter_breaks_order;
pub(super) mod dead_letter_loop;
pub(super) mod endless_stream_retry;
pub(super) mod large_batch;
pub(super) mod lost_order;
pub(super) mod mismatched_dead_letter;
pub(super) mod missing_dead_letter;
pub(super) mod order_given_up;
pub(super) mod order_key_mismatch;
pub(super) mod oversized_event;
pub(super) mod parallel_breaks_order;
pub(super) mod queue_without_consumer;
pub(super) mod queue_without_producer;
pub(super) mod retention_below_outage;
pub(super) mod retry_reorders;
pub(super) mod short_dead_letter_retention;
pub(super) mod shrinking_size;
pub(super) mod topic_without_subscriber;
pub(super) mod unemitted_event;
pub(super) mod unhandled_event;

/// Where a function says that it needs order, and how: by `needs: order`, or by state that is kept per key.
fn needs_order(function: &Function) -> Option<(Span, &'static str)> {
    let said = function.needs_order.map(|span| (span, "order is needed here"));
    let kept = match &function.state {
        State::Entity { key, .. } => Some((key.span, "the state of a key changes in the order of what comes")),
        State::None | State::Durable(_) => None,
    };
    said.or(kept)
}

/// The key by which a channel keeps order, with the event that has it; `None` where it keeps none.
fn ordering_key(model: &Model, channel: AnyResource) -> Option<(Id<Event>, &Spanned<Pointer>)> {
    let carries = match channel {
        AnyResource::Queue(id) => model.queues[id].carries.filter(|_| model.queues[id].ordered.value != Ordered::No),
        AnyResource::Topic(id) => model.topics[id].carries.filter(|_| model.topics[id].ordered.value != Ordered::No),
        AnyResource::Stream(id) => model.streams[id].carries,
        AnyResource::Table(_)
        | AnyResource::Bucket(_)
        | AnyResource::Bus(_)
        | AnyResource::Secret(_)
        | AnyResource::Cache(_)
        | AnyResource::Api(_)
        | AnyResource::Socket(_)
        | AnyResource::Identity(_)
        | AnyResource::Devices(_)
        | AnyResource::Database(_)
        | AnyResource::External(_) => None,
    };
    let event = carries?.value;
    model.events[event].key.as_ref().map(|key| (event, key))
}
