//! Paths into data that may be missing.

use crate::analysis::{Facts, NamedPath, Whence};
use crate::diag::{Finding, Findings, Severity};
use crate::model::{Id, Presence, Workflow};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "optional-path",
    category: Category::Correctness,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "An expression of a workflow names something that the data may lack.",
    doc: include_str!("optional_path.md"),
    by_target: false,
    checks: &[Check::Workflow(check)],
};

fn check(facts: &Facts, id: Id<Workflow>, out: &mut Findings) {
    for named in facts.named_paths(id) {
        if named.presence == Presence::Optional {
            out.push(finding(&named));
        }
    }
}

fn finding(named: &NamedPath) -> Finding {
    let (path, whose) = (&named.path, &named.whose);
    let label = match named.whence {
        Whence::Match => "an event without it is never the one that is waited for",
        Whence::Expression => "there may be no value",
    };
    let finding = RULE
        .finding(named.span, format!("`{path}` may be missing by the schema of {whose}"))
        .label(label)
        .related(named.schema, "the schema");
    finding.help("add it to `required` in the schema")
}
