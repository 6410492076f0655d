//! Functions that work on after their caller was told that they failed.

use crate::analysis::{Facts, Limit};
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "timeout-beyond-api",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function behind a route may run longer than the API of a target waits for it.",
    doc: include_str!("timeout_beyond_api.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let mut routes = facts.triggers(Runner::Function(id)).filter_map(|(_, trigger)| trigger.http());
    let Some(http) = routes.next() else { return };
    let (name, timeout) = (function.head.name(), &function.timeout);
    for on in facts.judged() {
        let Some(most) = on.time(Limit::ApiTimeoutMax).filter(|most| timeout.value > most.value) else { continue };
        let message = format!(
            "`{name}` may run for {}, but the API stops waiting after {} ({})",
            timeout.value, most.value, most.fact
        );
        let mut finding = RULE
            .finding(timeout.span, message)
            .related(http.route.span, "called by this route")
            .help(format!("write `timeout: {}` or less, or answer at once and do the work from a queue", most.value))
            .on(on.id());
        if timeout.derived.is_none() {
            let title = "shorten the timeout";
            finding = finding.fix(title, timeout.span, most.value.to_string(), Applicability::Unsafe);
        }
        out.push(finding);
    }
}
