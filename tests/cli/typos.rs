//! Typos that only a compile or a target finds.

use super::program::Folder;

/// One queue with its consumer, made for both targets.
fn app() -> Folder {
    let folder = Folder::empty();
    folder.put(
        "isobar.yaml",
        "isobar: 1\napp: shop\nresources:\n  work: { type: queue }\nfunctions:\n  work-off:\n    runtime: python3.13\n    \
         handler: app.handler\n    code: code\n    on: [{ queue: work }]\n    idempotency: { natural: \"it reads\" }\n\
         targets:\n  aws: { region: eu-central-1 }\n  kubernetes: { namespace: shop, registry: registry.example.com, messaging: kafka }\n",
    );
    folder.put("code/app.py", "def handler(events, context):\n    return None\n");
    folder.run(&["validate"]).is(0);
    folder
}

/// What `validate` or `compile` finds after a change, a line each, without the place.
fn found(command: &str, from: &str, to: &str) -> Vec<String> {
    let folder = app();
    folder.edit("isobar.yaml", from, to);
    let ran = folder.run(&[command, "--format", "concise"]);
    let text = if command == "validate" { ran.out } else { ran.err };
    let lines = text.lines().filter(|line| line.contains('[') && line.starts_with("isobar.yaml:"));
    lines.map(|line| line.splitn(5, ':').skip(3).collect::<Vec<_>>().join(":").trim().to_owned()).collect()
}

#[test]
fn options_of_targets() {
    assert_eq!(
        found("validate", "region", "regoin"),
        ["error[target-option]: target `aws` has no option `regoin` (on aws); did you mean `region`?"]
    );
    assert_eq!(
        found("validate", "namespace", "namepsace"),
        [
            "error[target-option]: target `kubernetes` has no option `namepsace` (on kubernetes); did you mean `namespace`?"
        ]
    );
}

#[test]
fn options_of_targets_are_judged_where_the_rest_is_faulty() {
    for target in
        ["aws: { region: eu-central-1 }", "aws: { region: eu-central-1, backend: { s3: { bucket: \"${var.nope}\" } } }"]
    {
        let folder = app();
        folder.edit("isobar.yaml", "queue: work }", "queue: wrok }");
        folder.edit("isobar.yaml", "aws: { region: eu-central-1 }", &format!("{target}\n  gpc: {{}}"));
        folder.edit("isobar.yaml", "namespace: shop", "namepsace: shop");
        let ran = folder.run(&["validate", "--format", "concise"]).is(1);
        let ids: Vec<&str> = ran.out.lines().filter_map(|line| line.split(['[', ']']).nth(1)).collect();
        let mut expected = vec!["unknown-reference", "unknown-target", "target-option"];
        if target.contains("nope") {
            expected.insert(1, "unknown-variable");
        }
        assert_eq!(ids, expected, "{}", ran.out);
    }
    // What an environment would say that is not there is not missing.
    let folder = app();
    folder.edit("isobar.yaml", "  aws: { region: eu-central-1 }", "  aws: {}");
    let ran = folder.run(&["validate", "--env", "prod", "--format", "concise"]).is(1);
    assert!(ran.out.contains("unknown-environment") && !ran.out.contains("target-option"), "{}", ran.out);
}

#[test]
fn without_a_target_it_is_said_that_limits_are_not_checked() {
    let folder = app();
    let text = folder.get("isobar.yaml");
    folder.put("isobar.yaml", text.split("targets:").next().unwrap());
    let note = "note[unchecked-limits]: limits of platforms were not checked: no target is named";
    folder.run(&["lint", "--format", "concise"]).is(0).out_has(note);
    assert!(!folder.run(&["lint", "--target", "aws", "--format", "concise"]).out.contains("unchecked-limits"));
}

#[test]
fn a_target_of_a_folder_is_named_in_each_call() {
    let folder = app();
    folder.edit("isobar.yaml", "  aws: { region: eu-central-1 }", "  dc: { foo: 1 }\n  aws: { region: eu-central-1 }");
    folder
        .run(&["validate"])
        .is(1)
        .out_has("name the folder whose `target.yaml` has `id: dc` in each call: `--target ./dc`");
}

#[test]
fn runtimes_are_refused_once() {
    assert_eq!(
        found("validate", "python3.13", "python3.31"),
        ["error[unknown-runtime]: there is no runtime `python3.31` (on aws, kubernetes); did you mean `python3.13`?"]
    );
    let model = found("validate", "runtime: python3.13\n    handler: app.handler\n    code: code", "model: tiny");
    assert_eq!(model.iter().filter(|line| line.starts_with("error")).count(), 1, "{model:#?}");
    assert!(model[0].contains("(on aws, kubernetes)"), "{model:#?}");
}

