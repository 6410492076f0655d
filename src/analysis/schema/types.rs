//! The types of JSON values as a set, and numbers compared exactly.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A set of types. Numbers are two: those without a fraction, and the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NONE: Self = Self(0);
    pub(super) const NULL: Self = Self(1);
    pub(super) const BOOLEAN: Self = Self(1 << 1);
    pub(super) const OBJECT: Self = Self(1 << 2);
    pub(super) const ARRAY: Self = Self(1 << 3);
    pub(super) const STRING: Self = Self(1 << 4);
    pub(super) const INTEGER: Self = Self(1 << 5);
    pub(super) const FRACTION: Self = Self(1 << 6);
    pub(super) const NUMBER: Self = Self(1 << 5 | 1 << 6);
    pub(super) const ALL: Self = Self(0b111_1111);

    /// The kinds of values, each with its name.
    const NAMED: [(Self, &'static str); 6] = [
        (Self::NULL, "null"),
        (Self::BOOLEAN, "boolean"),
        (Self::OBJECT, "object"),
        (Self::ARRAY, "array"),
        (Self::STRING, "string"),
        (Self::NUMBER, "number"),
    ];

    /// Of the keyword `type`.
    pub(super) fn named(keyword: &Value) -> Self {
        match keyword {
            Value::String(name) if name == "integer" => Self::INTEGER,
            Value::String(name) => {
                let known = Self::NAMED.iter().find(|(_, known)| known == name);
                known.map_or(Self::NONE, |(types, _)| *types)
            }
            Value::Array(names) => names.iter().fold(Self::NONE, |all, name| all.or(Self::named(name))),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Self::ALL,
        }
    }

    /// Of one value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::Null => Self::NULL,
            Value::Bool(_) => Self::BOOLEAN,
            Value::Number(number) if matches!(Exact::of(number), Exact::Whole(_)) => Self::INTEGER,
            Value::Number(number) if number.as_f64().is_some_and(|f| f.fract() == 0.0) => Self::INTEGER,
            Value::Number(_) => Self::FRACTION,
            Value::String(_) => Self::STRING,
            Value::Array(_) => Self::ARRAY,
            Value::Object(_) => Self::OBJECT,
        }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether a value may be of one of these types.
    pub(super) const fn has(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The kinds in it, each as a set of its own; numbers are one kind.
    pub(super) fn kinds(self) -> impl Iterator<Item = Self> {
        Self::NAMED.into_iter().map(move |(kind, _)| kind.and(self)).filter(|kind| !kind.is_empty())
    }

    /// In words: `a string or null`.
    pub(super) fn words(self) -> String {
        let article = |name: &str| match name {
            "null" => "null".to_owned(),
            "object" | "array" => format!("an {name}"),
            _ => format!("a {name}"),
        };
        let words: Vec<String> = Self::NAMED
            .iter()
            .filter(|(kind, _)| self.has(*kind))
            .map(|(kind, name)| match kind.and(self) {
                Self::INTEGER => "an integer".to_owned(),
                Self::FRACTION => "a number with a fraction".to_owned(),
                _ => article(name),
            })
            .collect();
        words.join(" or ")
    }
}

/// A number that is compared without rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Exact {
    /// Without a fraction.
    Whole(i128),
    /// With a fraction, or beyond what has one.
    Float(f64),
}

impl Exact {
    pub(super) fn of(number: &Number) -> Self {
        if let Some(whole) = number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from)) {
            return Self::Whole(whole);
        }
        let float = number.as_f64().unwrap_or(f64::NAN);
        if float.fract() == 0.0 && float.abs() < 1e38 {
            #[expect(clippy::cast_possible_truncation, reason = "it has no fraction and is below the largest i128")]
            return Self::Whole(float as i128);
        }
        Self::Float(float)
    }

    /// The nearest integer in a direction.
    pub(super) fn rounded(self, up: bool) -> Self {
        match self {
            Self::Float(float) if float.abs() < 1e38 => {
                let float = if up { float.ceil() } else { float.floor() };
                #[expect(clippy::cast_possible_truncation, reason = "it was rounded and is below the largest i128")]
                Self::Whole(float as i128)
            }
            Self::Whole(_) | Self::Float(_) => self,
        }
    }

    pub(super) fn to_f64(self) -> f64 {
        match self {
            #[expect(clippy::cast_precision_loss, reason = "only what is far from every fraction is rounded")]
            Self::Whole(whole) => whole as f64,
            Self::Float(float) => float,
        }
    }

    pub(super) fn to_number(self) -> Option<Number> {
        match self {
            Self::Whole(whole) => i64::try_from(whole).ok().map(Number::from),
            Self::Float(float) => Number::from_f64(float),
        }
    }

    pub(super) fn compare(self, other: Self) -> Ordering {
        match (self, other) {
            (Self::Whole(a), Self::Whole(b)) => a.cmp(&b),
            // A float with a fraction is so small that rounding the other one cannot move it past.
            (a, b) => a.to_f64().total_cmp(&b.to_f64()),
        }
    }
}

/// Whether two values are the same by JSON Schema, for which `1` and `1.0` are.
pub(super) fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => Exact::of(a).compare(Exact::of(b)) == Ordering::Equal,
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

/// The number in a keyword that counts, such as `maxLength`.
pub(super) fn count(keyword: &Value) -> Option<u64> {
    let Value::Number(number) = keyword else { return None };
    match Exact::of(number) {
        Exact::Whole(whole) => u64::try_from(whole).ok(),
        Exact::Float(_) => None,
    }
}
