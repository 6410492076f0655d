//! Which features of the language an application uses, and where: what a manifest is asked about.

use super::trigger::is_async;
use crate::base::Span;
use crate::model::{
    AnyResource, Auth, Call, CallMode, Code, Envelope, Function, Idempotency, Model, Network, Ordered, Placement,
    Queue, Retry, Runtime, Scope, State, Trigger, TriggerSource, Verb,
};

/// A feature and the smallest text that asks for it.
pub(super) struct Asked {
    /// Key in [`crate::catalog::FEATURES`].
    pub feature: String,
    /// Where.
    pub span: Span,
    /// Another place that it takes to ask for it.
    pub with: Option<Span>,
}

struct Sink(Vec<Asked>);

impl Sink {
    fn add(&mut self, feature: impl Into<String>, span: Span) {
        self.0.push(Asked { feature: feature.into(), span, with: None });
    }

    fn add_if(&mut self, asked: bool, feature: &str, span: Span) {
        if asked {
            self.add(feature, span);
        }
    }
}

/// The features that an application asks a target for, each once, sorted.
pub fn asked_features(model: &Model, target: &str) -> std::collections::BTreeSet<String> {
    asked(model, target).into_iter().map(|asked| asked.feature).collect()
}

/// Where an application asks for one feature; nowhere for none.
pub(super) fn asked_for(model: &Model, target: &str, feature: Option<&str>) -> impl Iterator<Item = Asked> {
    let asked = feature.map_or_else(Vec::new, |_| asked(model, target));
    let feature = feature.map(str::to_owned);
    asked.into_iter().filter(move |asked| Some(asked.feature.as_str()) == feature.as_deref())
}

/// Everything an application asks for, in the order of its nodes.
pub(super) fn asked(model: &Model, target: &str) -> Vec<Asked> {
    let mut out = Sink(Vec::new());
    resources(model, &mut out);
    for queue in model.queues.values() {
        queue_features(queue, &mut out);
    }
    for function in model.functions.values() {
        function_features(function, &mut out);
        for trigger in &function.triggers {
            trigger_features(trigger, &mut out);
        }
        different_retries(function, &mut out);
    }
    for workflow in model.workflows.values() {
        out.add("workflow", workflow.head.span);
    }
    for written in model.heads().filter_map(|head| head.overrides.get(target)) {
        out.add("override", written.span);
    }
    if let Some(native) = model.native.get(target) {
        out.add("native", native.span);
    }
    if model.environment.protected {
        out.add("protected", model.app.span);
    }
    out.0
}

fn resources(model: &Model, out: &mut Sink) {
    for t in model.tables.values() {
        out.add("table", t.head.span);
        out.add_if(!t.indexes.is_empty(), "table.indexes", t.indexes.first().map_or(t.head.span, |i| i.name.span));
        if let Some(expires) = &t.expires {
            out.add("table.expires", expires.span);
        }
        out.add_if(t.recovery.value && t.recovery.derived.is_none(), "table.recovery", t.recovery.span);
    }
    for b in model.buckets.values() {
        out.add("bucket", b.head.span);
        out.add_if(b.versioned.value, "bucket.versioned", b.versioned.span);
        if let Some(expiry) = b.expire.first() {
            out.add("bucket.expire", expiry.after.span);
        }
        out.add_if(b.cors.is_some(), "bucket.cors", b.head.span);
        out.add_if(b.public.value, "bucket.public", b.public.span);
    }
    for t in model.topics.values() {
        out.add("topic", t.head.span);
        out.add_if(t.ordered.value != Ordered::No, "topic.ordered", t.ordered.span);
        out.add_if(t.external_subscribers.value, "topic.external-subscribers", t.external_subscribers.span);
    }
    for a in model.apis.values() {
        out.add("api", a.head.span);
        if let Auth::Jwt(jwt) = &a.auth {
            out.add("api.jwt", jwt.issuer.span);
        }
        if let Some(origin) = a.cors.as_ref().and_then(|c| c.origins.first()) {
            out.add("api.cors", origin.span);
        }
        if let Some(throttle) = &a.throttle {
            out.add("api.throttle", throttle.rate.span);
        }
    }
    for s in model.secrets.values() {
        out.add("secret", s.head.span);
        if let Some(rotate) = &s.rotate {
            out.add("secret.rotate", rotate.every.span);
            if let Some(by) = &rotate.by {
                out.add("secret.rotate.by", by.span);
            }
        }
    }
    let plain = [
        ("stream", model.streams.values().iter().map(|r| r.head.span).collect::<Vec<_>>()),
        ("bus", model.buses.values().iter().map(|r| r.head.span).collect()),
        ("cache", model.caches.values().iter().map(|r| r.head.span).collect()),
        ("socket", model.sockets.values().iter().map(|r| r.head.span).collect()),
        ("identity", model.identities.values().iter().map(|r| r.head.span).collect()),
        ("devices", model.devices.values().iter().map(|r| r.head.span).collect()),
        ("database", model.databases.values().iter().map(|r| r.head.span).collect()),
        ("external", model.externals.values().iter().map(|r| r.head.span).collect()),
    ];
    for (feature, spans) in plain {
        for span in spans {
            out.add(feature, span);
        }
    }
}

