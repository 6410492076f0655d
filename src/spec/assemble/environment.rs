//! Chooses the environment and lays what it changes over the tree: mappings merge, everything else replaces,
//! `null` removes what is there.

use std::collections::HashMap;

use super::limited::Limited;
use crate::base::{Name, Span, Spanned, nearest};
use crate::diag::Finding;
use crate::spec::application::SECTIONS;
use crate::spec::declare::unknown_key;
use crate::yaml::{Entry, Node, Scalar};

/// The tree of one environment.
pub(super) struct Chosen {
    pub(super) tree: Node,
    pub(super) name: Name,
    pub(super) protected: bool,
    pub(super) declared: Vec<Spanned<Name>>,
}

/// The environment without `--env`; it need not be declared.
const DEFAULT: &str = "default";
/// What every environment says alike, because it says how the files are read.
const FIXED: [&str; 3] = ["isobar", "include", "environments"];

/// Whether data outlives mistakes.
const PROTECTED: &str = "protected";

/// A key that has a meaning in an environment, or a refusal of its own where the environment is chosen.
fn may_differ(key: &str) -> bool {
    key == PROTECTED || SECTIONS.contains(&key) || FIXED.contains(&key)
}

/// Lays the environment asked for over the joined tree.
pub(super) fn apply(tree: &Node, asked: Option<&str>, findings: &mut Limited<'_>) -> Chosen {
    let environments = tree.entry("environments");
    let declared = environments.map(|e| declared(&e.value, findings)).unwrap_or_default();
    let asked = asked.unwrap_or(DEFAULT);
    let found = declared.iter().find(|(name, _)| name.value.as_str() == asked);
    let found = found.map(|(name, changes)| (name.value.clone(), changes.clone()));
    let names: Vec<Spanned<Name>> = declared.into_iter().map(|(name, _)| name).collect();
    if found.is_none() && asked != DEFAULT {
        let span = environments.map_or(Span::start_of(tree.span.file), |e| e.key.span);
        findings.push(unknown(asked, &names, span));
    }
    let mut chosen = Chosen { tree: tree.clone(), name: default_name(), protected: false, declared: names };
    if let Some((name, changes)) = found {
        chosen.name = name;
        chosen.protected = changes.get(PROTECTED).is_some_and(|node| boolean(node, findings));
        chosen.tree = overlay(tree, &without_fixed(&changes, asked, findings), &mut Vec::new(), findings);
    }
    chosen
}

#[expect(clippy::expect_used, reason = "the word is a name, and a test reads it")]
fn default_name() -> Name {
    Name::parse(DEFAULT).expect("`default` is a name")
}

fn declared(environments: &Node, findings: &mut Limited<'_>) -> Vec<(Spanned<Name>, Node)> {
    if environments.as_map().is_none() && !environments.is_null() {
        let message = format!("`environments` is {}, not a mapping", environments.describe());
        findings.push(
            Finding::error("environment-shape", environments.span, message)
                .help("write `environments: { prod: { protected: true } }`"),
        );
    }
    let mut declared = Vec::new();
    for Entry { key, value } in environments.entries() {
        if value.as_map().is_none() && !value.is_null() {
            let message = format!("the environment `{}` is {}, not a mapping", key.value, value.describe());
            let help = "write what differs in it, such as `{ protected: true }`";
            findings.push(Finding::error("environment-shape", value.span, message).help(help));
            continue;
        }
        for entry in value.entries().filter(|entry| !may_differ(&entry.key.value)) {
            let known: Vec<&'static str> = std::iter::once(PROTECTED).chain(SECTIONS).collect();
            findings.push(unknown_key("an environment", &known, &entry.key.value, entry.key.span));
        }
        match Name::parse(&key.value) {
            Ok(name) => declared.push((Spanned::new(name, key.span), value.clone())),
            Err(error) => {
                let message = format!("`{}` is no name of an environment: {error}", key.value);
                findings.push(Finding::error("invalid-name", key.span, message).help("write a name such as `prod`"));
            }
        }
    }
    declared
}

fn unknown(asked: &str, names: &[Spanned<Name>], span: Span) -> Finding {
    let finding = Finding::error("unknown-environment", span, format!("there is no environment `{asked}`"));
    let listed: Vec<String> = names.iter().take(20).map(|n| format!("`{}`", n.value)).collect();
    match nearest(asked, names.iter().map(|n| n.value.as_str())) {
        Some(known) => finding.help(format!("did you mean `{known}`? There are {}", listed.join(", "))),
        None if listed.is_empty() => finding.help("declare it under `environments:`, or leave `--env` out"),
        None => finding.help(format!("there are {}", listed.join(", "))),
    }
}

fn boolean(node: &Node, findings: &mut Limited<'_>) -> bool {
    node.as_scalar().and_then(Scalar::as_bool).unwrap_or_else(|| {
        let message = format!("`protected` is {}, not `true` or `false`", node.describe());
        findings.push(Finding::error("environment-shape", node.span, message).help("write `protected: true`"));
        false
    })
}

/// The changes that may be laid over the tree.
fn without_fixed(changes: &Node, environment: &str, findings: &mut Limited<'_>) -> Node {
    let mut kept = Vec::new();
    for entry in changes.entries() {
        let key = &*entry.key.value;
        if FIXED.contains(&key) {
            let message = format!("`{key}` cannot differ in the environment `{environment}`");
            findings.push(Finding::error("overlay-key", entry.key.span, message).help("write it at the top level"));
        } else if SECTIONS.contains(&key) {
            kept.push(entry.clone());
        }
    }
    Node::map(kept, changes.span)
}

/// Lays `over` upon `base`. Depth is bounded by that of the trees. A null that has nothing to remove stays as a value,
/// because a null says something in some places (`get: null` grants the whole resource).
fn overlay<'a>(base: &Node, over: &'a Node, path: &mut Vec<&'a str>, findings: &mut Limited<'_>) -> Node {
    let (Some(old), Some(new)) = (base.as_map(), over.as_map()) else { return over.clone() };
    let places: HashMap<&str, usize> = old.iter().enumerate().map(|(i, e)| (&*e.key.value, i)).collect();
    let mut entries: Vec<Option<Entry>> = old.iter().cloned().map(Some).collect();
    for change in new {
        let Some(slot) = places.get(&*change.key.value).and_then(|at| entries.get_mut(*at)) else {
            entries.push(Some(change.clone()));
            continue;
        };
        if change.value.is_null() {
            *slot = None;
        } else if let Some(entry) = slot {
            if let (["resources", name], "type") = (path.as_slice(), &*change.key.value)
                && change.value.as_str() != entry.value.as_str()
            {
                findings.push(retyped(name, entry, change));
                continue;
            }
            path.push(&change.key.value);
            entry.value = overlay(&entry.value, &change.value, path, findings);
            path.pop();
        }
    }
    Node::map(entries.into_iter().flatten().collect(), base.span)
}

fn retyped(name: &str, entry: &Entry, change: &Entry) -> Finding {
    let text = |node: &Node| node.as_str().map_or_else(|| node.describe().to_owned(), |text| format!("`{text}`"));
    let message = format!("an environment turns `{name}` from {} into {}", text(&entry.value), text(&change.value));
    Finding::error("overlay-type", change.value.span, message)
        .related(entry.value.span, "its type")
        .help("give the resource of the other type a name of its own")
}
