//! `isobar.yaml` and what it includes → one tree for one environment: fragments joined, the overlay applied,
//! `${…}` replaced. Knows the top-level keys that make a tree out of files (`include`, `vars`, `environments`, `app`);
//! every other key is left to the typed parser. Each value keeps the place where it was written.

mod circles;
mod environment;
mod include;
mod interpolate;
mod join;
mod limited;
mod mend;
mod pattern;
#[cfg(test)]
mod tests;
mod variables;

use std::collections::BTreeSet;

use limited::Limited;

use crate::base::{FileId, Files, Name, RelPath, Sources, Span, Spanned};
use crate::diag::{Finding, Findings};
use crate::yaml::Node;

/// What is asked for on the command line.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// `--env`; without it the environment is `default`.
    pub environment: Option<String>,
    /// `--var name=value`, in the order given; the last of a name holds.
    pub vars: Vec<(String, String)>,
}

/// An environment that was not asked for, as far as it differs from the rest: it is read for its shape alone.
#[derive(Debug, Clone, PartialEq)]
pub struct Elsewhere {
    /// What it changes, laid over the nodes that are changed.
    pub tree: Node,
    /// The text of its changes.
    pub own: Vec<Span>,
    /// As in [`Assembled`].
    pub unfilled: BTreeSet<Span>,
    /// As in [`Assembled`].
    pub removed: BTreeSet<Span>,
}

/// One application in one environment, as a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Assembled {
    /// The joined tree: a mapping without `include`, `vars` and `environments`. A scalar whose `${…}` could not be
    /// replaced has an error already and keeps its text as written.
    pub tree: Node,
    /// The file that everything started from.
    pub root: FileId,
    /// Every file that is included could be read. If not, names that are declared nowhere may be declared there.
    pub complete: bool,
    /// The environment; `default` if none was asked for or the one asked for does not exist.
    pub environment: Name,
    /// `protected: true` of the environment.
    pub protected: bool,
    /// All environments that are declared, in the order written.
    pub environments: Vec<Spanned<Name>>,
    /// The changes of the others.
    pub elsewhere: Vec<Elsewhere>,
    /// Scalars whose `${…}` could not be replaced: what else is wrong with them is the same defect.
    pub unfilled: BTreeSet<Span>,
    /// Nulls by which the environment removes what is not there: where a null says nothing else, they count as absent.
    pub removed: BTreeSet<Span>,
}

/// Reads `root` and what it includes, and applies the request. Every file read is added to `sources`.
/// Nothing comes out only if `root` itself cannot be read.
pub fn assemble(
    files: &dyn Files,
    root: &RelPath,
    request: &Request,
    sources: &mut Sources,
) -> (Option<Assembled>, Findings) {
    let mut findings = Findings::default();
    let Some(read) = include::read_all(files, root, sources, &mut findings) else {
        return (None, findings);
    };
    let joined = join::join(&read.root, &read.fragments, &mut Limited::new(&mut findings));
    let asked = request.environment.as_deref();
    let chosen = environment::apply(&joined, asked, &mut Limited::new(&mut findings));
    let (tree, unfilled) =
        interpolate::apply(&chosen.tree, chosen.name.as_str(), &request.vars, sources, &mut findings);
    let elsewhere = chosen.others.into_iter().map(|other| {
        let mut found = Findings::default();
        let (tree, unfilled) = interpolate::apply(&other.tree, other.name.as_str(), &request.vars, sources, &mut found);
        let own = other.own();
        found.retain(|finding| is_in(finding, &own));
        findings.append(found);
        Elsewhere { tree, own, unfilled, removed: other.removed }
    });
    let elsewhere = elsewhere.collect();
    let assembled = Assembled {
        tree,
        root: read.root.span.file,
        complete: read.complete,
        environment: chosen.name,
        protected: chosen.protected,
        environments: chosen.declared,
        elsewhere,
        unfilled,
        removed: chosen.removed,
    };
    (Some(assembled), findings)
}

/// Whether a finding is about one of these texts.
pub(super) fn is_in(finding: &Finding, texts: &[Span]) -> bool {
    texts.iter().any(|text| text.covers(finding.primary.span))
}

/// Top-level keys that assembling uses up.
fn is_consumed(key: &str) -> bool {
    matches!(key, "include" | "vars" | "environments")
}
