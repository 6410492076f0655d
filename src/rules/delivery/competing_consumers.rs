//! Functions that take messages from each other.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::Edge;
use crate::model::{AnyResource, Id, Queue};
use crate::rules::{Category, Check, RELATED, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "competing-consumers",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Two functions take messages from one queue, so that each gets some of them.",
    doc: include_str!("competing_consumers.md"),
    by_target: false,
    checks: &[Check::Queue(check)],
};

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let graph = facts.graph();
    let consumers: Vec<&Edge> = graph.consumers(AnyResource::Queue(id)).collect();
    let [first, second, ..] = consumers.as_slice() else { return };
    let name = facts.model().queues[id].head.name();
    let mut names: Vec<String> = consumers.iter().map(|edge| graph.title(edge.to)).collect();
    names.dedup();
    let who = match names.as_slice() {
        [one] => format!("`{one}` takes from `{name}` twice"),
        [_, _] => format!("{} compete for the messages of `{name}`", listed(&names)),
        [..] => format!("{} functions compete for the messages of `{name}`", names.len()),
    };
    let mut finding = RULE
        .finding(second.span, format!("{who}: each message goes to one of them"))
        .related(first.span, "takes messages too")
        .help(format!(
            "let a topic take the place of `{name}`, with a queue for each of them behind it, or handle all in one function"
        ));
    for edge in consumers.iter().skip(2).take(RELATED) {
        finding = finding.related(edge.span, "takes messages too");
    }
    out.push(finding);
}
