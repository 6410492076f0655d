//! JUnit XML, which most CI systems show: one suite per category, one case per finding. Errors and warnings are
//! failures, notes are cases that pass and say something; where nothing is found, one case passes.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::diag::{Finding, Severity};

use super::page::SPECIFICATION;
use super::{Listing, Style, on_targets, place, printable};

/// One case, written out.
struct Case {
    text: String,
    fails: bool,
}

pub(super) fn render(listing: &Listing<'_>, style: &Style) -> String {
    let mut suites: BTreeMap<&str, Vec<Case>> = BTreeMap::new();
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    for finding in listing.findings.iter() {
        let category = listing.page(finding.id).category;
        let mut name = format!("{}: {}{}", finding.id, finding.message, on_targets(&finding.targets));
        let count = names.entry(name.clone()).or_default();
        *count += 1;
        // By its name a case is known again in the next run, so that no two may share one.
        if *count > 1 {
            let _ = write!(name, " ({count})");
        }
        suites.entry(category).or_default().push(case(finding, category, &name, listing, style));
    }
    if suites.is_empty() {
        let text = format!("    <testcase classname=\"isobar.{SPECIFICATION}\" name=\"no findings\" time=\"0\"/>\n");
        suites.insert(SPECIFICATION, vec![Case { text, fails: false }]);
    }
    let cases = || suites.values().flatten();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let (all, failed) = (cases().count(), cases().filter(|case| case.fails).count());
    let _ = writeln!(out, "<testsuites name=\"isobar\" tests=\"{all}\" failures=\"{failed}\" errors=\"0\" time=\"0\">");
    for (category, cases) in &suites {
        let (all, failed) = (cases.len(), cases.iter().filter(|case| case.fails).count());
        let _ = writeln!(
            out,
            "  <testsuite name=\"isobar.{category}\" tests=\"{all}\" failures=\"{failed}\" errors=\"0\" skipped=\"0\" \
             time=\"0\">"
        );
        out.extend(cases.iter().map(|case| case.text.as_str()));
        out.push_str("  </testsuite>\n");
    }
    out.push_str("</testsuites>\n");
    out
}

fn case(finding: &Finding, category: &str, name: &str, listing: &Listing<'_>, style: &Style) -> Case {
    let at = place(finding.primary.span, listing.sources, style);
    let mut text = format!("    <testcase classname=\"isobar.{category}\" name=\"{}\"", escaped(name, true));
    let mut body = String::new();
    if !at.path.is_empty() {
        // Writing to a string does not fail, here and below.
        let _ = write!(text, " file=\"{}\" line=\"{}\"", escaped(&at.path, true), at.line);
        let _ = write!(body, "{}:{}:{}: ", at.path, at.line, at.column);
    }
    let _ = write!(body, "{}[{}]: {}", finding.severity.as_str(), finding.id, finding.message);
    body.push_str(&on_targets(&finding.targets));
    for label in std::iter::once(&finding.primary).chain(&finding.related).filter(|label| !label.text.is_empty()) {
        let at = place(label.span, listing.sources, style);
        let _ = write!(body, "\n{}:{}:{}: {}", at.path, at.line, at.column, label.text);
    }
    if let Some(help) = &finding.help {
        let _ = write!(body, "\nhelp: {help}");
    }
    let (severity, body) = (finding.severity, escaped(&body, false));
    let fails = severity >= Severity::Warning;
    let element = if fails {
        let message = escaped(&finding.message, true);
        format!("<failure type=\"{}\" message=\"{message}\">{body}</failure>", severity.as_str())
    } else {
        format!("<system-out>{body}</system-out>")
    };
    let _ = writeln!(text, " time=\"0\">\n      {element}\n    </testcase>");
    Case { text, fails }
}

/// Text of an attribute or an element. What XML 1.0 has no form for, and what a terminal obeys, is shown instead.
fn escaped(text: &str, is_attribute: bool) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in printable(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // A reader makes these spaces in an attribute.
            '\n' if is_attribute => out.push_str("&#10;"),
            '\t' if is_attribute => out.push_str("&#9;"),
            '\u{fffe}' | '\u{ffff}' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}
