//! The proof notices every wrong grant. The text of each example is mutated on each built-in target: every statement,
//! access list and allowance is dropped, widened and turned to something else, and rights are slipped in where none was.
//! A mutation that the proof does not notice fails the test. Nothing here knows how the text was made.
#![allow(
    clippy::wildcard_enum_match_arm,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "mutations look for what they can change in texts that this program wrote, and skip the rest"
)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod hcl;
#[path = "../examples/support.rs"]
#[allow(dead_code, reason = "the tests of the examples use the rest")]
mod support;
mod yaml;

use std::collections::{BTreeMap, BTreeSet};

use isobar::base::Sources;
use isobar::catalog::Target;
use isobar::emit::Artifact;
use isobar::plan::Plan;
use isobar::{pipeline, proof};
use rayon::prelude::*;

/// An example compiled for a target.
struct Case {
    name: String,
    target: Target,
    plan: Plan,
    /// Path → text, without the code of functions.
    files: BTreeMap<String, String>,
}

/// One file with another text, and what was done to it.
pub(crate) struct Mutation {
    pub(crate) file: String,
    pub(crate) text: String,
    pub(crate) what: String,
}

fn case(example: &str, id: &str) -> Case {
    let mut sources = Sources::default();
    let files = support::memory(&support::root().join("examples").join(example));
    let (application, _) = support::read(&files, &mut sources);
    let target = support::target(id, &mut sources);
    let (compiled, findings) = pipeline::compile(&application.expect("an example is valid"), &target, &files, &sources);
    let compiled = compiled.unwrap_or_else(|| panic!("{example} on {id}: {:?}", findings.iter().next()));
    let artifacts = compiled.artifacts.into_iter().filter(|a| !a.path.starts_with("code/"));
    let files = artifacts.map(|a| (a.path, String::from_utf8(a.bytes).expect("UTF-8"))).collect();
    Case { name: format!("{example} on {id}"), target, plan: compiled.plan, files }
}

fn cases(id: &str) -> Vec<Case> {
    let examples = support::examples();
    let named = examples.par_iter().filter(|example| support::targets_of(example).iter().any(|t| t == id));
    named.map(|example| case(example, id)).collect()
}

/// Whether the proof fails with this file in place of its own.
fn notices(case: &Case, mutation: &Mutation) -> bool {
    let mut texts: BTreeMap<&str, &str> =
        case.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    texts.insert(&mutation.file, &mutation.text);
    let artifact = |(path, text): (&str, &str)| Artifact { path: path.to_owned(), bytes: text.as_bytes().to_vec() };
    let artifacts: Vec<Artifact> = texts.into_iter().map(artifact).collect();
    proof::prove(&case.plan, &case.target, &artifacts).has_errors()
}

/// Mutates all examples of a target; at least so many mutations have to be there, and all be noticed.
fn all_are_noticed(
    id: &str,
    least: usize,
    mutations: impl Fn(&BTreeMap<String, String>, &mut BTreeSet<String>) -> Vec<Mutation>,
) {
    let mut count = 0;
    let mut missed = Vec::new();
    // What had all its mutations in one example gets the plain ones in the others.
    let mut seen = BTreeSet::new();
    for case in cases(id) {
        let same = proof::prove(&case.plan, &case.target, &artifacts(&case));
        assert!(same.is_empty(), "{} is not proven as it is: {:?}", case.name, same.iter().next());
        let mutations = mutations(&case.files, &mut seen);
        count += mutations.len();
        let unnoticed = mutations.par_iter().filter(|m| !notices(&case, m));
        missed.extend(unnoticed.map(|m| format!("{}, {}: {}", case.name, m.file, m.what)).collect::<Vec<_>>());
    }
    assert!(missed.is_empty(), "{} of {count} mutations are not noticed:\n{}", missed.len(), missed.join("\n"));
    assert!(count >= least, "only {count} mutations were made");
}

fn artifacts(case: &Case) -> Vec<Artifact> {
    let artifact = |(path, text): (&String, &String)| Artifact { path: path.clone(), bytes: text.clone().into_bytes() };
    case.files.iter().map(artifact).collect()
}

#[test]
fn every_mutation_of_terraform_is_noticed() {
    all_are_noticed("aws", 600, hcl::mutations);
}

#[test]
fn every_mutation_of_manifests_is_noticed() {
    all_are_noticed("kubernetes", 600, yaml::mutations);
}
