//! What is printed, and what is known of an id beyond a finding of it.

use crate::base::Sources;
use crate::diag::codes::CODES;
use crate::diag::{Findings, Severity};

use super::{Format, Style, concise, github, human, json, junit, markdown, sarif};

/// The category of ids that have no page of their own.
pub(super) const SPECIFICATION: &str = "specification";

/// What an id means, for formats that carry it with the findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// What it finds, in one sentence.
    pub summary: &'static str,
    /// The whole page in Markdown; empty where the summary is all that can be said.
    pub text: &'static str,
    /// What it is about, in kebab case.
    pub category: &'static str,
    /// How bad its findings are, unless something says otherwise; `None` where they differ.
    pub level: Option<Severity>,
}

impl Page {
    /// The first section of the text on one line, without its title; the summary where there is none.
    pub(super) fn purpose(&self) -> String {
        let section = self.text.split("\n## ").nth(1).and_then(|section| section.split_once('\n'));
        let text = section.map_or(self.summary, |(_, text)| text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The text for readers that know no Markdown: its sections without those that are examples.
    pub(super) fn prose(&self) -> String {
        let sections = self.text.split("\n## ").skip(1).filter(|section| !section.contains("```"));
        sections.map(str::trim).collect::<Vec<_>>().join("\n\n")
    }
}

/// Findings with what it takes to print them.
#[derive(Debug, Clone, Copy)]
pub struct Listing<'a> {
    /// The findings, in the order in which they are printed.
    pub findings: &'a Findings,
    /// Others, which are counted alone.
    pub hidden: &'a Findings,
    /// What the findings point into.
    pub sources: &'a Sources,
    /// The page of an id, of those that have one; the others are looked up in [`CODES`].
    pub pages: fn(&str) -> Option<Page>,
}

/// No findings, to borrow from.
static NONE: Findings = Findings::none();

impl<'a> Listing<'a> {
    /// Findings, none hidden, without pages.
    pub fn new(findings: &'a Findings, sources: &'a Sources) -> Self {
        Self { findings, hidden: &NONE, sources, pages: |_| None }
    }

    /// The text.
    pub fn render(&self, format: Format, style: &Style) -> String {
        match format {
            Format::Human => human::render(self.findings, self.sources, style),
            Format::Concise => concise::render(self.findings, self.sources, style),
            Format::Json => json::render(self.findings, self.hidden, self.sources, style),
            Format::Sarif => sarif::render(self, style),
            Format::Junit => junit::render(self, style),
            Format::Github => github::render(self, style),
            Format::Markdown => markdown::render(self, style),
        }
    }

    /// What an id means; of one that nobody knows, its name alone.
    pub(super) fn page(&self, id: &'static str) -> Page {
        (self.pages)(id).unwrap_or_else(|| {
            let summary = CODES.iter().find(|(code, _)| *code == id).map_or(id, |(_, meaning)| *meaning);
            Page { summary, text: "", category: SPECIFICATION, level: None }
        })
    }
}
