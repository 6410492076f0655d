//! Repeated deliveries to a function or workflow that says nothing about them.

use super::brief_deduplication::{self, outlasted};
use super::publisher_duplicates;
use crate::analysis::{Channel, Facts, Judged, execution};
use crate::base::{Duration, Span};
use crate::diag::{Finding, Findings, Severity};
use crate::graph::{EdgeKind, Runner, TriggerRef};
use crate::model::{
    CallMode, Event, Function, Id, Method, Pointer, State, Task, TaskKind, Trigger, TriggerKind, TriggerSource,
    Workflow,
};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-idempotency",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function or workflow with effects may run twice for one event and does not say how it bears that.",
    doc: include_str!("missing_idempotency.md"),
    by_target: true,
    checks: &[Check::Function(function), Check::Workflow(workflow)],
};

/// Why something is run twice for one event.
struct Repetition<'f> {
    /// Where that is written.
    span: Span,
    /// The trigger, unless it is a call.
    trigger: Option<(TriggerRef, &'f Trigger)>,
    /// For how long it can come again, where that is known.
    longest: Option<Duration>,
}

impl<'f> Repetition<'f> {
    fn of(facts: &Facts, at: TriggerRef, trigger: &'f Trigger, on: &Judged) -> Self {
        let longest = facts.redelivery(at, on).map(|again| again.longest);
        Self { span: trigger.span, trigger: Some((at, trigger)), longest }
    }
}

fn function(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    if function.idempotency.is_some() || !is_unguarded(facts, id) {
        return;
    }
    let Some(effect) = facts.effects(id).next() else { return };
    let name = function.head.name();
    let message = format!("`{name}` may run twice for one event and does not say how it bears that");
    let finding = RULE.finding(function.head.span, message).related(effect.span, happens(&effect.kind));
    told(facts, finding, |on| repeating(facts, id, on).collect(), out);
}

/// A workflow that is started twice does all of its tasks twice. Those that bear it, or that are asked for it already, are no
/// reason to ask again.
fn workflow(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let workflow = &facts.model().workflows[id];
    if workflow.idempotency.is_some() {
        return;
    }
    let mut effect = None;
    execution::each(&workflow.tasks, &mut |task, around| {
        if effect.is_none() {
            effect = done_twice(facts, task, around);
        }
    });
    let Some((span, what)) = effect else { return };
    let name = workflow.head.name();
    let message = format!("`{name}` may be started twice for one event and does not say how it bears that");
    let finding = RULE.finding(workflow.head.span, message).related(span, what);
    let started = |on: &Judged| {
        let at = Runner::Workflow(id);
        let triggers = facts.triggers(at).filter(|(_, trigger)| is_repeated(facts, trigger, on));
        triggers.map(|(at, trigger)| Repetition::of(facts, at, trigger, on)).collect()
    };
    told(facts, finding, started, out);
}

/// The finding with what repeats on the targets where anything does.
fn told<'f>(
    facts: &'f Facts,
    finding: Finding,
    repeating: impl Fn(&'f Judged) -> Vec<Repetition<'f>>,
    out: &mut Findings,
) {
    let on_each: Vec<_> = facts.judged().iter().map(|on| (on, repeating(on))).collect();
    let on_each: Vec<_> = on_each.into_iter().filter(|(_, found)| !found.is_empty()).collect();
    let Some(sources) = on_each.first().map(|(_, sources)| sources) else { return };
    let Some(first) = sources.first() else { return };
    let key = first.trigger.map_or_else(|| "event:id".to_owned(), |(_, trigger)| key(facts, trigger));
    let mut finding = finding.help(format!(
        "add `idempotency: {}`, or `idempotency: natural` where a repetition is harmless",
        declaration(facts, &key, first.longest)
    ));
    for source in sources.iter().take(RELATED) {
        let why = match source.trigger {
            Some((_, trigger)) if trigger.http().is_some() => "clients repeat requests that were not answered",
            Some(_) => "delivers at least once",
            None => "the platform queues this call and delivers it at least once",
        };
        finding = finding.related(source.span, why);
    }
    if on_each.len() < facts.judged().len() {
        finding = on_each.iter().fold(finding, |finding, (target, _)| finding.on(target.id()));
    }
    out.push(finding);
}

