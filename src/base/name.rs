//! Identifiers: each kind of name is a type of its own, checked once when it is read.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

/// Why a text is no identifier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameError {
    /// Nothing there.
    Empty,
    /// More characters than allowed; the cap.
    TooLong(usize),
    /// A character that may not stand there.
    Character(char),
    /// It has to start with a lower-case letter.
    Start,
    /// It may not end with a hyphen.
    End,
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("it is empty"),
            Self::TooLong(cap) => write!(f, "it is longer than {cap} characters"),
            Self::Character(c) => write!(f, "{c:?} is not a lower-case letter, digit or hyphen"),
            Self::Start => f.write_str("it has to start with a lower-case letter"),
            Self::End => f.write_str("it may not end with a hyphen"),
        }
    }
}

fn check(text: &str, cap: usize) -> Result<(), NameError> {
    let first = text.chars().next().ok_or(NameError::Empty)?;
    if text.len() > cap {
        return Err(NameError::TooLong(cap));
    }
    if let Some(c) = text.chars().find(|c| !(c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '-')) {
        return Err(NameError::Character(c));
    }
    if !first.is_ascii_lowercase() {
        return Err(NameError::Start);
    }
    if text.ends_with('-') { Err(NameError::End) } else { Ok(()) }
}

/// A name of an application, resource, function, workflow, variable or environment:
/// `[a-z]([a-z0-9-]{0,61}[a-z0-9])?`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Name(Arc<str>);

impl Name {
    /// Checks the text.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        check(text, 63).map(|()| Self(text.into()))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The type of an event: identifiers joined by dots, at most 128 characters. It is the `CloudEvents` `type`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EventType(Arc<str>);

impl EventType {
    /// Checks the text.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if text.len() > 128 {
            return Err(NameError::TooLong(128));
        }
        text.split('.').try_for_each(|part| check(part, 63))?;
        Ok(Self(text.into()))
    }

    /// The type as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EventType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The name of an environment variable that a user gives a function: `[A-Za-z_][A-Za-z0-9_]*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct EnvName(Arc<str>);

impl EnvName {
    /// Checks the text; at most 128 characters.
    pub fn parse(text: &str) -> Result<Self, NameError> {
        let first = text.chars().next().ok_or(NameError::Empty)?;
        if text.len() > 128 {
            return Err(NameError::TooLong(128));
        }
        if first.is_ascii_digit() {
            return Err(NameError::Start);
        }
        match text.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '_')) {
            Some(c) => Err(NameError::Character(c)),
            None => Ok(Self(text.into())),
        }
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The top-level keys whose entries are nodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// `events:`
    Events,
    /// `resources:`
    Resources,
    /// `functions:`
    Functions,
    /// `workflows:`
    Workflows,
}

impl Section {
    /// The key as written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Resources => "resources",
            Self::Functions => "functions",
            Self::Workflows => "workflows",
        }
    }
}

/// A node as the user names it on the command line and in output: `functions.place-order`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NodePath {
    /// The key it stands under.
    pub section: Section,
    /// Its name; for an event its type.
    pub name: Arc<str>,
}

impl NodePath {
    /// A path.
    pub fn new(section: Section, name: &str) -> Self {
        Self { section, name: name.into() }
    }
}

impl fmt::Display for NodePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.section.as_str(), self.name)
    }
}

impl Serialize for NodePath {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Whether a text is an identifier of the languages that outputs are in: letters, digits, hyphens and underscores, no digit or hyphen first.
pub(crate) fn is_identifier(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_are_lower_case_and_short() {
        for text in ["a", "a1", "place-order", "a--b", &"x".repeat(63)] {
            assert_eq!(Name::parse(text).map(|n| n.as_str().to_owned()).as_deref(), Ok(text));
        }
        for (text, error, message) in [
            ("", NameError::Empty, "it is empty"),
            (&*"x".repeat(64), NameError::TooLong(63), "it is longer than 63 characters"),
            ("1a", NameError::Start, "it has to start with a lower-case letter"),
            ("-a", NameError::Start, "it has to start with a lower-case letter"),
            ("a-", NameError::End, "it may not end with a hyphen"),
            ("aB", NameError::Character('B'), "'B' is not a lower-case letter, digit or hyphen"),
            ("ä", NameError::Character('ä'), "'ä' is not a lower-case letter, digit or hyphen"),
            ("a b", NameError::Character(' '), "' ' is not a lower-case letter, digit or hyphen"),
            ("a\n", NameError::Character('\n'), "'\\n' is not a lower-case letter, digit or hyphen"),
        ] {
            assert_eq!(Name::parse(text), Err(error), "{text:?}");
            assert_eq!(error.to_string(), message);
        }
    }

    #[test]
    fn event_types_are_names_joined_by_dots() {
        for text in ["order", "order.placed", "a.b.c-d"] {
            assert_eq!(EventType::parse(text).map(|t| t.to_string()).as_deref(), Ok(text));
        }
        assert_eq!(EventType::parse("order..placed"), Err(NameError::Empty));
        assert_eq!(EventType::parse(".a"), Err(NameError::Empty));
        assert_eq!(EventType::parse("order.Placed"), Err(NameError::Character('P')));
        assert_eq!(EventType::parse(&"a.".repeat(70)), Err(NameError::TooLong(128)));
        assert_eq!(EventType::parse(&"a".repeat(64)), Err(NameError::TooLong(63)));
    }

    #[test]
    fn variables_of_functions_are_those_of_a_shell() {
        for text in ["PATH", "_x", "a1_B"] {
            assert_eq!(EnvName::parse(text).map(|n| n.as_str().to_owned()).as_deref(), Ok(text));
        }
        assert_eq!(EnvName::parse(""), Err(NameError::Empty));
        assert_eq!(EnvName::parse("1A"), Err(NameError::Start));
        assert_eq!(EnvName::parse("A-B"), Err(NameError::Character('-')));
        assert_eq!(EnvName::parse(&"A".repeat(129)), Err(NameError::TooLong(128)));
    }

    #[test]
    fn node_paths_are_printed_as_users_write_them() {
        let path = NodePath::new(Section::Events, "order.placed");
        assert_eq!(path.to_string(), "events.order.placed");
        assert_eq!(serde_json::to_string(&path).unwrap(), "\"events.order.placed\"");
        let sections = [Section::Events, Section::Resources, Section::Functions, Section::Workflows];
        for section in sections {
            assert_eq!(serde_json::to_string(&section).unwrap(), format!("\"{}\"", section.as_str()));
        }
    }

    proptest! {
        #[test]
        fn names_are_what_the_grammar_says(text in "[a-zA-Z0-9-]{0,66}") {
            let first = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
            let rest = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
            prop_assert_eq!(Name::parse(&text).is_ok(), first && rest && text.len() <= 63 && !text.ends_with('-'));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            prop_assert_eq!(Name::parse(&text).is_ok_and(|n| n.as_str() != text), false);
            let _ = (EventType::parse(&text), EnvName::parse(&text));
        }
    }
}
