//! What the lattice says of small graphs, and what holds on any graph.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::analysis::{Access, Facts, Judged};
use crate::base::Span;
use crate::graph::Graph;
use crate::graph::sample::{Sample, from_queue};
use crate::model::{AnyResource, Idempotency, IdempotencyKey, Ordered, Scope};

fn facts(sample: Sample) -> Facts {
    let (graph, _) = sample.build();
    let access = Access::derive(&graph);
    Facts::new(Arc::new(graph), Arc::new(access), Vec::new())
}

/// The delivery along the edge between two nodes.
fn between(facts: &Facts, from: &str, to: &str) -> Delivery {
    let graph: &Graph = facts.graph();
    let (from, to) = (graph.find_text(from).unwrap(), graph.find_text(to).unwrap());
    let (id, _) = graph.edges().find(|(_, e)| e.from == from && e.to == to && is_delivery(e)).unwrap();
    *facts.deliveries(&facts.judged()[0]).unwrap().of(id).unwrap()
}

fn send(
    s: &mut Sample,
    function: crate::model::Id<crate::model::Function>,
    queue: crate::model::Id<crate::model::Queue>,
) {
    s.uses(function, AnyResource::Queue(queue), Verb::Send, Scope::Whole);
}

fn remember(s: &mut Sample, function: crate::model::Id<crate::model::Function>) {
    let seen = s.table("seen");
    let span: Span = s.at("idempotency");
    s.functions[function.index()].idempotency = Some(Idempotency::Table {
        key: crate::base::Spanned::new(IdempotencyKey::EventId, span),
        store: crate::base::Spanned::new(seen, span),
        window: crate::base::Spanned::new(Duration::from_secs(60), span),
    });
}

/// work → first → more → second
fn chain(is_idempotent: bool, ordered: [Ordered; 2]) -> Facts {
    let mut s = Sample::default();
    let (work, more) = (s.queue("work"), s.queue("more"));
    s.queues[work.index()].ordered.value = ordered[0];
    s.queues[more.index()].ordered.value = ordered[1];
    let (first, second) = (s.function("first"), s.function("second"));
    s.on(first, from_queue(work));
    s.on(second, from_queue(more));
    send(&mut s, first, more);
    if is_idempotent {
        remember(&mut s, first);
    }
    facts(s)
}

#[test]
fn a_repetition_is_passed_on_unless_somebody_bears_it() {
    let days = |n: u64| Bound::AtMost(Duration::from_secs(n * 86_400));
    let passed = chain(false, [Ordered::No; 2]);
    let sent = between(&passed, "first", "more");
    assert!(matches!(sent.repeats, Some(Repeats::Upstream(_))));
    assert_eq!((sent.age, sent.inherited), (Bound::AtMost(Duration::ZERO), days(4)));
    let taken = between(&passed, "more", "second");
    assert_eq!((taken.age, taken.inherited, taken.longest()), (days(4), days(4), days(8)));
    let cut = chain(true, [Ordered::No; 2]);
    assert_eq!(between(&cut, "first", "more").repeats, None);
    let taken = between(&cut, "more", "second");
    assert_eq!((taken.repeats, taken.longest()), (Some(Repeats::Channel), days(4)));
}

#[test]
fn hops_lead_back_to_where_a_repetition_began() {
    let facts = chain(false, [Ordered::No; 2]);
    let graph = facts.graph();
    let (more, second) = (graph.find_text("more").unwrap(), graph.find_text("second").unwrap());
    let (edge, _) = graph.edges().find(|(_, e)| e.from == more && e.to == second).unwrap();
    let hops = facts.hops(edge, &facts.judged()[0]);
    let ends: Vec<String> = hops.iter().map(|hop| graph.title(graph.edge(hop.edge).to)).collect();
    assert_eq!(ends, ["first", "more", "second"]);
    assert_eq!(hops[0].delivery.summary(), "at least once, any number of attempts, for 4d");
    assert_eq!(hops[2].delivery.summary(), "at least once, any number of attempts, for 8d");
}

#[test]
fn an_order_is_kept_lost_and_made_anew() {
    let kept = chain(true, [Ordered::PerKey, Ordered::PerKey]);
    let sent = between(&kept, "first", "more");
    assert_eq!((sent.order, sent.lost_order), (Order::PerKey, None));
    let lost = chain(true, [Ordered::PerKey, Ordered::No]);
    let taken = between(&lost, "more", "second");
    assert_eq!(taken.order, Order::None);
    assert!(taken.lost_order.is_some(), "it is lost on this very edge");
    let none = chain(true, [Ordered::No, Ordered::No]);
    assert_eq!(between(&none, "more", "second").lost_order, None, "there was none");
    let anew = chain(true, [Ordered::No, Ordered::PerKey]);
    assert_eq!(between(&anew, "more", "second").order, Order::PerKey);
}

