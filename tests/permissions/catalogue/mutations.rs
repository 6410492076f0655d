//! Everything that can be changed in one row.

use isobar::catalog::{Condition, IdentityKind, NativeRule, OneOrMany, Pattern, Row, Target};
use isobar::model::{ScopeKind, Verb};

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

/// Rows of a target that are wrong: the place of each, how, and the row then. Of rows of a kind that grant the same
/// several things, one stands for all.
pub(crate) fn wrong(target: &Target) -> Vec<(usize, String, Option<Row>)> {
    let mut out = Vec::new();
    let rows = target.permissions.rows();
    for (at, row) in rows.iter().enumerate() {
        if row.grants.len() > 1 && rows[..at].iter().any(|other| other.on == row.on && other.grants == row.grants) {
            continue;
        }
        let is_judged = |what: &str| JUDGED.iter().any(|j| what == *j || what.ends_with(&format!(": {j}")));
        // Everything and one more is everything.
        let is_all = |what: &str| row.wildcard.is_some() && what.ends_with("one more resource");
        let changes = of(row).into_iter().filter(|(what, _)| is_judged(what) && !is_all(what));
        out.extend(changes.map(|(what, changed)| (at, what, changed)));
    }
    out
}

/// What is changed, and the row then; `None` where it is gone.
pub(super) fn of(row: &Row) -> Vec<(String, Option<Row>)> {
    let mut out = vec![("deleting".to_owned(), None)];
    let mut add = |what: String, change: &dyn Fn(&mut Row)| {
        let mut changed = row.clone();
        change(&mut changed);
        assert!(changed != *row, "{what} changes nothing");
        out.push((what, Some(changed)));
    };
    add("another kind".to_owned(), &|row| "elsewhere".clone_into(&mut row.on));
    add("another verb".to_owned(), &|row| row.verb = OneOrMany::One(Verb::Start));
    add("another scope".to_owned(), &|row| row.scope = OneOrMany::One(ScopeKind::Topic));
    add("another identity".to_owned(), &|row| {
        let is_function = row.identity == IdentityKind::Function;
        row.identity = if is_function { IdentityKind::Platform } else { IdentityKind::Function };
    });
    add("another source".to_owned(), &|row| row.from = Some("user".to_owned()));
    if row.wildcard.is_some() {
        add("no reason for a wildcard".to_owned(), &|row| row.wildcard = None);
    }
    let extra = NativeRule {
        when: row.grants.first().map(|grant| grant.when.clone()).unwrap_or_default(),
        system: "network".to_owned(),
        actions: vec!["1".to_owned()],
        resources: vec![pattern("more")],
        conditions: Vec::new(),
        principal: None,
    };
    add("one more grant".to_owned(), &|row| row.grants.push(extra.clone()));
    for at in 0..row.grants.len() {
        add(format!("grant {at}: deleting"), &|row| _ = row.grants.remove(at));
        for (what, grant) in of_grant(&row.grants[at]) {
            add(format!("grant {at}: {what}"), &|row| row.grants[at] = grant.clone());
        }
    }
    out
}

fn pattern(text: &str) -> Pattern {
    Pattern::parse(text).expect("a pattern")
}

fn of_grant(grant: &NativeRule) -> Vec<(String, NativeRule)> {
    let mut out = Vec::new();
    let mut add = |what: String, change: &dyn Fn(&mut NativeRule)| {
        let mut changed = grant.clone();
        change(&mut changed);
        out.push((what, changed));
    };
    add("another system".to_owned(), &|g| g.system.push('x'));
    add("one more action".to_owned(), &|g| g.actions.push("more".to_owned()));
    for at in 0..grant.actions.len() {
        add(format!("action {at}: deleting"), &|g| _ = g.actions.remove(at));
        add(format!("action {at}: another"), &|g| g.actions[at].push('x'));
    }
    add("one more resource".to_owned(), &|g| g.resources.push(pattern("*")));
    for at in 0..grant.resources.len() {
        let longer = format!("{}x", grant.resources[at].as_str());
        add(format!("resource {at}: deleting"), &|g| _ = g.resources.remove(at));
        add(format!("resource {at}: another"), &|g| g.resources[at] = pattern(&longer));
    }
    add("one more condition".to_owned(), &|g| {
        g.conditions.push(Condition { test: "more".to_owned(), key: "more".to_owned(), values: Vec::new() });
    });
    for at in 0..grant.conditions.len() {
        add(format!("condition {at}: deleting"), &|g| _ = g.conditions.remove(at));
        add(format!("condition {at}: another test"), &|g| g.conditions[at].test.push('x'));
        add(format!("condition {at}: another key"), &|g| g.conditions[at].key.push('x'));
        for value in 0..grant.conditions[at].values.len() {
            let longer = format!("{}x", grant.conditions[at].values[value].as_str());
            add(format!("condition {at}: one value less"), &|g| _ = g.conditions[at].values.remove(value));
            add(format!("condition {at}: another value"), &|g| g.conditions[at].values[value] = pattern(&longer));
        }
    }
    if grant.principal.is_some() {
        add("nobody".to_owned(), &|g| g.principal = None);
        add("another principal".to_owned(), &|g| g.principal = Some(pattern("*")));
    }
    if !grant.when.is_empty() {
        add("always".to_owned(), &|g| g.when.clear());
    }
    out
}
