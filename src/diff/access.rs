//! Who may do more or less than before: the access relation, the native grants beside it, and what a thief reaches.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::change::{Change, Detail, Which};
use super::names::Names;
use super::rights::{Holder, Right, Rights, covers, is_self, path};
use super::{Class, Spec};
use crate::access::right_text;
use crate::analysis::{Actor, Hop, Tuple};
use crate::base::Span;
use crate::graph::render::scope_text;
use crate::graph::{NodeRef, Runner};
use crate::model::{Model, NativeGrant, Scope, Verb};

/// Most steps of all paths that are compared, shared out evenly, and the fewest that each identity gets.
const STEPS: usize = 200_000;
const LEAST: usize = 40;
/// More rights than these in the reach of one identity say nothing new.
const SHOWN: usize = 20;

/// All of the level but who comes in.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (Rights::of(old.facts, names), Rights::of(new.facts, &Names::default()));
    let mut out = relation(old, new, &before, &after);
    native(old, new, names, &before, &mut out);
    let waits = |spec: Spec<'_>| !spec.facts.model().workflows.is_empty();
    // What is reached follows from the relation, and from the workflows that wait for events.
    if !before.is_like(&after) || waits(old) || waits(new) {
        out.extend(reach(old, new, names, &before));
    }
    out
}

fn relation(old: Spec<'_>, new: Spec<'_>, before: &Rights<'_>, after: &Rights<'_>) -> Vec<Change> {
    let mut out = Vec::new();
    for (holder, rights) in &after.held {
        match before.held.get(holder) {
            Some(had) => compared((old, new), holder, had, rights, &mut out),
            None => out.extend(whole(new, Which::New, holder, rights)),
        }
    }
    for (holder, rights) in before.held.iter().filter(|(holder, _)| !after.held.contains_key(holder)) {
        out.extend(whole(old, Which::Old, holder, rights));
    }
    out
}

/// An identity that comes or goes with everything it may do.
fn whole(of: Spec<'_>, which: Which, holder: &Holder, rights: &BTreeMap<Right, Vec<&Tuple>>) -> Option<Change> {
    let told: Vec<&Tuple> = rights.values().flatten().copied().filter(|tuple| !is_self(tuple)).collect();
    let first = told.first()?;
    let (class, message) = match which {
        Which::New => (Class::AccessAdded, format!("`{}` is new and comes with its rights", holder.name)),
        Which::Old => (Class::AccessRemoved, format!("`{}` is gone with its rights", holder.name)),
    };
    let mut change = Change::new(class, &holder.name, message).of(&holder.owner).at(which, first.span);
    for ((on, _), tuples) in rights {
        for tuple in tuples.iter().filter(|tuple| !is_self(tuple)) {
            change = change.because(format!("`{}` on `{on}`: {}", right_text(tuple), because(of, tuple)));
        }
    }
    Some(change)
}

fn because(of: Spec<'_>, tuple: &Tuple) -> String {
    format!("{} ({})", tuple.because, of.place(tuple.span))
}

/// A right of one state, and those on the same object by the same verb in the other.
type Differs<'r, 'a> = (&'a Tuple, &'r [&'a Tuple]);

/// What an identity gained and lost, object by object.
fn compared<'a>(
    (old, new): (Spec<'_>, Spec<'_>),
    holder: &Holder,
    had: &BTreeMap<Right, Vec<&'a Tuple>>,
    has: &BTreeMap<Right, Vec<&'a Tuple>>,
    out: &mut Vec<Change>,
) {
    let objects: BTreeSet<&String> = had.keys().chain(has.keys()).map(|(on, _)| on).collect();
    for on in objects {
        let (gained, lost) = (beyond(on, has, had), beyond(on, had, has));
        let subject = format!("{} on {on}", holder.name);
        if let Some((first, _)) = gained.first() {
            let message = format!("`{}` may now {} `{on}`", holder.name, verbs_on(&gained));
            let mut change = Change::new(Class::AccessWidened, subject, message);
            change = change.of(&holder.owner).at(Which::New, first.span);
            change.details.extend(details(new, &gained, Which::New));
            change.details.extend(details(old, &lost, Which::Old));
            out.push(change);
        } else if let Some((first, _)) = lost.first() {
            let message = format!("`{}` may no longer {} `{on}`", holder.name, verbs_on(&lost));
            let mut change = Change::new(Class::AccessNarrowed, subject, message);
            change = change.of(&holder.owner).at(Which::Old, first.span);
            change.details.extend(details(old, &lost, Which::Old));
            out.push(change);
        }
    }
}

/// The rights on an object that those of the other state do not cover.
fn beyond<'r, 'a>(
    on: &str,
    rights: &BTreeMap<Right, Vec<&'a Tuple>>,
    others: &'r BTreeMap<Right, Vec<&'a Tuple>>,
) -> Vec<Differs<'r, 'a>> {
    let mut out = Vec::new();
    for (right, tuples) in rights.iter().filter(|((of, _), _)| of == on) {
        let known = others.get(right).map_or(&[][..], Vec::as_slice);
        let is_known = |tuple: &Tuple| known.iter().any(|other| covers(&other.scope, &tuple.scope));
        out.extend(tuples.iter().copied().filter(|tuple| !is_known(tuple)).map(|tuple| (tuple, known)));
    }
    out
}

/// `get` and `put` (prefix a/) on
fn verbs_on(rights: &[Differs<'_, '_>]) -> String {
    let mut words: Vec<String> = rights.iter().map(|(tuple, _)| format!("`{}`", right_text(tuple))).collect();
    words.dedup();
    let last = words.pop().unwrap_or_default();
    if words.is_empty() { format!("{last} on") } else { format!("{} and {last} on", words.join(", ")) }
}

fn details(of: Spec<'_>, rights: &[Differs<'_, '_>], which: Which) -> Vec<Detail> {
    let part = |scope: &Scope| scope_text(scope).unwrap_or_else(|| "all of it".to_owned());
    let one = |(tuple, others): &Differs<'_, '_>| {
        let other: Vec<String> = others.iter().map(|other| part(&other.scope)).collect();
        let other = Some(other.join(", ")).filter(|text| !text.is_empty());
        let own = Some(part(&tuple.scope));
        let (before, after) = if which == Which::New { (other, own) } else { (own, other) };
        Detail::Value { path: tuple.verb.to_string(), before, after, note: Some(because(of, tuple)) }
    };
    rights.iter().map(one).collect()
}

/// What the spec grants in the words of one target.
fn native(old: Spec<'_>, new: Spec<'_>, names: &Names, before: &Rights<'_>, out: &mut Vec<Change>) {
    for on in new.facts.judged() {
        let key = |spec: Spec<'_>, names: &Names, grant: &NativeGrant| {
            let who = path(spec.facts, NodeRef::Function(grant.who), names);
            (who, words(grant))
        };
        let Some(was) = old.facts.judged().iter().find(|judged| judged.id() == on.id()) else { continue };
        let held: BTreeSet<_> = old.facts.native_grants(was).iter().map(|grant| key(old, names, grant)).collect();
        let mut kept = BTreeSet::new();
        for grant in new.facts.native_grants(on) {
            let (who, words) = key(new, &Names::default(), grant);
            if held.contains(&(who.clone(), words.clone())) {
                kept.insert((who, words));
                continue;
            }
            let is_old = before.nodes.contains(&who);
            let class = if is_old { Class::AccessWidened } else { Class::AccessAdded };
            let message = format!("`{who}` may now {words}");
            let change = Change::new(class, format!("{who}: {words}"), message).of(who).on(on.id());
            out.push(change.at(Which::New, grant.span).because(format!("native grant ({})", new.place(grant.span))));
        }
        for grant in old.facts.native_grants(was) {
            let (who, words) = key(old, names, grant);
            if !kept.contains(&(who.clone(), words.clone())) {
                let message = format!("`{who}` may no longer {words}");
                let change = Change::new(Class::AccessNarrowed, format!("{who}: {words}"), message).of(who).on(on.id());
                out.push(change.at(Which::Old, grant.span));
            }
        }
    }
}

