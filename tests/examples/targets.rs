//! Every built-in target loads, its templates compile, and it has a word on every feature of the language.

use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::{FEATURES, Target, builtin, builtin_ids};

use crate::support::compile_files;

fn load(id: &str) -> Target {
    let mut sources = Sources::default();
    let (target, findings) = Target::load(builtin(id).expect("listed"), id, &mut sources);
    for f in findings.iter() {
        eprintln!("{} {}: {}", sources.place(f.primary.span), f.id, f.message);
    }
    assert!(findings.is_empty(), "{id} has defects");
    target.expect("no findings")
}

#[test]
fn built_in_targets_load() {
    for id in builtin_ids() {
        let target = load(id);
        let (engine, findings) = isobar::emit::engine(&target);
        for f in findings.iter() {
            eprintln!("{}: {}", f.id, f.message);
        }
        assert!(engine.is_some() && findings.is_empty(), "templates of {id} have defects");
    }
}

#[test]
fn every_feature_has_a_capability() {
    for id in builtin_ids() {
        let target = load(id);
        for (key, _) in FEATURES {
            assert!(target.manifest.capabilities.contains_key(*key), "{id} says nothing about `{key}`");
        }
    }
}

/// All files that an application of one consumer becomes.
fn emitted(functions: &str, resources: &str, id: &str) -> String {
    let mut files = MemoryFiles::default();
    let head = "isobar: 1\napp: shop\ntargets: { aws: { region: eu-central-1, subnets: [subnet-0123456789abcdef0], security-groups: [sg-0123456789abcdef0] }, kubernetes: { namespace: shop } }\n";
    files.insert("isobar.yaml", format!("{head}resources:\n{resources}functions:\n{functions}"));
    files.insert("code/app.py", "def handler(events, context):\n    return None\n");
    let (artifacts, findings) = compile_files(&files, id, &mut Sources::default());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    artifacts.iter().map(|a| String::from_utf8_lossy(&a.bytes)).collect()
}

#[test]
fn what_was_renamed_keeps_its_objects() {
    let text = emitted(
        "  pay: { code: code, handler: app.handler, runtime: python3.13, renamed-from: settle, on: [{ queue: jobs }], uses: { rows: get } }\n",
        "  jobs: { type: queue, renamed-from: work }\n  rows: { type: table, key: { partition: { id: string } }, renamed-from: lines }\n",
        "kubernetes",
    );
    assert!(text.contains("topics: [shop-work]"), "{text}");
    assert!(text.contains("consumerGroup: shop-work.consumers"), "{text}");
    assert!(text.contains("value: lines\n"), "{text}");
    assert!(!text.contains("shop-jobs") && !text.contains("shop-pay"), "{text}");
}

/// Every kind of node and trigger, renamed: the letter at the end of each name is another.
const RENAMED: (&str, &str) = (
    "  work-b:
    { code: code, handler: app.handler, runtime: python3.13, renamed-from: work-a, scaling: { warm: 1 }, network: private,
      dead-letter: { to: lost-b }, uses: { rows-b: get, key-b: get }, emits: [placed], on: [
        { http: { api: web-b, route: GET / } }, { queue: jobs-b }, { topic: news-b }, { event: placed }, { schedule: 5m },
        { object: { bucket: files-b, created: {} } } ] }
",
    r#"  web-b: { type: api, renamed-from: web-a, cors: { origins: ["https://a.example"] }, auth: { jwt: { issuer: "https://id.example/", audience: [a] } } }
  jobs-b: { type: queue, renamed-from: jobs-a, dead-letter: { after: 3 } }
  lost-b: { type: queue, renamed-from: lost-a, manual: true }
  news-b: { type: topic, renamed-from: news-a }
  mesh-b: { type: bus, renamed-from: mesh-a, default: true }
  files-b: { type: bucket, renamed-from: files-a, versioned: true, cors: { origins: ["https://a.example"] } }
  rows-b: { type: table, key: { partition: { id: string } }, renamed-from: rows-a }
  key-b: { type: secret, renamed-from: key-a }
  alarms-b: { type: topic, renamed-from: alarms-a, external-subscribers: true }
events: { placed: {} }
alarms: { notify: alarms-b }
"#,
);

#[test]
fn all_that_hangs_on_a_renamed_node_is_moved_with_its_names() {
    let text = emitted(RENAMED.0, RENAMED.1, "aws");
    let text = text.split("resource \"").skip(1).collect::<Vec<_>>();
    let mut types = std::collections::BTreeSet::new();
    for block in &text {
        let (kind, rest) = block.split_once("\" \"").expect("a type");
        let id = rest.split('"').next().expect("a name");
        let named = rest.lines().take_while(|line| *line != "}").filter(|line| {
            let key = line.trim_start();
            line.starts_with("  ")
                && !line.starts_with("   ")
                && (key.contains("name ") || key.starts_with("statement_id"))
        });
        let kept = named.filter(|line| !line.contains("aws_")).all(|line| !line.contains("-b") && !line.contains("_b"));
        assert!(kept, "{kind}.{id} gets another name:\n{block}");
        let is_moved = text.iter().any(|block| block.lines().any(|line| line == format!("  to   = {kind}.{id}")));
        assert!(is_moved || id == "app", "{kind}.{id} is not moved");
        types.insert(kind);
    }
    assert!(types.len() > 30, "{types:?}");
}

#[test]
fn objects_are_filtered_by_the_letters_of_their_names() {
    let text = emitted(
        "  filed: { code: code, handler: app.handler, runtime: python3.13, on: [{ object: { bucket: files, created: { prefix: a*b/, suffix: '\\.png' } } }] }\n",
        "  files: { type: bucket }\n",
        "aws",
    );
    assert!(text.contains(r#"wildcard = "a\\*b/*\\\\.png""#), "{text}");
}
