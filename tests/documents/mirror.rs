//! A target that does everything and shows only the nodes: what comes of a plan when nothing is refused.

use std::fmt::Write as _;

use isobar::catalog::{FEATURES, TargetFiles};
use isobar::model::{ResourceKind, ScopeKind, TriggerKind, Verb};

/// Kinds of views that are neither resources nor triggers.
const OTHERS: &[&str] = &["application", "function", "package", "native", "override", "workflow"];

/// The files of the target.
pub(crate) fn files() -> TargetFiles {
    let mut files = TargetFiles::new();
    files.insert("target.yaml".to_owned(), manifest().into_bytes());
    files.insert("permissions.yaml".to_owned(), permissions().into_bytes());
    files.insert("templates/node.yaml.hbs".to_owned(), b"- {{yaml node}}\n".to_vec());
    let list = b"{{#each files}}\n- {{yaml this}}\n{{/each}}\n";
    files.insert("templates/files.yaml.hbs".to_owned(), list.to_vec());
    files
}

fn manifest() -> String {
    let mut out = String::from("id: mirror\ntitle: Mirror\nformat: yaml\nunits:\n");
    let resources = ResourceKind::ALL.iter().map(|k| k.as_str().to_owned());
    let triggers = TriggerKind::ALL.iter().map(|k| format!("trigger.{k}"));
    let others = OTHERS.iter().map(|k| (*k).to_owned());
    for kind in resources.chain(triggers).chain(others) {
        writeln!(out, "  - {{ for: {kind}, template: node.yaml, file: nodes.yaml }}").unwrap();
    }
    out += "  - { for: output, template: files.yaml, file: files.yaml }\n";
    out += "runtimes: { python3.13: { native: p }, container: { native: c } }\n";
    out += "adapters: { python: { from: adapter, entry: adapter.run } }\n";
    out += "documents: [{ system: rights, for: function, characters: 100, several: { characters: 400, count: 99 }, \
            overhead: 10, reference: 10, fact: made up }]\n";
    out += "delivery:\n";
    for kind in TriggerKind::ALL {
        writeln!(out, "  {kind}: {{ receives: function, invokes: platform, sets-aside: trigger }}").unwrap();
    }
    out += "capabilities:\n";
    for (feature, _) in FEATURES {
        writeln!(out, "  {feature}: native").unwrap();
    }
    out
}

fn permissions() -> String {
    let verbs: Vec<&str> = Verb::ALL.iter().map(|v| v.as_str()).collect();
    let scopes: Vec<&str> = ScopeKind::ALL.iter().map(|s| s.as_str()).collect();
    let kinds = ResourceKind::ALL.iter().map(|k| k.as_str()).chain(["function", "workflow"]);
    let mut out = String::new();
    for kind in kinds {
        for identity in ["function", "trigger", "platform"] {
            writeln!(
                out,
                "- on: {kind}\n  verb: [{}]\n  scope: [{}]\n  identity: {identity}\n  \
                 grants: [{{ system: rights, actions: [act], resources: [\"{{to.name}}\"] }}]\n  source: made up",
                verbs.join(", "),
                scopes.join(", ")
            )
            .unwrap();
        }
    }
    out
}
