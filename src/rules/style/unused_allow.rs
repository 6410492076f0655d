//! Allowances that allow nothing.

use crate::base::Span;
use crate::diag::{Applicability, Finding, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unused-allow",
    category: Category::Style,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A comment allows a finding that there is not.",
    doc: include_str!("unused_allow.md"),
    by_target: false,
    checks: &[Check::Lint],
};

/// The comment at `span` allows `rule`; `removed` is what goes with it.
pub(in crate::rules) fn report(rule: &str, span: Span, removed: Span, level: Severity) -> Finding {
    let finding = RULE.finding(span, format!("nothing here needs `{rule}` to be allowed"));
    Finding { severity: level, ..finding }.help("remove the comment").fix(
        "remove the comment",
        removed,
        "",
        Applicability::Safe,
    )
}
