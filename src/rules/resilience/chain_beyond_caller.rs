//! Functions that work on after who called them has given up.

use crate::analysis::Facts;
use crate::diag::{Applicability, Findings, Severity};
use crate::graph::{EdgeKind, NodeRef};
use crate::model::{CallMode, Function, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "chain-beyond-caller",
    category: Category::Resilience,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function may run longer than the function that waits for it.",
    doc: include_str!("chain_beyond_caller.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let waiting = &model.functions[id];
    let edges = graph.id(id).into_iter().flat_map(|id| graph.outgoing(id));
    for edge in edges.filter(|edge| edge.kind == EdgeKind::Calls(CallMode::Sync)) {
        let NodeRef::Function(callee) = graph.node(edge.to).of else { continue };
        let callee = &model.functions[callee];
        let (most, longer) = (&waiting.timeout, &callee.timeout);
        // Where nobody stated a timeout, nobody has thought of one that is wrong.
        if longer.value <= most.value || (most.derived.is_some() && longer.derived.is_some()) {
            continue;
        }
        let (name, who) = (callee.head.name(), waiting.head.name());
        let message =
            format!("`{name}` may run for {}, but `{who}`, which waits for it, only for {}", longer.value, most.value);
        let mut finding = RULE
            .finding(edge.span, message)
            .related(longer.span, format!("`{name}` may run for {}", longer.value))
            .related(most.span, format!("`{who}` ends after {}", most.value))
            .help(format!(
                "write a `timeout` of less than {} for `{name}`, or call it with `calls: {{ {name}: async }}`",
                most.value
            ));
        if longer.derived.is_none() {
            let title = "shorten the timeout of what is called";
            finding = finding.fix(title, longer.span, most.value.to_string(), Applicability::Unsafe);
        }
        out.push(finding);
    }
}
