//! Native text that lets in whom the language would not.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "exposing-attribute",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A native resource or an override lets in whom nobody named.",
    doc: include_str!("exposing_attribute.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    for on in facts.judged() {
        for found in facts.exposures(on) {
            let (text, owner) = (&found.text.text, found.text.owner.title(model));
            let message = format!("`{}: {}` of {owner} exposes it: {}", found.text.member, text.value, found.reason);
            out.push(RULE.finding(text.span, message).label("open to others").help(HELP).on(on.id()));
        }
    }
    for (on, _, statements) in facts.statements() {
        for statement in statements.iter().filter(|statement| statement.allows) {
            let Some(span) = statement.everybody else { continue };
            let owner = statement.owner.title(model);
            let message = format!("{owner} lets anybody in, on no condition");
            let help = "name who is meant, or add a condition that only they meet";
            out.push(RULE.finding(span, message).label("everybody").help(help).on(on.id()));
        }
    }
}

const HELP: &str = "leave it out, or say who is to come in by it: `# isobar: allow exposing-attribute: <reason>`";
