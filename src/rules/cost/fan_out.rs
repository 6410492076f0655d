//! Events that become very many runs.

use crate::analysis::{Facts, Judged};
use crate::diag::{Findings, Severity};
use crate::graph::{EdgeKind, NodeRef};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "fan-out",
    category: Category::Cost,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "One event can cause more than a thousand runs, by subscribers and retries that multiply.",
    doc: include_str!("fan_out.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

/// Runs that one occurrence may cause. Ninety subscribers with eleven tries each, or two hops of thirty tries, stay below;
/// what goes beyond it fills the capacity of an account when a few events fail at the same time.
const RUNS: u64 = 1_000;

fn check(facts: &Facts, out: &mut Findings) {
    for on in facts.judged() {
        amplified(facts, on, out);
    }
}

fn amplified(facts: &Facts, on: &Judged, out: &mut Findings) {
    let graph = facts.graph();
    for amplifier in facts.amplifiers(on, RUNS) {
        let node = graph.node(amplifier.node);
        let what = match node.of {
            NodeRef::Function(_) | NodeRef::Workflow(_) => "run",
            NodeRef::Event(_) | NodeRef::Route(_) | NodeRef::Schedule(_) => "event",
            NodeRef::Resource(_) | NodeRef::Native(_) => "message",
        };
        let (name, runs) = (graph.title(amplifier.node), amplifier.runs);
        let mut finding = RULE
            .finding(node.span, format!("one {what} of `{name}` can cause {runs} runs"))
            .label("by all who take it, each with its retries, and by what they send on")
            .help(
                "give functions that send on an `idempotency` with a `store`, so that a repeated try sends nothing again, \
                 or state fewer attempts with `retry: { attempts: 2 }`",
            )
            .on(on.id());
        let steps = graph.outgoing(amplifier.node).filter(|edge| edge.kind.carries());
        for edge in steps.take(RELATED) {
            let title = graph.title(edge.to);
            let text = match edge.kind {
                EdgeKind::Trigger { .. } => format!("runs `{title}`"),
                EdgeKind::Resumes
                | EdgeKind::Emits { .. }
                | EdgeKind::Routes
                | EdgeKind::Accesses { .. }
                | EdgeKind::Calls(_)
                | EdgeKind::DeadLetters
                | EdgeKind::Compensates
                | EdgeKind::NativeGrant { .. } => format!("goes on to `{title}`"),
            };
            finding = finding.related(edge.span, text);
        }
        out.push(finding);
    }
}
