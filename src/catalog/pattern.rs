//! Strings derived from view fields: `{prefix}-{name}`, `${aws_x.{id}.arn}/index/{scope.index}` and such.
//! The result is a literal, a reference or a concatenation.

use std::fmt;

use serde::{Deserialize, Deserializer};

use crate::base::{self, Value};

/// A parsed pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    pieces: Vec<Piece>,
    text: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Text(String),
    Field(String),
    Reference(Vec<Piece>),
}

/// What is wrong with a pattern or its evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PatternError {
    /// It cannot be read; why.
    Syntax(String),
    /// A field that the view does not have.
    Field(String),
    /// A field whose value is no text, number, reference or concatenation.
    Kind(String),
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax(why) => f.write_str(why),
            Self::Field(name) => write!(f, "the view has no field `{name}`"),
            Self::Kind(name) => write!(f, "field `{name}` is no text, number or reference"),
        }
    }
}

impl Pattern {
    /// Reads a pattern.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let mut rest = text;
        let pieces = pieces(&mut rest, false)?;
        Ok(Self { pieces, text: text.to_owned() })
    }

    /// As written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it makes references to resources of the output.
    pub fn has_references(&self) -> bool {
        self.pieces.iter().any(|p| matches!(p, Piece::Reference(_)))
    }

    /// The text that everything it makes begins with; empty where it begins with a field.
    pub fn head(&self) -> &str {
        match self.pieces.first() {
            Some(Piece::Text(text)) => text,
            Some(Piece::Field(_) | Piece::Reference(_)) | None => "",
        }
    }

    /// Fields it takes, in the order written.
    pub fn fields(&self) -> Vec<&str> {
        fn walk<'a>(pieces: &'a [Piece], out: &mut Vec<&'a str>) {
            for piece in pieces {
                match piece {
                    Piece::Field(name) => out.push(name),
                    Piece::Reference(inner) => walk(inner, out),
                    Piece::Text(_) => {}
                }
            }
        }
        let mut out = Vec::new();
        walk(&self.pieces, &mut out);
        out
    }

    /// Fills the fields in. A pattern that is one field alone keeps that field's value as it is.
    pub fn fill<'v>(&self, field: &impl Fn(&str) -> Option<&'v Value>) -> Result<Value, PatternError> {
        if let [Piece::Field(name)] = self.pieces.as_slice() {
            return field(name).cloned().ok_or_else(|| PatternError::Field(name.clone()));
        }
        let mut out = Joined::default();
        fill(&self.pieces, field, &mut out)?;
        Ok(out.finish())
    }
}

fn pieces(rest: &mut &str, inside: bool) -> Result<Vec<Piece>, PatternError> {
    let mut out = Vec::new();
    let mut text = String::new();
    let flush = |text: &mut String, out: &mut Vec<Piece>| {
        if !text.is_empty() {
            out.push(Piece::Text(std::mem::take(text)));
        }
    };
    while let Some(c) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}").filter(|_| !inside)) {
            text.push(c);
            *rest = after;
        } else if let Some(after) = rest.strip_prefix("${").filter(|_| !inside) {
            flush(&mut text, &mut out);
            *rest = after;
            out.push(Piece::Reference(pieces(rest, true)?));
            *rest = rest.strip_prefix('}').ok_or_else(|| PatternError::Syntax("`${` without its `}`".to_owned()))?;
        } else if let Some(after) = rest.strip_prefix('{') {
            flush(&mut text, &mut out);
            let end = after.find('}').ok_or_else(|| PatternError::Syntax("`{` without its `}`".to_owned()))?;
            let (name, tail) = after.split_at(end);
            let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
            if name.is_empty() || !name.chars().all(plain) {
                return Err(PatternError::Syntax(format!("`{{{name}}}` is no field")));
            }
            out.push(Piece::Field(name.to_owned()));
            *rest = tail.strip_prefix('}').unwrap_or(tail);
        } else if c == '}' {
            if inside {
                break;
            }
            return Err(PatternError::Syntax("`}` without its `{`; write `}}` for the character".to_owned()));
        } else {
            text.push(c);
            *rest = rest.get(c.len_utf8()..).unwrap_or("");
        }
    }
    flush(&mut text, &mut out);
    Ok(out)
}

