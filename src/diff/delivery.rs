//! What is promised of each delivery: weaker, stronger, gone or new, on each target that judges it, and why.

use std::collections::BTreeMap;

use super::change::{Change, Detail, Which};
use super::names::Names;
use super::{Class, Spec};
use crate::analysis::delivery::{Bound, Delivery, Repeats, order_name};
use crate::analysis::{Facts, Judged};
use crate::base::Duration;
use crate::catalog::{Duplicates, Order};
use crate::graph::{Edge, EdgeId, EdgeKind, NodeRef};
use crate::model::resource_head;

/// From, to, and by what: the same in both states.
type Key = (String, String, String);

/// The deliveries of one state.
struct Deliveries<'a> {
    spec: Spec<'a>,
    edges: BTreeMap<Key, (EdgeId, &'a Edge)>,
}

impl<'a> Deliveries<'a> {
    fn of(spec: Spec<'a>, names: &Names) -> Self {
        let graph = spec.facts.graph();
        let address = |id| names.after(&graph.address(id)).into_owned();
        // Writing and sending is a right, which the level of access tells of; what comes of it is delivered.
        let edges = graph.edges().filter(|(_, edge)| !matches!(edge.kind, EdgeKind::Accesses { .. }));
        let edges = edges.filter(|(id, _)| {
            let mut judged = spec.facts.judged().iter();
            judged.any(|on| spec.facts.deliveries(on).is_some_and(|all| all.of(*id).is_some()))
        });
        let by_key = edges.map(|(id, edge)| {
            let how = match (&edge.kind, graph.trigger(edge)) {
                // The route, the time or the filter stands in the name of a trigger, and may change with it.
                (EdgeKind::Trigger { .. }, Some(trigger)) => trigger.kind().as_str().to_owned(),
                (kind, _) => kind.as_str().to_owned(),
            };
            ((address(edge.from), address(edge.to), how), (id, edge))
        });
        Self { spec, edges: by_key.collect() }
    }
}

/// What is promised of one delivery, part by part, each as text, with how it compares.
struct Promises {
    delivery: Delivery,
    key: Option<String>,
    kept: Option<Duration>,
    dead_letter: Option<String>,
}

/// All of the level.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (Deliveries::of(old, names), Deliveries::of(new, &Names::default()));
    let mut out = Vec::new();
    for (key, (id, edge)) in &after.edges {
        if let Some((was, _)) = before.edges.get(key) {
            compared(&before, &after, key, (*was, *id), names, &mut out);
        } else {
            let message = format!("{} is new", words(key));
            let change = Change::new(Class::DeliveryAdded, subject(key), message).of(&key.1);
            out.push(change.at(Which::New, edge.span));
        }
    }
    for (key, (_, edge)) in before.edges.iter().filter(|(key, _)| !after.edges.contains_key(*key)) {
        let message = format!("{} is gone", words(key));
        let change = Change::new(Class::DeliveryRemoved, subject(key), message).of(&key.1);
        out.push(change.at(Which::Old, edge.span));
    }
    out
}

fn subject((from, to, how): &Key) -> String {
    format!("{from} -> {to} ({how})")
}

fn words((from, to, how): &Key) -> String {
    format!("the delivery from `{from}` to `{to}` ({how})")
}

/// One delivery on all targets. Where it changed alike it is one change.
fn compared(
    before: &Deliveries<'_>,
    after: &Deliveries<'_>,
    key: &Key,
    (was, is): (EdgeId, EdgeId),
    names: &Names,
    out: &mut Vec<Change>,
) {
    let mut alike: BTreeMap<(Class, Vec<Detail>), Vec<String>> = BTreeMap::new();
    for on in after.spec.facts.judged() {
        let Some(judged) = before.spec.facts.judged().iter().find(|judged| judged.id() == on.id()) else { continue };
        let old = promises(before.spec.facts, judged, was, names);
        let new = promises(after.spec.facts, on, is, &Names::default());
        let (Some(old), Some(new)) = (old, new) else { continue };
        let parts = parts(&old, &new);
        if parts.is_empty() {
            continue;
        }
        let class = if parts.iter().any(|(_, is_weaker)| *is_weaker) {
            Class::DeliveryWeakened
        } else {
            Class::DeliveryStrengthened
        };
        let mut details: Vec<Detail> = parts.into_iter().map(|(detail, _)| detail).collect();
        details.extend(why(after, is, &old.delivery, &new.delivery));
        let target = if on.is_baseline() { Vec::new() } else { vec![on.id().to_owned()] };
        alike.entry((class, details)).or_default().extend(target);
    }
    let edge = after.spec.facts.graph().edge(is);
    for ((class, details), targets) in alike {
        let what = if class == Class::DeliveryWeakened { "less" } else { "more" };
        let message = format!("{what} is promised of {}", words(key));
        let mut change = Change::new(class, subject(key), message).of(&key.1).at(Which::New, edge.span);
        change.targets = targets;
        change.details = details;
        out.push(change);
    }
}

