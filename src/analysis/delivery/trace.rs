//! How a guarantee came about, hop by hop.

use super::{Bound, Delivery, Repeats};
use crate::analysis::{Facts, Judged};
use crate::base::Duration;
use crate::catalog::Order;
use crate::graph::EdgeId;

/// One edge on the way, with what holds there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    /// Which.
    pub edge: EdgeId,
    /// What is promised behind it.
    pub delivery: Delivery,
}

impl Facts {
    /// The edges by which a repetition comes to the end of an edge, the first one first; only that edge itself where
    /// nothing was repeated before. It ends where a circle closes.
    pub fn hops(&self, edge: EdgeId, on: &Judged) -> Vec<Hop> {
        let mut out: Vec<Hop> = Vec::new();
        let mut next = Some(edge);
        while let Some(edge) = next.take() {
            let Some(delivery) = self.deliveries(on).and_then(|deliveries| deliveries.of(edge)).copied() else { break };
            if out.iter().any(|hop| hop.edge == edge) {
                break;
            }
            out.push(Hop { edge, delivery });
            next = match delivery.repeats {
                Some(Repeats::Upstream(before)) => Some(before),
                Some(Repeats::Channel) | None => None,
            };
        }
        out.reverse();
        out
    }
}

impl Delivery {
    /// In a few words, for labels: `at least once, per key, 5 attempts, for 18d`.
    pub fn summary(&self) -> String {
        let mut parts = vec![if self.repeats.is_some() { "at least once" } else { "once" }.to_owned()];
        match self.order {
            Order::None => {}
            Order::PerKey => parts.push("in order per key".to_owned()),
            Order::Total => parts.push("in order".to_owned()),
        }
        match self.attempts {
            Bound::AtMost(1) => {}
            Bound::AtMost(n) => parts.push(format!("{n} attempts")),
            Bound::NoEnd => parts.push("any number of attempts".to_owned()),
        }
        match self.longest() {
            Bound::AtMost(Duration::ZERO) => {}
            Bound::AtMost(age) => parts.push(format!("for {age}")),
            Bound::NoEnd if self.repeats.is_some() => parts.push("for an unknown time".to_owned()),
            Bound::NoEnd => {}
        }
        parts.join(", ")
    }
}
