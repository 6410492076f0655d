//! Findings as text for people and machines. One file per format; each is a pure function of the findings and
//! the sources, so that the same findings print the same bytes everywhere. Where they are printed, and whether
//! there are colours, is the caller's business.

mod concise;
mod excerpt;
mod github;
mod human;
mod json;
mod junit;
mod markdown;
mod markup;
mod page;
mod printable;
mod sarif;
mod uri;

pub use json::{
    Document, DocumentEdit, DocumentFinding, DocumentFix, DocumentPlace, DocumentSummary, VERSION as JSON_VERSION,
};
pub use markdown::MARKER;
pub use markup::{markdown_code, markdown_text};
pub use page::{Listing, Page};
pub use printable::{printable, printable_line};

use crate::base::{Sources, Span};

use super::{Findings, Severity};

/// How findings are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Format {
    /// Excerpts of the sources with labels.
    #[default]
    Human,
    /// One line per finding.
    Concise,
    /// One document, see [`Document`].
    Json,
    /// One document for code scanning and editors.
    Sarif,
    /// One document for the test reports of CI systems.
    Junit,
    /// One workflow command of GitHub per finding.
    Github,
    /// One document for a comment on a pull request.
    Markdown,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] =
        &[Self::Human, Self::Concise, Self::Json, Self::Sarif, Self::Junit, Self::Github, Self::Markdown];

    /// Whether the text is one document, to which nothing may be added.
    pub const fn is_document(self) -> bool {
        match self {
            Self::Human | Self::Concise | Self::Github => false,
            Self::Json | Self::Sarif | Self::Junit | Self::Markdown => true,
        }
    }
}

/// What the reader can show.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Style {
    /// Escape sequences for colours.
    pub color: bool,
    /// Box-drawing characters instead of ASCII.
    pub unicode: bool,
    /// Folder that is put before the path of every source file, so that it leads to the file from where the
    /// user stands; empty when that is the folder of the sources.
    pub base: String,
    /// Address that is put before the path of a file where it is linked; empty for no links.
    pub link_base: String,
}

impl Style {
    /// The path of a source file as the user reaches it.
    fn path(&self, path: &str) -> String {
        // Files of targets are shown as they were named, or as part of the program; those of the spec never begin so.
        let is_target = path.starts_with(['.', '/']) || path.starts_with("targets/");
        match self.base.as_str() {
            "" => path.to_owned(),
            _ if is_target => path.to_owned(),
            base => format!("{}/{path}", base.trim_end_matches('/')),
        }
    }
}

/// Prints findings in the order in which they are given.
pub fn render(findings: &Findings, sources: &Sources, format: Format, style: &Style) -> String {
    Listing::new(findings, sources).render(format, style)
}

/// `2 errors, 1 warning`; `no findings` when there are none.
pub fn summary(findings: &Findings) -> String {
    let count = |severity: Severity| match findings.count(severity) {
        0 => None,
        1 => Some(format!("1 {}", severity.as_str())),
        n => Some(format!("{n} {}s", severity.as_str())),
    };
    let parts: Vec<String> =
        [Severity::Error, Severity::Warning, Severity::Note].into_iter().filter_map(count).collect();
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// ` (on aws, gcp)`, or nothing where a finding holds whatever the target.
fn on_targets(targets: &[String]) -> String {
    if targets.is_empty() { String::new() } else { format!(" (on {})", targets.join(", ")) }
}

/// A place in numbers that people use.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    path: String,
    line: u32,
    column: u32,
    end_line: u32,
    end_column: u32,
}

fn place(span: Span, sources: &Sources, style: &Style) -> Place {
    match sources.get(span.file) {
        Some(file) => {
            let (start, end) = (file.position(span.start), file.position(span.end.max(span.start)));
            Place {
                path: style.path(file.path()),
                line: start.line,
                column: start.column,
                end_line: end.line,
                end_column: end.column,
            }
        }
        // A finding about a file that could not be read has no text to point into.
        None => Place { path: String::new(), line: 1, column: 1, end_line: 1, end_column: 1 },
    }
}

#[cfg(test)]
mod document_tests;
#[cfg(test)]
mod tests;