/// Pieces of a text, neighbouring texts joined.
#[derive(Default)]
struct Joined {
    pieces: Vec<base::Piece>,
    text: String,
}

impl Joined {
    fn value(&mut self, value: &Value) -> bool {
        match value {
            Value::Text(text) => self.text.push_str(text),
            Value::Number(number) => self.text.push_str(&number.to_string()),
            Value::Bool(flag) => self.text.push_str(if *flag { "true" } else { "false" }),
            Value::Reference(text) => self.reference(text.clone()),
            Value::Concat(pieces) => {
                for piece in pieces {
                    match piece {
                        base::Piece::Text(text) => self.text.push_str(text),
                        base::Piece::Reference(text) => self.reference(text.clone()),
                    }
                }
            }
            Value::Null | Value::List(_) | Value::Map(_) | Value::Duration(_) | Value::Size(_) | Value::End(_) => {
                return false;
            }
        }
        true
    }

    fn reference(&mut self, text: Box<str>) {
        self.flush();
        self.pieces.push(base::Piece::Reference(text));
    }

    fn flush(&mut self) {
        if !self.text.is_empty() {
            self.pieces.push(base::Piece::Text(std::mem::take(&mut self.text).into()));
        }
    }

    /// The text, where there is nothing else.
    fn into_text(self) -> Option<Box<str>> {
        self.pieces.is_empty().then(|| self.text.into())
    }

    fn finish(mut self) -> Value {
        self.flush();
        Value::joined(self.pieces)
    }
}

fn fill<'v>(
    pieces: &[Piece],
    field: &impl Fn(&str) -> Option<&'v Value>,
    out: &mut Joined,
) -> Result<(), PatternError> {
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.text.push_str(text),
            Piece::Field(name) => {
                let value = field(name).ok_or_else(|| PatternError::Field(name.clone()))?;
                if !out.value(value) {
                    return Err(PatternError::Kind(name.clone()));
                }
            }
            Piece::Reference(inner) => {
                let mut expression = Joined::default();
                fill(inner, field, &mut expression)?;
                let nested = || PatternError::Syntax("a reference inside of a reference".to_owned());
                out.reference(expression.into_text().ok_or_else(nested)?);
            }
        }
    }
    Ok(())
}

impl<'de> Deserialize<'de> for Pattern {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for Pattern {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Pattern".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "Text with {field} for view fields and ${expression} for references of the output's language."
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use serde_json::json;

    fn run(pattern: &str) -> serde_json::Value {
        let (id, arn) = (Value::from("ledger"), Value::reference("x.y"));
        let field = |name: &str| match name {
            "id" => Some(&id),
            "to.arn" => Some(&arn),
            _ => None,
        };
        serde_json::to_value(Pattern::parse(pattern).unwrap().fill(&field).unwrap()).unwrap()
    }

    #[test]
    fn literals_references_and_concatenations() {
        assert_eq!(run("a-{id}"), json!("a-ledger"));
        assert_eq!(run("${aws_sqs_queue.{id}.arn}"), json!({ "ref": "aws_sqs_queue.ledger.arn" }));
        assert_eq!(run("{to.arn}/index/{id}"), json!({ "concat": [{ "ref": "x.y" }, "/index/ledger"] }));
        assert_eq!(run("{to.arn}"), json!({ "ref": "x.y" }));
        assert_eq!(run("{{id}}"), json!("{id}"));
        assert_eq!(Pattern::parse("a.{id}.b").unwrap().head(), "a.");
        assert_eq!(Pattern::parse("{id}.b").unwrap().head(), "");
    }

    #[test]
    fn defects_are_named() {
        assert!(matches!(Pattern::parse("{id"), Err(PatternError::Syntax(_))));
        assert!(matches!(Pattern::parse("a}"), Err(PatternError::Syntax(_))));
        assert!(matches!(Pattern::parse("${a"), Err(PatternError::Syntax(_))));
        let none = |_: &str| None;
        assert_eq!(Pattern::parse("x{gone}").unwrap().fill(&none), Err(PatternError::Field("gone".to_owned())));
    }
}
