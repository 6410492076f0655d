//! Which tasks have always run before a task: `tasks.<name>` may be named where every way there leads through it.
//! A forward analysis over sets of tasks, joined by intersection, list by list.

use std::collections::HashMap;

use super::Resolver;
use super::workflow::TaskNames;
use crate::base::{Name, Span, nearest};
use crate::diag::{Finding, shorten};
use crate::model::{Expr, PathRoot};
use crate::spec::{Task, TaskBody, Until};

/// A set of tasks by number.
type Set = Vec<u64>;

/// What an expression may name besides `input` and tasks.
#[derive(Clone, Default)]
struct Scope {
    each: Vec<Name>,
    catch: bool,
}

/// The analysis of one workflow.
pub(super) struct Flow<'f, 'r, 's> {
    resolver: &'f mut Resolver<'r>,
    names: &'f TaskNames<'s>,
    words: usize,
    /// What has run behind each task besides what ran before it; the same whatever ran before.
    behind: HashMap<usize, Option<Set>>,
}

impl<'f, 'r, 's> Flow<'f, 'r, 's> {
    pub(super) fn new(resolver: &'f mut Resolver<'r>, names: &'f TaskNames<'s>) -> Self {
        Self { resolver, names, words: names.numbers.len().div_ceil(64), behind: HashMap::new() }
    }

    /// Checks every expression of the workflow.
    pub(super) fn check(mut self, tasks: &[Task]) {
        let none = vec![0; self.words];
        self.list(tasks, &none, &Scope::default());
    }

    /// The tasks that have run when the list is through, given those before it. `None` when it is never through.
    fn list(&mut self, tasks: &[Task], before: &Set, scope: &Scope) -> Option<Set> {
        let (inputs, end) = self.fixpoint(tasks, before);
        for (task, input) in tasks.iter().zip(inputs) {
            // A task that nothing leads to is checked as if everything had run: it is another mistake, not this one.
            let input = input.unwrap_or_else(|| vec![u64::MAX; self.words]);
            if let Some(body) = &task.body {
                self.task(body, &input, scope);
            }
        }
        end
    }

    /// Input sets of the tasks of a list, and the set at its end. Sets only shrink, so the loop ends.
    fn fixpoint(&mut self, tasks: &[Task], before: &Set) -> (Vec<Option<Set>>, Option<Set>) {
        let mut inputs: Vec<Option<Set>> = vec![None; tasks.len()];
        let mut end: Option<Set> = None;
        match inputs.first_mut() {
            Some(first) => *first = Some(before.clone()),
            None => return (inputs, Some(before.clone())),
        }
        let positions: HashMap<&str, usize> =
            tasks.iter().enumerate().map(|(i, task)| (task.name.value.as_str(), i)).collect();
        let mut changed = true;
        while changed {
            changed = false;
            for (i, task) in tasks.iter().enumerate() {
                let Some(Some(input)) = inputs.get(i) else { continue };
                let Some(output) = self.after(task, input) else { continue };
                for next in successors(task, i, &positions) {
                    let slot = match next {
                        Some(next) => match inputs.get_mut(next) {
                            Some(slot) => slot,
                            None => &mut end,
                        },
                        None => continue,
                    };
                    // The end is joined too, but nothing runs again because of it.
                    let at_end = next.is_some_and(|n| n >= tasks.len());
                    changed |= join(slot, &output) && !at_end;
                }
            }
        }
        (inputs, end)
    }

    /// The set behind a task. `None` when nothing comes behind it.
    fn after(&mut self, task: &Task, input: &Set) -> Option<Set> {
        let number = self.names.numbers.get(task.name.value.as_str()).map_or(0, |(number, _)| *number);
        // Every step adds tasks and joins by intersection, so what a task adds does not depend on what ran before;
        // computed once, nesting costs nothing.
        if !self.behind.contains_key(&number) {
            let added = self.added(task, number);
            self.behind.insert(number, added);
        }
        let added = self.behind.get(&number)?.as_ref()?;
        let mut output = input.clone();
        unite(&mut output, added);
        Some(output)
    }

    /// The tasks that have run when a task is through: itself, and those inside of it that always run.
    fn added(&mut self, task: &Task, number: usize) -> Option<Set> {
        let none: Set = vec![0; self.words];
        let mut added = none.clone();
        insert(&mut added, number);
        let Some(body) = &task.body else { return Some(added) };
        if body.raise.is_some() {
            return None;
        }
        if let Some(fork) = &body.fork {
            let first = fork.until.as_ref().is_some_and(|u| u.value == Until::First);
            let ends: Vec<_> = fork.branches.0.iter().map(|(_, tasks, _)| self.fixpoint(tasks, &none).1).collect();
            if first {
                let mut joined = None;
                for end in ends.iter().flatten() {
                    join(&mut joined, end);
                }
                unite(&mut added, &joined?);
            } else {
                // One branch that is never through keeps the fork from being through.
                for end in ends {
                    unite(&mut added, &end?);
                }
            }
        }
        if let (Some(attempt), Some(catch)) = (&body.attempt, &body.catch) {
            let mut joined = self.fixpoint(&attempt.0, &none).1;
            if let Some(caught) = self.fixpoint(&catch.0, &none).1 {
                join(&mut joined, &caught);
            }
            unite(&mut added, &joined?);
        }
        Some(added)
    }

