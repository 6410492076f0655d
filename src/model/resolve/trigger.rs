//! Triggers: where events come from, which of them, and how they are delivered when nothing was said.

use std::collections::HashMap;
use std::sync::Arc;

use super::resource::{STREAM_RETENTION, auth, throttle};
use super::{Resolver, given, stated};
use crate::base::{Duration, Span, Spanned};
use crate::diag::Finding;
use crate::model::{
    AllowLoop, Auth, Bus, Condition, Event, Given, Http, ObjectChange, Reading, Retry, Route, ScheduleWhen,
    SocketRoute, Start, Table, Trigger, TriggerSource,
};
use crate::spec;

/// Messages at a time where the handler says which of them failed.
const BATCH: u32 = 10;
/// Tries of a record of a stream, the first included.
const STREAM_ATTEMPTS: u32 = 5;
/// Tries of what says how long, but not how often.
const ATTEMPTS: u32 = 3;

/// What is known of the function or workflow that is run.
#[derive(Clone, Copy)]
pub(super) struct Owner {
    /// It can say which messages of a batch failed.
    pub(super) reports: bool,
}

/// A trigger before it has a name.
pub(super) struct Parts {
    pub(super) source: TriggerSource,
    pub(super) conditions: Vec<Condition>,
    pub(super) retry: Option<Retry>,
    pub(super) allow_loop: Option<AllowLoop>,
}

impl Parts {
    fn new(source: TriggerSource, allow_loop: Option<&spec::AllowLoop>) -> Self {
        let allow_loop = allow_loop.map(|l| AllowLoop { hops: l.hops.map(|n| n.0), reason: l.reason.clone() });
        Self { source, conditions: Vec::new(), retry: None, allow_loop }
    }

    fn only(mut self, conditions: Option<&spec::Conditions>) -> Self {
        self.conditions = conditions.map(|c| c.0.clone()).unwrap_or_default();
        self
    }

    fn retried(mut self, retry: Option<&spec::Retry>) -> Self {
        self.retry = retry.map(|r| self::retry(r, ATTEMPTS, "three tries unless it says otherwise"));
        self
    }
}

