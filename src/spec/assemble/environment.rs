//! Chooses the environment and lays what it changes over the tree: mappings merge, everything else replaces,
//! `null` removes what is there.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::limited::Limited;
use super::mend::mend;
use crate::base::{Name, Span, Spanned, nearest};
use crate::diag::Finding;
use crate::spec::EnvironmentSpec;
use crate::spec::application::ENVIRONMENT_KEYS;
use crate::spec::fields::unknown_key;
use crate::spec::parse::Parse as _;
use crate::yaml::{Entry, Node, Scalar};

/// The tree of one environment.
pub(super) struct Chosen {
    pub(super) tree: Node,
    pub(super) name: Name,
    pub(super) protected: bool,
    pub(super) declared: Vec<Spanned<Name>>,
    /// Nulls that have nothing to remove.
    pub(super) removed: BTreeSet<Span>,
    /// Those that were not asked for.
    pub(super) others: Vec<Other>,
}

/// An environment that was not asked for, laid over what it changes.
pub(super) struct Other {
    pub(super) tree: Node,
    pub(super) name: Name,
    /// Nulls that have nothing to remove.
    pub(super) removed: BTreeSet<Span>,
    changes: Node,
}

impl Other {
    /// The text of its changes.
    pub(super) fn own(&self) -> Vec<Span> {
        let mut own = Vec::new();
        let mut left: Vec<&Node> = vec![&self.changes];
        while let Some(node) = left.pop() {
            own.push(node.span);
            own.extend(node.entries().map(|entry| entry.key.span));
            left.extend(node.entries().map(|entry| &entry.value).chain(node.items()));
        }
        own
    }
}

/// The environment without `--env`; it need not be declared.
const DEFAULT: &str = "default";
/// What every environment says alike, because it says how the files are read.
const FIXED: [&str; 3] = ["isobar", "include", "environments"];

/// Sections of nodes by name.
const NODES: [&str; 4] = ["events", "resources", "functions", "workflows"];

/// Whether data outlives mistakes.
const PROTECTED: &str = "protected";

/// A key that has a meaning in an environment, or a refusal of its own where the environment is chosen.
fn may_differ(key: &str) -> bool {
    ENVIRONMENT_KEYS.contains(&key) || FIXED.contains(&key)
}

/// Lays the environment asked for over the joined tree.
pub(super) fn apply(tree: &Node, asked: Option<&str>, findings: &mut Limited<'_>) -> Chosen {
    let environments = tree.entry("environments");
    let declared = environments.map(|e| declared(&e.value, findings)).unwrap_or_default();
    let asked = asked.unwrap_or(DEFAULT);
    let names: Vec<Spanned<Name>> = declared.iter().map(|(name, _)| name.clone()).collect();
    if !names.iter().any(|name| name.value.as_str() == asked) && asked != DEFAULT {
        let span = environments.map_or(Span::start_of(tree.span.file), |e| e.key.span);
        findings.push(unknown(asked, &names, span));
    }
    let mut chosen = Chosen {
        tree: tree.clone(),
        name: default_name(),
        protected: false,
        declared: names,
        removed: BTreeSet::new(),
        others: Vec::new(),
    };
    for (Spanned { value: name, .. }, written) in declared {
        let protected = written.get(PROTECTED).is_some_and(|node| boolean(node, findings));
        let changes = without_fixed(&written, name.as_str(), findings);
        let mut overlay = Overlay { path: Vec::new(), removed: BTreeSet::new(), findings: &mut *findings };
        if name.as_str() == asked {
            chosen.tree = overlay.lay(tree, &changes);
            (chosen.name, chosen.protected, chosen.removed) = (name, protected, overlay.removed);
        } else {
            let tree = overlay.lay(&touched(tree, &changes), &changes);
            let removed = overlay.removed;
            chosen.others.push(Other { tree, name, removed, changes });
        }
    }
    chosen
}

