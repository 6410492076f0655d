//! The lattice as labels of the graph's edges.

use super::{Bound, Delivery};
use crate::analysis::Facts;
use crate::base::{ByteSize, Duration};
use crate::catalog::{Duplicates, Order};
use crate::graph::render::{DeliveryDocument, Labels, Promise};

impl Facts {
    /// What each judged target promises of what passes along each edge.
    pub fn labels(&self) -> Labels {
        let mut labels = Labels::default();
        for (id, _) in self.graph().edges() {
            for on in self.judged() {
                if let Some(delivery) = self.deliveries(on).and_then(|deliveries| deliveries.of(id)) {
                    let (target, summary) = (on.id().to_owned(), delivery.summary());
                    labels.add(id, Promise { target, summary, document: document(delivery) });
                }
            }
        }
        labels
    }
}

fn document(delivery: &Delivery) -> DeliveryDocument {
    DeliveryDocument {
        duplicates: duplicates_name(delivery.duplicates()),
        order: order_name(delivery.order),
        attempts: delivery.attempts.finite(),
        age_ms: Bound::finite(delivery.longest()).map(Duration::as_millis),
        load: delivery.load.finite(),
        batch: delivery.batch,
        size: delivery.size.map(ByteSize::as_bytes),
    }
}

/// Whether something may come twice, as output writes it.
pub const fn duplicates_name(duplicates: Duplicates) -> &'static str {
    match duplicates {
        Duplicates::Never => "never",
        Duplicates::Possible => "possible",
    }
}

/// A number that may have no end, as output writes it.
pub fn bound_text<T: std::fmt::Display + Copy>(bound: Bound<T>) -> String {
    bound.finite().map_or_else(|| "no end".to_owned(), |number| number.to_string())
}

/// An order as output writes it.
pub const fn order_name(order: Order) -> &'static str {
    match order {
        Order::None => "none",
        Order::PerKey => "per-key",
        Order::Total => "total",
    }
}
