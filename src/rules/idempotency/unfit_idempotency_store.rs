//! Stores that forget keys too early, or never.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::Runner;
use crate::model::Idempotency;
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unfit-idempotency-store",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "Idempotency keys are kept where they may be lost, or where they never go.",
    doc: include_str!("unfit_idempotency_store.md"),
    by_target: false,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let model = facts.model();
    let idempotency = match runner {
        Runner::Function(id) => &model.functions[id].idempotency,
        Runner::Workflow(id) => &model.workflows[id].idempotency,
    };
    match idempotency {
        Some(Idempotency::Table { store, .. }) => {
            let table = &model.tables[store.value];
            if table.expires.is_some() {
                return;
            }
            let name = table.head.name();
            out.push(
                RULE.finding(store.span, format!("`{name}` keeps idempotency keys forever"))
                    .label("no row of it expires")
                    .related(table.head.span, "declared here")
                    .help(format!("add `expires: ttl` to `{name}`")),
            );
        }
        Some(Idempotency::Cache { store, .. }) => {
            let name = model.caches[store.value].head.name();
            out.push(
                RULE.finding(store.span, format!("the cache `{name}` may lose idempotency keys"))
                    .label("what it forgets is done again")
                    .help("keep keys in a table with `expires`"),
            );
        }
        Some(Idempotency::Natural { .. }) | None => {}
    }
}