fn queue_features(queue: &Queue, out: &mut Sink) {
    out.add("queue", queue.head.span);
    match queue.ordered.value {
        Ordered::No => {}
        Ordered::PerKey => out.add("queue.ordered", queue.ordered.span),
        Ordered::Strict => out.add("queue.strict", queue.ordered.span),
    }
    if let Some(dead_letter) = &queue.dead_letter {
        out.add("queue.dead-letter", dead_letter.after.span);
    }
    if let Some(delay) = &queue.delay {
        out.add("queue.delay", delay.span);
    }
    out.add_if(queue.visibility.derived.is_none(), "queue.visibility", queue.visibility.span);
}

fn function_features(f: &Function, out: &mut Sink) {
    out.add(format!("function.{}", f.runtime.value.kind()), f.runtime.span);
    if let Runtime::Language { language, .. } = &f.runtime.value {
        out.add(format!("runtime.{language}"), f.runtime.span);
    }
    match (f.envelope.value, &f.code) {
        (Envelope::Portable, _) => out.add("envelope.portable", f.envelope.span),
        (Envelope::Native, Code::Folder(_) | Code::Archive(_)) => out.add("envelope.native", f.envelope.span),
        (Envelope::Native, Code::Image(_) | Code::Model(_)) => {}
    }
    out.add_if(f.placement.value == Placement::Edge, "placement.edge", f.placement.span);
    match &f.state {
        State::None => {}
        State::Durable(span) => out.add("state.durable", *span),
        State::Entity { key, .. } => out.add("state.entity", key.span),
    }
    out.add_if(f.network.value == Network::Private, "network.private", f.network.span);
    let scaling = [
        ("scaling.min", f.scaling.min),
        ("scaling.max", f.scaling.max),
        ("scaling.warm", f.scaling.warm),
        ("scaling.concurrency", f.scaling.concurrency),
    ];
    for (feature, value) in scaling {
        if let Some(value) = value {
            out.add(feature, value.span);
        }
    }
    if let Some(schedule) = f.scaling.schedule.first() {
        out.add("scaling.schedule", schedule.cron.span);
    }
    out.add_if(f.observe.trace.value, "observe.trace", f.observe.trace.span);
    out.add("observe.logs", f.observe.logs.retention.span);
    out.add_if(f.observe.alarms.value, "observe.alarms", f.observe.alarms.span);
    match &f.idempotency {
        Some(Idempotency::Table { store, .. }) => out.add("idempotency.table", store.span),
        Some(Idempotency::Cache { store, .. }) => out.add("idempotency.cache", store.span),
        Some(Idempotency::Natural { .. }) | None => {}
    }
    if let Some(queue) = f.dead_letter {
        out.add("function.dead-letter", queue.span);
    }
    if let Some(outage) = f.outage {
        out.add("function.outage", outage.span);
    }
    uses(f, out);
}

