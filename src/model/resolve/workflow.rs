//! Workflows: their tasks, where a switch goes, and what expressions may name.

use std::collections::HashMap;
use std::sync::Arc;

use super::Resolver;
use super::flow::Flow;
use super::trigger::{Owner, retry};
use crate::base::{Name, Section, Span, Spanned, nearest};
use crate::diag::{Finding, shorten};
use crate::model::{Branch, Expr, Task, TaskKind, Workflow};
use crate::spec::{self, TaskBody};

/// Tries of a task that says how long, but not how often.
const ATTEMPTS: u32 = 3;

/// Most tasks of a workflow, nested ones included.
const TASKS: usize = 2000;

/// The kinds of a task, as keys.
const KINDS: [&str; 10] = ["call", "emit", "set", "wait", "listen", "switch", "for", "fork", "try", "raise"];

/// The tasks of one workflow by name: their numbers, in the order written.
#[derive(Default)]
pub(super) struct TaskNames<'s> {
    pub(super) numbers: HashMap<&'s str, (usize, Span)>,
}

impl<'s> Resolver<'s> {
    pub(super) fn resolve_workflows(&mut self) -> Vec<Option<Workflow>> {
        let list = std::mem::take(&mut self.names.workflows);
        let workflows = list.iter().map(|(name, workflow)| self.workflow(name, workflow)).collect();
        self.names.workflows = list;
        workflows
    }