fn words(grant: &NativeGrant) -> String {
    let mut verbs: Vec<String> = grant.verbs.iter().map(|verb| format!("`{}`", verb.value)).collect();
    verbs.sort();
    let conditions = grant.conditions.iter().map(|condition| {
        let mut values: Vec<&str> = condition.values.iter().map(|value| value.value.as_str()).collect();
        values.sort_unstable();
        format!("{} {} {}", condition.key.value, condition.test, values.join(" or "))
    });
    let conditions: Vec<String> = conditions.collect();
    let only = if conditions.is_empty() { String::new() } else { format!(" if {}", conditions.join(" and ")) };
    format!("{} on `{}`{only}", verbs.join(", "), grant.what.value)
}

/// What a thief of an identity reaches through events.
fn reach(old: Spec<'_>, new: Spec<'_>, names: &Names, before: &Rights<'_>) -> Vec<Change> {
    let runners = |of: Spec<'_>, names: &Names| -> BTreeMap<String, Runner> {
        let runners = of.facts.reach().runners().into_iter();
        runners.map(|runner| (path(of.facts, runner.into(), names), runner)).collect()
    };
    let (was, is) = (runners(old, names), runners(new, &Names::default()));
    let budget = (STEPS / is.len().max(1)).max(LEAST);
    let both: Vec<(&String, Runner, Runner)> =
        is.iter().filter_map(|(path, runner)| Some((path, *was.get(path)?, *runner))).collect();
    let one = |(path, was, is): &(&String, Runner, Runner)| {
        let (had, has) = (reached(old, *was, budget, names), reached(new, *is, budget, &Names::default()));
        let own = before.held.get(&Holder { owner: (*path).clone(), name: (*path).clone() });
        // What it may do itself it did not have to reach.
        let is_own = |(on, verb, scope): &Key| {
            let tuples = own.and_then(|rights| rights.get(&(on.clone(), *verb)));
            tuples.is_some_and(|tuples| tuples.iter().any(|tuple| covers(&tuple.scope, scope)))
        };
        let more = told(Class::ReachWidened, path, &difference(&has, &had, is_own), "now reaches");
        let less = told(Class::ReachNarrowed, path, &difference(&had, &has, |_| false), "no longer reaches");
        let place = |of: Spec<'_>, runner: Runner| NodeRef::from(runner).head(of.facts.model()).map(|head| head.span);
        let at = |change: Option<Change>, which, span: Option<Span>| match (change, span) {
            (Some(change), Some(span)) => Some(change.at(which, span)),
            (change, _) => change,
        };
        [at(more, Which::New, place(new, *is)), at(less, Which::Old, place(old, *was))].into_iter().flatten()
    };
    both.par_iter().flat_map_iter(one).collect()
}

/// The right that is reached.
type Key = (String, Verb, Scope);

/// Each right that is reached, with the way to it.
fn reached(of: Spec<'_>, runner: Runner, budget: usize, names: &Names) -> BTreeMap<Key, String> {
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

fn difference<'m>(
    of: &'m BTreeMap<Key, String>,
    without: &BTreeMap<Key, String>,
    is_known: impl Fn(&Key) -> bool,
) -> Vec<(&'m Key, &'m str)> {
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
