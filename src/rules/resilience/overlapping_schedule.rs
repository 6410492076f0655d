//! Schedules that are due before the last run has ended.

use crate::analysis::Facts;
use crate::base::{Cron, Duration};
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Id, ScheduleWhen, TriggerSource};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "overlapping-schedule",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A schedule is due again before all the instances that may run are free.",
    doc: include_str!("overlapping_schedule.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some(max) = function.scaling.max else { return };
    let beside = function.scaling.concurrency.map_or(1, |n| n.value).saturating_mul(max.value);
    let (name, runs) = (function.head.name(), &function.timeout);
    for (_, trigger) in facts.triggers(Runner::Function(id)) {
        let TriggerSource::Schedule { when, .. } = &trigger.source else { continue };
        let (every, place) = match when {
            ScheduleWhen::Every(every) => (every.value, every.span),
            ScheduleWhen::Cron { cron, text, .. } => (shortest(cron), text.span),
        };
        if every.saturating_mul(u64::from(beside)) >= runs.value {
            continue;
        }
        let message = format!("`{name}` is due every {every}, may run for {}, and has no instance free", runs.value);
        let mut finding = RULE
            .finding(place, message)
            .related(max.span, format!("no more than {beside} at a time"))
            .related(runs.span, format!("each for up to {}", runs.value))
            .help(format!("shorten the `timeout` of `{name}` to {every}, run it less often, or raise `scaling.max`"));
        if matches!(when, ScheduleWhen::Every(_)) {
            finding = finding.fix("run it less often", place, runs.value.to_string(), Applicability::Unsafe);
        }
        out.push(finding);
    }
}

/// The shortest time between two runs of a calendar.
fn shortest(cron: &Cron) -> Duration {
    let minutes: Vec<u32> =
        cron.hour.iter().flat_map(|hour| cron.minute.iter().map(move |minute| hour * 60 + minute)).collect();
    let within = minutes.iter().zip(minutes.iter().skip(1)).map(|(a, b)| b - a);
    // From the last of a day to the first of the next.
    let over = minutes.last().zip(minutes.first()).map(|(last, first)| first + 24 * 60 - last);
    Duration::from_secs(60 * u64::from(within.chain(over).min().unwrap_or(24 * 60)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_time_between_two_runs() {
        for (text, minutes) in [
            ("*/5 * * * *", 5),
            ("0 * * * *", 60),
            ("0 2 * * *", 1440),
            ("0,20,50 * * * *", 10),
            ("50 23 * * *", 1440),
            ("5 0,23 * * *", 60),
        ] {
            let cron = Cron::parse(text).unwrap();
            assert_eq!(shortest(&cron), Duration::from_secs(60 * minutes), "{text}");
        }
    }
}
