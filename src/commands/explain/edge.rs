//! What is promised of what passes along one edge: by target each component of its delivery with the fact or the text that
//! it rests on, and hop by hop how it came about.

use std::fmt::Write as _;

use isobar::analysis::delivery::{Bound, Delivery, Repeats, bound_text, duplicates_name, order_name};
use isobar::analysis::{Channel, Facts, Judged, Limit};
use isobar::base::{Duration, Sources};
use isobar::catalog::Order;
use isobar::graph::{Edge, EdgeId, EdgeKind, Graph, NodeRef, render};
use isobar::model::{AnyResource, CallMode, TriggerSource};

use super::node::{section, table};

/// The edges that a text names: `from->to`, or the address of a trigger. None where it names something else.
pub(super) fn find(graph: &Graph, text: &str) -> anyhow::Result<Vec<EdgeId>> {
    let Some((from, to)) = text.split_once("->") else {
        let is_meant = |edge: &Edge| {
            graph.trigger(edge).is_some_and(|trigger| format!("{}.on.{}", graph.address(edge.to), trigger.name) == text)
        };
        // A route and a schedule are nodes of their own.
        let edges = graph.edges().filter(|_| graph.find_text(text).is_none());
        return Ok(edges.filter(|(_, edge)| is_meant(edge)).map(|(id, _)| id).collect());
    };
    let node = |text: &str| {
        let text = text.trim();
        graph.find_text(text).ok_or_else(|| anyhow::anyhow!("there is no node `{text}`; `isobar graph` lists them"))
    };
    let (from, to) = (node(from)?, node(to)?);
    let edges: Vec<EdgeId> = graph.outgoing_ids(from).filter(|(_, edge)| edge.to == to).map(|(id, _)| id).collect();
    if edges.is_empty() {
        let mut others: Vec<String> =
            graph.outgoing(from).map(|edge| format!("`{}`", graph.address(edge.to))).collect();
        others.dedup();
        let (from, to) = (graph.address(from), graph.address(to));
        let hint = if others.is_empty() { "nothing".to_owned() } else { others.join(", ") };
        anyhow::bail!("no edge leads from `{from}` to `{to}`; from there it goes to {hint}");
    }
    Ok(edges)
}

/// Everything that is promised of it.
pub(super) fn describe(facts: &Facts, id: EdgeId, sources: &Sources) -> String {
    let graph = facts.graph();
    let edge = graph.edge(id);
    let mut out = String::new();
    let detail = render::edge_detail(graph, edge).map(|detail| format!(" {detail}")).unwrap_or_default();
    // Writing to a string does not fail, here and below.
    let _ = writeln!(out, "{}: {}{detail}  {}", title(graph, edge), edge.kind.as_str(), sources.place(edge.span));
    for on in facts.judged() {
        let Some(delivery) = facts.deliveries(on).and_then(|deliveries| deliveries.of(id)) else {
            let _ = writeln!(out, "  nothing is delivered along it");
            break;
        };
        let explained = Explained { facts, on, edge, delivery, sources };
        let name = if on.is_baseline() { "on any target".to_owned() } else { format!("on {}", on.id()) };
        section(&mut out, &format!("{name}: {}", delivery.summary()), &table(&explained.rows()));
        let hops = facts.hops(id, on);
        if hops.len() > 1 {
            let row = |hop: &isobar::analysis::delivery::Hop| {
                let edge = graph.edge(hop.edge);
                [title(graph, edge), hop.delivery.summary(), sources.place(edge.span)]
            };
            let rows: Vec<[String; 3]> = hops.iter().map(row).collect();
            section(&mut out, &format!("how it came about {name}"), &table(&rows));
        }
    }
    out
}

fn title(graph: &Graph, edge: &Edge) -> String {
    format!("{} -> {}", graph.address(edge.from), graph.address(edge.to))
}

struct Explained<'a> {
    facts: &'a Facts,
    on: &'a Judged,
    edge: &'a Edge,
    delivery: &'a Delivery,
    sources: &'a Sources,
}

