//! How a workflow runs: where each task goes on, how long that takes at most, and how much it writes down.

use crate::base::{Duration, Span, Spanned};
use crate::model::{Model, Retry, Task, TaskKind};

/// Longest run of a workflow that is `express`, by the language.
pub const EXPRESS: Duration = Duration::from_secs(300);

/// What a time is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// What it is told to wait, once: less than this no path takes.
    Waits,
    /// All that it is told to wait, the timeouts of what it calls, retries and rounds: more than this no path takes.
    Everything,
}

/// The places of a list at which a task may go on. The place behind the last is the end of the list; what ends the workflow
/// goes on nowhere.
pub fn next(tasks: &[Task], at: usize) -> Vec<usize> {
    let Some(task) = tasks.get(at) else { return Vec::new() };
    match &task.kind {
        TaskKind::Switch { cases, otherwise, .. } => {
            let named = |to: &Spanned<std::sync::Arc<str>>| {
                tasks.iter().position(|task| *task.name.value.as_str() == *to.value)
            };
            let mut places: Vec<usize> = cases.iter().filter_map(|(_, to)| named(to)).collect();
            match otherwise {
                Some(to) => places.extend(named(to)),
                None => places.push(at + 1),
            }
            places
        }
        TaskKind::Raise(_) => Vec::new(),
        TaskKind::Call { .. }
        | TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Wait(_)
        | TaskKind::Listen { .. }
        | TaskKind::For { .. }
        | TaskKind::Fork { .. }
        | TaskKind::Try { .. } => vec![at + 1],
    }
}

/// The places of a list that may be run behind one, ascending.
pub fn behind(tasks: &[Task], at: usize) -> Vec<usize> {
    let mut seen = vec![false; tasks.len()];
    let mut open = next(tasks, at);
    while let Some(place) = open.pop() {
        match seen.get_mut(place) {
            Some(flag) if !*flag => *flag = true,
            Some(_) | None => continue,
        }
        open.extend(next(tasks, place));
    }
    seen.iter().enumerate().filter(|(_, flag)| **flag).map(|(place, _)| place).collect()
}

/// The longest time of any path through a list. What points back is counted once, or as often as it may.
pub fn longest(model: &Model, tasks: &[Task], counting: Counting) -> Duration {
    let own: Vec<Duration> = tasks.iter().map(|task| of_task(model, task, counting)).collect();
    let mut best = vec![Duration::ZERO; tasks.len()];
    for (at, time) in own.iter().enumerate().rev() {
        let mut time = *time;
        if counting == Counting::Everything {
            time = time.saturating_add(rounds(tasks, at, &own));
        }
        let ahead = next(tasks, at).into_iter().filter(|to| *to > at);
        let after = ahead.filter_map(|to| best.get(to).copied()).max().unwrap_or_default();
        if let Some(slot) = best.get_mut(at) {
            *slot = time.saturating_add(after);
        }
    }
    best.first().copied().unwrap_or_default()
}

/// The time of the further rounds of a switch that points back.
fn rounds(tasks: &[Task], at: usize, own: &[Duration]) -> Duration {
    let Some((first, times)) = back(tasks, at) else { return Duration::ZERO };
    let round = own.get(first..=at).unwrap_or_default();
    let round = round.iter().fold(Duration::ZERO, |sum, time| sum.saturating_add(*time));
    round.saturating_mul(u64::from(times.value))
}

/// Where a switch points back to, and how often it may.
fn back(tasks: &[Task], at: usize) -> Option<(usize, Spanned<u32>)> {
    let TaskKind::Switch { at_most: Some(times), .. } = &tasks.get(at)?.kind else { return None };
    let first = next(tasks, at).into_iter().filter(|to| *to <= at).min()?;
    Some((first, *times))
}

/// Nesting is capped by the parser, so the recursion is too.
fn of_task(model: &Model, task: &Task, counting: Counting) -> Duration {
    let inner = |tasks: &[Task]| longest(model, tasks, counting);
    let all = counting == Counting::Everything;
    let once = match &task.kind {
        TaskKind::Wait(time) => time.value,
        TaskKind::Listen { timeout, .. } => timeout.value,
        TaskKind::Call { function, .. } if all => model.functions[function.value].timeout.value,
        TaskKind::For { at_most, tasks, .. } if all => inner(tasks).saturating_mul(u64::from(at_most.value)),
        TaskKind::For { tasks, .. } => inner(tasks),
        TaskKind::Fork { branches, until_first } => {
            let times = branches.iter().map(|branch| inner(&branch.tasks));
            if *until_first { times.min() } else { times.max() }.unwrap_or_default()
        }
        TaskKind::Try { tasks, catch } if all => inner(tasks).saturating_add(inner(catch)),
        TaskKind::Try { tasks, catch } => inner(tasks).max(inner(catch)),
        TaskKind::Call { .. }
        | TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Switch { .. }
        | TaskKind::Raise(_) => Duration::ZERO,
    };
    match &task.retry {
        Some(retry) if all => once.saturating_mul(u64::from(retry.attempts.value)).saturating_add(delays(retry)),
        Some(_) | None => once,
    }
}