fn uses(f: &Function, out: &mut Sink) {
    for entry in &f.uses {
        let span = entry.verb.span;
        if matches!(entry.resource.value, AnyResource::Table(_)) {
            let verb = entry.verb.value;
            out.add_if(verb == Verb::Query, "table.query", span);
            out.add_if(verb == Verb::Scan, "table.scan", span);
            out.add_if(matches!(verb, Verb::BatchGet | Verb::BatchWrite), "table.batch", span);
            out.add_if(verb == Verb::Check, "table.check", span);
        }
        match &entry.scope {
            Scope::Leading(_) => out.add("table.scope.leading", span),
            Scope::Prefix { .. } => out.add("bucket.scope.prefix", span),
            Scope::Whole | Scope::Index(_) | Scope::Type(_) | Scope::Topic(_) | Scope::Own => {}
        }
        out.add_if(entry.verb.value == Verb::Redrive, "queue.redrive", span);
    }
    if let Some(emit) = f.emits.first() {
        out.add("emit", emit.event.span);
    }
    for call in &f.calls {
        match call {
            Call::Function { mode: CallMode::Sync, span, .. } => out.add("call.sync", *span),
            Call::Function { mode: CallMode::Async, span, .. } => out.add("call.async", *span),
            Call::Workflow { span, .. } => out.add("workflow", *span),
        }
    }
}

fn retry_features(retry: &Retry, out: &mut Sink) {
    let attempts = &retry.attempts;
    out.add_if(attempts.derived.is_none(), "trigger.retry", attempts.span);
    if let Some(age) = retry.age.as_ref().filter(|age| age.derived.is_none()) {
        out.add("trigger.retry.for", age.span);
    }
    if let Some(delay) = retry.delay {
        out.add("trigger.retry.delay", delay.span);
    }
    out.add_if(retry.backoff.value, "trigger.retry.backoff", retry.backoff.span);
}

/// Triggers whose function is not waited for, and that ask for different retries.
fn different_retries(f: &Function, out: &mut Sink) {
    let mut pushed = f.triggers.iter().filter(|t| is_async(t.kind())).filter_map(|t| Some((t.retry.as_ref()?, t.span)));
    let Some((first, place)) = pushed.next() else { return };
    let asks = |retry: &Retry| (retry.attempts.value, retry.age.as_ref().map(|age| age.value));
    if let Some((other, span)) = pushed.find(|(retry, _)| asks(retry) != asks(first)) {
        let at = |retry: &Retry, whole| if retry.attempts.derived.is_none() { retry.attempts.span } else { whole };
        let (span, with) = (at(other, span), Some(at(first, place)));
        out.0.push(Asked { feature: "trigger.retry.each".to_owned(), span, with });
    }
}

fn trigger_features(trigger: &Trigger, out: &mut Sink) {
    let span = trigger.span;
    out.add(format!("trigger.{}", trigger.kind()), span);
    if let Some(condition) = trigger.conditions.first() {
        out.add("trigger.where", condition.path.span);
    }
    if let Some(retry) = &trigger.retry {
        retry_features(retry, out);
    }
    match &trigger.source {
        TriggerSource::Http(http) => {
            if let Auth::Public(span) = http.auth {
                out.add("trigger.http.public", span);
            }
            if let Some(throttle) = &http.throttle {
                out.add("trigger.http.throttle", throttle.rate.span);
            }
        }
        TriggerSource::Queue { batch, window, partial_failures, concurrency, .. } => {
            out.add_if(batch.value > 1 && batch.derived.is_none(), "trigger.queue.batch", batch.span);
            let failures = if partial_failures.value { "partial-failures" } else { "whole-failures" };
            if partial_failures.derived.is_none() {
                out.add(format!("trigger.queue.{failures}"), partial_failures.span);
            }
            if let Some(window) = window {
                out.add("trigger.queue.window", window.span);
            }
            if let Some(concurrency) = concurrency {
                out.add("trigger.queue.concurrency", concurrency.span);
            }
        }
        TriggerSource::Schedule { when, input, flexible } => {
            if let crate::model::ScheduleWhen::Every(every) = when {
                out.add("trigger.schedule.every", every.span);
            }
            out.add_if(input.is_some(), "trigger.schedule.input", span);
            if let Some(flexible) = flexible {
                out.add("trigger.schedule.flexible", flexible.span);
            }
        }
        TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => {}
    }
}
