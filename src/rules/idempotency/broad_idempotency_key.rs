//! Keys that are the same for several events, so that all but the first are dropped.

use std::collections::BTreeSet;

use crate::analysis::Facts;
use crate::base::{Pointer, Span};
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{
    Event, Expr, Function, Id, Idempotency, IdempotencyKey, Model, Ordered, PathRoot, Task, TaskKind, TriggerSource,
    Workflow,
};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "broad-idempotency-key",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Several events or calls have the same idempotency key, and all but the first are dropped.",
    doc: include_str!("broad_idempotency_key.md"),
    by_target: false,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let model = facts.model();
    match runner {
        Runner::Function(id) => {
            let function = &model.functions[id];
            series(facts, runner, function.head.name(), function.idempotency.as_ref(), out);
        }
        Runner::Workflow(id) => {
            let workflow = &model.workflows[id];
            series(facts, runner, workflow.head.name(), workflow.idempotency.as_ref(), out);
            calls(model, workflow, &workflow.tasks, out);
        }
    }
}

/// The key of an ordered channel names a series of events, not one.
fn series(facts: &Facts, runner: Runner, name: &str, idempotency: Option<&Idempotency>, out: &mut Findings) {
    let model = facts.model();
    let Some((key, span)) = pointer(idempotency) else { return };
    for (_, trigger) in facts.triggers(runner) {
        let Some((event, source)) = ordered(model, &trigger.source) else { continue };
        let event = &model.events[event];
        let Some(order) = event.key.as_ref().filter(|order| order.value == *key) else { continue };
        let better = event.id.as_ref().map_or_else(|| "event:id".to_owned(), |id| id.value.to_string());
        let message = format!(
            "`{name}` takes all events of `{source}` with the same `{key}` for one, and drops all but the first"
        );
        out.push(
            RULE.finding(span, message)
                .label("the key of a series of events")
                .related(order.span, "events with one key are kept in order, so there are several")
                .help(format!("write `key: {better}`, which each event has for itself"))
                .fix("take a key of each event", span, better, Applicability::Unsafe),
        );
        return;
    }
}

fn pointer(idempotency: Option<&Idempotency>) -> Option<(&Pointer, Span)> {
    let (Idempotency::Table { key, .. } | Idempotency::Cache { key, .. }) = idempotency? else { return None };
    match &key.value {
        IdempotencyKey::Pointer(pointer) => Some((pointer, key.span)),
        IdempotencyKey::Header(_) | IdempotencyKey::Path(_) | IdempotencyKey::EventId => None,
    }
}

