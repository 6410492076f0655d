//! An order that there was, and that nobody behind needs.

use super::lost_order::{began, losses};
use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "order-given-up",
    category: Category::Delivery,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Something that comes in order goes on by a channel that keeps none, and nobody behind asks for one.",
    doc: include_str!("order_given_up.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let graph = facts.graph();
    let all: Vec<_> = facts.judged().iter().map(|on| (on, losses(facts, on))).collect();
    let mut hops: Vec<_> = all.iter().flat_map(|(_, losses)| losses.keys().copied()).collect();
    hops.sort_unstable();
    hops.dedup();
    for hop in hops {
        // Where it is needed on another target, that is the finding.
        if all.iter().any(|(_, losses)| losses.get(&hop).is_some_and(|needed| !needed.is_empty())) {
            continue;
        }
        let targets: Vec<_> = all.iter().filter(|(_, losses)| losses.contains_key(&hop)).map(|(on, _)| *on).collect();
        let edge = graph.edge(hop);
        let Some(began) = targets.first().and_then(|on| began(facts, edge.from, on)) else { continue };
        let (source, to) = (graph.title(began.from), graph.title(edge.to));
        let mut finding = RULE
            .finding(edge.span, format!("the order of `{source}` ends on the way to `{to}`"))
            .label("no order is kept here")
            .related(began.span, "in order up to here")
            .help(format!("write `needs: order` at `{to}` if it needs one; nothing is wrong if it does not"));
        if targets.len() < facts.judged().len() {
            finding = targets.iter().fold(finding, |finding, on| finding.on(on.id()));
        }
        out.push(finding);
    }
}
