//! Whether the applications use what can be granted: every verb of every row of the catalogues in every scope, and every
//! kind of trigger. What no application uses, nobody judges.

use std::collections::BTreeSet;

use isobar::analysis::Actor;

use crate::application::{compiled, target};
use crate::catalogue::rights;

/// What can be used on a target, as words, and what the applications use of it.
fn coverage(id: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let target = target(id);
    let rows = target.permissions.rows();
    let word = |at: usize, verb, scope| format!("{id}: row {at}, `{verb}` on a {} by {scope}", rows[at].on);
    let mut known = BTreeSet::new();
    for (at, row) in rows.iter().enumerate() {
        let verbs = row.verb.as_slice().iter().flat_map(|verb| row.scope.as_slice().iter().map(move |s| (verb, s)));
        known.extend(verbs.map(|(verb, scope)| word(at, *verb, *scope)));
    }
    known.extend(target.manifest.delivery.keys().map(|from| format!("{id}: delivery `{from}`")));
    let mut used = BTreeSet::new();
    for compiled in compiled(id).iter().filter(|compiled| !compiled.is_example) {
        let model = compiled.application.model();
        for key in rights(&compiled.application, &compiled.plan).keys() {
            let row = key.row(&target.permissions).expect("a grant has a row");
            let at = rows.iter().position(|other| std::ptr::eq(other, row)).expect("a row");
            used.insert(word(at, key.verb, key.scope));
        }
        let from = compiled.application.access.iter().filter_map(|tuple| match tuple.by {
            Actor::Delivery(reference) => reference.get(model).map(|trigger| trigger.kind().as_str()),
            Actor::Redrive(_) => Some("dead-letter"),
            Actor::AsyncCall(_) => Some("call.async"),
            Actor::Alarms => Some("alarm"),
            Actor::Runner(_) => None,
        });
        used.extend(from.map(|from| format!("{id}: delivery `{from}`")).filter(|word| known.contains(word)));
    }
    (known, used)
}

#[test]
fn generated_applications_use_what_can_be_granted() {
    for id in ["aws", "kubernetes"] {
        let (known, used) = coverage(id);
        let unused: Vec<&String> = known.difference(&used).collect();
        eprintln!("{id}: {} of {} are used", used.len(), known.len());
        assert!(used.is_subset(&known), "{:?}", used.difference(&known));
        assert!(used.len() * 100 >= known.len() * 95, "{id}: these are not used: {unused:#?}");
    }
}