/// What a task of a workflow would do a second time. A call that is tried again has `unsafe-retry`.
fn done_twice(facts: &Facts, task: &Task, around: &[&Task]) -> Option<(Span, String)> {
    match &task.kind {
        TaskKind::Emit { event, .. } => Some((event.span, "the event would be sent twice".to_owned())),
        TaskKind::Call { function, .. } => {
            let is_retried =
                std::iter::once(task).chain(around.iter().copied()).any(|task| execution::retried(task).is_some());
            let called = &facts.model().functions[function.value];
            if is_retried || called.idempotency.is_some() || is_asked(facts, function.value) {
                return None;
            }
            let effect = facts.effects(function.value).next()?;
            Some((function.span, format!("of `{}`, {}", called.head.name(), happens(&effect.kind))))
        }
        TaskKind::Set(_)
        | TaskKind::Wait(_)
        | TaskKind::Listen { .. }
        | TaskKind::Switch { .. }
        | TaskKind::For { .. }
        | TaskKind::Fork { .. }
        | TaskKind::Try { .. }
        | TaskKind::Raise(_) => None,
    }
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
    let is_open = |on: &Judged| {
        let is_outlasted = |(at, trigger)| outlasted(facts, at, trigger, on).is_some();
        repeating(facts, id, on).any(|source| !source.trigger.is_some_and(is_outlasted))
    };
    facts.judged().iter().any(is_open)
}

/// What runs a function twice on a target: triggers and asynchronous calls.
fn repeating<'f>(facts: &'f Facts, id: Id<Function>, on: &'f Judged) -> impl Iterator<Item = Repetition<'f>> {
    // An entity serves one call at a time and keeps its own state.
    let is_entity = facts.model().functions[id].state != State::None;
    let is_left = move |trigger: &Trigger| is_entity && trigger.http().is_some();
    let triggers = facts.triggers(Runner::Function(id));
    let triggers = triggers.filter(move |(_, trigger)| !is_left(trigger) && is_repeated(facts, trigger, on));
    let calls = facts.graph().id(id).into_iter().flat_map(|id| facts.graph().incoming(id));
    let calls = calls.filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Async) && on.repeats(Channel::CallAsync));
    let triggers = triggers.map(|(at, trigger)| Repetition::of(facts, at, trigger, on));
    triggers.chain(calls.map(|edge| {
        let longest = facts.redelivery_along(edge, on).map(|again| again.longest);
        Repetition { span: edge.span, trigger: None, longest }
    }))
}

fn is_repeated(facts: &Facts, trigger: &Trigger, on: &Judged) -> bool {
    match trigger.http() {
        // Clients and proxies repeat what was not answered. The other methods are idempotent by definition.
        Some(http) => matches!(http.route.value.method, Method::Post | Method::Patch),
        // A rotation is a protocol of repeated steps.
        None => trigger.kind() != TriggerKind::Rotation && facts.repeats(trigger, on),
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

/// What could be written, with a store of this application, and a window as long as something can come again.
pub(super) fn declaration(facts: &Facts, key: &str, longest: Option<Duration>) -> String {
    let store = facts.idempotency_store().map_or("seen", |table| facts.model().tables[table].head.name());
    let window = longest.unwrap_or(Duration::from_secs(86_400));
    format!("{{ key: {key}, store: {store}, window: {window} }}")
}

/// What tells one event of a trigger from another, as far as the application says it.
pub(super) fn key(facts: &Facts, trigger: &Trigger) -> String {
    if trigger.http().is_some() {
        return "header:idempotency-key".to_owned();
    }
    event_key(facts, trigger).map_or_else(|| "event:id".to_owned(), |key| key.as_str().to_owned())
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
