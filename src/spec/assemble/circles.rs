//! Files that include each other: every file is read once, so that a circle says nothing, and is a slip.

use std::collections::{BTreeMap, BTreeSet};

use crate::base::{RelPath, Span};
use crate::diag::Finding;

/// What each file includes by its path, with the place that says so.
type Named = BTreeMap<RelPath, BTreeMap<RelPath, Span>>;

/// The includes that close a circle: who includes, what, and where. Paths alone count, since a glob means whatever is there.
pub(super) fn closing(named: &Named) -> Vec<(&RelPath, &RelPath, Span)> {
    let mut found = Vec::new();
    let (mut done, mut open): (BTreeSet<&RelPath>, BTreeSet<&RelPath>) = Default::default();
    for start in named.keys() {
        let mut way: Vec<(&RelPath, Vec<(&RelPath, Span)>)> = Vec::new();
        let mut next = Some(start).filter(|start| !done.contains(start));
        loop {
            if let Some(path) = next.take() {
                open.insert(path);
                let includes = named.get(path).into_iter().flatten().map(|(path, span)| (path, *span));
                way.push((path, includes.rev().collect()));
            }
            let Some((path, left)) = way.last_mut() else { break };
            let path = *path;
            match left.pop() {
                None => {
                    done.insert(path);
                    open.remove(path);
                    way.pop();
                }
                Some((included, span)) if open.contains(included) => found.push((path, included, span)),
                Some((included, _)) => next = Some(included).filter(|included| !done.contains(included)),
            }
        }
    }
    found
}

/// The finding about an include that closes a circle.
pub(super) fn finding(path: &RelPath, included: &RelPath, span: Span) -> Finding {
    let message = if path == included {
        format!("`{path}` includes itself")
    } else {
        format!("`{path}` includes `{included}`, which includes it")
    };
    Finding::error("include-cycle", span, message).help("remove one of the includes; every file is read once")
}
