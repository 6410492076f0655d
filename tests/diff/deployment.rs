//! What makes no difference, and what every target says of the types that it writes.

use std::collections::BTreeSet;

use isobar::artifact::Inventory;
use isobar::base::MemoryFiles;
use isobar::diff::{Class, Detail};
use isobar::pipeline::Request;

use crate::support::{changes, compile, compile_as, edited, example, target, texts};

/// The spec with all declarations in the opposite order, and its comments gone.
fn turned(files: &MemoryFiles, path: &str) -> String {
    use isobar::base::Files as _;
    let at = isobar::base::RelPath::resolve("", path).expect("a path");
    let bytes = files.read(&at, u64::MAX).expect("there");
    let mut tree: serde_yaml::Mapping = serde_yaml::from_slice(&bytes).expect("a mapping");
    for section in ["events", "resources", "functions"] {
        if let Some(serde_yaml::Value::Mapping(nodes)) = tree.get_mut(section) {
            let mut all: Vec<_> = nodes.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            all.reverse();
            *nodes = all.into_iter().collect();
        }
    }
    let tree: serde_yaml::Mapping = tree.into_iter().collect::<Vec<_>>().into_iter().rev().collect();
    serde_yaml::to_string(&tree).expect("writable")
}

#[test]
fn order_comments_and_names_of_files_make_no_difference() {
    use isobar::base::Files as _;
    let files = example("storefront");
    let mut other = files.clone();
    other.insert("isobar.yaml", turned(&files, "isobar.yaml"));
    for (from, to) in [("orders", "z"), ("payments", "a"), ("shop", "m")] {
        let path = format!("functions/{from}.yaml");
        other.insert(&format!("functions/{to}.yaml"), turned(&files, &path));
        other.insert(&path, "# moved\nfunctions: {}\n");
    }
    assert!(other.read(&isobar::base::RelPath::resolve("", "functions/z.yaml").expect("a path"), 1 << 20).is_ok());
    for id in ["aws", "kubernetes"] {
        let target = target(id);
        let (old, new) = (compile(&files, &target), compile(&other, &target));
        assert!(texts(&old).iter().map(|f| f.text).ne(texts(&new).iter().map(|f| f.text)), "places of nodes moved");
        let told = changes(&old, &new, &target, &target.manifest.lifecycle);
        assert!(told.is_empty(), "{id}: {told:#?}");
    }
}

/// Types that templates write where an example has no use for them.
const ELSEWHERE: &[(&str, &[&str])] = &[
    ("aws", &["aws_iam_policy", "aws_iam_role_policy_attachment", "aws_s3_bucket_cors_configuration"]),
    (
        "kubernetes",
        &["CiliumNetworkPolicy", "ScheduledBackup", "ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"],
    ),
];

#[test]
fn every_type_that_is_written_has_its_row() {
    for (id, elsewhere) in ELSEWHERE {
        let target = target(id);
        let lifecycle = &target.manifest.lifecycle;
        let mut used: BTreeSet<&str> = elsewhere.iter().copied().collect();
        for name in ["orders-minimal", "storefront", "webhook-relay"] {
            let artifacts = compile(&example(name), &target);
            let files = texts(&artifacts);
            for item in Inventory::read(&files, &target.manifest).items() {
                let row = lifecycle.row(&item.kind, &item.full_kind);
                let row = row.unwrap_or_else(|| panic!("{id}: `{}` has no row in `lifecycle`", item.full_kind));
                used.extend(lifecycle.resources.iter().map(|row| row.kind.as_str()).filter(|kind| *kind == row.kind));
                assert!(row.of.is_some() || item.node.is_some(), "{id}: {} belongs to no node", item.address);
            }
        }
        let templates: String = target.templates.values().map(String::as_str).collect();
        for row in &lifecycle.resources {
            let kind = row.kind.rsplit('/').next().expect("a type");
            assert!(used.contains(row.kind.as_str()), "{id}: nothing writes `{}`", row.kind);
            assert!(templates.contains(kind), "{id}: no template writes `{kind}`");
        }
    }
}

