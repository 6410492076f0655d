//! Data of one contract where another is expected, and nobody can tell whether it fits.

use crate::analysis::Facts;
use crate::analysis::schema::Compatibility;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unknown-compatibility",
    category: Category::Correctness,
    level: Severity::Note,
    since: "0.1.0",
    summary: "Whether what a producer sends fits what its consumer expects cannot be told from their schemas.",
    doc: include_str!("unknown_compatibility.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for meeting in facts.meetings() {
        let Compatibility::Unknown { path, why } = &meeting.answer else { continue };
        let (sent, taken) = (&meeting.sent, &meeting.taken);
        let place = if path.is_empty() { "the data".to_owned() } else { format!("`{path}`") };
        out.push(
            RULE.finding(meeting.span, format!("whether {sent} fits {taken} is not known: at {place}, {why}"))
                .related(meeting.sender, "what is sent")
                .related(meeting.taker, "what is expected")
                .help(
                    "name every member in the schema of what is sent, and close it with `additionalProperties: false`",
                ),
        );
    }
}
