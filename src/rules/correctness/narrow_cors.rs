//! Calls that browsers do not let through, though the API has routes for them.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Api, CorsPart, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "narrow-cors",
    category: Category::Correctness,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Pages that may call an API cannot call some of its routes.",
    doc: include_str!("narrow_cors.md"),
    by_target: false,
    checks: &[Check::Api(check)],
};

fn check(facts: &Facts, id: Id<Api>, out: &mut Findings) {
    let api = &facts.model().apis[id];
    let Some(cors) = &api.cors else { return };
    for need in &cors.needs {
        let (list, key, what) = match need.part {
            CorsPart::Method => (&cors.methods, "methods", "method"),
            CorsPart::Header => (&cors.headers, "headers", "header"),
        };
        let has = |name: &str| list.value.iter().any(|one| one.value.eq_ignore_ascii_case(name));
        // The header of tokens is the one that `*` does not stand for.
        if has(&need.name) || (has("*") && &*need.name != "authorization") {
            continue;
        }
        let name = &need.name;
        let message = format!("pages of other origins cannot call `{}` with the {what} `{name}`", api.head.name());
        out.push(
            RULE.finding(list.span, message)
                .related(need.span, &*need.because)
                .help(format!("add `{name}` to `{key}:`, or leave `{key}:` out: it is what the routes need")),
        );
    }
}
