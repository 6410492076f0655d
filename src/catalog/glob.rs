//! Texts with wildcards, and whether two of them can mean the same text.

use serde::{Deserialize, Deserializer};

/// A word that nobody has in mind, long enough for each `?` that somebody writes.
const ARBITRARY: &str = "zq7x-zq7x-zq7x-zq7x-zq7x-zq7x-zq7x";

/// A text in which parts are left open.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Glob {
    tokens: Vec<Token>,
    text: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// This character.
    Char(char),
    /// One character; with `within` any but those that part an address.
    One { within: bool },
    /// Any number of them.
    Many { within: bool },
}

impl Token {
    /// Whether one character can be both. Two that are repeated share one as a rule.
    const fn meets(self, other: Self) -> bool {
        match (self, other) {
            (Self::Char(a), Self::Char(b)) => a == b,
            (Self::Char(c), Self::One { within } | Self::Many { within })
            | (Self::One { within } | Self::Many { within }, Self::Char(c)) => !within || !matches!(c, '/' | ':'),
            (Self::One { .. } | Self::Many { .. }, Self::One { .. } | Self::Many { .. }) => true,
        }
    }

    const fn is_many(self) -> bool {
        matches!(self, Self::Many { .. })
    }
}

impl Glob {
    /// As a catalogue writes it: `*` is any text, `+` one of at least one character without `/` and `:`.
    pub fn parse(text: &str) -> Self {
        let tokens = |c: char| match c {
            '*' => vec![Token::Many { within: false }],
            '+' => vec![Token::One { within: true }, Token::Many { within: true }],
            c => vec![Token::Char(c)],
        };
        Self { tokens: text.chars().flat_map(tokens).collect(), text: text.to_owned() }
    }

    /// As policies write it: `*` is any text, `?` one character.
    pub fn written(text: &str) -> Self {
        let token = |c: char| match c {
            '*' => Token::Many { within: false },
            '?' => Token::One { within: false },
            c => Token::Char(c),
        };
        Self { tokens: text.chars().map(token).collect(), text: text.to_owned() }
    }

    /// A text as it is.
    pub fn literal(text: &str) -> Self {
        Self { tokens: text.chars().map(Token::Char).collect(), text: text.to_owned() }
    }

    /// Any text.
    pub fn anything() -> Self {
        Self::parse("*")
    }

    /// Puts another behind it.
    pub fn extend(&mut self, other: &Self) {
        self.tokens.extend(&other.tokens);
        self.text.push_str(&other.text);
    }

    /// A text that it stands for, with the same arbitrary word wherever it is open.
    #[must_use]
    pub fn instance(&self) -> Self {
        let mut text = String::new();
        for token in &self.tokens {
            match token {
                Token::Char(c) => text.push(*c),
                Token::One { .. } => {}
                Token::Many { .. } => text.push_str(ARBITRARY),
            }
        }
        Self::literal(&text)
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// As a person would write it.
    pub fn shown(&self) -> String {
        self.text.replace('+', "*")
    }

    /// Whether there is a text that is both. Visits each pair of places once.
    pub fn meets(&self, other: &Self) -> bool {
        let (width, height) = (other.tokens.len() + 1, self.tokens.len() + 1);
        let mut seen = vec![false; width * height];
        let mut open = vec![(0, 0)];
        while let Some((i, j)) = open.pop() {
            let Some(seen) = seen.get_mut(i * width + j).filter(|seen| !**seen) else { continue };
            *seen = true;
            let (mine, theirs) = (self.tokens.get(i).copied(), other.tokens.get(j).copied());
            if mine.is_none() && theirs.is_none() {
                return true;
            }
            if mine.is_some_and(Token::is_many) {
                open.push((i + 1, j));
            }
            if theirs.is_some_and(Token::is_many) {
                open.push((i, j + 1));
            }
            if let (Some(mine), Some(theirs)) = (mine, theirs)
                && mine.meets(theirs)
            {
                open.push((i + usize::from(!mine.is_many()), j + usize::from(!theirs.is_many())));
            }
        }
        false
    }
}

impl<'de> Deserialize<'de> for Glob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::parse(&text))
    }
}

impl schemars::JsonSchema for Glob {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Glob".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Text in which `*` is any text, and `+` one of at least one character without `/` and `:`."
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_texts_meet_where_one_can_be_both() {
        for (known, written, meets) in [
            ("q:*:*", "q:eu:jobs", true),
            ("q:*:*", "t:eu:jobs", false),
            ("q:*:*", "*", true),
            ("b:::+", "b:::files", true),
            ("b:::+", "b:::", false),
            ("b:::+", "b:::files/*", false),
            ("b:+:+", "b:*:files", true),
            ("b:::+/*", "b:::files/*", true),
            ("b:::+/*", "b:::files", false),
            ("b:::+/*", "b:::fi?es/a/b", true),
            ("", "", true),
            ("*", "", true),
            ("a*c", "*b*", true),
            ("a", "?", true),
            ("a", "??", false),
        ] {
            assert_eq!(Glob::parse(known).meets(&Glob::written(written)), meets, "{known} {written}");
            assert_eq!(Glob::written(written).meets(&Glob::parse(known)), meets, "{written} {known}");
        }
    }

    #[test]
    fn long_wildcards_cost_their_product() {
        let many = Glob::written(&"*a".repeat(500));
        assert!(many.meets(&Glob::parse(&"a*".repeat(500))));
        assert!(!many.meets(&Glob::literal(&"b".repeat(500))));
    }
}
