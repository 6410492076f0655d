//! What Kubernetes is told of who may do what, against what the relation needs there: network policies, access lists of
//! Kafka, scopes of components, secrets, roles of the cluster itself, and the tokens that its doors ask for. Nothing may be
//! missing, and nothing more.

mod doors;
mod needed;
mod read;

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::application::{Compiled, compiled, target};
use crate::catalogue::{Whole, mutations, with};

/// What differs for one application.
fn differences(compiled: &Compiled) -> Vec<String> {
    differences_in(compiled, &compiled.texts)
}

/// What differs where the text is another.
fn differences_in(compiled: &Compiled, texts: &BTreeMap<String, String>) -> Vec<String> {
    let mut needed: BTreeSet<String> = needed::facts(compiled);
    needed.extend(doors::needed(compiled.application.model()));
    let mut said: BTreeSet<String> = read::facts(texts);
    said.extend(doors::said(&read::documents(texts)));
    let missing = needed.difference(&said).map(|fact| format!("{}: missing: {fact}", compiled.name));
    let more = said.difference(&needed).map(|fact| format!("{}: no edge needs: {fact}", compiled.name));
    missing.chain(more).collect()
}

#[test]
fn the_cluster_is_told_what_the_relation_needs_and_nothing_more() {
    let all = compiled("kubernetes");
    let wrong: Vec<String> = all.par_iter().flat_map(differences).collect();
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong[..wrong.len().min(60)].join("\n"));
    eprintln!("{} applications are told what they need", all.len());
}

/// The table of what is needed is worth something: whatever is wrong in a row of the catalogue, the manifests differ.
#[test]
fn a_wrong_row_is_seen_in_the_manifests() {
    let (whole, original) = (Whole::of("kubernetes"), target("kubernetes"));
    let all = mutations::wrong(original);
    let unseen: Vec<String> = all
        .par_iter()
        .filter_map(|(at, what, changed)| {
            let row = &original.permissions.rows()[*at];
            // What is refused or not proven does not come out at all.
            let out = whole.about(row).compiled(&with(original, *at, changed.clone()))?;
            let is_seen = out.iter().any(|compiled| !differences(compiled).is_empty());
            (!is_seen).then(|| format!("{what} of {:?} on a {}", row.verb.as_slice(), row.on))
        })
        .collect();
    assert!(unseen.is_empty(), "{} of {} changes:\n{}", unseen.len(), all.len(), unseen.join("\n"));
}
