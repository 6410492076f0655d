//! Rights of an identity that only a native resource says.

use std::collections::BTreeSet;

use crate::analysis::{Facts, Owner};
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unstated-grant",
    category: Category::LeastPrivilege,
    level: Severity::Error,
    since: "0.1.0",
    summary: "A native resource names the identity of a function, and no grant says what for.",
    doc: include_str!("unstated_grant.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    for on in facts.judged() {
        let Some(actions) = on.actions() else { continue };
        let mut said = BTreeSet::new();
        for text in facts.native_texts(on) {
            let Owner::Native(kind, name) = &text.owner else { continue };
            // Whoever runs with an identity is told so by another rule.
            let forms = actions.identities.iter().filter(|form| !form.used_by.contains(&text.path));
            for form in forms {
                let Some(function) = facts.identity_in(form, &text.text.value) else { continue };
                let address = format!("{kind}.{name}");
                if facts.is_granted_natively(on, function, &address) || !said.insert((address.clone(), function)) {
                    continue;
                }
                let head = &model.functions[function].head;
                let owner = text.owner.title(model);
                let message =
                    format!("{owner} names the {} of `{}`, and no grant says what for", form.title, head.name());
                let help = format!(
                    "write what it may do, `native: {{ grants: [{{ who: {}, verbs: [ … ], what: \"$${{{address}.…}}\" }}] }}`, or do \
                     not name it",
                    head.name()
                );
                let finding = RULE.finding(text.text.span, message).help(help).on(on.id());
                out.push(finding.related(head.span, "whose rights are derived from the graph"));
            }
        }
    }
}
