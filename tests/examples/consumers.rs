//! Several functions on one queue: each message goes to one of them, on every target. Several queues of one function: what
//! holds for one holds for no other.

use isobar::base::{MemoryFiles, Sources};
use isobar::pipeline;

use crate::support::{compile_files, read, target};

const SPEC: &str = r"
isobar: 1
app: shop
targets: { kubernetes: { namespace: shop, registry: registry.example.com } }
resources:
  work: { type: queue }
  news: { type: topic }
functions:
  fast: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: work }, { topic: news }] }
  slow: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: work }, { topic: news }] }
";

#[test]
fn those_who_take_from_a_queue_are_one_group_and_subscribers_are_not() {
    let files =
        MemoryFiles::new().with("isobar.yaml", SPEC).with("code/app.py", "def handler(events, context): pass\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let (compiled, findings) = pipeline::compile(&application, &target("kubernetes", &mut sources), &files, &sources);
    let artifacts = compiled.unwrap_or_else(|| panic!("{findings:?}")).artifacts;
    let mut groups: Vec<String> = Vec::new();
    for artifact in artifacts.iter().filter(|a| a.path.starts_with("functions/")) {
        let text = String::from_utf8_lossy(&artifact.bytes).into_owned();
        groups.extend(text.lines().filter_map(|line| line.trim().strip_prefix("consumerGroup: ")).map(str::to_owned));
    }
    groups.sort();
    assert_eq!(groups, ["shop-fast.topic-news", "shop-slow.topic-news", "shop-work.consumers", "shop-work.consumers"]);
}

/// `queues.tf` and `functions.tf` of functions that take from the queues `a`, `b` and `c`.
fn on_aws(functions: &str) -> (String, String) {
    let queues = "  a: { type: queue }\n  b: { type: queue }\n  c: { type: queue, ordered: true, carries: made }\n";
    let head = "isobar: 1\napp: shop\ntargets: { aws: { region: eu-central-1 } }\n";
    let made = "events: { made: { schema: { type: object, properties: { id: {} }, required: [id] }, key: /id } }\n";
    let files = MemoryFiles::new()
        .with("isobar.yaml", format!("{head}{made}resources:\n{queues}functions:\n{functions}"))
        .with("code/app.py", "def handler(events, context): pass\n");
    let (artifacts, findings) = compile_files(&files, "aws", &mut Sources::default());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    let text = |path| {
        let found = artifacts.iter().find(|artifact| artifact.path == path).expect("it is emitted");
        String::from_utf8_lossy(&found.bytes).into_owned()
    };
    (text("queues.tf"), text("functions.tf"))
}

/// The mapping of a trigger.
fn mapping<'a>(queues: &'a str, id: &str) -> &'a str {
    let start = format!("resource \"aws_lambda_event_source_mapping\" \"{id}\" {{");
    let rest = queues.split_once(&start).unwrap_or_else(|| panic!("no {id}: {queues}")).1;
    rest.split_once("\n}").expect("its end").0
}

#[test]
fn failed_messages_of_one_queue_say_nothing_of_another() {
    let (queues, functions) = on_aws(
        "  both: { runtime: python3.13, handler: app.handler, code: code, on: [
             { queue: { from: a, partial-failures: true } }, { queue: { from: b, partial-failures: false } },
             { queue: { from: c } } ] }
  whole: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: { from: b, partial-failures: false } }] }
  image: { runtime: container, image: \"x:1\", on: [{ queue: { from: a } }] }
  own: { runtime: python3.13, envelope: native, handler: app.handler, code: code, on: [{ queue: { from: b, partial-failures: true } }] }
",
    );
    // Lambda reads the answer of every adapter, and the adapter knows the queues whose failed messages go back alone.
    for (id, is_read) in [
        ("both__queue_a", true),
        ("both__queue_b", true),
        ("both__queue_c", true),
        ("whole__queue_b", true),
        ("image__queue_a", false),
        ("own__queue_b", true),
    ] {
        assert_eq!(mapping(&queues, id).contains("\"ReportBatchItemFailures\""), is_read, "{id}: {queues}");
    }
    let told: Vec<&str> =
        functions.lines().filter(|line| line.contains("ISOBAR_PARTIAL_FAILURES")).map(str::trim).collect();
    let both = "ISOBAR_PARTIAL_FAILURES = join(\",\", [aws_sqs_queue.a.name, aws_sqs_queue.c.name])";
    assert_eq!(told, [both], "{functions}");
}

#[test]
fn queues_start_no_more_consumers_than_may_run() {
    let function = |name: &str, max: u32, on: &str| {
        format!(
            "  {name}: {{ runtime: python3.13, handler: app.handler, code: code, scaling: {{ max: {max} }}, on: [{on}] }}\n"
        )
    };
    let functions = [
        function("alone", 7, "{ queue: { from: a } }"),
        function("tight", 1, "{ queue: { from: a } }"),
        function("wide", 5000, "{ queue: { from: a } }"),
        function("three", 10, "{ queue: { from: a, concurrency: 3 } }, { queue: { from: b } }, { queue: { from: c } }"),
    ];
    let (queues, _) = on_aws(&functions.concat());
    for (id, most) in [
        ("alone__queue_a", 7),
        ("tight__queue_a", 2),
        ("wide__queue_a", 1000),
        ("three__queue_a", 3),
        ("three__queue_b", 3),
        ("three__queue_c", 3),
    ] {
        let mapping = mapping(&queues, id);
        assert!(mapping.contains(&format!("maximum_concurrency = {most}\n")), "{id}: {mapping}");
    }
    let (queues, _) =
        on_aws("  free: { runtime: python3.13, handler: app.handler, code: code, on: [{ queue: { from: a } }] }\n");
    assert!(!queues.contains("scaling_config"), "{queues}");
}
