//! A comment for a pull request: what was found by severity, the worst first, and folded below it what to do. The same
//! findings make the same bytes, and the first line is a marker by which a later run finds the comment that it replaces.

use std::fmt::Write as _;

use crate::base::Span;
use crate::diag::{Finding, Severity, shorten_to};

use super::markup::{markdown_code, markdown_text};
use super::uri::encoded;
use super::{Listing, Style, on_targets, place, summary};

/// The first line of every comment.
pub const MARKER: &str = "<!-- isobar:findings -->";

/// Bytes of a comment. GitHub takes 65,536 characters, and a step may want to add some of its own.
const ROOM: usize = 59_000;

/// Bytes after which no more findings are listed, so that there is room for what to do about those that are.
const LISTED: usize = 40_000;

/// Characters of one text. No message of ours is longer, but that of somebody's target may be.
const LENGTH: usize = 600;

pub(super) fn render(listing: &Listing<'_>, style: &Style) -> String {
    let view = View { listing, style };
    let mut out = format!("{MARKER}\n### Isobar: {}\n", summary(listing.findings));
    let mut listed: Vec<&Finding> = Vec::new();
    for (severity, title) in [(Severity::Error, "Errors"), (Severity::Warning, "Warnings"), (Severity::Note, "Notes")] {
        let findings = listing.findings.iter().filter(|finding| finding.severity == severity);
        let items: Vec<(&Finding, String)> = findings.map(|finding| (finding, view.item(finding))).collect();
        let mut room = LISTED.saturating_sub(out.len());
        let fits = |(_, item): &&(&Finding, String)| {
            let fits = item.len() <= room;
            room = room.saturating_sub(item.len());
            fits
        };
        let shown: Vec<&(&Finding, String)> = items.iter().take_while(fits).collect();
        listed.extend(shown.iter().map(|(finding, _)| finding));
        let list: String = shown.iter().map(|(_, item)| item.as_str()).collect();
        if list.is_empty() {
            continue;
        }
        if severity == Severity::Note {
            folded(&mut out, title, &list);
        } else {
            // Writing to a string does not fail, here and below.
            let _ = write!(out, "\n#### {title}\n\n{list}");
        }
    }
    let mut details = String::new();
    for part in listed.iter().map(|finding| view.details(finding)) {
        if out.len() + details.len() + part.len() < ROOM {
            details.push_str(&part);
        }
    }
    if !details.is_empty() {
        folded(&mut out, "Details", &details);
    }
    rest(&mut out, listing, listed.len());
    out
}

/// How many findings are not there, and where the reasons of the others are.
fn rest(out: &mut String, listing: &Listing<'_>, listed: usize) {
    let left_out = listing.findings.len() - listed;
    if left_out > 0 {
        let noun = if left_out == 1 { "finding is" } else { "findings are" };
        let _ = write!(out, "\n{left_out} more {noun} left out here; `--format concise` shows all of them.\n");
    }
    match listing.hidden.len() {
        0 => {}
        1 => out.push_str("\n1 warning or note is not shown; `isobar lint` shows it.\n"),
        n => {
            let _ = write!(out, "\n{n} warnings and notes are not shown; `isobar lint` shows them.\n");
        }
    }
    if listed > 0 {
        out.push_str("\n`isobar explain ID` says why something is found.\n");
    }
}

/// A part that is shown when somebody opens it. Markdown is read again behind an empty line.
fn folded(out: &mut String, title: &str, text: &str) {
    let _ = write!(out, "\n<details>\n<summary>{title}</summary>\n\n{text}\n</details>\n");
}

struct View<'a> {
    listing: &'a Listing<'a>,
    style: &'a Style,
}

impl View<'_> {
    /// One line of a list.
    fn item(&self, finding: &Finding) -> String {
        let message = text(&format!("{}{}", finding.message, on_targets(&finding.targets)));
        let at = self.place(finding.primary.span);
        format!("- {at}{message} ({})\n", markdown_code(finding.id))
    }

    /// What the places are and what is to be done; empty where there is nothing to say.
    fn details(&self, finding: &Finding) -> String {
        let mut out = String::new();
        let labels = std::iter::once(&finding.primary).chain(&finding.related);
        for label in labels.filter(|label| !label.text.is_empty()) {
            let _ = writeln!(out, "  - {}{}", self.place(label.span), text(&label.text));
        }
        for line in finding.help.iter().flat_map(|help| help.lines()).filter(|line| !line.trim().is_empty()) {
            let _ = writeln!(out, "  - help: {}", text(line));
        }
        if let (None, Some(fix)) = (&finding.help, &finding.fix) {
            let _ = writeln!(out, "  - fix: {}", text(&fix.title));
        }
        if out.is_empty() { out } else { format!("{}{out}", self.item(finding)) }
    }

    /// `path:line` with what separates it from the text, as a link where it is known what it leads to.
    fn place(&self, span: Span) -> String {
        let at = place(span, self.listing.sources, self.style);
        let shown = markdown_code(&format!("{}:{}", shorten_to(&at.path, LENGTH), at.line));
        match self.style.link_base.trim_end_matches('/') {
            _ if at.path.is_empty() => String::new(),
            // What is above the folder, or elsewhere, is not behind the address.
            "" => format!("{shown}: "),
            _ if at.path.starts_with('/') || at.path.split('/').any(|part| part == "..") => format!("{shown}: "),
            base => {
                let path = encoded(at.path.trim_start_matches("./"));
                format!("[{shown}]({}/{path}#L{}): ", address(base), at.line)
            }
        }
    }
}

fn text(text: &str) -> String {
    markdown_text(&shorten_to(text, LENGTH))
}

/// An address without what would end a link.
fn address(base: &str) -> String {
    let ends = |c: char| c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '<' | '>');
    base.chars().filter(|c| !ends(*c)).collect()
}
