//! What a plain comparison of the manifests says, object by object, for the same edits, as `kubectl diff` would. It shares no
//! code with what is compared.

use std::collections::{BTreeMap, BTreeSet};

use isobar::diff::{Change, Class};
use isobar::emit::Artifact;
use serde::Deserialize as _;

use crate::edits::EDITS;
use crate::support::{changes, compile, edited, example, target, texts};

/// All objects of an output, by what `kubectl` calls them.
fn objects(artifacts: &[Artifact]) -> BTreeMap<String, serde_yaml::Value> {
    let mut out = BTreeMap::new();
    for file in texts(artifacts).into_iter().filter(|file| file.text.contains("\nkind: ")) {
        for document in serde_yaml::Deserializer::from_str(file.text) {
            let mut object = serde_yaml::Value::deserialize(document).expect("YAML");
            // Who may use a component: the order, which follows the names of functions, says nothing.
            if let Some(scopes) = object.get_mut("scopes").and_then(serde_yaml::Value::as_sequence_mut) {
                scopes.sort_by_key(|scope| scope.as_str().map(str::to_owned));
            }
            let text = |value: &serde_yaml::Value| value.as_str().unwrap_or_default().to_owned();
            let kind = text(&object["kind"]);
            if kind == "Kustomization" {
                continue;
            }
            let (version, metadata) = (text(&object["apiVersion"]), &object["metadata"]);
            let group = version.rsplit_once('/').map_or("", |(group, _)| group);
            let key = format!("{kind}.{group} {}/{}", text(&metadata["namespace"]), text(&metadata["name"]));
            assert!(out.insert(key.clone(), object).is_none(), "{key} stands twice");
        }
    }
    out
}

/// How many are made, changed in place or anew, and deleted.
fn counted(changes: &[Change]) -> (usize, usize, usize) {
    let is_anew = |change: &&Change| change.message.contains("made anew");
    let of = |class: Class| changes.iter().filter(move |change| change.class == class);
    let anew = of(Class::Replaced).count() + of(Class::DataLoss).filter(is_anew).count();
    let lost = of(Class::DataLoss).filter(|change| !is_anew(change)).count();
    (of(Class::Added).count(), of(Class::Changed).count() + anew, of(Class::Destroyed).count() + lost)
}

#[test]
fn what_is_told_is_what_a_plain_comparison_finds() {
    let kubernetes = target("kubernetes");
    let before: BTreeMap<&str, Vec<Artifact>> = EDITS
        .iter()
        .map(|(_, name, _)| *name)
        .collect::<BTreeSet<_>>()
        .into_iter()
        .map(|n| (n, compile(&example(n), &kubernetes)))
        .collect();
    let mut total = (0, 0, 0);
    for (name, example_name, edits) in EDITS {
        let (old, new) = (&before[example_name], compile(&edited(&example(example_name), edits), &kubernetes));
        let told = changes(old, &new, &kubernetes, &kubernetes.manifest.lifecycle);
        let (a, b) = (objects(old), objects(&new));
        let made = b.keys().filter(|key| !a.contains_key(*key)).count();
        let gone = a.keys().filter(|key| !b.contains_key(*key)).count();
        let changed: Vec<&String> = a.keys().filter(|key| b.get(*key).is_some_and(|other| *other != a[*key])).collect();
        for key in &changed {
            let (kind, place) = key.split_once(' ').expect("a key");
            let address = format!("{}/{}", kind.split_once('.').expect("a group").0, place.trim_start_matches('/'));
            assert!(told.iter().any(|change| change.subject == address), "{name}: {address}");
        }
        assert_eq!(counted(&told), (made, changed.len(), gone), "{name}: {changed:#?} {told:#?}");
        total = (total.0 + made, total.1 + changed.len(), total.2 + gone);
    }
    println!("{} edits: {total:?} objects made, changed and deleted", EDITS.len());
    assert!(total.0 > 10 && total.1 > 10 && total.2 > 10, "{total:?}");
}
