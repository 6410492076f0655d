//! `isobar diff --plan`: what a plan of Terraform has beyond the spec. `plan/plan.json` is what `terraform show -json` prints
//! of the output of `plan/isobar.yaml` after it was applied, without the values that nothing here looks at; each test says
//! what somebody did to it.

use std::io::Write as _;
use std::process::Stdio;

use serde_json::{Value, json};

use super::program::{Folder, Ran};

/// The spec, and a plan that does nothing.
fn applied() -> (Folder, Value) {
    let folder = Folder::empty();
    folder.put("isobar.yaml", include_str!("plan/isobar.yaml"));
    let mut plan: Value = serde_json::from_str(include_str!("plan/plan.json")).unwrap();
    let after = resources(&mut plan, "/planned_values").clone();
    resources(&mut plan, "/prior_state/values").extend(after);
    plan["resource_drift"] = json!([]);
    plan["resource_changes"] = json!([]);
    (folder, plan)
}

fn resources<'p>(plan: &'p mut Value, place: &str) -> &'p mut Vec<Value> {
    plan.pointer_mut(&format!("{place}/root_module/resources")).unwrap().as_array_mut().unwrap()
}

/// The values of a resource after the apply, or before it.
fn values<'p>(plan: &'p mut Value, place: &str, address: &str) -> &'p mut Value {
    let one = resources(plan, place).iter_mut().find(|one| one["address"] == address).unwrap();
    &mut one["values"]
}

const AFTER: &str = "/planned_values";
const BEFORE: &str = "/prior_state/values";

/// The policy of the function's role, in which somebody added a statement.
fn widened(plan: &mut Value) -> String {
    let policy = values(plan, AFTER, "aws_iam_role_policy.take")["policy"].as_str().unwrap().to_owned();
    let mut policy: Value = serde_json::from_str(&policy).unwrap();
    let statement = json!({"Effect": "Allow", "Action": ["dynamodb:DeleteTable"], "Resource": "*"});
    policy["Statement"].as_array_mut().unwrap().push(statement);
    policy.to_string()
}

/// A resource that somebody added, and what its configuration refers to.
fn add(plan: &mut Value, kind: &str, name: &str, values: &Value, references: &Value) {
    let address = format!("{kind}.{name}");
    let one = json!({"address": address, "mode": "managed", "type": kind, "name": name, "values": values});
    resources(plan, AFTER).push(one);
    let said = json!({"address": address, "mode": "managed", "type": kind, "name": name, "expressions": references});
    resources(plan, "/configuration").push(said);
}

/// What Terraform found changed outside.
fn drift(plan: &mut Value, address: &str, before: &Value, after: &Value, secret: &Value) {
    let change = json!({"actions": ["update"], "before": before, "after": after, "after_sensitive": secret});
    let one = json!({"address": address, "mode": "managed", "change": change});
    plan["resource_drift"].as_array_mut().unwrap().push(one);
}

fn run(folder: &Folder, plan: &Value, args: &[&str]) -> Ran {
    folder.put("plan.json", plan.to_string());
    folder.run(&[&["diff", "--plan", "plan.json"], args].concat())
}

