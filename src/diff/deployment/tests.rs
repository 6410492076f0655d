//! Single changes to small outputs, and what is said of them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::artifact::File;
use crate::base::Sources;
use crate::catalog::{Target, builtin};
use crate::diff::{Class, Detail};

fn target(id: &str) -> Target {
    Target::load(builtin(id).unwrap(), id, &mut Sources::default()).0.unwrap()
}

fn compared(id: &str, path: &str, old: &str, new: &str) -> Vec<Change> {
    let manifest = target(id).manifest;
    let (old, new) = ([File { path, text: old }], [File { path, text: new }]);
    let (old, new) = (Inventory::read(&old, &manifest), Inventory::read(&new, &manifest));
    assert!(old.defects.is_empty() && new.defects.is_empty(), "{:?} {:?}", old.defects, new.defects);
    changes(&old, &new, (id, &manifest.lifecycle), &|_, _| None)
}

fn hcl(old: &str, new: &str) -> Vec<Change> {
    compared("aws", "a.tf", old, new)
}

fn shown(changes: &[Change]) -> Vec<(Class, &str)> {
    changes.iter().map(|change| (change.class, change.subject.as_str())).collect()
}

/// `path: before → after (note)`, or a reason.
fn details(change: &Change) -> Vec<String> {
    let text = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let line = |detail: &Detail| match detail {
        Detail::Reason(reason) => reason.clone(),
        Detail::Value { path, before, after, note } => {
            let note = note.as_ref().map(|note| format!(" ({note})")).unwrap_or_default();
            format!("{path}: {} → {}{note}", text(before), text(after))
        }
    };
    change.details.iter().map(line).collect()
}

const TABLE: &str = "resource \"aws_dynamodb_table\" \"t\" {\n  name = \"app-t\"\n  hash_key = \"id\"\n  tags = { isobar-node = \"resources.t\" }\n}\n";
const POLICY: &str = "resource \"aws_iam_role\" \"f\" {\n  name = \"app-f\"\n  tags = { isobar-node = \"functions.f\" }\n}\nresource \"aws_iam_role_policy\" \"f\" {\n  role = aws_iam_role.f.name\n  policy = jsonencode({\n    Statement = [\n      { Effect = \"Allow\", Action = [\"a\", \"b\"], Resource = [aws_dynamodb_table.t.arn, \"${aws_dynamodb_table.t.arn}/index/x\"] },\n      { Effect = \"Deny\", Action = \"*\", Resource = aws_dynamodb_table.t.name },\n    ]\n  })\n}\n";

#[test]
fn what_is_made_anew_changes_what_refers_to_it() {
    let old = format!("{TABLE}{POLICY}");
    let told = hcl(&old, &old.replace("\"id\"", "\"key\""));
    assert_eq!(
        shown(&told),
        [(Class::DataLoss, "aws_dynamodb_table.t"), (Class::Changed, "aws_iam_role_policy.f")],
        "{told:#?}"
    );
    assert_eq!(told[0].message, "`aws_dynamodb_table.t` is destroyed and made anew, without the items in it");
    assert!(details(&told[0])[0].starts_with("hash_key: id → key (which makes the resource anew (https://"));
    assert_eq!(told[0].node.as_deref(), Some("resources.t"));
    // What is written is known before, whatever becomes of the table.
    assert_eq!(details(&told[1]).len(), 1, "{:?}", details(&told[1]));
    let reason = "`policy.Statement.Resource` refers to `aws_dynamodb_table.t`, which is made anew";
    assert_eq!(details(&told[1])[0], reason);
    assert_eq!(told[1].node.as_deref(), Some("functions.f"));
}

#[test]
fn a_change_in_place_changes_nothing_else_but_what_is_read_from_it() {
    let old = format!("{TABLE}{POLICY}");
    let told = hcl(&old, &old.replace("resources.t\"", "resources.u\""));
    assert_eq!(shown(&told), [(Class::Changed, "aws_dynamodb_table.t")]);
    let told = hcl(&old, &old.replace("\"app-f\"", "\"app-g\""));
    assert_eq!(shown(&told), [(Class::Replaced, "aws_iam_role.f"), (Class::Replaced, "aws_iam_role_policy.f")]);
    let forced = &details(&told[1])[0];
    assert!(forced.starts_with("role: app-f → app-g (which makes"), "{forced}");
}

