//! The tables of calls are worth something: whatever is changed in a row of the catalogue, calls are judged otherwise. That
//! a row differs from what was recorded says only that it was changed; this says that it is wrong.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{cases, misjudged, own_actions, platform, read};
use crate::application::target;
use crate::catalogue::{Whole, mutations, with};

#[test]
fn a_wrong_row_is_seen_by_calls() {
    let (whole, original) = (Whole::of("aws"), target("aws"));
    let all = mutations::wrong(original);
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
