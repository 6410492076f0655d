//! For how long a delivery can come again: language.md §5, *Longest redelivery*.

use super::access::sets_aside;
use super::{Channel, Facts, Judged};
use crate::base::{Duration, Span};
use crate::graph::{Edge, EdgeKind, Runner, TriggerRef};
use crate::model::{AnyResource, CallMode, Id, Queue, Retry, Task, TaskKind, Trigger, TriggerSource, Verb};

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

impl Redelivery {
    /// The stay at the source, and that in a dead letter.
    fn of(first: Stay, aside: Option<Stay>) -> Self {
        let parts: Vec<Stay> = std::iter::once(first).chain(aside).collect();
        let longest = parts.iter().fold(Duration::default(), |sum, part| sum.saturating_add(part.time));
        Self { longest, parts }
    }
}

impl Facts {
    /// For how long deliveries of a trigger come again on a target. `None` where nothing comes again, or where
    /// neither the spec nor the target says how long.
    pub fn redelivery(&self, at: TriggerRef, on: &Judged) -> Option<Redelivery> {
        let trigger = at.get(self.model())?;
        let first = self.source_stay(at, trigger, on)?;
        Some(Redelivery::of(first, self.stay_aside(self.dead_letter_behind(at))))
    }

    /// Where what fails on its way along an edge is set aside.
    pub fn dead_letter_along(&self, edge: &Edge) -> Option<Id<Queue>> {
        match edge.kind {
            EdgeKind::Trigger { .. } => self.dead_letter_behind(self.graph().trigger_ref(edge)?),
            EdgeKind::Calls(CallMode::Async) => self.dead_letter(self.graph().runner(edge.to)?),
            EdgeKind::Calls(CallMode::Sync)
            | EdgeKind::Compensates
            | EdgeKind::Resumes
            | EdgeKind::Emits { .. }
            | EdgeKind::Routes
            | EdgeKind::Accesses { .. }
            | EdgeKind::DeadLetters
            | EdgeKind::NativeGrant { .. } => None,
        }
    }

    /// A queue has its own; whoever waits for an answer sees the failure.
    fn dead_letter_behind(&self, at: TriggerRef) -> Option<Id<Queue>> {
        let trigger = at.get(self.model())?;
        if let TriggerSource::Queue { from, .. } = &trigger.source {
            return self.model().queues[from.value].dead_letter.as_ref().map(|dead_letter| dead_letter.to.value);
        }
        self.dead_letter(at.runner).filter(|_| sets_aside(trigger.kind()))
    }

    /// The same for what passes along an edge: deliveries of a trigger, and calls.
    pub fn redelivery_along(&self, edge: &Edge, on: &Judged) -> Option<Redelivery> {
        match edge.kind {
            EdgeKind::Trigger { .. } => self.redelivery(self.graph().trigger_ref(edge)?, on),
            EdgeKind::Calls(CallMode::Async) => {
                let first = platform_stay(Channel::CallAsync, edge.span, on)?;
                let dead_letter = self.graph().runner(edge.to).and_then(|runner| self.dead_letter(runner));
                Some(Redelivery::of(first, self.stay_aside(dead_letter)))
            }
            // Whoever waits for a task tries it again, for as long as its delays and runs take.
            EdgeKind::Calls(CallMode::Sync) | EdgeKind::Compensates => {
                let retry = self.task_retry(edge)?;
                let runs = self.graph().runner(edge.to).map_or(Duration::ZERO, |runner| self.timeout(runner));
                let first = age_of(retry).or_else(|| tries(retry, runs, edge.span))?;
                Some(Redelivery::of(first, None))
            }
            EdgeKind::Resumes
            | EdgeKind::Emits { .. }
            | EdgeKind::Routes
            | EdgeKind::Accesses { .. }
            | EdgeKind::DeadLetters
            | EdgeKind::NativeGrant { .. } => None,
        }
    }

    /// For how long the source of a trigger keeps what nobody takes, as far as the spec or the target says it.
    pub fn kept(&self, at: TriggerRef, on: &Judged) -> Option<Stay> {
        self.source_stay(at, at.get(self.model())?, on)
    }

    /// How a workflow tries the task again that an edge was made of.
    pub(super) fn task_retry(&self, edge: &Edge) -> Option<&Retry> {
        match self.graph().runner(edge.from)? {
            Runner::Workflow(id) => task_at(&self.model().workflows[id].tasks, edge)?.retry.as_ref(),
            Runner::Function(_) => None,
        }
    }

