//! Circles that only a filter ends.

use super::event_loop::{names, place, shown, told};
use crate::analysis::{Circle, Facts};
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "filtered-loop",
    category: Category::Correctness,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Functions cause each other again unless a filter stops it.",
    doc: include_str!("filtered_loop.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for circle in facts.circles().iter().filter(|circle| circle.is_filtered) {
        let names = names(facts, circle);
        let whom = if names.len() == 1 { "itself" } else { "each other" };
        let message = format!("only a filter keeps {} from causing {whom} again and again", told(&names));
        let start = filter(facts, circle);
        let finding = RULE.finding(place(facts, circle, start), message).help(
            "see that what comes round fails the filter, and say so with `allow-loop: { hops: 3, reason: … }` on the trigger",
        );
        out.push(shown(facts, circle, start, finding));
    }
}

/// The trigger whose filter has to end it.
fn filter(facts: &Facts, circle: &Circle) -> usize {
    let graph = facts.graph();
    let is_filtered = |edge: &crate::graph::EdgeId| {
        graph
            .trigger(graph.edge(*edge))
            .is_some_and(|trigger| !trigger.conditions.is_empty() || trigger.kind() == crate::model::TriggerKind::Log)
    };
    circle.edges.iter().position(is_filtered).unwrap_or_default()
}
