//! Views of triggers: the edges that platforms have resources for.

use std::collections::HashMap;

use super::draft::{Draft, Setting, identifier};
use super::resource::{dead_letter, jwt, throttle};
use super::view::{Segment, map, optional};
use super::{cron, filter};
use crate::base::{Map, Value};
use crate::catalog::{Limit, Manifest, Quantity};
use crate::graph::{Runner, TriggerRef, resource_head};
use crate::model::{
    Api, Function, Http, Id, Method, Model, ObjectChange, Ordered, Reading, Retry, RouteSegment, ScheduleWhen, Start,
    Trigger, TriggerKind, TriggerSource,
};

/// What ends call a trigger.
pub(super) fn address(model: &Model, reference: TriggerRef) -> String {
    let runner = match reference.runner {
        Runner::Function(id) => model.functions[id].head.path.to_string(),
        Runner::Workflow(id) => model.workflows[id].head.path.to_string(),
    };
    let name = reference.get(model).map_or("", |t| &*t.name);
    format!("{runner}.on.{name}")
}

/// Whether the platform calls the function without waiting for its answer.
pub(super) const fn is_async(kind: TriggerKind) -> bool {
    match kind {
        TriggerKind::Topic
        | TriggerKind::Event
        | TriggerKind::Object
        | TriggerKind::Schedule
        | TriggerKind::Message
        | TriggerKind::Log
        | TriggerKind::User
        | TriggerKind::Rotation => true,
        TriggerKind::Http | TriggerKind::Queue | TriggerKind::Stream | TriggerKind::Change | TriggerKind::Socket => {
            false
        }
    }
}

/// The view of one trigger of a function.
pub(super) fn draft(setting: &Setting<'_>, function: &Function, trigger: &Trigger, reference: TriggerRef) -> Draft {
    let m = setting.model;
    let kind = format!("trigger.{}", trigger.kind());
    let name = format!("{}-{}", function.head.name(), trigger.name);
    let mut d = Draft::new(setting, &kind, &function.head.path.to_string(), &name, trigger.span);
    d.address = address(m, reference);
    let place = setting.sources.place(trigger.span);
    d.set("comment", format!("{}: trigger {} ({place})", function.head.path, trigger.name));
    d.set("trigger", &trigger.name);
    d.set("id", format!("{}__{}", identifier(function.head.name()), identifier(&trigger.name)));
    former(&mut d, function, trigger);
    d.set("function", Value::end(&function.head.path));
    d.maybe("from", trigger.resource().map(|r| Value::end(&resource_head(m, r).path)));
    fields(m, &mut d, function, trigger);
    d
}

/// A function that is renamed takes its triggers along, and so does what they take from.
fn former(d: &mut Draft, function: &Function, trigger: &Trigger) {
    let renamed = function.head.renamed_from.as_ref().map(|former| former.value.as_str());
    let before = (renamed.is_some() || trigger.former_name.is_some())
        .then(|| (renamed.unwrap_or(function.head.name()), trigger.former_name.as_deref().unwrap_or(&trigger.name)));
    d.maybe("renamed_from", before.map(|(function, trigger)| format!("{function}-{trigger}")));
    d.maybe("renamed_from_id", before.map(|(f, trigger)| format!("{}__{}", identifier(f), identifier(trigger))));
    if let Some((function, trigger)) = before {
        d.set("function_before", function);
        d.set("trigger_before", trigger);
    }
}

/// What the declaration of a trigger decides alone.
pub(super) fn fields(m: &Model, d: &mut Draft, function: &Function, trigger: &Trigger) {
    dead_letter(m, d, function.dead_letter.map(|queue| queue.value));
    d.maybe("retry", trigger.retry.as_ref().map(retry));
    d.set("is_traced", function.observe.trace.value);
    d.set("is_portable", function.envelope.value == crate::model::Envelope::Portable);
    d.set("has_where", !trigger.conditions.is_empty());
    d.set("where", filter::conditions(&trigger.conditions));
    source(m, d, trigger);
}

/// How often and how long a delivery is tried again.
pub(super) fn retry(retry: &Retry) -> Map {
    let attempts = retry.attempts.value;
    let mut out =
        map! { "attempts": attempts, "retries": attempts.saturating_sub(1), "is_exponential": retry.backoff.value };
    optional!(out, "age" => retry.age.as_ref().map(|a| a.value), "delay" => retry.delay.map(|a| a.value));
    out
}

