//! Every built-in target loads, its templates compile, and it has a word on every feature of the language.

use isobar::base::Sources;
use isobar::catalog::{FEATURES, Target, builtin, builtin_ids};

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
