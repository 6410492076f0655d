//! The graph of a small application made by hand.

use super::render;
use super::sample::{Sample, from_queue, on_event, on_http};
use super::{EdgeKind, Graph, NodeRef, Runner};
use crate::base::{NodePath, Section, Sources, Spanned};
use crate::model::{
    AnyResource, Arena, CallMode, Idempotency, IdempotencyKey, Native, NativeGrant, Places, Queue, Scope, Task,
    TaskKind, Verb,
};

fn shop() -> (Graph, Sources) {
    let mut s = Sample::default();
    let placed = s.event("order.placed");
    let orders = s.table("orders");
    let seen = s.table("seen");
    let failed = s.queue("failed");
    let ledger = s.queue("ledger");
    s.dead_letter(ledger, failed);
    let mesh = s.bus("mesh");
    let shop = s.api("shop");
    let notify = s.function("notify");
    s.on(notify, on_event(placed, mesh));
    s.uses(notify, AnyResource::Queue(ledger), Verb::Send, Scope::Whole);
    let place = s.function("place");
    s.on(place, on_http(shop));
    s.emits(place, placed, mesh);
    s.uses(place, AnyResource::Table(orders), Verb::Get, Scope::Whole);
    s.uses(place, AnyResource::Table(orders), Verb::Query, Scope::Index("by-customer".into()));
    let settle = s.function("settle");
    s.on(settle, from_queue(ledger));
    let span = s.at("store");
    s.functions[settle.index()].idempotency = Some(Idempotency::Table {
        key: Spanned::new(IdempotencyKey::EventId, span),
        store: Spanned::new(seen, span),
        window: Spanned::new(crate::base::Duration::from_secs(60), span),
    });
    s.emits(settle, placed, mesh);
    let fulfil = s.workflow("fulfil");
    let span = s.at("task");
    s.workflows[fulfil.index()].tasks.push(Task {
        name: Spanned::new(crate::base::Name::parse("pay").unwrap(), span),
        kind: TaskKind::Call { function: Spanned::new(place, span), with: Vec::new() },
        retry: None,
        compensate: Some(Spanned::new(settle, span)),
    });
    let grant = |what: &str, span| NativeGrant {
        span,
        who: place,
        verbs: vec![Spanned::new("kms:Sign".to_owned(), span)],
        what: Spanned::new(what.to_owned(), span),
        conditions: Vec::new(),
    };
    let grants = vec![grant("key.sign", span), grant("key.sign", span), grant("resources.orders", span)];
    s.native.insert(
        "cloud".to_owned(),
        Native { span, resources: serde_json::Map::new(), places: Places::at(span), grants },
    );
    s.build()
}

fn find(graph: &Graph, text: &str) -> super::NodeId {
    graph.find_text(text).unwrap_or_else(|| panic!("no node {text}"))
}

#[test]
fn nodes_are_ordered_by_kind_and_found_by_path() {
    let (graph, _) = shop();
    let addresses: Vec<String> = graph.nodes().map(|(id, _)| graph.address(id)).collect();
    assert_eq!(
        addresses,
        [
            "events.order.placed",
            "resources.orders",
            "resources.seen",
            "resources.failed",
            "resources.ledger",
            "resources.mesh",
            "resources.shop",
            "functions.notify",
            "functions.place",
            "functions.settle",
            "workflows.fulfil",
            "functions.place.on.http",
            "native.cloud.key.sign",
        ]
    );
    for (id, _) in graph.nodes() {
        assert_eq!(graph.find_text(&graph.address(id)), Some(id));
    }
    assert_eq!(graph.find(&NodePath::new(Section::Functions, "settle")), graph.find_text("settle"));
    assert_eq!(graph.find_text("functions.nobody"), None);
}

#[test]
fn edges_point_the_way_of_data_in_the_order_of_the_spec() {
    let (graph, sources) = shop();
    let place = find(&graph, "functions.place");
    let out: Vec<String> = graph
        .outgoing(place)
        .map(|e| format!("{} {} at {}", e.kind.as_str(), graph.address(e.to), sources.text(e.span)))
        .collect();
    assert_eq!(
        out,
        [
            "accesses resources.orders at get",
            "accesses resources.orders at query",
            "emits events.order.placed at emits",
            "native-grant native.cloud.key.sign at task",
            "native-grant native.cloud.key.sign at task",
            "native-grant resources.orders at task",
        ]
    );
    let into: Vec<&str> = graph.incoming(place).map(|e| e.kind.as_str()).collect();
    assert_eq!(into, ["triggers", "calls"]);
    let bus: Vec<_> = graph.outgoing(find(&graph, "mesh")).map(|e| e.kind.clone()).collect();
    assert_eq!(bus, [EdgeKind::Routes], "a bus carries an event once, however many send it");
}

