//! Tasks that are undone twice.

use std::collections::BTreeSet;

use super::missing_idempotency;
use crate::analysis::{Facts, execution};
use crate::diag::{Findings, Severity};
use crate::model::{Id, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unsafe-compensation",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that undoes a task may be run twice and does not bear that.",
    doc: include_str!("unsafe_compensation.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let model = facts.model();
    let mut seen = BTreeSet::new();
    execution::each(&model.workflows[id].tasks, &mut |task, _| {
        let Some(undo) = task.compensate else { return };
        let function = &model.functions[undo.value];
        let is_known = function.idempotency.is_some() || missing_idempotency::is_asked(facts, undo.value);
        if is_known || !seen.insert(undo.value) {
            return;
        }
        let Some(effect) = facts.effects(undo.value).next() else { return };
        let (name, task) = (function.head.name(), &task.name.value);
        out.push(
            RULE.finding(undo.span, format!("`{name}` undoes `{task}` and does not say how it bears being run twice"))
                .label("tried again until it succeeds")
                .related(effect.span, missing_idempotency::happens(&effect.kind))
                .help(format!(
                    "add `idempotency: {{ key: …, store: … }}` to `{name}`, or `natural` where a repetition is harmless"
                )),
        );
    });
}
