//! What a template becomes once it was checked: a short list of steps, closed by construction. A step can print a
//! text of the template, print one field through an encoder, loop, test a flag or include another program, so a
//! template that compiled to steps can do nothing else.

use super::Encoder;

/// One template or partial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Program {
    /// Its name, for messages.
    pub(super) name: Box<str>,
    /// What it does, in order.
    pub(super) steps: Vec<Step>,
}

/// One thing that a template does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// Prints a text of the template.
    Text(Box<str>),
    /// Prints a field.
    Encode { encoder: Encoder, field: Field, line: u32 },
    /// Runs `body` for each element of a list, `otherwise` when there is none.
    Each { field: Field, body: Vec<Step>, otherwise: Vec<Step>, line: u32 },
    /// Runs `body` when the flag equals `wanted`, else `otherwise`.
    If { field: Field, wanted: bool, body: Vec<Step>, otherwise: Vec<Step>, line: u32 },
    /// Runs another program, each of its lines behind `indent`.
    Include { partial: usize, indent: Box<str>, line: u32 },
}

/// Where a field is looked up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// As written, for messages.
    pub(super) text: Box<str>,
    /// From where.
    pub(super) from: From,
    /// The keys on the way; empty for the element itself.
    pub(super) keys: Box<[Box<str>]>,
}

/// The start of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum From {
    /// The element of the innermost loop, or the whole view.
    Here,
    /// What stands around the innermost loop.
    Outside,
    /// The number of the element, from 0.
    Index,
    /// Whether it is the first.
    First,
    /// Whether it is the last.
    Last,
}

impl Field {
    /// Reads a plain path. The error says what to write instead.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let field = |from, keys| Ok(Self { text: text.into(), from, keys });
        match text {
            "this" | "." => return field(From::Here, Box::default()),
            "@index" => return field(From::Index, Box::default()),
            "@first" => return field(From::First, Box::default()),
            "@last" => return field(From::Last, Box::default()),
            _ => {}
        }
        let (from, rest) = match text.strip_prefix("../") {
            Some(rest) => (From::Outside, rest),
            None => (From::Here, text.strip_prefix("this.").unwrap_or(text)),
        };
        if rest.starts_with("../") {
            return Err(format!("`{text}` climbs more than one level; let the view carry the field in each element"));
        }
        if rest.starts_with('@') {
            return Err(format!(
                "`{text}` is no field; only `@index`, `@first` and `@last` of the innermost loop are known"
            ));
        }
        let is_key = |key: &str| {
            !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') && key != "this"
        };
        if rest.split('.').all(is_key) {
            return field(from, rest.split('.').map(Box::from).collect());
        }
        Err(format!("`{text}` is no plain path; write keys joined by dots, such as `dead_letter.id`"))
    }

    /// The last key.
    pub(super) fn last(&self) -> &str {
        self.keys.last().map_or("", AsRef::as_ref)
    }
}
