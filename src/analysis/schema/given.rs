//! What is known of the data of a producer at one place: all schemas that hold there together. Where a schema says
//! something that is not understood, less is known, never more.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::types::{Exact, Types, count};
use crate::model::referred;

/// Most schemas that hold together at one place.
const TOGETHER: usize = 256;

/// The end of a range, and whether it is itself outside.
#[derive(Debug, Clone, Copy)]
pub(super) struct End {
    pub(super) value: Exact,
    pub(super) open: bool,
}

/// Schemas that hold together.
#[derive(Debug, Clone)]
pub(super) struct Given<'s> {
    root: &'s Value,
    /// References followed, and `allOf` taken apart.
    schemas: Vec<&'s Map<String, Value>>,
    /// Lists of which at least one schema holds.
    choices: Vec<&'s [Value]>,
    types: Types,
}

impl<'s> Given<'s> {
    /// Of schemas of one document.
    pub(super) fn of(root: &'s Value, schemas: &[&'s Value]) -> Self {
        let mut given = Self { root, schemas: Vec::new(), choices: Vec::new(), types: Types::ALL };
        for schema in schemas {
            given.add(schema);
        }
        given
    }

    /// The same where one more schema holds.
    pub(super) fn with(&self, schema: &'s Value) -> Self {
        let mut given = self.clone();
        given.add(schema);
        given
    }

    /// The same with fewer types.
    pub(super) fn only(&self, types: Types) -> Self {
        Self { types: self.types.and(types), ..self.clone() }
    }

    fn add(&mut self, schema: &'s Value) {
        let mut open = vec![schema];
        while let Some(schema) = open.pop() {
            let map = match schema {
                Value::Object(map) => map,
                Value::Bool(false) => {
                    self.types = Types::NONE;
                    continue;
                }
                Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => continue,
            };
            if self.schemas.len() >= TOGETHER || self.schemas.iter().any(|known| std::ptr::eq(*known, map)) {
                continue;
            }
            self.schemas.push(map);
            if let Some(types) = map.get("type") {
                self.types = self.types.and(Types::named(types));
            }
            open.extend(map.get("$ref").and_then(|reference| referred(self.root, reference)));
            open.extend(map.get("allOf").and_then(Value::as_array).into_iter().flatten());
            let choices = ["anyOf", "oneOf"].into_iter().filter_map(|key| map.get(key)?.as_array());
            self.choices.extend(choices.map(Vec::as_slice));
        }
        if let Some(values) = self.values() {
            self.types = self.types.and(values.iter().fold(Types::NONE, |all, value| all.or(Types::of(value))));
        }
    }

    pub(super) const fn types(&self) -> Types {
        self.types
    }

    pub(super) fn schemas(&self) -> &[&'s Map<String, Value>] {
        &self.schemas
    }

    /// The cases by the branches of its first choice. `None` where there is no choice.
    pub(super) fn branches(&self) -> Option<Vec<Self>> {
        let (first, rest) = self.choices.split_first()?;
        let without = Self { choices: rest.to_vec(), ..self.clone() };
        Some(first.iter().map(|branch| without.with(branch)).collect())
    }

    fn keyword(&self, key: &'static str) -> impl Iterator<Item = &'s Value> {
        self.schemas.iter().filter_map(move |schema| schema.get(key))
    }

    /// The same keyword with the same value.
    pub(super) fn says(&self, key: &str, value: &Value) -> bool {
        self.schemas.iter().any(|schema| schema.get(key) == Some(value))
    }

    /// The values that there can be, where they are listed; one that another keyword excludes may be among them.
    pub(super) fn values(&self) -> Option<Vec<&'s Value>> {
        if let Some(value) = self.keyword("const").next() {
            return Some(vec![value]);
        }
        self.keyword("enum").next()?.as_array().map(|values| values.iter().collect())
    }

    /// The largest lower and the smallest upper end of the numbers.
    pub(super) fn range(&self) -> (Option<End>, Option<End>) {
        let ends = |closed: &'static str, open: &'static str, up: bool| {
            let closed = self.keyword(closed).map(|value| (value, false));
            let open = self.keyword(open).map(|value| (value, true));
            let ends = closed.chain(open).filter_map(|(value, open)| {
                let Value::Number(number) = value else { return None };
                Some(self.end(End { value: Exact::of(number), open }, up))
            });
            ends.reduce(|a, b| if inside(a, b, up) { a } else { b })
        };
        (ends("minimum", "exclusiveMinimum", true), ends("maximum", "exclusiveMaximum", false))
    }

    /// Where there are integers alone, the first one inside is the end.
    fn end(&self, end: End, up: bool) -> End {
        if self.types.has(Types::FRACTION) {
            return end;
        }
        match (end.value, end.open) {
            (Exact::Whole(whole), true) => {
                End { value: Exact::Whole(whole.saturating_add(if up { 1 } else { -1 })), open: false }
            }
            (Exact::Float(_), _) => End { value: end.value.rounded(up), open: false },
            (Exact::Whole(_), false) => end,
        }
    }

    /// The largest of a lower bound such as `minLength`.
    pub(super) fn least(&self, key: &'static str) -> u64 {
        self.keyword(key).filter_map(count).max().unwrap_or(0)
    }

    /// The smallest of an upper bound such as `maxLength`.
    pub(super) fn most(&self, key: &'static str) -> Option<u64> {
        self.keyword(key).filter_map(count).min()
    }

    /// Whether every object has a member.
    pub(super) fn requires(&self, name: &str) -> bool {
        let lists = self.keyword("required").filter_map(Value::as_array);
        lists.flatten().any(|required| required.as_str() == Some(name))
    }

    /// The members that every object has.
    pub(super) fn required(&self) -> BTreeSet<&'s str> {
        self.keyword("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect()
    }

    /// The members that are named.
    pub(super) fn names(&self) -> BTreeSet<&'s str> {
        let maps = self.keyword("properties").filter_map(Value::as_object);
        maps.flat_map(|map| map.keys().map(String::as_str)).collect()
    }

    /// The schemas of a member.
    pub(super) fn member(&self, name: &str) -> Vec<&'s Value> {
        let of = |schema: &&'s Map<String, Value>| {
            let named = schema.get("properties").and_then(|properties| properties.get(name));
            named.or_else(|| rest(schema))
        };
        self.schemas.iter().filter_map(of).collect()
    }

    /// What is known of a member.
    pub(super) fn of_member(&self, name: &str) -> Self {
        Self::of(self.root, &self.member(name))
    }

    /// The schemas of members that nothing names.
    pub(super) fn others(&self) -> Vec<&'s Value> {
        self.schemas.iter().filter_map(|schema| rest(schema)).collect()
    }

    /// How many elements have schemas of their own.
    pub(super) fn prefix(&self) -> usize {
        self.keyword("prefixItems").filter_map(Value::as_array).map(Vec::len).max().unwrap_or(0)
    }

    /// The schemas of an element.
    pub(super) fn element(&self, index: usize) -> Vec<&'s Value> {
        let of = |schema: &&'s Map<String, Value>| {
            let prefix = schema.get("prefixItems").and_then(Value::as_array);
            prefix.and_then(|prefix| prefix.get(index)).or_else(|| schema.get("items"))
        };
        self.schemas.iter().filter_map(of).collect()
    }

    /// Most elements, by `maxItems` or because none can stand beyond some place.
    pub(super) fn most_elements(&self) -> Option<u64> {
        let closed = self.schemas.iter().filter(|schema| schema.get("items") == Some(&Value::Bool(false)));
        let closed = closed.map(|schema| schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len));
        let closed = closed.min().and_then(|length| u64::try_from(length).ok());
        self.most("maxItems").into_iter().chain(closed).min()
    }

    /// Whether nothing can fit, as far as that is plain.
    pub(super) fn is_impossible(&self) -> bool {
        self.types.is_empty()
    }
}

/// Whether an end is at least as far inside as another.
pub(super) fn inside(end: End, other: End, up: bool) -> bool {
    use std::cmp::Ordering;
    let order = end.value.compare(other.value);
    match if up { order } else { order.reverse() } {
        Ordering::Greater => true,
        Ordering::Equal => end.open || !other.open,
        Ordering::Less => false,
    }
}

/// The schema of members that a schema does not name. A pattern may name some, so that nothing is known then.
fn rest(schema: &Map<String, Value>) -> Option<&Value> {
    if schema.contains_key("patternProperties") { None } else { schema.get("additionalProperties") }
}
