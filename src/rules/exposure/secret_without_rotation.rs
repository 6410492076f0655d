//! Secrets that are likely to leak and stay good for ever.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::{Edge, EdgeKind, NodeId};
use crate::model::{AnyResource, Id, Secret, Verb};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "secret-without-rotation",
    category: Category::Exposure,
    level: Severity::Note,
    since: "0.1.0",
    summary: "A secret that is in the reach of anybody, or held by many, is never renewed.",
    doc: include_str!("secret_without_rotation.md"),
    by_target: false,
    checks: &[Check::Secret(check)],
};

/// So many holders are many.
const MANY: usize = 3;

fn check(facts: &Facts, id: Id<Secret>, out: &mut Findings) {
    let secret = &facts.model().secrets[id];
    let uses: Vec<&Edge> = facts.graph().uses(AnyResource::Secret(id)).collect();
    // Code that makes new versions rotates it, whoever runs that code.
    if secret.rotate.is_some() || uses.iter().any(|edge| does(edge, Verb::Rotate)) {
        return;
    }
    let readers: Vec<&Edge> = uses.into_iter().filter(|edge| does(edge, Verb::Get)).collect();
    let open: Vec<&Edge> = readers.iter().copied().filter(|edge| is_open(facts, edge.from)).collect();
    let (why, places) = match (open.first(), readers.len()) {
        (Some(reader), _) => {
            (format!("and anybody may call `{}`, which reads it", facts.graph().title(reader.from)), open)
        }
        (None, MANY..) => (format!("and {} functions hold it", readers.len()), readers),
        (None, _) => return,
    };
    let name = secret.head.name();
    let mut finding = RULE
        .finding(secret.head.span, format!("`{name}` is never renewed, {why}"))
        .label("once out, good for ever")
        .help(help(facts));
    for edge in places.into_iter().take(RELATED) {
        finding = finding.related(edge.span, "read here");
    }
    out.push(finding);
}

/// What to write, where the judged targets can rotate and where one cannot.
fn help(facts: &Facts) -> String {
    let meant = "`# isobar: allow secret-without-rotation: <who and how>`";
    match facts.judged().iter().find(|on| !on.rotates()) {
        None => format!("add `rotate: {{ every: 90d }}`, or say who renews it: {meant}"),
        Some(on) => format!("say who renews it, which {} cannot yet by itself: {meant}", on.id()),
    }
}

/// Whether anybody may call a function.
fn is_open(facts: &Facts, id: NodeId) -> bool {
    let (model, runner) = (facts.model(), facts.graph().runner(id));
    runner.is_some_and(|runner| runner.triggers(model).iter().any(|trigger| super::door(model, trigger).is_some()))
}

fn does(edge: &Edge, what: Verb) -> bool {
    matches!(&edge.kind, EdgeKind::Accesses { verb, .. } if *verb == what)
}