    /// The expressions of a task, and the lists inside of it.
    fn task(&mut self, body: &TaskBody, input: &Set, scope: &Scope) {
        let named = [body.with.as_ref(), body.set.as_ref()];
        for (_, expr) in named.into_iter().flatten().flat_map(crate::spec::Map::iter) {
            self.expression(expr, input, scope);
        }
        for (_, expr) in body.listen.iter().flat_map(|listen| listen.matches.iter()) {
            self.expression(expr, input, scope);
        }
        for case in body.switch.iter().flatten() {
            self.expression(&case.when, input, scope);
        }
        if let Some(for_each) = &body.for_each {
            self.expression(&for_each.list, input, scope);
            let mut inner = scope.clone();
            inner.each.push(for_each.each.value.clone());
            self.list(&for_each.tasks.0, input, &inner);
        }
        for (_, tasks, _) in body.fork.iter().flat_map(|fork| &fork.branches.0) {
            self.list(tasks, input, scope);
        }
        if let Some(attempt) = &body.attempt {
            self.list(&attempt.0, input, scope);
        }
        if let Some(catch) = &body.catch {
            let inner = Scope { catch: true, ..scope.clone() };
            self.list(&catch.0, input, &inner);
        }
    }

    fn expression(&mut self, expr: &Expr, input: &Set, scope: &Scope) {
        let mut paths = Vec::new();
        expr.paths(&mut |root, _, span| paths.push((root.clone(), span)));
        for (root, span) in paths {
            match root {
                PathRoot::Input => {}
                PathRoot::Task(name) => self.task_path(&name, span, input),
                PathRoot::Each(name) => self.each_path(&name, span, scope),
                PathRoot::Error if scope.catch => {}
                PathRoot::Error => {
                    let finding = Finding::error("unknown-reference", span, "`error` is there inside of `catch` alone");
                    self.resolver.report(finding.help("move the task into the `catch` of a `try`"));
                }
            }
        }
    }

    fn task_path(&mut self, name: &Name, span: Span, input: &Set) {
        let Some((number, place)) = self.names.numbers.get(name.as_str()) else {
            let message = format!("there is no task `{}`", shorten(name.as_str()));
            let finding = Finding::error("unknown-reference", span, message);
            let affordable = self.resolver.spend(self.names.numbers.len());
            let near = nearest(name.as_str(), self.names.numbers.keys().copied().filter(|_| affordable));
            self.resolver.report(match near {
                Some(near) => finding.did_you_mean(&format!("tasks.{near}")),
                None => finding.help("name a task of this workflow that ran before"),
            });
            return;
        };
        if !contains(input, *number) {
            let message = format!("`{name}` has not always run here");
            let finding = Finding::error("task-may-not-have-run", span, message).related(*place, "the task");
            self.resolver
                .report(finding.help("name a task that runs on every way to here, or move this one behind it"));
        }
    }

    fn each_path(&mut self, name: &Name, span: Span, scope: &Scope) {
        if scope.each.contains(name) {
            return;
        }
        let finding = Finding::error("unknown-reference", span, format!("`{name}` is not known here"));
        let each = scope.each.iter().map(Name::as_str);
        let known: Vec<&str> = each.chain(["input", "tasks"]).collect();
        self.resolver.report(match nearest(name.as_str(), known) {
            Some(near) => finding.did_you_mean(near),
            None => finding.help("paths start with `input`, `tasks`, or the `each` of a `for` around it; a text stands in quotes: `\"'text'\"`"),
        });
    }
}

/// Where a task leads: positions in its list, the length of the list for its end, `None` for the end of the workflow.
fn successors(task: &Task, at: usize, positions: &HashMap<&str, usize>) -> Vec<Option<usize>> {
    let next = Some(at + 1);
    let Some(cases) = task.body.as_ref().and_then(|body| body.switch.as_ref()) else { return vec![next] };
    let otherwise = task.body.as_ref().and_then(|body| body.otherwise.as_ref());
    // A target that is unknown was reported; it leads nowhere.
    let target = |name: &str| if name == "end" { None } else { positions.get(name).copied() };
    let mut all: Vec<Option<usize>> = cases.iter().map(|case| target(&case.then.value)).collect();
    all.push(otherwise.map_or(next, |otherwise| target(&otherwise.value)));
    all
}

/// Intersects; whether something changed.
fn join(slot: &mut Option<Set>, set: &Set) -> bool {
    let Some(known) = slot else {
        *slot = Some(set.clone());
        return true;
    };
    let mut changed = false;
    for (word, other) in known.iter_mut().zip(set) {
        changed |= *word & !*other != 0;
        *word &= *other;
    }
    changed
}

fn unite(set: &mut Set, other: &Set) {
    for (word, other) in set.iter_mut().zip(other) {
        *word |= *other;
    }
}

fn insert(set: &mut Set, number: usize) {
    if let Some(word) = set.get_mut(number / 64) {
        *word |= 1 << (number % 64);
    }
}

fn contains(set: &Set, number: usize) -> bool {
    set.get(number / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
}