impl Resolver<'_> {
    /// All triggers with their names; those that were reported are left out.
    pub(super) fn triggers(&mut self, on: Option<&spec::Many<spec::Trigger>>, owner: Owner) -> Vec<Trigger> {
        let mut triggers = Vec::new();
        for trigger in on.into_iter().flat_map(|on| &on.0) {
            if let Some(parts) = self.trigger(trigger, owner) {
                triggers.push(Trigger {
                    name: "".into(),
                    former_name: None,
                    span: trigger.span(),
                    source: parts.source,
                    conditions: parts.conditions,
                    retry: parts.retry,
                    allow_loop: parts.allow_loop,
                });
            }
        }
        for trigger in &triggers {
            self.check_conditions(trigger);
        }
        self.name_triggers(&mut triggers);
        triggers
    }

    fn trigger(&mut self, trigger: &spec::Trigger, owner: Owner) -> Option<Parts> {
        use spec::Trigger as T;
        match trigger {
            T::Http(t, _) => self.http(t),
            T::Queue(t, _) => {
                let partial_failures = partial_failures(t.partial_failures.as_ref(), owner, t.span);
                let source = TriggerSource::Queue {
                    from: self.find(&t.from)?,
                    batch: batch(t.batch.as_ref(), &partial_failures, t.span),
                    window: t.window,
                    partial_failures,
                    concurrency: t.concurrency.as_ref().map(|n| (*n).map(|n| n.0)),
                };
                Some(Parts::new(source, t.allow_loop.as_ref()).only(t.conditions.as_ref()))
            }
            T::Stream(t, _) => {
                let from = self.find(&t.from)?;
                let retention = self.stream_retention(from.value);
                let source = TriggerSource::Stream { from, reading: reading(t, owner) };
                Some(read(t, source, retention))
            }
            T::Change(t, _) => {
                let from = self.find::<Table>(&t.from)?;
                let source = TriggerSource::Change { from, reading: reading(t, owner) };
                Some(read(t, source, STREAM_RETENTION))
            }
            T::Topic(t, _) => {
                let source = TriggerSource::Topic { from: self.find(&t.from)? };
                Some(Parts::new(source, t.allow_loop.as_ref()).only(t.conditions.as_ref()).retried(t.retry.as_ref()))
            }
            T::Event(t, span) => self.event(t, *span),
            T::Object(t, span) => self.object(t, *span),
            T::Schedule(t, span) => self.schedule(t, *span),
            T::Socket(t, _) => {
                let route = match &*t.route.value {
                    "connect" => SocketRoute::Connect,
                    "disconnect" => SocketRoute::Disconnect,
                    _ => SocketRoute::Message(t.route.value.clone()),
                };
                let source = TriggerSource::Socket { api: self.find(&t.api)?, route };
                Some(Parts::new(source, t.allow_loop.as_ref()))
            }
            T::Message(t, _) => {
                self.check_filter(&t.topic);
                let source = TriggerSource::Message { devices: self.find(&t.devices)?, topic: t.topic.clone() };
                Some(Parts::new(source, t.allow_loop.as_ref()).retried(t.retry.as_ref()))
            }
            T::Log(t, _) => {
                let source = TriggerSource::Log { of: self.find(&t.of)?, pattern: t.pattern.clone() };
                Some(Parts::new(source, t.allow_loop.as_ref()).retried(t.retry.as_ref()))
            }
            T::User(t, _) => {
                let on = t.on.0.iter().map(|on| (*on).map(|on| Arc::from(on.as_str()))).collect();
                let source = TriggerSource::User { identity: self.find(&t.identity)?, on };
                Some(Parts::new(source, t.allow_loop.as_ref()).retried(t.retry.as_ref()))
            }
        }
    }

    fn http(&mut self, t: &spec::HttpTrigger) -> Option<Parts> {
        let api = self.find(&t.api);
        let body = t.body.as_ref().and_then(|event| self.find_event(event));
        let returns = t.returns.as_ref().and_then(|event| self.find_event(event));
        let api = api?;
        self.check_route(api.value.index(), &t.route);
        let inherited = self.apis.get(api.value.index()).cloned().unwrap_or((Auth::Unstated, None));
        let http = Http {
            api,
            route: t.route.clone(),
            body,
            returns,
            auth: t.auth.as_ref().map_or(inherited.0, auth),
            throttle: t.throttle.as_ref().map(throttle).or(inherited.1),
        };
        Some(Parts::new(TriggerSource::Http(http), t.allow_loop.as_ref()))
    }

    /// One api answers a method and path once, whatever its parameters are called.
    fn check_route(&mut self, api: usize, route: &Spanned<Route>) {
        let shape = format!("{} {}", route.value.method, route.value.shape());
        if let Some(first) = self.routes.insert((api, shape), route.span) {
            let message = format!("the route `{}` is there twice", route.value);
            let finding = Finding::error("duplicate-route", route.span, message);
            self.report(finding.related(first, "the other one").help("give it another method or path, or remove one"));
        }
    }

    fn event(&mut self, t: &spec::EventTrigger, span: Span) -> Option<Parts> {
        let mut types: Vec<Spanned<super::Id<Event>>> = Vec::new();
        let mut seen = HashMap::new();
        for reference in &t.types.0 {
            let Some(event) = self.find_event(reference) else { continue };
            if let Some(first) = seen.insert(event.value, event.span) {
                let message = format!("`{}` is in the list twice", reference.text);
                let finding = Finding::error("duplicate-entry", event.span, message);
                self.report(finding.related(first, "the other one").help("remove one of them"));
            } else {
                types.push(event);
            }
        }
        if t.types.0.is_empty() && !t.broken {
            let finding = Finding::error("empty", t.span, "an event trigger names no event");
            self.report(finding.help("write `type: order.placed`"));
        }
        let bus = match &t.bus {
            Some(bus) => self.find::<Bus>(bus).map(Given::stated),
            None => self.bus(None, span).map(|id| Given::derived(id, span, "it is the default bus")),
        };
        if types.is_empty() {
            return None;
        }
        let source = TriggerSource::Event { types, bus: bus? };
        Some(Parts::new(source, t.allow_loop.as_ref()).only(t.conditions.as_ref()).retried(t.retry.as_ref()))
    }

    fn object(&mut self, t: &spec::ObjectTrigger, span: Span) -> Option<Parts> {
        let (change, filter) = match (&t.created, &t.deleted) {
            (Some(filter), None) => (ObjectChange::Created, Some(filter)),
            (None, Some(filter)) => (ObjectChange::Deleted, Some(filter)),
            (Some(_), Some(deleted)) => {
                let message = "an object trigger has both `created` and `deleted`";
                let finding = Finding::error("conflicting-keys", deleted.span, message);
                self.report(finding.help("make each a trigger of its own"));
                (ObjectChange::Created, None)
            }
            (None, None) => {
                if !t.broken {
                    let finding = Finding::error("missing-key", span, "an object trigger needs `created` or `deleted`");
                    self.report(finding.help("add `created: {}`, or `created: { prefix: incoming/ }`"));
                }
                (ObjectChange::Created, None)
            }
        };
        let bucket = self.find(&t.bucket)?;
        let text = |value: Option<&Spanned<Arc<str>>>| value.map_or_else(|| "".into(), |v| v.value.clone());
        let source = TriggerSource::Object {
            bucket,
            change,
            prefix: text(filter.and_then(|f| f.prefix.as_ref())),
            suffix: text(filter.and_then(|f| f.suffix.as_ref())),
        };
        Some(Parts::new(source, t.allow_loop.as_ref()).retried(t.retry.as_ref()))
    }

    fn schedule(&mut self, t: &spec::ScheduleTrigger, span: Span) -> Option<Parts> {
        let when = match (&t.cron, &t.every) {
            (Some(cron), every) => {
                if let Some(every) = every {
                    let finding =
                        Finding::error("conflicting-keys", every.span, "a schedule has both `cron` and `every`");
                    self.report(finding.related(cron.span, "the other one").help("keep one of them"));
                }
                let zone = t.zone.as_ref().map(|z| z.clone().map(|z| z.0));
                let utc: Arc<str> = "UTC".into();
                ScheduleWhen::Cron {
                    cron: cron.value.cron,
                    text: Spanned::new(cron.value.text.clone(), cron.span),
                    zone: given(zone.as_ref(), None, cron.span, utc, "UTC unless it says otherwise"),
                }
            }
            (None, Some(every)) => {
                if let Some(zone) = &t.zone {
                    let finding = Finding::error("conflicting-keys", zone.span, "an interval has no `zone`");
                    self.report(finding.related(every.span, "the interval").help("remove `zone`, or write `cron`"));
                }
                ScheduleWhen::Every(*every)
            }
            (None, None) => {
                if !t.broken {
                    let finding = Finding::error("missing-key", span, "a schedule needs `cron` or `every`");
                    self.report(finding.help("add `cron: \"0 2 * * *\"` or `every: 5m`"));
                }
                return None;
            }
        };
        let source = TriggerSource::Schedule { when, input: t.input.clone(), flexible: t.flexible };
        Some(Parts::new(source, t.allow_loop.as_ref()).retried(t.retry.as_ref()))
    }

    /// `+` is a whole level and `#` the last one.
    fn check_filter(&mut self, topic: &Spanned<Arc<str>>) {
        let levels: Vec<&str> = topic.value.split('/').collect();
        let wrong = levels.iter().enumerate().find(|(i, level)| {
            (level.contains('+') && **level != "+")
                || (level.contains('#') && (**level != "#" || i + 1 != levels.len()))
        });
        if let Some((_, level)) = wrong {
            let message =
                format!("`{}` is not a topic filter: `{level}` is no level", crate::diag::shorten(&topic.value));
            let help = "`+` stands for one whole level, `#` for the rest and stands last";
            self.report(Finding::error("invalid-topic-filter", topic.span, message).help(help));
        }
    }

    fn stream_retention(&self, id: super::Id<crate::model::Stream>) -> Duration {
        let own = self.names.streams.get(id.index()).and_then(|(_, stream)| stream.retention.as_ref());
        let default = self.spec.defaults.as_ref().and_then(|d| d.stream.as_ref());
        own.or_else(|| default.and_then(|d| d.retention.as_ref())).map_or(STREAM_RETENTION, |r| r.value)
    }
}