impl Explained<'_> {
    fn rows(&self) -> Vec<[String; 3]> {
        let delivery = self.delivery;
        let row = |name: &str, value: String, why: String| [name.to_owned(), value, why];
        let mut rows = vec![
            row("duplicates", duplicates_name(delivery.duplicates()).to_owned(), self.why_twice()),
            row("order", order_name(delivery.order).to_owned(), self.why_order()),
            row("attempts", bound_text(delivery.attempts), self.why_attempts()),
        ];
        if delivery.repeats.is_some() {
            rows.push(row("comes again for", age(delivery.age), self.why_age()));
            if delivery.inherited != Bound::AtMost(Duration::ZERO) {
                rows.push(row("and before for", age(delivery.inherited), "it was repeated on the way here".to_owned()));
            }
            rows.push(row("runs", bound_text(delivery.load), "that one occurrence can cause, at most".to_owned()));
        }
        if delivery.batch > 1 {
            rows.push(row("batch", delivery.batch.to_string(), "at a time, at most".to_owned()));
        }
        let size = delivery.size.map_or_else(|| "unknown".to_owned(), |size| size.to_string());
        match self.largest() {
            Some((limit, fact)) => rows.push(row("size", size, format!("of {limit} that it takes ({fact})"))),
            None if delivery.size.is_some() => rows.push(row("size", size, "by the contract".to_owned())),
            None => {}
        }
        rows
    }

    /// By which channel it is delivered; `None` for what is written or sent somewhere.
    fn channel(&self) -> Option<Channel> {
        match &self.edge.kind {
            EdgeKind::Trigger { .. } => {
                self.facts.graph().trigger(self.edge).map(|trigger| self.facts.channel(trigger))
            }
            EdgeKind::Resumes => Some(Channel::Bus),
            EdgeKind::Calls(CallMode::Async) => Some(Channel::CallAsync),
            EdgeKind::Calls(CallMode::Sync) | EdgeKind::Compensates => Some(Channel::CallSync),
            EdgeKind::Emits { .. }
            | EdgeKind::Routes
            | EdgeKind::Accesses { .. }
            | EdgeKind::DeadLetters
            | EdgeKind::NativeGrant { .. } => None,
        }
    }

    /// The fact that the promise of its channel rests on.
    fn promise(&self) -> String {
        match self.channel().map(|channel| (channel, self.on.guarantee(channel))) {
            Some((channel, Some(guarantee))) => format!("promised of {} ({})", channel.as_str(), guarantee.fact),
            Some((channel, None)) => format!("assumed of {} where no target says it", channel.as_str()),
            None => String::new(),
        }
    }

    fn why_twice(&self) -> String {
        match self.delivery.repeats {
            None => "nobody repeats it".to_owned(),
            Some(Repeats::Channel) => self.promise(),
            Some(Repeats::Upstream(before)) => {
                let graph = self.facts.graph();
                format!("repeated on {}, and passed on", title(graph, graph.edge(before)))
            }
        }
    }

    fn why_order(&self) -> String {
        let graph = self.facts.graph();
        match self.delivery.lost_order {
            Some(lost) => {
                let edge = graph.edge(lost);
                format!("lost on {} ({})", title(graph, edge), self.sources.place(edge.span))
            }
            None if self.delivery.order == Order::None => String::new(),
            None => self.promise(),
        }
    }

    fn why_attempts(&self) -> String {
        let trigger = self.facts.graph().trigger(self.edge);
        let given = trigger.and_then(|trigger| {
            let TriggerSource::Queue { from, .. } = &trigger.source else {
                return trigger.retry.as_ref().map(|retry| &retry.attempts);
            };
            self.facts.model().queues[from.value].dead_letter.as_ref().map(|dead_letter| &dead_letter.after)
        });
        match (given, self.delivery.attempts) {
            (Some(given), _) => match &given.derived {
                Some(why) => why.to_string(),
                None => self.sources.place(given.span),
            },
            (None, Bound::NoEnd) => "nothing ends them".to_owned(),
            (None, Bound::AtMost(1)) => String::new(),
            (None, Bound::AtMost(_)) => self.promise(),
        }
    }

    fn why_age(&self) -> String {
        let at = self.facts.graph().trigger_ref(self.edge);
        match at.and_then(|at| self.facts.redelivery(at, self.on)) {
            Some(redelivery) => {
                let part = |stay: &isobar::analysis::Stay| {
                    format!("{} {} ({})", stay.time, stay.place, self.sources.place(stay.span))
                };
                redelivery.parts.iter().map(part).collect::<Vec<_>>().join(" + ")
            }
            None => match self.channel().and_then(|channel| self.on.retry_age(channel)) {
                Some(age) => format!("of retries by the platform ({})", age.fact),
                None => String::new(),
            },
        }
    }

    /// The largest data that the channel takes.
    fn largest(&self) -> Option<(String, String)> {
        let graph = self.facts.graph();
        let ends = [graph.node(self.edge.from).of, graph.node(self.edge.to).of];
        let limit = ends.into_iter().find_map(|of| match of {
            NodeRef::Resource(AnyResource::Queue(_)) => Some(Limit::QueueMessageMax),
            NodeRef::Resource(AnyResource::Topic(_)) => Some(Limit::TopicMessageMax),
            NodeRef::Event(_) => Some(Limit::BusMessageMax),
            NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Route(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => None,
        })?;
        self.on.size(limit).map(|known| (known.value.to_string(), known.fact.to_owned()))
    }
}

fn age(bound: Bound<Duration>) -> String {
    bound.finite().map_or_else(|| "an unknown time".to_owned(), |age| age.to_string())
}
