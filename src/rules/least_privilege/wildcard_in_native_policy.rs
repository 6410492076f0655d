//! Hand-written policies that allow more than somebody named.

use crate::analysis::{Facts, Owner};
use crate::base::Spanned;
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "wildcard-in-native-policy",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A hand-written policy allows actions or resources by a wildcard.",
    doc: include_str!("wildcard_in_native_policy.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    for (on, actions, statements) in facts.statements() {
        for statement in statements.iter().filter(|statement| statement.allows) {
            let owner = statement.owner.title(facts.model());
            if let Some(key) = &statement.negated {
                let message = format!("{owner} allows all that `{}` does not name", key.value);
                out.push(RULE.finding(key.span, message).help("name what is allowed instead").on(on.id()));
            }
            let is_wild = |action: &&Spanned<String>| action.value.contains(['*', '?']);
            // A wildcard in a native grant is no permission that can be proven, and refused by every compile.
            let is_grant = matches!(statement.owner, Owner::Function(_));
            for action in statement.actions.iter().filter(is_wild).filter(|_| !is_grant) {
                let message = format!("{owner} allows `{}`, which stands for more than one action", action.value);
                let help = "name each action that is needed; who adds one to the platform adds it here too";
                out.push(RULE.finding(action.span, message).help(help).on(on.id()));
            }
            // What belongs to a resource is on that resource.
            let resources = statement.resources.iter().filter(|_| !statement.has_principal);
            for resource in resources {
                let known = |action: &Spanned<String>| Some((action.value.clone(), actions.find(&action.value)?));
                let mut known = statement.actions.iter().filter_map(known);
                let Some((action, found)) = known.find(|(_, found)| actions.is_wide(*found, &resource.value)) else {
                    continue;
                };
                let message = format!("{owner} allows `{action}` on `{}`", resource.value);
                let addresses = found.kinds().flat_map(|(_, kind)| kind.address.as_slice());
                let shown = addresses.map(|address| format!("`{}`", address.shown())).next().unwrap_or_default();
                let help = format!("name what it is on, in the form {shown}");
                out.push(RULE.finding(resource.span, message).help(help).on(on.id()));
            }
        }
    }
}
