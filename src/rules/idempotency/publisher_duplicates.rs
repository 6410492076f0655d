//! Channels that deliver once what a sender may send twice.

use super::brief_deduplication::{self, deduplication, help, sent_again};
use super::missing_idempotency::{self, happens};
use crate::analysis::delivery::Bound;
use crate::analysis::{Facts, Judged};
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, Runner, TriggerRef};
use crate::model::{Function, Id, Trigger};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "publisher-duplicates",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function relies on a channel that delivers exactly once, and who fills it may send twice.",
    doc: include_str!("publisher_duplicates.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    // Who is asked for the same declaration already needs no second reason.
    if !is_found(facts, id) || missing_idempotency::is_found(facts, id) || brief_deduplication::is_found(facts, id) {
        return;
    }
    let Some(effect) = facts.effects(id).next() else { return };
    let targets = facts.targets_where(|on| relied_on(facts, id, on).is_some());
    let Some(on) = targets.first() else { return };
    let Some((at, trigger, sender)) = relied_on(facts, id, on) else { return };
    let name = facts.model().functions[id].head.name();
    let source = facts.graph().title(sender.to);
    let fact = on.guarantee(facts.channel(trigger)).map(|promise| promise.fact.as_str()).unwrap_or_default();
    let message =
        format!("`{source}` delivers once what was sent, and what `{name}` handles may be sent twice ({fact})");
    let longest = facts.redelivery(at, on).map(|again| again.longest);
    let finding = RULE
        .finding(trigger.span, message)
        .related(sender.span, "what was not answered is sent again, as a message of its own")
        .related(effect.span, happens(&effect.kind))
        .help(help(facts, name, trigger, longest));
    out.push(targets.iter().fold(finding, |finding, target| finding.on(target.id())));
}

/// Whether a function has effects, says nothing of repetition, and takes from a channel that delivers exactly once.
pub(super) fn is_found(facts: &Facts, id: Id<Function>) -> bool {
    facts.model().functions[id].idempotency.is_none()
        && facts.effects(id).next().is_some()
        && facts.judged().iter().any(|on| relied_on(facts, id, on).is_some())
}

/// The first trigger of a function that takes from such a channel on a target, with who fills it.
fn relied_on<'f>(facts: &'f Facts, id: Id<Function>, on: &Judged) -> Option<(TriggerRef, &'f Trigger, &'f Edge)> {
    let mut triggers = facts.triggers(Runner::Function(id));
    triggers.find_map(|(at, trigger)| Some((at, trigger, sender(facts, at, trigger, on)?)))
}

/// Who puts into the source of a trigger, where that delivers exactly once on a target. A broker that drops what is sent
/// twice lets only such repetitions through that come when it has forgotten.
fn sender<'f>(facts: &'f Facts, at: TriggerRef, trigger: &Trigger, on: &Judged) -> Option<&'f Edge> {
    if facts.channel(trigger).is_waited_for() || facts.repeats(trigger, on) {
        return None;
    }
    if let Some((window, _)) = deduplication(facts, trigger, on)
        && sent_again(facts, at, on).is_none_or(|time| time <= Bound::AtMost(window))
    {
        return None;
    }
    let graph = facts.graph();
    let mut edges = graph.incoming(graph.id(at.runner)?);
    let from = edges.find(|edge| graph.trigger_ref(edge) == Some(at))?.from;
    graph.producers(graph.node(from).of).find(|edge| graph.runner(edge.from).is_some())
}
