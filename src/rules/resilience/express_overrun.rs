//! Short workflows whose tasks may take long.

use crate::analysis::Facts;
use crate::analysis::execution::{self, Counting, EXPRESS};
use crate::base::{Duration, Span};
use crate::diag::{Findings, Severity};
use crate::model::{Id, TaskKind, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "express-overrun",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "The tasks of an `express` workflow may take longer than it may run.",
    doc: include_str!("express_overrun.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    let model = facts.model();
    let workflow = &model.workflows[id];
    if !workflow.express || execution::longest(model, &workflow.tasks, Counting::Waits) > EXPRESS {
        return;
    }
    let longest = execution::longest(model, &workflow.tasks, Counting::Everything);
    if longest <= EXPRESS {
        return;
    }
    let name = workflow.head.name();
    let message = format!("`{name}` is `express` and ends after {EXPRESS}, but its tasks may take {longest}");
    let mut finding = RULE
        .finding(workflow.head.span, message)
        .help(format!("shorten the timeouts of what it calls, try less often, or leave `express` out of `{name}`"));
    let mut slowest: Option<(Duration, Duration, u32, Span)> = None;
    execution::each(&workflow.tasks, &mut |task, _| {
        if let TaskKind::Call { function, .. } = &task.kind {
            let timeout = model.functions[function.value].timeout.value;
            let tries = task.retry.as_ref().map_or(1, |retry| retry.attempts.value);
            let takes = timeout.saturating_mul(u64::from(tries));
            if slowest.is_none_or(|(known, ..)| known < takes) {
                slowest = Some((takes, timeout, tries, function.span));
            }
        }
    });
    if let Some((_, timeout, tries, span)) = slowest {
        let text = if tries > 1 { format!("up to {timeout}, {tries} times") } else { format!("up to {timeout}") };
        finding = finding.related(span, text);
    }
    out.push(finding);
}
