//! What is promised of one delivery on one target, part by part, and whether each part promises more or less than before.

use std::cmp::Ordering;

use super::change::Detail;
use super::filter::Filter;
use super::names::Names;
use crate::analysis::delivery::{Bound, Delivery, bound_text, duplicates_name, order_name};
use crate::analysis::{Facts, Judged};
use crate::base::Duration;
use crate::catalog::{Duplicates, Order};
use crate::graph::{Edge, EdgeId, NodeRef, Runner};
use crate::model::{AnyResource, Idempotency, resource_head};

/// Where a part goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    /// Less is promised.
    Weaker,
    /// More is promised.
    Stronger,
    /// Neither: what follows from others, or what is only elsewhere.
    Neutral,
}

impl Toward {
    const fn by(order: Ordering) -> Self {
        match order {
            Ordering::Less => Self::Weaker,
            Ordering::Equal => Self::Neutral,
            Ordering::Greater => Self::Stronger,
        }
    }
}

/// How what a delivery leads to bears repetition.
#[derive(Debug, Clone, PartialEq)]
enum Bears {
    /// Nothing is said of it, or it is none of its business.
    Unknown,
    /// The same input has the same effect.
    Natural,
    /// It remembers keys.
    Remembers { key: String, store: String, is_lasting: bool, window: Duration },
}

/// What is promised.
#[derive(Debug, Clone)]
pub(super) struct Promises {
    /// By the channel and what was before it.
    pub(super) delivery: Delivery,
    key: Option<String>,
    kept: Option<Duration>,
    dead_letter: Option<String>,
    bears: Bears,
    filter: Filter,
}

impl Promises {
    /// Of an edge; `None` where the target delivers nothing along it.
    pub(super) fn of(facts: &Facts, on: &Judged, edge: EdgeId, names: &Names) -> Option<Self> {
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
        let dead_letter = facts.dead_letter_along(edge).map(|queue| called(facts, AnyResource::Queue(queue), names));
        // A key means something where it orders.
        let key = key.filter(|_| delivery.order == Order::PerKey);
        let filter = graph.trigger(edge).map(Filter::of).unwrap_or_default();
        Some(Self { delivery, key, kept, dead_letter, bears: bears(facts, edge, names), filter })
    }
}

fn called(facts: &Facts, resource: AnyResource, names: &Names) -> String {
    names.after(&resource_head(facts.model(), resource).path.to_string()).into_owned()
}

fn bears(facts: &Facts, edge: &Edge, names: &Names) -> Bears {
    let function = match facts.graph().runner(edge.to) {
        Some(Runner::Function(id)) => &facts.model().functions[id],
        Some(Runner::Workflow(_)) | None => return Bears::Unknown,
    };
    match &function.idempotency {
        None => Bears::Unknown,
        Some(Idempotency::Natural { .. }) => Bears::Natural,
        Some(Idempotency::Table { key, store, window }) => Bears::Remembers {
            key: key.value.to_string(),
            store: called(facts, AnyResource::Table(store.value), names),
            is_lasting: true,
            window: window.value,
        },
        Some(Idempotency::Cache { key, store, window }) => Bears::Remembers {
            key: key.value.to_string(),
            store: called(facts, AnyResource::Cache(store.value), names),
            is_lasting: false,
            window: window.value,
        },
    }
}

/// Parts that differ.
#[derive(Debug, Default)]
struct Parts(Vec<(Detail, Toward)>);

impl Parts {
    fn add(&mut self, name: &str, (before, after): (String, String), toward: Toward) {
        if before != after {
            self.there(name, Some(before), Some(after), toward);
        }
    }

    fn there(&mut self, name: &str, before: Option<String>, after: Option<String>, toward: Toward) {
        self.0.push((Detail::Value { path: name.to_owned(), before, after, note: None }, toward));
    }
}

