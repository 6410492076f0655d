//! Repeated deliveries to a function that says nothing about them.

use super::brief_deduplication::{self, outlasted};
use super::publisher_duplicates;
use crate::analysis::{Channel, Facts, Judged, Limit};
use crate::base::Duration;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, Runner, TriggerRef};
use crate::model::{Event, Function, Id, Method, Pointer, State, Trigger, TriggerKind, TriggerSource};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-idempotency",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function with effects may be run twice for one event and does not say how it bears that.",
    doc: include_str!("missing_idempotency.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    if function.idempotency.is_some() {
        return;
    }
    let Some(effect) = facts.effects(id).next().filter(|_| is_unguarded(facts, id)) else { return };
    let holds = |on: &Judged| repeating(facts, function, id, on).next().is_some();
    let targets = facts.targets_where(holds);
    let Some(first) = targets.first() else { return };
    let sources: Vec<_> = repeating(facts, function, id, first).take(RELATED).collect();
    let name = function.head.name();
    let mut finding = RULE
        .finding(function.head.span, format!("`{name}` may run twice for one event and does not say how it bears that"))
        .related(effect.span, happens(&effect.kind))
        .help(format!("add `idempotency: {}`, or `idempotency: natural` where a repetition is harmless", {
            let (at, trigger) = sources.first().copied().unzip();
            declaration(facts, at, trigger, first)
        }));
    for (_, trigger) in sources {
        finding = finding.related(trigger.span, repeats(facts, trigger, first));
    }
    if targets.len() < facts.judged().len() {
        finding = targets.iter().fold(finding, |finding, target| finding.on(target.id()));
    }
    out.push(finding);
}

/// Whether the rule finds a function: who asks for the same declaration for another reason stays silent then.
pub(super) fn is_found(facts: &Facts, id: Id<Function>) -> bool {
    let function = &facts.model().functions[id];
    function.idempotency.is_none() && facts.effects(id).next().is_some() && is_unguarded(facts, id)
}

/// Whether any rule asks a function how it bears that its events come twice.
pub(super) fn is_asked(facts: &Facts, id: Id<Function>) -> bool {
    is_found(facts, id) || brief_deduplication::is_found(facts, id) || publisher_duplicates::is_found(facts, id)
}

/// Whether anything that repeats comes without a broker that drops repetitions for a while. Where such a broker stands
/// before all of it, `brief-deduplication` says what is wrong.
fn is_unguarded(facts: &Facts, id: Id<Function>) -> bool {
    let function = &facts.model().functions[id];
    let is_open = |on: &Judged| {
        repeating(facts, function, id, on).any(|(at, trigger)| outlasted(facts, at, trigger, on).is_none())
    };
    facts.judged().iter().any(is_open)
}

/// The triggers whose deliveries repeat on a target.
fn repeating<'f>(
    facts: &'f Facts,
    function: &'f Function,
    id: Id<Function>,
    on: &'f Judged,
) -> impl Iterator<Item = (TriggerRef, &'f Trigger)> {
    facts.triggers(Runner::Function(id)).filter(move |(_, trigger)| match trigger.http() {
        // Clients and proxies repeat what was not answered. An entity serves one call at a time and keeps its own
        // state, and the other methods are idempotent by definition.
        Some(http) => matches!(http.route.value.method, Method::Post | Method::Patch) && function.state == State::None,
        // A rotation is a protocol of repeated steps.
        None => trigger.kind() != TriggerKind::Rotation && facts.repeats(trigger, on),
    })
}

fn repeats(facts: &Facts, trigger: &Trigger, on: &Judged) -> String {
    if trigger.http().is_some() {
        return "clients repeat requests that were not answered".to_owned();
    }
    // An ordered broker drops what was sent twice, and only for a while; people take that for exactly once.
    let is_ordered = matches!(facts.channel(trigger), Channel::QueueOrdered | Channel::TopicOrdered);
    match on.time(Limit::DedupWindow).filter(|_| is_ordered) {
        Some(window) => format!("what is sent twice is dropped for {} only ({})", window.value, window.fact),
        None => "delivers at least once".to_owned(),
    }
}

/// What a repetition of an effect means.
pub(super) fn happens(kind: &EdgeKind) -> String {
    match kind {
        EdgeKind::Accesses { verb, .. } => format!("`{verb}` would be done twice"),
        EdgeKind::Emits { .. } => "the event would be sent twice".to_owned(),
        EdgeKind::Calls(_)
        | EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates
        | EdgeKind::NativeGrant { .. } => "the call would be made twice".to_owned(),
    }
}

/// What could be written, with a store and a window of this application where they are known.
pub(super) fn declaration(facts: &Facts, at: Option<TriggerRef>, trigger: Option<&Trigger>, on: &Judged) -> String {
    let model = facts.model();
    let key = match trigger {
        Some(trigger) if trigger.http().is_some() => "header:idempotency-key".to_owned(),
        Some(trigger) => event_key(facts, trigger).map_or_else(|| "event:id".to_owned(), |key| key.as_str().to_owned()),
        None => "event:id".to_owned(),
    };
    let store = facts.idempotency_store().map_or("seen", |table| model.tables[table].head.name());
    let longest = at.and_then(|at| facts.redelivery(at, on)).map(|redelivery| redelivery.longest);
    let window = longest.unwrap_or(Duration::from_secs(86_400));
    format!("{{ key: {key}, store: {store}, window: {window} }}")
}

/// The key of the event that a trigger delivers. On an ordered channel it names a series, not one event.
fn event_key<'f>(facts: &'f Facts, trigger: &Trigger) -> Option<&'f Pointer> {
    let model = facts.model();
    let event: Id<Event> = match &trigger.source {
        TriggerSource::Queue { from, .. } => {
            let queue = &model.queues[from.value];
            if queue.ordered.value != crate::model::Ordered::No {
                return None;
            }
            queue.carries?.value
        }
        TriggerSource::Event { types, .. } => match types.as_slice() {
            [one] => one.value,
            _ => return None,
        },
        TriggerSource::Http(_)
        | TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => return None,
    };
    model.events[event].key.as_ref().map(|key| &key.value)
}
