//! Small outputs in every syntax, as they are compared.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

use super::*;
use crate::artifact::path;
use crate::base::Sources;
use crate::catalog::{Target, builtin};

fn manifest(id: &str) -> Manifest {
    Target::load(builtin(id).unwrap(), id, &mut Sources::default()).0.unwrap().manifest
}

fn file<'a>(path: &'a str, text: &'a str) -> File<'a> {
    File { path, text }
}

fn read<'a>(id: &str, files: &[File<'a>]) -> Inventory<'a> {
    let inventory = Inventory::read(files, &manifest(id));
    assert!(inventory.defects.is_empty(), "{:?}", inventory.defects);
    inventory
}

fn text(inventory: &Inventory<'_>, key: &str, at: &str) -> Vec<String> {
    let item = inventory.get(key).unwrap();
    item.body.at(&path(at)).into_iter().map(|found| found.text().unwrap().to_owned()).collect()
}

const QUEUE: &str = "# a\nresource \"aws_sqs_queue\" \"a\" {\n  name = \"a\"\n  tags = { isobar-node = \"resources.a\" }\n  x {\n    y = 1\n  }\n  x {\n    y = 2\n  }\n}\nmoved {\n  from = aws_sqs_queue.b\n  to   = aws_sqs_queue.a\n}\n";

#[test]
fn blocks_native_resources_and_overrides_are_one_list() {
    let native =
        r#"{"resource": {"aws_x_y": {"n": {"name": "${aws_sqs_queue.a.name}-x", "b": [{"c": 1}], "gone": null}}}}"#;
    let over = r#"{"resource": {"aws_sqs_queue": {"a": {"name": "other", "x": {"y": 3}}}}}"#;
    let inventory =
        read("aws", &[file("isobar_override.tf.json", over), file("native.tf.json", native), file("queues.tf", QUEUE)]);
    assert_eq!(inventory.items().iter().map(|item| &*item.key).collect::<Vec<_>>(), ["aws_sqs_queue.a", "aws_x_y.n"]);
    assert_eq!(inventory.get("aws_sqs_queue.a").unwrap().node.as_deref(), Some("resources.a"));
    assert_eq!(inventory.get("aws_sqs_queue.a").unwrap().line, 2);
    assert_eq!(text(&inventory, "aws_sqs_queue.a", "name"), ["other"]);
    assert_eq!(text(&inventory, "aws_sqs_queue.a", "x.y"), ["3"]);
    assert_eq!(
        inventory.get("aws_x_y.n").unwrap().body.get("name").unwrap(),
        &Plain::Expression("${aws_sqs_queue.a.name}-x".into())
    );
    assert_eq!(text(&inventory, "aws_x_y.n", "b.c"), ["1"]);
    assert!(inventory.get("aws_x_y.n").unwrap().body.get("gone").is_none());
    assert_eq!(inventory.moves["aws_sqs_queue.a"], "aws_sqs_queue.b");
}

#[test]
fn comments_places_and_order_of_keys_make_no_difference() {
    let other = "resource \"aws_sqs_queue\" \"a\" {\n  x {\n    y = 2 # two\n  }\n  tags = {\n    isobar-node = \"resources.a\"\n  }\n  x {\n    y = 1\n  }\n  name = \"a\"\n  none = null\n}\n";
    let (a, b) = (read("aws", &[file("q.tf", QUEUE)]), read("aws", &[file("r.tf", other)]));
    let (Plain::Map(a), Plain::Map(b)) = (&a.items()[0].body, &b.items()[0].body) else { unreachable!() };
    assert_eq!(a.len(), b.len());
    assert_eq!(a[0], b[0]);
    assert!(matches!(&a[2].1, Plain::Blocks(blocks) if blocks.len() == 2));
}

#[test]
fn documents_are_known_by_group_and_patches_are_merged() {
    let topic = "apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: { name: a, namespace: n }\nspec: { partitions: 3, config: { x: \"1\", y: 2 } }\n---\napiVersion: v1\nkind: Service\nmetadata: { name: s }\n---\napiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: s }\n";
    let kustomization = "kind: Kustomization\nresources: [a.yaml]\npatches:\n  - target: { kind: KafkaTopic, name: a }\n    patch: |-\n      {\"kind\": \"KafkaTopic\", \"apiVersion\": \"any\", \"metadata\": {\"name\": \"a\"}, \"spec\": {\"config\": {\"x\": \"5\"}}}\n";
    let inventory = read("kubernetes", &[file("a.yaml", topic), file("kustomization.yaml", kustomization)]);
    let keys: Vec<_> = inventory.items().iter().map(|item| (&*item.key, &*item.address)).collect();
    assert_eq!(
        keys,
        [
            ("KafkaTopic.kafka.strimzi.io/n/a", "KafkaTopic/n/a"),
            ("Service./s", "Service/s"),
            ("Service.serving.knative.dev/s", "Service/s")
        ]
    );
    assert_eq!(inventory.shared.iter().collect::<Vec<_>>(), ["Service/s"]);
    assert_eq!(text(&inventory, keys[0].0, "spec.config.x"), ["\"5\""]);
    assert_eq!(text(&inventory, keys[0].0, "spec.config.y"), ["2"]);
    assert_eq!(text(&inventory, keys[0].0, "spec.partitions"), ["3"]);
}

#[test]
fn settings_are_those_that_move_resources() {
    let text = "provider \"aws\" {\n  region = \"eu-central-1\"\n}\nprovider \"other\" {\n  region = \"x\"\n}\n";
    let inventory = read("aws", &[file("providers.tf", text)]);
    assert_eq!(inventory.settings.keys().collect::<Vec<_>>(), ["provider.aws"]);
    assert_eq!(inventory.settings["provider.aws"].get("region").unwrap().text(), Some("eu-central-1"));
}

#[test]
fn what_cannot_be_read_or_stands_twice_is_told() {
    let files = [file("a.tf", QUEUE), file("b.tf", QUEUE), file("c.tf", "resource {")];
    let inventory = Inventory::read(&files, &manifest("aws"));
    assert_eq!(inventory.defects.len(), 2, "{:?}", inventory.defects);
    assert_eq!(inventory.items().len(), 1);
}
