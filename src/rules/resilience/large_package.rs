//! Code that takes long to load.

use std::collections::BTreeMap;

use crate::analysis::{Facts, Judged, Limit};
use crate::base::{ByteSize, RelPath, Span};
use crate::diag::{Findings, Severity};
use crate::model::{Code, Function, Id};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "large-package",
    category: Category::Resilience,
    level: Severity::Note,
    since: "0.1.0",
    summary: "The code of a function is larger than a platform advises, and each new instance loads it first.",
    doc: include_str!("large_package.md"),
    by_target: true,
    checks: &[Check::Application(check)],
};

/// One folder or archive is one package, however many functions name it.
fn check(facts: &Facts, out: &mut Findings) {
    let mut packages: BTreeMap<&RelPath, Vec<(Id<Function>, Span)>> = BTreeMap::new();
    for (id, function) in facts.model().functions.iter() {
        if let Code::Folder(path) | Code::Archive(path) = &function.code {
            packages.entry(&path.value).or_default().push((id, path.span));
        }
    }
    for (path, users) in packages {
        let Some((first, span)) = users.first() else { continue };
        if let Some(size) = facts.code_size(*first) {
            judge(facts, path, size, *span, users.get(1..).unwrap_or_default(), out);
        }
    }
}

fn judge(
    facts: &Facts,
    path: &RelPath,
    size: ByteSize,
    span: Span,
    others: &[(Id<Function>, Span)],
    out: &mut Findings,
) {
    let advised = |on: &Judged| on.size(Limit::PackageAdvised).filter(|most| size > most.value).map(|most| most.value);
    let targets = facts.targets_where(|on| advised(on).is_some());
    let Some(on) = targets.iter().min_by_key(|on| advised(on)) else { return };
    let Some(most) = on.size(Limit::PackageAdvised) else { return };
    let size = rounded(size);
    let message = format!("the code `{path}` has {size}, more than the advised {} ({})", most.value, most.fact);
    let mut finding = RULE.finding(span, message).label("each new instance loads it first").help(
        "leave out what is not needed to run, by a line of `.isobarignore` for each, or give functions folders of their own",
    );
    for (_, span) in others.iter().filter(|(_, other)| *other != span).take(RELATED) {
        finding = finding.related(*span, "used here too");
    }
    out.push(targets.iter().fold(finding, |finding, on| finding.on(on.id())));
}

/// In whole mebibytes, where it has one.
fn rounded(size: ByteSize) -> ByteSize {
    let mebibyte = 1 << 20;
    if size.as_bytes() < mebibyte {
        size
    } else {
        ByteSize::from_bytes(size.as_mebibytes_ceil().saturating_mul(mebibyte))
    }
}