fn partial_failures(own: Option<&Spanned<bool>>, owner: Owner, span: Span) -> Given<bool> {
    let why = if owner.reports {
        "the adapter reports the messages that failed"
    } else {
        "nothing tells which messages of a batch failed"
    };
    given(own, None, span, owner.reports, why)
}

fn batch(own: Option<&Spanned<spec::Count<1, 10_000>>>, partial: &Given<bool>, span: Span) -> Given<u32> {
    let own = own.map(|n| (*n).map(|n| n.0));
    stated(own.as_ref(), None).unwrap_or_else(|| {
        if partial.value {
            Given::derived(BATCH, span, "ten at a time unless it says otherwise")
        } else {
            Given::derived(1, span, "one at a time, because a failure would bring back the whole batch")
        }
    })
}

fn reading(t: &spec::ReadingTrigger, owner: Owner) -> Reading {
    let partial_failures = partial_failures(t.partial_failures.as_ref(), owner, t.span);
    let parallel = t.parallel.as_ref().map(|n| (*n).map(|n| n.0));
    let whole = !partial_failures.value;
    let why = if whole { "it finds the record that fails" } else { "the handler says which records failed" };
    Reading {
        batch: batch(t.batch.as_ref(), &partial_failures, t.span),
        window: t.window,
        start: given(t.start.as_ref(), None, t.span, Start::Latest, "it begins with what comes"),
        parallel: given(parallel.as_ref(), None, t.span, 1, "one batch of a partition at a time keeps its order"),
        bisect: given(t.bisect.as_ref(), None, t.span, whole, why),
        partial_failures,
    }
}

