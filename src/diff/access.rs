//! Who may do more or less than before: the access relation, the native grants beside it, and the hosts behind it.

use std::cell::LazyCell;
use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Detail, Which};
use super::names::Names;
use super::reach::{self, Ways};
use super::rights::{Held, Holder, Rights, covers, is_self, path};
use super::{Class, Spec};
use crate::access::right_text;
use crate::analysis::Tuple;
use crate::graph::NodeRef;
use crate::graph::render::scope_text;
use crate::model::{External, NativeGrant, Scope, Verb};

/// All of the level but who comes in.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (Rights::of(old.facts, names), Rights::of(new.facts, &Names::default()));
    let mut out = relation(old, new, &before, &after);
    native(old, new, names, &before, &mut out);
    hosts((old, new), names, (&before, &after), &mut out);
    let waits = |spec: Spec<'_>| !spec.facts.model().workflows.is_empty();
    // What is reached follows from the relation, and from the workflows that wait for events.
    if !before.is_like(&after) || waits(old) || waits(new) {
        out.extend(reach::changes((old, new), names, (&before, &after)));
    }
    out
}

fn relation(old: Spec<'_>, new: Spec<'_>, before: &Rights<'_>, after: &Rights<'_>) -> Vec<Change> {
    let mut out = Vec::new();
    let runners = LazyCell::new(|| reach::runners(new, &Names::default()));
    for (holder, rights) in &after.held {
        // What delivers is nobody's code, and has no thief.
        let is_runner = holder.name == holder.owner;
        let ways = LazyCell::new(|| if is_runner { reach::ways(new, holder, &runners) } else { Ways::new() });
        match before.held.get(holder) {
            Some(had) => compared((old, new), holder, (had, rights), &ways, &mut out),
            None => out.extend(whole(new, Which::New, holder, rights)),
        }
    }
    for (holder, rights) in before.held.iter().filter(|(holder, _)| !after.held.contains_key(holder)) {
        out.extend(whole(old, Which::Old, holder, rights));
    }
    out
}

/// An identity that comes or goes with everything it may do.
fn whole(of: Spec<'_>, which: Which, holder: &Holder, rights: &Held<'_>) -> Option<Change> {
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
    (had, has): (&Held<'a>, &Held<'a>),
    ways: &LazyCell<Ways, impl FnOnce() -> Ways>,
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
            for (tuple, _) in &lost {
                if let Some(way) = reach::way(ways, on, tuple) {
                    change =
                        change.because(format!("a thief still reaches `{}` on `{on}` by {way}", right_text(tuple)));
                }
            }
            out.push(change);
        }
    }
}

/// The rights on an object that those of the other state do not cover.
fn beyond<'r, 'a>(on: &str, rights: &Held<'a>, others: &'r Held<'a>) -> Vec<Differs<'r, 'a>> {
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

/// Who may connect to a name may connect to whatever host is behind it.
fn hosts(
    (old, new): (Spec<'_>, Spec<'_>),
    names: &Names,
    (before, after): (&Rights<'_>, &Rights<'_>),
    out: &mut Vec<Change>,
) {
    let was: BTreeMap<String, &External> = external(old, names).collect();
    for (path, is) in external(new, &Names::default()) {
        let Some(was) = was.get(&path) else { continue };
        let is_same_port = was.port.value == is.port.value;
        if is_same_port && was.host.value == is.host.value {
            continue;
        }
        let address = |of: &External| {
            let (host, port) = (&of.host.value, of.port.value);
            if is_same_port { host.to_string() } else { format!("{host}:{port}") }
        };
        let (former, now) = (address(was), address(is));
        let span = if was.host.value == is.host.value { is.port.span } else { is.host.span };
        let right = (path.clone(), Verb::Connect);
        let may = |held: Option<&Held<'_>>| held.is_some_and(|rights| rights.contains_key(&right));
        // Who may connect only now is told of with the right.
        let both = after.held.iter().filter(|(holder, rights)| may(Some(rights)) && may(before.held.get(holder)));
        for (holder, _) in both {
            let message = format!("`{}` may now connect to `{now}` by `{path}`", holder.name);
            let subject = format!("{} on {path} at {now}", holder.name);
            let mut change = Change::new(Class::AccessWidened, subject, message);
            change = change.of(&holder.owner).at(Which::New, span);
            let (before, after) = (Some(former.clone()), Some(now.clone()));
            change.details.push(Detail::Value { path: "host".to_owned(), before, after, note: None });
            out.push(change);
        }
    }
}

fn external<'s>(of: Spec<'s>, names: &Names) -> impl Iterator<Item = (String, &'s External)> {
    let called = |external: &External| names.after(&external.head.path.to_string()).into_owned();
    of.facts.model().externals.values().iter().map(move |external| (called(external), external))
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
