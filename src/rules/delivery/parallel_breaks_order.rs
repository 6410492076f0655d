//! Batches of one partition beside each other, where no key keeps them in order.

use super::{needs_order, ordering_key};
use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{AnyResource, Function, Id, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "parallel-breaks-order",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that needs order reads several batches of one partition at a time.",
    doc: include_str!("parallel_breaks_order.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let function = &model.functions[id];
    let Some((needs, text)) = needs_order(function) else { return };
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        let TriggerSource::Stream { from, reading } = &trigger.source else { continue };
        let stream = &model.streams[from.value];
        let parallel = &reading.parallel;
        // One partition is asked for by who wants all in order; else a key keeps the order of what belongs together.
        let is_single = stream.shards.is_some_and(|shards| shards.value == 1);
        if parallel.value < 2 || !is_single && ordering_key(model, AnyResource::Stream(from.value)).is_some() {
            continue;
        }
        let (name, source) = (function.head.name(), stream.head.name());
        let message = format!(
            "`{name}` needs order, but handles {} batches of a partition of `{source}` at a time",
            parallel.value
        );
        let finding = RULE
            .finding(parallel.span, message)
            .label("they pass each other")
            .related(needs, text)
            .help("write `parallel: 1`, or more `shards` with a key in the event");
        out.push(finding.fix("read one batch at a time", parallel.span, "1", Applicability::Unsafe));
    }
}
