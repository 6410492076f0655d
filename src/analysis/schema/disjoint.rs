//! Whether nothing that fits the producer's schemas can fit one of the consumer's: what a `oneOf` or a `not` asks. Only
//! an evident "nothing" counts: other types, other constants, a member that one needs and the other excludes.

use std::cell::Cell;

use serde_json::Value;

use super::given::Given;
use super::judge::Judge;
use super::types::Types;
use crate::model::referred;

/// Deepest nesting that is looked into.
const DEPTH: usize = 12;
/// Schemas that are looked into.
const STEPS: usize = 1_000;

/// Whether nothing fits both.
pub(super) fn are_disjoint(
    given: &Given<'_>,
    sender: &Judge<'_>,
    taker: &Judge<'_>,
    consumer: &Value,
    wanted: &Value,
) -> bool {
    Search { sender, taker, consumer, steps: Cell::new(0) }.disjoint(given, wanted, 0)
}

struct Search<'j, 's> {
    sender: &'j Judge<'s>,
    taker: &'j Judge<'s>,
    consumer: &'j Value,
    steps: Cell<usize>,
}

impl Search<'_, '_> {
    fn disjoint(&self, given: &Given<'_>, wanted: &Value, depth: usize) -> bool {
        if given.is_impossible() {
            return true;
        }
        self.steps.set(self.steps.get() + 1);
        let keywords = match wanted {
            Value::Bool(fits) => return !fits,
            Value::Object(keywords) if depth < DEPTH && self.steps.get() < STEPS => keywords,
            Value::Object(_) | Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => return false,
        };
        if let Some(values) = given.values()
            && values.iter().all(|value| self.taker.fits_all(keywords, value) == Some(false))
        {
            return true;
        }
        if given.branches().is_some_and(|cases| cases.iter().all(|case| self.disjoint(case, wanted, depth + 1))) {
            return true;
        }
        keywords.iter().any(|(key, value)| self.excludes(given, key, value, depth))
    }

    /// Whether one keyword is enough.
    fn excludes(&self, given: &Given<'_>, key: &str, wanted: &Value, depth: usize) -> bool {
        let all = |schemas: &[Value]| schemas.iter().all(|schema| self.disjoint(given, schema, depth + 1));
        let is_object = given.types() == Types::OBJECT;
        match key {
            "$ref" => referred(self.consumer, wanted).is_some_and(|target| self.disjoint(given, target, depth + 1)),
            "allOf" => {
                let parts = wanted.as_array();
                parts.into_iter().flatten().any(|schema| self.disjoint(given, schema, depth + 1))
            }
            "anyOf" | "oneOf" => wanted.as_array().is_some_and(|branches| all(branches)),
            "type" => !given.types().has(Types::named(wanted)),
            "const" => self.refused(given, wanted),
            "enum" => wanted.as_array().is_some_and(|values| values.iter().all(|value| self.refused(given, value))),
            "properties" if is_object => {
                let members = wanted.as_object();
                members
                    .into_iter()
                    .flatten()
                    .filter(|(name, _)| given.requires(name))
                    .any(|(name, schema)| self.disjoint(&given.of_member(name), schema, depth + 1))
            }
            "required" if is_object => {
                let names = wanted.as_array().into_iter().flatten().filter_map(Value::as_str);
                names.into_iter().any(|name| given.of_member(name).is_impossible())
            }
            _ => false,
        }
    }

    /// Whether the producer's schemas refuse a value.
    fn refused(&self, given: &Given<'_>, value: &Value) -> bool {
        !given.types().has(Types::of(value))
            || given.schemas().iter().any(|schema| self.sender.fits_all(schema, value) == Some(false))
    }
}
