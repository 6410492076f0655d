//! Numbers that a platform would reject, found on the model before anything is planned. Derived ones are ours to choose,
//! and are checked too: a derived visibility can be over the limit because of a long timeout.

use std::cmp::Ordering;
use std::fmt;

use crate::analysis::Channel;
use crate::base::{ByteSize, Duration, Span, Spanned};
use crate::catalog::{Limit, LimitValue, Manifest, Quantity, Target};
use crate::diag::{Finding, Findings};
use crate::model::{Function, Given, Model, Ordered, Queue, Reading, Retry, Trigger, TriggerKind, TriggerSource};

/// Refuses what is over or under a limit of the target.
pub(super) fn check(model: &Model, target: &Target, findings: &mut Findings) {
    let mut bounds = Bounds { manifest: &target.manifest, findings };
    for function in model.functions.values() {
        bounds.function(function);
        for trigger in &function.triggers {
            bounds.trigger(model, trigger);
        }
    }
    for queue in model.queues.values() {
        bounds.queue(queue);
    }
    for expiry in model.buckets.values().iter().flat_map(|bucket| &bucket.expire) {
        bounds.exact(Limit::BucketExpireStep, &expiry.after, "after");
    }
    for stream in model.streams.values() {
        bounds.most(Limit::StreamRetentionMax, &stream.retention, "longest retention of a stream", "retention");
    }
}

/// What may be limited.
#[derive(Clone, Copy)]
enum Amount {
    Number(u64),
    Time(Duration),
    Size(ByteSize),
}