/// The parts that differ, and where each of them goes.
pub(super) fn parts(old: &Promises, new: &Promises) -> Vec<(Detail, Toward)> {
    let mut out = Parts::default();
    let (was, is) = (&old.delivery, &new.delivery);
    let duplicates = |delivery: &Delivery| duplicates_name(delivery.duplicates()).to_owned();
    let toward = Toward::by(was.duplicates().cmp(&is.duplicates()));
    out.add("duplicates", (duplicates(was), duplicates(is)), toward);
    let order = |delivery: &Delivery| order_name(delivery.order).to_owned();
    out.add("order", (order(was), order(is)), Toward::by(is.order.cmp(&was.order)));
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    out.add("ordering key", (or_none(&old.key), or_none(&new.key)), ordering_key(old, new));
    out.add("attempts", (bound_text(was.attempts), bound_text(is.attempts)), attempts(old, new));
    out.add(
        "comes again for",
        times(was.longest().finite(), is.longest().finite(), "an unknown time"),
        Toward::Neutral,
    );
    let load = match (was.load, is.load) {
        (Bound::AtMost(_), Bound::NoEnd) => Toward::Weaker,
        (Bound::NoEnd, Bound::AtMost(_)) => Toward::Stronger,
        (Bound::AtMost(_), Bound::AtMost(_)) | (Bound::NoEnd, Bound::NoEnd) => Toward::Neutral,
    };
    out.add("runs at most", (bound_text(was.load), bound_text(is.load)), load);
    let kept = match (old.kept, new.kept) {
        (Some(was), Some(is)) => Toward::by(is.cmp(&was)),
        // What nobody knows is no promise.
        (None, _) | (_, None) => Toward::Neutral,
    };
    out.add("kept for", times(old.kept, new.kept, "unknown"), kept);
    let dead_letter = match (&old.dead_letter, &new.dead_letter) {
        (Some(_), None) => Toward::Weaker,
        (None, Some(_)) => Toward::Stronger,
        (Some(_), Some(_)) | (None, None) => Toward::Neutral,
    };
    out.add("dead letter", (or_none(&old.dead_letter), or_none(&new.dead_letter)), dead_letter);
    if is.duplicates() == Duplicates::Possible {
        idempotency(&old.bears, &new.bears, &mut out);
    }
    filters(&old.filter, &new.filter, &mut out);
    out.0
}

/// Another key orders other things, which is never what the old one promised.
fn ordering_key(old: &Promises, new: &Promises) -> Toward {
    match old.key {
        // That there is another order is said already.
        _ if old.delivery.order != new.delivery.order => Toward::Neutral,
        Some(_) => Toward::Weaker,
        None => Toward::Stronger,
    }
}

fn attempts(old: &Promises, new: &Promises) -> Toward {
    match (old.delivery.attempts, new.delivery.attempts) {
        (Bound::AtMost(was), Bound::AtMost(is)) => Toward::by(is.cmp(&was)),
        // It ends with what is set aside, and not with what is lost.
        (Bound::NoEnd, Bound::AtMost(_)) if new.dead_letter.is_some() => Toward::Neutral,
        (Bound::NoEnd, Bound::AtMost(_)) => Toward::Weaker,
        (Bound::AtMost(_), Bound::NoEnd) if new.dead_letter.is_some() => Toward::Stronger,
        // What always fails is in the way of the rest until it is too old.
        (Bound::AtMost(_) | Bound::NoEnd, Bound::NoEnd) => Toward::Neutral,
    }
}

fn idempotency(old: &Bears, new: &Bears, out: &mut Parts) {
    let text = |bears: &Bears| match bears {
        Bears::Unknown => "none".to_owned(),
        Bears::Natural => "natural".to_owned(),
        Bears::Remembers { key, store, window, .. } => format!("by {key} in {store} for {window}"),
    };
    let rank = |bears: &Bears| match bears {
        Bears::Unknown => 0,
        Bears::Natural => 1,
        Bears::Remembers { .. } => 2,
    };
    let (
        Bears::Remembers { key, store, is_lasting, window },
        Bears::Remembers { key: new_key, store: new_store, is_lasting: lasts, window: new_window },
    ) = (old, new)
    else {
        out.add("idempotency", (text(old), text(new)), Toward::by(rank(new).cmp(&rank(old))));
        return;
    };
    out.add("idempotency key", (key.clone(), new_key.clone()), Toward::Weaker);
    // What may be lost is remembered less.
    out.add("idempotency store", (store.clone(), new_store.clone()), Toward::by(lasts.cmp(is_lasting)));
    out.add("idempotency window", window.alike(*new_window), Toward::by(new_window.cmp(window)));
}

/// Where more is asked of an occurrence, fewer are delivered.
fn filters(old: &Filter, new: &Filter, out: &mut Parts) {
    for (name, part) in &new.0 {
        let text = Some(part.text.clone());
        match old.0.get(name) {
            None => out.there(name, None, text, Toward::Weaker),
            Some(was) => {
                let toward = match (part.covers(was), was.covers(part)) {
                    (true, true) => Toward::Neutral,
                    (true, false) => Toward::Stronger,
                    (false, _) => Toward::Weaker,
                };
                out.add(name, (was.text.clone(), part.text.clone()), toward);
            }
        }
    }
    for (name, was) in old.0.iter().filter(|(name, _)| !new.0.contains_key(*name)) {
        out.there(name, Some(was.text.clone()), None, Toward::Stronger);
    }
}

/// In one unit where both are known.
fn times(was: Option<Duration>, is: Option<Duration>, unknown: &str) -> (String, String) {
    let text = |time: Option<Duration>| time.map_or_else(|| unknown.to_owned(), |time| time.to_string());
    match (was, is) {
        (Some(was), Some(is)) => was.alike(is),
        (was, is) => (text(was), text(is)),
    }
}