fn source(m: &Model, d: &mut Draft, trigger: &Trigger) {
    match &trigger.source {
        TriggerSource::Http(route) => http(m, d, route),
        TriggerSource::Queue { from, batch, window, partial_failures, concurrency } => {
            d.set("batch", batch.value);
            d.maybe("window", window.map(|w| w.value));
            d.set("is_partial_failures", partial_failures.value);
            d.maybe("concurrency", concurrency.map(|c| c.value));
            d.set("is_ordered", m.queues[from.value].ordered.value != Ordered::No);
            let mut failing = m.functions.values().iter().filter_map(|f| f.dead_letter);
            d.set("has_sifted_failures", !trigger.conditions.is_empty() && failing.any(|to| to.value == from.value));
        }
        TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => read(d, reading),
        TriggerSource::Topic { from } => d.set("is_ordered", m.topics[from.value].ordered.value != Ordered::No),
        TriggerSource::Event { types, .. } => {
            d.set("types", types.iter().map(|t| m.events[t.value].event_type.as_str()).collect::<Vec<_>>());
        }
        TriggerSource::Object { change, prefix, suffix, .. } => {
            d.set("is_created", *change == ObjectChange::Created);
            d.set("is_deleted", *change == ObjectChange::Deleted);
            d.set("key_pattern", format!("{}*{}", literal(prefix), literal(suffix)));
            d.maybe("key_prefix", Some(prefix).filter(|p| !p.is_empty()));
            d.maybe("key_suffix", Some(suffix).filter(|p| !p.is_empty()));
        }
        TriggerSource::Schedule { when, input, flexible } => {
            schedule(d, when);
            d.maybe("input", input.as_ref());
            d.maybe("flexible", flexible.map(|f| f.value));
        }
        TriggerSource::Message { topic, .. } => d.set("topic", &topic.value),
        TriggerSource::Log { of, pattern } => {
            d.set("of", Value::end(&m.functions[of.value].head.path));
            d.set("pattern", &pattern.value);
        }
        TriggerSource::User { on, .. } => d.set("on", on.iter().map(|o| &o.value).collect::<Vec<_>>()),
        TriggerSource::Socket { .. } | TriggerSource::Rotation { .. } => {}
    }
}

/// A text in a pattern where `*` is anything: a backslash takes the meaning from what follows.
fn literal(text: &str) -> String {
    text.replace('\\', "\\\\").replace('*', "\\*")
}

fn http(m: &Model, d: &mut Draft, http: &Http) {
    let segments: Vec<Segment> = http
        .route
        .value
        .segments
        .iter()
        .map(|s| {
            let (kind, text) = match s {
                RouteSegment::Literal(text) => (0, text),
                RouteSegment::Parameter(text) => (1, text),
                RouteSegment::Rest(text) => (2, text),
            };
            Segment { is_literal: kind == 0, is_parameter: kind == 1, is_rest: kind == 2, text: text.to_string() }
        })
        .collect();
    d.set("route", http.route.value.to_string());
    d.set("method", http.route.value.method.as_str());
    d.set("is_any", http.route.value.method == Method::Any);
    d.set("path", http.route.value.path());
    d.set("is_root", segments.is_empty());
    d.set("has_parameters", segments.iter().any(|s| !s.is_literal));
    d.set("path_pattern", regex(&segments));
    d.list("segments", segments);
    d.set("is_public", matches!(http.auth, crate::model::Auth::Public(_)));
    let (own, of_api) = (jwt(&http.auth), jwt(&m.apis[http.api.value].auth));
    d.set("has_own_jwt", own.is_some() && own != of_api);
    let issuers = own.as_ref().zip(of_api.as_ref());
    d.set("has_other_issuer", issuers.is_some_and(|(own, of_api)| own.issuer != of_api.issuer));
    d.maybe("jwt", own);
    d.maybe("throttle", http.throttle.as_ref().map(throttle));
    // One that is inherited is the very value of the API, place included.
    d.set("has_own_throttle", http.throttle.is_some() && http.throttle != m.apis[http.api.value].throttle);
}

/// The methods that have routes, by API and shape of the path.
pub(super) type Routed = HashMap<(Id<Api>, String), Vec<Method>>;

/// All routes of an application.
pub(super) fn routed(m: &Model) -> Routed {
    let mut out = Routed::new();
    let routes = m.functions.values().iter().flat_map(|f| &f.triggers).filter_map(Trigger::http);
    for http in routes {
        let route = &http.route.value;
        out.entry((http.api.value, route.shape())).or_default().push(route.method);
    }
    out
}

