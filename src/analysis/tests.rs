//! Facts of a small application made by hand.

use std::sync::Arc;

use super::{Access, Channel, Facts, Judged, Limit, PORTABLE};
use crate::base::{Duration, Name, Spanned};
use crate::catalog::Manifest;
use crate::graph::sample::{Sample, from_queue, on_event, on_http};
use crate::graph::{Graph, Runner};
use crate::model::{AnyResource, Arena, Auth, Call, CallMode, Function, Id, Scope, Task, TaskKind, Verb};

/// `place` behind a route emits; `notify` hears it and sends; `settle` reads the queue; `report` stands alone.
fn shop(auth: &Auth) -> Graph {
    let mut s = Sample::default();
    let placed = s.event("order.placed");
    let orders = s.table("orders");
    let ledger = s.queue("ledger");
    let mesh = s.bus("mesh");
    let shop = s.api("shop");
    let notify = s.function("notify");
    s.on(notify, on_event(placed, mesh));
    s.uses(notify, AnyResource::Queue(ledger), Verb::Send, Scope::Whole);
    let place = s.function("place");
    s.on(place, on_http(shop));
    if let crate::model::TriggerSource::Http(http) = &mut s.functions[place.index()].triggers[0].source {
        http.auth = auth.clone();
    }
    s.emits(place, placed, mesh);
    let report = s.function("report");
    s.uses(report, AnyResource::Table(orders), Verb::Scan, Scope::Whole);
    s.uses(report, AnyResource::Table(orders), Verb::Delete, Scope::Whole);
    let settle = s.function("settle");
    s.on(settle, from_queue(ledger));
    s.uses(settle, AnyResource::Table(orders), Verb::Update, Scope::Whole);
    s.build().0
}

fn facts(graph: Graph, judged: Vec<Judged>) -> Facts {
    let access = Access::derive(&graph);
    Facts::new(Arc::new(graph), Arc::new(access), judged)
}

fn target(id: &str, rest: &str) -> Judged {
    let text = format!("{{ id: {id}, title: T, format: hcl, units: [], capabilities: {{}}, {rest} }}");
    Judged::of(&serde_yaml::from_str::<Manifest>(&text).unwrap())
}

fn exposed(facts: &Facts) -> Vec<String> {
    let graph = facts.graph();
    graph.nodes().filter(|(id, _)| facts.is_exposed(*id)).map(|(id, _)| graph.title(id)).collect()
}

#[test]
fn what_an_open_route_reaches_is_exposed() {
    let open = facts(shop(&Auth::Unstated), Vec::new());
    let names = ["order.placed", "orders", "ledger", "notify", "place", "settle", "GET /orders"];
    assert_eq!(exposed(&open), names);
}

#[test]
fn a_token_closes_a_route() {
    let span = crate::base::Span::start_of(crate::base::FileId(0));
    let issuer = crate::base::Spanned::new("https://id.example.com/".into(), span);
    let closed = facts(shop(&Auth::Jwt(crate::model::Jwt { issuer, audience: Vec::new() })), Vec::new());
    assert!(exposed(&closed).is_empty());
}

#[test]
fn the_baseline_is_judged_where_no_target_is() {
    let facts = facts(shop(&Auth::Unstated), Vec::new());
    let [on] = facts.judged() else { panic!("one target") };
    assert_eq!((on.id(), on.is_baseline()), (PORTABLE, true));
    assert_eq!(on.time(Limit::ApiTimeoutMax), None);
    let repeats = |number: usize| {
        let runner = Runner::Function(Arena::<Function>::id_at(number));
        facts.triggers(runner).map(|(_, trigger)| (facts.channel(trigger), facts.repeats(trigger, on))).next()
    };
    assert_eq!(repeats(0), Some((Channel::Bus, true)));
    assert_eq!(repeats(1), Some((Channel::Http, false)));
    assert_eq!(repeats(2), None);
    assert_eq!(repeats(3), Some((Channel::Queue, true)));
}

