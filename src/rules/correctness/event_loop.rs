//! Circles that nothing ends.

use crate::analysis::{Circle, Facts};
use crate::base::Span;
use crate::diag::{Finding, Findings, Severity};
use crate::graph::{Edge, EdgeKind, NodeRef, Runner};
use crate::model::AnyResource;
use crate::rules::{Category, Check, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "event-loop",
    category: Category::Correctness,
    level: Severity::Error,
    since: "0.1.0",
    summary: "Functions cause each other again and again, and nothing ends it.",
    doc: include_str!("event_loop.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

/// Most places of a circle that are shown.
const SHOWN: usize = 24;

/// Most functions of a circle that are named in one sentence.
const NAMED: usize = 4;

fn check(facts: &Facts, out: &mut Findings) {
    for circle in facts.circles().iter().filter(|circle| !circle.is_filtered && is_run(facts, circle)) {
        let names = names(facts, circle);
        let whom = if names.len() == 1 { "itself" } else { "each other" };
        let verb = if names.len() == 1 { "causes" } else { "cause" };
        let message = format!("{} {verb} {whom} again and again, and nothing ends it", told(&names));
        let start = start(facts, circle);
        let finding = RULE.finding(place(facts, circle, start), message).help(help(facts, circle));
        out.push(shown(facts, circle, start, finding));
    }
}

/// Whether anything ever runs one of them; who only call each other never begin.
fn is_run(facts: &Facts, circle: &Circle) -> bool {
    let graph = facts.graph();
    circle.edges.iter().any(|edge| match graph.runner(graph.edge(*edge).from) {
        Some(Runner::Function(id)) => facts.is_run(id),
        Some(Runner::Workflow(_)) => true,
        None => false,
    })
}

/// The functions and workflows of a circle, in its order.
pub(super) fn names(facts: &Facts, circle: &Circle) -> Vec<String> {
    let graph = facts.graph();
    let runners = circle.edges.iter().map(|edge| graph.edge(*edge).from).filter(|node| graph.runner(*node).is_some());
    runners.map(|node| graph.title(node)).collect()
}

/// Names in a sentence; of many, the first.
pub(super) fn told(names: &[String]) -> String {
    match names.get(..NAMED).filter(|_| names.len() > NAMED) {
        Some(first) => {
            let first: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
            format!("{} and {} more", first.join(", "), names.len() - NAMED)
        }
        None => listed(names),
    }
}

/// Where the circle is best cut: at the trigger of the first of its functions that has one in it, else at a call.
pub(super) fn start(facts: &Facts, circle: &Circle) -> usize {
    let graph = facts.graph();
    let places = circle.edges.iter().enumerate().map(|(at, edge)| (at, graph.edge(*edge)));
    let triggers = places.filter(|(_, edge)| matches!(edge.kind, EdgeKind::Trigger { .. }));
    triggers.min_by_key(|(_, edge)| edge.to).map_or(0, |(at, _)| at)
}

/// The text that made the edge at a place of a circle.
pub(super) fn place(facts: &Facts, circle: &Circle, at: usize) -> Span {
    let edge = circle.edges.get(at).map(|edge| facts.graph().edge(*edge));
    edge.map_or(facts.model().app.span, |edge| edge.span)
}

/// Shows the whole circle, from one of its places round to it.
pub(super) fn shown(facts: &Facts, circle: &Circle, start: usize, finding: Finding) -> Finding {
    let graph = facts.graph();
    let round = circle.edges.iter().cycle().skip(start).take(circle.edges.len().min(SHOWN));
    round.enumerate().fold(finding, |finding, (at, edge)| {
        let edge = graph.edge(*edge);
        let text = happens(edge, &graph.title(edge.from), &graph.title(edge.to));
        if at == 0 { finding.label(text) } else { finding.related(edge.span, text) }
    })
}

fn happens(edge: &Edge, from: &str, to: &str) -> String {
    match &edge.kind {
        EdgeKind::Trigger { .. } => format!("`{from}` runs `{to}`"),
        EdgeKind::Emits { .. } => format!("`{from}` emits `{to}`"),
        EdgeKind::Accesses { verb, .. } => format!("`{from}` does `{verb}` on `{to}`"),
        EdgeKind::Compensates => format!("`{from}` is undone by `{to}`"),
        EdgeKind::Calls(_)
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::DeadLetters
        | EdgeKind::NativeGrant { .. } => format!("`{from}` calls `{to}`"),
    }
}

fn help(facts: &Facts, circle: &Circle) -> String {
    let graph = facts.graph();
    let ends = || circle.edges.iter().map(|edge| graph.node(graph.edge(*edge).from).of);
    let allowed = "or say what ends it with `allow-loop: { hops: 3, reason: … }` on the trigger";
    if ends().any(|of| matches!(of, NodeRef::Resource(AnyResource::Bucket(_)))) {
        return format!("write under another prefix than is read, as in `put: {{ prefix: done/ }}`, {allowed}");
    }
    if ends().any(|of| matches!(of, NodeRef::Event(_) | NodeRef::Resource(_))) {
        return format!("send something else than what was received, test it with `where`, {allowed}");
    }
    "let the called function answer instead of calling back, or start it from a queue".to_owned()
}
