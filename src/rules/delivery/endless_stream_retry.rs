//! A record that always fails and holds up all behind it.

use crate::analysis::{Facts, Judged, Limit};
use crate::base::Duration;
use crate::diag::{Applicability, Finding, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Retry, Stream, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "endless-stream-retry",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A record of a stream that always fails is tried until it expires, and blocks its partition.",
    doc: include_str!("endless_stream_retry.md"),
    by_target: true,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let model = facts.model();
    let (name, runs) = match runner {
        Runner::Function(id) => (model.functions[id].head.name(), model.functions[id].timeout.value),
        Runner::Workflow(id) => (model.workflows[id].head.name(), Duration::ZERO),
    };
    for (_, trigger) in facts.triggers(runner) {
        let Some(retry) = &trigger.retry else { continue };
        let is_endless =
            |kept: Duration| retry.age.as_ref().is_some_and(|age| age.value >= kept) && tries(retry, runs) >= kept;
        match &trigger.source {
            TriggerSource::Stream { from, .. } => {
                let Stream { head, retention, .. } = &model.streams[from.value];
                let found = finding(name, head.name(), retry, retention.value);
                if let Some(found) = found.filter(|_| is_endless(retention.value)) {
                    let said = format!("`{}` keeps records for {}", head.name(), retention.value);
                    out.push(found.related(retention.span, said));
                }
            }
            TriggerSource::Change { from, .. } => {
                let kept = |on: &Judged| {
                    on.time(Limit::ChangeRetention).map(|kept| kept.value).filter(|kept| is_endless(*kept))
                };
                let targets = facts.targets_where(|on| kept(on).is_some());
                let Some(shortest) = targets.iter().filter_map(|on| kept(on)).min() else { continue };
                let source = model.tables[from.value].head.name();
                if let Some(found) = finding(name, source, retry, shortest) {
                    out.push(targets.iter().fold(found, |found, on| found.on(on.id())));
                }
            }
            TriggerSource::Http(_)
            | TriggerSource::Queue { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => {}
        }
    }
}

fn finding(name: &str, source: &str, retry: &Retry, kept: Duration) -> Option<Finding> {
    let age = retry.age.as_ref()?;
    let half = Duration::from_millis(kept.as_millis() / 2);
    let message = format!(
        "`{name}` tries a record of `{source}` {} times and for {}, as long as records are kept",
        retry.attempts.value, age.value
    );
    let finding = RULE
        .finding(age.span, message)
        .label("one record that always fails blocks its partition until then")
        .related(retry.attempts.span, "as often as this")
        .help(format!("write `for: {half}` or less, and a `dead-letter` for what was given up"));
    Some(if age.derived.is_some() {
        finding
    } else {
        finding.fix("give up earlier", age.span, half.to_string(), Applicability::Unsafe)
    })
}

/// How long all tries may take, where each runs as long as it may.
fn tries(retry: &Retry, runs: Duration) -> Duration {
    let delay = retry.delay.map_or(Duration::ZERO, |delay| delay.value);
    runs.saturating_add(delay).saturating_mul(u64::from(retry.attempts.value))
}