impl Amount {
    /// How it compares with a bound; not at all with one of another kind.
    fn compare(self, bound: &Quantity) -> Option<Ordering> {
        match (self, bound) {
            (Self::Number(a), Quantity::Number(b)) => Some(a.cmp(b)),
            (Self::Time(a), Quantity::Time(b)) => Some(a.cmp(b)),
            (Self::Size(a), Quantity::Size(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Time(time) => time.fmt(f),
            Self::Size(size) => size.fmt(f),
        }
    }
}

impl From<u32> for Amount {
    fn from(number: u32) -> Self {
        Self::Number(u64::from(number))
    }
}

impl From<Duration> for Amount {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

impl From<ByteSize> for Amount {
    fn from(size: ByteSize) -> Self {
        Self::Size(size)
    }
}

/// An amount and the text that says it.
#[derive(Clone, Copy)]
struct Written {
    amount: Amount,
    span: Span,
}

/// A time that somebody wrote; a derived one is ours to choose.
trait Stated {
    fn stated(&self) -> Option<Spanned<Duration>>;
}

impl Stated for Given<Duration> {
    fn stated(&self) -> Option<Spanned<Duration>> {
        self.derived.is_none().then_some(Spanned::new(self.value, self.span))
    }
}

impl Stated for Spanned<Duration> {
    fn stated(&self) -> Option<Spanned<Duration>> {
        Some(*self)
    }
}

impl<T: Copy + Into<Amount>> From<&Given<T>> for Written {
    fn from(given: &Given<T>) -> Self {
        Self { amount: given.value.into(), span: given.span }
    }
}

impl<T: Copy + Into<Amount>> From<&Spanned<T>> for Written {
    fn from(written: &Spanned<T>) -> Self {
        Self { amount: written.value.into(), span: written.span }
    }
}

fn shown(bound: &Quantity) -> String {
    match bound {
        Quantity::Number(number) => number.to_string(),
        Quantity::Time(time) => time.to_string(),
        Quantity::Size(size) => size.to_string(),
        Quantity::OneOf(list) => list.iter().map(u64::to_string).collect::<Vec<_>>().join(", "),
    }
}

struct Bounds<'a> {
    manifest: &'a Manifest,
    findings: &'a mut Findings,
}

impl Bounds<'_> {
    fn most(&mut self, limit: Limit, written: impl Into<Written>, what: &str, key: &str) {
        self.bound(limit, Ordering::Greater, written.into(), what, |bound| format!("write `{key}: {bound}` or less"));
    }

    fn least(&mut self, limit: Limit, written: impl Into<Written>, what: &str, key: &str) {
        self.bound(limit, Ordering::Less, written.into(), what, |bound| format!("write `{key}: {bound}` or more"));
    }

    fn time(&self, limit: Limit) -> Option<Duration> {
        match self.manifest.limits.get(&limit)?.value {
            Quantity::Time(time) => Some(time),
            Quantity::Number(_) | Quantity::Size(_) | Quantity::OneOf(_) => None,
        }
    }

    /// Refuses an amount that is on the wrong side of a limit.
    fn bound(&mut self, limit: Limit, wrong: Ordering, at: Written, what: &str, help: impl FnOnce(&str) -> String) {
        let Some(LimitValue { value, fact }) = self.manifest.limits.get(&limit) else { return };
        if at.amount.compare(value) == Some(wrong) {
            let side = if wrong == Ordering::Less { "under" } else { "over" };
            let bound = shown(value);
            let message = format!("`{}` is {side} the {what}, {bound}", at.amount);
            self.push(at.span, message, format!("{} ({fact})", help(&bound)));
        }
    }

    /// Warns of a time between two steps of the platform, which becomes the longer one.
    fn exact(&mut self, limit: Limit, time: &impl Stated, key: &str) {
        let (Some(step), Some(time)) = (self.time(limit), time.stated()) else { return };
        let (below, above) = time.value.between(step);
        let Some(LimitValue { fact, .. }) = self.manifest.limits.get(&limit).filter(|_| below != above) else { return };
        self.rounded(time, below, above, key, fact);
    }

    fn rounded(&mut self, time: Spanned<Duration>, below: Duration, above: Duration, key: &str, fact: &str) {
        // What is over a limit is no less so when it is rounded; that was looked at just before.
        if self.findings.iter().last().is_some_and(|found| found.primary.span == time.span && found.id == "over-limit")
        {
            return;
        }
        let message = format!("`{}` becomes {above}: the platform knows nothing between {below} and that", time.value);
        let or = if below == Duration::ZERO { String::new() } else { format!(", or `{key}: {below}`") };
        let help = format!("write `{key}: {above}`{or} ({fact})");
        self.findings.push(Finding::warning("rounded-time", time.span, message).help(help).on(&self.manifest.id));
    }

    fn push(&mut self, span: Span, message: String, help: String) {
        self.findings.push(Finding::error("over-limit", span, message).help(help).on(&self.manifest.id));
    }

    fn function(&mut self, f: &Function) {
        self.most(Limit::FunctionTimeoutMax, &f.timeout, "longest timeout", "timeout");
        self.exact(Limit::FunctionTimeoutStep, &f.timeout, "timeout");
        self.least(Limit::FunctionMemoryMin, &f.memory, "least memory", "memory");
        self.most(Limit::FunctionMemoryMax, &f.memory, "most memory", "memory");
        if let Some(concurrency) = &f.scaling.concurrency {
            let what = "most requests of an instance at a time";
            self.most(Limit::FunctionConcurrencyMax, concurrency, what, "concurrency");
        }
        self.variables(f);
        self.logs(f);
    }

    /// Variables that are written; those of bindings are known once names are.
    fn variables(&mut self, f: &Function) {
        let bytes = f.env.iter().map(|(name, value)| name.as_str().len() + value.value.len()).sum();
        let largest = f.env.values().max_by_key(|value| value.value.len());
        if let (Some(finding), Some(largest)) = (over_bytes(self.manifest, f, bytes), largest) {
            self.findings.push(finding.related(largest.span, "the longest of them"));
        }
    }

    fn logs(&mut self, f: &Function) {
        let retention = &f.observe.logs.retention;
        let Some(LimitValue { value: Quantity::OneOf(list), fact }) =
            self.manifest.limits.get(&Limit::LogRetentionDays)
        else {
            return;
        };
        if let Some(most) = list.last().filter(|most| retention.value.as_days_ceil() > **most) {
            let message = format!("`{}` is over the longest retention of logs, {most}d", retention.value);
            let help = format!("write `logs: {most}d` or less ({fact})");
            self.push(retention.span, message, help);
            return;
        }
        let Some(time) = retention.stated() else { return };
        let days = |days: u64| Duration::from_secs(days.saturating_mul(86_400));
        let above = list.iter().map(|n| days(*n)).find(|kept| *kept >= time.value);
        let below = list.iter().map(|n| days(*n)).rfind(|kept| *kept <= time.value).unwrap_or_default();
        if let Some(above) = above.filter(|above| *above != time.value) {
            self.rounded(time, below, above, "logs", fact);
        }
    }

    fn queue(&mut self, queue: &Queue) {
        self.least(Limit::QueueRetentionMin, &queue.retention, "shortest retention of a queue", "retention");
        self.most(Limit::QueueRetentionMax, &queue.retention, "longest retention of a queue", "retention");
        self.exact(Limit::QueueTimeStep, &queue.retention, "retention");
        self.most(Limit::QueueVisibilityMax, &queue.visibility, "longest visibility of a queue", "visibility");
        self.exact(Limit::QueueTimeStep, &queue.visibility, "visibility");
        if let Some(delay) = &queue.delay {
            self.most(Limit::QueueDelayMax, delay, "longest delay of a queue", "delay");
            self.exact(Limit::QueueTimeStep, delay, "delay");
        }
        let sources = u64::try_from(queue.dead_letter_of.len()).unwrap_or(u64::MAX);
        if let Some(LimitValue { value: Quantity::Number(most), fact }) =
            self.manifest.limits.get(&Limit::QueueDeadLetterSourcesMax)
            && sources > *most
        {
            let name = queue.head.name();
            let message = format!("`{name}` is the dead letter of {sources} queues, and {most} is the most");
            let help = format!("declare another queue for some of them ({fact})");
            self.push(queue.head.span, message, help);
        }
    }

    fn trigger(&mut self, model: &Model, trigger: &Trigger) {
        match &trigger.source {
            TriggerSource::Queue { from, batch, window, concurrency, .. } => {
                self.batch(batch, *window, model.queues[from.value].ordered.value);
                if let Some(concurrency) = concurrency {
                    let key = "concurrency";
                    self.least(Limit::QueueConcurrencyMin, concurrency, "fewest consumers of a queue at a time", key);
                    self.most(Limit::QueueConcurrencyMax, concurrency, "most consumers of a queue at a time", key);
                }
            }
            TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => self.reading(reading),
            TriggerSource::Schedule { flexible: Some(flexible), .. } => {
                let key = "flexible";
                self.least(Limit::ScheduleFlexibleMin, flexible, "shortest flexible window of a schedule", key);
                self.most(Limit::ScheduleFlexibleMax, flexible, "longest flexible window of a schedule", key);
            }
            TriggerSource::Http(_)
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => {}
        }
        if let Some(retry) = &trigger.retry {
            self.retry(model, trigger, retry);
        }
    }

    fn batch(&mut self, batch: &Given<u32>, window: Option<Spanned<Duration>>, ordered: Ordered) {
        if ordered != Ordered::No {
            self.most(Limit::QueueBatchOrderedMax, batch, "largest batch of an ordered queue", "batch");
            return;
        }
        self.most(Limit::QueueBatchMax, batch, "largest batch of a queue", "batch");
        if let Some(window) = window.filter(|window| window.value > Duration::ZERO) {
            self.most(Limit::QueueBatchWindowMax, &window, "longest window of a batch", "window");
            self.exact(Limit::QueueBatchWindowStep, &window, "window");
        } else {
            let help = |bound: &str| format!("write `window: 1s` beside it, or `batch: {bound}`");
            let what = "largest batch without a window";
            self.bound(Limit::QueueBatchWithoutWindow, Ordering::Greater, batch.into(), what, help);
        }
    }

    fn reading(&mut self, reading: &Reading) {
        self.most(Limit::StreamBatchMax, &reading.batch, "largest batch of a stream", "batch");
        if let Some(window) = &reading.window {
            self.exact(Limit::QueueBatchWindowStep, window, "window");
        }
    }

    /// Attempts of a channel, and how long they may go on.
    fn retry(&mut self, model: &Model, trigger: &Trigger, retry: &Retry) {
        let kind = trigger.kind();
        let channel = Channel::of(model, trigger);
        let guarantee = self.manifest.guarantees.get(channel.as_str());
        let most = guarantee.and_then(|g| Some((g.attempts.as_ref()?.max?, g.fact.as_str())));
        if let Some((most, fact)) = most.filter(|(most, _)| retry.attempts.value > *most) {
            let attempts = retry.attempts.value;
            let message = format!("`{attempts}` is over the most attempts of {kind} triggers, {most}");
            let help = format!("write `attempts: {most}` or less ({fact})");
            self.push(retry.attempts.span, message, help);
        }
        if let Some(age) = &retry.age {
            self.age(kind, age);
        }
    }

    /// The time that those on the way to the function let a delivery have.
    fn age(&mut self, kind: TriggerKind, age: &Given<Duration>) {
        let (least, most): (&[Limit], &[Limit]) = match kind {
            TriggerKind::Event | TriggerKind::Object => {
                (&[Limit::BusRetryAgeMin, Limit::CallAsyncAgeMin], &[Limit::CallAsyncAgeMax, Limit::BusRetryAgeMax])
            }
            TriggerKind::Schedule => (
                &[Limit::ScheduleRetryAgeMin, Limit::CallAsyncAgeMin],
                &[Limit::CallAsyncAgeMax, Limit::ScheduleRetryAgeMax],
            ),
            TriggerKind::Topic
            | TriggerKind::Message
            | TriggerKind::Log
            | TriggerKind::User
            | TriggerKind::Rotation => (&[Limit::CallAsyncAgeMin], &[Limit::CallAsyncAgeMax]),
            TriggerKind::Http
            | TriggerKind::Queue
            | TriggerKind::Stream
            | TriggerKind::Change
            | TriggerKind::Socket => (&[], &[]),
        };
        // Whoever has a delivery on its way to the function may give it up: the tightest bound counts.
        let known = |limit: &Limit| Some((self.time(*limit)?, *limit));
        let (least, most) = (least.iter().filter_map(known).max(), most.iter().filter_map(known).min());
        if let Some((_, limit)) = least {
            self.least(limit, age, &format!("shortest time that {kind} triggers are tried for"), "for");
        }
        if let Some((_, limit)) = most {
            self.most(limit, age, &format!("longest time that {kind} triggers are tried for"), "for");
        }
    }
}

/// The finding for a function whose variables are more than the platform keeps.
pub(super) fn over_bytes(manifest: &Manifest, f: &Function, bytes: usize) -> Option<Finding> {
    let LimitValue { value: Quantity::Size(most), fact } = manifest.limits.get(&Limit::FunctionEnvBytes)? else {
        return None;
    };
    let most = most.as_bytes();
    if u64::try_from(bytes).is_ok_and(|bytes| bytes <= most) {
        return None;
    }
    let (name, id) = (f.head.name(), &manifest.id);
    let message = format!("the variables of `{name}` have {bytes} bytes, and {most} is the most");
    let help = format!("put what is long into a file beside the code, or into a table or bucket ({fact})");
    Some(Finding::error("over-limit", f.head.span, message).help(help).on(id))
}
