//! `where` as plain data, for the dialects of filters and for templates.

use super::view::map;
use crate::base::{Map, Value};
use crate::model::{Compare, Condition};

/// Each condition: its steps into the data, and its tests.
pub(super) fn conditions(conditions: &[Condition]) -> Value {
    conditions
        .iter()
        .map(|c| map! { "steps": c.path.value.steps().collect::<Value>(), "tests": tests(&c.tests) })
        .collect()
}

fn tests(tests: &[Compare]) -> Value {
    tests.iter().map(compared).collect()
}

fn compared(with: &Compare) -> Map {
    match with {
        Compare::Eq(v) => map! { "op": "eq", "value": v },
        Compare::Ne(v) => map! { "op": "ne", "value": v },
        Compare::Gt(n) => map! { "op": "gt", "value": *n },
        Compare::Ge(n) => map! { "op": "ge", "value": *n },
        Compare::Lt(n) => map! { "op": "lt", "value": *n },
        Compare::Le(n) => map! { "op": "le", "value": *n },
        Compare::In(list) => map! { "op": "in", "value": list.iter().collect::<Value>() },
        Compare::Prefix(text) => map! { "op": "prefix", "value": text },
        Compare::Suffix(text) => map! { "op": "suffix", "value": text },
        Compare::Exists(there) => map! { "op": "exists", "value": *there },
    }
}
