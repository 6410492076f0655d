//! One finding and its parts.

use serde::{Deserialize, Serialize};

use crate::base::Span;

/// How bad a finding is. `off` is a level of a rule, not of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Information.
    Note,
    /// Against good advice.
    Warning,
    /// Invalid, rejected by the platform, or loss by construction.
    Error,
}

impl Severity {
    /// As printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A place and what it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Label {
    /// The smallest span that says it.
    pub span: Span,
    /// What this place is; may be empty on the primary label.
    pub text: String,
}

/// Replacement of a span by a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// What is replaced; empty to insert.
    pub span: Span,
    /// By what.
    pub text: String,
}

/// Whether a fix may be applied without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Applicability {
    /// Keeps the meaning.
    Safe,
    /// May change what the application does.
    Unsafe,
}

/// Edits that remove the finding.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fix {
    /// What it does, as an imperative clause.
    pub title: String,
    /// The edits, none overlapping.
    pub edits: Vec<Edit>,
    /// Safe or not.
    pub applicability: Applicability,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Kebab-case name of the defect: a rule's id, or that of a language error.
    pub id: &'static str,
    /// How bad.
    pub severity: Severity,
    /// One clause, lower case, no full stop, user text in backticks; makes sense alone.
    pub message: String,
    /// Where.
    pub primary: Label,
    /// Other places that matter.
    pub related: Vec<Label>,
    /// What to do, with the corrected text.
    pub help: Option<String>,
    /// How to do it mechanically.
    pub fix: Option<Fix>,
    /// The judged targets it holds on; empty where it holds whatever the target.
    pub targets: Vec<String>,
    /// The rule that says the same of the same place; where it does, and as an error, this finding is left out.
    pub unless: Option<String>,
}

impl Finding {
    fn new(id: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self {
            id,
            severity,
            message: message.into(),
            primary: Label { span, text: String::new() },
            related: Vec::new(),
            help: None,
            fix: None,
            targets: Vec::new(),
            unless: None,
        }
    }

    /// An error.
    pub fn error(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Error, span, message)
    }

    /// A warning.
    pub fn warning(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Warning, span, message)
    }

    /// A note.
    pub fn note(id: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, Severity::Note, span, message)
    }

    /// A finding of a rule at the rule's level.
    pub fn at(id: &'static str, severity: Severity, span: Span, message: impl Into<String>) -> Self {
        Self::new(id, severity, span, message)
    }

    /// Says what the primary place is.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.primary.text = text.into();
        self
    }

    /// Adds another place.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label { span, text: text.into() });
        self
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }

    /// Proposes the known word that was meant: the primary place holds the one that nobody knows.
    #[must_use]
    pub fn did_you_mean(self, near: &str) -> Self {
        let span = self.primary.span;
        self.help(format!("did you mean `{near}`?")).fix(format!("write `{near}`"), span, near, Applicability::Unsafe)
    }

    /// Says more behind the help that is there.
    #[must_use]
    pub fn and_help(mut self, more: &str) -> Self {
        self.help = Some(self.help.map_or_else(|| more.to_owned(), |help| format!("{help} {more}")));
        self
    }

    /// The word that is proposed, as the help says it: ``did you mean `x`?``
    pub fn proposal(&self) -> Option<&str> {
        let help = self.help.as_deref().filter(|help| help.starts_with("did you mean `"))?;
        help.find("`?").and_then(|end| help.get(..end + 2))
    }

    /// Adds a fix of one edit.
    #[must_use]
    pub fn fix(
        mut self,
        title: impl Into<String>,
        span: Span,
        text: impl Into<String>,
        applicability: Applicability,
    ) -> Self {
        let edits = vec![Edit { span, text: text.into() }];
        self.fix = Some(Fix { title: title.into(), edits, applicability });
        self
    }

    /// Names the target it holds on.
    #[must_use]
    pub fn on(mut self, target: impl Into<String>) -> Self {
        self.targets.push(target.into());
        self
    }

    /// Leaves it to a rule to say it, unless that is silent.
    #[must_use]
    pub fn unless(mut self, rule: Option<String>) -> Self {
        self.unless = rule;
        self
    }
}
