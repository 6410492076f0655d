//! Every row of a permission catalogue that an example needs is needed: without it the example is refused by the verb's
//! name, never compiled with less or by a guess.

use isobar::base::Sources;
use isobar::catalog::{Permissions, Row};
use isobar::pipeline::Application;
use isobar::{emit, plan};
use rayon::prelude::*;

use crate::support::{examples, memory, read, root, target, targets_of};

/// Rows without which the example does not compile, of all rows, and what is said then.
fn without_each_row(example: &str, id: &str) -> Vec<(usize, Row, Vec<String>)> {
    let mut sources = Sources::default();
    let files = memory(&root().join("examples").join(example));
    let (application, _) = read(&files, &mut sources);
    let application = application.expect("an example is valid");
    let whole = target(id, &mut sources);
    let (wanted, _) = plan::wanted(application.model(), &whole);
    let (packages, _, _) = emit::pack(&wanted, &whole, &files);
    let rows = whole.permissions.rows();
    let one = |at: usize| {
        let mut less = whole.clone();
        let others = rows.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, row)| row.clone());
        less.permissions = Permissions::new(others.collect());
        let Application { graph, access } = &application;
        let input = plan::Input { graph, access, target: &less, sources: &sources, packages: &packages };
        let (plan, findings) = plan::build(input);
        let messages: Vec<String> = findings.iter().map(|f| f.message.clone()).collect();
        plan.is_none().then(|| (at, rows[at].clone(), messages))
    };
    let is_asked = |at: &usize| application.access.iter().any(|tuple| rows[*at].verb.has(&tuple.verb));
    (0..rows.len()).into_par_iter().filter(is_asked).filter_map(one).collect()
}

#[test]
fn without_a_row_its_verb_is_refused() {
    let mut needed = Vec::new();
    for example in examples() {
        for id in targets_of(&example) {
            for (at, row, messages) in without_each_row(&example, &id) {
                let verbs: Vec<&str> = row.verb.as_slice().iter().map(|verb| verb.as_str()).collect();
                let named =
                    messages.iter().any(|m| verbs.iter().any(|verb| m.contains(&format!("`{verb}` on a {}", row.on))));
                assert!(named, "{example} on {id} without {verbs:?} on {}: {messages:?}", row.on);
                needed.push((id.clone(), at));
            }
        }
    }
    needed.sort();
    needed.dedup();
    for id in ["aws", "kubernetes"] {
        let count = needed.iter().filter(|(target, _)| target == id).count();
        assert!(count >= 12, "the examples need only {count} rows of {id}");
    }
}
