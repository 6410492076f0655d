//! Actions in hand-written policies on what they cannot apply to.

use crate::analysis::{Addressed, Facts, Glob};
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
            let addresses: Vec<_> = statement.resources.iter().map(|r| actions.address(&r.value)).collect();
            for action in &statement.actions {
                let Some(known) = actions.find(&action.value) else { continue };
                let is_all = || statement.resources.iter().any(|resource| resource.value == "*");
                if is_all() || addresses.iter().any(|address| known.applies_to(address)) {
                    continue;
                }
                let Some(resource) = statement.resources.first() else { continue };
                let message = format!("`{}` cannot apply to `{}`", action.value, resource.value);
                let kinds: Vec<String> = known.kinds().map(kind).take(RELATED).collect();
                let help = match kinds.as_slice() {
                    [] => "it applies to nothing in particular; allow it on `*`, apart from the others".to_owned(),
                    kinds => format!("it applies to {}", kinds.join(", ")),
                };
                let finding = RULE.finding(action.span, message).related(resource.span, "on this");
                out.push(finding.help(help).on(on.id()));
            }
        }
    }
}

/// A kind with the form of its address.
fn kind((name, addressed): (&str, &Addressed)) -> String {
    let form = addressed.address.as_slice().first().map(Glob::shown).unwrap_or_default();
    format!("`{name}` (`{form}`)")
}
