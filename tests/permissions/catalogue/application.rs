//! Applications that together ask for every row of a catalogue once: a function for each verb in each scope, and one for
//! each way in which a function is run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::{IdentityKind, Row, Target};
use isobar::emit;
use isobar::model::{ResourceKind, ScopeKind, Verb};
use isobar::pipeline::{self, Application};
use isobar::plan::{self, Packages, Plan};

use super::Rights;
use super::rows::{Key, rights};
use crate::application::{Compiled, target};
use crate::support::read;

const HEAD: &str = "isobar: 1
app: rows
alarms: { notify: topic }
events:
  made: { schema: { type: object, properties: { id: { type: string } }, required: [id] }, key: /id }
resources:
";

const RESOURCES: &str = "  web: { type: api }
  main: { type: bus, default: true }
  seen: { type: table, key: { partition: { id: string } }, expires: ttl }
  table: { type: table, key: { partition: { id: string } }, indexes: { by-x: { partition: { x: string } } } }
  bucket: { type: bucket }
  queue: { type: queue, dead-letter: { after: 3, to: later } }
  later: { type: queue, manual: true, retention: 14d }
  topic: { type: topic, external-subscribers: true }
  secret: { type: secret }
  external: { type: external, host: a.example.com, port: 8443 }
";

/// What runs functions, by name, and what is set aside.
const RUN: [(&str, &str); 9] = [
    ("by-route", "on: [{ http: { api: web, route: GET /a, auth: public } }]"),
    ("by-queue", "on: [{ queue: { from: queue } }]"),
    ("by-topic", "on: [{ topic: { from: topic } }], dead-letter: { to: later }"),
    ("by-event", "on: [{ event: { type: made } }], dead-letter: { to: later }"),
    ("by-object", "on: [{ object: { bucket: bucket, created: { prefix: in/ } } }], dead-letter: { to: later }"),
    ("by-schedule", "on: [{ schedule: { every: 5m } }], dead-letter: { to: later }"),
    ("by-call", "emits: [made], calls: [by-route], observe: { trace: true }"),
    ("by-network", "network: private"),
    ("by-memory", "on: [{ queue: { from: queue } }], idempotency: { key: \"event:id\", store: seen, window: 30d }"),
];

/// An application, ready to be planned for changed catalogues.
struct Part {
    /// What its functions use, and how; `None` where it is about how functions are run.
    about: Option<(ResourceKind, Verb)>,
    /// The options that it is for.
    options: &'static str,
    application: Application,
    files: MemoryFiles,
    packages: Packages,
    sources: Sources,
}

/// The applications of a target.
pub(crate) struct Whole {
    id: &'static str,
    parts: Vec<Part>,
}

/// Some of the parts.
pub(crate) struct About<'w>(Vec<&'w Part>);

/// Options of a target that choose among grants.
fn options(id: &str) -> &'static [&'static str] {
    if id == "kubernetes" {
        &["namespace: space, network-policy: standard", "namespace: space, network-policy: cilium"]
    } else {
        &[
            "region: eu-central-1, subnets: [subnet-01234567], security-groups: [sg-01234567]",
            "region: eu-central-1, subnets: [subnet-01234567], security-groups: [sg-01234567], \
             key: \"arn:aws:kms:eu-central-1:123456789012:key/1234abcd\"",
        ]
    }
}

fn scope(kind: ScopeKind) -> Option<&'static str> {
    match kind {
        ScopeKind::Whole => Some("null"),
        ScopeKind::Prefix => Some("{ prefix: in/ }"),
        ScopeKind::Index => Some("{ index: by-x }"),
        ScopeKind::Leading => Some("{ leading: a }"),
        ScopeKind::Type | ScopeKind::Topic | ScopeKind::Own => None,
    }
}

/// Functions that use a kind of resource by a verb, one for each scope that the target has a row for.
fn users(kind: ResourceKind, verb: Verb, target: &Target) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for known in ScopeKind::ALL {
        let row = target.permissions.find(kind.as_str(), verb, *known, IdentityKind::Function, None);
        if let (Some(scope), Some(_)) = (scope(*known), row) {
            out.insert(format!("{verb}-{known}"), format!("uses: {{ {kind}: {{ {verb}: {scope} }} }}"));
        }
    }
    // What stands behind the star of a pattern.
    if out.contains_key("put-prefix") {
        out.insert("put-suffix".to_owned(), "uses: { bucket: { put: { suffix: .png } } }".to_owned());
    }
    out
}

