//! Levels and allowances for rules that there are not.

use crate::base::Span;
use crate::diag::{Finding, Severity};
use crate::rules::{Category, Check, Rule, levels};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unknown-rule",
    category: Category::Style,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "`lint:` or a comment names a rule that there is not.",
    doc: include_str!("unknown_rule.md"),
    by_target: false,
    checks: &[Check::Lint],
};

/// `id` was written at `span`.
pub(in crate::rules) fn report(id: &str, span: Span, level: Severity) -> Finding {
    let message = if id.is_empty() { "no rule is named".to_owned() } else { format!("there is no rule `{id}`") };
    let finding = Finding { severity: level, ..RULE.finding(span, message) };
    match levels::suggestion(id) {
        Some(near) => finding.did_you_mean(near),
        None => finding.help("`isobar explain <rule>` knows all rules"),
    }
}