/// Class, subject and node of each change, and the document.
fn told(folder: &Folder, plan: &Value) -> (Vec<String>, Value) {
    let ran = run(folder, plan, &["--format", "json"]).is(0);
    let document: Value = serde_json::from_str(&ran.out).unwrap();
    let changes = document["changes"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let one = |change: &Value| {
        assert_eq!(change["level"], "cloud");
        assert_eq!(change["targets"], json!(["aws"]));
        format!("{} {} {}", text(&change["class"]), text(&change["subject"]), text(&change["node"]))
    };
    (changes.iter().map(one).collect(), document)
}

#[test]
fn a_plan_of_the_output_has_nothing_beyond_the_spec() {
    let (folder, plan) = applied();
    let ran = run(&folder, &plan, &["--ci"]).is(0).err_has("no changes");
    assert_eq!(ran.out, "");
    assert_eq!(told(&folder, &plan).1["old"], "plan.json");
    // A state is read as well.
    let state = json!({
        "format_version": "1.0", "terraform_version": "1.11.4",
        "values": {"root_module": plan["prior_state"]["values"]["root_module"]},
    });
    run(&folder, &state, &["--ci"]).is(0).out_has("a state does not say what was changed outside");
}

#[test]
fn grants_that_no_edge_needs_are_told_at_their_node() {
    let (folder, mut plan) = applied();
    let policy = widened(&mut plan);
    values(&mut plan, AFTER, "aws_iam_role_policy.take")["policy"] = json!(policy);
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_iam_role_policy.take functions.take"]);
    run(&folder, &plan, &[])
        .is(0)
        .out_has("`aws_iam_role_policy.take` would grant what no edge needs")
        .out_has("lets `functions.take` `dynamodb:DeleteTable` on `*` by iam")
        .out_has("isobar.yaml:9");
    // It is there already, and stays.
    values(&mut plan, BEFORE, "aws_iam_role_policy.take")["policy"] = json!(policy);
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_iam_role_policy.take functions.take"]);
    run(&folder, &plan, &[]).is(0).out_has("`aws_iam_role_policy.take` grants what no edge needs");
    run(&folder, &plan, &["--ci"]).is(1).out_has("error[cloud-wider]");
}

#[test]
fn grants_that_the_plan_takes_back_linger_and_what_was_changed_outside_is_worse() {
    let (folder, mut plan) = applied();
    let policy = widened(&mut plan);
    let before = values(&mut plan, AFTER, "aws_iam_role_policy.take").clone();
    let after = values(&mut plan, BEFORE, "aws_iam_role_policy.take");
    after["policy"] = json!(policy);
    let after = after.clone();
    assert_eq!(told(&folder, &plan).0, ["lingering-grant aws_iam_role_policy.take functions.take"]);
    run(&folder, &plan, &["--ci"]).is(0);
    drift(&mut plan, "aws_iam_role_policy.take", &before, &after, &json!({}));
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_iam_role_policy.take functions.take"]);
    run(&folder, &plan, &["--ci"]).is(1).out_has("was changed outside and grants what no edge needs");
}

#[test]
fn who_may_take_an_identity_is_a_grant_too() {
    let (folder, mut plan) = applied();
    let policy = values(&mut plan, AFTER, "aws_iam_role.take")["assume_role_policy"].as_str().unwrap().to_owned();
    let open = policy.replace("\"Service\":\"lambda.amazonaws.com\"", "\"AWS\":\"*\"");
    assert_ne!(policy, open);
    values(&mut plan, AFTER, "aws_iam_role.take")["assume_role_policy"] = json!(open);
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_iam_role.take functions.take"]);
    run(&folder, &plan, &[]).is(0).out_has("`assume_role_policy` is not what the spec makes it");
}

#[test]
fn resources_that_the_spec_does_not_have_are_told_and_what_they_grant() {
    let (folder, mut plan) = applied();
    add(&mut plan, "aws_sns_topic", "extra", &json!({"name": "extra"}), &json!({}));
    let role = json!({"references": ["aws_iam_role.take.name", "aws_iam_role.take"]});
    let table = json!({"references": ["aws_dynamodb_table.orders.arn", "aws_dynamodb_table.orders"]});
    let policy = json!({"Statement": [{
        "Effect": "Allow", "Action": "dynamodb:Scan",
        "Resource": "arn:aws:dynamodb:eu-central-1:123456789012:table/shop-orders",
    }]});
    let said = json!({"role": "shop-take", "policy": policy.to_string()});
    add(&mut plan, "aws_iam_role_policy", "extra", &said, &json!({"role": role, "policy": table}));
    let said = json!({"role": "shop-take", "policy_arn": "arn:aws:iam::aws:policy/AdministratorAccess"});
    add(&mut plan, "aws_iam_role_policy_attachment", "admin", &said, &json!({"role": role, "policy_arn": {}}));
    let inner =
        json!({"address": "module.m.aws_sqs_queue.work", "mode": "managed", "type": "aws_sqs_queue", "name": "work"});
    plan["planned_values"]["root_module"]["child_modules"] = json!([{"address": "module.m", "resources": [inner]}]);
    let (changes, document) = told(&folder, &plan);
    assert_eq!(
        changes,
        [
            "cloud-wider aws_iam_role_policy.extra functions.take",
            "cloud-wider aws_iam_role_policy_attachment.admin functions.take",
            "unknown-resource aws_iam_role_policy.extra functions.take",
            "unknown-resource aws_iam_role_policy_attachment.admin functions.take",
            "unknown-resource aws_sns_topic.extra -",
            "unknown-resource module.m.aws_sqs_queue.work -",
        ]
    );
    let message = document["changes"][2]["message"].as_str().unwrap();
    assert_eq!(message, "`aws_iam_role_policy.extra` would be made, and is not in the output of the spec");
    run(&folder, &plan, &[]).is(0).out_has("lets `functions.take` `dynamodb:Scan`").out_has("may grant anything");
}

#[test]
fn what_was_changed_outside_is_told_value_by_value() {
    let (folder, mut plan) = applied();
    let before = values(&mut plan, AFTER, "aws_sqs_queue.work").clone();
    let mut after = before.clone();
    after["message_retention_seconds"] = json!(60);
    after["kms_master_key_id"] = json!("hush");
    // The same to the provider, and the policy that is attached to it.
    after["redrive_policy"] = json!("");
    after["policy"] = values(&mut plan, AFTER, "aws_sqs_queue_policy.work")["policy"].clone();
    drift(&mut plan, "aws_sqs_queue.work", &before, &after, &json!({"kms_master_key_id": true}));
    let (changes, document) = told(&folder, &plan);
    assert_eq!(changes, ["drifted aws_sqs_queue.work resources.work"]);
    assert_eq!(
        document["changes"][0]["details"],
        json!([
            {"path": "kms_master_key_id", "after": "(secret)", "note": "the plan puts it back"},
            {"path": "message_retention_seconds", "before": "345600", "after": "60", "note": "the plan puts it back"},
        ])
    );
    run(&folder, &plan, &["--ci"]).is(1).out_has("error[drifted]");
    // A policy that nothing of the plan attaches may grant.
    after["policy"] = json!("{\"Statement\":[{\"Effect\":\"Allow\"}]}");
    plan["resource_drift"] = json!([]);
    drift(&mut plan, "aws_sqs_queue.work", &before, &after, &json!({}));
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_sqs_queue.work resources.work"]);
    // What was destroyed.
    plan["resource_drift"] = json!([]);
    drift(&mut plan, "aws_sqs_queue.work", &before, &Value::Null, &json!(false));
    run(&folder, &plan, &[]).is(0).out_has("`aws_sqs_queue.work` was destroyed outside; the plan makes it anew");
}

#[test]
fn what_was_edited_in_the_output_is_told() {
    let (folder, mut plan) = applied();
    let function = values(&mut plan, AFTER, "aws_lambda_function.take");
    function["memory_size"] = json!(3008);
    function["timeout"] = json!("10");
    function["environment"][0]["variables"]["ISOBAR_ORDERS_NAME"] = json!("hush");
    // Code is built anew at any time, and the platform fills in what the output leaves to it.
    function["source_code_hash"] = json!("AAAA4gpMXhiGezhVAyqSBtufSJWBhJJ1wJAe8dsIPO4=");
    function["layers"] = json!(["by default"]);
    let all = resources(&mut plan, AFTER);
    let one = all.iter_mut().find(|one| one["address"] == "aws_lambda_function.take").unwrap();
    one["sensitive_values"] = json!({"environment": [{"variables": {"ISOBAR_ORDERS_NAME": true}}]});
    let (changes, document) = told(&folder, &plan);
    assert_eq!(changes, ["edited aws_lambda_function.take functions.take"]);
    assert_eq!(
        document["changes"][0]["details"],
        json!([
            {"path": "environment.variables.ISOBAR_ORDERS_NAME", "before": "(secret)", "after": "(secret)"},
            {"path": "memory_size", "before": "`256`", "after": "`3008`"},
        ])
    );
    run(&folder, &plan, &["--ci"]).is(0).out_has("`aws_lambda_function.take` would not be what the spec makes it");
}

#[test]
fn what_the_plan_leaves_out_or_forgets_is_told() {
    let (folder, mut plan) = applied();
    resources(&mut plan, AFTER).retain(|one| one["address"] != "aws_dynamodb_table.orders");
    assert_eq!(told(&folder, &plan).0, ["missing-resource aws_dynamodb_table.orders resources.orders"]);
    run(&folder, &plan, &["--ci"]).is(0);
    // What the plan destroys is no longer there; what it forgets is.
    let (folder, mut plan) = applied();
    for (name, action) in [("gone", "delete"), ("left", "forget")] {
        let address = format!("aws_sns_topic.{name}");
        let tags = json!({"isobar-node": "resources.work"});
        resources(&mut plan, BEFORE).push(json!({
            "address": address, "mode": "managed", "type": "aws_sns_topic", "name": name, "values": {"tags": tags},
        }));
        let change = json!({"address": address, "change": {"actions": [action]}});
        plan["resource_changes"].as_array_mut().unwrap().push(change);
    }
    assert_eq!(told(&folder, &plan).0, ["unknown-resource aws_sns_topic.left resources.work"]);
}

#[test]
fn what_is_not_known_before_the_apply_is_judged_by_what_it_refers_to() {
    let (folder, mut plan) = applied();
    for place in [AFTER, BEFORE] {
        values(&mut plan, place, "aws_iam_role_policy.take").as_object_mut().unwrap().remove("policy");
        values(&mut plan, place, "aws_sqs_queue.work").as_object_mut().unwrap().remove("arn");
    }
    plan["resource_changes"] = json!([
        {"address": "aws_iam_role_policy.take", "change": {"actions": ["update"], "after_unknown": {"policy": true}}},
        {"address": "aws_sqs_queue.work", "change": {"actions": ["create"], "after_unknown": {"arn": true}}},
    ]);
    let (changes, document) = told(&folder, &plan);
    assert_eq!(changes, [""; 0]);
    let note = "what 1 policy grants is known after the apply; what it refers to was compared";
    assert_eq!(document["notes"], json!([note]));
    let said = resources(&mut plan, "/configuration");
    let one = said.iter_mut().find(|one| one["address"] == "aws_iam_role_policy.take").unwrap();
    one["expressions"]["policy"]["references"].as_array_mut().unwrap().push(json!("aws_iam_role.take.arn"));
    assert_eq!(told(&folder, &plan).0, ["cloud-wider aws_iam_role_policy.take functions.take"]);
    run(&folder, &plan, &[]).is(0).out_has("refers to `aws_iam_role.take`, on which no edge needs a grant here");
}

#[test]
fn a_comment_accepts_and_formats_have_it() {
    let (folder, mut plan) = applied();
    let before = values(&mut plan, AFTER, "aws_sqs_queue.work").clone();
    let mut after = before.clone();
    after["message_retention_seconds"] = json!(60);
    drift(&mut plan, "aws_sqs_queue.work", &before, &after, &json!({}));
    let sarif = run(&folder, &plan, &["--deny", "drifted", "--format", "sarif"]).is(1);
    let log: Value = serde_json::from_str(&sarif.out).unwrap();
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "drifted");
    run(&folder, &plan, &["--format", "markdown"])
        .is(0)
        .out_has("⚠️ **drifted** `aws_sqs_queue.work` was changed outside");
    folder.edit("isobar.yaml", "  work:", "  # isobar: accept drifted: the incident of May until 2999-01-01\n  work:");
    run(&folder, &plan, &["--ci"]).is(0).out_has("(accepted until 2999-01-01: the incident of May)");
}

