//! Callers who wait for a slow start.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, Runner};
use crate::model::{CallMode, Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "cold-start",
    category: Category::Resilience,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Callers wait for a runtime that starts slowly, and nothing keeps an instance warm.",
    doc: include_str!("cold_start.md"),
    by_target: true,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let scaling = &function.scaling;
    let kept = [scaling.warm, scaling.min].into_iter().flatten().any(|n| n.value > 0);
    if kept || scaling.schedule.iter().any(|at| at.warm > 0) {
        return;
    }
    let targets = facts.targets_where(|on| on.starts_slowly(&function.runtime.value));
    if targets.is_empty() {
        return;
    }
    let Some((place, who)) = waits(facts, id) else { return };
    let (name, runtime) = (function.head.name(), function.runtime.value.key());
    let message = format!("`{name}` starts slowly with `{runtime}` while somebody waits for it");
    let mut finding = RULE.finding(function.head.span, message).related(place, who).help(format!(
        "add `scaling: {{ warm: 1 }}` to `{name}`, which costs something, or choose a runtime that starts fast"
    ));
    if function.runtime.span != function.head.span {
        finding =
            finding.related(function.runtime.span, "loads a virtual machine and its classes before the first answer");
    }
    if targets.len() < facts.judged().len() {
        finding = targets.iter().fold(finding, |finding, target| finding.on(target.id()));
    }
    out.push(finding);
}

/// Where somebody waits for a function: a route, or another function that waits in turn or not.
fn waits(facts: &Facts, id: Id<Function>) -> Option<(crate::base::Span, &'static str)> {
    let graph = facts.graph();
    let routes = facts.triggers(Runner::Function(id)).find_map(|(_, trigger)| trigger.http());
    if let Some(http) = routes {
        return Some((http.route.span, "the caller of this route waits"));
    }
    let mut edges = graph.id(id).into_iter().flat_map(|id| graph.incoming(id));
    let call = edges.find(|edge| {
        let is_function = matches!(graph.runner(edge.from), Some(Runner::Function(_)));
        is_function && edge.kind == EdgeKind::Calls(CallMode::Sync)
    })?;
    Some((call.span, "this call waits"))
}
