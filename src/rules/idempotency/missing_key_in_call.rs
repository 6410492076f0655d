//! Calls without what the called function takes its idempotency key from.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, Runner};
use crate::model::{CallMode, Expr, Idempotency, IdempotencyKey};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-key-in-call",
    category: Category::Idempotency,
    level: Severity::Error,
    since: "0.1.0",
    summary: "A workflow calls a function without what the function takes its idempotency key from.",
    doc: include_str!("missing_key_in_call.md"),
    by_target: false,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let Runner::Workflow(_) = runner else { return };
    let calls = graph.id(runner).into_iter().flat_map(|id| graph.outgoing(id));
    for edge in calls.filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Sync)) {
        let Some(Runner::Function(called)) = graph.runner(edge.to) else { continue };
        let Some(Idempotency::Table { key, .. } | Idempotency::Cache { key, .. }) =
            &model.functions[called].idempotency
        else {
            continue;
        };
        let name = model.functions[called].head.name();
        let with = facts.given_in_call(edge).unwrap_or_default();
        let finding = match &key.value {
            IdempotencyKey::EventId => continue,
            IdempotencyKey::Pointer(path) => {
                let Some(first) = path.steps().next() else { continue };
                let Some(value) = with.iter().find(|(member, _)| **member == *first).map(|(_, value)| value) else {
                    let message =
                        format!("`{name}` is called without `{first}`, from which it takes its idempotency key");
                    out.push(
                        RULE.finding(edge.span, message)
                            .related(key.span, "the key")
                            .help(format!("add it: `with: {{ {first}: input.{first} }}`")),
                    );
                    continue;
                };
                let Expr::Literal(value) = value else { continue };
                RULE.finding(
                    edge.span,
                    format!("`{name}` is called with the same idempotency key every time: `{value}`"),
                )
                .help(format!("take it from what starts the workflow: `with: {{ {first}: input.{first} }}`"))
            }
            IdempotencyKey::Header(_) | IdempotencyKey::Path(_) => {
                let message = format!("`{name}` takes its idempotency key from a request, and a call is none");
                RULE.finding(edge.span, message)
                    .help("take a path into the data such as `/orderId`, or call a function of its own")
            }
        };
        out.push(finding.related(key.span, "the key"));
    }
}
