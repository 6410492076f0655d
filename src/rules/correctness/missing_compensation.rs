//! Half of a workflow that stays when the other half fails.

use crate::analysis::{Facts, execution};
use crate::base::Span;
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind, NodeRef};
use crate::model::{AnyResource, Function, Id, Task, TaskKind, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-compensation",
    category: Category::Correctness,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A workflow does something that nothing undoes when a later task fails.",
    doc: include_str!("missing_compensation.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    list(facts, &facts.model().workflows[id].tasks, None, out);
}

/// Nesting is capped by the parser, so the recursion is too. `after` is what may fail behind the list.
fn list(facts: &Facts, tasks: &[Task], after: Option<Span>, out: &mut Findings) {
    for (at, task) in tasks.iter().enumerate() {
        // It undoes what is inside of it too.
        if task.compensate.is_some() {
            continue;
        }
        let behind = execution::behind(tasks, at);
        let fails = behind.iter().filter_map(|place| tasks.get(*place)).find_map(failing).or(after);
        match &task.kind {
            TaskKind::Call { function, .. } => {
                if let Some(fails) = fails {
                    report(facts, task, function.value, fails, out);
                }
            }
            // What fails beside a branch ends the others.
            TaskKind::Fork { branches, .. } => {
                for (number, branch) in branches.iter().enumerate() {
                    let others = branches.iter().enumerate().filter(|(other, _)| *other != number);
                    let beside = others.flat_map(|(_, branch)| &branch.tasks).find_map(failing);
                    list(facts, &branch.tasks, beside.or(fails), out);
                }
            }
            // Its rounds are taken as work that each stands for itself.
            TaskKind::For { tasks, .. } => list(facts, tasks, fails, out),
            // Its own failures are handled, by who wrote the `catch`.
            TaskKind::Try { tasks, .. } => {
                for inner in tasks.iter().filter(|inner| inner.compensate.is_none()) {
                    if let (TaskKind::Call { function, .. }, Some(fails)) = (&inner.kind, fails) {
                        report(facts, inner, function.value, fails, out);
                    }
                }
            }
            TaskKind::Emit { .. }
            | TaskKind::Set(_)
            | TaskKind::Wait(_)
            | TaskKind::Listen { .. }
            | TaskKind::Switch { .. }
            | TaskKind::Raise(_) => {}
        }
    }
}

fn report(facts: &Facts, task: &Task, function: Id<Function>, fails: Span, out: &mut Findings) {
    let Some(effect) = facts.effects(function).find(|edge| lasts(facts, edge)) else { return };
    let name = &task.name.value;
    let by = facts.model().functions[function].head.name();
    out.push(
        RULE.finding(task.name.span, format!("nothing undoes `{name}` when a later task fails"))
            .related(effect.span, format!("`{by}` leaves something behind"))
            .related(fails, "this may fail")
            .help(format!("add `compensate: <function>` to `{name}`, or move it behind all that may fail")),
    );
}

/// Whether an effect stays and can be undone. A message or an event that was sent cannot.
fn lasts(facts: &Facts, edge: &Edge) -> bool {
    if !matches!(edge.kind, EdgeKind::Accesses { .. }) {
        return false;
    }
    match facts.graph().node(edge.to).of {
        NodeRef::Resource(resource) => matches!(
            resource,
            AnyResource::Table(_) | AnyResource::Bucket(_) | AnyResource::Database(_) | AnyResource::External(_)
        ),
        NodeRef::Event(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Route(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => false,
    }
}

/// Where a task may fail, uncaught.
fn failing(task: &Task) -> Option<Span> {
    match &task.kind {
        TaskKind::Call { function, .. } => Some(function.span),
        TaskKind::Listen { timeout, .. } => Some(timeout.span),
        TaskKind::Raise(text) => Some(text.span),
        TaskKind::For { tasks, .. } => tasks.iter().find_map(failing),
        TaskKind::Fork { branches, .. } => branches.iter().flat_map(|branch| &branch.tasks).find_map(failing),
        TaskKind::Try { catch, .. } => catch.iter().find_map(failing),
        TaskKind::Emit { .. } | TaskKind::Set(_) | TaskKind::Wait(_) | TaskKind::Switch { .. } => None,
    }
}
