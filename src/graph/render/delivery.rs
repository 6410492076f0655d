//! What is promised of what passes along edges, as labels of edges. It is computed elsewhere; here it is shown.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::graph::EdgeId;

/// What one target promises of one occurrence that passes along an edge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Delivery")]
pub struct DeliveryDocument {
    /// `never` or `possible`: whether it may come twice.
    pub duplicates: &'static str,
    /// `none`, `per-key` or `total`.
    pub order: &'static str,
    /// How often a delivery is tried, the first included; absent where nothing ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// Longest time between the first delivery and the last, in milliseconds; absent where no end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_ms: Option<u64>,
    /// Most runs that one occurrence at the beginning can cause here; absent where no end is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub load: Option<u64>,
    /// Most occurrences at a time.
    pub batch: u32,
    /// Largest data in bytes; absent where no contract says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

/// The promise of one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Promise {
    /// The name of the target.
    pub target: String,
    /// In a few words.
    pub summary: String,
    /// As data.
    pub document: DeliveryDocument,
}

/// Promises by edge; none where nothing is delivered, or where nobody asked.
#[derive(Debug, Clone, Default)]
pub struct Labels {
    by_edge: BTreeMap<EdgeId, Vec<Promise>>,
}

impl Labels {
    /// Adds what a target promises.
    pub fn add(&mut self, edge: EdgeId, promise: Promise) {
        self.by_edge.entry(edge).or_default().push(promise);
    }

    /// The promises for an edge, in the order of targets.
    pub fn of(&self, edge: EdgeId) -> &[Promise] {
        self.by_edge.get(&edge).map(Vec::as_slice).unwrap_or_default()
    }

    /// One line for an edge: what all targets promise, or what each does.
    pub fn line(&self, edge: EdgeId) -> Option<String> {
        let promises = self.of(edge);
        let (first, rest) = promises.split_first()?;
        if rest.iter().all(|promise| promise.summary == first.summary) {
            return Some(first.summary.clone());
        }
        let each: Vec<String> = promises.iter().map(|p| format!("on {}: {}", p.target, p.summary)).collect();
        Some(each.join("; "))
    }
}
