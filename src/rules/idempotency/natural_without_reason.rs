//! Claims of idempotency that the uses of a function contradict.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::EdgeKind;
use crate::model::{Function, Id, Idempotency, Verb};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "natural-without-reason",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that updates, sends or calls out is said to be idempotent by nature, without a reason.",
    doc: include_str!("natural_without_reason.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let function = &facts.model().functions[id];
    let Some(Idempotency::Natural { reason: None, span }) = &function.idempotency else { return };
    let mut effects = facts.effects(id).filter_map(|edge| adds_up(&edge.kind).map(|what| (edge.span, what)));
    let Some((effect, what)) = effects.next() else { return };
    let name = function.head.name();
    out.push(
        RULE.finding(*span, format!("`{name}` {what}, and nothing says why a repetition is harmless"))
            .label("no reason")
            .related(effect, format!("it {what} here"))
            .help("write the reason: `idempotency: { natural: \"the row is set only if it is absent\" }`"),
    );
}

/// What a repetition does once more. Putting the same row or object again leaves the same row or object.
fn adds_up(kind: &EdgeKind) -> Option<&'static str> {
    match kind {
        EdgeKind::Emits { .. } => Some("emits"),
        EdgeKind::Calls(_) => Some("calls others"),
        EdgeKind::Accesses { verb: Verb::Update, .. } => Some("updates"),
        EdgeKind::Accesses { verb: Verb::Send | Verb::Publish | Verb::Redrive, .. } => Some("sends"),
        EdgeKind::Accesses { verb: Verb::Connect, .. } => Some("calls out"),
        EdgeKind::Accesses { .. }
        | EdgeKind::Trigger { .. }
        | EdgeKind::Resumes
        | EdgeKind::Routes
        | EdgeKind::DeadLetters
        | EdgeKind::Compensates
        | EdgeKind::NativeGrant { .. } => None,
    }
}
