//! What is left out is filled in, with the reason.

use super::{Memory, whole};
use crate::base::{ByteSize, Duration};
use crate::model::{Code, Envelope, Function, Model, Ordered, Runtime, TriggerSource, VerbSet};

fn model(body: &str) -> Model {
    whole(&format!("isobar: 1\napp: shop\n{body}"), &Memory::default())
}

fn first(model: &Model) -> &Function {
    &model.functions.values()[0]
}

#[test]
fn functions() {
    let model = model(
        "resources: { a: { type: api } }\nfunctions:\n  f: { runtime: go, code: f.zip, on: [{ http: { api: a, route: GET / } }] }\n  g: { image: \"i:1\" }\n  h: { runtime: java21, handler: A, code: h }\n",
    );
    let [f, g, h] = model.functions.values() else { panic!("not three") };
    assert_eq!(f.timeout.value, Duration::from_secs(10));
    assert_eq!(f.timeout.derived.as_deref(), Some("10s behind http unless it says otherwise"));
    assert_eq!(g.timeout.value, Duration::from_secs(30));
    assert_eq!(f.memory.value, ByteSize::from_bytes(256 << 20));
    assert_eq!(f.observe.logs.retention.value, Duration::from_secs(30 * 86_400));
    assert!(!f.observe.alarms.value);
    assert!(matches!(f.code, Code::Archive(_)));
    assert!(matches!(h.code, Code::Folder(_)));
    assert_eq!((&g.runtime.value, g.runtime.derived.as_deref()), (&Runtime::Container, Some("it has an image")));
    let envelopes = [f, g, h].map(|f| f.envelope.value);
    assert_eq!(envelopes, [Envelope::Native, Envelope::Portable, Envelope::Native]);
}

#[test]
fn defaults_are_merged_key_by_key() {
    let model = model(
        "defaults: { function: { runtime: python3.13, env: { A: 1, B: 2 }, observe: { logs: 7d }, scaling: { max: 9 } } }\nfunctions: { f: { handler: a.b, code: f, env: { B: 3 }, observe: { trace: true }, scaling: { warm: 1 } } }\n",
    );
    let f = first(&model);
    let env: Vec<(&str, &str)> = f.env.iter().map(|(name, value)| (name.as_str(), &*value.value)).collect();
    assert_eq!(env, [("A", "1"), ("B", "3")]);
    assert_eq!(f.observe.logs.retention.value, Duration::from_secs(7 * 86_400));
    assert!(f.observe.trace.value);
    assert_eq!((f.scaling.max.map(|m| m.value), f.scaling.warm.map(|m| m.value)), (Some(9), Some(1)));
}

#[test]
fn queues() {
    let model = model(
        "resources: { q: { type: queue, ordered: true, carries: e, dead-letter: {} }, r: { type: queue } }\nevents: { e: { key: /id } }\nfunctions:\n  f: { runtime: python3.13, handler: a.b, code: f, timeout: 2m, on: [{ queue: { from: q, window: 20s } }] }\n  g: { runtime: go, code: f, on: [{ queue: r }], timeout: 1s }\n",
    );
    let [q, made, r] = model.queues.values() else { panic!("not three") };
    assert_eq!(q.visibility.value, Duration::from_secs(740));
    let why = "six times the timeout of `f` (2m), plus its window of 20s";
    assert_eq!(q.visibility.derived.as_deref(), Some(why));
    assert_eq!(q.retention.value, Duration::from_secs(4 * 86_400));
    let dead_letter = q.dead_letter.as_ref().unwrap();
    assert_eq!(dead_letter.after.value, 5);
    assert_eq!(model.queues[dead_letter.to.value].head.name(), "q-failed");
    assert_eq!(made.head.derived.as_deref(), Some("`q` has a dead letter without `to`"));
    assert_eq!((made.ordered.value, made.manual.value), (Ordered::PerKey, true));
    assert_eq!(made.retention.value, Duration::from_secs(14 * 86_400));
    assert_eq!(made.carries.as_ref().map(|c| c.value), q.carries.as_ref().map(|c| c.value));
    assert_eq!(made.dead_letter_of.len(), 1);
    assert_eq!(r.visibility.value, Duration::from_secs(30));
}

#[test]
fn batches_follow_what_the_handler_can_say() {
    let model = model(
        "resources: { q: { type: queue }, s: { type: stream, retention: 48h } }\nfunctions:\n  a: { runtime: python3.13, handler: a.b, code: f, on: [{ queue: q }, { stream: s }] }\n  b: { runtime: go, code: f, on: [{ queue: q }] }\n  c: { runtime: go, code: f, on: [{ queue: { from: q, partial-failures: true } }] }\n",
    );
    let batch = |f: &Function| {
        let TriggerSource::Queue { batch, partial_failures, .. } = &f.triggers[0].source else { panic!("no queue") };
        (batch.value, partial_failures.value)
    };
    let batches: Vec<_> = model.functions.values().iter().map(batch).collect();
    assert_eq!(batches, [(10, true), (1, false), (10, true)]);
    let retry = first(&model).triggers[1].retry.as_ref().unwrap();
    assert_eq!(retry.attempts.value, 5);
    assert_eq!(retry.age.as_ref().map(|a| a.value), Some(Duration::from_secs(86_400)));
}