    fn dead_letter(&self, of: Runner) -> Option<Id<Queue>> {
        let dead_letter = match of {
            Runner::Function(id) => self.model().functions[id].dead_letter,
            Runner::Workflow(id) => self.model().workflows[id].dead_letter,
        };
        dead_letter.map(|queue| queue.value)
    }

    /// How long one run takes at most. A workflow is started, and that is all that is tried again.
    fn timeout(&self, of: Runner) -> Duration {
        match of {
            Runner::Function(id) => self.model().functions[id].timeout.value,
            Runner::Workflow(_) => Duration::ZERO,
        }
    }

    /// The stay in a dead letter from which messages may come back.
    fn stay_aside(&self, dead_letter: Option<Id<Queue>>) -> Option<Stay> {
        let queue = &self.model().queues[dead_letter.filter(|queue| self.comes_back(*queue))?];
        let place = format!("in the dead letter `{}`", queue.head.name());
        Some(Stay { time: queue.retention.value, place, span: queue.retention.span })
    }

    /// Whether messages of a dead letter may be moved back: people read it, or a function holds `redrive`.
    fn comes_back(&self, queue: Id<Queue>) -> bool {
        let held = |edge: &crate::graph::Edge| matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Redrive, .. });
        self.model().queues[queue].manual.value || self.graph().uses(AnyResource::Queue(queue)).any(held)
    }

    fn source_stay(&self, at: TriggerRef, trigger: &Trigger, on: &Judged) -> Option<Stay> {
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
            | TriggerSource::Rotation { .. } => self.retry_stay(at, trigger, on),
            TriggerSource::Http(_) | TriggerSource::Socket { .. } => None,
        }
    }

    /// The declared age, else the platform's, else the time that the declared tries take.
    fn retry_stay(&self, at: TriggerRef, trigger: &Trigger, on: &Judged) -> Option<Stay> {
        let retry = trigger.retry.as_ref();
        retry
            .and_then(age_of)
            .or_else(|| platform_stay(self.channel(trigger), trigger.span, on))
            .or_else(|| tries(retry?, self.timeout(at.runner), trigger.span))
    }
}

fn platform_stay(channel: Channel, span: Span, on: &Judged) -> Option<Stay> {
    let age = on.retry_age(channel)?;
    Some(Stay { time: age.value, place: format!("of retries by the platform ({})", age.fact), span })
}

fn age_of(retry: &Retry) -> Option<Stay> {
    let age = retry.age.as_ref()?;
    Some(Stay { time: age.value, place: "of retries".to_owned(), span: age.span })
}

/// The time from the first try to the last, where the delay between them is written.
fn tries(retry: &Retry, runs: Duration, span: Span) -> Option<Stay> {
    let delay = retry.delay?.value;
    let gaps = u64::from(retry.attempts.value).saturating_sub(1);
    let delays = if retry.backoff.value {
        // Each delay is twice the one before, and the sum 1 + 2 + 4 + … of the first. Platforms stop the growth at some
        // length, so that of many tries nothing is known.
        1u64.checked_shl(u32::try_from(gaps).ok()?).filter(|_| gaps <= 10)?.saturating_sub(1)
    } else {
        gaps
    };
    let time = delay.saturating_mul(delays).saturating_add(runs.saturating_mul(gaps));
    Some(Stay { time, place: format!("of {} tries", retry.attempts.value), span })
}

/// The task of a workflow that an edge was made of. Nesting is capped by the parser, so the recursion is too.
fn task_at<'m>(tasks: &'m [Task], edge: &Edge) -> Option<&'m Task> {
    tasks.iter().find_map(|task| {
        let inner = match &task.kind {
            TaskKind::Call { function, .. } if function.span == edge.span => Some(task),
            TaskKind::For { tasks, .. } => task_at(tasks, edge),
            TaskKind::Fork { branches, .. } => branches.iter().find_map(|branch| task_at(&branch.tasks, edge)),
            TaskKind::Try { tasks, catch } => task_at(tasks, edge).or_else(|| task_at(catch, edge)),
            TaskKind::Call { .. }
            | TaskKind::Emit { .. }
            | TaskKind::Set(_)
            | TaskKind::Wait(_)
            | TaskKind::Listen { .. }
            | TaskKind::Switch { .. }
            | TaskKind::Raise(_) => None,
        };
        inner.or_else(|| task.compensate.filter(|undo| undo.span == edge.span).map(|_| task))
    })
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
