//! Former names: of what was renamed, and of what is called after it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::Resolver;
use super::names::{Names, QueueEntry};
use super::queue::name_of_failed;
use crate::base::{Name, Span, Spanned};
use crate::diag::Finding;
use crate::spec::{self, Resource, Spec};

/// A name, and what its node was called before.
type Renamed<'s> = (&'s Spanned<Name>, &'s Spanned<Name>);

/// What nodes were called before they were renamed, by name; a queue that is made beside one is renamed with it, unless
/// somebody else has or had the name.
pub(super) fn former_names(spec: &Spec, names: &Names<'_>) -> HashMap<Arc<str>, Spanned<Name>> {
    let written = renamed(spec);
    let taken: HashSet<&str> = written.iter().map(|(_, former)| former.value.as_str()).collect();
    let mut all: HashMap<Arc<str>, Spanned<Name>> =
        written.iter().map(|(name, former)| (name.value.as_str().into(), (*former).clone())).collect();
    let made = names.queues.iter().filter_map(|entry| {
        let QueueEntry::Made { name, of, .. } = entry else { return None };
        let source = all.get(of)?;
        let former = Name::parse(&name_of_failed(&source.value)).ok()?;
        let is_free = names.get(former.as_str()).is_none() && !taken.contains(former.as_str());
        is_free.then(|| (Arc::from(name.as_str()), Spanned::new(former, source.span)))
    });
    let made: Vec<_> = made.collect();
    all.extend(made);
    all
}

/// All nodes with `renamed-from`, as written.
fn renamed(spec: &Spec) -> Vec<Renamed<'_>> {
    let resources = spec.resources.iter().flat_map(spec::Map::iter).map(|(name, resource)| (name, written(resource)));
    let functions = spec.functions.iter().flat_map(spec::Map::iter).map(|(name, f)| (name, f.renamed_from.as_ref()));
    let workflows = spec.workflows.iter().flat_map(spec::Map::iter).map(|(name, w)| (name, w.renamed_from.as_ref()));
    let all = resources.chain(functions).chain(workflows);
    all.filter_map(|(name, former)| Some((name, former?))).collect()
}

fn written(resource: &Resource) -> Option<&Spanned<Name>> {
    use Resource as R;
    match resource {
        R::Table(r) => r.renamed_from.as_ref(),
        R::Bucket(r) => r.renamed_from.as_ref(),
        R::Queue(r) => r.renamed_from.as_ref(),
        R::Topic(r) => r.renamed_from.as_ref(),
        R::Stream(r) => r.renamed_from.as_ref(),
        R::Bus(r) => r.renamed_from.as_ref(),
        R::Secret(r) => r.renamed_from.as_ref(),
        R::Cache(r) => r.renamed_from.as_ref(),
        R::Api(r) => r.renamed_from.as_ref(),
        R::Socket(r) => r.renamed_from.as_ref(),
        R::Identity(r) => r.renamed_from.as_ref(),
        R::Devices(r) => r.renamed_from.as_ref(),
        R::Database(r) => r.renamed_from.as_ref(),
        R::External(r) => r.renamed_from.as_ref(),
    }
}

impl Resolver<'_> {
    /// A former name is free, and only one node had it.
    pub(super) fn check_former_names(&mut self) {
        let mut seen: HashMap<Name, Span> = HashMap::new();
        for (_, former) in renamed(self.spec) {
            let finding = |message: String| Finding::error("former-name-in-use", former.span, message);
            if let Some((_, place)) = self.names.get(former.value.as_str()) {
                let message = format!("`renamed-from` names `{}`, which is still there", former.value);
                let finding = finding(message).related(place, "declared here");
                self.report(finding.help("remove `renamed-from`, or rename the other one"));
            } else if let Some(other) = seen.insert(former.value.clone(), former.span) {
                let message = format!("two nodes were renamed from `{}`", former.value);
                self.report(finding(message).related(other, "the other one").help("keep one of them"));
            }
        }
    }

    /// What a node was called before it was renamed, or what it is called.
    pub(super) fn name_before(&self, name: String) -> String {
        self.former.get(name.as_str()).map_or(name, |former| former.value.to_string())
    }
}
