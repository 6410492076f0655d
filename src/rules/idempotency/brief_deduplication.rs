//! Brokers that drop what was sent twice for a shorter time than it can come again.

use super::missing_idempotency::{self, declaration, happens, key};
use crate::analysis::delivery::Bound;
use crate::analysis::{Channel, Facts, Judged, Limit};
use crate::base::Duration;
use crate::diag::{Findings, Severity};
use crate::graph::{Runner, TriggerRef};
use crate::model::{Function, Id, Trigger, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "brief-deduplication",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function leaves repetitions to a broker that drops them for a shorter time than they can come.",
    doc: include_str!("brief_deduplication.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

/// A broker that forgets before the last repetition.
pub(super) struct Outlasted<'f> {
    /// For how long it drops what comes twice.
    window: Duration,
    /// Where that is from.
    fact: &'f str,
    /// For how long something can come again.
    longest: Duration,
}

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    if !is_found(facts, id) {
        return;
    }
    let Some(effect) = facts.effects(id).next() else { return };
    let first = |on: &Judged| {
        facts.triggers(Runner::Function(id)).find(|(at, trigger)| outlasted(facts, *at, trigger, on).is_some())
    };
    let targets = facts.targets_where(|on| first(on).is_some());
    let Some(on) = targets.first() else { return };
    let Some((at, trigger)) = first(on) else { return };
    let Some(Outlasted { window, fact, longest }) = outlasted(facts, at, trigger, on) else { return };
    let name = function.head.name();
    let message =
        format!("what comes twice to `{name}` is dropped for {window} only, and can come again for {longest} ({fact})");
    let mut finding = RULE.finding(trigger.span, message).related(effect.span, happens(&effect.kind)).help(help(
        facts,
        name,
        trigger,
        Some(longest),
    ));
    for stay in facts.redelivery(at, on).into_iter().flat_map(|redelivery| redelivery.parts) {
        finding = finding.related(stay.span, format!("up to {} {}", stay.time, stay.place));
    }
    out.push(targets.iter().fold(finding, |finding, target| finding.on(target.id())));
}

/// What to add where senders make two messages of one occurrence, which differ in their ids.
pub(super) fn help(facts: &Facts, name: &str, trigger: &Trigger, longest: Option<Duration>) -> String {
    let model = facts.model();
    let carried = match &trigger.source {
        TriggerSource::Queue { from, .. } => model.queues[from.value].carries,
        TriggerSource::Topic { from } => model.topics[from.value].carries,
        TriggerSource::Http(_)
        | TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => None,
    };
    let own = carried.and_then(|event| model.events[event.value].id.as_ref());
    let key = own.map_or_else(|| key(facts, trigger), |id| id.value.as_str().to_owned());
    let added = format!("add `idempotency: {}` to `{name}`", declaration(facts, &key, longest));
    if key == "event:id" {
        format!("{added}; where who sends makes two messages of one occurrence, take a member of the data as the key")
    } else {
        added
    }
}

/// Whether the rule finds a function.
pub(super) fn is_found(facts: &Facts, id: Id<Function>) -> bool {
    let is_outlasted = |on: &Judged| {
        facts.triggers(Runner::Function(id)).any(|(at, trigger)| outlasted(facts, at, trigger, on).is_some())
    };
    let function = &facts.model().functions[id];
    function.idempotency.is_none()
        && facts.effects(id).next().is_some()
        && !missing_idempotency::is_found(facts, id)
        && facts.judged().iter().any(is_outlasted)
}

/// Whether a trigger takes from a broker that drops repetitions on a target, and its events come again when it has
/// forgotten them: by the stay in the channel and its dead letter, or because who sends is run again as late.
pub(super) fn outlasted<'f>(
    facts: &'f Facts,
    at: TriggerRef,
    trigger: &Trigger,
    on: &'f Judged,
) -> Option<Outlasted<'f>> {
    let window = deduplication(facts, trigger, on)?;
    if !facts.repeats(trigger, on) {
        return None;
    }
    let stay = facts.redelivery(at, on).map(|redelivery| redelivery.longest);
    let longest = stay.max(sent_again(facts, at, on).and_then(Bound::finite))?;
    (longest > window.0).then_some(Outlasted { window: window.0, fact: window.1, longest })
}

/// For how long the broker of a trigger drops what was sent twice, with the fact.
pub(super) fn deduplication<'f>(facts: &Facts, trigger: &Trigger, on: &'f Judged) -> Option<(Duration, &'f str)> {
    let is_ordered = matches!(facts.channel(trigger), Channel::QueueOrdered | Channel::TopicOrdered);
    on.time(Limit::DedupWindow).filter(|_| is_ordered).map(|known| (known.value, known.fact))
}

/// For how long who sends to the source of a trigger may be run again for one occurrence; `None` where it is not.
pub(super) fn sent_again(facts: &Facts, at: TriggerRef, on: &Judged) -> Option<Bound<Duration>> {
    let (graph, deliveries) = (facts.graph(), facts.deliveries(on)?);
    let mut edges = graph.incoming_ids(graph.id(at.runner)?);
    let (edge, _) = edges.find(|(_, edge)| graph.trigger_ref(edge) == Some(at))?;
    deliveries.of(edge).map(|delivery| delivery.inherited).filter(|time| *time > Bound::AtMost(Duration::ZERO))
}
