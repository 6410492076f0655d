//! `isobar graph` and `isobar explain` of edges: what is promised of what passes, and the events as `AsyncAPI`.

use std::path::Path;

use serde_json::Value;

use super::program::Folder;

fn example(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name).display().to_string()
}

/// Queue by queue, neither function bears repetition; an order is lost between them.
const CHAIN: &str = "\
isobar: 1
app: chain
events:
  job: { key: /id, max-size: 4KiB, schema: { type: object, required: [id], properties: { id: { $ref: \"#/$defs/id\" } }, $defs: { id: { type: string } } } }
resources:
  first: { type: queue, carries: job, ordered: true, retention: 2d, dead-letter: { after: 4 } }
  second: { type: queue, carries: job, retention: 1d, dead-letter: { after: 3 } }
  ways: { type: bus, default: true }
functions:
  one:
    runtime: go
    code: one
    on: [{ queue: { from: first } }]
    uses: { second: send }
  two:
    runtime: go
    code: two
    on: [{ queue: { from: second, batch: 5 } }]
    emits: [job]
";

#[test]
fn an_edge_is_explained_with_what_it_rests_on() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", CHAIN);
    let out = folder.run(&["explain", "second->two", "--target", "aws"]).is(0).out;
    for part in [
        "resources.second -> functions.two: triggers queue  isobar.yaml:18\n",
        "on aws: at least once, 3 attempts, for 31d",
        "duplicates       possible  repeated on functions.one -> resources.second, and passed on",
        "order            none      lost on resources.second -> functions.two (isobar.yaml:18)",
        "attempts         3         isobar.yaml:7",
        "comes again for  15d       1d in `second` (isobar.yaml:7) + 14d in the dead letter",
        "and before for   16d",
        "runs             12",
        "batch            5",
        "size             4KiB      of 1MiB that it takes (Q11)",
        "how it came about on aws\n    resources.first -> functions.one ",
    ] {
        assert!(out.contains(part), "no {part:?} in\n{out}");
    }
    let same = folder.run(&["explain", "functions.two.on.queue-second", "--target", "aws"]).is(0).out;
    // The address is of the trigger too, which is explained behind its edge.
    assert!(same.starts_with(&out) && same.contains("\nfunctions.two.on.queue-second: trigger queue"), "{same}");
    folder.run(&["explain", "first->one"]).is(0).out_has("on any target: at least once, in order per key, 4 attempts");
    folder.run(&["explain", "one->two"]).is(2).err_has("no edge leads from `functions.one` to `functions.two`");
    folder.run(&["explain", "one->tow"]).is(2).err_has("there is no node `tow`");
}

#[test]
fn the_graph_says_what_is_promised_where_it_is_asked() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", CHAIN);
    assert!(!folder.run(&["graph"]).is(0).out.contains("at least once"));
    folder.run(&["graph", "--delivery"]).is(0).out_has("\n       at least once, 3 attempts, for 31d\n");
    let drawn = folder.run(&["graph", "--delivery", "--format", "mermaid"]).is(0);
    drawn.out_has("|\"triggers (at least once, 3 attempts, for 31d)\"|");
    folder.run(&["graph", "--delivery", "--format", "dot"]).is(0).out_has("(at least once, 3 attempts, for 31d)");
    let deliveries = |args: &[&str]| -> Vec<Value> {
        let json: Value = serde_json::from_str(&folder.run(args).is(0).out).unwrap();
        json["edges"].as_array().unwrap().iter().filter_map(|edge| edge.get("delivery").cloned()).collect()
    };
    assert!(deliveries(&["graph", "--format", "json"]).is_empty());
    let found = deliveries(&["graph", "--format", "json", "--target", "aws"]);
    assert!(found.iter().any(|delivery| {
        delivery["aws"]["attempts"] == 3
            && delivery["aws"]["ageMs"] == 31u64 * 86_400_000
            && delivery["aws"]["batch"] == 5
    }));
}

/// Every reference of a document leads to something in it.
fn references_resolve(value: &Value, root: &Value) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let path = reference.strip_prefix('#').unwrap();
                assert!(root.pointer(path).is_some(), "{reference} leads nowhere");
            }
            map.values().for_each(|value| references_resolve(value, root));
        }
        Value::Array(items) => items.iter().for_each(|item| references_resolve(item, root)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What the specification of AsyncAPI 3.0 requires of what is written here.
fn is_asyncapi(text: &str) -> Value {
    let document: Value = serde_yaml::from_str(text).unwrap();
    let keys = ["asyncapi", "channels", "components", "defaultContentType", "info", "operations"];
    assert!(document.as_object().unwrap().keys().all(|key| keys.contains(&key.as_str())));
    assert_eq!(document["asyncapi"], "3.0.0");
    assert!(document["info"]["title"].is_string() && document["info"]["version"].is_string());
    references_resolve(&document, &document);
    for channel in document["channels"].as_object().unwrap().values() {
        assert!(channel["address"].is_string());
        for message in channel["messages"].as_object().unwrap().values() {
            assert!(message["$ref"].as_str().unwrap().starts_with("#/components/messages/"));
        }
    }
    for (id, operation) in document["operations"].as_object().unwrap() {
        assert!(operation["action"] == "send" || operation["action"] == "receive", "{id}");
        let channel = operation["channel"]["$ref"].as_str().unwrap();
        assert!(channel.starts_with("#/channels/"), "{id}");
        for message in operation.get("messages").and_then(Value::as_array).into_iter().flatten() {
            let message = message["$ref"].as_str().unwrap();
            assert!(
                message.starts_with(&format!("{channel}/messages/")),
                "{id}: its messages are those of its channel"
            );
        }
    }
    let components = document["components"].as_object().unwrap();
    let names = components.values().flat_map(|section| section.as_object().unwrap().keys());
    assert!(names.into_iter().all(|name| name.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))));
    document
}

#[test]
fn events_as_asyncapi() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", CHAIN);
    let document = is_asyncapi(&folder.run(&["graph", "--format", "asyncapi"]).is(0).out);
    assert_eq!(document["channels"]["ways.job"]["address"], "job");
    assert_eq!(document["operations"]["two.send.ways.job"]["action"], "send");
    assert_eq!(document["components"]["messages"]["job"]["x-isobar-key"], "/id");
    let id = &document["components"]["schemas"]["job"]["properties"]["id"]["$ref"];
    assert_eq!(id, "#/components/schemas/job/$defs/id");
    let text = folder.run(&["graph", "--format", "asyncapi", &example("storefront")]).is(0).out;
    is_asyncapi(&text);
    insta::assert_snapshot!(text);
}
