//! The proof: what the output grants is what the graph demands, no more and no less, and on the resources of the nodes
//! that it means.
//!
//! It does not show that a row of the permission catalogue is right, since both sides are made of it, nor what a grant
//! does on the platform; and of an object whose resource names no node it shows the reference alone.

use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt;

use super::grants::{self, NativeGrant};
use super::resource::{File, Resources};
use crate::catalog::Readback;

/// A grant that the graph demands.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// The grant.
    pub grant: NativeGrant<'a>,
    /// The node that the object stands for, where its text refers to a resource.
    pub object_node: Option<Cow<'a, str>>,
    /// Why: the edge and its place.
    pub because: Cow<'a, str>,
}

/// How the output differs from what is demanded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DiscrepancyKind {
    /// A grant is demanded and not there.
    Missing,
    /// A grant is there that nothing demands.
    Excess,
    /// A grant names a resource that is not there, or that names no node.
    Dangling,
    /// A grant's object is a resource of another node than the one demanded.
    Retargeted,
    /// Something that grants cannot be understood.
    Unreadable,
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discrepancy {
    /// How.
    pub kind: DiscrepancyKind,
    /// File and line in the output; `None` for what is not there.
    pub place: Option<(String, u32)>,
    /// What, as a clause.
    pub message: String,
}

impl fmt::Display for Discrepancy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((file, line)) = &self.place {
            write!(f, "{file}:{line}: ")?;
        }
        f.write_str(&self.message)
    }
}

/// Each demanded grant with who demands it, and whether it was found.
type Demanded<'d, 'a> = HashMap<&'d NativeGrant<'a>, (&'d Expected<'a>, bool), foldhash::fast::FixedState>;

/// Compares. Sorted by kind and place; empty when the output is proven.
pub fn prove(expected: &[Expected<'_>], files: &[File<'_>], readback: &Readback) -> Vec<Discrepancy> {
    let resources = Resources::read(files, &readback.node);
    let (found, mut out) = grants::read(&resources, readback);
    out.extend(resources.defects.iter().map(|(file, line, message)| Discrepancy {
        kind: DiscrepancyKind::Unreadable,
        place: Some(((*file).to_owned(), *line)),
        message: message.clone(),
    }));
    let mut demanded = Demanded::with_capacity_and_hasher(expected.len(), foldhash::fast::FixedState::default());
    for one in expected {
        demanded.entry(&one.grant).or_insert((one, false));
    }
    for one in &found {
        let place = Some((one.file.to_owned(), one.line));
        let Some((wanted, seen)) = demanded.get_mut(&one.grant) else {
            let message = format!("{}, which no edge needs", sentence(&one.grant, "lets"));
            out.push(Discrepancy { kind: DiscrepancyKind::Excess, place, message });
            continue;
        };
        *seen = true;
        if let (Some(wanted), Some(node)) = (&wanted.object_node, &one.object_node)
            && wanted != node
        {
            let message = format!("{}, which is `{node}` and not `{wanted}`", sentence(&one.grant, "lets"));
            out.push(Discrepancy { kind: DiscrepancyKind::Retargeted, place, message });
        }
    }
    for one in expected {
        // The first of several equal demands speaks for all.
        if demanded.get_mut(&one.grant).is_some_and(|(_, seen)| !std::mem::replace(seen, true)) {
            let message = format!("{}, which {} needs", sentence(&one.grant, "nothing lets"), one.because);
            out.push(Discrepancy { kind: DiscrepancyKind::Missing, place: None, message });
        }
    }
    out.sort_by(|a, b| (a.kind, &a.place, &a.message).cmp(&(b.kind, &b.place, &b.message)));
    out
}

pub(super) fn sentence(grant: &NativeGrant<'_>, verb: &str) -> String {
    let who = match (grant.identity.as_ref(), grant.principal.as_ref()) {
        ("", "") => "anyone".to_owned(),
        (identity, "") => format!("`{identity}`"),
        ("", principal) => format!("`{principal}`"),
        (identity, principal) => format!("`{identity}` ({principal})"),
    };
    let condition = if grant.conditions.is_empty() { String::new() } else { format!(" if {}", grant.conditions) };
    format!("{verb} {who} `{}` on `{}`{condition} by {}", grant.action, grant.object, grant.system)
}
