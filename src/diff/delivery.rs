//! What is promised of each delivery: weaker, stronger, gone or new, on each target that judges it, and why.

use std::collections::BTreeMap;

use super::change::{Change, Detail, Which};
use super::filter::Filter;
use super::names::Names;
use super::promises::{Promises, Toward, parts};
use super::{Class, Spec};
use crate::analysis::delivery::{Delivery, Repeats};
use crate::graph::{Edge, EdgeId, EdgeKind};

/// From, to, and by what: the same in both states.
type Key = (String, String, String);

/// One of the deliveries of a key.
struct Link<'a> {
    id: EdgeId,
    edge: &'a Edge,
    filter: Filter,
}

/// The deliveries of one state.
struct Deliveries<'a> {
    spec: Spec<'a>,
    edges: BTreeMap<Key, Vec<Link<'a>>>,
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
        let mut by_key: BTreeMap<Key, Vec<Link<'_>>> = BTreeMap::new();
        for (id, edge) in edges {
            let trigger = graph.trigger(edge);
            let how = match (&edge.kind, trigger) {
                // The route, the time or the filter stands in the name of a trigger, and may change with it.
                (EdgeKind::Trigger { .. }, Some(trigger)) => trigger.kind().as_str().to_owned(),
                (kind, _) => kind.as_str().to_owned(),
            };
            let link = Link { id, edge, filter: trigger.map(Filter::of).unwrap_or_default() };
            by_key.entry((address(edge.from), address(edge.to), how)).or_default().push(link);
        }
        // Several triggers of one source differ by what they take of it, and the order in which they stand says nothing.
        for links in by_key.values_mut() {
            links.sort_by(|a, b| a.filter.words().cmp(&b.filter.words()));
        }
        Self { spec, edges: by_key }
    }
}

/// All of the level.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (Deliveries::of(old, names), Deliveries::of(new, &Names::default()));
    let mut out = Vec::new();
    let none = Vec::new();
    for (key, links) in &after.edges {
        let (pairs, gone, come) = paired(before.edges.get(key).unwrap_or(&none), links);
        for (was, is) in pairs {
            compared(&before, &after, key, (was.id, is.id), names, &mut out);
        }
        out.extend(come.into_iter().map(|link| whole(key, link, Which::New)));
        out.extend(gone.into_iter().map(|link| whole(key, link, Which::Old)));
    }
    for (key, links) in before.edges.iter().filter(|(key, _)| !after.edges.contains_key(*key)) {
        out.extend(links.iter().map(|link| whole(key, link, Which::Old)));
    }
    out
}

fn whole(key: &Key, link: &Link<'_>, which: Which) -> Change {
    let (class, what) = match which {
        Which::New => (Class::DeliveryAdded, "new"),
        Which::Old => (Class::DeliveryRemoved, "gone"),
    };
    let change = Change::new(class, subject(key), format!("{} is {what}", words(key))).of(&key.1);
    change.at(which, link.edge.span)
}

/// Those of both states, those of the old one alone, and those of the new one alone.
type Paired<'d, 'a> = (Vec<(&'d Link<'a>, &'d Link<'a>)>, Vec<&'d Link<'a>>, Vec<&'d Link<'a>>);

/// Which delivery is which: those that take the same, and then one after the other.
fn paired<'d, 'a>(old: &'d [Link<'a>], new: &'d [Link<'a>]) -> Paired<'d, 'a> {
    let mut gone: Vec<&Link<'_>> = old.iter().collect();
    let (mut pairs, mut come) = (Vec::new(), Vec::new());
    for link in new {
        match gone.iter().position(|was| was.filter.words() == link.filter.words()) {
            Some(at) => pairs.push((gone.remove(at), link)),
            None => come.push(link),
        }
    }
    let both = gone.len().min(come.len());
    pairs.extend(gone.drain(..both).zip(come.drain(..both)));
    (pairs, gone, come)
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
        let old = Promises::of(before.spec.facts, judged, was, names);
        let new = Promises::of(after.spec.facts, on, is, &Names::default());
        let (Some(old), Some(new)) = (old, new) else { continue };
        let parts = parts(&old, &new);
        let goes = |toward: Toward| parts.iter().any(|(_, part)| *part == toward);
        let class = match (goes(Toward::Weaker), goes(Toward::Stronger)) {
            (true, _) => Class::DeliveryWeakened,
            (false, true) => Class::DeliveryStrengthened,
            // What only follows from a change elsewhere is told there.
            (false, false) => continue,
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
