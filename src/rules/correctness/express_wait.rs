//! Short workflows that wait for long.

use crate::analysis::Facts;
use crate::analysis::execution::{self, Counting, EXPRESS};
use crate::diag::{Findings, Severity};
use crate::model::{Id, Workflow};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "express-wait",
    category: Category::Correctness,
    level: Severity::Error,
    since: "0.1.0",
    summary: "An `express` workflow is told to wait for longer than it may run.",
    doc: include_str!("express_wait.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let workflow = &facts.model().workflows[id];
    if !workflow.express {
        return;
    }
    let longest = execution::longest(facts.model(), &workflow.tasks, Counting::Waits);
    if longest <= EXPRESS {
        return;
    }
    let waits = execution::waits(&workflow.tasks);
    let Some((first, rest)) = waits.split_first() else { return };
    let name = workflow.head.name();
    let mut finding = RULE
        .finding(first.span, format!("`{name}` waits for {longest}, but ends after {EXPRESS} because it is `express`"))
        .related(workflow.head.span, "its `express` says that it is short")
        .help(format!("leave `express` out of `{name}`, or wait for less than {EXPRESS} in all"));
    for wait in rest.iter().take(RELATED) {
        finding = finding.related(wait.span, "waits too");
    }
    out.push(finding);
}