/// What `ANY` stands for, save what has a route of its own, and save `OPTIONS`: gateways answer that themselves.
pub(super) fn methods(d: &mut Draft, routed: &Routed, trigger: &Trigger) {
    let Some(http) = trigger.http() else { return };
    let route = &http.route.value;
    let is_any = route.method == Method::Any;
    let others = is_any.then(|| routed.get(&(http.api.value, route.shape()))).flatten();
    let is_meant = |method: &&Method| {
        !matches!(method, Method::Any | Method::Options) && others.is_none_or(|others| !others.contains(method))
    };
    let meant = Method::ALL.iter().filter(|_| is_any).filter(is_meant).map(|method| method.as_str());
    let one = |name: &str| map! { "id": name.to_ascii_lowercase(), "route": format!("{name} {}", route.path()) };
    d.list("methods", meant.map(one));
}

/// How many consumers of a queue a target may start at a time, where the spec says so or how many instances may run. What
/// says nothing shares what is left with its siblings.
pub(super) fn share(d: &mut Draft, manifest: &Manifest, function: &Function, trigger: &Trigger) {
    let stated = |t: &Trigger| {
        let TriggerSource::Queue { concurrency, .. } = &t.source else { return None };
        Some(concurrency.map(|c| c.value))
    };
    let Some(own) = stated(trigger) else { return };
    let derived = function.scaling.max.map(|max| {
        let queues = || function.triggers.iter().filter_map(stated);
        let taken = queues().flatten().fold(0, u32::saturating_add);
        let silent = u32::try_from(queues().filter(Option::is_none).count()).unwrap_or(u32::MAX);
        let bound = |limit| {
            let Quantity::Number(number) = &manifest.limits.get(&limit)?.value else { return None };
            u32::try_from(*number).ok()
        };
        let left = max.value.saturating_sub(taken) / silent.max(1);
        let least = left.max(bound(Limit::QueueConcurrencyMin).unwrap_or(1));
        least.min(bound(Limit::QueueConcurrencyMax).unwrap_or(u32::MAX))
    });
    d.maybe("share", own.or(derived));
}

/// The path as a regular expression (RE2), for gateways that match by one.
fn regex(segments: &[Segment]) -> String {
    let mut out = String::new();
    for segment in segments {
        out.push('/');
        match (segment.is_parameter, segment.is_rest) {
            (true, _) => out.push_str("[^/]+"),
            (_, true) => out.push_str(".+"),
            _ => {
                for c in segment.text.chars() {
                    if !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_') {
                        out.push('\\');
                    }
                    out.push(c);
                }
            }
        }
    }
    if out.is_empty() { "/".to_owned() } else { out }
}

fn read(d: &mut Draft, reading: &Reading) {
    d.set("batch", reading.batch.value);
    d.maybe("window", reading.window.map(|w| w.value));
    d.set("is_latest", reading.start.value == Start::Latest);
    d.set("parallel", reading.parallel.value);
    d.set("is_partial_failures", reading.partial_failures.value);
    d.set("is_bisect", reading.bisect.value);
}

