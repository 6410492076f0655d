//! Actions in hand-written policies that no platform has.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unknown-native-action",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A hand-written policy names an action that its target does not have.",
    doc: include_str!("unknown_native_action.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for (on, actions, statements) in facts.statements() {
        // What holds a reference is known to the platform alone.
        let named = statements.iter().flat_map(|statement| &statement.actions).filter(|a| !a.value.contains("${"));
        for action in named.filter(|action| actions.is_unknown(&action.value)) {
            let is_wild = action.value.contains(['*', '?']);
            let fits = if is_wild { "no action fits" } else { "there is no action" };
            let finding = RULE.finding(action.span, format!("{fits} `{}`", action.value)).on(on.id());
            out.push(match (actions.nearest(&action.value), actions.source(&action.value)) {
                (Some(near), _) => finding.did_you_mean(&near),
                (None, Some(source)) => finding.help(format!("the actions of this service are listed at {source}")),
                (None, None) => finding.help("write it with its service, as `service:Action`"),
            });
        }
    }
}
