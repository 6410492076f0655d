//! What event schemas promise each other: whether everything that fits one fits another, and how large it can be.
//!
//! The test of compatibility has three answers. *Compatible* is a proof (`prove`), which rests on nothing that is not
//! understood: an unknown keyword of the producer is left out, which makes its data more than they are, and one of the
//! consumer is a doubt. *Incompatible* is a witness (`witness`): data that the producer's schema names and allows and the
//! consumer's refuses. Everything else is *unknown*, so that neither answer is ever a guess. A producer that leaves its
//! objects open may send members that the consumer knows otherwise; that is unknown as well, because nobody said so.

mod disjoint;
mod given;
mod judge;
mod keyword;
mod prove;
mod size;
#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
mod tests;
mod text;
mod types;
mod witness;

use serde_json::Value;

use crate::base::Pointer;

pub use size::largest;

/// Whether everything that fits a producer's schema fits a consumer's.
#[derive(Debug, Clone, PartialEq)]
pub enum Compatibility {
    /// Always.
    Compatible,
    /// Not always.
    Incompatible {
        /// Where it breaks, as a JSON Pointer into the data; empty for the data as a whole.
        path: String,
        /// What may be there, as a clause.
        why: String,
        /// Data that fits the producer's schema and not the consumer's.
        witness: Value,
    },
    /// The schemas say something that is not understood, or leave it open.
    Unknown {
        /// Where, as a JSON Pointer into the data.
        path: String,
        /// What is not known, as a clause.
        why: String,
    },
}

/// Whether all data that fits the producer's schema fits the consumer's. Both are whole documents of 2020-12.
pub fn compatibility(producer: &Value, consumer: &Value) -> Compatibility {
    if producer == consumer {
        return Compatibility::Compatible;
    }
    // An id inside of a document moves what its references start from.
    if [producer, consumer].into_iter().any(|schema| has_inner_id(schema, true)) {
        let why = "a schema inside of it has an `$id` of its own".to_owned();
        return Compatibility::Unknown { path: String::new(), why };
    }
    let Err(mut doubts) = prove::Proof::new(producer, consumer).run() else { return Compatibility::Compatible };
    // The one that is the least deep in the data says the most.
    doubts.sort_by_key(|doubt| doubt.path.len());
    if let Some(found) = witness::find(producer, consumer, &doubts) {
        return Compatibility::Incompatible {
            path: pointer(&found.doubt.path),
            why: found.doubt.why,
            witness: found.value,
        };
    }
    let first = doubts.into_iter().next();
    let (path, why) = first.map_or_else(
        || (String::new(), "the schemas are too large to compare".to_owned()),
        |doubt| (pointer(&doubt.path), doubt.why),
    );
    Compatibility::Unknown { path, why }
}

fn pointer(steps: &[String]) -> String {
    Pointer::text(steps)
}

fn has_inner_id(schema: &Value, is_outside: bool) -> bool {
    match schema {
        Value::Object(map) => {
            map.get("$id").is_some_and(|id| !is_outside && id.is_string())
                || map.values().any(|value| has_inner_id(value, false))
        }
        Value::Array(items) => items.iter().any(|item| has_inner_id(item, false)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}
