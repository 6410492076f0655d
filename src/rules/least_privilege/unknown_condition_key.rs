//! Conditions of hand-written policies that can never hold.

use crate::analysis::{Actions, Facts, Judged, KnownAction, Stated};
use crate::base::{Spanned, nearest};
use crate::diag::{Finding, Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unknown-condition-key",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A condition of a hand-written policy has an unknown test, or a key that its action does not take.",
    doc: include_str!("unknown_condition_key.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for (on, actions, statements) in facts.statements() {
        for statement in statements {
            let known: Vec<(&str, KnownAction<'_>)> =
                statement.actions.iter().filter_map(|a| Some((a.value.as_str(), actions.find(&a.value)?))).collect();
            for Stated { test, key, .. } in &statement.conditions {
                unknown(on, actions, test, key, out);
                if !actions.knows_key(&key.value) || actions.holds_without_key(test) {
                    continue;
                }
                let mut others = known.iter().filter(|(_, action)| !action.takes(&key.value));
                let Some((name, action)) = others.next() else { continue };
                let more = match others.count() {
                    0 => String::new(),
                    1 => " and of 1 other action".to_owned(),
                    more => format!(" and of {more} other actions"),
                };
                let message = format!("`{}` is no condition key of `{name}`{more}", key.value);
                out.push(advise(RULE.finding(key.span, message).on(on.id()), *action, &key.value));
            }
        }
    }
}

/// A test, or a key that is of no service, which nothing takes.
fn unknown(on: &Judged, actions: &Actions, test: &str, key: &Spanned<String>, out: &mut Findings) {
    let meant =
        |near: Option<String>, other: &str| near.map_or_else(|| other.to_owned(), |n| format!("did you mean `{n}`?"));
    if let Some(near) = actions.unknown_test(test) {
        let all = actions.tests.iter().take(SHOWN).map(|test| format!("`{test}`")).collect::<Vec<_>>().join(", ");
        let help = meant(near, &format!("tests are {all} and others"));
        let message = format!("there is no test `{test}`, by which `{}` is compared", key.value);
        out.push(RULE.finding(key.span, message).help(help).on(on.id()));
    }
    if let Some(near) = actions.unknown_global(&key.value) {
        let help = meant(near, "write a key of the service, or remove the condition");
        out.push(RULE.finding(key.span, format!("there is no condition key `{}`", key.value)).help(help).on(on.id()));
    }
}

fn advise(finding: Finding, action: KnownAction<'_>, key: &str) -> Finding {
    let keys = action.keys();
    let near = nearest(key, keys.iter().map(String::as_str));
    let listed = keys.iter().take(SHOWN).map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
    match (near, keys.len()) {
        (Some(near), _) => finding.did_you_mean(near),
        (None, 0) => finding.help("it takes none of its service; give it a statement of its own"),
        (None, 1..=SHOWN) => finding.help(format!("it takes {listed}; give it a statement of its own")),
        (None, _) => finding.help(format!("it takes {listed} and others; give it a statement of its own")),
    }
}

/// How many keys a help names.
const SHOWN: usize = 5;
