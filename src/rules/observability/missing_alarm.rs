//! Dead letters that fill in silence.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-alarm",
    category: Category::Observability,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Failures are set aside in dead letters, and nobody is told.",
    doc: include_str!("missing_alarm.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    if model.alarms.is_some() {
        return;
    }
    let dead_letters = facts.graph().edges().filter(|(_, edge)| edge.kind == EdgeKind::DeadLetters);
    let places: Vec<_> = dead_letters.take(RELATED).map(|(_, edge)| edge.span).collect();
    if places.is_empty() {
        return;
    }
    let app = &model.app;
    let finding = RULE
        .finding(app.span, format!("`{}` has dead letters, and nobody is told when they fill", app.value))
        .help("add `alarms: { notify: alerts }` with `alerts: { type: topic, external-subscribers: true }`");
    out.push(places.into_iter().fold(finding, |finding, span| finding.related(span, "failures go here")));
}