#[test]
fn channels_know_who_puts_and_who_takes() {
    let (graph, _) = shop();
    let ledger = Arena::<Queue>::id_at(1);
    let names = |edges: Vec<&super::Edge>, end: fn(&super::Edge) -> super::NodeId| -> Vec<String> {
        edges.into_iter().map(|e| graph.title(end(e))).collect()
    };
    assert_eq!(names(graph.producers(AnyResource::Queue(ledger)).collect(), |e| e.from), ["notify"]);
    assert_eq!(names(graph.consumers(AnyResource::Queue(ledger)).collect(), |e| e.to), ["settle"]);
    assert_eq!(graph.dead_letter(AnyResource::Queue(ledger)).map(|e| graph.title(e.to)).as_deref(), Some("failed"));
    assert_eq!(names(graph.dead_letter_of(Arena::<Queue>::id_at(0)).collect(), |e| e.from), ["ledger"]);
    let seen = AnyResource::Table(Arena::<crate::model::Table>::id_at(1));
    let verbs: Vec<_> = graph.uses(seen).map(|e| e.kind.clone()).collect();
    assert_eq!(verbs, [EdgeKind::Accesses { verb: Verb::Remember, scope: Scope::Own }]);
}

#[test]
fn triggers_lead_back_to_the_model() {
    let (graph, _) = shop();
    let NodeRef::Function(notify) = graph.node(find(&graph, "notify")).of else { panic!("notify is a function") };
    let triggers: Vec<_> = graph.triggers(Runner::Function(notify)).collect();
    let [(edge, trigger)] = triggers.as_slice() else { panic!("one trigger") };
    assert_eq!(graph.title(edge.from), "order.placed");
    assert_eq!(trigger.kind(), crate::model::TriggerKind::Event);
}

#[test]
fn workflows_call_and_compensate() {
    let (graph, _) = shop();
    let kinds: Vec<_> = graph.outgoing(find(&graph, "fulfil")).map(|e| e.kind.clone()).collect();
    assert_eq!(kinds, [EdgeKind::Calls(CallMode::Sync), EdgeKind::Compensates]);
}

#[test]
fn a_loop_is_a_component_and_a_cut_edge_opens_it() {
    let (graph, _) = shop();
    let titles = |components: Vec<Vec<super::NodeId>>| -> Vec<Vec<String>> {
        components.into_iter().map(|c| c.into_iter().map(|id| graph.title(id)).collect()).collect()
    };
    let all = titles(graph.cycles(|e| e.kind.carries()));
    assert_eq!(all, [["order.placed", "ledger", "notify", "settle"]]);
    let cut = graph.cycles(|e| e.kind.carries() && !matches!(e.kind, EdgeKind::Emits { .. }));
    assert!(cut.is_empty(), "{cut:?}");
}

#[test]
fn reachability_follows_what_carries() {
    let (graph, _) = shop();
    let reached = graph.reachable([find(&graph, "place")], |e| e.kind.carries());
    let names: Vec<String> =
        graph.nodes().filter(|(id, _)| reached[id.index()]).map(|(id, _)| graph.title(id)).collect();
    // Reading `orders` causes nothing there.
    assert_eq!(names, ["order.placed", "failed", "ledger", "notify", "place", "settle"]);
}

#[test]
fn a_chain_of_any_length_fits_the_stack() {
    let mut s = Sample::default();
    let queues: Vec<_> = (0..50_000).map(|i| s.queue(&format!("q{i}"))).collect();
    for pair in queues.windows(2) {
        s.dead_letter(pair[0], pair[1]);
    }
    let (graph, _) = s.build();
    assert!(graph.cycles(|_| true).is_empty());
}

#[test]
fn text_lists_both_directions_with_places() {
    let (graph, sources) = shop();
    insta::assert_snapshot!(render::text(&graph, &sources, &render::Labels::default()));
}

#[test]
fn mermaid_draws_one_arrow_a_pair_and_kind() {
    let (graph, _) = shop();
    insta::assert_snapshot!(render::mermaid(&graph, &render::Labels::default()));
}

#[test]
fn dot_names_nodes_by_path() {
    let (graph, _) = shop();
    insta::assert_snapshot!(render::dot(&graph, &render::Labels::default()));
}

#[test]
fn json_matches_its_schema_and_holds_every_edge() {
    let (graph, sources) = shop();
    let value: serde_json::Value =
        serde_json::from_str(&render::json(&graph, &sources, &render::Labels::default())).unwrap();
    let schema = serde_json::to_value(schemars::schema_for!(render::GraphDocument)).unwrap();
    let errors: Vec<String> =
        jsonschema::validator_for(&schema).unwrap().iter_errors(&value).map(|e| e.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!(value["version"], 1);
    assert_eq!(value["edges"].as_array().map(Vec::len), Some(graph.edge_count()));
    let query = value["edges"].as_array().unwrap().iter().find(|e| e["verb"] == "query").unwrap();
    assert_eq!(query["scope"]["value"], "by-customer");
    assert!(query["source"]["line"].as_u64().unwrap() > 1);
}
