//! Views of functions.

use super::draft::{Draft, Setting};
use super::resource::{alarms, dead_letter};
use super::trigger::{self, is_async};
use super::view::{map, optional};
use super::{Package, Packages};
use crate::base::{Duration, Map, Value};
use crate::catalog::{Limit, Quantity, Target};
use crate::graph::{Runner, TriggerRef, resource_head};
use crate::model::{
    Auth, Call, CallMode, Code, Envelope, Function, FunctionKind, Id, Idempotency, Model, Network, Runtime, Scaling,
    Trigger, TriggerKind, TriggerSource,
};

/// Functions that somebody calls without waiting.
pub(super) fn called_async(model: &Model) -> Vec<bool> {
    let mut flags = vec![false; model.functions.len()];
    for call in model.functions.values().iter().flat_map(|f| &f.calls) {
        if let Call::Function { function, mode: CallMode::Async, .. } = call
            && let Some(flag) = flags.get_mut(function.index())
        {
            *flag = true;
        }
    }
    flags
}

/// The view of one function.
pub(super) fn draft(
    setting: &Setting<'_>,
    target: &Target,
    packages: &Packages,
    id: Id<Function>,
    f: &Function,
    called_async: bool,
) -> Draft {
    let m = setting.model;
    let mut d = Draft::of(setting, "function", &f.head);
    d.set("runtime", runtime(target, &f.runtime.value));
    let kind = f.runtime.value.kind();
    d.set("is_code", kind == FunctionKind::Code);
    d.set("is_container", kind == FunctionKind::Container);
    d.set("is_model", kind == FunctionKind::Model);
    d.set("is_pythonic", f.runtime.value.language() == Some("python"));
    entry(&mut d, target, f);
    code(&mut d, setting, packages, f);
    d.set("memory", f.memory.value);
    d.set("timeout", f.timeout.value);
    d.set("deadline", f.timeout.value.saturating_add(start(target)));
    d.set("is_private", f.network.value == Network::Private);
    d.set("is_traced", f.observe.trace.value);
    d.set("log_retention", f.observe.logs.retention.value);
    d.set("log_retention_days", retention_days(target, f.observe.logs.retention.value));
    alarms(setting, &mut d, f.observe.alarms.value);
    scaling(&mut d, &f.scaling);
    fields(m, &mut d, f, called_async);
    let ends: Vec<Value> = (0..f.triggers.len())
        .map(|index| Value::end(trigger::address(m, TriggerRef { runner: Runner::Function(id), index })))
        .collect();
    d.list("triggers", ends);
    d.list("routes", routes(f));
    d.list("sifted", sifted(f));
    let partial = f.triggers.iter().filter(|t| t.partial_failures()).filter_map(Trigger::resource);
    d.list("partial_failures", partial.map(|from| Value::end(&resource_head(m, from).path)));
    for kind in TriggerKind::ALL {
        d.set(format!("has_trigger_{kind}"), f.triggers.iter().any(|t| t.kind() == *kind));
    }
    d.maybe("idempotency", f.idempotency.as_ref().and_then(|i| idempotency(setting, f, i)));
    d
}

/// What the declaration of a function decides alone: how it gets events, how often something that nobody waits for is
/// tried, and where it goes then.
pub(super) fn fields(m: &Model, d: &mut Draft, f: &Function, called_async: bool) {
    d.set("is_portable", f.envelope.value == Envelope::Portable);
    d.set("is_native", f.envelope.value == Envelope::Native);
    d.set("language", f.runtime.value.language().unwrap_or(""));
    dead_letter(m, d, f.dead_letter.map(|queue| queue.value));
    let pushed = f.triggers.iter().filter(|t| is_async(t.kind()));
    d.set("is_async", called_async || pushed.clone().next().is_some());
    let strictest = pushed.filter_map(|t| t.retry.as_ref()).min_by_key(|r| r.attempts.value);
    d.maybe("retry", strictest.map(trigger::retry));
}

/// What an adapter needs to know of requests: by which trigger, method, path, and whether a token was checked.
fn routes(f: &Function) -> Vec<Map> {
    let route = |t: &Trigger| {
        let TriggerSource::Http(http) = &t.source else { return None };
        let has_jwt = matches!(http.auth, Auth::Jwt(_));
        let (method, path) = (http.route.value.method.as_str(), http.route.value.path());
        Some(map! { "trigger": &t.name, "method": method, "path": path, "jwt": has_jwt })
    };
    f.triggers.iter().filter_map(route).collect()
}

/// Conditions by trigger, for platforms whose filters do not see the data of an event: the adapter tests it.
fn sifted(f: &Function) -> Vec<Map> {
    let filtered = f.triggers.iter().filter(|t| !t.conditions.is_empty());
    filtered.map(|t| map! { "trigger": &t.name, "where": super::filter::conditions(&t.conditions) }).collect()
}

