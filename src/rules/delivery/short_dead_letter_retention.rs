//! Dead letters that forget before the queue would.

use crate::analysis::{Facts, Limit};
use crate::base::Duration;
use crate::diag::{Applicability, Findings, Severity};
use crate::model::{Id, Queue};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "short-dead-letter-retention",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A dead letter keeps messages no longer than the queue that they come from.",
    doc: include_str!("short_dead_letter_retention.md"),
    by_target: false,
    checks: &[Check::Queue(check)],
};

/// Enough for any dead letter, by the language; a message that was set aside twice stays as long at each.
const ENOUGH: Duration = Duration::from_secs(14 * 86_400);

fn check(facts: &Facts, id: Id<Queue>, out: &mut Findings) {
    let model = facts.model();
    let queue = &model.queues[id];
    let kept = &queue.retention;
    if kept.value >= ENOUGH {
        return;
    }
    let sources = queue.dead_letter_of.iter().map(|source| &model.queues[*source]);
    let Some(source) = sources
        .filter(|source| source.retention.value >= kept.value)
        .max_by_key(|source| (source.retention.value, std::cmp::Reverse(source.head.name())))
    else {
        return;
    };
    let (name, of) = (queue.head.name(), source.head.name());
    let longest =
        facts.judged().iter().filter_map(|on| on.time(Limit::QueueRetentionMax)).map(|known| known.value).min();
    let enough = longest.map_or(ENOUGH, |longest| longest.min(ENOUGH));
    let message = format!(
        "the dead letter `{name}` keeps messages for {}, no longer than `{of}`, which keeps them for {}",
        kept.value, source.retention.value
    );
    let finding = RULE
        .finding(kept.span, message)
        .label("what was set aside late is gone at once")
        .related(source.retention.span, "the age of a message counts from here")
        .help(format!("write `retention: {enough}` at `{name}`"));
    out.push(if kept.derived.is_some() {
        finding
    } else {
        finding.fix("keep them longer", kept.span, enough.to_string(), Applicability::Safe)
    });
}