#[test]
fn targets_say_what_they_promise() {
    let once = target("b-once", "guarantees: { queue: { duplicates: never, ordering: none, fact: X1 } }");
    let rest = "limits: { api.timeout.max: { value: 30s, fact: A01 }, queue.batch.max: { value: 10, fact: Q13 } }, \
                guarantees: { bus: { duplicates: possible, ordering: none, retry-age: { value: 24h, fact: N05 }, fact: N05 } }";
    let facts = facts(shop(&Auth::Unstated), vec![once, target("a-many", rest)]);
    let [many, once] = facts.judged() else { panic!("two targets") };
    assert_eq!((many.id(), once.id()), ("a-many", "b-once"), "targets are judged by name");
    let known = many.time(Limit::ApiTimeoutMax).unwrap();
    assert_eq!((known.value, known.fact), (Duration::from_secs(30), "A01"));
    assert_eq!(many.number(Limit::QueueBatchMax).map(|known| known.value), Some(10));
    assert_eq!(many.time(Limit::QueueBatchMax), None, "a number is no time");
    assert_eq!(many.retry_age(Channel::Bus).map(|known| known.value), Some(Duration::from_secs(86_400)));
    let settle = Runner::Function(Arena::<Function>::id_at(3));
    let (_, trigger) = facts.triggers(settle).next().unwrap();
    assert!(facts.repeats(trigger, many) && !facts.repeats(trigger, once));
    let named: Vec<&str> = facts.targets_where(|on| facts.repeats(trigger, on)).iter().map(|on| on.id()).collect();
    assert_eq!(named, ["a-many"]);
}

#[test]
fn reading_and_deleting_are_no_effects() {
    let facts = facts(shop(&Auth::Unstated), Vec::new());
    let count = |number: usize| facts.effects(Arena::<Function>::id_at(number)).count();
    assert_eq!([count(0), count(1), count(2), count(3)], [1, 1, 0, 1]);
}

#[test]
fn what_runs_is_triggered_or_called_by_what_runs() {
    let mut s = Sample::default();
    let shop = s.api("shop");
    let [route, called, helper, idle, done, undo] = ["a", "b", "c", "d", "e", "f"].map(|name| s.function(name));
    s.on(route, on_http(shop));
    let span = s.at("calls");
    let mut call = |by: Id<Function>, function: Id<Function>| {
        s.functions[by.index()].calls.push(Call::Function { function, mode: CallMode::Sync, span });
    };
    call(route, called);
    call(called, helper);
    // A circle that nothing enters does not turn.
    call(idle, idle);
    s.workflow("order");
    s.workflows[0].tasks.push(Task {
        name: Spanned::new(Name::parse("do").unwrap(), span),
        kind: TaskKind::Call { function: Spanned::new(done, span), with: Vec::new() },
        retry: None,
        compensate: Some(Spanned::new(undo, span)),
    });
    let facts = facts(s.build().0, Vec::new());
    let all = [route, called, helper, idle, done, undo];
    assert_eq!(all.map(|id| facts.is_run(id)), [true, true, true, false, true, true]);
    // Of these, requests alone run the first.
    assert_eq!(all.map(|id| facts.only_routes(id).map(|routes| routes.len())), [Some(1), None, None, None, None, None]);
}

#[test]
fn what_is_reached_is_computed_once() {
    let facts = facts(shop(&Auth::Unstated), Vec::new());
    assert!(std::ptr::eq(facts.reach(), facts.reach()));
    let place = crate::analysis::Actor::Runner(Runner::Function(Arena::<Function>::id_at(1)));
    let verbs: Vec<_> = facts.reach().radius(place, usize::MAX).rights().map(|(tuple, _)| tuple.verb).collect();
    assert_eq!(verbs, [Verb::Invoke, Verb::Send, Verb::Invoke, Verb::Update]);
}
