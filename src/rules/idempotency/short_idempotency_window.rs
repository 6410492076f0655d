//! Keys that are forgotten while their events can still come again.

use crate::analysis::delivery::Bound;
use crate::analysis::{Facts, Judged, Redelivery};
use crate::base::{Duration, Spanned};
use crate::diag::{Applicability, Finding, Findings, Severity};
use crate::graph::{EdgeId, Runner};
use crate::model::Idempotency;
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "short-idempotency-window",
    category: Category::Idempotency,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "An idempotency key is forgotten before the last time its event can come again.",
    doc: include_str!("short_idempotency_window.md"),
    by_target: true,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    let model = facts.model();
    let (head, idempotency, timeout) = match runner {
        Runner::Function(id) => {
            let function = &model.functions[id];
            (&function.head, &function.idempotency, Some(&function.timeout))
        }
        Runner::Workflow(id) => (&model.workflows[id].head, &model.workflows[id].idempotency, None),
    };
    let Some(Idempotency::Table { window, .. } | Idempotency::Cache { window, .. }) = idempotency else { return };
    let name = head.name();
    if let Some(timeout) = timeout.filter(|timeout| window.value < timeout.value) {
        let message = format!("the idempotency window of `{name}` is {}, shorter than its timeout", window.value);
        let finding = widen(RULE.finding(window.span, message), *window, timeout.value);
        out.push(finding.related(timeout.span, format!("one run takes up to {}", timeout.value)));
        return;
    }
    let longest: Vec<_> = facts.judged().iter().map(|on| (on, self::longest(facts, runner, on))).collect();
    let is_same = longest.windows(2).all(|pair| match pair {
        [(_, a), (_, b)] => a == b,
        _ => true,
    });
    for (on, redelivery) in longest.into_iter().filter_map(|(on, found)| found.map(|found| (on, found))) {
        if redelivery.longest <= window.value {
            continue;
        }
        let message = format!(
            "`{name}` forgets idempotency keys after {}, but its events can come again for {}",
            window.value, redelivery.longest
        );
        let mut finding = widen(RULE.finding(window.span, message), *window, redelivery.longest);
        for stay in &redelivery.parts {
            finding = finding.related(stay.span, format!("up to {} {}", stay.time, stay.place));
        }
        if is_same {
            out.push(finding);
            return;
        }
        out.push(finding.on(on.id()));
    }
}

/// What comes again for the longest time: deliveries of triggers, and calls.
fn longest(facts: &Facts, runner: Runner, on: &Judged) -> Option<Redelivery> {
    let (graph, deliveries) = (facts.graph(), facts.deliveries(on)?);
    let comes_again = |id: EdgeId| match deliveries.of(id).map(|delivery| delivery.age) {
        Some(Bound::AtMost(age)) => age > Duration::ZERO,
        Some(Bound::NoEnd) | None => false,
    };
    let again = graph.incoming_ids(graph.id(runner)?).filter(|(id, _)| comes_again(*id));
    again.filter_map(|(_, edge)| facts.redelivery_along(edge, on)).max_by_key(|redelivery| redelivery.longest)
}

fn widen(finding: Finding, window: Spanned<Duration>, enough: Duration) -> Finding {
    finding.label("forgotten too early").help(format!("write `window: {enough}` or longer")).fix(
        "widen the window",
        window.span,
        enough.to_string(),
        Applicability::Unsafe,
    )
}