#[test]
fn a_circle_that_passes_repetitions_on_has_no_end() {
    let circle = |is_idempotent: bool| {
        let mut s = Sample::default();
        let (one, other) = (s.queue("a"), s.queue("b"));
        let failed = s.queue("failed");
        s.dead_letter(one, failed);
        s.dead_letter(other, failed);
        let (first, second) = (s.function("f"), s.function("g"));
        s.on(first, from_queue(one));
        s.on(second, from_queue(other));
        send(&mut s, first, other);
        send(&mut s, second, one);
        if is_idempotent {
            remember(&mut s, first);
        }
        facts(s)
    };
    let endless = between(&circle(false), "a", "f");
    assert_eq!((endless.inherited, endless.load), (Bound::NoEnd, Bound::NoEnd));
    let cut = circle(true);
    // Set aside by f, five tries of g.
    assert_eq!(between(&cut, "b", "g").load, Bound::AtMost(5));
    assert_eq!(between(&cut, "a", "f").load, Bound::AtMost(25));
    assert_eq!(between(&cut, "b", "g").repeats, Some(Repeats::Channel));
}

/// A graph of queues and functions by numbers: who takes from where, who sends where, who bears repetition.
fn wired(wires: &[(u8, u8, u8)], turned: bool) -> (Facts, BTreeMap<(String, String), Delivery>) {
    let mut s = Sample::default();
    let queues: Vec<_> = (0..8).map(|n| s.queue(&format!("q{n}"))).collect();
    let mut order: Vec<usize> = (0..wires.len()).collect();
    if turned {
        order.reverse();
    }
    for at in order {
        let (from, to, how) = wires[at];
        let function = s.function(&format!("f{at}"));
        s.on(function, from_queue(queues[usize::from(from % 8)]));
        send(&mut s, function, queues[usize::from(to % 8)]);
        if how & 1 == 1 {
            s.functions[function.index()].idempotency =
                Some(Idempotency::Natural { reason: None, span: Span::start_of(crate::base::FileId(0)) });
        }
    }
    for (at, (_, _, how)) in wires.iter().enumerate() {
        if how & 2 == 2 {
            s.queues[at % 8].ordered.value = Ordered::PerKey;
        }
    }
    let facts = facts(s);
    let graph = facts.graph();
    let deliveries = facts.deliveries(&facts.judged()[0]).unwrap();
    let by_ends = graph
        .edges()
        .filter_map(|(id, e)| Some(((graph.address(e.from), graph.address(e.to)), *deliveries.of(id)?)))
        .collect();
    (facts, by_ends)
}

/// What holds whatever the order of declarations, which decides the numbers of edges.
type Bare = (Duplicates, (Order, bool), Bound<u32>, [Bound<Duration>; 2], Bound<u64>);

/// Without the numbers of edges.
fn bare(delivery: &Delivery) -> Bare {
    let Delivery { order, lost_order, attempts, age, inherited, load, .. } = *delivery;
    (delivery.duplicates(), (order, lost_order.is_some()), attempts, [age, inherited], load)
}

proptest::proptest! {
    #[test]
    fn it_ends_on_any_graph_whatever_the_order_of_declarations(
        wires in proptest::collection::vec((0u8..8, 0u8..8, 0u8..4), 0..24)
    ) {
        let (_, one) = wired(&wires, false);
        let (_, other) = wired(&wires, true);
        proptest::prop_assert_eq!(one.len(), other.len());
        for (ends, delivery) in &one {
            proptest::prop_assert_eq!(bare(delivery), bare(&other[ends]), "{:?}", ends);
        }
    }

    #[test]
    fn a_weaker_channel_or_function_makes_no_promise_stronger(
        wires in proptest::collection::vec((0u8..8, 0u8..8, 0u8..4), 1..16),
        which in 0usize..16,
        weakened in 1u8..4,
    ) {
        let (_, strong) = wired(&wires, false);
        let mut weaker = wires.clone();
        let at = which % wires.len();
        weaker[at].2 &= !weakened;
        let (_, weak) = wired(&weaker, false);
        for (ends, delivery) in &strong {
            proptest::prop_assert!(
                delivery.promises(&weak[ends]),
                "{:?}: {:?} became {:?}", ends, bare(delivery), bare(&weak[ends])
            );
        }
    }
}

#[test]
fn a_target_that_says_nothing_is_the_baseline() {
    let facts = chain(false, [Ordered::No; 2]);
    assert!(facts.deliveries(&Judged::portable()).is_some());
}