/// All delays between the tries.
fn delays(retry: &Retry) -> Duration {
    let Some(delay) = retry.delay else { return Duration::ZERO };
    let times = u64::from(retry.attempts.value).saturating_sub(1);
    let factor = if retry.backoff.value { 1_u64.checked_shl(u32::try_from(times).unwrap_or(u32::MAX)) } else { None };
    match (retry.backoff.value, factor) {
        (true, Some(factor)) => delay.value.saturating_mul(factor.saturating_sub(1)),
        (true, None) => delay.value.saturating_mul(u64::MAX),
        (false, _) => delay.value.saturating_mul(times),
    }
}

/// How many tasks a list runs at most, tries and rounds included, with the number in the text that adds most to it.
pub fn runs(tasks: &[Task]) -> (u64, Option<Spanned<u32>>) {
    let counted: Vec<(u64, Option<Spanned<u32>>)> = tasks.iter().map(of_run).collect();
    let mut sum = 0_u64;
    let mut most: (u64, Option<Spanned<u32>>) = (0, None);
    for (at, (count, reason)) in counted.iter().enumerate() {
        sum = sum.saturating_add(*count);
        if reason.is_some() && *count > most.0 {
            most = (*count, *reason);
        }
        let Some((first, times)) = back(tasks, at) else { continue };
        let round = counted.get(first..=at).unwrap_or_default();
        let round = round.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
        let more = round.saturating_mul(u64::from(times.value));
        sum = sum.saturating_add(more);
        if more > most.0 {
            most = (more, Some(times));
        }
    }
    (sum, most.1)
}

fn of_run(task: &Task) -> (u64, Option<Spanned<u32>>) {
    let (inner, reason) = match &task.kind {
        TaskKind::For { at_most, tasks, .. } => {
            (runs(tasks).0.saturating_mul(u64::from(at_most.value)), Some(*at_most))
        }
        TaskKind::Fork { branches, .. } => {
            let counted: Vec<_> = branches.iter().map(|branch| runs(&branch.tasks)).collect();
            let sum = counted.iter().fold(0_u64, |sum, (count, _)| sum.saturating_add(*count));
            (sum, counted.into_iter().max_by_key(|(count, _)| *count).and_then(|(_, reason)| reason))
        }
        TaskKind::Try { tasks, catch } => {
            let (first, second) = (runs(tasks), runs(catch));
            (first.0.saturating_add(second.0), first.1.or(second.1))
        }
        TaskKind::Call { .. }
        | TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Wait(_)
        | TaskKind::Listen { .. }
        | TaskKind::Switch { .. }
        | TaskKind::Raise(_) => (0, None),
    };
    let tries = task.retry.as_ref().map_or(1, |retry| u64::from(retry.attempts.value));
    (inner.saturating_add(1).saturating_mul(tries), reason)
}

/// All that a list is told to wait, nested lists included, longest first.
pub fn waits(tasks: &[Task]) -> Vec<Spanned<Duration>> {
    let mut found = Vec::new();
    each(tasks, &mut |task, _| match &task.kind {
        TaskKind::Wait(time) => found.push(*time),
        TaskKind::Listen { timeout, .. } => found.push(*timeout),
        TaskKind::Call { .. }
        | TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Switch { .. }
        | TaskKind::For { .. }
        | TaskKind::Fork { .. }
        | TaskKind::Try { .. }
        | TaskKind::Raise(_) => {}
    });
    found.sort_by_key(|wait| std::cmp::Reverse(wait.value));
    found
}

/// Visits all tasks, nested ones included, each with the tasks around it, outermost first.
pub fn each<'m>(tasks: &'m [Task], visit: &mut impl FnMut(&'m Task, &[&'m Task])) {
    descend(tasks, &mut Vec::new(), visit);
}

fn descend<'m>(tasks: &'m [Task], around: &mut Vec<&'m Task>, visit: &mut impl FnMut(&'m Task, &[&'m Task])) {
    for task in tasks {
        visit(task, around);
        around.push(task);
        for list in lists(task) {
            descend(list, around, visit);
        }
        around.pop();
    }
}

/// The lists inside of a task.
pub fn lists(task: &Task) -> Vec<&[Task]> {
    match &task.kind {
        TaskKind::For { tasks, .. } => vec![tasks],
        TaskKind::Fork { branches, .. } => branches.iter().map(|branch| branch.tasks.as_slice()).collect(),
        TaskKind::Try { tasks, catch } => vec![tasks, catch],
        TaskKind::Call { .. }
        | TaskKind::Emit { .. }
        | TaskKind::Set(_)
        | TaskKind::Wait(_)
        | TaskKind::Listen { .. }
        | TaskKind::Switch { .. }
        | TaskKind::Raise(_) => Vec::new(),
    }
}

/// Where the tries of a task are stated.
pub fn retried(task: &Task) -> Option<(u32, Span)> {
    let attempts = &task.retry.as_ref()?.attempts;
    Some((attempts.value, attempts.span)).filter(|(attempts, _)| *attempts > 1)
}
