//! Workflow commands of GitHub: one line per finding, which the runner shows at the line of the pull request.

use std::fmt::Write as _;

use crate::diag::{Finding, Severity};

use super::{Listing, Style, on_targets, place, printable};

pub(super) fn render(listing: &Listing<'_>, style: &Style) -> String {
    let mut out = String::new();
    for finding in listing.findings.iter() {
        command(&mut out, finding, listing, style);
    }
    out
}

fn command(out: &mut String, finding: &Finding, listing: &Listing<'_>, style: &Style) {
    let kind = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "notice",
    };
    let at = place(finding.primary.span, listing.sources, style);
    let mut properties = String::new();
    if !at.path.is_empty() {
        // Writing to a string does not fail, here and below.
        let _ = write!(properties, "file={},line={},endLine={},", property(&at.path), at.line, at.end_line);
        // The runner refuses columns of a place that goes over several lines.
        if at.line == at.end_line {
            let _ = write!(properties, "col={},endColumn={},", at.column, at.end_column);
        }
    }
    let mut message = format!("{}{}", finding.message, on_targets(&finding.targets));
    if let Some(help) = &finding.help {
        let _ = write!(message, "\nhelp: {help}");
    }
    let _ = writeln!(out, "::{kind} {properties}title={}::{}", property(finding.id), data(&message));
}

/// Behind the second `::` everything up to the end of the line is the message.
fn data(text: &str) -> String {
    printable(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
