//! Functions that answer reading requests alone and may change data.

use std::collections::BTreeMap;

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::graph::writes;
use crate::model::{AnyResource, Function, Http, Id, Method, Use, resource_head};
use crate::rules::{Category, Check, RELATED, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "write-on-read-path",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function that only answers reading requests may change data.",
    doc: include_str!("write_on_read_path.md"),
    by_target: false,
    checks: &[Check::Function(check)],
};

fn check(facts: &Facts, id: Id<Function>, out: &mut Findings) {
    let model = facts.model();
    let function = &model.functions[id];
    let mut written: BTreeMap<AnyResource, Vec<&Use>> = BTreeMap::new();
    for entry in function.uses.iter().filter(|entry| changes_data(entry)) {
        written.entry(entry.resource.value).or_default().push(entry);
    }
    if written.is_empty() {
        return;
    }
    let Some(routes) = facts.only_routes(id).filter(|routes| routes.iter().all(|http| only_reads(http))) else {
        return;
    };
    for (resource, entries) in written {
        let Some(first) = entries.first() else { continue };
        let (name, on) = (function.head.name(), resource_head(model, resource).name());
        let mut verbs: Vec<_> = entries.iter().map(|entry| entry.verb.value).collect();
        verbs.dedup();
        let verbs = listed(&verbs);
        let mut finding = RULE
            .finding(first.verb.span, format!("`{name}` holds {verbs} on `{on}`, but only answers requests that read"))
            .label("changes data")
            .help(format!("leave {verbs} on `{on}` out, or answer a method that changes something, such as `POST`"));
        for http in routes.iter().take(RELATED) {
            finding = finding.related(http.route.span, "asks for nothing to change");
        }
        out.push(finding);
    }
}

/// Messages and events are not meant: to tell somebody that something was read is no change of it.
fn changes_data(entry: &Use) -> bool {
    matches!(entry.resource.value, AnyResource::Table(_) | AnyResource::Bucket(_)) && writes(entry.verb.value)
}

const fn only_reads(http: &Http) -> bool {
    match http.route.value.method {
        Method::Get | Method::Head | Method::Options => true,
        Method::Any | Method::Post | Method::Put | Method::Patch | Method::Delete => false,
    }
}