#[test]
fn order_in_policies_and_of_blocks_makes_no_difference() {
    let turned = POLICY.replace("[\"a\", \"b\"]", "[\"b\", \"a\"]").replace(
        "[aws_dynamodb_table.t.arn, \"${aws_dynamodb_table.t.arn}/index/x\"]",
        "[ # two\n\"${aws_dynamodb_table.t.arn}/index/x\", aws_dynamodb_table.t.arn]",
    );
    assert_eq!(shown(&hcl(POLICY, &turned)), []);
    let told = hcl(POLICY, &POLICY.replace("[\"a\", \"b\"]", "[\"a\", \"c\"]"));
    assert_eq!(details(&told[0]), ["policy.Statement.Action: - → c", "policy.Statement.Action: b → -"]);
    let blocks = |a: &str, b: &str| {
        format!(
            "resource \"aws_dynamodb_table\" \"t\" {{\n  attribute {{\n    name = \"{a}\"\n  }}\n  attribute {{\n    name = \"{b}\"\n  }}\n}}\n"
        )
    };
    assert_eq!(shown(&hcl(&blocks("a", "b"), &blocks("b", "a"))), []);
    assert_eq!(details(&hcl(&blocks("a", "b"), &blocks("b", "c"))[0]).len(), 2);
}

#[test]
fn moved_blocks_move_and_tell_what_changes() {
    let moved = "moved {\n  from = aws_dynamodb_table.t\n  to   = aws_dynamodb_table.u\n}\n";
    let old = format!("{TABLE}{POLICY}");
    let new = format!("{}{moved}", old.replace("table\" \"t\"", "table\" \"u\"").replace("table.t", "table.u"));
    let told = hcl(&old, &new);
    assert_eq!(shown(&told), [(Class::Moved, "aws_dynamodb_table.u")], "{told:#?}");
    assert_eq!(told[0].message, "`aws_dynamodb_table.u` is what was `aws_dynamodb_table.t`");
    let told = hcl(&old, &new.replace("resources.t", "resources.u"));
    assert_eq!(told[0].message, "`aws_dynamodb_table.u` is what was `aws_dynamodb_table.t`, and is changed in place");
    assert_eq!(details(&told[0]), ["tags.isobar-node: resources.t → resources.u"]);
    let told = hcl(&old, &new.replace("\"id\"", "\"key\""));
    assert_eq!(told[0].class, Class::DataLoss);
    assert_eq!(details(&told[0])[0], "it was `aws_dynamodb_table.t`");
    // A move that happened long ago stays written.
    assert_eq!(shown(&hcl(&new, &new)), []);
}

#[test]
fn what_protects_a_resource_is_told() {
    let kept = TABLE.replace(
        "  hash_key",
        "  deletion_protection_enabled = true\n  lifecycle {\n    prevent_destroy = true\n  }\n  hash_key",
    );
    let told = hcl(&kept, "");
    assert_eq!(told[0].message, "`aws_dynamodb_table.t` is destroyed, with the items in it");
    // Where the block is gone, its `prevent_destroy` is gone with it.
    assert_eq!(details(&told[0]).len(), 1, "{:?}", details(&told[0]));
    let told = hcl(&kept, &kept.replace("\"id\"", "\"key\""));
    assert_eq!(details(&told[0]).len(), 3, "{:?}", details(&told[0]));
    let told = hcl(&kept, TABLE);
    assert_eq!(
        shown(&told),
        [(Class::ProtectionRemoved, "aws_dynamodb_table.t"), (Class::Changed, "aws_dynamodb_table.t")]
    );
    assert_eq!(told[0].message, "`aws_dynamodb_table.t` is protected less against the loss of the items in it");
    assert_eq!(told[0].node.as_deref(), Some("resources.t"));
    assert_eq!(
        details(&told[0]),
        [
            "lifecycle.prevent_destroy: true → - (until now: Terraform refuses the plan: `prevent_destroy` is set)",
            "deletion_protection_enabled: true → - (until now: DynamoDB refuses to delete it: `deletion_protection_enabled` is set)"
        ]
    );
    assert_eq!(shown(&hcl(TABLE, &kept)), [(Class::Changed, "aws_dynamodb_table.t")]);
    // What Terraform alone is told changes nothing else.
    let prevented = TABLE.replace("  hash_key", "  lifecycle {\n    prevent_destroy = true\n  }\n  hash_key");
    assert_eq!(shown(&hcl(&prevented, TABLE)), [(Class::ProtectionRemoved, "aws_dynamodb_table.t")]);
}

const BUCKET: &str = "data \"aws_caller_identity\" \"current\" {}\nresource \"aws_s3_bucket\" \"b\" {\n  bucket = \"app-b-${data.aws_caller_identity.current.account_id}\"\n  tags = { isobar-node = \"resources.b\" }\n}\nresource \"aws_s3_bucket_lifecycle_configuration\" \"b\" {\n  bucket = aws_s3_bucket.b.bucket\n  rule {\n    id = \"expire-1\"\n    status = \"Enabled\"\n    expiration {\n      days = 30\n    }\n  }\n}\n";
const VERSIONS: &str = "resource \"aws_s3_bucket_versioning\" \"b\" {\n  bucket = aws_s3_bucket.b.bucket\n  versioning_configuration {\n    status = \"Enabled\"\n  }\n}\n";

