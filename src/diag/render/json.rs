//! One JSON document per run, even when nothing was found. The types are public because `schema/findings.json`
//! is generated from them.

use serde::Serialize;

use crate::base::{Sources, Span};
use crate::diag::{Applicability, Finding, Findings, Fix, Label, Severity};

use super::printable::is_unsafe;
use super::{Style, place};

/// Version of the document. It grows when a field is removed or changes its meaning, not when one is added.
pub const VERSION: u32 = 1;

/// What `--format json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[schemars(title = "Findings of Isobar")]
pub struct Document {
    /// Version of this format, 1.
    pub version: u32,
    /// The findings, by place.
    pub findings: Vec<DocumentFinding>,
    /// How many there are.
    pub summary: DocumentSummary,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentFinding {
    /// Kebab-case name of the defect; `isobar explain <id>` says why.
    pub id: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, as one clause.
    pub message: String,
    /// Where, and what this place is.
    #[serde(flatten)]
    pub place: DocumentPlace,
    /// What to do; absent where nothing better than the message can be said.
    pub help: Option<String>,
    /// Other places that matter.
    pub related: Vec<DocumentPlace>,
    /// Edits that remove the finding.
    pub fix: Option<DocumentFix>,
    /// The judged targets that it holds on; empty where it holds whatever the target.
    pub targets: Vec<String>,
}

/// A range of a file. Lines and columns count from 1, columns in characters; the end is behind the last character.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentPlace {
    /// Path of the file, relative to the working folder; empty where no file could be read.
    pub path: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// What this place is; empty where the message says it.
    pub label: String,
}

/// Edits that belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentFix {
    /// What it does, as an imperative clause.
    pub title: String,
    /// Whether it keeps the meaning.
    pub applicability: Applicability,
    /// Replacements, none overlapping.
    pub edits: Vec<DocumentEdit>,
}

/// Replacement of a range by a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentEdit {
    /// Path of the file, relative to the working folder.
    pub path: String,
    /// First line.
    pub line: u32,
    /// First column.
    pub column: u32,
    /// Last line.
    pub end_line: u32,
    /// Column behind the last character.
    pub end_column: u32,
    /// What stands there instead.
    pub text: String,
}

/// How many findings of each severity, those that are not listed included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct DocumentSummary {
    /// Errors.
    pub errors: usize,
    /// Warnings.
    pub warnings: usize,
    /// Notes.
    pub notes: usize,
    /// How many of them are not listed: a command shows what can make it fail, and `isobar lint` shows all.
    pub hidden: usize,
}

impl Document {
    /// The document for some findings, and for others that are counted alone.
    pub fn new(findings: &Findings, hidden: &Findings, sources: &Sources, style: &Style) -> Self {
        let view = View { sources, style };
        let count = |severity| findings.count(severity) + hidden.count(severity);
        Self {
            version: VERSION,
            findings: findings.iter().map(|f| view.finding(f)).collect(),
            summary: DocumentSummary {
                errors: count(Severity::Error),
                warnings: count(Severity::Warning),
                notes: count(Severity::Note),
                hidden: hidden.len(),
            },
        }
    }
}

struct View<'a> {
    sources: &'a Sources,
    style: &'a Style,
}

impl View<'_> {
    fn finding(&self, finding: &Finding) -> DocumentFinding {
        DocumentFinding {
            id: finding.id.to_owned(),
            severity: finding.severity,
            message: finding.message.clone(),
            place: self.label(&finding.primary),
            help: finding.help.clone(),
            related: finding.related.iter().map(|l| self.label(l)).collect(),
            fix: finding.fix.as_ref().map(|f| self.fix(f)),
            targets: finding.targets.clone(),
        }
    }

    fn label(&self, label: &Label) -> DocumentPlace {
        let at = place(label.span, self.sources, self.style);
        DocumentPlace {
            path: at.path,
            line: at.line,
            column: at.column,
            end_line: at.end_line,
            end_column: at.end_column,
            label: label.text.clone(),
        }
    }

    fn fix(&self, fix: &Fix) -> DocumentFix {
        DocumentFix {
            title: fix.title.clone(),
            applicability: fix.applicability,
            edits: fix.edits.iter().map(|e| self.edit(e.span, &e.text)).collect(),
        }
    }

    fn edit(&self, span: Span, text: &str) -> DocumentEdit {
        let at = place(span, self.sources, self.style);
        DocumentEdit {
            path: at.path,
            line: at.line,
            column: at.column,
            end_line: at.end_line,
            end_column: at.end_column,
            text: text.to_owned(),
        }
    }
}

pub(super) fn render(findings: &Findings, hidden: &Findings, sources: &Sources, style: &Style) -> String {
    text(&Document::new(findings, hidden, sources, style))
}

/// A document as text.
pub(super) fn text(document: &impl Serialize) -> String {
    // Strings, numbers and lists only: there is nothing that could fail.
    let mut text = serde_json::to_string_pretty(document).unwrap_or_default();
    text.push('\n');
    if !text.contains(is_unsafe) {
        return text;
    }
    // JSON escapes only the first 32 characters itself. The others that a terminal or a reader would obey stand
    // inside strings, where an escape means the same.
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if is_unsafe(c) {
            use std::fmt::Write as _;
            let _ = write!(out, "\\u{:04x}", c as u32);
        } else {
            out.push(c);
        }
    }
    out
}