/// What changes touch: the nodes that they name, and the sections that hold no nodes. The rest of an application of
/// thousands of functions need not be read again for each environment.
fn touched(tree: &Node, changes: &Node) -> Node {
    let kept = |entry: &Entry| {
        let key = &*entry.key.value;
        let change = changes.get(key);
        if matches!(key, "isobar" | "app" | "vars") || (change.is_some() && !NODES.contains(&key)) {
            return Some(entry.clone());
        }
        let named: HashSet<&str> = change?.entries().map(|e| &*e.key.value).collect();
        let entries = entry.value.entries().filter(|e| named.contains(&*e.key.value)).cloned();
        Some(Entry { key: entry.key.clone(), value: Node::map(entries.collect(), entry.value.span) })
    };
    Node::map(tree.entries().filter_map(kept).collect(), tree.span)
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
        let value = mend(value, EnvironmentSpec::WHAT, &ENVIRONMENT_KEYS, findings);
        for entry in value.entries().filter(|entry| !may_differ(&entry.key.value)) {
            findings.push(unknown_key(EnvironmentSpec::WHAT, &ENVIRONMENT_KEYS, &entry.key.value, entry.key.span));
        }
        match Name::parse(&key.value) {
            Ok(name) => declared.push((Spanned::new(name, key.span), value)),
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
        Some(known) => finding.help(format!("did you mean `{known}`? there are {}", listed.join(", "))),
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
        } else if ENVIRONMENT_KEYS.contains(&key) && key != PROTECTED {
            kept.push(entry.clone());
        }
    }
    Node::map(kept, changes.span)
}

/// What an environment changes, on its way over the tree.
struct Overlay<'a, 'f, 'l> {
    /// The keys that lead to where it is.
    path: Vec<&'a str>,
    removed: BTreeSet<Span>,
    findings: &'f mut Limited<'l>,
}

impl<'a> Overlay<'a, '_, '_> {
    /// Lays `over` upon `base`. Depth is bounded by that of the trees. A null that has nothing to remove stays as a value,
    /// because a null says something in some places (`get: null` grants the whole resource); in the others it is absent.
    fn lay(&mut self, base: &Node, over: &'a Node) -> Node {
        let (Some(old), Some(new)) = (base.as_map(), over.as_map()) else {
            self.add(over);
            return over.clone();
        };
        let places: HashMap<&str, usize> = old.iter().enumerate().map(|(i, e)| (&*e.key.value, i)).collect();
        let mut entries: Vec<Option<Entry>> = old.iter().cloned().map(Some).collect();
        for change in new {
            self.path.push(&change.key.value);
            match places.get(&*change.key.value).and_then(|at| entries.get_mut(*at)) {
                None => {
                    self.add(&change.value);
                    entries.push(Some(change.clone()));
                }
                Some(slot) if change.value.is_null() => *slot = None,
                Some(Some(entry)) => self.replace(entry, change),
                Some(None) => {}
            }
            self.path.pop();
        }
        Node::map(entries.into_iter().flatten().collect(), base.span)
    }

    /// Lays a change upon the entry of its key.
    fn replace(&mut self, entry: &mut Entry, change: &'a Entry) {
        if let ["resources", name, "type"] = self.path.as_slice()
            && change.value.as_str() != entry.value.as_str()
        {
            self.findings.push(retyped(name, entry, change));
        } else {
            entry.value = self.lay(&entry.value, &change.value);
        }
    }

    /// Notes what is null in a value that stands where nothing was. A whole node that is not there is a slip, and a target
    /// without options or a variable without a value is something.
    fn add(&mut self, value: &'a Node) {
        let removes = match self.path.as_slice() {
            ["targets" | "vars", ..] => false,
            [section, _] => !NODES.contains(section),
            _ => true,
        };
        if value.is_null() && removes {
            self.removed.insert(value.span);
        }
        for entry in value.entries() {
            self.path.push(&entry.key.value);
            self.add(&entry.value);
            self.path.pop();
        }
    }
}

fn retyped(name: &str, entry: &Entry, change: &Entry) -> Finding {
    let text = |node: &Node| node.as_str().map_or_else(|| node.describe().to_owned(), |text| format!("`{text}`"));
    let message = format!("an environment turns `{name}` from {} into {}", text(&entry.value), text(&change.value));
    Finding::error("overlay-type", change.value.span, message)
        .related(entry.value.span, "its type")
        .help("give the resource of the other type a name of its own")
}
