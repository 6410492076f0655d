//! Functions that take the whole of what others take a part of.

use std::collections::BTreeMap;

use super::unscoped_object_access;
use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{AnyResource, Function, Id, Scope, Use, Verb, resource_head};
use crate::rules::{Category, Check, RELATED, Rule, listed};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "missing-scope",
    category: Category::LeastPrivilege,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A function may touch the whole of a resource of which others may only touch parts.",
    doc: include_str!("missing_scope.md"),
    by_target: false,
    checks: &[Check::Application(check)],
};

/// So many others make a custom of it.
const CUSTOM: usize = 2;

/// Verbs that one scope would fit. Who goes through everything does so with `scan` and `list`, which are compared
/// with themselves alone, as are all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doing {
    Reading,
    Writing,
    Just(Verb),
}

impl Doing {
    const fn of(verb: Verb) -> Self {
        match verb {
            Verb::Get | Verb::Query | Verb::BatchGet | Verb::Check => Self::Reading,
            Verb::Put | Verb::Update | Verb::BatchWrite => Self::Writing,
            Verb::Delete
            | Verb::Scan
            | Verb::List
            | Verb::Send
            | Verb::Redrive
            | Verb::Publish
            | Verb::Read
            | Verb::Rotate
            | Verb::Connect
            | Verb::Receive
            | Verb::Invoke
            | Verb::Start
            | Verb::Emit
            | Verb::Remember
            | Verb::Log
            | Verb::Trace
            | Verb::Join
            | Verb::SetAside => Self::Just(verb),
        }
    }
}

/// Who does something with a resource, by function.
type Holders<'f> = Vec<(Id<Function>, &'f Use)>;

fn check(facts: &Facts, out: &mut Findings) {
    let mut holders: BTreeMap<(AnyResource, Doing), Holders<'_>> = BTreeMap::new();
    for (id, function) in facts.model().functions.iter() {
        for entry in &function.uses {
            holders.entry((entry.resource.value, Doing::of(entry.verb.value))).or_default().push((id, entry));
        }
    }
    for holders in holders.values() {
        judge(facts, holders, out);
    }
}

fn judge(facts: &Facts, holders: &Holders<'_>, out: &mut Findings) {
    let first_of = |keep: &dyn Fn(&Use) -> bool| {
        let mut kept: Holders<'_> = holders.iter().copied().filter(|(_, entry)| keep(entry)).collect();
        kept.dedup_by_key(|(id, _)| *id);
        kept
    };
    let wide = first_of(&|entry| entry.scope == Scope::Whole);
    let mut narrow = first_of(&|entry| part(&entry.scope).is_some());
    narrow.retain(|(id, _)| wide.binary_search_by_key(id, |(wide, _)| *wide).is_err());
    if narrow.len() < CUSTOM {
        return;
    }
    let model = facts.model();
    let shown: Vec<&str> = narrow.iter().take(RELATED).map(|(id, _)| model.functions[*id].head.name()).collect();
    for (id, entry) in wide {
        if unscoped_object_access::speaks_of(facts, id, entry) {
            continue;
        }
        let (name, on) = (model.functions[id].head.name(), resource_head(model, entry.resource.value).name());
        let verb = entry.set.map_or(entry.verb.value.as_str(), |set| set.as_str());
        let key = narrow.iter().find_map(|(_, entry)| part(&entry.scope)).map_or("", |(key, _)| key);
        let message =
            format!("`{name}` holds `{verb}` on all of `{on}`, while {} are held to parts of it", listed(&shown));
        let finding = RULE
            .finding(entry.verb.span, message)
            .label("the whole of it")
            .help(format!("write `{on}: {{ {verb}: {{ {key}: … }} }}` with what the function needs"));
        let others = narrow.iter().take(RELATED).filter_map(|(_, entry)| Some((entry.verb.span, part(&entry.scope)?)));
        out.push(others.fold(finding, |finding, (span, (key, value))| {
            finding.related(span, format!("here it is `{key}: {value}`"))
        }));
    }
}

/// The key and the value of a scope that is a part of what the whole is. An index is no part of a table but another
/// way to its rows: who reads the table itself has no narrower word for it.
fn part(scope: &Scope) -> Option<(&'static str, &str)> {
    match scope {
        Scope::Prefix { prefix, .. } if !prefix.is_empty() => Some(("prefix", prefix)),
        Scope::Prefix { suffix, .. } if !suffix.is_empty() => Some(("suffix", suffix)),
        Scope::Leading(value) => Some(("leading", value)),
        Scope::Topic(topic) => Some(("topic", topic)),
        Scope::Type(kind) => Some(("type", kind)),
        Scope::Prefix { .. } | Scope::Whole | Scope::Index(_) | Scope::Own => None,
    }
}
