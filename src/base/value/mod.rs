//! Values of a plan: what views hold, patterns make and encoders print. Plain data, or one of what JSON lacks: a reference
//! in the language of the output, texts and references in a row, a length of time, a size, another node.
//!
//! An application has millions of them, so they are small: keys that the program knows are not copied, and a map of one
//! entry takes the space of one.

mod map;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Number, Value as Json};

use super::{ByteSize, Duration};
pub use map::{Key, Map};

/// A value. As JSON, what JSON lacks is a map with one key: `{"ref": …}`, `{"concat": […]}`, `{"ms": …}`,
/// `{"bytes": …}`, `{"end": …}`.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Box<str>),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(Map),
    /// A reference in the language of the output.
    Reference(Box<str>),
    /// Texts and references in a row.
    Concat(Box<[Piece]>),
    /// A length of time.
    Duration(Duration),
    /// A size.
    Size(ByteSize),
    /// Another node, by its address.
    End(Box<str>),
}

/// A part of a concatenation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A text.
    Text(Box<str>),
    /// A reference.
    Reference(Box<str>),
}

impl Value {
    /// A reference.
    pub fn reference(text: impl Into<Box<str>>) -> Self {
        Self::Reference(text.into())
    }

    /// The node with an address.
    pub fn end(address: impl fmt::Display) -> Self {
        Self::End(address.to_string().into())
    }

    /// What pieces in a row are: a text or a reference where there is one alone.
    pub fn joined(mut pieces: Vec<Piece>) -> Self {
        match (pieces.len(), pieces.pop()) {
            (_, None) => Self::from(""),
            (1, Some(Piece::Text(text))) => Self::Text(text),
            (1, Some(Piece::Reference(text))) => Self::Reference(text),
            (_, Some(last)) => {
                pieces.push(last);
                Self::Concat(pieces.into())
            }
        }
    }

    /// An entry, of a map.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_map()?.get(key)
    }

    /// The text, of a text.
    pub fn as_str(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The entries, of a map.
    pub fn as_map(&self) -> Option<&Map> {
        if let Self::Map(map) = self { Some(map) } else { None }
    }

    /// The elements, of a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(list) = self { Some(list) } else { None }
    }

    /// Whether it is the same data as a value of JSON.
    pub fn is(&self, json: &Json) -> bool {
        match (self, json) {
            (Self::Null, Json::Null) => true,
            (Self::Bool(own), Json::Bool(other)) => own == other,
            (Self::Number(own), Json::Number(other)) => own == other,
            (Self::Text(own), Json::String(other)) => **own == **other,
            (Self::List(own), Json::Array(other)) => {
                own.len() == other.len() && own.iter().zip(other).all(|(own, other)| own.is(other))
            }
            (Self::Map(own), Json::Object(other)) => {
                own.len() == other.len()
                    && other.iter().all(|(key, other)| own.get(key).is_some_and(|own| own.is(other)))
            }
            _ => false,
        }
    }
}

impl fmt::Display for Piece {
    /// For reading: a text as it is, a reference as `${…}`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Reference(text) => write!(f, "${{{text}}}"),
        }
    }
}

impl fmt::Display for Value {
    /// As JSON in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(map) => serializer.collect_map(map),
            Self::Reference(text) => form(serializer, "ref", text),
            Self::Concat(pieces) => form(serializer, "concat", pieces),
            Self::Duration(duration) => form(serializer, "ms", &duration.as_millis()),
            Self::Size(size) => form(serializer, "bytes", &size.as_bytes()),
            Self::End(address) => form(serializer, "end", address),
        }
    }
}

impl Serialize for Piece {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(text),
            Self::Reference(text) => form(serializer, "ref", text),
        }
    }
}

fn form<S: Serializer>(serializer: S, key: &str, value: &(impl Serialize + ?Sized)) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(1))?;
    map.serialize_entry(key, value)?;
    map.end()
}