fn promises(facts: &Facts, on: &Judged, edge: EdgeId, names: &Names) -> Option<Promises> {
    let (graph, model) = (facts.graph(), facts.model());
    let delivery = *facts.deliveries(on)?.of(edge)?;
    let edge = graph.edge(edge);
    let key = [edge.from, edge.to].into_iter().find_map(|end| match graph.node(end).of {
        NodeRef::Event(id) => model.events[id].key.as_ref().map(|key| key.value.to_string()),
        NodeRef::Resource(_)
        | NodeRef::Function(_)
        | NodeRef::Workflow(_)
        | NodeRef::Route(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => None,
    });
    let kept = graph.trigger_ref(edge).and_then(|at| facts.kept(at, on)).map(|stay| stay.time);
    let dead_letter = facts.dead_letter_along(edge).map(|queue| {
        let head = resource_head(model, crate::model::AnyResource::Queue(queue));
        names.after(&head.path.to_string()).into_owned()
    });
    // A key means something where it orders.
    let key = key.filter(|_| delivery.order == Order::PerKey);
    Some(Promises { delivery, key, kept, dead_letter })
}

/// The parts that differ, and whether each is weaker than before.
fn parts(old: &Promises, new: &Promises) -> Vec<(Detail, bool)> {
    let mut out = Vec::new();
    let (was, is) = (&old.delivery, &new.delivery);
    let mut part = |name: &str, before: String, after: String, is_weaker: bool| {
        if before != after {
            let (before, after) = (Some(before), Some(after));
            out.push((Detail::Value { path: name.to_owned(), before, after, note: None }, is_weaker));
        }
    };
    let duplicates = |delivery: &Delivery| match delivery.duplicates() {
        Duplicates::Never => "never".to_owned(),
        Duplicates::Possible => "possible".to_owned(),
    };
    part("duplicates", duplicates(was), duplicates(is), is.duplicates() > was.duplicates());
    part("order", order_name(was.order).to_owned(), order_name(is.order).to_owned(), is.order < was.order);
    let key = |promises: &Promises| promises.key.clone().unwrap_or_else(|| "none".to_owned());
    // Another key orders other things, which is never what the old one promised.
    part("ordering key", key(old), key(new), old.key.is_some());
    part("attempts", number(was.attempts), number(is.attempts), is.attempts > was.attempts);
    part("comes again for", time(was.longest()), time(is.longest()), is.longest() > was.longest());
    part("runs at most", number(was.load), number(is.load), is.load > was.load);
    let kept = |promises: &Promises| promises.kept.map_or_else(|| "unknown".to_owned(), |time| time.to_string());
    part("kept for", kept(old), kept(new), new.kept < old.kept);
    let dead = |promises: &Promises| promises.dead_letter.clone().unwrap_or_else(|| "none".to_owned());
    part("dead letter", dead(old), dead(new), old.dead_letter.is_some() && new.dead_letter.is_none());
    out
}

fn number<T: std::fmt::Display + Copy>(bound: Bound<T>) -> String {
    bound.finite().map_or_else(|| "no end".to_owned(), |number| number.to_string())
}

fn time(bound: Bound<Duration>) -> String {
    bound.finite().map_or_else(|| "an unknown time".to_owned(), |time| time.to_string())
}

/// Where on the way it became so.
fn why(after: &Deliveries<'_>, id: EdgeId, was: &Delivery, is: &Delivery) -> Vec<Detail> {
    let graph = after.spec.facts.graph();
    let title = |id: EdgeId| {
        let edge = graph.edge(id);
        format!("{} -> {} ({})", graph.address(edge.from), graph.address(edge.to), after.spec.place(edge.span))
    };
    let mut out = Vec::new();
    match is.repeats {
        Some(Repeats::Upstream(before)) if was.longest() != is.longest() || was.repeats.is_none() => {
            out.push(Detail::Reason(format!("it was repeated before, on {}", title(before))));
        }
        Some(Repeats::Channel) if was.repeats.is_none() => {
            out.push(Detail::Reason(format!("its channel repeats: {}", title(id))));
        }
        Some(_) | None => {}
    }
    if let Some(lost) = is.lost_order.filter(|_| is.order < was.order) {
        out.push(Detail::Reason(format!("the order is lost on {}", title(lost))));
    }
    out
}
