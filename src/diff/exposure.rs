//! Who comes in from outside: entry points, what is asked there, what anybody can make run, and what is open to read.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Which};
use super::names::Names;
use super::outside;
use super::rights::path;
use super::{Class, Spec};
use crate::analysis::{Asks, Door, Facts};
use crate::base::Span;
use crate::graph::NodeRef;
use crate::model::{AnyResource, Auth, Model, TriggerSource};

/// An entry point of one state.
struct Entry {
    asks: Asks,
    /// For whom tokens have to be.
    audience: BTreeSet<String>,
    /// Whether it is open to the internet, be it with a lock.
    is_internet: bool,
    is_public: bool,
    /// The functions and workflows that run at once.
    runs: Vec<String>,
    span: Option<Span>,
}

/// All of it.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let mut out = Vec::new();
    let told = doors(old, new, names, &mut out);
    behind(old, new, names, &told, &mut out);
    outside::changes(old, new, names, &mut out);
    native(old, new, &mut out);
    out
}

/// What an entry point is called, whatever function is behind it: its route, else its trigger or event.
pub(super) fn door_name(facts: &Facts, door: Door, names: &Names) -> String {
    let model = facts.model();
    if let Door::Event(id) = door {
        return format!("event {}", model.events[id].event_type);
    }
    let Some(at) = door.trigger() else { return String::new() };
    match at.get(model).map(|trigger| &trigger.source) {
        Some(TriggerSource::Http(http)) => {
            let api = path(facts, NodeRef::Resource(AnyResource::Api(http.api.value)), names);
            format!("{} of {api}", http.route.value)
        }
        _ => names.trigger(facts, at),
    }
}

fn entries(of: Spec<'_>, names: &Names) -> BTreeMap<String, Entry> {
    let (facts, model) = (of.facts, of.facts.model());
    let entry = |door: Door| {
        let runs = facts.reach().runs_at(door).into_iter().map(|runner| path(facts, runner.into(), names)).collect();
        let entry = Entry {
            asks: renamed(door.asks(model), names),
            audience: audience(door, model),
            is_internet: door.is_internet(),
            is_public: door.is_public(model),
            runs,
            span: door.span(model),
        };
        (door_name(facts, door, names), entry)
    };
    facts.reach().doors().map(entry).collect()
}

/// What is asked, by the names that resources have after.
fn renamed(asks: Asks, names: &Names) -> Asks {
    let after = |name: String| {
        let path = names.after(&format!("resources.{name}")).into_owned();
        path.strip_prefix("resources.").map_or(name, str::to_owned)
    };
    match asks {
        Asks::Device(broker) => Asks::Device(after(broker)),
        Asks::Account(pool) => Asks::Account(after(pool)),
        Asks::Nothing | Asks::Token(_) | Asks::Sender(_) => asks,
    }
}

fn audience(door: Door, model: &Model) -> BTreeSet<String> {
    let auth = match door.trigger().and_then(|at| at.get(model)).map(|trigger| &trigger.source) {
        Some(TriggerSource::Http(http)) => &http.auth,
        Some(TriggerSource::Socket { api, .. }) => &model.sockets[api.value].auth,
        _ => return BTreeSet::new(),
    };
    match auth {
        Auth::Jwt(jwt) => jwt.audience.iter().map(|one| one.value.to_string()).collect(),
        Auth::Unstated | Auth::Public(_) => BTreeSet::new(),
    }
}

fn asked(asks: &Asks) -> String {
    match asks {
        Asks::Nothing => "nothing".to_owned(),
        Asks::Token(issuer) => format!("a token of `{issuer}`"),
        Asks::Device(broker) => format!("the credentials of a device of `{broker}`"),
        Asks::Account(pool) => format!("an account of `{pool}`"),
        Asks::Sender(source) => format!("the identity of `{source}`"),
    }
}

fn listed(names: &BTreeSet<String>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
}

/// How what is asked at an entry point changed, and what that is.
fn asked_otherwise(name: &str, was: &Entry, is: &Entry) -> Option<(Class, String)> {
    // What another application is called keeps nobody out.
    if !is.is_internet {
        return None;
    }
    match (&was.asks, &is.asks) {
        (Asks::Nothing, Asks::Nothing) => None,
        (Asks::Nothing, more) => Some((Class::ExposureReduced, format!("`{name}` now asks for {}", asked(more)))),
        (less, Asks::Nothing) => {
            let message = format!("anybody can now come in by `{name}`, which no longer asks for {}", asked(less));
            Some((Class::Exposure, message))
        }
        (Asks::Token(before), Asks::Token(after)) if before != after => {
            Some((Class::Exposure, format!("`{name}` now takes tokens of `{after}` instead of those of `{before}`")))
        }
        (before, after) if before != after => {
            Some((Class::Exposure, format!("`{name}` now asks for {} instead of {}", asked(after), asked(before))))
        }
        _ => {
            let more: BTreeSet<String> = is.audience.difference(&was.audience).cloned().collect();
            let less: BTreeSet<String> = was.audience.difference(&is.audience).cloned().collect();
            let (class, what) = match (more.is_empty(), less.is_empty()) {
                (true, true) => return None,
                (true, false) => (Class::ExposureReduced, format!("no longer takes tokens for {}", listed(&less))),
                (false, true) => (Class::Exposure, format!("now takes tokens for {} as well", listed(&more))),
                (false, false) => {
                    let what = format!("now takes tokens for {} instead of those for {}", listed(&more), listed(&less));
                    (Class::Exposure, what)
                }
            };
            Some((class, format!("`{name}` {what}")))
        }
    }
}

