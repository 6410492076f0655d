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
    let head = "isobar: 1\napp: shop\ntargets: { aws: { region: eu-central-1 }, kubernetes: { namespace: shop } }\n";
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

#[test]
fn objects_are_filtered_by_the_letters_of_their_names() {
    let text = emitted(
        "  filed: { code: code, handler: app.handler, runtime: python3.13, on: [{ object: { bucket: files, created: { prefix: a*b/, suffix: '\\.png' } } }] }\n",
        "  files: { type: bucket }\n",
        "aws",
    );
    assert!(text.contains(r#"wildcard = "a\\*b/*\\\\.png""#), "{text}");
}