fn runtime(target: &Target, runtime: &Runtime) -> Map {
    let key = runtime.key();
    let fields = target.manifest.runtimes.get(&key).into_iter().flatten();
    let mut out: Map = fields.map(|(k, v)| (k.replace('-', "_"), v)).collect();
    if let Runtime::Language { language, version } = runtime {
        out.insert("language", language);
        out.insert("version", version);
    }
    out.insert("name", key);
    out
}

fn entry(d: &mut Draft, target: &Target, f: &Function) {
    let adapter = f
        .runtime
        .value
        .language()
        .filter(|_| f.envelope.value == Envelope::Portable)
        .and_then(|language| target.manifest.adapters.get(language));
    d.maybe("handler", f.handler.as_ref().map(|h| &h.value));
    let own = f.handler.as_ref().map(|h| h.value.to_string());
    d.maybe("entry", adapter.map(|a| a.entry.clone()).or(own));
    d.set("has_adapter", adapter.is_some());
}

fn code(d: &mut Draft, setting: &Setting<'_>, packages: &Packages, f: &Function) {
    let image = match &f.code {
        Code::Image(image) => Some(registered(&image.value, &setting.options)),
        Code::Folder(_) | Code::Archive(_) | Code::Model(_) => None,
    };
    d.set("is_pinned", image.as_ref().is_some_and(|i| i.contains("@sha256:")));
    d.maybe("image", image);
    d.maybe("code", packages.get(f.head.name()).map(package));
}

fn package(package: &Package) -> Map {
    map! {
        "path": &package.path,
        "archive": &package.path,
        "folder": &package.path,
        "slug": &package.slug,
        "hash_hex": data_encoding::HEXLOWER.encode(&package.sha256),
        "hash_base64": data_encoding::BASE64.encode(&package.sha256),
    }
}

/// The registry goes before an image that does not name one: a first part with a dot, a port or `localhost`.
fn registered(image: &str, options: &Map) -> String {
    let names_host = image.split_once('/').is_some_and(|(host, _)| host.contains(['.', ':']) || host == "localhost");
    match options.get("registry").and_then(Value::as_str).filter(|_| !names_host) {
        Some(registry) => format!("{}/{image}", registry.trim_end_matches('/')),
        None => image.to_owned(),
    }
}

/// How long a delivery waits for an instance to start.
fn start(target: &Target) -> crate::base::Duration {
    match target.manifest.limits.get(&Limit::FunctionStart).map(|l| &l.value) {
        Some(Quantity::Time(time)) => *time,
        Some(Quantity::Number(_) | Quantity::Size(_) | Quantity::OneOf(_)) | None => crate::base::Duration::ZERO,
    }
}

/// The fewest days that a platform can keep logs for and that are enough; without a list, the days themselves.
fn retention_days(target: &Target, wanted: Duration) -> u64 {
    let days = wanted.as_days_ceil();
    match target.manifest.limits.get(&Limit::LogRetentionDays).map(|l| &l.value) {
        Some(Quantity::OneOf(list)) => {
            list.iter().copied().find(|d| *d >= days).or(list.last().copied()).unwrap_or(days)
        }
        Some(Quantity::Number(_) | Quantity::Time(_) | Quantity::Size(_)) | None => days,
    }
}

fn scaling(d: &mut Draft, s: &Scaling) {
    let mut out = Map::new();
    let (min, warm) = (s.min.map(|n| n.value), s.warm.map(|n| n.value));
    optional!(out, "ready" => min.max(warm), "min" => min, "max" => s.max.map(|n| n.value),
        "warm" => warm, "concurrency" => s.concurrency.map(|n| n.value));
    let windows = s.schedule.iter().enumerate();
    let schedule = windows.map(|(i, w)| {
        let cron = super::cron::view(&w.cron.value);
        map! { "name": format!("warm-{}", i + 1), "cron": cron, "zone": &w.zone, "warm": w.warm }
    });
    out.insert("has_schedule", !s.schedule.is_empty());
    out.insert("schedule", schedule.collect::<Value>());
    d.set("scaling", out);
}

fn idempotency(setting: &Setting<'_>, f: &Function, i: &Idempotency) -> Option<Map> {
    let (key, store, window) = match i {
        Idempotency::Table { key, store, window } => (key, &setting.model.tables[store.value].head.path, window),
        Idempotency::Cache { key, store, window } => (key, &setting.model.caches[store.value].head.path, window),
        Idempotency::Natural { .. } => return None,
    };
    Some(map! {
        "key": key.value.to_string(), "store": Value::end(store), "window": window.value,
        "window_seconds": window.value.as_secs_ceil(), "row_prefix": format!("{}#", f.head.name()),
    })
}
