//! Findings for people: the message, an excerpt of each file with its labels, and what to do.

use std::collections::BTreeMap;
use std::fmt;

use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use crate::base::{FileId, Sources, Span};
use crate::diag::{Finding, Findings, Label, Severity};

use super::excerpt::Excerpt;
use super::{Style, on_targets, printable, printable_line};

/// Nobody reads more than this many; the rest is counted.
const SHOWN: usize = 100;

pub(super) fn render(findings: &Findings, sources: &Sources, style: &Style) -> String {
    let mut page = Page { sources, style, excerpts: BTreeMap::new(), out: String::new() };
    // When not all are shown, the worst are.
    let mut picked: Vec<(usize, &Finding)> = findings.iter().enumerate().collect();
    if picked.len() > SHOWN {
        picked.sort_by_key(|(place, f)| (std::cmp::Reverse(f.severity), *place));
        picked.truncate(SHOWN);
        picked.sort_by_key(|(place, _)| *place);
    }
    for (_, finding) in &picked {
        page.finding(finding);
    }
    let rest = findings.len() - picked.len();
    if rest > 0 {
        let noun = if rest == 1 { "finding" } else { "findings" };
        let dots = if style.unicode { "…" } else { "..." };
        page.out.extend([
            dots,
            " and ",
            &rest.to_string(),
            " more ",
            noun,
            "; `--format concise` shows all of them\n\n",
        ]);
    }
    page.out
}

struct Page<'a> {
    sources: &'a Sources,
    style: &'a Style,
    excerpts: BTreeMap<FileId, Excerpt<'a>>,
    out: String,
}

/// One report of `miette`: labels in one file.
struct Report<'a> {
    message: String,
    severity: Severity,
    excerpt: Option<&'a Excerpt<'a>>,
    labels: Vec<LabeledSpan>,
    help: Option<String>,
}

impl Page<'_> {
    fn finding(&mut self, finding: &Finding) {
        let file = finding.primary.span.file;
        let (here, elsewhere): (Vec<&Label>, Vec<&Label>) = finding.related.iter().partition(|l| l.span.file == file);
        let help = help(finding);
        let mut reports = vec![(
            format!("{}[{}]:", finding.severity.as_str(), finding.id),
            format!("{}{}", finding.message, on_targets(&finding.targets)),
            finding.severity,
            std::iter::once(&finding.primary).chain(here).collect::<Vec<_>>(),
        )];
        for label in elsewhere {
            reports.push(("note:".to_owned(), label.text.clone(), Severity::Note, vec![label]));
        }
        let last = reports.len() - 1;
        for (index, (icon, message, severity, labels)) in reports.into_iter().enumerate() {
            let help = if index == last { help.clone() } else { None };
            self.report(&icon, &message, severity, &labels, help);
        }
        self.out.push('\n');
    }

    fn report(&mut self, icon: &str, message: &str, severity: Severity, labels: &[&Label], help: Option<String>) {
        let file = labels.first().map(|l| l.span.file);
        if let Some(source) = file.and_then(|id| self.sources.get(id)) {
            let path = printable_line(&self.style.path(source.path())).into_owned();
            if let Some(id) = file {
                self.excerpts.entry(id).or_insert_with(|| Excerpt::new(source, path));
            }
        }
        let excerpt = file.and_then(|id| self.excerpts.get(&id));
        let of_note = icon == "note:";
        let labels = excerpt.map_or_else(Vec::new, |e| {
            labels.iter().enumerate().map(|(i, l)| labeled(e, l.span, &l.text, i == 0, of_note)).collect()
        });
        let message = printable_line(message).into_owned();
        let report = Report { message, severity, excerpt, labels, help };
        let mut text = String::new();
        // Writing to a string does not fail, and all spans are within their files.
        let _ = handler(self.style, icon).render_report(&mut text, &report);
        // The excerpt stands at the margin, and so does its message.
        for line in text.strip_prefix("  ").unwrap_or(&text).lines() {
            self.out.push_str(line.trim_end());
            self.out.push('\n');
        }
    }
}

fn labeled(excerpt: &Excerpt<'_>, span: Span, text: &str, primary: bool, of_note: bool) -> LabeledSpan {
    let (start, length) = excerpt.underlined(span);
    // In another file the text of the label is the message already.
    let text = (!text.is_empty() && !of_note).then(|| printable_line(text).into_owned());
    if primary {
        LabeledSpan::new_primary_with_span(text, (start, length))
    } else {
        LabeledSpan::new_with_span(text, (start, length))
    }
}

fn help(finding: &Finding) -> Option<String> {
    let fix = finding.fix.as_ref().map(|fix| fix.title.as_str());
    // A fix often says in its title what the help says: once is enough.
    let text = match (finding.help.as_deref(), fix) {
        (Some(help), Some(fix)) if !help.contains(fix) && finding.proposal().is_none() => format!("{help}\nfix: {fix}"),
        (Some(help), _) => help.to_owned(),
        (None, Some(fix)) => fix.to_owned(),
        (None, None) => return None,
    };
    Some(printable(&text).into_owned())
}

fn handler(style: &Style, icon: &str) -> GraphicalReportHandler {
    let mut theme = match (style.unicode, style.color) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let icons = &mut theme.characters;
    icon.clone_into(&mut icons.error);
    icon.clone_into(&mut icons.warning);
    icon.clone_into(&mut icons.advice);
    // A terminal breaks long lines itself, and a file wants them whole.
    GraphicalReportHandler::new_themed(theme).with_wrap_lines(false).with_urls(false).without_syntax_highlighting()
}

impl Diagnostic for Report<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
            Severity::Note => miette::Severity::Advice,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.help.as_ref().map(|h| Box::new(h) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.excerpt.map(|e| e as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        Some(Box::new(self.labels.iter().cloned()))
    }
}

impl std::error::Error for Report<'_> {}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
