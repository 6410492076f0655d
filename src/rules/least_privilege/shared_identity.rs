//! One identity for two.

use std::collections::BTreeMap;

use crate::analysis::{Facts, NativeText};
use crate::diag::{Findings, Severity};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "shared-identity",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Two functions, or a function and a native resource, run as one identity.",
    doc: include_str!("shared_identity.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

fn check(facts: &Facts, out: &mut Findings) {
    let model = facts.model();
    for on in facts.judged() {
        let Some(actions) = on.actions() else { continue };
        let texts = facts.native_texts(on);
        for form in &actions.identities {
            let mut users: BTreeMap<&str, &NativeText> = BTreeMap::new();
            for used in texts.iter().filter(|text| form.used_by.contains(&text.path)) {
                let owner = used.owner.title(model);
                let finding = |message: String| {
                    let help = format!("give it a {} of its own, with what it needs alone", form.title);
                    RULE.finding(used.text.span, message).help(help).on(on.id())
                };
                if let Some(function) = facts.identity_in(form, &used.text.value) {
                    let head = &model.functions[function].head;
                    let message = format!("{owner} runs with the {} of `{}`", form.title, head.name());
                    out.push(finding(message).related(head.span, "whose rights are derived from what it uses"));
                } else if let Some(first) =
                    users.get(used.text.value.as_str()).filter(|first| first.owner != used.owner)
                {
                    let message = format!("{owner} runs with the same {} as {}", form.title, first.owner.title(model));
                    out.push(finding(message).related(first.text.span, "the other one"));
                } else {
                    users.insert(&used.text.value, used);
                }
            }
        }
    }
}
