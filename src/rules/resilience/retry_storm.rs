//! Retries that multiply.

use crate::analysis::{Facts, execution};
use crate::diag::{Findings, Severity};
use crate::model::{Id, TaskKind, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "retry-storm",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Retries inside of retries multiply when what they call is down.",
    doc: include_str!("retry_storm.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

/// Tries of one call. Three tries of three still stay below: more is a storm on something that is down already.
const TRIES: u32 = 10;

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let model = facts.model();
    execution::each(&model.workflows[id].tasks, &mut |task, around| {
        let TaskKind::Call { function, .. } = &task.kind else { return };
        let Some((own, place)) = execution::retried(task) else { return };
        let outer: Vec<_> = around.iter().filter_map(|task| execution::retried(task)).collect();
        let tries = outer.iter().fold(own, |product, (attempts, _)| product.saturating_mul(*attempts));
        if outer.is_empty() || tries <= TRIES {
            return;
        }
        let name = model.functions[function.value].head.name();
        let mut finding = RULE
            .finding(place, format!("`{name}` is called up to {tries} times when it fails: retries multiply"))
            .label(format!("{own} tries"))
            .help("retry at one place: where the failure happens, or around the whole");
        for (attempts, place) in outer {
            finding = finding.related(place, format!("all of it is tried {attempts} times"));
        }
        out.push(finding);
    });
}
