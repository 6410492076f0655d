//! `where` as plain data, for the dialects of filters and for templates.

use serde_json::{Value, json};

use crate::model::{Compare, Condition};

/// Each condition: its steps into the data, and its tests.
pub(super) fn conditions(conditions: &[Condition]) -> Value {
    conditions
        .iter()
        .map(|c| json!({ "steps": c.path.value.steps().collect::<Vec<_>>(), "tests": tests(&c.tests) }))
        .collect()
}

fn tests(tests: &[Compare]) -> Vec<Value> {
    tests
        .iter()
        .map(|test| match test {
            Compare::Eq(v) => json!({ "op": "eq", "value": v }),
            Compare::Ne(v) => json!({ "op": "ne", "value": v }),
            Compare::Gt(n) => json!({ "op": "gt", "value": n }),
            Compare::Ge(n) => json!({ "op": "ge", "value": n }),
            Compare::Lt(n) => json!({ "op": "lt", "value": n }),
            Compare::Le(n) => json!({ "op": "le", "value": n }),
            Compare::In(list) => json!({ "op": "in", "value": list }),
            Compare::Prefix(text) => json!({ "op": "prefix", "value": text }),
            Compare::Suffix(text) => json!({ "op": "suffix", "value": text }),
            Compare::Exists(there) => json!({ "op": "exists", "value": there }),
        })
        .collect()
}