/// The event of an ordered channel, and the name of the channel.
fn ordered<'m>(model: &'m Model, source: &TriggerSource) -> Option<(Id<Event>, &'m str)> {
    let (carries, name) = match source {
        TriggerSource::Queue { from, .. } => {
            let queue = &model.queues[from.value];
            (queue.carries.filter(|_| queue.ordered.value != Ordered::No), queue.head.name())
        }
        TriggerSource::Topic { from } => {
            let topic = &model.topics[from.value];
            (topic.carries.filter(|_| topic.ordered.value != Ordered::No), topic.head.name())
        }
        TriggerSource::Stream { from, .. } => {
            (model.streams[from.value].carries, model.streams[from.value].head.name())
        }
        TriggerSource::Http(_)
        | TriggerSource::Change { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => return None,
    };
    carries.map(|event| (event.value, name))
}

/// Two calls of one function with one key in one execution. Nesting is capped by the parser, so the recursion is too.
fn calls(model: &Model, workflow: &Workflow, tasks: &[Task], out: &mut Findings) {
    for (at, task) in tasks.iter().enumerate() {
        let later = reached(tasks, at);
        for one in keyed(model, task) {
            let others = later.iter().filter_map(|other| tasks.get(*other)).flat_map(|other| keyed(model, other));
            let Some(other) = others.into_iter().find(|other| one.function == other.function && one.is_same(other))
            else {
                continue;
            };
            let (name, called) = (workflow.head.name(), model.functions[one.function].head.name());
            out.push(
                RULE.finding(other.span, format!("`{name}` calls `{called}` twice with the same key `{}`", one.key))
                    .label("this call is taken for the one before")
                    .related(one.span, "the first call")
                    .related(one.key_span, "the key by which calls are told apart")
                    .help(format!(
                        "give both calls a key of their own: another member of `with` as the key of `{called}`"
                    )),
            );
        }
        match &task.kind {
            TaskKind::For { tasks, .. } => {
                rounds(model, workflow, tasks, out);
                calls(model, workflow, tasks, out);
            }
            TaskKind::Fork { branches, .. } => {
                for branch in branches {
                    calls(model, workflow, &branch.tasks, out);
                }
            }
            TaskKind::Try { tasks, catch } => {
                calls(model, workflow, tasks, out);
                calls(model, workflow, catch, out);
            }
            TaskKind::Call { .. }
            | TaskKind::Emit { .. }
            | TaskKind::Set(_)
            | TaskKind::Wait(_)
            | TaskKind::Listen { .. }
            | TaskKind::Switch { .. }
            | TaskKind::Raise(_) => {}
        }
    }
}

/// Calls in a `for` whose key is the same in each round.
fn rounds(model: &Model, workflow: &Workflow, tasks: &[Task], out: &mut Findings) {
    let calls = tasks.iter().filter(|task| matches!(task.kind, TaskKind::Call { .. }));
    for call in calls.filter_map(|task| keyed(model, task).into_iter().next()) {
        let mut is_fixed = true;
        call.value.paths(&mut |root, _, _| is_fixed &= matches!(root, PathRoot::Input));
        if !is_fixed {
            continue;
        }
        let (name, called) = (workflow.head.name(), model.functions[call.function].head.name());
        out.push(
            RULE.finding(
                call.span,
                format!("`{name}` calls `{called}` in each round with the same key `{}`", call.key),
            )
            .label("all rounds but the first are taken for repetitions")
            .related(call.key_span, "the key by which calls are told apart")
            .help("take the key from the element of the round"),
        );
    }
}

/// A call with the value that its idempotency key has.
struct Keyed<'m> {
    function: Id<Function>,
    key: &'m Pointer,
    key_span: Span,
    value: &'m Expr,
    span: Span,
}

impl Keyed<'_> {
    /// Whether both have the same value, written in the same way.
    fn is_same(&self, other: &Self) -> bool {
        self.value.to_string() == other.value.to_string()
    }
}

/// What a task calls, and what undoes it with the same data.
fn keyed<'m>(model: &'m Model, task: &'m Task) -> Vec<Keyed<'m>> {
    let TaskKind::Call { function, with } = &task.kind else { return Vec::new() };
    let calls = [Some((function.value, function.span)), task.compensate.map(|undo| (undo.value, undo.span))];
    let with_key = |(function, span): (Id<Function>, Span)| {
        let (key, key_span) = pointer(model.functions[function].idempotency.as_ref())?;
        let member = key.steps().next()?;
        let (_, value) = with.iter().find(|(name, _)| **name == *member)?;
        Some(Keyed { function, key, key_span, value, span })
    };
    calls.into_iter().flatten().filter_map(with_key).collect()
}

/// The places in a list to which an execution may come after a task, that task left out.
fn reached(tasks: &[Task], from: usize) -> BTreeSet<usize> {
    let mut seen = BTreeSet::new();
    let mut open = follows(tasks, from);
    while let Some(at) = open.pop() {
        if at != from && at < tasks.len() && seen.insert(at) {
            open.extend(follows(tasks, at));
        }
    }
    seen
}

fn follows(tasks: &[Task], at: usize) -> Vec<usize> {
    match tasks.get(at).map(|task| &task.kind) {
        Some(TaskKind::Switch { cases, otherwise, .. }) => {
            let place = |name: &str| tasks.iter().position(|task| task.name.value.as_str() == name);
            let mut next: Vec<usize> = cases.iter().filter_map(|(_, to)| place(&to.value)).collect();
            match otherwise {
                Some(to) => next.extend(place(&to.value)),
                None => next.push(at + 1),
            }
            next
        }
        Some(TaskKind::Raise(_)) | None => Vec::new(),
        Some(
            TaskKind::Call { .. }
            | TaskKind::Emit { .. }
            | TaskKind::Set(_)
            | TaskKind::Wait(_)
            | TaskKind::Listen { .. }
            | TaskKind::For { .. }
            | TaskKind::Fork { .. }
            | TaskKind::Try { .. },
        ) => vec![at + 1],
    }
}
