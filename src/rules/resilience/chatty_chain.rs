//! Functions that wait for functions that wait.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::NodeRef;
use crate::graph::{Edge, EdgeKind};
use crate::model::{CallMode, Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "chatty-chain",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "More than three functions wait for each other in a row.",
    doc: include_str!("chatty_chain.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

/// Most functions in a row: one that answers, one that it asks, and one behind that.
const DEEPEST: u32 = 3;

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    // Who calls a chain that is too long already is not to blame for it.
    if facts.waiting(id) != DEEPEST + 1 {
        return;
    }
    let mut calls = Vec::new();
    let mut names = vec![facts.model().functions[id].head.name().to_owned()];
    let mut at = id;
    while let Some((edge, next)) = deepest(facts, at) {
        names.push(facts.model().functions[next].head.name().to_owned());
        calls.push(edge);
        at = next;
    }
    let Some((first, rest)) = calls.split_first() else { return };
    let (caller, last) = (names.first().cloned().unwrap_or_default(), names.last().cloned().unwrap_or_default());
    let message = format!("`{caller}` waits for a chain of {} calls down to `{last}`", calls.len());
    let mut finding = RULE
        .finding(first.span, message)
        .label("all of them run, and are paid, until the last has answered")
        .help("merge functions of the chain, or let one answer at once and go on from an event or a workflow");
    for (edge, pair) in rest.iter().zip(names.windows(2).skip(1)) {
        if let [from, to] = pair {
            finding = finding.related(edge.span, format!("`{from}` waits for `{to}`"));
        }
    }
    out.push(finding);
}

/// The call below which most functions wait.
fn deepest(facts: &Facts, id: Id<Function>) -> Option<(&Edge, Id<Function>)> {
    let graph = facts.graph();
    let edges = graph.id(id).into_iter().flat_map(|id| graph.outgoing(id));
    let calls = edges.filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Sync));
    let called = calls.filter_map(|edge| match graph.node(edge.to).of {
        NodeRef::Function(called) => Some((edge, called)),
        NodeRef::Event(_)
        | NodeRef::Resource(_)
        | NodeRef::Workflow(_)
        | NodeRef::Route(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => None,
    });
    // Each step is one less, so that a walk down ends.
    let below = facts.waiting(id).checked_sub(1)?;
    called.into_iter().find(|(_, called)| below > 0 && facts.waiting(*called) == below)
}
