//! Hand-written grants that together give more than each.

use std::collections::BTreeMap;

use crate::analysis::{Actions, Escalation, Facts, Glob, Owner, Stated};
use crate::base::Spanned;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "escalating-grants",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "The hand-written grants of one identity let it take on other rights.",
    doc: include_str!("escalating_grants.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for (on, actions, statements) in facts.statements() {
        let mut held: BTreeMap<&Owner, Vec<Held<'_>>> = BTreeMap::new();
        for statement in statements.iter().filter(|s| s.allows && !s.has_principal) {
            // Who may do everything needs no way to it; that is another finding.
            let named = statement.actions.iter().filter(|action| !actions.is_everything(&action.value));
            let conditions = statement.conditions.as_slice();
            held.entry(&statement.owner).or_default().extend(named.map(|action| Held { action, conditions }));
        }
        for (owner, held) in held {
            let all: Vec<_> =
                actions.escalations.iter().filter_map(|e| Some((e, needed(actions, e, &held)?))).collect();
            let Some((first, places)) = all.first() else { continue };
            let Some((last, others)) = places.split_last() else { continue };
            let by = first.actions.iter().map(|action| format!("`{action}`")).collect::<Vec<_>>().join(" with ");
            let message = format!("{} may take on other rights by {by}", owner.title(facts.model()));
            let advice = match all.len() - 1 {
                0 => "leave this to an identity that deploys and runs no code of the application".to_owned(),
                1 => "leave this to an identity that deploys; 1 other way has to be closed too".to_owned(),
                more => format!("leave this to an identity that deploys; {more} other ways have to be closed too"),
            };
            let mut finding = RULE.finding(last.span, message).label(&first.reason).help(advice).on(on.id());
            for other in others.iter().take(RELATED) {
                finding = finding.related(other.span, "together with this");
            }
            out.push(finding);
        }
    }
}

/// An action with the conditions under which it is allowed.
#[derive(Clone, Copy)]
struct Held<'a> {
    action: &'a Spanned<String>,
    conditions: &'a [Stated],
}

/// Where the actions of an escalation are held; `None` if one of them is not.
fn needed<'a>(actions: &Actions, escalation: &Escalation, held: &[Held<'a>]) -> Option<Vec<&'a Spanned<String>>> {
    let lower = |text: &str| text.to_ascii_lowercase();
    let holds = |action: &String| {
        let action = Glob::literal(&lower(action));
        let is_it = |held: &&Held<'_>| Glob::written(&lower(&held.action.value)).meets(&action);
        held.iter().filter(is_it).find(|held| passes(actions, escalation, held.conditions)).map(|held| held.action)
    };
    escalation.actions.iter().map(holds).collect()
}

/// Whether conditions let pass what an escalation needs.
fn passes(actions: &Actions, escalation: &Escalation, conditions: &[Stated]) -> bool {
    escalation.passes.iter().all(|(key, wanted)| {
        let on_key = conditions.iter().filter(|condition| condition.key.value.eq_ignore_ascii_case(key));
        let mut on_key = on_key.filter(|condition| !actions.holds_without_key(&condition.test));
        on_key.all(|condition| {
            let is_named = condition.values.iter().any(|value| Glob::written(value).meets(&Glob::literal(wanted)));
            is_named != actions.is_negated(&condition.test)
        })
    })
}
