//! Data that is sent where another contract is expected.

use crate::analysis::Facts;
use crate::analysis::schema::Compatibility;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "incompatible-event",
    category: Category::Correctness,
    level: Severity::Error,
    since: "0.1.0",
    summary: "Data that a producer may send does not fit the schema that its consumer expects.",
    doc: include_str!("incompatible_event.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for meeting in facts.meetings() {
        let Compatibility::Incompatible { path, why, witness } = &meeting.answer else { continue };
        let (sent, taken) = (&meeting.sent, &meeting.taken);
        let place = if path.is_empty() { "the data".to_owned() } else { format!("`{path}`") };
        out.push(
            RULE.finding(meeting.span, format!("{sent} does not fit {taken}: at {place}, {why}"))
                .label(format!("`{}` comes through here and is refused", shown(witness)))
                .related(meeting.sender, "what is sent")
                .related(meeting.taker, "what is expected")
                .help("let the schema of what is expected take it, or let that of what is sent promise more"),
        );
    }
}

/// Short enough for a label.
fn shown(witness: &impl std::fmt::Display) -> String {
    crate::diag::shorten(&witness.to_string())
}
