//! A record that always fails and holds up all behind it.

use crate::analysis::Facts;
use crate::base::Duration;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Retry, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "endless-stream-retry",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A record of a stream that always fails is tried until it expires, and blocks its partition.",
    doc: include_str!("endless_stream_retry.md"),
    by_target: false,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let model = facts.model();
    let (name, runs) = match runner {
        Runner::Function(id) => (model.functions[id].head.name(), model.functions[id].timeout.value),
        Runner::Workflow(id) => (model.workflows[id].head.name(), Duration::ZERO),
    };
    for (_, trigger) in facts.triggers(runner) {
        let (TriggerSource::Stream { from, .. }, Some(retry)) = (&trigger.source, &trigger.retry) else { continue };
        let stream = &model.streams[from.value];
        let kept = stream.retention.value;
        let Some(age) = retry.age.as_ref().filter(|age| age.value >= kept && tries(retry, runs) >= kept) else {
            continue;
        };
        let half = Duration::from_millis(kept.as_millis() / 2);
        let source = stream.head.name();
        let message = format!(
            "`{name}` tries a record of `{source}` {} times and for {}, as long as records are kept",
            retry.attempts.value, age.value
        );
        let finding = RULE
            .finding(age.span, message)
            .label("one record that always fails blocks its partition until then")
            .related(retry.attempts.span, "as often as this")
            .related(stream.retention.span, format!("`{source}` keeps records for {kept}"))
            .help(format!("write `for: {half}` or less, and a `dead-letter` for what was given up"));
        out.push(if age.derived.is_some() {
            finding
        } else {
            finding.fix("give up earlier", age.span, half.to_string(), Applicability::Unsafe)
        });
    }
}

/// How long all tries may take, where each runs as long as it may.
fn tries(retry: &Retry, runs: Duration) -> Duration {
    let delay = retry.delay.map_or(Duration::ZERO, |delay| delay.value);
    runs.saturating_add(delay).saturating_mul(u64::from(retry.attempts.value))
}
