//! Rights of functions that nothing runs.

use serde_json::Value;

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind};
use crate::model::{Function, Id, Model};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "idle-grant",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that nothing runs holds rights.",
    doc: include_str!("idle_grant.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let name = model.functions[id].head.name();
    if facts.is_run(id) || is_named_natively(model, name) {
        return;
    }
    let Some(node) = graph.id(id) else { return };
    let mut rights: Vec<&Edge> = graph.outgoing(node).filter(|edge| is_right(&edge.kind)).collect();
    rights.sort_by_key(|edge| edge.span);
    let Some((first, others)) = rights.split_first() else { return };
    let mut finding = RULE
        .finding(first.span, format!("`{name}` holds rights, and nothing runs it"))
        .label("granted for nothing")
        .help(format!("give `{name}` a trigger in `on`, let something that runs call it, or remove it"));
    for edge in others.iter().take(RELATED) {
        finding = finding.related(edge.span, "and this");
    }
    // Who calls it is run by nothing either.
    for edge in graph.incoming(node).filter(|edge| matches!(edge.kind, EdgeKind::Calls(_)) && edge.from != node) {
        finding = finding.related(edge.span, format!("`{}` calls it, and is run by nothing", graph.title(edge.from)));
    }
    out.push(finding);
}

/// Whether an edge from a function is a right that it holds.
const fn is_right(kind: &EdgeKind) -> bool {
    match kind {
        EdgeKind::Accesses { .. } | EdgeKind::Emits { .. } | EdgeKind::Calls(_) | EdgeKind::NativeGrant { .. } => true,
        EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates => false,
    }
}

/// Whether a native resource names the function, and so may run it in a way that only its platform knows.
fn is_named_natively(model: &Model, name: &str) -> bool {
    let underscored = name.replace('-', "_");
    let is_named = |text: &str| has_word(text, name) || has_word(text, &underscored);
    model.native.values().any(|native| native.resources.values().any(|value| any_text(value, &is_named)))
}

fn any_text(value: &Value, holds: &impl Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => holds(text),
        Value::Array(items) => items.iter().any(|item| any_text(item, holds)),
        Value::Object(map) => map.iter().any(|(key, value)| holds(key) || any_text(value, holds)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

/// Whether a name stands in a text for itself, not as a part of a longer one.
fn has_word(text: &str, word: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    text.match_indices(word).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + word.len()..).and_then(|behind| behind.chars().next());
        !before.is_some_and(is_part) && !behind.is_some_and(is_part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_word_of_its_own() {
        assert!(has_word("${module.sweep.arn}", "sweep"));
        assert!(has_word("sweep", "sweep"));
        assert!(!has_word("sweep-all", "sweep"));
        assert!(!has_word("${x.no_sweep.arn}", "sweep"));
        assert!(has_word("sweeper and sweep", "sweep"));
    }
}
