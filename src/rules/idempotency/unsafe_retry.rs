//! Tasks that are tried again and do their work twice.

use super::missing_idempotency;
use crate::analysis::{Facts, execution};
use crate::diag::{Findings, Severity};
use crate::model::{Id, TaskKind, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unsafe-retry",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A task that is tried again calls a function that does not bear that.",
    doc: include_str!("unsafe_retry.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let model = facts.model();
    execution::each(&model.workflows[id].tasks, &mut |task, around| {
        let TaskKind::Call { function, .. } = &task.kind else { return };
        let retried = execution::retried(task).or_else(|| around.iter().find_map(|task| execution::retried(task)));
        let Some((attempts, place)) = retried else { return };
        let called = &model.functions[function.value];
        if called.idempotency.is_some() || missing_idempotency::is_asked(facts, function.value) {
            return;
        }
        let Some(effect) = facts.effects(function.value).next() else { return };
        let (name, task) = (called.head.name(), &task.name.value);
        out.push(
            RULE.finding(
                function.span,
                format!("`{task}` may call `{name}` {attempts} times, which does not bear that"),
            )
            .related(place, "it is tried again, also when the answer was lost and the work was done")
            .related(effect.span, missing_idempotency::happens(&effect.kind))
            .help(format!(
                "add `idempotency: {{ key: …, store: … }}` to `{name}`, or `natural` where a repetition is harmless"
            )),
        );
    });
}
