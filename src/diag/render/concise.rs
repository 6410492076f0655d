//! `path:line:column: error[id]: message (on aws, gcp); did you mean …?`: one line per finding, for editors and `grep`.

use std::fmt::Write as _;

use crate::base::Sources;

use super::{Findings, Style, on_targets, place, printable_line};

pub(super) fn render(findings: &Findings, sources: &Sources, style: &Style) -> String {
    let mut out = String::new();
    for finding in findings.iter() {
        let at = place(finding.primary.span, sources, style);
        if !at.path.is_empty() {
            // Writing to a string does not fail, here and below.
            let _ = write!(out, "{}:{}:{}: ", printable_line(&at.path), at.line, at.column);
        }
        let _ = write!(
            out,
            "{}[{}]: {}{}",
            finding.severity.as_str(),
            finding.id,
            printable_line(&finding.message),
            printable_line(&on_targets(&finding.targets))
        );
        if let Some(proposal) = finding.proposal() {
            let _ = write!(out, "; {}", printable_line(proposal));
        }
        out.push('\n');
    }
    out
}
