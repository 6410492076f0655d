//! `isobar access`: what it answers about the storefront, and what it refuses.

use std::path::Path;

use super::program::Folder;

/// A copy of an example, in which code may be missing.
fn example(name: &str) -> Folder {
    let folder = Folder::empty();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples").join(name);
    for entry in walkdir::WalkDir::new(&root).into_iter().flatten().filter(|e| e.file_type().is_file()) {
        let path = entry.path().strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
        if !path.contains("/python/") && !path.contains("/nodejs/") {
            folder.put(&path, std::fs::read(entry.path()).unwrap());
        }
    }
    folder
}

#[test]
fn who_can_ever_reach_the_key() {
    let out = example("storefront").run(&["access", "--what", "pay-key"]).is(0).out;
    assert_eq!(
        out,
        "\
resources.pay-key

directly
  functions.charge  get  uses pay-key: get (functions/payments.yaml:9)

through events: a thief of
  functions.place-order  get
    functions.place-order                               emit (type order.placed)  resources.mesh     emits order.placed (functions/orders.yaml:11)
    delivery of functions.charge.on.event-order-placed  invoke                    functions.charge   trigger event-order-placed (functions/payments.yaml:8)
    functions.charge                                    get                       resources.pay-key  uses pay-key: get (functions/payments.yaml:9)

entry points that lead to it
  POST /orders  internet, token of https://id.example.com/  functions/orders.yaml:7
    delivery of functions.place-order.on.http-post-orders  invoke                    functions.place-order  trigger http-post-orders (functions/orders.yaml:7)
    functions.place-order                                  emit (type order.placed)  resources.mesh         emits order.placed (functions/orders.yaml:11)
    delivery of functions.charge.on.event-order-placed     invoke                    functions.charge       trigger event-order-placed (functions/payments.yaml:8)
    functions.charge                                       get                       resources.pay-key      uses pay-key: get (functions/payments.yaml:9)

wider on kubernetes, which guards less
  bucket            the key of a claim opens the whole bucket with every verb
  access by prefix  the key of a claim opens the whole bucket
  emitting events   a function that emits may send events of every type to every broker: only the network guards them
  host outside      a network policy knows no host names: the port is open to every address outside, unless `network-policy: cilium`
  table             a Dapr state store on PostgreSQL: rows are JSON documents by key, and a function that may use a table may use it with every verb
"
    );
}

#[test]
fn all_by_identity_and_by_resource() {
    let folder = example("storefront");
    folder
        .run(&["access"])
        .is(0)
        .out_has(
            "\n    query (index by-customer)  resources.orders     uses orders: query (functions/orders.yaml:21)\n",
        )
        .out_has("\n    get                  resources.pay-key        by emit order.placed -> charge\n")
        .out_has("\n  POST /orders           internet, token of https://id.example.com/  -> functions.place-order")
        .out_has("\n  dead-lettering of resources.ledger\n");
    folder
        .run(&["access", "--by", "resource"])
        .is(0)
        .out_has("\nresources.psp\n  functions.charge  connect  uses psp: connect (functions/payments.yaml:9)\n");
    folder.run(&["access", "--format", "markdown"]).is(0).out_has(
        "| `functions.settle` | update | `resources.orders` | uses orders: update (functions/payments.yaml:19) |",
    );
}

#[test]
fn a_target_shows_its_own_words_without_code() {
    let folder = example("storefront");
    let out = folder.run(&["access", "--target", "aws"]).is(0).out;
    for text in [
        "\n      iam: secretsmanager:GetSecretValue on ${aws_secretsmanager_secret.pay_key.arn}\n",
        "\n      on `*`: ",
        "\n      by events.amazonaws.com\n",
        "ForAllValues:StringLike charge#*\n",
    ] {
        assert!(out.contains(text), "no {text:?} in {out}");
    }
    let one = folder.run(&["access", "--who", "settle", "--target", "aws", "--target", "kubernetes"]).is(0).out;
    assert!(one.contains("\non aws\n  functions.settle\n") && one.contains("\non kubernetes\n"), "{one}");
    assert!(!one.contains("secretsmanager"), "{one}");
    folder.run(&["access", "--target", "asw"]).is(2).err_has("did you mean `aws`?");
}

#[test]
fn what_a_target_refuses_is_said() {
    let folder = example("orders-minimal");
    folder.edit("isobar.yaml", "type: queue, retention: 14d, manual: true }   #", "type: stream } #");
    folder.edit("isobar.yaml", "dead-letter: { to: failures }", "");
    folder.edit("isobar.yaml", "dead-letter: { to: failures }", "");
    folder.edit("isobar.yaml", "dead-letter: { to: failures }", "");
    folder.run(&["access"]).is(0);
    folder.run(&["access", "--target", "aws"]).is(1).out_has("\non aws\n  unknown, because ").err_has("error");
}

#[test]
fn json_follows_its_schema() {
    let folder = example("storefront");
    let schema: serde_json::Value = serde_json::from_str(&folder.run(&["schema", "access"]).is(0).out).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    for args in [&["--target", "aws"][..], &["--who", "charge"], &["--what", "orders"], &["--who", "alarms"]] {
        let out = folder.run(&[&["access", "--format", "json"], args].concat()).is(0).out;
        let document: serde_json::Value = serde_json::from_str(&out).unwrap();
        let errors: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
        assert_eq!(errors, Vec::<String>::new());
        let steps = document["steps"].as_array().unwrap().len() as u64;
        for reach in document["identities"].as_array().unwrap().iter().flat_map(|i| i["reaches"].as_array().unwrap()) {
            assert!(reach["path"].as_array().unwrap().iter().all(|step| step.as_u64().unwrap() < steps));
        }
    }
}

#[test]
fn names_that_are_none() {
    let folder = example("storefront");
    folder.run(&["access", "--who", "chrage"]).is(2).err_has("`chrage` is no identity; did you mean `charge`?");
    folder.run(&["access", "--what", "resources.pay-kee"]).is(2).err_has("did you mean `resources.pay-key`?");
    folder.run(&["access", "--who", "a", "--what", "b"]).is(2).err_has("cannot be used with");
    folder.run(&["access", "--what", "a", "--by", "resource"]).is(2).err_has("cannot be used with");
    folder.edit("isobar.yaml", "isobar: 1", "isobar: 2");
    folder.run(&["access"]).is(1).err_has("error");
}

#[test]
fn explain_shows_the_statement_of_each_edge() {
    let folder = example("storefront");
    folder
        .run(&["explain", "functions.charge", "--target", "aws"])
        .is(0)
        .out_has("\n  grants on aws\n")
        .out_has("\n    uses pay-key: get (functions/payments.yaml:9)\n      iam: secretsmanager:GetSecretValue on ")
        .out_has("\n  reached by on aws\n    functions.charge.on.event-order-placed\n")
        .out_has("        by events.amazonaws.com\n");
    folder.run(&["explain", "resources.ledger", "--target", "aws"]).is(0).out_has("\n      uses ledger: send (");
}