#[test]
fn what_is_no_plan_as_json_is_refused_with_what_to_do() {
    let (folder, plan) = applied();
    let refused = [
        ("PK\u{3}\u{4}", "`plan.json` is a saved plan; write it as JSON: `terraform show -json FILE`"),
        (
            "{\"version\": 4, \"lineage\": \"x\", \"serial\": 1}",
            "`plan.json` is a state as it is kept; write it as JSON",
        ),
        ("No changes.", "`plan.json` is no JSON: "),
        ("{\"resources\": []}", "`plan.json` is not what `terraform show -json FILE` writes of a plan"),
        ("{\"format_version\": \"2.0\"}", "`plan.json` has the format 2.0; only 1 is known"),
        ("{\"format_version\": \"1.2\"}", "`plan.json` is not what `terraform show -json FILE` writes of a plan"),
    ];
    for (text, message) in refused {
        folder.put("plan.json", text);
        folder.run(&["diff", "--plan", "plan.json"]).is(2).err_has(message);
    }
    folder.run(&["diff", "--plan", "none.json"]).is(2).err_has("cannot read `none.json`");
    folder.run(&["diff"]).is(2).err_has("required");
    folder.run(&["diff", "--plan", "plan.json", "isobar.yaml", "isobar.yaml"]).is(2).err_has("cannot be used with");
    folder.put("plan.json", plan.to_string());
    let kubernetes = ["diff", "--plan", "plan.json", "--target", "kubernetes"];
    folder.run(&kubernetes).is(2).err_has("Terraform plans no output of `kubernetes`");
}

#[test]
fn a_plan_is_read_from_standard_input() {
    let (folder, plan) = applied();
    let mut command = folder.command(&["diff", "--plan", "-", "isobar.yaml"]);
    let mut child = command.stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(plan.to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("no changes"), "{said}");
}
