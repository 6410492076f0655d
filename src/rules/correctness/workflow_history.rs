//! Workflows that fill their history.

use crate::analysis::{Facts, Limit, execution};
use crate::diag::{Findings, Severity};
use crate::model::{Id, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "workflow-history",
    category: Category::Correctness,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A workflow may write more into its history than a target keeps.",
    doc: include_str!("workflow_history.md"),
    by_target: true,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let workflow = &facts.model().workflows[id];
    // A short one has no history that could fill up.
    if workflow.express {
        return;
    }
    let (runs, reason) = execution::runs(&workflow.tasks);
    let name = workflow.head.name();
    for on in facts.judged() {
        let Some(most) = on.number(Limit::WorkflowHistoryMax) else { continue };
        let each = on.number(Limit::WorkflowHistoryTask).map_or(1, |each| each.value);
        let entries = runs.saturating_mul(each);
        if entries <= most.value {
            continue;
        }
        let message = format!(
            "`{name}` may write {entries} entries into its history and fails after {} ({})",
            most.value, most.fact
        );
        let place = reason.map_or(workflow.head.span, |reason| reason.span);
        out.push(
            RULE.finding(place, message)
                .label(format!("up to {runs} tasks run in one execution, {each} entries each"))
                .help("lower `at-most`, or emit an event for each element that starts a workflow of its own")
                .on(on.id()),
        );
    }
}
