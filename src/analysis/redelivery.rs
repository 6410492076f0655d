//! For how long a delivery can come again: language.md §5, *Longest redelivery*.

use super::{Facts, Judged};
use crate::base::{Duration, Span};
use crate::graph::{EdgeKind, Runner, TriggerRef};
use crate::model::{AnyResource, Id, Queue, Retry, Trigger, TriggerSource, Verb};

/// The longest time between the first delivery and the last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redelivery {
    /// The sum of the parts.
    pub longest: Duration,
    /// What adds to it: how long, why, and where that was said.
    pub parts: Vec<Stay>,
}

/// A time that a message may spend at one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stay {
    /// How long at most.
    pub time: Duration,
    /// Where, as a clause: `in ledger`.
    pub place: String,
    /// The text that says so.
    pub span: Span,
}

impl Facts {
    /// For how long deliveries of a trigger come again on a target. `None` where nothing comes again, or where
    /// neither the spec nor the target says how long.
    pub fn redelivery(&self, at: TriggerRef, on: &Judged) -> Option<Redelivery> {
        let model = self.model();
        let trigger = at.get(model)?;
        let first = self.source_stay(trigger, on)?;
        let dead_letter = match (&trigger.source, at.runner) {
            (TriggerSource::Queue { from, .. }, _) => {
                model.queues[from.value].dead_letter.as_ref().map(|dead_letter| dead_letter.to.value)
            }
            (_, Runner::Function(id)) => model.functions[id].dead_letter.map(|queue| queue.value),
            (_, Runner::Workflow(id)) => model.workflows[id].dead_letter.map(|queue| queue.value),
        };
        let mut parts = vec![first];
        if let Some(queue) = dead_letter.filter(|queue| self.comes_back(*queue)) {
            let queue = &model.queues[queue];
            let place = format!("in the dead letter `{}`", queue.head.name());
            parts.push(Stay { time: queue.retention.value, place, span: queue.retention.span });
        }
        let longest = parts.iter().fold(Duration::default(), |sum, part| sum.saturating_add(part.time));
        Some(Redelivery { longest, parts })
    }

    /// Whether messages of a dead letter may be moved back: people read it, or a function holds `redrive`.
    fn comes_back(&self, queue: Id<Queue>) -> bool {
        let held = |edge: &crate::graph::Edge| matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Redrive, .. });
        self.model().queues[queue].manual.value || self.graph().uses(AnyResource::Queue(queue)).any(held)
    }

    fn source_stay(&self, trigger: &Trigger, on: &Judged) -> Option<Stay> {
        let model = self.model();
        match &trigger.source {
            TriggerSource::Queue { from, .. } => {
                let queue = &model.queues[from.value];
                let place = format!("in `{}`", queue.head.name());
                Some(Stay { time: queue.retention.value, place, span: queue.retention.span })
            }
            TriggerSource::Stream { from, .. } => {
                let stream = &model.streams[from.value];
                let place = format!("in `{}`", stream.head.name());
                Some(Stay { time: stream.retention.value, place, span: stream.retention.span })
            }
            TriggerSource::Change { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => self.retry_stay(trigger, on),
            TriggerSource::Http(_) | TriggerSource::Socket { .. } => None,
        }
    }

    /// The declared age, else the platform's.
    fn retry_stay(&self, trigger: &Trigger, on: &Judged) -> Option<Stay> {
        let declared = trigger.retry.as_ref().and_then(|Retry { age, .. }| age.as_ref());
        if let Some(age) = declared {
            return Some(Stay { time: age.value, place: "of retries".to_owned(), span: age.span });
        }
        let age = on.retry_age(self.channel(trigger))?;
        let place = format!("of retries by the platform ({})", age.fact);
        Some(Stay { time: age.value, place, span: trigger.span })
    }
}

#[cfg(test)]
#[allow(clippy::expect_used, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::analysis::Access;
    use crate::graph::sample::{Sample, from_queue};
    use std::sync::Arc;

    fn redelivery(manual: bool, redrive: bool) -> Redelivery {
        let mut s = Sample::default();
        let failed = s.queue("failed");
        let ledger = s.queue("ledger");
        s.dead_letter(ledger, failed);
        s.queues[failed.index()].manual.value = manual;
        s.queues[failed.index()].retention.value = Duration::from_secs(14 * 86_400);
        let settle = s.function("settle");
        s.on(settle, from_queue(ledger));
        if redrive {
            s.uses(settle, AnyResource::Queue(failed), Verb::Redrive, crate::model::Scope::Whole);
        }
        let (graph, _) = s.build();
        let access = Access::derive(&graph);
        let facts = Facts::new(Arc::new(graph), Arc::new(access), Vec::new());
        let at = TriggerRef { runner: Runner::Function(settle), index: 0 };
        facts.redelivery(at, &facts.judged()[0]).expect("queues are redelivered")
    }

    #[test]
    fn a_dead_letter_counts_when_its_messages_can_come_back() {
        let days = |n: u64| Duration::from_secs(n * 86_400);
        assert_eq!(redelivery(false, false).longest, days(4));
        assert_eq!(redelivery(true, false).longest, days(18));
        assert_eq!(redelivery(false, true).longest, days(18));
        assert_eq!(redelivery(true, true).parts.len(), 2);
    }
}
