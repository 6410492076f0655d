//! Paths into data that no schema has.

use crate::analysis::{Facts, NamedPath, Whence};
use crate::base::nearest;
use crate::diag::{Finding, Findings, Severity};
use crate::model::{Id, Presence, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "unknown-path",
    category: Category::Correctness,
    level: Severity::Error,
    since: "0.1.0",
    summary: "An expression of a workflow names something that the data does not have.",
    doc: include_str!("unknown_path.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    for named in facts.named_paths(id) {
        if named.presence == Presence::Absent {
            out.push(finding(&named));
        }
    }
}

fn finding(named: &NamedPath) -> Finding {
    let (path, whose) = (&named.path, &named.whose);
    let label = match named.whence {
        Whence::Match => "no event is ever the one that is waited for",
        Whence::Expression => "it has no value",
    };
    let finding = RULE
        .finding(named.span, format!("`{path}` is not in the schema of {whose}"))
        .label(label)
        .related(named.schema, "the schema");
    let (parent, last) = path.as_str().rsplit_once('/').unwrap_or_default();
    match nearest(last, named.siblings.iter().map(String::as_str)) {
        Some(near) => finding.help(format!("did you mean `{parent}/{near}`?")),
        None => finding.help("take a path that the schema names, or add it to the schema"),
    }
}
