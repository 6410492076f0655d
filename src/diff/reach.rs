//! What a thief of an identity reaches through events, before and after.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::change::{Change, Which};
use super::names::Names;
use super::rights::{Holder, Rights, covers, path};
use super::{Class, Spec};
use crate::analysis::{Actor, Hop, Tuple};
use crate::base::Span;
use crate::graph::render::scope_text;
use crate::graph::{NodeRef, Runner};
use crate::model::{Model, Scope, Verb};

/// Most steps of all paths that are compared, shared out evenly, and the fewest that each identity gets.
const STEPS: usize = 200_000;
const LEAST: usize = 40;
/// More rights than these in the reach of one identity say nothing new.
const SHOWN: usize = 20;

/// The right that is reached: on what, what, and which part.
pub(super) type Key = (String, Verb, Scope);

/// What one thief reaches, each right with the way to it.
pub(super) type Ways = BTreeMap<Key, String>;

/// Functions and workflows, by path.
pub(super) type Runners = BTreeMap<String, Runner>;

/// All functions and workflows of one state, by the names that they have after.
pub(super) fn runners(of: Spec<'_>, names: &Names) -> Runners {
    of.facts.reach().runners().into_iter().map(|runner| (path(of.facts, runner.into(), names), runner)).collect()
}

/// What a thief of an identity reaches in the new state.
pub(super) fn ways(new: Spec<'_>, holder: &Holder, runners: &Runners) -> Ways {
    let runner = runners.get(&holder.owner);
    runner.map(|runner| reached(new, *runner, budget(runners), &Names::default())).unwrap_or_default()
}

/// The way to a right; the own rows of somebody else are others.
pub(super) fn way<'w>(ways: &'w Ways, on: &str, right: &Tuple) -> Option<&'w str> {
    let is_it = |(of, verb, scope): &Key| of == on && *verb == right.verb && covers(scope, &right.scope);
    ways.iter().filter(|_| right.scope != Scope::Own).find(|(key, _)| is_it(key)).map(|(_, way)| way.as_str())
}

fn budget(runners: &Runners) -> usize {
    (STEPS / runners.len().max(1)).max(LEAST)
}

/// All of it.
pub(super) fn changes(
    (old, new): (Spec<'_>, Spec<'_>),
    names: &Names,
    (before, after): (&Rights<'_>, &Rights<'_>),
) -> Vec<Change> {
    let (was, is) = (runners(old, names), runners(new, &Names::default()));
    let budget = budget(&is);
    let both: Vec<(&String, Runner, Runner)> =
        is.iter().filter_map(|(path, runner)| Some((path, *was.get(path)?, *runner))).collect();
    let one = |(path, was, is): &(&String, Runner, Runner)| {
        let (had, has) = (reached(old, *was, budget, names), reached(new, *is, budget, &Names::default()));
        let holder = Holder { owner: (*path).clone(), name: (*path).clone() };
        // What it may do itself, before or now, it does not have to reach.
        let is_own = |of: &Rights<'_>, (on, verb, scope): &Key| {
            let tuples = of.held.get(&holder).and_then(|rights| rights.get(&(on.clone(), *verb)));
            *scope != Scope::Own && tuples.is_some_and(|tuples| tuples.iter().any(|tuple| covers(&tuple.scope, scope)))
        };
        let (more, less) =
            (difference(&has, &had, |key| is_own(before, key)), difference(&had, &has, |key| is_own(after, key)));
        let more = told(Class::ReachWidened, path, &more, "now reaches");
        let less = told(Class::ReachNarrowed, path, &less, "no longer reaches");
        let place = |of: Spec<'_>, runner: Runner| NodeRef::from(runner).head(of.facts.model()).map(|head| head.span);
        let at = |change: Option<Change>, which, span: Option<Span>| match (change, span) {
            (Some(change), Some(span)) => Some(change.at(which, span)),
            (change, _) => change,
        };
        [at(more, Which::New, place(new, *is)), at(less, Which::Old, place(old, *was))].into_iter().flatten()
    };
    both.par_iter().flat_map_iter(one).collect()
}

/// Each right that is reached, with the way to it.
fn reached(of: Spec<'_>, runner: Runner, budget: usize, names: &Names) -> Ways {
    let radius = of.facts.reach().radius(Actor::Runner(runner), budget);
    let rights = radius.rights().map(|(tuple, way)| {
        let key = (path(of.facts, tuple.on.into(), names), tuple.verb, tuple.scope.clone());
        (key, steps(&way, of.facts.model()))
    });
    rights.collect()
}

/// `emit order.placed -> charge -> …`, without the right itself.
fn steps(way: &[Hop<'_>], model: &Model) -> String {
    let Some((_, before)) = way.split_last() else { return String::new() };
    let name = |of: NodeRef| of.head(model).map(|head| head.name().to_owned()).unwrap_or_default();
    let word = |hop: &Hop<'_>| match hop {
        Hop::Right(tuple) => match (&tuple.scope, tuple.verb) {
            (Scope::Type(kind), verb) => format!("{verb} {kind}"),
            (_, Verb::Invoke | Verb::Start) => name(tuple.on.into()),
            (_, verb) => format!("{verb} {}", name(tuple.on.into())),
        },
        Hop::Resumes(resume) => name(NodeRef::Workflow(resume.workflow)),
    };
    before.iter().map(word).collect::<Vec<_>>().join(" -> ")
}

fn difference<'m>(of: &'m Ways, without: &Ways, is_known: impl Fn(&Key) -> bool) -> Vec<(&'m Key, &'m str)> {
    let is_new = |key: &Key| !without.contains_key(key) && !is_known(key);
    of.iter().filter(|(key, _)| is_new(key)).map(|(key, way)| (key, way.as_str())).collect()
}

fn told(class: Class, path: &str, rights: &[(&Key, &str)], what: &str) -> Option<Change> {
    let text = |(on, verb, scope): &Key| match scope_text(scope) {
        Some(scope) => format!("`{verb}` ({scope}) on `{on}`"),
        None => format!("`{verb}` on `{on}`"),
    };
    let (first, _) = rights.first()?;
    let reached = match rights.len() {
        1 => text(first),
        n => format!("{n} rights that are not its own"),
    };
    let mut change = Change::new(class, path, format!("a thief of `{path}` {what} {reached}")).of(path);
    for (key, way) in rights.iter().take(SHOWN) {
        change = change.because(format!("{} by {way}", text(key)));
    }
    if rights.len() > SHOWN {
        change = change.because(format!("and {} more", rights.len() - SHOWN));
    }
    Some(change)
}
