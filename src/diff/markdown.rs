//! The report as a comment on a pull request: what stands out at once, all the rest folded. It begins with a mark that
//! does not change, by which a bot finds its comment again to write over it, and stays under what a comment may have.

use std::fmt::Write as _;

use super::document::{ChangeDocument, DecisionDocument, DiffDocument};
use super::text::{detail_text, mark, on_targets, place, summary};
use super::{Class, Level};
use crate::diag::render::{markdown_code, markdown_text};

/// By which the comment is found again.
pub const MARKER: &str = "<!-- isobar:diff -->";
/// A comment of GitHub has at most 65,536 characters.
const MOST: usize = 60_000;
/// Left for the line that says how much is missing, and the ends of what is open.
const RESERVE: usize = 400;
/// Most details of one change.
const DETAILS: usize = 12;

/// The text.
pub fn markdown(document: &DiffDocument) -> String {
    let mut page = Page { out: format!("{MARKER}\n"), length: MARKER.len(), left_out: 0 };
    let targets = on_targets(&document.targets);
    page.add(&format!("### Isobar: {}{}\n", summary(document), markdown_text(&targets)));
    let denied = document.denied();
    if denied > 0 {
        page.add(&format!("\n**{denied} denied.**\n"));
    }
    let grave: Vec<&ChangeDocument> = document.changes.iter().filter(|change| stands_out(change)).collect();
    if !grave.is_empty() {
        page.add("\n");
    }
    for change in grave {
        page.change(change);
    }
    for level in Level::ALL {
        let changes: Vec<&ChangeDocument> = document.of_level(*level).filter(|change| !stands_out(change)).collect();
        if changes.is_empty() {
            continue;
        }
        let counts = counts(&changes);
        page.add(&format!("\n<details><summary>{}: {counts}</summary>\n\n", level.title()));
        for change in changes {
            page.change(change);
        }
        page.close("\n</details>\n");
    }
    for note in &document.notes {
        page.add(&format!("\n_{}_\n", markdown_text(note)));
    }
    if page.left_out > 0 {
        let n = page.left_out;
        page.close(&format!("\n_{n} more changes are left out here; `isobar diff` shows all._\n"));
    }
    page.out
}

fn stands_out(change: &ChangeDocument) -> bool {
    mark(change.class) == '!' || change.decision != DecisionDocument::Free
}

/// `2 changed, 1 added`
fn counts(changes: &[&ChangeDocument]) -> String {
    let of = |class: &Class| match changes.iter().filter(|change| change.class == *class).count() {
        0 => None,
        n => Some(format!("{n} {class}")),
    };
    Class::ALL.iter().filter_map(of).collect::<Vec<_>>().join(", ")
}

struct Page {
    out: String,
    /// In characters.
    length: usize,
    left_out: usize,
}

impl Page {
    /// Adds a text if there is room for it.
    fn add(&mut self, text: &str) -> bool {
        let length = text.chars().count();
        let fits = self.length + length <= MOST - RESERVE;
        if fits {
            self.close(text);
        }
        fits
    }

    /// Adds what has room in any case.
    fn close(&mut self, text: &str) {
        self.out.push_str(text);
        self.length += text.chars().count();
    }

    fn change(&mut self, change: &ChangeDocument) {
        let mut text = format!(
            "- {}**{}** {}{}",
            if mark(change.class) == '!' { "⚠️ " } else { "" },
            change.class,
            markdown_text(&change.message),
            markdown_text(&on_targets(&change.targets))
        );
        if let Some(place) = place(change) {
            // Writing to a string does not fail, here and below.
            let _ = write!(text, " ({})", markdown_code(&place));
        }
        match &change.decision {
            DecisionDocument::Free => {}
            DecisionDocument::Denied => text.push_str(" **denied**"),
            DecisionDocument::Accepted { reason, until } => {
                let _ = write!(text, " _accepted until {until}: {}_", markdown_text(reason));
            }
        }
        text.push('\n');
        if !change.details.is_empty() {
            text.push_str("  <details><summary>details</summary>\n\n");
            for detail in change.details.iter().take(DETAILS) {
                let _ = writeln!(text, "  - {}", markdown_text(&detail_text(detail)));
            }
            if let Some(more) = change.details.len().checked_sub(DETAILS + 1) {
                let _ = writeln!(text, "  - and {} more", more + 1);
            }
            text.push_str("\n  </details>\n");
        }
        if !self.add(&text) {
            self.left_out += 1;
        }
    }
}