#[test]
fn rotation_is_a_trigger_with_its_grants() {
    let model = model(
        "resources: { k: { type: secret, rotate: { every: 30d, by: f } } }\nfunctions: { f: { runtime: go, code: f } }\n",
    );
    let f = first(&model);
    assert_eq!(&*f.triggers[0].name, "rotation-k");
    let verbs: Vec<&str> = f.uses.iter().map(|u| u.verb.value.as_str()).collect();
    assert_eq!(verbs, ["get", "rotate"]);
}

#[test]
fn sets_become_verbs_and_scopes_lists() {
    let model = model(
        "resources: { t: { type: table, key: { partition: { id: string } } }, b: { type: bucket } }\nfunctions: { f: { runtime: go, code: f, uses: { t: [read, query], b: { get: [{ prefix: a/ }, { prefix: b/ }], put: { prefix: c/, suffix: .png } } } } }\n",
    );
    let uses: Vec<String> = first(&model).uses.iter().map(|u| format!("{} {:?}", u.verb.value, u.scope)).collect();
    assert_eq!(
        uses,
        [
            "get Whole",
            "query Whole",
            "batch-get Whole",
            "get Prefix { prefix: \"a/\", suffix: \"\" }",
            "get Prefix { prefix: \"b/\", suffix: \"\" }",
            "put Prefix { prefix: \"c/\", suffix: \".png\" }"
        ]
    );
    let sets: Vec<Option<VerbSet>> = first(&model).uses.iter().map(|u| u.set).collect();
    assert_eq!(sets, [Some(VerbSet::Read), Some(VerbSet::Read), Some(VerbSet::Read), None, None, None]);
}

#[test]
fn names_of_triggers_do_not_depend_on_their_order() {
    let names = |on: &str| -> Vec<String> {
        let model = model(&format!(
            "resources: {{ m: {{ type: bus }} }}\nevents: {{ e: {{}} }}\nfunctions: {{ f: {{ runtime: go, code: f, on: [{on}] }} }}\n"
        ));
        let mut names: Vec<String> = first(&model).triggers.iter().map(|t| t.name.to_string()).collect();
        names.sort();
        names
    };
    let (one, two) = ("schedule: \"0 2 * * 1\"", "schedule: \"0 2 1 * *\"");
    let there = names(&format!("{{ {one} }}, {{ {two} }}, {{ schedule: 5m }}"));
    assert_eq!(there, names(&format!("{{ schedule: 5m }}, {{ {two} }}, {{ {one} }}")));
    assert_eq!(there.len(), 3);
    assert!(there.iter().any(|n| n == "schedule-every-5m"));
    assert_eq!(there.iter().filter(|n| n.starts_with("schedule-0-2-1-")).count(), 2);
    let filtered = names("{ event: { type: e, where: { /a: 1 } } }, { event: { type: e, where: { /a: 2 } } }");
    assert_eq!(filtered.len(), 2);
    assert_ne!(filtered[0], filtered[1]);
}

#[test]
fn what_is_called_after_a_renamed_node_knows_its_former_name() {
    let queues = |failed: &str| {
        model(&format!(
            "resources: {{ books: {{ type: queue, renamed-from: ledger, dead-letter: {{ after: 3 }} }}{failed} }}\nfunctions: {{ f: {{ runtime: go, code: f, on: [{{ queue: books }}, {{ schedule: 5m }}] }} }}\n"
        ))
    };
    let former = |model: &Model| -> Vec<Option<String>> {
        model.queues.values().iter().map(|q| q.head.renamed_from.as_ref().map(|n| n.value.to_string())).collect()
    };
    let renamed = queues("");
    let triggers = first(&renamed).triggers.iter().map(|t| (&*t.name, t.former_name.as_deref()));
    let triggers: Vec<_> = triggers.collect();
    assert_eq!(triggers, [("queue-books", Some("queue-ledger")), ("schedule-every-5m", None)]);
    assert_eq!(former(&renamed), [Some("ledger".to_owned()), Some("ledger-failed".to_owned())]);
    // The name is taken, so that what had it may still be there.
    let kept = queues(", ledger-failed: { type: queue, manual: true }");
    assert_eq!(former(&kept), [Some("ledger".to_owned()), None, None]);
}

#[test]
fn the_order_of_declarations_makes_no_difference() {
    let one = model(
        "resources: { a: { type: queue }, b: { type: bus } }\nfunctions: { f: { runtime: go, code: f, uses: { a: send } }, g: { runtime: go, code: f } }\n",
    );
    let two = model(
        "functions: { g: { runtime: go, code: f }, f: { uses: { a: send }, code: f, runtime: go } }\nresources: { b: { type: bus }, a: { type: queue } }\n",
    );
    let shape = |m: &Model| -> Vec<String> {
        m.functions
            .values()
            .iter()
            .map(|f| format!("{} {:?}", f.head.name(), f.uses.iter().map(|u| u.resource.value).collect::<Vec<_>>()))
            .collect()
    };
    assert_eq!(shape(&one), shape(&two));
}