#[test]
fn changes_read_well() {
    let aws = target("aws");
    let files = example("storefront");
    let old = compile(&files, &aws);
    let says = |edits: &[(&str, &str, &str)]| {
        let new = compile(&edited(&files, edits), &aws);
        changes(&old, &new, &aws, &aws.manifest.lifecycle)
    };
    let told = says(&[("isobar.yaml", "partition: { cartId: string }", "partition: { basketId: string }")]);
    assert_eq!(told[0].message, "`aws_dynamodb_table.carts` is destroyed and made anew, without the items in it");
    assert_eq!(told[0].node.as_deref(), Some("resources.carts"));
    assert_eq!(told[0].targets, ["aws"]);
    assert_eq!(told[1].subject, "aws_iam_role_policy.cart");
    assert_eq!(told[1].node.as_deref(), Some("functions.cart"));
    let reason = "`policy.Statement.Resource` refers to `aws_dynamodb_table.carts`, which is made anew";
    assert!(format!("{:?}", told[1].details).contains(reason), "{:#?}", told[1]);
}

#[test]
fn an_environment_that_is_no_longer_protected_says_what_it_loses() {
    let files = example("storefront");
    let open = edited(
        &files,
        &[("isobar.yaml", "    protected: true                              # data outlives mistakes\n", "")],
    );
    let production = Request { environment: Some("prod".to_owned()), ..Request::default() };
    for (id, wanted) in [("aws", 8), ("kubernetes", 8)] {
        let target = target(id);
        let lifecycle = &target.manifest.lifecycle;
        let [old, new] = [&files, &open].map(|files| compile_as(files, &target, &production));
        let told = changes(&old, &new, &target, lifecycle);
        let lost: Vec<_> = told.iter().filter(|change| change.class == Class::ProtectionRemoved).collect();
        assert_eq!(lost.len(), wanted, "{id}: {lost:#?}");
        assert!(lost.iter().all(|change| !change.details.is_empty()), "{id}: {lost:#?}");
        // What a broker has not delivered yet is kept for a bus alone, not for the notifications of a bucket.
        for item in Inventory::read(&texts(&old), &target.manifest).items().iter().filter(|item| item.kind != "Broker")
        {
            let row = lifecycle.row(&item.kind, &item.full_kind).expect("a row");
            assert!(
                row.holds.is_none() || lost.iter().any(|change| change.subject == item.address),
                "{}",
                item.address
            );
        }
        // Who protects it takes nothing away.
        let told = changes(&new, &old, &target, lifecycle);
        assert!(told.iter().all(|change| change.class != Class::ProtectionRemoved), "{id}: {told:#?}");
    }
}

#[test]
fn another_runtime_is_another_image() {
    let kubernetes = target("kubernetes");
    let files = example("storefront");
    let old = compile(&files, &kubernetes);
    let new = compile(&edited(&files, &[("isobar.yaml", "python3.13", "python3.12")]), &kubernetes);
    let told = changes(&old, &new, &kubernetes, &kubernetes.manifest.lifecycle);
    assert_eq!(told.len(), 4, "{told:#?}");
    for change in told {
        let [Detail::Value { path, before: Some(before), after: Some(after), .. }] = change.details.as_slice() else {
            panic!("{change:#?}")
        };
        assert!(
            path.contains("[function].image") && before.contains(":python3.13-") && after.contains(":python3.12-"),
            "{path}"
        );
    }
    // Two runtimes of one folder are two images, each with a file that builds it alone.
    let one =
        [("functions/orders.yaml", "    handler: orders.get\n", "    handler: orders.get\n    runtime: python3.12\n")];
    let both = compile(&edited(&files, &one), &kubernetes);
    let builds = both.iter().filter(|artifact| artifact.path.ends_with(".Containerfile"));
    let builds: Vec<&str> = builds.map(|artifact| std::str::from_utf8(&artifact.bytes).expect("UTF-8")).collect();
    assert_eq!(builds.len(), 3);
    assert!(builds.iter().all(|text| text.matches("\nFROM ").count() == 1), "{builds:#?}");
}
