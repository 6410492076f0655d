//! Dead letters that a platform refuses, because they keep order and should not, or the other way round.

use crate::analysis::{DeadLetterOrder, Facts, Judged};
use crate::base::Span;
use crate::diag::{Applicability, Finding, Findings, Severity};
use crate::model::{Function, Id, Ordered, Queue};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "mismatched-dead-letter",
    category: Category::Delivery,
    level: Severity::Error,
    since: "0.1.0",
    summary: "A dead letter keeps order where the platform wants none, or none where it wants one.",
    doc: include_str!("mismatched_dead_letter.md"),
    by_target: true,
    checks: &[Check::Queue(queue), Check::Function(function)],
};

fn queue(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let model = facts.model();
    let queue = &model.queues[id];
    let Some(dead_letter) = &queue.dead_letter else { return };
    let to = &model.queues[dead_letter.to.value];
    let is_ordered = |queue: &Queue| queue.ordered.value != Ordered::No;
    if is_ordered(queue) == is_ordered(to) {
        return;
    }
    let demands = |on: &Judged| on.dead_letter_of_queue().filter(|rule| rule.order == DeadLetterOrder::Same).cloned();
    let Some(rule) = facts.judged().iter().find_map(demands) else { return };
    let (name, aside) = (queue.head.name(), to.head.name());
    let (what, other) = if is_ordered(queue) { ("ordered", "is not") } else { ("not ordered", "is") };
    let message = format!("`{name}` is {what}, and its dead letter `{aside}` {other} ({})", rule.fact);
    let finding = RULE.finding(dead_letter.to.span, message);
    out.push(on_targets(finding, to, is_ordered(queue), facts, |on| demands(on).is_some()));
}

fn function(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let function = &model.functions[id];
    let Some(dead_letter) = function.dead_letter else { return };
    let to = &model.queues[dead_letter.value];
    if to.ordered.value == Ordered::No {
        return;
    }
    let demands =
        |on: &Judged| on.dead_letter_of_function().filter(|rule| rule.order == DeadLetterOrder::None).cloned();
    let Some(rule) = facts.judged().iter().find_map(demands) else { return };
    let (name, aside) = (function.head.name(), to.head.name());
    let message = format!("`{aside}` is ordered and cannot take what `{name}` fails to handle ({})", rule.fact);
    let finding = RULE.finding(dead_letter.span, message);
    out.push(on_targets(finding, to, false, facts, |on| demands(on).is_some()));
}

fn on_targets(
    finding: Finding,
    to: &Queue,
    is_wanted: bool,
    facts: &Facts,
    demands: impl Fn(&Judged) -> bool,
) -> Finding {
    let name = to.head.name();
    let (place, text): (Span, String) = if to.ordered.derived.is_some() {
        (to.head.span, format!("`{name}` says nothing of order"))
    } else {
        (to.ordered.span, format!("`{name}` says so here"))
    };
    let help = if is_wanted {
        format!("write `ordered: true` and the event that it `carries` at `{name}`, or leave `to` out")
    } else {
        format!("remove `ordered` from `{name}`, or name another queue")
    };
    let mut finding = finding.related(place, text).help(help);
    if to.ordered.derived.is_none() {
        let text = if is_wanted { "true" } else { "false" };
        finding = finding.fix(format!("write `ordered: {text}`"), to.ordered.span, text, Applicability::Unsafe);
    }
    facts.targets_where(demands).iter().fold(finding, |finding, on| finding.on(on.id()))
}
