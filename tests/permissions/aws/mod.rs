//! Roles and policies on AWS, against calls of the SDK.

mod buckets;
mod cases;
mod judge;
mod names;
mod oracle;
mod platform;
mod read;
mod rights;
mod tables;
mod wrong;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use rayon::prelude::*;
use serde_json::{Value, json};

use crate::application::{Compiled, compiled};
use cases::{Actions, Case};
use read::Policies;

/// Everything that compiles, and what its text says.
static ALL: LazyLock<Vec<(&Compiled, Policies)>> =
    LazyLock::new(|| compiled("aws").par_iter().map(|compiled| (compiled, read::read(&compiled.texts))).collect());

/// The actions that the calls of all applications need, by service: what there is to try where nobody knows all actions.
fn own_actions<'c>(all: impl IntoIterator<Item = &'c Compiled>) -> Actions {
    let mut out = Actions::new();
    for compiled in all {
        for right in cases::by_role(compiled).into_values().flatten() {
            let (service, name) = right.action.split_once(':').expect("a service");
            let names = out.entry(service.to_owned()).or_default();
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
    }
    out
}

/// Calls that the policies judge otherwise.
fn misjudged(compiled: &Compiled, policies: &Policies, cases: &[Case]) -> Vec<String> {
    let of = |case: &Case| policies.roles.get(&case.role).map_or(&[][..], |role| &role.statements);
    let wrong = cases.iter().filter(|case| judge::allows(of(case), &case.request) != case.is_allowed);
    wrong.map(|case| format!("{}: {} {}", compiled.name, case.role, case.why)).collect()
}

#[test]
fn calls_are_allowed_where_an_edge_needs_them_and_denied_beside_it() {
    let oracle = oracle::Oracle::find();
    let actions = oracle.as_ref().map_or_else(|| own_actions(compiled("aws")), oracle::Oracle::actions);
    let judged: Vec<(&Compiled, &Policies, Vec<Case>)> =
        ALL.par_iter().map(|(compiled, policies)| (*compiled, policies, cases::cases(compiled, &actions))).collect();
    let wrong: Vec<String> =
        judged.par_iter().flat_map(|(compiled, policies, cases)| misjudged(compiled, policies, cases)).collect();
    assert!(
        wrong.is_empty(),
        "{} calls are judged otherwise:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(40)].join("\n")
    );
    match oracle {
        Some(oracle) => oracle.judge(&judged),
        None => eprintln!("left out: `oracle iam` on the calls of every application (ISOBAR_ORACLES is not set)"),
    }
}

#[test]
fn services_are_let_in_by_their_source_alone() {
    let wrong: Vec<String> =
        ALL.par_iter().flat_map(|(compiled, policies)| platform::judge(compiled, policies)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_who_has_an_edge_has_a_role_and_none_has_a_wildcard() {
    for (compiled, policies) in ALL.iter() {
        let wanted: BTreeSet<String> = cases::by_role(compiled).into_keys().collect();
        let found: BTreeSet<String> = policies.roles.keys().cloned().collect();
        assert_eq!(wanted, found, "{}", compiled.name);
        for statement in policies.roles.values().flat_map(|role| &role.statements) {
            let actions = statement["Action"].to_string();
            // What knows no resources: traces, and descriptions of network interfaces. And what is denied.
            let is_everything = ["xray:", "ec2:Describe"].iter().any(|some| actions.contains(some));
            assert_eq!(statement["Resource"] == json!(["*"]), is_everything, "{}: {statement}", compiled.name);
            assert!(!statement["Action"].to_string().contains('*'), "{}: {statement}", compiled.name);
        }
    }
}

/// What the smallest example needs, counted by hand from its README: two logs each for six functions, and twelve more.
/// The trigger of the schedule has a role of its own; what sets failures aside is counted apart.
#[test]
fn the_smallest_example_needs_24_pairs() {
    let (_, policies) = ALL.iter().find(|(compiled, _)| compiled.name == "orders-minimal").expect("an example");
    let mut pairs = BTreeSet::new();
    for (node, role) in policies.roles.iter().filter(|(node, _)| !node.contains(".on.")) {
        let is_aside = |statement: &&Value| statement["Resource"].to_string().contains("-failures");
        for statement in role.statements.iter().filter(|statement| !is_aside(statement)) {
            let actions = statement["Action"].as_array().expect("a list");
            pairs.extend(actions.iter().map(|action| (node.clone(), action.to_string())));
        }
    }
    assert_eq!(pairs.len(), 24, "{pairs:#?}");
}
