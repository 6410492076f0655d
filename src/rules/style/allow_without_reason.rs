//! Allowances that nobody can judge later.

use crate::base::Span;
use crate::diag::{Finding, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "allow-without-reason",
    category: Category::Style,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A comment allows a finding and does not say why.",
    doc: include_str!("allow_without_reason.md"),
    by_target: false,
    checks: &[Check::Lint],
};

/// The comment names `rule` at `span`.
pub(in crate::rules) fn report(rule: &str, span: Span, level: Severity) -> Finding {
    let finding = RULE.finding(span, format!("`{rule}` is allowed without a reason"));
    Finding { severity: level, ..finding }.help(format!("write `# isobar: allow {rule}: <why it is meant>`"))
}