/// Entry points; yields what runs at those that are told of.
fn doors(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) -> BTreeSet<String> {
    let (before, after) = (entries(old, names), entries(new, &Names::default()));
    let mut told = BTreeSet::new();
    for (name, entry) in &after {
        let message = match before.get(name) {
            None if entry.is_public => Some((Class::Exposure, format!("anybody can come in by `{name}`"))),
            Some(was) => asked_otherwise(name, was, entry),
            None => None,
        };
        let Some((class, message)) = message else { continue };
        let mut change = Change::new(class, name, message);
        for runner in &entry.runs {
            change = change.of(runner).because(format!("it runs `{runner}`"));
            // Who comes in with another token says nothing of what anybody can make run.
            if entry.is_public || before.get(name).is_some_and(|was| was.is_public) {
                told.insert(runner.clone());
            }
        }
        out.push(match entry.span {
            Some(span) => change.at(Which::New, span),
            None => change,
        });
    }
    for (name, entry) in before.iter().filter(|(name, entry)| entry.is_public && !after.contains_key(*name)) {
        let change = Change::new(Class::ExposureReduced, name, format!("nobody can come in by `{name}` any more"));
        out.push(match entry.span {
            Some(span) => change.at(Which::Old, span),
            None => change,
        });
        told.extend(entry.runs.iter().cloned());
    }
    told
}

/// What anybody can make run, at once or through events.
fn behind(old: Spec<'_>, new: Spec<'_>, names: &Names, told: &BTreeSet<String>, out: &mut Vec<Change>) {
    let open = |of: Spec<'_>, names: &Names| -> BTreeMap<String, Option<Span>> {
        let (facts, model) = (of.facts, of.facts.model());
        let runners = facts.reach().behind(|door| door.is_public(model));
        let paths = runners.into_iter().map(|runner| {
            let of = NodeRef::from(runner);
            (path(facts, of, names), of.head(model).map(|head| head.span))
        });
        paths.collect()
    };
    let (before, after) = (open(old, names), open(new, &Names::default()));
    let was: BTreeSet<String> =
        old.facts.model().heads().map(|head| names.after(&head.path.to_string()).into_owned()).collect();
    for (path, span) in after.iter().filter(|(path, _)| !before.contains_key(*path) && !told.contains(*path)) {
        // A function that is new comes with what makes it run.
        if !was.contains(path) {
            continue;
        }
        let message = format!("anybody can now make `{path}` run, through events");
        let change = Change::new(Class::Exposure, path, message).of(path);
        out.push(match span {
            Some(span) => change.at(Which::New, *span),
            None => change,
        });
    }
    let still: BTreeSet<String> = new.facts.model().heads().map(|head| head.path.to_string()).collect();
    for (path, span) in before.iter().filter(|(path, _)| !after.contains_key(*path) && !told.contains(*path)) {
        // What is gone is told of where it was.
        if !still.contains(path) {
            continue;
        }
        let message = format!("nobody outside can make `{path}` run any more, through events");
        let change = Change::new(Class::ExposureReduced, path, message).of(path);
        out.push(match span {
            Some(span) => change.at(Which::Old, *span),
            None => change,
        });
    }
}

/// Attributes in the words of a target that let somebody in.
fn native(old: Spec<'_>, new: Spec<'_>, out: &mut Vec<Change>) {
    for on in new.facts.judged() {
        let of = |spec: Spec<'_>| -> BTreeMap<String, (Span, String)> {
            let known = spec.facts.judged().iter().find(|judged| judged.id() == on.id());
            let model = spec.facts.model();
            let found = known.into_iter().flat_map(|judged| spec.facts.exposures(judged));
            found
                .map(|one| {
                    let (text, owner) = (&one.text.text, one.text.owner.title(model));
                    (format!("{}: {} of {owner}", one.text.member, text.value), (text.span, one.reason.clone()))
                })
                .collect()
        };
        let (before, after) = (of(old), of(new));
        for (subject, (span, reason)) in after.iter().filter(|(subject, _)| !before.contains_key(*subject)) {
            let change = Change::new(Class::Exposure, subject, format!("`{subject}` opens it: {reason}"));
            out.push(change.on(on.id()).at(Which::New, *span));
        }
        for (subject, (span, _)) in before.iter().filter(|(subject, _)| !after.contains_key(*subject)) {
            let change = Change::new(Class::ExposureReduced, subject, format!("`{subject}` no longer opens it"));
            out.push(change.on(on.id()).at(Which::Old, *span));
        }
    }
}
