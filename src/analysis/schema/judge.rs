//! Whether one value fits a schema, with a third answer where the schema says something that is not understood.

use std::cell::RefCell;
use std::cmp::Ordering;
use std::collections::HashMap;

use serde_json::{Map, Value, json};

use super::types::{Exact, Types, count, equal};
use crate::model::referred;

/// Deepest nesting of schemas, references included.
const DEPTH: usize = 96;

/// Judges values by the schemas of one document.
pub(super) struct Judge<'s> {
    root: &'s Value,
    /// Patterns and formats, each made once.
    texts: RefCell<HashMap<(&'static str, String), Option<jsonschema::Validator>>>,
}

/// One judgement: where it stands, and where a value was found not to fit first.
#[derive(Default)]
struct Walk {
    depth: usize,
    /// Inside of a choice nothing is to blame.
    quiet: usize,
    path: Vec<String>,
    keys: Vec<String>,
    broken: Option<Breach>,
}

/// What a value breaks: where, and which keyword.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Breach {
    pub(super) path: Vec<String>,
    pub(super) key: String,
}

/// The keywords that say nothing about values.
const ANNOTATIONS: [&str; 18] = [
    "$anchor",
    "$comment",
    "$defs",
    "$dynamicAnchor",
    "$id",
    "$schema",
    "$vocabulary",
    "contentEncoding",
    "contentMediaType",
    "contentSchema",
    "default",
    "definitions",
    "deprecated",
    "description",
    "examples",
    "readOnly",
    "title",
    "writeOnly",
];

/// Whether a keyword leaves every value as it is.
pub(super) fn is_annotation(key: &str) -> bool {
    ANNOTATIONS.contains(&key) || key.starts_with("x-")
}

impl<'s> Judge<'s> {
    pub(super) fn new(root: &'s Value) -> Self {
        Self { root, texts: RefCell::default() }
    }

    /// Whether a value fits; `None` where that is not known.
    pub(super) fn fits(&self, schema: &Value, value: &Value) -> Option<bool> {
        self.schema(schema, value, &mut Walk::default())
    }

    /// Whether a value fits everything that a mapping of keywords says.
    pub(super) fn fits_all(&self, keywords: &Map<String, Value>, value: &Value) -> Option<bool> {
        self.keywords(keywords, value, &mut Walk::default())
    }

    /// Where a value does not fit the document; `None` where it does, or where that is not known.
    pub(super) fn breach(&self, value: &Value) -> Option<Breach> {
        let mut walk = Walk::default();
        (self.schema(self.root, value, &mut walk) == Some(false)).then_some(walk.broken).flatten()
    }

    fn schema(&self, schema: &Value, value: &Value, walk: &mut Walk) -> Option<bool> {
        let keywords = match schema {
            Value::Bool(fits) => return walk.say(Some(*fits)),
            Value::Object(keywords) => keywords,
            Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => return None,
        };
        if walk.depth >= DEPTH {
            return None;
        }
        walk.depth += 1;
        let fits = self.keywords(keywords, value, walk);
        walk.depth -= 1;
        fits
    }

    fn keywords(&self, keywords: &Map<String, Value>, value: &Value, walk: &mut Walk) -> Option<bool> {
        all(keywords.iter().map(|(key, wanted)| {
            walk.keys.push(key.clone());
            let fits = self.keyword(keywords, key, wanted, value, walk);
            let fits = walk.say(fits);
            walk.keys.pop();
            fits
        }))
    }

    fn keyword(
        &self,
        keywords: &Map<String, Value>,
        key: &str,
        wanted: &Value,
        value: &Value,
        walk: &mut Walk,
    ) -> Option<bool> {
        match key {
            "$ref" => self.schema(referred(self.root, wanted)?, value, walk),
            "allOf" => all(wanted.as_array()?.iter().map(|schema| self.schema(schema, value, walk))),
            "anyOf" => any(walk.quietly(|walk| self.each(wanted, value, walk))?),
            "oneOf" => one(&walk.quietly(|walk| self.each(wanted, value, walk))?),
            "not" => walk.quietly(|walk| self.schema(wanted, value, walk)).map(|fits| !fits),
            "type" => Some(Types::named(wanted).has(Types::of(value))),
            "const" => Some(equal(wanted, value)),
            "enum" => Some(wanted.as_array()?.iter().any(|known| equal(known, value))),
            _ if is_annotation(key) => Some(true),
            _ => match value {
                Value::Number(number) => of_number(key, wanted, Exact::of(number)),
                Value::String(text) => self.of_text(key, wanted, text),
                Value::Array(elements) => self.of_array(keywords, key, wanted, elements, walk),
                Value::Object(members) => self.of_object(keywords, key, wanted, members, walk),
                Value::Null | Value::Bool(_) => is_of_one_type(key).then_some(true),
            },
        }
    }

    fn each(&self, schemas: &Value, value: &Value, walk: &mut Walk) -> Option<Vec<Option<bool>>> {
        Some(schemas.as_array()?.iter().map(|schema| self.schema(schema, value, walk)).collect())
    }

    fn of_text(&self, key: &str, wanted: &Value, text: &str) -> Option<bool> {
        let length = || u64::try_from(text.chars().count()).ok();
        match key {
            "minLength" => Some(length()? >= count(wanted)?),
            "maxLength" => Some(length()? <= count(wanted)?),
            "pattern" => self.text("pattern", wanted.as_str()?, text),
            "format" => self.text("format", wanted.as_str()?, text),
            _ => is_of_one_type(key).then_some(true),
        }
    }