fn part(
    id: &str,
    options: &'static str,
    about: Option<(ResourceKind, Verb)>,
    functions: &BTreeMap<String, String>,
) -> Part {
    let mut text = format!("{HEAD}{RESOURCES}targets: {{ {id}: {{ {options} }} }}\nfunctions:\n");
    for (name, what) in functions {
        writeln!(text, "  {name}: {{ code: code, handler: app.handler, runtime: python3.13, {what} }}").unwrap();
    }
    let files =
        MemoryFiles::new().with("isobar.yaml", &*text).with("code/app.py", "def handler(events, context): pass\n");
    let mut sources = Sources::default();
    let (application, findings) = read(&files, &mut sources);
    let messages = || findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>();
    let application = application.unwrap_or_else(|| panic!("{text}\n{:#?}", messages()));
    let target = target(id);
    let (wanted, _) = plan::wanted(application.model(), target);
    let (packages, ..) = emit::pack(&wanted, target, &files);
    Part { about, options, application, files, packages, sources }
}

impl Part {
    fn plan(&self, target: &Target) -> Result<Plan, Vec<String>> {
        let Application { graph, access, .. } = &self.application;
        let input = plan::Input { graph, access, target, sources: &self.sources, packages: &self.packages };
        let (plan, findings) = plan::build(input);
        plan.ok_or_else(|| findings.iter().map(|f| f.message.clone()).collect())
    }
}

impl Whole {
    pub(crate) fn of(id: &'static str) -> Self {
        let target = target(id);
        let mut parts = Vec::new();
        for options in options(id) {
            let verbs = ResourceKind::ALL.iter().flat_map(|kind| Verb::of(*kind).iter().map(|verb| (*kind, *verb)));
            for (kind, verb) in verbs {
                let functions = users(kind, verb, target);
                if !functions.is_empty() {
                    parts.push(part(id, options, Some((kind, verb)), &functions));
                }
            }
            let run = RUN.iter().map(|(name, what)| ((*name).to_owned(), (*what).to_owned()));
            parts.push(part(id, options, None, &run.collect()));
        }
        Self { id, parts }
    }

    /// The parts that ask for a row.
    pub(crate) fn about(&self, row: &Row) -> About<'_> {
        let is_asked = |options: &str| {
            row.grants.iter().any(|grant| !grant.when.is_empty()) || options == self::options(self.id)[0]
        };
        let parts = || self.parts.iter().filter(|part| is_asked(part.options));
        let uses = |part: &&Part| {
            let fits = |(kind, verb): (ResourceKind, Verb)| kind.as_str() == row.on && row.verb.has(&verb);
            row.identity == IdentityKind::Function && part.about.is_some_and(fits)
        };
        let found: Vec<&Part> = parts().filter(uses).collect();
        About(if found.is_empty() { parts().filter(|part| part.about.is_none()).collect() } else { found })
    }

    pub(super) fn rights(&self, target: &Target) -> Result<Rights, Vec<String>> {
        About(self.parts.iter().collect()).rights(target)
    }

    pub(super) fn keys(&self, target: &Target) -> Vec<Key> {
        let of = |part: &Part| {
            let plan = part.plan(target).unwrap_or_else(|messages| panic!("{}: {messages:#?}", self.id));
            rights(&part.application, &plan).into_keys().collect::<Vec<_>>()
        };
        self.parts.iter().flat_map(of).collect()
    }
}

impl About<'_> {
    /// What comes out with a catalogue; `None` where it is refused or not proven.
    pub(crate) fn compiled(&self, target: &Target) -> Option<Vec<Compiled>> {
        let one = |part: &&Part| {
            let (compiled, _) = pipeline::compile(&part.application, target, &part.files, &part.sources);
            let name = format!("{:?}", part.about);
            Some(Compiled::new(name, true, part.application.clone(), compiled?))
        };
        self.0.iter().map(one).collect()
    }

    /// What each verb becomes by a catalogue, or why it refuses.
    pub(super) fn rights(&self, target: &Target) -> Result<Rights, Vec<String>> {
        let mut by_options: BTreeMap<String, BTreeMap<&str, BTreeSet<String>>> = BTreeMap::new();
        for part in &self.0 {
            let plan = part.plan(target)?;
            let all = rights(&part.application, &plan).into_iter();
            let is_about =
                |key: &Key| part.about.is_none_or(|(kind, verb)| kind.as_str() == key.on && verb == key.verb);
            for (key, lines) in all.filter(|(key, _)| is_about(key)) {
                by_options.entry(key.to_string()).or_default().entry(part.options).or_default().extend(lines);
            }
        }
        Ok(by_options.into_iter().map(|(key, lines)| (key, joined(&lines))).collect())
    }
}

/// Lines that do not hold with all options say with which.
fn joined(by_options: &BTreeMap<&str, BTreeSet<String>>) -> BTreeSet<String> {
    let everywhere = |line: &String| by_options.values().all(|lines| lines.contains(line));
    let said = |options: &str, line: &String| {
        if everywhere(line) { line.clone() } else { format!("with {options}: {line}") }
    };
    by_options.iter().flat_map(|(options, lines)| lines.iter().map(move |line| said(options, line))).collect()
}