#[test]
fn code_that_is_nearly_there() {
    assert_eq!(
        found("validate", "code: code", "code: cdoe"),
        ["warning[missing-code]: there is no code at `cdoe`; did you mean `code`?"]
    );
    let compiled = found("compile", "code: code", "code: cdoe");
    assert_eq!(
        compiled,
        ["error[missing-code]: the code `cdoe` cannot be read: there is no such file or folder; did you mean `code`?"]
    );
}

#[test]
fn overrides_of_what_a_node_does_not_become() {
    let queue = "work: { type: queue }";
    assert_eq!(
        found("compile", queue, "work: { type: queue, override: { aws: { aws_sqs_quue: { delay_seconds: 1 } } } }"),
        [
            "error[override-type]: `resources.work` does not become a `aws_sqs_quue` (on aws); did you mean `aws_sqs_queue`?"
        ]
    );
    assert_eq!(
        found("compile", queue, "work: { type: queue, override: { kubernetes: { KafkaTopik: { partitions: 3 } } } }"),
        [
            "error[override-type]: `resources.work` does not become a `KafkaTopik` (on kubernetes); did you mean `KafkaTopic`?"
        ]
    );
    let right = "work: { type: queue, override: { aws: { aws_sqs_queue: { delay_seconds: 1 } }, kubernetes: { KafkaTopic: { partitions: 3 } } } }";
    assert_eq!(found("compile", queue, right), Vec::<String>::new());
}

#[test]
fn a_document_counts_what_it_does_not_list() {
    let folder = app();
    let ran = folder.run(&["compile", "--format", "json"]).is(0);
    let document: serde_json::Value = serde_json::from_str(ran.err.split("`out`").next().unwrap()).unwrap();
    let summary = &document["summary"];
    assert!(summary["hidden"].as_u64().unwrap() > 0, "{summary}");
    let counted: u64 = ["errors", "warnings", "notes"].iter().map(|k| summary[k].as_u64().unwrap()).sum();
    assert_eq!(counted, summary["hidden"].as_u64().unwrap() + document["findings"].as_array().unwrap().len() as u64);
}

#[test]
fn a_folder_that_is_no_target_and_a_spec_with_another_ending() {
    let folder = app();
    folder.run(&["compile", "--target", "."]).is(2).err_has("no `target.yaml`");
    std::fs::rename(folder.path("isobar.yaml"), folder.path("isobar.yml")).unwrap();
    folder.run(&["validate"]).is(2).err_has("isobar.yml").err_has("rename it");
    folder.run(&["validate", "."]).is(2).err_has("isobar.yml").err_has("rename it");
    folder.run(&["validate", "isobar.yml"]).is(0);
}

#[test]
fn triggers_are_explained() {
    let folder = app();
    folder
        .run(&["explain", "functions.work-off.on.queue-work"])
        .is(0)
        .out_has("functions.work-off.on.queue-work: trigger queue  isobar.yaml:10")
        .out_has("<- triggers queue  resources.work");
    folder
        .run(&["explain", "functions.work-off.on.queue-wrok"])
        .is(2)
        .err_has("did you mean `functions.work-off.on.queue-work`?");
}

#[test]
fn a_byte_order_mark_is_formatted_away() {
    let folder = app();
    let text = folder.get("isobar.yaml");
    folder.put("isobar.yaml", format!("\u{FEFF}{text}"));
    folder.run(&["validate"]).is(0).out_has("byte-order-mark");
    folder.run(&["fmt"]).is(0).err_has("formatted isobar.yaml");
    assert!(folder.get("isobar.yaml").starts_with("isobar: 1\n"));
    folder.run(&["validate"]).is(0);
    folder.run(&["fmt", "--check"]).is(0);
}

#[test]
fn the_advice_fits_what_is_in_the_way() {
    let folder = app();
    folder.run(&["compile"]).is(0);
    folder.edit("isobar.yaml", "app: shop", "app: other");
    folder.run(&["compile"]).is(2).err_has("the application `shop`").err_has("a folder of its own with `--out`");
    folder.edit("isobar.yaml", "app: other", "app: shop");
    folder.put("out/aws/isobar.lock.json", "{");
    folder.run(&["compile"]).is(2).err_has("restore it from version control");
}