impl JsonSchema for Value {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Value".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        true.into()
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

/// Numbers of any width.
macro_rules! from_numbers {
    ($($number:ty),+) => {$(
        impl From<$number> for Value {
            fn from(number: $number) -> Self {
                Self::Number(number.into())
            }
        }
    )+};
}
from_numbers!(u16, u32, u64, usize);

/// Texts, however they are kept.
macro_rules! from_texts {
    ($($text:ty),+) => {$(
        impl From<$text> for Value {
            fn from(text: $text) -> Self {
                let text: &str = text.as_ref();
                Self::Text(text.into())
            }
        }
    )+};
}
from_texts!(&str, &String, Arc<str>, &Arc<str>);

impl From<f64> for Value {
    /// What is no number becomes nothing, as in JSON.
    fn from(number: f64) -> Self {
        Number::from_f64(number).map_or(Self::Null, Self::Number)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

impl From<Duration> for Value {
    fn from(duration: Duration) -> Self {
        Self::Duration(duration)
    }
}

impl From<ByteSize> for Value {
    fn from(size: ByteSize) -> Self {
        Self::Size(size)
    }
}

impl<T: Into<Value>> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        items.into_iter().collect()
    }
}

impl<T: Into<Value>> FromIterator<T> for Value {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<&Json> for Value {
    /// Plain data, whatever it looks like: no text of a spec becomes a reference.
    fn from(json: &Json) -> Self {
        match json {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => Self::Number(number.clone()),
            Json::String(text) => Self::from(text),
            Json::Array(items) => items.iter().collect(),
            Json::Object(map) => Self::Map(map.iter().map(|(key, value)| (key.clone(), value)).collect()),
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;

    use super::*;

    /// The value that is written as this JSON.
    pub(crate) fn written(json: &Json) -> Value {
        let one = json.as_object().filter(|map| map.len() == 1).and_then(|map| map.iter().next());
        let piece = |json: &Json| {
            let value = written(json);
            if let Value::Reference(text) = value {
                return Some(Piece::Reference(text));
            }
            value.as_str().map(|text| Piece::Text(text.into()))
        };
        match (one.map(|(key, value)| (key.as_str(), value)), json) {
            (Some(("ref", Json::String(text))), _) => Value::reference(text.as_str()),
            (Some(("concat", Json::Array(parts))), _) => Value::Concat(parts.iter().filter_map(piece).collect()),
            (Some(("ms", Json::Number(number))), _) => {
                Value::Duration(Duration::from_millis(number.as_u64().unwrap_or_default()))
            }
            (Some(("bytes", Json::Number(number))), _) => {
                Value::Size(ByteSize::from_bytes(number.as_u64().unwrap_or_default()))
            }
            (Some(("end", Json::String(address))), _) => Value::end(address),
            (_, Json::Object(map)) => {
                map.iter().map(|(key, value)| (key.clone(), written(value))).collect::<Map>().into()
            }
            (_, Json::Array(items)) => items.iter().map(written).collect(),
            (_, plain) => plain.into(),
        }
    }

    #[test]
    fn what_json_lacks_is_a_map_with_one_key() {
        let json = json!({
            "arn": { "concat": [{ "ref": "a.b" }, "/*"] }, "at": { "ref": "a.b" }, "for": { "ms": 5 }, "full": [null, 1.5, true],
            "memory": { "bytes": 9 }, "to": { "end": "resources.a" }
        });
        let value = written(&json);
        assert_eq!(value.to_string(), json.to_string());
        assert_eq!(value.get("for"), Some(&Value::Duration(Duration::from_millis(5))));
        assert!(!value.is(&json), "a reference is no map");
        assert!(Value::from(&json).is(&json));
    }

    #[test]
    fn pieces_alone_are_what_they_are() {
        let (text, reference) = (Piece::Text("a".into()), Piece::Reference("b.c".into()));
        assert_eq!(Value::joined(Vec::new()), Value::from(""));
        assert_eq!(Value::joined(vec![text.clone()]), Value::from("a"));
        assert_eq!(Value::joined(vec![reference.clone()]), Value::reference("b.c"));
        assert_eq!(Value::joined(vec![text.clone(), reference.clone()]), Value::Concat([text, reference].into()));
    }
}
