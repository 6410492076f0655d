//! Actions in hand-written policies on what they cannot apply to.

use crate::analysis::{Actions, Addressed, Facts, Glob, KnownAction};
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "inapplicable-native-action",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A hand-written policy allows an action on a resource that it cannot apply to.",
    doc: include_str!("inapplicable_native_action.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for (on, actions, statements) in facts.statements() {
        // A policy of a resource may shorten its address.
        for statement in statements.iter().filter(|s| !s.has_principal && !s.resources.is_empty()) {
            let address =
                |text: &String| if actions.mistaken(text).is_some() { Glob::default() } else { actions.address(text) };
            let addresses: Vec<_> = statement.resources.iter().map(|r| address(&r.value)).collect();
            for action in &statement.actions {
                let Some(known) = actions.find(&action.value) else { continue };
                let is_all = || statement.resources.iter().any(|resource| resource.value == "*");
                if is_all() || addresses.iter().any(|address| known.applies_to(address)) {
                    continue;
                }
                let Some(resource) = statement.resources.first() else { continue };
                let message = format!("`{}` cannot apply to `{}`", action.value, resource.value);
                let finding = RULE.finding(action.span, message).related(resource.span, "on this");
                out.push(finding.help(help(actions, known, &resource.value)).on(on.id()));
            }
        }
    }
}

fn help(actions: &Actions, known: KnownAction<'_>, resource: &str) -> String {
    if let Some(right) = actions.mistaken(resource) {
        return format!("that is no address; write `{right}`");
    }
    let kinds: Vec<String> = known.kinds().map(kind).take(RELATED).collect();
    match kinds.as_slice() {
        [] => "it applies to nothing in particular; allow it on `*`, apart from the others".to_owned(),
        kinds => format!("it applies to {}", kinds.join(", ")),
    }
}

/// A kind with the form of its address.
fn kind((name, addressed): (&str, &Addressed)) -> String {
    let form = addressed.address.as_slice().first().map(Glob::shown).unwrap_or_default();
    format!("`{name}` (`{form}`)")
}