#[test]
fn what_can_no_longer_be_had_back_is_told() {
    let recovered = TABLE.replace("  hash_key", "  point_in_time_recovery {\n    enabled = true\n  }\n  hash_key");
    let told = hcl(&recovered, &recovered.replace("enabled = true", "enabled = false"));
    assert_eq!(told[0].class, Class::ProtectionRemoved, "{told:#?}");
    assert!(details(&told[0])[0].starts_with("point_in_time_recovery.enabled: true → false (until now: its items"));
    let versioned = format!("{BUCKET}{VERSIONS}");
    let told = hcl(&versioned, BUCKET);
    let address = "aws_s3_bucket_versioning.b";
    assert_eq!(shown(&told), [(Class::ProtectionRemoved, address), (Class::Destroyed, address)]);
    assert_eq!(told[0].message, "`aws_s3_bucket_versioning.b` protects `aws_s3_bucket.b` less");
    assert_eq!(told[0].node.as_deref(), Some("resources.b"));
    // With the bucket goes all that there was to protect.
    let is_told = |told: &[Change]| told.iter().any(|change| change.class == Class::ProtectionRemoved);
    assert!(!is_told(&hcl(&versioned, "")));
    assert!(!is_told(&hcl(&versioned, &BUCKET.replace("app-b", "app-c"))));
    let told = hcl(BUCKET, &BUCKET.replace("days = 30", "days = 7"));
    assert_eq!(told[0].class, Class::ProtectionRemoved);
    assert_eq!(details(&told[0]), ["rule.expiration.days: 30 → 7 (S3 deletes objects sooner)"]);
    assert!(!is_told(&hcl(BUCKET, &BUCKET.replace("days = 30", "days = 60"))));
    let rule = "  rule {\n    id = \"x\"\n    expiration {\n      days = 90\n    }\n  }\n";
    let more = BUCKET.replace("  rule {", &format!("{rule}  rule {{"));
    assert!(is_told(&hcl(BUCKET, &more)));
    assert!(!is_told(&hcl(&more, BUCKET)));
}

#[test]
fn what_reads_the_same_and_is_made_anew_tells_why() {
    let told = hcl(BUCKET, &BUCKET.replace("app-b", "app-c"));
    let account = "${data.aws_caller_identity.current.account_id}";
    assert!(details(&told[0])[0].starts_with(&format!("bucket: app-b-{account} → app-c-{account} (which makes")));
    let found = details(&told[1]);
    assert!(found[0].starts_with("`bucket` refers to `aws_s3_bucket.b`, which is made anew; which makes"), "{found:?}");
}

#[test]
fn another_region_makes_all_but_what_is_everywhere_anew() {
    let role = "resource \"aws_sns_topic\" \"a\" {\n  name = \"app-a\"\n}\nresource \"aws_sns_topic\" \"b\" {\n  name = \"app-b\"\n}\nresource \"other_thing\" \"o\" {\n  name = \"o\"\n}\n";
    let old = format!("provider \"aws\" {{\n  region = \"eu-central-1\"\n}}\n{TABLE}{POLICY}{role}");
    let new = old.replace("eu-central-1", "eu-west-1");
    let told = hcl(&old, &new);
    assert_eq!(
        shown(&told),
        [
            (Class::DataLoss, "aws_dynamodb_table.t"),
            (Class::Replaced, "provider.aws.region"),
            (Class::Changed, "aws_iam_role_policy.f")
        ],
        "{told:#?}"
    );
    let why = "provider.aws.region: eu-central-1 → eu-west-1 (which makes the resource anew (https://";
    assert!(details(&told[0])[0].starts_with(why), "{:?}", details(&told[0]));
    assert_eq!(told[1].message, "2 resources that hold no data are destroyed and made anew");
    assert!(details(&told[1])[0].starts_with(why));
    assert_eq!(details(&told[1])[1..], ["2 of `aws_sns_topic`: `a`, `b`"]);
    // What has a reason of its own is told by itself.
    let told = hcl(&old, &new.replace("\"app-b\"", "\"app-c\""));
    assert_eq!(told[1].subject, "aws_sns_topic.b");
    assert_eq!(told[2].message, "1 resource that holds no data is destroyed and made anew");
}