    fn text(&self, key: &'static str, wanted: &str, text: &str) -> Option<bool> {
        let mut texts = self.texts.borrow_mut();
        let validator = texts.entry((key, wanted.to_owned())).or_insert_with(|| {
            let options = jsonschema::options().with_draft(jsonschema::Draft::Draft202012);
            options.should_validate_formats(true).build(&json!({ key: wanted })).ok()
        });
        validator.as_ref().map(|validator| validator.is_valid(&Value::String(text.to_owned())))
    }

    fn of_array(
        &self,
        keywords: &Map<String, Value>,
        key: &str,
        wanted: &Value,
        elements: &[Value],
        walk: &mut Walk,
    ) -> Option<bool> {
        let length = u64::try_from(elements.len()).ok()?;
        match key {
            "minItems" => Some(length >= count(wanted)?),
            "maxItems" => Some(length <= count(wanted)?),
            "uniqueItems" if wanted == &Value::Bool(true) => {
                let again = |(at, a): (usize, &Value)| elements.iter().skip(at + 1).any(|b| equal(a, b));
                Some(!elements.iter().enumerate().any(again))
            }
            "uniqueItems" => Some(true),
            "prefixItems" => {
                let pairs = wanted.as_array()?.iter().zip(elements).enumerate();
                all(pairs.map(|(at, (schema, value))| walk.at(at.to_string(), |walk| self.schema(schema, value, walk))))
            }
            "items" => {
                let prefix = keywords.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
                let rest = elements.iter().enumerate().skip(prefix);
                all(rest.map(|(at, value)| walk.at(at.to_string(), |walk| self.schema(wanted, value, walk))))
            }
            _ => is_of_one_type(key).then_some(true),
        }
    }

    fn of_object(
        &self,
        keywords: &Map<String, Value>,
        key: &str,
        wanted: &Value,
        members: &Map<String, Value>,
        walk: &mut Walk,
    ) -> Option<bool> {
        let size = u64::try_from(members.len()).ok()?;
        match key {
            "minProperties" => Some(size >= count(wanted)?),
            "maxProperties" => Some(size <= count(wanted)?),
            "required" => all(wanted.as_array()?.iter().map(|name| {
                let name = name.as_str()?;
                walk.at(name.to_owned(), |walk| walk.say(Some(members.contains_key(name))))
            })),
            "properties" => all(wanted.as_object()?.iter().filter_map(|(name, schema)| {
                let value = members.get(name)?;
                Some(walk.at(name.clone(), |walk| self.schema(schema, value, walk)))
            })),
            "additionalProperties" if keywords.contains_key("patternProperties") => None,
            "additionalProperties" => {
                let named = keywords.get("properties").and_then(Value::as_object);
                let others = members.iter().filter(|(name, _)| !named.is_some_and(|named| named.contains_key(*name)));
                all(others.map(|(name, value)| walk.at(name.clone(), |walk| self.schema(wanted, value, walk))))
            }
            _ => is_of_one_type(key).then_some(true),
        }
    }
}

impl Walk {
    fn at<T>(&mut self, step: String, judge: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step);
        let out = judge(self);
        self.path.pop();
        out
    }

    fn quietly<T>(&mut self, judge: impl FnOnce(&mut Self) -> T) -> T {
        self.quiet += 1;
        let out = judge(self);
        self.quiet -= 1;
        out
    }

    /// Remembers where a value was found not to fit first.
    fn say(&mut self, fits: Option<bool>) -> Option<bool> {
        if fits == Some(false) && self.quiet == 0 && self.broken.is_none() {
            let key = self.keys.last().cloned().unwrap_or_default();
            self.broken = Some(Breach { path: self.path.clone(), key });
        }
        fits
    }
}

fn of_number(key: &str, wanted: &Value, number: Exact) -> Option<bool> {
    let order = || match wanted {
        Value::Number(wanted) => Some(number.compare(Exact::of(wanted))),
        Value::Null | Value::Bool(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => None,
    };
    match key {
        "minimum" => Some(order()? != Ordering::Less),
        "exclusiveMinimum" => Some(order()? == Ordering::Greater),
        "maximum" => Some(order()? != Ordering::Greater),
        "exclusiveMaximum" => Some(order()? == Ordering::Less),
        "multipleOf" => match (wanted, number) {
            (Value::Number(step), Exact::Whole(number)) => match Exact::of(step) {
                Exact::Whole(step) if step > 0 => Some(number % step == 0),
                Exact::Whole(_) | Exact::Float(_) => None,
            },
            _ => None,
        },
        _ => is_of_one_type(key).then_some(true),
    }
}

/// Whether a keyword speaks of values of one type alone, and of those so that all others fit.
fn is_of_one_type(key: &str) -> bool {
    const OF_ONE_TYPE: [&str; 17] = [
        "additionalProperties",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "format",
        "items",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "prefixItems",
        "properties",
    ];
    OF_ONE_TYPE.contains(&key) || matches!(key, "required" | "uniqueItems")
}

/// Whether all hold: one that does not decides.
fn all(fits: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut sure = true;
    for fits in fits {
        match fits {
            Some(false) => return Some(false),
            Some(true) => {}
            None => sure = false,
        }
    }
    sure.then_some(true)
}

fn any(fits: Vec<Option<bool>>) -> Option<bool> {
    all(fits.into_iter().map(|fits| fits.map(|fits| !fits))).map(|none| !none)
}

fn one(fits: &[Option<bool>]) -> Option<bool> {
    let sure = fits.iter().filter(|fits| **fits == Some(true)).count();
    let doubtful = fits.iter().filter(|fits| fits.is_none()).count();
    match (sure, doubtful) {
        (2.., _) | (0, 0) => Some(false),
        (1, 0) => Some(true),
        (0 | 1, _) => None,
    }
}