/// A reader that fails for ever stops its partition, so its tries are finite even when nothing was said.
fn read(t: &spec::ReadingTrigger, source: TriggerSource, retention: Duration) -> Parts {
    let mut parts = Parts::new(source, t.allow_loop.as_ref()).only(t.conditions.as_ref());
    let half = || {
        let half = Duration::from_millis(retention.as_millis() / 2);
        Given::derived(half, t.span, "half of the retention")
    };
    let why = "five tries of a record unless it says otherwise";
    let none = || {
        let attempts = Given::derived(STREAM_ATTEMPTS, t.span, why);
        Retry { attempts, age: None, delay: None, backoff: backoff(None, t.span) }
    };
    let mut retry = t.retry.as_ref().map_or_else(none, |own| self::retry(own, STREAM_ATTEMPTS, why));
    retry.age = Some(retry.age.unwrap_or_else(half));
    parts.retry = Some(retry);
    parts
}

/// A retry as written.
pub(super) fn retry(retry: &spec::Retry, attempts: u32, why: &str) -> Retry {
    let own = retry.attempts.as_ref().map(|n| (*n).map(|n| n.0));
    Retry {
        attempts: given(own.as_ref(), None, retry.span, attempts, why),
        age: stated(retry.age.as_ref(), None),
        delay: retry.delay,
        backoff: backoff(retry.backoff.as_ref(), retry.span),
    }
}

/// Whether delays grow.
fn backoff(own: Option<&Spanned<spec::Backoff>>, span: Span) -> Given<bool> {
    let own = own.map(|own| (*own).map(|backoff| backoff == spec::Backoff::Exponential));
    given(own.as_ref(), None, span, false, "delays stay alike unless it says otherwise")
}
