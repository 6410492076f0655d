//! Paths into data that may be missing.

use crate::analysis::{Facts, NamedPath, Whence};
use crate::diag::{Finding, Findings, Severity};
use crate::graph::Runner;
use crate::model::Presence;
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "optional-path",
    category: Category::Correctness,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A filter or an expression names something that the data may lack.",
    doc: include_str!("optional_path.md"),
    by_target: false,
    checks: &[Check::Runner(check)],
};

fn check(facts: &Facts, runner: Runner, out: &mut Findings) {
    for named in facts.named_paths(runner) {
        if named.presence == Presence::Optional {
            out.push(finding(&named));
        }
    }
}

fn finding(named: &NamedPath) -> Finding {
    let (path, whose) = (&named.path, &named.whose);
    let label = match named.whence {
        Whence::Where => "an event without it is passed over",
        Whence::Match => "an event without it is never the one that is waited for",
        Whence::Expression => "there may be no value",
    };
    let finding = RULE
        .finding(named.span, format!("`{path}` may be missing by the schema of {whose}"))
        .label(label)
        .related(named.schema, "the schema");
    match named.whence {
        Whence::Where => finding.help("add it to `required` in the schema, or test it: `{ exists: true, … }`"),
        Whence::Match | Whence::Expression => finding.help("add it to `required` in the schema"),
    }
}
