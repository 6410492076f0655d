//! Sources that forget before a function is back.

use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Id, Trigger, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "retention-below-outage",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A source keeps what comes for a shorter time than the function may be down.",
    doc: include_str!("retention_below_outage.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some(outage) = function.outage else { return };
    let name = function.head.name();
    for (at, trigger) in facts.triggers(Runner::Function(id)) {
        let kept: Vec<_> = facts.judged().iter().map(|on| (on, facts.kept(at, on))).collect();
        let short = |stay: &crate::analysis::Stay| stay.time < outage.value;
        let lacking: Vec<_> = kept.iter().filter(|(_, stay)| stay.as_ref().is_some_and(short)).collect();
        let Some((_, Some(stay))) = lacking.first() else { continue };
        let message = format!(
            "`{name}` may be down for {}, but what comes meanwhile is kept for {} {}",
            outage.value, stay.time, stay.place
        );
        let mut finding = RULE
            .finding(stay.span, message)
            .label("gone before it is back")
            .related(outage.span, "the outage that is to be bridged")
            .help(help(trigger, outage.value));
        if is_stated(facts, trigger) {
            let title = "keep it as long";
            finding = finding.fix(title, stay.span, outage.value.to_string(), Applicability::Safe);
        }
        if lacking.len() < kept.len() {
            finding = lacking.iter().fold(finding, |finding, (on, _)| finding.on(on.id()));
        }
        out.push(finding);
    }
}

fn help(trigger: &Trigger, outage: crate::base::Duration) -> String {
    match &trigger.source {
        TriggerSource::Queue { .. } | TriggerSource::Stream { .. } => format!("write `retention: {outage}` or longer"),
        TriggerSource::Http(_)
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => {
            format!("put a queue between both, with `retention: {outage}` or longer")
        }
    }
}

/// Whether the spec says how long the source of a trigger keeps what comes.
fn is_stated(facts: &Facts, trigger: &Trigger) -> bool {
    let model = facts.model();
    match &trigger.source {
        TriggerSource::Queue { from, .. } => model.queues[from.value].retention.derived.is_none(),
        TriggerSource::Stream { from, .. } => model.streams[from.value].retention.derived.is_none(),
        TriggerSource::Http(_)
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Socket { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => false,
    }
}
