//! What others rely on: events with their schemas, and routes. A schema that changed is judged in both directions by the
//! test of compatibility that judges producers against consumers.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Change, Detail, Which};
use super::exposure::door_name;
use super::names::Names;
use super::rights::path;
use super::{Class, Spec};
use crate::analysis::Door;
use crate::analysis::schema::Compatibility::{Compatible, Incompatible, Unknown};
use crate::analysis::schema::compatibility;
use crate::base::Span;
use crate::graph::NodeRef;
use crate::model::{Event, Id};

/// All of the level.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let mut out = events(old, new, names);
    out.extend(routes(old, new, names));
    out
}

/// Those who get an event, by the names that they have after.
fn consumers(of: Spec<'_>, event: Id<Event>, names: &Names) -> Vec<String> {
    let graph = of.facts.graph();
    let consumers: BTreeSet<String> = graph
        .consumers(NodeRef::Event(event))
        .map(|edge| path(of.facts, graph.node(edge.to).of, names))
        .filter(|path| !path.is_empty())
        .collect();
    consumers.into_iter().collect()
}

fn by_type(of: Spec<'_>) -> BTreeMap<String, (Id<Event>, &Event)> {
    of.facts.model().events.iter().map(|(id, event)| (event.event_type.to_string(), (id, event))).collect()
}

fn events(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (by_type(old), by_type(new));
    let mut out = Vec::new();
    for (kind, (id, event)) in &before {
        let Some((_, now)) = after.get(kind) else {
            let change = Change::new(Class::ContractBreaking, kind, format!("the event `{kind}` is gone"));
            let affected = affected(consumers(old, *id, names));
            out.push(with(change, affected).of(event.head.path.to_string()).at(Which::Old, event.head.span));
            continue;
        };
        out.extend(key(kind, event, now).map(|change| with(change, affected(consumers(old, *id, names)))));
        if let Some(change) = schema(kind, event, now) {
            let span = now.schema.as_ref().map_or(now.head.span, |schema| schema.span);
            let affected = affected(consumers(old, *id, names));
            out.push(with(change, affected).of(now.head.path.to_string()).at(Which::New, span));
        }
    }
    for (kind, (_, event)) in after.iter().filter(|(kind, _)| !before.contains_key(*kind)) {
        let change = Change::new(Class::ContractAdded, kind, format!("the event `{kind}` is new"));
        out.push(change.of(event.head.path.to_string()).at(Which::New, event.head.span));
    }
    out
}

/// Events of one key keep their order and their place; by another key, others do.
fn key(kind: &str, was: &Event, is: &Event) -> Option<Change> {
    let text = |event: &Event| event.key.as_ref().map(|key| key.value.to_string());
    let (before, after) = (text(was), text(is));
    if before == after {
        return None;
    }
    let class = if before.is_none() { Class::ContractAdded } else { Class::ContractBreaking };
    let message = format!("events `{kind}` are told apart by another key");
    let mut change = Change::new(class, format!("{kind} key"), message).of(is.head.path.to_string());
    change.details.push(Detail::Value { path: "key".to_owned(), before, after, note: None });
    Some(change.at(Which::New, is.key.as_ref().map_or(is.head.span, |key| key.span)))
}

fn with(mut change: Change, more: Vec<Detail>) -> Change {
    change.details.extend(more);
    change
}

fn affected(consumers: Vec<String>) -> Vec<Detail> {
    consumers.into_iter().map(|who| Detail::Reason(format!("`{who}` gets it"))).collect()
}

/// How a schema changed; `None` where it says the same.
fn schema(kind: &str, was: &Event, is: &Event) -> Option<Change> {
    // Without a schema anything fits.
    let anything = serde_json::Value::Bool(true);
    let json = |event: &Event| event.schema.as_ref().map_or_else(|| anything.clone(), |schema| (*schema.json).clone());
    let (old, new) = (json(was), json(is));
    if old == new {
        return None;
    }
    let (backward, forward) = (compatibility(&old, &new), compatibility(&new, &old));
    let (class, message) = match (&backward, &forward) {
        (Compatible, Compatible) => (Class::ContractFull, "old and new data fit both schemas"),
        (Compatible, Incompatible { .. } | Unknown { .. }) => {
            (Class::ContractBackward, "old data fit the new schema, and new data may not fit the old one")
        }
        (Incompatible { .. } | Unknown { .. }, Compatible) => {
            (Class::ContractForward, "new data fit the old schema, and old data may not fit the new one")
        }
        (Unknown { .. }, _) | (_, Unknown { .. }) => {
            (Class::ContractUnknown, "its schema changed in a way that cannot be judged")
        }
        (Incompatible { .. }, Incompatible { .. }) => {
            (Class::ContractBreaking, "neither old nor new data fit the other schema")
        }
    };
    let mut change = Change::new(class, kind, format!("the event `{kind}` changes: {message}"));
    for (direction, answer) in [("old data in the new schema", &backward), ("new data in the old schema", &forward)] {
        match answer {
            Compatible => {}
            Incompatible { path, why, witness } => {
                change = change.because(format!("{direction}: at `{}` {why}; such as `{witness}`", shown(path)));
            }
            Unknown { path, why } => {
                change = change.because(format!("{direction}: not known at `{}`: {why}", shown(path)));
            }
        }
    }
    if was.version.value != is.version.value {
        let (before, after) = (Some(was.version.value.to_string()), Some(is.version.value.to_string()));
        change.details.push(Detail::Value { path: "version".to_owned(), before, after, note: None });
    }
    Some(change)
}

const fn shown(pointer: &str) -> &str {
    if pointer.is_empty() { "/" } else { pointer }
}

/// Routes are what clients call.
fn routes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let routes = |of: Spec<'_>, names: &Names| -> BTreeMap<String, (Option<Span>, Option<String>)> {
        let facts = of.facts;
        let doors = facts.reach().doors().filter(|door| matches!(door, Door::Route(_)));
        doors
            .map(|door| {
                let runner = facts.reach().runs_at(door).into_iter().next();
                let runner = runner.map(|runner| path(facts, runner.into(), names));
                (door_name(facts, door, names), (door.span(facts.model()), runner))
            })
            .collect()
    };
    let (before, after) = (routes(old, names), routes(new, &Names::default()));
    let mut out = Vec::new();
    let mut tell =
        |class: Class, name: &str, (span, runner): &(Option<Span>, Option<String>), what: &str, which: Which| {
            let mut change = Change::new(class, name, format!("the route `{name}` is {what}"));
            if let Some(runner) = runner {
                change = change.of(runner);
            }
            out.push(match span {
                Some(span) => change.at(which, *span),
                None => change,
            });
        };
    for (name, route) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        tell(Class::ContractBreaking, name, route, "gone", Which::Old);
    }
    for (name, route) in after.iter().filter(|(name, _)| !before.contains_key(*name)) {
        tell(Class::ContractAdded, name, route, "new", Which::New);
    }
    out
}
