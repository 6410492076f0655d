//! Failures that come back to where they failed.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind, Graph, NodeId};
use crate::model::{CallMode, TriggerKind, Verb};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "dead-letter-loop",
    category: Category::Delivery,
    level: Severity::Error,
    since: "0.1.0",
    summary: "What is set aside leads back to where it failed, without a bound.",
    doc: include_str!("dead_letter_loop.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let graph = facts.graph();
    for circle in graph.cycles(|edge| goes_round(graph, edge)) {
        let inside = |edge: &&Edge| circle.binary_search(&edge.to).is_ok() && goes_round(graph, edge);
        let edges = circle.iter().flat_map(|node| graph.outgoing(*node)).filter(inside);
        let (aside, others): (Vec<&Edge>, Vec<&Edge>) = edges.partition(|edge| edge.kind == EdgeKind::DeadLetters);
        let aside: Vec<&Edge> = aside.into_iter().filter(|edge| takes(graph, edge, &others)).collect();
        // A circle without a dead letter is a loop of another kind.
        let Some((first, more)) = aside.split_first() else { continue };
        let (name, to) = (graph.title(first.from), graph.title(first.to));
        let mut finding = RULE
            .finding(first.span, format!("what `{name}` sets aside in `{to}` comes back to it without end"))
            .label("a message that always fails goes round for ever")
            .help(help(graph, &circle, &others));
        for edge in more.iter().chain(&others).take(RELATED) {
            finding = finding.related(edge.span, "goes on by this");
        }
        out.push(finding);
    }
}

/// Whether an edge is part of a loop that nobody meant.
fn goes_round(graph: &Graph, edge: &Edge) -> bool {
    let is_meant = graph.trigger(edge).is_some_and(|trigger| trigger.allow_loop.is_some());
    edge.kind.carries() && !is_meant && !matches!(edge.kind, EdgeKind::Accesses { verb: Verb::Redrive, .. })
}

/// Whether a dead letter takes what goes round. That of a function takes nothing that it read from a queue: the queue has
/// its own.
fn takes(graph: &Graph, aside: &Edge, round: &[&Edge]) -> bool {
    if graph.runner(aside.from).is_none() {
        return true;
    }
    round.iter().filter(|edge| edge.to == aside.from).any(|edge| match edge.kind {
        EdgeKind::Trigger { .. } => graph.trigger(edge).is_some_and(|trigger| trigger.kind() != TriggerKind::Queue),
        EdgeKind::Calls(mode) => mode == CallMode::Async,
        EdgeKind::Resumes
        | EdgeKind::Emits { .. }
        | EdgeKind::Routes
        | EdgeKind::Accesses { .. }
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates
        | EdgeKind::NativeGrant { .. } => false,
    })
}

fn help(graph: &Graph, circle: &[NodeId], others: &[&Edge]) -> String {
    let reader = others.iter().find(|edge| matches!(edge.kind, EdgeKind::Trigger { .. }));
    if let Some(reader) = reader.map(|edge| graph.title(edge.to)) {
        return format!(
            "let `{reader}` count the rounds and say so on its trigger: `allow-loop: {{ hops: 3, reason: … }}`"
        );
    }
    let last = circle.last().map(|node| graph.title(*node)).unwrap_or_default();
    format!("let people read `{last}` with `manual: true`, and remove its `dead-letter`")
}
