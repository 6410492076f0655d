//! What a target claims has a source, and what it claims to do is done in a golden file.

use std::collections::{BTreeMap, BTreeSet};

use isobar::catalog::{FEATURES, Level, Limit, builtin_ids};
use isobar::plan::asked_features;

use crate::applications::{examples, read, target};

/// The id of a fact, or an address.
fn is_source(text: &str) -> bool {
    let digits = text.trim_start_matches(|c: char| c.is_ascii_uppercase());
    let letters = text.len() - digits.len();
    let is_fact = (1..=2).contains(&letters) && digits.len() >= 2 && digits.chars().all(|c| c.is_ascii_digit());
    let host = text.strip_prefix("https://").unwrap_or(text).split('/').next().unwrap_or_default();
    is_fact || host.contains('.') && !text.contains(' ') && text.contains('/')
}

#[test]
fn sources_are_facts_or_addresses() {
    assert!(is_source("Q10") && is_source("https://a.example/b") && is_source("docs.a.example/b.html"));
    assert!(!is_source("made up") && !is_source("") && !is_source("Q"));
}

#[test]
fn every_number_promise_and_permission_has_a_source() {
    let mut failures = Vec::new();
    for id in builtin_ids() {
        let target = target(id);
        let manifest = &target.manifest;
        let limits = manifest.limits.iter().map(|(limit, value)| (format!("limit {}", limit.as_str()), &value.fact));
        let promises = manifest.guarantees.iter().map(|(channel, g)| (format!("guarantee {channel}"), &g.fact));
        let ages = manifest.guarantees.iter().filter_map(|(channel, g)| Some((channel, g.retry_age.as_ref()?)));
        let ages = ages.map(|(channel, age)| (format!("retry age of {channel}"), &age.fact));
        let deadlines = manifest.guarantees.iter().filter_map(|(channel, g)| Some((channel, g.deadline.as_ref()?)));
        let ages = ages.chain(deadlines.map(|(channel, deadline)| (format!("deadline of {channel}"), &deadline.fact)));
        let dead_letters = [("queue", &manifest.dead_letters.queue), ("function", &manifest.dead_letters.function)];
        let dead_letters = dead_letters.into_iter().filter_map(|(of, rule)| Some((of, rule.as_ref()?)));
        let dead_letters = dead_letters.map(|(of, rule)| (format!("dead letter of a {of}"), &rule.fact));
        let rows = target.permissions.rows().iter();
        let rows = rows.map(|row| (format!("permission on {}: {:?}", row.on, row.verb.as_slice()), &row.source));
        let names =
            manifest.names.iter().filter_map(|name| Some((format!("name {}", name.product), name.fact.as_ref()?)));
        let (actions, findings) = target.actions();
        assert!(findings.is_empty(), "{id}: {findings:?}");
        let services = actions.iter().flat_map(|a| &a.services);
        let services = services.map(|(prefix, service)| (format!("actions of {prefix}"), &service.source));
        let escalations = actions.iter().flat_map(|a| &a.escalations);
        let escalations = escalations.map(|e| (format!("escalation by {}", e.actions.join(", ")), &e.source));
        let refusals = manifest.refuses.iter().map(|r| (format!("refusal of {:?}", r.kinds.as_slice()), &r.fact));
        for rule in manifest.refuses.iter().filter_map(|refusal| refusal.unless_rule.as_deref()) {
            assert!(isobar::rules::find(rule).is_some(), "{id}: a refusal gives way to `{rule}`, which is no rule");
        }
        let variables = manifest.variables.iter().map(|v| ("variables".to_owned(), &v.fact));
        let rows = rows.chain(services).chain(escalations).chain(refusals).chain(variables);
        for (what, source) in limits.chain(promises).chain(ages).chain(dead_letters).chain(rows).chain(names) {
            if !source.split(", ").all(is_source) {
                failures.push(format!("{id}: {what}: `{source}` is no fact and no address"));
            }
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

/// Features that a target does and no example asks it for, with the reason.
const UNSEEN: &[(&str, &[&str], &str)] = &[
    ("runtime.java", &["aws"], RUNTIME),
    ("runtime.dotnet", &["aws"], RUNTIME),
    ("runtime.go", &["aws"], RUNTIME),
    ("runtime.ruby", &["aws"], RUNTIME),
    ("runtime.rust", &["aws"], RUNTIME),
    ("envelope.native", &["aws"], "a handler of the platform's own events would run on one target only"),
    ("network.private", &["aws", "kubernetes"], "it needs a network of somebody's own"),
    ("scaling.min", &["kubernetes"], "the other target cannot, and examples compile for both"),
    ("scaling.concurrency", &["kubernetes"], "the other target cannot, and examples compile for both"),
    ("function.outage", &["aws", "kubernetes"], "it changes what rules say and no artifact"),
    ("trigger.queue.whole-failures", &["aws"], UNUSED),
    ("trigger.queue.window", &["aws"], UNUSED),
    ("trigger.schedule.every", &["aws", "kubernetes"], UNUSED),
    ("trigger.schedule.flexible", &["aws"], "the other target cannot, and examples compile for both"),
    ("trigger.schedule.input", &["aws", "kubernetes"], UNUSED),
    ("trigger.retry.backoff", &["kubernetes"], UNUSED),
    ("trigger.retry.each", &["kubernetes"], UNUSED),
    ("table.batch", &["aws", "kubernetes"], UNUSED),
    ("table.check", &["aws"], UNUSED),
    ("table.scope.leading", &["aws"], UNUSED),
    ("bucket.cors", &["aws", "kubernetes"], UNUSED),
    ("bucket.public", &["kubernetes"], "it is not emitted for the other target yet, and examples compile for both"),
    ("queue.strict", &["aws", "kubernetes"], UNUSED),
    ("queue.visibility", &["aws"], UNUSED),
    ("queue.delay", &["aws"], "the other target cannot, and examples compile for both"),
    ("topic.ordered", &["kubernetes"], "it is not emitted for the other target yet, and examples compile for both"),
    ("call.sync", &["aws"], UNUSED),
    ("call.async", &["aws"], "it is not emitted for the other target yet, and examples compile for both"),
    ("override", &["aws", "kubernetes"], ONE_TARGET),
    ("native", &["aws", "kubernetes"], ONE_TARGET),
    ("protected", &["aws", "kubernetes"], "golden files are those of the environment `default`"),
];

const RUNTIME: &str = "the examples are Python and Node.js, so that their handlers run in the tests";
const UNUSED: &str = "no example has a use for it that its README could explain";
const ONE_TARGET: &str = "escape hatches are what an example should do without";

#[test]
fn what_a_target_does_is_in_a_golden_file() {
    let mut asked: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for example in examples() {
        let read = read(&format!("examples/{example}"), None);
        for id in read.application.model().targets.keys() {
            asked.entry(id.clone()).or_default().extend(asked_features(read.application.model(), id));
        }
    }
    let mut unseen = BTreeMap::new();
    for (feature, _) in FEATURES {
        let is_unseen = |id: &&str| {
            let is_done = matches!(target(id).level(feature).0, Level::Native | Level::Emulated);
            is_done && !asked.get(*id).is_some_and(|asked| asked.contains(*feature))
        };
        let ids: Vec<&str> = builtin_ids().into_iter().filter(is_unseen).collect();
        if !ids.is_empty() {
            unseen.insert(*feature, ids);
        }
    }
    for (feature, ids) in &unseen {
        println!("in no golden file: {feature} on {}", ids.join(", "));
    }
    let known: BTreeMap<&str, Vec<&str>> = UNSEEN.iter().map(|(feature, ids, _)| (*feature, ids.to_vec())).collect();
    assert_eq!(unseen, known, "the list of features that are in no golden file");
}

/// Limits that nothing reads yet, with what will.
const UNREAD: &[(&str, &str)] = &[
    ("queue.attempts.advised", "the rules on deliveries"),
    ("queue.message.max", "the analysis of schemas, which knows how large an event is"),
    ("topic.message.max", "the analysis of schemas, which knows how large an event is"),
    ("bus.message.max", "the analysis of schemas, which knows how large an event is"),
    ("table.item.max", "the analysis of schemas, which knows how large an event is"),
    ("dedup.window", "the rules on deliveries"),
];

#[test]
fn every_limit_is_read() {
    let sources = walkdir::WalkDir::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).into_iter().map(Result::unwrap);
    let rust = sources.filter(|e| e.path().extension().is_some_and(|ending| ending == "rs"));
    let text: String = rust.map(|e| std::fs::read_to_string(e.path()).unwrap()).collect();
    let is_read = |limit: &Limit| text.contains(&format!("Limit::{limit:?}"));
    let known = |limit: &Limit| UNREAD.iter().any(|(name, _)| *name == limit.as_str());
    let dead: Vec<&str> = Limit::ALL.iter().filter(|l| !is_read(l) && !known(l)).map(|l| l.as_str()).collect();
    assert!(dead.is_empty(), "nothing reads these limits: {dead:?}");
}
