//! What others rely on: events with their schemas, and routes. A schema that changed is judged in both directions by the
//! test of compatibility that judges producers against consumers.

use std::collections::{BTreeMap, BTreeSet};

use super::agreement::{Agreement, Relies, schema};
use super::change::{Change, Detail, Which};
use super::names::Names;
use super::rights::path;
use super::routes::{self, Clients};
use super::{Class, Spec};
use crate::base::Spanned;
use crate::graph::NodeRef;
use crate::model::{AnyResource, Event, Id, resource_head};

/// All of the level.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let mut out = events(old, new, names);
    out.extend(channels(old, new, names));
    out.extend(routes::changes(old, new, names));
    out
}

/// Those who take from something, by the names that they have after.
fn consumers(of: Spec<'_>, from: NodeRef, names: &Names) -> Vec<String> {
    let graph = of.facts.graph();
    let consumers: BTreeSet<String> = graph
        .consumers(from)
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
    let clients = Clients::between(old, new, names);
    let mut out = Vec::new();
    for (kind, (id, event)) in &before {
        let affected = affected(consumers(old, NodeRef::Event(*id), names));
        let Some((_, now)) = after.get(kind) else {
            let change = Change::new(Class::ContractBreaking, kind, format!("the event `{kind}` is gone"));
            out.push(with(change, affected).of(event.head.path.to_string()).at(Which::Old, event.head.span));
            continue;
        };
        out.extend(key(kind, event, now).map(|change| with(change, affected.clone())));
        if let Some(change) = data(kind, event, now, &clients) {
            let span = now.schema.as_ref().map_or(now.head.span, |schema| schema.span);
            let change = if change.place.is_some() { change } else { change.at(Which::New, span) };
            out.push(with(change, affected).of(now.head.path.to_string()));
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

/// How the data of an event changed; `None` where they are what they were.
fn data(kind: &str, was: &Event, is: &Event, clients: &Clients) -> Option<Change> {
    let (old, new) = (schema(Some(was)), schema(Some(is)));
    let (before, after) = (was.version.value.to_string(), is.version.value.to_string());
    let version = (before != after).then(|| {
        let (before, after) = (Some(before), Some(after));
        Detail::Value { path: "version".to_owned(), before, after, note: None }
    });
    if old == new {
        let message = format!("the event `{kind}` is of another version, by the same schema");
        let change = Change::new(Class::ContractFull, kind, message).at(Which::New, is.version.span);
        return version.map(|version| with(change, vec![version]));
    }
    let agreement = Agreement::between(&old, &new);
    let class = clients.of(kind).iter().map(|(who, _)| agreement.class_for(*who)).min();
    // The gravest comes first.
    let class = class.map_or(agreement.class(), |class| class.min(agreement.class()));
    let mut change = Change::new(class, kind, format!("the event `{kind}` changes: {}", agreement.words()));
    change.details = agreement.reasons();
    for (who, route) in clients.of(kind) {
        change = change.because(match who {
            Relies::Sends => format!("clients send it to `{route}`"),
            Relies::Reads => format!("clients get it from `{route}`"),
        });
    }
    change.details.extend(version);
    Some(change)
}

/// Queues, topics and streams, by the names that they have after, each with the event that it carries.
type Channels = BTreeMap<String, (AnyResource, Option<Spanned<Id<Event>>>)>;

fn carried(of: Spec<'_>, names: &Names) -> Channels {
    let model = of.facts.model();
    let queues = model.queues.iter().map(|(id, queue)| (AnyResource::Queue(id), queue.carries));
    let topics = model.topics.iter().map(|(id, topic)| (AnyResource::Topic(id), topic.carries));
    let streams = model.streams.iter().map(|(id, stream)| (AnyResource::Stream(id), stream.carries));
    let called = |of| names.after(&resource_head(model, of).path.to_string()).into_owned();
    queues.chain(topics).chain(streams).map(|(of, carries)| (called(of), (of, carries))).collect()
}

/// Channels that carry another event than before.
fn channels(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (carried(old, names), carried(new, &Names::default()));
    let mut out = Vec::new();
    for (path, (of, is)) in &after {
        let Some((former, was)) = before.get(path) else { continue };
        let was = was.map(|was| &old.facts.model().events[was.value]);
        let span = is.map_or(resource_head(new.facts.model(), *of).span, |is| is.span);
        let is = is.map(|is| &new.facts.model().events[is.value]);
        let kind = |event: Option<&Event>| event.map(|event| event.event_type.to_string());
        if kind(was) == kind(is) {
            continue;
        }
        let text = |event| kind(event).map_or_else(|| "what nothing says".to_owned(), |kind| format!("`{kind}`"));
        let says = |event: Option<&Event>| event.is_some_and(|event| event.schema.is_some());
        let agreement = Agreement::between(&schema(was), &schema(is));
        // Where nothing says what data are, nobody can tell whether they fit.
        let is_known = says(was) && says(is);
        let class = if is_known { agreement.class() } else { Class::ContractUnknown };
        let message = format!("`{path}` carries {} instead of {}", text(is), text(was));
        let mut change = Change::new(class, format!("what {path} carries"), message).of(path).at(Which::New, span);
        if is_known {
            change.details = agreement.reasons();
        }
        out.push(with(change, affected(consumers(old, NodeRef::Resource(*former), names))));
    }
    out
}
