//! Where one contract meets another: what is set aside and what its queue carries, what a workflow emits and the schema
//! of the event, what a function returns and what its route promises. And the paths into data that the spec names.

mod expression;
mod path;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;

use std::sync::Arc;

use serde_json::Value;

use super::Facts;
use super::schema::{Compatibility, compatibility};
use crate::base::{Span, Spanned};
use crate::graph::{Edge, Runner};
use crate::model::{Event, Expr, Id, Model, Queue, Schema, Task, TaskKind, Trigger, TriggerSource};

pub use path::{NamedPath, Whence};

use expression::Typing;

/// A producer's contract beside that of its consumer.
#[derive(Debug, Clone, PartialEq)]
pub struct Meeting {
    /// The text that brings them together.
    pub span: Span,
    /// What is sent, as a noun: `payment.received` from `ledger`.
    pub sent: String,
    /// Where its contract stands.
    pub sender: Span,
    /// What is expected, as a noun.
    pub taken: String,
    /// Where that stands.
    pub taker: Span,
    /// Whether they fit.
    pub answer: Compatibility,
}

impl Facts {
    /// All places where two contracts of different texts meet, in the order of queues, functions and workflows.
    pub fn meetings(&self) -> &[Meeting] {
        self.meetings.get_or_init(|| find(self.model()))
    }

    /// What a task of a workflow gives to the function that it calls along an edge; `None` for other edges.
    pub fn given_in_call(&self, edge: &Edge) -> Option<&[(Arc<str>, Expr)]> {
        let Runner::Workflow(id) = self.graph().runner(edge.from)? else { return None };
        let mut found = None;
        each_task(&self.model().workflows[id].tasks, &mut |task| {
            if let TaskKind::Call { function, with } = &task.kind
                && function.span == edge.span
            {
                found = Some(with.as_slice());
            }
        });
        found
    }
}

fn find(model: &Model) -> Vec<Meeting> {
    let mut out = Vec::new();
    for queue in model.queues.values() {
        if let (Some(carried), Some(dead_letter)) = (&queue.carries, &queue.dead_letter) {
            set_aside(model, carried.value, queue.head.name(), dead_letter.to.value, dead_letter.to.span, &mut out);
        }
    }
    for (id, function) in model.functions.iter() {
        if let Some(queue) = &function.dead_letter {
            failures(model, Runner::Function(id), function.head.name(), *queue, &mut out);
        }
        let routes = function.triggers.iter().filter_map(Trigger::http).filter_map(|http| http.returns);
        for promised in routes {
            let event = &model.events[promised.value];
            if let (Some(returned), Some(schema)) = (&function.returns, &event.schema) {
                out.push(Meeting {
                    span: promised.span,
                    sent: format!("what `{}` returns", function.head.name()),
                    sender: returned.span,
                    taken: format!("`{}`", event.event_type),
                    taker: schema.span,
                    answer: compatibility(&returned.json, &schema.json),
                });
            }
        }
    }
    for (id, workflow) in model.workflows.iter() {
        if let Some(queue) = &workflow.dead_letter {
            failures(model, Runner::Workflow(id), workflow.head.name(), *queue, &mut out);
        }
        let typing = Typing::of(model, workflow);
        each_task(&workflow.tasks, &mut |task| {
            if let TaskKind::Emit { event, with, .. } = &task.kind
                && let Some(schema) = &model.events[event.value].schema
            {
                out.push(Meeting {
                    span: event.span,
                    sent: format!("what `{}` gives", task.name.value),
                    sender: task.name.span,
                    taken: format!("`{}`", model.events[event.value].event_type),
                    taker: schema.span,
                    answer: typing.given(with, schema),
                });
            }
        });
    }
    out
}

/// What a function or workflow fails to handle goes to its dead letter, but for what came from a queue, which has its own.
fn failures(model: &Model, runner: Runner, name: &str, to: Spanned<Id<Queue>>, out: &mut Vec<Meeting>) {
    for trigger in runner.triggers(model) {
        if matches!(trigger.source, TriggerSource::Queue { .. } | TriggerSource::Http(_)) {
            continue;
        }
        for event in payloads(model, trigger) {
            set_aside(model, event, name, to.value, to.span, out);
        }
    }
}

fn set_aside(model: &Model, sent: Id<Event>, from: &str, to: Id<Queue>, span: Span, out: &mut Vec<Meeting>) {
    let Some(taken) = model.queues[to].carries.filter(|taken| taken.value != sent) else { return };
    let (sent, expected) = (&model.events[sent], &model.events[taken.value]);
    let (Some(producer), Some(consumer)) = (&sent.schema, &expected.schema) else { return };
    let meeting = Meeting {
        span,
        sent: format!("`{}` from `{from}`", sent.event_type),
        sender: producer.span,
        taken: format!("`{}` of `{}`", expected.event_type, model.queues[to].head.name()),
        taker: taken.span,
        answer: compatibility(&producer.json, &consumer.json),
    };
    if !out.contains(&meeting) {
        out.push(meeting);
    }
}

/// The events that a trigger brings.
fn payloads(model: &Model, trigger: &Trigger) -> Vec<Id<Event>> {
    match &trigger.source {
        TriggerSource::Event { types, .. } => types.iter().map(|event| event.value).collect(),
        TriggerSource::Http(http) => http.body.iter().map(|event| event.value).collect(),
        TriggerSource::Queue { from, .. } => model.queues[from.value].carries.iter().map(|event| event.value).collect(),
        TriggerSource::Stream { from, .. } => {
            model.streams[from.value].carries.iter().map(|event| event.value).collect()
        }
        TriggerSource::Topic { from } => model.topics[from.value].carries.iter().map(|event| event.value).collect(),
        TriggerSource::Change { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => Vec::new(),
    }
}

/// All tasks, nested ones behind theirs. Nesting is capped by the parser, so the recursion is too.
fn each_task<'m>(tasks: &'m [Task], visit: &mut impl FnMut(&'m Task)) {
    for task in tasks {
        visit(task);
        match &task.kind {
            TaskKind::For { tasks, .. } => each_task(tasks, visit),
            TaskKind::Fork { branches, .. } => branches.iter().for_each(|branch| each_task(&branch.tasks, visit)),
            TaskKind::Try { tasks, catch } => {
                each_task(tasks, visit);
                each_task(catch, visit);
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

/// A schema that anything fits.
const ANYTHING: Value = Value::Bool(true);

/// The schema of what a task leaves behind, where a contract says it.
fn result<'m>(model: &'m Model, task: &'m Task) -> Option<&'m Schema> {
    match &task.kind {
        TaskKind::Call { function, .. } => model.functions[function.value].returns.as_ref(),
        TaskKind::Listen { event, .. } => model.events[event.value].schema.as_ref(),
        TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Wait(_)
        | TaskKind::Switch { .. }
        | TaskKind::For { .. }
        | TaskKind::Fork { .. }
        | TaskKind::Try { .. }
        | TaskKind::Raise(_) => None,
    }
}
