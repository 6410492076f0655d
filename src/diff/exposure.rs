//! Who comes in from outside: entry points, what is asked there, what anybody can make run, and what is open to read.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Which};
use super::names::Names;
use super::rights::path;
use super::{Class, Spec};
use crate::analysis::{Asks, Door, Facts};
use crate::base::Span;
use crate::graph::NodeRef;
use crate::model::{AnyResource, TriggerSource};

/// An entry point of one state.
struct Entry {
    asks: Asks,
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
    buckets(old, new, names, &mut out);
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
        let entry = Entry { asks: door.asks(model), is_public: door.is_public(model), runs, span: door.span(model) };
        (door_name(facts, door, names), entry)
    };
    facts.reach().doors().map(entry).collect()
}

fn asked(asks: &Asks) -> String {
    match asks {
        Asks::Nothing => "nothing".to_owned(),
        Asks::Token(issuer) => format!("a token of `{issuer}`"),
        Asks::Device(broker) => format!("to be a device of `{broker}`"),
        Asks::Account(pool) => format!("an account of `{pool}`"),
        Asks::Sender(source) => format!("to be `{source}`"),
    }
}

/// Entry points; yields what runs at those that are told of.
fn doors(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) -> BTreeSet<String> {
    let (before, after) = (entries(old, names), entries(new, &Names::default()));
    let mut told = BTreeSet::new();
    for (name, entry) in &after {
        let message = match before.get(name) {
            None if entry.is_public => Some((Class::Exposure, format!("anybody can come in by `{name}`"))),
            Some(was) if was.asks != entry.asks => Some(match (&was.asks, &entry.asks) {
                (Asks::Nothing, more) => (Class::ExposureReduced, format!("`{name}` asks for {}", asked(more))),
                (less, more) => {
                    (Class::Exposure, format!("`{name}` asks for {} instead of {}", asked(more), asked(less)))
                }
            }),
            Some(_) | None => None,
        };
        let Some((class, message)) = message else { continue };
        let mut change = Change::new(class, name, message);
        for runner in &entry.runs {
            change = change.of(runner).because(format!("it runs `{runner}`"));
            told.insert(runner.clone());
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

/// Buckets that anybody reads.
fn buckets(old: Spec<'_>, new: Spec<'_>, names: &Names, out: &mut Vec<Change>) {
    let public = |of: Spec<'_>, names: &Names| -> BTreeMap<String, Span> {
        let buckets = of.facts.model().buckets.values().iter().filter(|bucket| bucket.public.value);
        buckets.map(|b| (names.after(&b.head.path.to_string()).into_owned(), b.public.span)).collect()
    };
    let (before, after) = (public(old, names), public(new, &Names::default()));
    for (path, span) in after.iter().filter(|(path, _)| !before.contains_key(*path)) {
        let message = format!("anybody can now read every object of `{path}`");
        out.push(Change::new(Class::Exposure, path, message).of(path).at(Which::New, *span));
    }
    for (path, span) in before.iter().filter(|(path, _)| !after.contains_key(*path)) {
        let message = format!("nobody outside can read the objects of `{path}` any more");
        out.push(Change::new(Class::ExposureReduced, path, message).of(path).at(Which::Old, *span));
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
