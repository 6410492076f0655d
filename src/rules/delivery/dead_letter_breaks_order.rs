//! Messages that are set aside where each has to be handled before the next.

use super::needs_order;
use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::Runner;
use crate::model::{AnyResource, Id, Ordered, Queue};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "dead-letter-breaks-order",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "An ordered queue sets failing messages aside, and its consumer needs every message in order.",
    doc: include_str!("dead_letter_breaks_order.md"),
    by_target: false,
    checks: &[Check::Queue(check)],
};

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let queue = &model.queues[id];
    let Some(dead_letter) = queue.dead_letter.as_ref().filter(|_| queue.ordered.value != Ordered::No) else { return };
    let consumers = graph.consumers(AnyResource::Queue(id)).filter_map(|edge| match graph.runner(edge.to)? {
        Runner::Function(id) => Some(&model.functions[id]),
        Runner::Workflow(_) => None,
    });
    let mut needing = consumers.filter_map(|function| needs_order(function).map(|needs| (function, needs)));
    let Some((function, (needs, text))) = needing.next() else { return };
    let (name, consumer, after) = (queue.head.name(), function.head.name(), dead_letter.after.value);
    out.push(
        RULE.finding(
            dead_letter.after.span,
            format!(
                "`{name}` sets a message aside after {after} attempts, but `{consumer}` needs all of a key in order"
            ),
        )
        .label("the next message of the key goes on without it")
        .related(needs, text)
        .help("write `ordered: strict` and remove `dead-letter`: a failing message blocks its key until it is handled"),
    );
}