fn schedule(d: &mut Draft, when: &ScheduleWhen) {
    d.set("is_cron", matches!(when, ScheduleWhen::Cron { .. }));
    d.set("is_every", matches!(when, ScheduleWhen::Every(_)));
    match when {
        ScheduleWhen::Cron { cron, zone, .. } => {
            let view = self::cron::view(cron);
            d.set("is_quartz", view.is_quartz);
            d.maybe("cron_text", Some(&view.text));
            d.set("cron", view);
            d.set("zone", &zone.value);
            d.set("is_whole_minutes", true);
        }
        ScheduleWhen::Every(every) => {
            d.set("every", every.value);
            let minutes = every.value.as_millis().is_multiple_of(60_000).then(|| every.value.as_millis() / 60_000);
            d.set("is_whole_minutes", minutes.is_some());
            d.maybe("cron_text", minutes.and_then(self::cron::every));
            d.set("is_quartz", true);
            d.set("zone", "UTC");
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use serde_json::{Value as Json, json};

    use super::*;
    use crate::base::{Name, Sources, Span, Spanned};
    use crate::graph::Graph;
    use crate::graph::sample::{Sample, on_http};
    use crate::model::Throttle;

    /// The views of the first function's triggers, and that of the first API.
    fn views(graph: &Graph, sources: &Sources) -> (Vec<Json>, Option<Json>) {
        let model = graph.model();
        let setting = Setting { model, sources, target: "x", prefix: "shop".to_owned(), options: Map::new() };
        let (id, function) = model.functions.iter().next().unwrap();
        let triggers = function.triggers.iter().enumerate();
        let triggers = triggers
            .map(|(index, t)| draft(&setting, function, t, TriggerRef { runner: Runner::Function(id), index }))
            .map(|draft| json!(Value::Map(draft.view)))
            .collect();
        let api = super::super::resource::drafts(&setting, graph).into_iter().find(|d| d.kind == "api");
        (triggers, api.map(|api| json!(Value::Map(api.view))))
    }

    fn throttle(rate: u32, span: Span) -> Throttle {
        Throttle { rate: Spanned::new(rate, span), burst: Spanned::new(rate, span) }
    }

    #[test]
    fn only_a_throttle_of_the_route_itself_is_its_own() {
        let mut s = Sample::default();
        let (api, function) = (s.api("shop"), s.function("place"));
        let span = s.at("throttle");
        s.apis[0].throttle = Some(throttle(100, span));
        for own in [Some(throttle(100, span)), Some(throttle(5, s.at("own"))), None] {
            s.on(function, on_http(api));
            if let TriggerSource::Http(http) = &mut s.functions[0].triggers.last_mut().unwrap().source {
                http.throttle = own;
            }
        }
        let (graph, sources) = s.build();
        let (triggers, _) = views(&graph, &sources);
        let flags: Vec<&Json> = triggers.iter().map(|view| &view["has_own_throttle"]).collect();
        assert_eq!(flags, [false, true, false]);
    }

    #[test]
    fn an_api_lists_its_routes() {
        let mut s = Sample::default();
        let (api, function) = (s.api("shop"), s.function("place"));
        s.on(function, on_http(api));
        let (graph, sources) = s.build();
        let view = views(&graph, &sources).1.unwrap();
        assert_eq!(view["routes"], json!([{ "end": "functions.place.on.http" }]));
        assert_eq!(view["has_routes"], true);
    }

    #[test]
    fn a_renamed_function_takes_its_triggers_along() {
        let mut s = Sample::default();
        let (api, function) = (s.api("shop"), s.function("place-order"));
        s.on(function, on_http(api));
        let span = s.at("renamed-from");
        s.functions[0].head.renamed_from = Some(Spanned::new(Name::parse("order").unwrap(), span));
        let (graph, sources) = s.build();
        let view = &views(&graph, &sources).0[0];
        assert_eq!((&view["id"], &view["renamed_from_id"]), (&json!("place_order__http"), &json!("order__http")));
        assert_eq!((&view["renamed_from"], &view["function_before"]), (&json!("order-http"), &json!("order")));
    }

    #[test]
    fn what_is_renamed_takes_the_triggers_along_that_are_called_after_it() {
        let mut s = Sample::default();
        let (api, function) = (s.api("shop"), s.function("place"));
        s.on(function, on_http(api));
        s.functions[0].triggers[0].former_name = Some("http-before".into());
        let (graph, sources) = s.build();
        let view = &views(&graph, &sources).0[0];
        assert_eq!((&view["id"], &view["renamed_from_id"]), (&json!("place__http"), &json!("place__http_before")));
        assert_eq!((&view["function_before"], &view["trigger_before"]), (&json!("place"), &json!("http-before")));
    }

    #[test]
    fn a_pattern_takes_names_as_they_are() {
        assert_eq!(literal("in/"), "in/");
        assert_eq!(literal(r"a*b\c"), r"a\*b\\c");
    }

    #[test]
    fn parts_of_a_minute_show() {
        let mut s = Sample::default();
        let function = s.function("tick");
        for seconds in [90, 120] {
            s.on(function, |span| TriggerSource::Schedule {
                when: ScheduleWhen::Every(Spanned::new(crate::base::Duration::from_secs(seconds), span)),
                input: None,
                flexible: None,
            });
        }
        let (graph, sources) = s.build();
        let (triggers, _) = views(&graph, &sources);
        let flags: Vec<&Json> = triggers.iter().map(|view| &view["is_whole_minutes"]).collect();
        assert_eq!(flags, [false, true]);
    }
}