    fn workflow(&mut self, name: &'s Spanned<Name>, w: &'s spec::Workflow) -> Option<Workflow> {
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.workflow.as_ref());
        // A workflow takes what comes as a whole.
        let triggers = self.triggers(w.on.as_ref(), Owner { reports: false });
        let idempotency = w.idempotency.as_ref().and_then(|i| self.idempotency(i, &triggers));
        let dead_letter = w.dead_letter.as_ref().or_else(|| defaults.and_then(|d| d.dead_letter.as_ref()));
        let dead_letter = dead_letter.and_then(|dead| self.find(&dead.to));
        let mut names = TaskNames::default();
        self.collect_tasks(&w.tasks.0, &mut names);
        if names.numbers.len() > TASKS {
            let message = format!("`{}` has more than {TASKS} tasks", name.value);
            let finding = Finding::error("workflow-too-large", name.span, message);
            self.report(finding.help("split it into workflows that start each other through events"));
            return None;
        }
        Flow::new(self, &names).check(&w.tasks.0);
        let tasks = self.tasks(&w.tasks.0, &names);
        Some(Workflow {
            head: Self::head(Section::Workflows, name, w.renamed_from.as_ref(), w.overrides.as_ref()),
            triggers,
            tasks,
            express: w.express.as_ref().is_some_and(|e| e.value),
            idempotency,
            dead_letter,
            observe: self.observe(w.observe.as_ref(), defaults.and_then(|d| d.observe.as_ref()), name.span),
        })
    }

    /// Names of tasks are unique in the whole workflow, so that `tasks.<name>` is one thing.
    fn collect_tasks(&mut self, tasks: &'s [spec::Task], names: &mut TaskNames<'s>) {
        for task in tasks {
            let next = names.numbers.len();
            if let Some((_, first)) = names.numbers.get(task.name.value.as_str()) {
                let message = format!("two tasks are called `{}`", task.name.value);
                let finding = Finding::error("name-clash", task.name.span, message);
                self.report(finding.related(*first, "the other one").help("rename one; nested tasks count too"));
            } else {
                names.numbers.insert(task.name.value.as_str(), (next, task.name.span));
            }
            let Some(body) = &task.body else { continue };
            for inner in children(body) {
                self.collect_tasks(inner, names);
            }
        }
    }

    fn tasks(&mut self, tasks: &'s [spec::Task], names: &TaskNames<'s>) -> Vec<Task> {
        let mut out = Vec::new();
        for (position, task) in tasks.iter().enumerate() {
            let Some(body) = &task.body else { continue };
            let compensate = body.compensate.as_ref().and_then(|f| self.find(f));
            self.check_companions(task, body);
            let Some(kind) = self.kind(task, body, tasks, position, names) else { continue };
            let why = "three tries unless it says otherwise";
            out.push(Task {
                name: task.name.clone(),
                kind,
                retry: body.retry.as_ref().map(|r| retry(r, ATTEMPTS, why)),
                compensate,
            });
        }
        out
    }

    fn kind(
        &mut self,
        task: &'s spec::Task,
        body: &'s TaskBody,
        siblings: &'s [spec::Task],
        position: usize,
        names: &TaskNames<'s>,
    ) -> Option<TaskKind> {
        if let Some(call) = &body.call {
            return Some(TaskKind::Call { function: self.find(call)?, with: with(body.with.as_ref()) });
        }
        if let Some(emit) = &body.emit {
            let event = self.find_event(emit);
            let bus = self.bus(body.bus.as_ref(), emit.span);
            return Some(TaskKind::Emit { event: event?, bus: bus?, with: with(body.with.as_ref()) });
        }
        if let Some(set) = &body.set {
            return Some(TaskKind::Set(with(Some(set))));
        }
        if let Some(wait) = &body.wait {
            return Some(TaskKind::Wait(*wait));
        }
        if let Some(listen) = &body.listen {
            return self.listen(task, body, listen);
        }
        if let Some(cases) = &body.switch {
            return Some(self.switch(body, cases, siblings, position));
        }
        if let Some(for_each) = &body.for_each {
            return Some(TaskKind::For {
                each: for_each.each.value.clone(),
                list: for_each.list.clone(),
                at_most: for_each.at_most.map(|n| n.0),
                tasks: self.tasks(&for_each.tasks.0, names),
            });
        }
        if let Some(fork) = &body.fork {
            let branches = fork
                .branches
                .0
                .iter()
                .map(|(name, tasks, _)| Branch { name: name.value.clone(), tasks: self.tasks(tasks, names) });
            let branches = branches.collect();
            let until_first = fork.until.as_ref().is_some_and(|u| u.value == spec::Until::First);
            return Some(TaskKind::Fork { branches, until_first });
        }
        if let Some(attempt) = &body.attempt {
            let catch = body.catch.as_ref().map(|catch| self.tasks(&catch.0, names));
            return Some(TaskKind::Try { tasks: self.tasks(&attempt.0, names), catch: catch? });
        }
        body.raise.clone().map(TaskKind::Raise)
    }

    fn listen(&mut self, task: &spec::Task, body: &TaskBody, listen: &spec::Listen) -> Option<TaskKind> {
        let event = self.find_event(&listen.event);
        if listen.matches.entries.is_empty() && !listen.broken && listen.matches.rejected.is_empty() {
            let finding = Finding::error("empty", listen.span, format!("`{}` waits for any event", task.name.value));
            self.report(finding.help("add `match: { /orderId: input.orderId }`, so that it waits for its own"));
        }
        let matches = listen.matches.iter().map(|(path, expr)| (path.value.clone(), expr.clone())).collect();
        Some(TaskKind::Listen { event: event?, matches, timeout: body.timeout? })
    }

    fn switch(&mut self, body: &TaskBody, cases: &[spec::Case], siblings: &[spec::Task], position: usize) -> TaskKind {
        let at_most = body.at_most.as_ref().map(|n| (*n).map(|n| n.0));
        let targets = cases.iter().map(|case| &case.then).chain(&body.otherwise);
        for target in targets {
            self.check_target(target, siblings, position, at_most.is_some());
        }
        if cases.is_empty() && !body.broken {
            let finding = Finding::error("empty", body.span, "a switch has no cases");
            self.report(finding.help("write `switch: [{ when: input.total > 500, then: review }]`"));
        }
        let cases = cases.iter().map(|case| (case.when.clone(), case.then.clone())).collect();
        TaskKind::Switch { cases, otherwise: body.otherwise.clone(), at_most }
    }

    /// A target is a task of the same list, or `end`; going back needs a number of rounds.
    fn check_target(&mut self, target: &Spanned<Arc<str>>, siblings: &[spec::Task], position: usize, rounds: bool) {
        if &*target.value == "end" {
            return;
        }
        let found = siblings.iter().position(|task| *task.name.value.as_str() == *target.value);
        match found {
            Some(at) if at <= position && !rounds => {
                let message = format!("`{}` points back without a number of rounds", target.value);
                let help = "add `at-most: 10` to the switch";
                self.report(Finding::error("endless-loop", target.span, message).help(help));
            }
            Some(_) => {}
            None => {
                let message = format!("there is no task `{}` in this list", shorten(&target.value));
                let finding = Finding::error("unknown-reference", target.span, message);
                let affordable = self.spend(siblings.len());
                let names = siblings.iter().map(|task| task.name.value.as_str()).chain(["end"]).filter(|_| affordable);
                self.report(match nearest(&target.value, names) {
                    Some(near) => finding.did_you_mean(near),
                    None => finding.help("name a task of the same list, or `end`"),
                });
            }
        }
    }

    /// Exactly one kind, and only what belongs to it.
    fn check_companions(&mut self, task: &spec::Task, body: &TaskBody) {
        let kinds = kinds_of(body);
        let Some(kind) = kinds.first() else {
            if !body.broken {
                let list: Vec<_> = KINDS.iter().map(|k| format!("`{k}`")).collect();
                let message = format!("`{}` says nothing to do", task.name.value);
                let help = format!("add one of {}", list.join(", "));
                self.report(Finding::error("missing-key", task.name.span, message).help(help));
            }
            return;
        };
        if let Some(second) = kinds.get(1) {
            let message = format!("`{}` has both `{kind}` and `{second}`", task.name.value);
            let finding = Finding::error("conflicting-keys", task.name.span, message);
            self.report(finding.help("make each a task of its own"));
            return;
        }
        let companions: [(&str, Option<Span>, &[&str]); 8] = [
            ("with", body.with.as_ref().map(|_| body.span), &["call", "emit"]),
            ("bus", body.bus.as_ref().map(|b| b.span), &["emit"]),
            ("timeout", body.timeout.as_ref().map(|t| t.span), &["listen"]),
            ("else", body.otherwise.as_ref().map(|t| t.span), &["switch"]),
            ("at-most", body.at_most.as_ref().map(|t| t.span), &["switch"]),
            ("catch", body.catch.as_ref().map(|_| body.span), &["try"]),
            ("retry", body.retry.as_ref().map(|r| r.span), &["call", "emit", "for", "fork", "try"]),
            ("compensate", body.compensate.as_ref().map(|c| c.span), &["call", "for", "fork", "try"]),
        ];
        for (key, place, of) in companions {
            if let Some(place) = place.filter(|_| !of.contains(kind)) {
                let of: Vec<_> = of.iter().map(|k| format!("`{k}`")).collect();
                let message = format!("`{key}` does nothing in `{}`, a `{kind}` task", task.name.value);
                let help = format!("remove it; it belongs to {}", of.join(", "));
                self.report(Finding::error("conflicting-keys", place, message).help(help));
            }
        }
        let needed = match *kind {
            "listen" if body.timeout.is_none() => Some(("timeout", "3d")),
            "try" if body.catch.is_none() => Some(("catch", "[ … ]")),
            _ => None,
        };
        if let Some((key, example)) = needed.filter(|_| !body.broken) {
            let message = format!("`{}` needs `{key}`", task.name.value);
            let finding = Finding::error("missing-key", task.name.span, message);
            self.report(finding.help(format!("add `{key}: {example}`")));
        }
    }
}

