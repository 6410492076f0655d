//! The tables of calls are worth something: whatever is changed in a row of the catalogue, calls are judged otherwise. That
//! a row differs from what was recorded says only that it was changed; this says that it is wrong.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{cases, misjudged, own_actions, platform, read};
use crate::application::target;
use crate::catalogue::{Whole, mutations, with};

/// Changes of what is granted to whom on what and when. Others have no meaning on the platform.
const JUDGED: [&str; 11] = [
    "deleting",
    "action 0: deleting",
    "action 1: deleting",
    "action 2: deleting",
    "another principal",
    "resource 0: another",
    "resource 0: deleting",
    "one more resource",
    "condition 0: deleting",
    "condition 1: deleting",
    "another value",
];

#[test]
fn a_wrong_row_is_seen_by_calls() {
    let (whole, original) = (Whole::of("aws"), target("aws"));
    let mut all = Vec::new();
    for (at, row) in original.permissions.rows().iter().enumerate() {
        let is_judged =
            |what: &str| JUDGED.iter().any(|judged| what == *judged || what.ends_with(&format!(": {judged}")));
        // Everything and one more is everything.
        let is_all = |what: &str| row.wildcard.is_some() && what.ends_with("one more resource");
        let changes = mutations::of(row).into_iter().filter(|(what, _)| is_judged(what) && !is_all(what));
        all.extend(changes.map(|(what, changed)| (at, what, changed)));
    }
    let judged = AtomicUsize::new(0);
    let unseen: Vec<String> = all
        .par_iter()
        .filter_map(|(at, what, changed)| {
            let row = &original.permissions.rows()[*at];
            // What is refused or not proven does not come out at all.
            let out = whole.about(row).compiled(&with(original, *at, changed.clone()))?;
            judged.fetch_add(1, Ordering::Relaxed);
            let actions = own_actions(&out);
            let is_seen = out.iter().any(|compiled| {
                let policies = read::read(&compiled.texts);
                let cases = cases::cases(compiled, &actions);
                !misjudged(compiled, &policies, &cases).is_empty() || !platform::judge(compiled, &policies).is_empty()
            });
            (!is_seen).then(|| format!("{what} of {:?} on a {}", row.verb.as_slice(), row.on))
        })
        .collect();
    assert!(unseen.is_empty(), "{} of {} changes:\n{}", unseen.len(), all.len(), unseen.join("\n"));
    let judged = judged.into_inner();
    assert!(judged * 2 > all.len(), "of {} wrong rows only {judged} come out", all.len());
    eprintln!("of {} wrong rows {judged} come out, and are seen by calls", all.len());
}
