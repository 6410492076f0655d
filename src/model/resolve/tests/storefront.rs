//! The tour of the language, whole.

use super::{Memory, whole};
use crate::base::Duration;
use crate::model::{
    Auth, Envelope, IdempotencyKey, Model, Runtime, Scope, State, TaskKind, TriggerKind, TriggerSource, Verb,
};

const TEXT: &str = include_str!("storefront.yaml");

fn schema(members: &str, required: &str) -> String {
    format!("{{\"type\": \"object\", \"properties\": {{{members}}}, \"required\": [{required}]}}")
}

fn model() -> Model {
    let order =
        schema("\"orderId\": {\"type\": \"string\"}, \"total\": {\"type\": \"number\"}", "\"orderId\", \"total\"");
    let payment = schema("\"orderId\": {\"type\": \"string\"}", "\"orderId\"");
    let files = Memory::of(&[
        ("schemas/order-placed.json", &order),
        ("schemas/payment.json", &payment),
        ("schemas/review.json", &payment),
    ]);
    whole(TEXT, &files)
}

#[test]
fn every_node_is_there_sorted_by_name() {
    let model = model();
    let names: Vec<&str> = model.functions.values().iter().map(|f| f.head.name()).collect();
    assert_eq!(
        names,
        [
            "cart",
            "charge",
            "get-order",
            "place-order",
            "refund",
            "release-stock",
            "report",
            "reserve-stock",
            "settle",
            "ship",
            "thumbnail"
        ]
    );
    let queues: Vec<&str> = model.queues.values().iter().map(|q| q.head.name()).collect();
    assert_eq!(queues, ["job-failures", "ledger", "ledger-failed"]);
    assert_eq!(model.workflows.len(), 1);
    assert_eq!(model.targets.len(), 4);
    assert_eq!(model.lint["missing-trace"].level, None);
    assert_eq!(model.alarms.as_ref().map(|a| model.topics[a.value].head.name()), Some("alerts"));
}

#[test]
fn place_order_means_what_it_says() {
    let model = model();
    let f = model.functions.values().iter().find(|f| f.head.name() == "place-order").unwrap();
    assert_eq!(f.runtime.value, Runtime::Language { language: "python".into(), version: "3.13".into() });
    assert_eq!(f.runtime.derived, None);
    assert_eq!(f.envelope.value, Envelope::Portable);
    assert!(f.envelope.derived.is_some());
    assert_eq!(f.timeout.value, Duration::from_secs(10));
    let uses: Vec<(Verb, &Scope)> = f.uses.iter().map(|u| (u.verb.value, &u.scope)).collect();
    assert_eq!(uses, [(Verb::Get, &Scope::Whole), (Verb::Put, &Scope::Whole), (Verb::Send, &Scope::Whole)]);
    assert_eq!(model.buses[f.emits[0].bus].head.name(), "mesh");
    let trigger = &f.triggers[0];
    assert_eq!(&*trigger.name, "http-post-orders");
    let TriggerSource::Http(http) = &trigger.source else { panic!("not http") };
    assert!(matches!(http.auth, Auth::Jwt(_)));
    assert_eq!(http.throttle.map(|t| (t.rate.value, t.burst.value)), Some((100, 200)));
}

#[test]
fn scopes_keys_and_triggers() {
    let model = model();
    let find = |name: &str| model.functions.values().iter().find(|f| f.head.name() == name).unwrap();
    let scopes: Vec<&Scope> = find("thumbnail").uses.iter().map(|u| &u.scope).collect();
    let prefix = |p: &str| Scope::Prefix { prefix: p.into(), suffix: "".into() };
    assert_eq!(scopes, [&prefix("incoming/"), &prefix("thumbs/")]);
    let State::Entity { key, .. } = &find("cart").state else { panic!("no entity") };
    assert_eq!(key.value, IdempotencyKey::Path("cartId".into()));
    assert_eq!(find("get-order").uses[1].scope, Scope::Index("by-customer".into()));
    let kinds: Vec<TriggerKind> =
        ["settle", "thumbnail", "report"].iter().map(|n| find(n).triggers[0].kind()).collect();
    assert_eq!(kinds, [TriggerKind::Queue, TriggerKind::Object, TriggerKind::Schedule]);
    let names: Vec<&str> =
        ["settle", "thumbnail", "report", "get-order", "cart"].iter().map(|n| &*find(n).triggers[0].name).collect();
    assert_eq!(
        names,
        [
            "queue-ledger",
            "object-uploads-created-incoming-png",
            "schedule-0-2",
            "http-get-orders-orderid",
            "http-any-carts-cartid"
        ]
    );
}

#[test]
fn the_workflow_is_there() {
    let model = model();
    let workflow = &model.workflows.values()[0];
    let names: Vec<&str> = workflow.tasks.iter().map(|t| t.name.value.as_str()).collect();
    assert_eq!(names, ["reserve", "pay", "big", "review", "send"]);
    let TaskKind::Switch { cases, otherwise, .. } = &workflow.tasks[2].kind else { panic!("no switch") };
    assert_eq!(cases[0].0.to_string(), "input.total > 500");
    assert_eq!(otherwise.as_ref().map(|o| &*o.value), Some("send"));
    let pay = &workflow.tasks[1];
    assert!(pay.compensate.is_some());
    assert_eq!(pay.retry.as_ref().map(|r| (r.attempts.value, r.backoff.value)), Some((3, true)));
}

#[test]
fn derived_values_say_why() {
    let model = model();
    let ledger = model.queues.values().iter().find(|q| q.head.name() == "ledger").unwrap();
    // `settle` has the ten seconds of `defaults`.
    assert_eq!(ledger.visibility.value, Duration::from_secs(60));
    assert_eq!(ledger.visibility.derived.as_deref(), Some("six times the timeout of `settle` (10s)"));
    let failed = model.queues.values().iter().find(|q| q.head.name() == "ledger-failed").unwrap();
    assert_eq!(failed.dead_letter_of.len(), 1);
    assert!(failed.manual.value && failed.manual.derived.is_none());
}

/// Every construct of the language at least once, for the parser, the resolver and the schema for editors.
#[test]
fn everything_is_accepted() {
    let text = include_str!("everything.yaml");
    let model = whole(text, &Memory::default());
    let f = model.functions.values().iter().find(|f| f.head.name() == "f").unwrap();
    let mut kinds: Vec<TriggerKind> = f.triggers.iter().map(crate::model::Trigger::kind).collect();
    kinds.dedup();
    assert_eq!(kinds, TriggerKind::ALL);
    assert_eq!(model.native["some"].grants.len(), 1);
    assert_eq!(model.queues.len(), 4);
    let validator = jsonschema::draft202012::new(&crate::spec::schema()).unwrap();
    let value = crate::spec::document(text).unwrap();
    let errors: Vec<String> = validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(errors, Vec::<String>::new());
}