fn kinds_of(body: &TaskBody) -> Vec<&'static str> {
    let there = [
        body.call.is_some(),
        body.emit.is_some(),
        body.set.is_some(),
        body.wait.is_some(),
        body.listen.is_some(),
        body.switch.is_some(),
        body.for_each.is_some(),
        body.fork.is_some(),
        body.attempt.is_some(),
        body.raise.is_some(),
    ];
    KINDS.into_iter().zip(there).filter(|(_, there)| *there).map(|(kind, _)| kind).collect()
}

/// The lists of tasks inside of a task.
pub(super) fn children(body: &TaskBody) -> Vec<&[spec::Task]> {
    let mut lists: Vec<&[spec::Task]> = Vec::new();
    lists.extend(body.for_each.as_ref().map(|f| f.tasks.0.as_slice()));
    lists.extend(body.fork.iter().flat_map(|f| &f.branches.0).map(|(_, tasks, _)| tasks.as_slice()));
    lists.extend(body.attempt.as_ref().map(|t| t.0.as_slice()));
    lists.extend(body.catch.as_ref().map(|t| t.0.as_slice()));
    lists
}

fn with(map: Option<&spec::With>) -> Vec<(Arc<str>, Expr)> {
    map.into_iter().flat_map(spec::Map::iter).map(|(key, expr)| (key.value.clone(), expr.clone())).collect()
}
