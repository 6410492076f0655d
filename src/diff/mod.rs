//! Two states of an application → what differs, at four levels: the resources of the emitted artifacts, the access
//! relation, the promises of deliveries, and the contracts that others rely on; and of a plan of the platform's own tool, what
//! the cloud has beyond the spec. Each level is a list of [`Change`]s with a
//! [`Class`], so that reports and gates know one shape. Order, comments and file names make no difference anywhere.

mod access;
mod agreement;
mod change;
mod class;
mod cloud;
mod contracts;
mod delivery;
pub mod deployment;
mod document;
mod exposure;
mod filter;
mod gate;
mod markdown;
mod names;
mod outside;
mod promises;
mod reach;
mod rights;
mod routes;
mod side;
mod text;

pub use change::{Change, Detail, Place, Which};
pub use class::{Class, Level};
pub use cloud::cloud;
pub use document::{
    ChangeDocument, DecisionDocument, DetailDocument, DiffDocument, Report, SourceDocument, StateName, VERSION,
};
pub use gate::{Decision, Ground, Verdict, judge};
pub use markdown::{MARKER, markdown};
pub use side::{Side, Spec};
pub use text::{concise, summary, text};

use std::collections::HashMap;

use names::Names;

use crate::base::Span;

/// What differs between two specs, whatever is emitted of them.
pub fn specs(old: Spec<'_>, new: Spec<'_>) -> Vec<Change> {
    let names = Names::between(old.facts.model(), new.facts.model());
    let mut out = exposure::changes(old, new, &names);
    out.extend(access::changes(old, new, &names));
    out.extend(delivery::changes(old, new, &names));
    out.extend(contracts::changes(old, new, &names));
    out
}

/// In the order of the report, each with the place of its node where it has none of its own.
pub fn sorted(mut changes: Vec<Change>, old: Option<Spec<'_>>, new: Option<Spec<'_>>) -> Vec<Change> {
    let spans = |spec: Option<Spec<'_>>| -> HashMap<String, Span> {
        let heads = spec.into_iter().flat_map(|spec| spec.facts.model().heads());
        heads.map(|head| (head.path.to_string(), head.span)).collect()
    };
    let (old, new) = (spans(old), spans(new));
    for change in &mut changes {
        let Some(node) = change.node.as_ref().filter(|_| change.place.is_none()) else { continue };
        let node = node.split(".on.").next().unwrap_or(node);
        let found = new.get(node).map(|span| (Which::New, *span));
        let found = found.or_else(|| old.get(node).map(|span| (Which::Old, *span)));
        change.place = found.map(|(which, span)| Place { which, span });
    }
    changes.sort_by(|a, b| (a.class, &a.subject, &a.targets).cmp(&(b.class, &b.subject, &b.targets)));
    changes
}