#[test]
fn the_type_of_a_key_stays() {
    let attribute = |name: &str| format!("  attribute {{\n    name = \"{name}\"\n    type = \"S\"\n  }}\n");
    let old = TABLE.replace("  hash_key", &format!("{}{}  hash_key", attribute("id"), attribute("day")));
    let told = hcl(&old, &old.replacen("\"S\"", "\"N\"", 1));
    assert_eq!(shown(&told), [(Class::DataLoss, "aws_dynamodb_table.t")]);
    assert_eq!(told[0].message, "`aws_dynamodb_table.t` has to be destroyed and made anew, without the items in it");
    assert!(details(&told[0])[0].starts_with("attribute[id].type: S → N (DynamoDB refuses to change the type"));
    // Only an index goes by it.
    let told = hcl(&old, &old.replace("day\"\n    type = \"S", "day\"\n    type = \"N"));
    assert_eq!(shown(&told), [(Class::Changed, "aws_dynamodb_table.t")]);
    assert!(details(&told[0])[0].starts_with("attribute[day].type: S → N (DynamoDB refuses"), "{told:#?}");
    let told = hcl(&old, &old.replace(&attribute("day"), ""));
    assert_eq!(shown(&told), [(Class::Changed, "aws_dynamodb_table.t")]);
}

#[test]
fn what_the_provider_keeps_or_computes_is_no_change() {
    let queue = |more: &str| format!("resource \"aws_sqs_queue\" \"q\" {{\n  name = \"q\"\n{more}}}\n");
    assert_eq!(shown(&hcl(&queue("  redrive_policy = jsonencode({ a = 1 })\n"), &queue(""))), []);
    assert_eq!(shown(&hcl(&queue("  x = max(600, 10 * 30)\n"), &queue("  x = max(600, 10 * 60)\n"))), []);
    assert_eq!(
        shown(&hcl(&queue("  x = 2 * 300\n"), &queue("  x = 2 * 301\n"))),
        [(Class::Changed, "aws_sqs_queue.q")]
    );
    let function = "resource \"aws_lambda_function\" \"f\" {\n  function_name = \"f\"\n  source_code_hash = \"0123456789abcdef\"\n}\nresource \"aws_lambda_alias\" \"f\" {\n  name = \"warm\"\n  function_name = aws_lambda_function.f.function_name\n  function_version = aws_lambda_function.f.version\n}\n";
    let told = hcl(function, &function.replace("0123456789abcdef", "fedcba9876543210"));
    assert_eq!(shown(&told), [(Class::Changed, "aws_lambda_alias.f"), (Class::Changed, "aws_lambda_function.f")]);
    assert_eq!(details(&told[0]), ["`function_version` refers to `aws_lambda_function.f`, which is changed"]);
    assert_eq!(details(&told[1]), ["code: 0123456789a… → fedcba98765…"]);
    let tagged = function.replacen('}', "  tags = { a = \"b\" }\n}", 1);
    assert_eq!(shown(&hcl(function, &tagged)), [(Class::Changed, "aws_lambda_function.f")]);
}

const TOPIC: &str = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata:\n  name: a\n  namespace: n\n  annotations: { isobar.dev/node: resources.a }\nspec: { partitions: 3, topicName: a }\n";

#[test]
fn documents_are_refused_instead_of_replaced() {
    let told = compared("kubernetes", "a.yaml", TOPIC, &TOPIC.replace("topicName: a", "topicName: b"));
    assert_eq!(shown(&told), [(Class::DataLoss, "KafkaTopic/n/a")]);
    assert_eq!(told[0].message, "`KafkaTopic/n/a` has to be destroyed and made anew, without the messages in it");
    assert!(details(&told[0])[0].contains("the operator refuses to rename a topic (https://"));
    assert_eq!(told[0].node.as_deref(), Some("resources.a"));
    let told = compared("kubernetes", "a.yaml", TOPIC, &TOPIC.replace("partitions: 3", "partitions: 6"));
    assert_eq!(details(&told[0]), ["spec.partitions: 3 → 6"]);
    let other = TOPIC.replace("name: a\n", "name: b\n");
    let told = compared("kubernetes", "a.yaml", TOPIC, &other);
    assert_eq!(shown(&told), [(Class::DataLoss, "KafkaTopic/n/a"), (Class::Added, "KafkaTopic/n/b")]);
    assert_eq!(told[1].message, "`KafkaTopic/n/b` is new");
}

#[test]
fn elements_with_names_are_compared_by_name() {
    let service = |env: &str| {
        format!(
            "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {{ name: s, namespace: n }}\nspec: {{ template: {{ spec: {{ containers: [{{ image: \"i:1\", env: [{env}] }}] }} }} }}\n"
        )
    };
    let old = service("{ name: A, value: x }, { name: B, value: \"1\" }");
    let new = service("{ name: A, value: y }, { name: C, value: z }, { name: B, value: \"1\" }");
    let told = compared("kubernetes", "a.yaml", &old, &new);
    assert_eq!(
        details(&told[0]),
        ["spec.template.spec.containers.env[A].value: x → y", "spec.template.spec.containers.env[C].value: - → z"]
    );
    let turned = service("{ name: B, value: \"1\" }, { name: A, value: x }");
    assert_eq!(
        details(&compared("kubernetes", "a.yaml", &old, &turned)[0]),
        ["spec.template.spec.containers.env: A, B → B, A"]
    );
}
