//! Requests that cannot be followed through the application.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::Runner;
use crate::model::{Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-trace",
    category: Category::Observability,
    level: Severity::Note,
    since: "0.1.0",
    summary: "A function that answers callers is not traced.",
    doc: include_str!("missing_trace.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    // Who wrote `trace: false` has decided.
    if function.observe.trace.value || function.observe.trace.derived.is_none() {
        return;
    }
    let mut routes = facts.triggers(Runner::Function(id)).filter_map(|(_, trigger)| trigger.http());
    let Some(http) = routes.next() else { return };
    let name = function.head.name();
    out.push(
        RULE.finding(function.head.span, format!("`{name}` answers callers and is not traced"))
            .related(http.route.span, "called by this route")
            .help("add `observe: { trace: true }` to it, or to `defaults: { function: … }` for all"),
    );
}
