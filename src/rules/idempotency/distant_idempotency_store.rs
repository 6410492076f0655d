//! Keys that are remembered in another place than what they guard.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::NodeRef;
use crate::model::{AnyResource, Function, Id, Idempotency};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "distant-idempotency-store",
    category: Category::Idempotency,
    level: Severity::Note,
    since: "0.1.0",
    summary: "A function writes to a database and remembers in a table apart from it what it wrote.",
    doc: include_str!("distant_idempotency_store.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let function = &model.functions[id];
    let Some(Idempotency::Table { store, .. }) = &function.idempotency else { return };
    let into_database =
        |edge: &&crate::graph::Edge| matches!(graph.node(edge.to).of, NodeRef::Resource(AnyResource::Database(_)));
    let Some(effect) = facts.effects(id).find(into_database) else { return };
    let (name, table) = (function.head.name(), model.tables[store.value].head.name());
    let database = graph.title(effect.to);
    out.push(
        RULE.finding(
            store.span,
            format!("`{name}` remembers in `{table}` what it did in `{database}`, and each can fail without the other"),
        )
        .label("no transaction covers both")
        .related(effect.span, "the effect is here")
        .help(format!(
            "keep the keys in `{database}`, in the transaction of the effect, and say so: \
             `idempotency: {{ natural: \"the key is inserted in the same transaction\" }}`"
        )),
    );
}
