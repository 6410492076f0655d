//! Applications by number, the same on every machine: resources with neighbours whose names begin alike, and functions
//! that draw their verbs and scopes from the catalogues, their triggers from the language, and options by chance.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use isobar::base::MemoryFiles;
use isobar::catalog::IdentityKind;
use isobar::model::{ResourceKind, ScopeKind, Verb};

use crate::application::{Subject, target};

/// Numbers that look random: splitmix64.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % end as u64).expect("below a usize")
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    fn chance(&mut self, percent: u64) -> bool {
        self.roll() % 100 < percent
    }
}

/// What functions use, by kind. The second begins like the first: a grant by prefix would reach it.
const POOL: [(ResourceKind, &str); 11] = [
    (ResourceKind::Table, "rows"),
    (ResourceKind::Table, "rows-old"),
    (ResourceKind::Bucket, "files"),
    (ResourceKind::Bucket, "files-old"),
    (ResourceKind::Queue, "work"),
    (ResourceKind::Queue, "line"),
    (ResourceKind::Topic, "news"),
    (ResourceKind::Topic, "news-old"),
    (ResourceKind::Secret, "key"),
    (ResourceKind::Secret, "key-old"),
    (ResourceKind::External, "partner"),
];

const RESOURCES: &str = r"  web: { type: api }
  main: { type: bus, default: true }
  main-old: { type: bus }
  rows: { type: table, key: { partition: { id: string } }, indexes: { by-x: { partition: { x: string } }, by-x-old: { partition: { y: string } } } }
  rows-old: { type: table, key: { partition: { id: string } }, indexes: { by-x: { partition: { x: string } }, by-x-old: { partition: { y: string } } } }
  seen: { type: table, key: { partition: { id: string } }, expires: ttl }
  files: { type: bucket }
  files-old: { type: bucket, versioned: true }
  later: { type: queue, manual: true, retention: 14d }
  later-old: { type: queue, manual: true, retention: 14d }
  line-failed: { type: queue, ordered: true, carries: made, manual: true, retention: 14d }
  news: { type: topic, external-subscribers: true }
  news-old: { type: topic, external-subscribers: true }
  alerts: { type: topic, external-subscribers: true }
  key: { type: secret }
  key-old: { type: secret }
  partner: { type: external, host: a.example.com, port: 8443 }
";

/// Names of functions: each second begins like the one before it.
const NAMES: [&str; 6] = ["one", "one-more", "two", "two-more", "three", "three-more"];

/// For which targets an application is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum For {
    Both,
    /// With what the other target has no rows for.
    Aws,
}

impl For {
    fn targets(self) -> &'static [&'static str] {
        match self {
            Self::Both => &["aws", "kubernetes"],
            Self::Aws => &["aws"],
        }
    }

    /// What may be written in `uses` for a kind: all verbs and scopes that every target has a row for.
    fn verbs(self, kind: ResourceKind) -> Vec<(Verb, ScopeKind)> {
        let has = |id: &str, verb, scope| {
            let permissions = &target(id).permissions;
            permissions.find(kind.as_str(), verb, scope, IdentityKind::Function, None).is_some()
        };
        let all = Verb::of(kind).iter().flat_map(|verb| ScopeKind::ALL.iter().map(|scope| (*verb, *scope)));
        all.filter(|(verb, scope)| self.targets().iter().all(|id| has(id, *verb, *scope))).collect()
    }
}

/// Scopes as they are written: one or several that do not hold one another.
fn scopes(verb: Verb, kind: ScopeKind) -> &'static [&'static str] {
    match (kind, verb) {
        (ScopeKind::Whole, _) => &["null"],
        (ScopeKind::Prefix, Verb::Put) => &[
            "{ prefix: in/ }",
            "[{ prefix: in/ }, { prefix: out/ }]",
            "{ prefix: in/, suffix: .png }",
            "{ suffix: .txt }",
        ],
        (ScopeKind::Prefix, _) => &["{ prefix: in/ }", "[{ prefix: in/ }, { prefix: out/ }]", "{ prefix: in }"],
        (ScopeKind::Index, _) => &["{ index: by-x }", "[{ index: by-x }, { index: by-x-old }]"],
        (ScopeKind::Leading, _) => &["{ leading: a }", "[{ leading: a }, { leading: b }]"],
        (ScopeKind::Type | ScopeKind::Topic | ScopeKind::Own, _) => panic!("no table or bucket has this scope"),
    }
}

/// An application by its number.
pub(crate) fn generated(number: usize) -> Subject {
    let mut dice = Dice(number as u64);
    let whom = if number.is_multiple_of(4) { For::Aws } else { For::Both };
    let text = text(number, whom, &mut dice);
    let code = "def handler(events, context):\n    return None\n";
    Subject {
        name: format!("generated-{number}"),
        files: MemoryFiles::new().with("isobar.yaml", &*text).with("code/app.py", code),
        targets: whom.targets().iter().map(|id| (*id).to_owned()).collect(),
        is_example: false,
    }
}

fn text(number: usize, whom: For, dice: &mut Dice) -> String {
    let schema = "schema: { type: object, properties: { id: { type: string } }, required: [id] }, key: /id";
    let mut out = format!("isobar: 1\napp: g{number}\nevents:\n  made: {{ {schema} }}\n  made.old: {{ {schema} }}\n");
    if dice.chance(70) {
        out.push_str("alarms: { notify: alerts }\n");
    }
    writeln!(out, "resources:\n{RESOURCES}").unwrap();
    let fate = ["dead-letter: { after: 3, to: later }", "dead-letter: { after: 3 }", "manual: true"];
    writeln!(out, "  work: {{ type: queue, retention: 3d, {} }}", dice.one(&fate)).unwrap();
    writeln!(
        out,
        "  line: {{ type: queue, ordered: true, carries: made, dead-letter: {{ after: 3, to: line-failed }} }}"
    )
    .unwrap();
    out.push_str("functions:\n");
    let count = 3 + dice.below(NAMES.len() - 2);
    for at in 0..count {
        function(at, whom, dice, &mut out);
    }
    let policy = dice.one(&["standard", "cilium"]);
    let kubernetes = format!("{{ namespace: space, network-policy: {policy} }}");
    let key = "key: \"arn:aws:kms:eu-central-1:123456789012:key/1234abcd\"";
    let key = if dice.chance(40) { key } else { "architecture: arm64" };
    let network = "subnets: [subnet-01234567], security-groups: [sg-01234567]";
    writeln!(out, "targets: {{ aws: {{ region: eu-central-1, {network}, {key} }}, kubernetes: {kubernetes} }}")
        .unwrap();
    if whom == For::Aws && dice.chance(60) {
        native(dice.below(count), &mut out);
    }
    out
}

fn native(who: usize, out: &mut String) {
    let stream = "aws_kinesis_firehose_delivery_stream";
    writeln!(out, "native:\n  aws: {{ {stream}: {{ log: {{ name: log, destination: extended_s3 }} }} }}").unwrap();
    let who = NAMES[who];
    writeln!(out, "  grants: [{{ who: {who}, verbs: [firehose:PutRecord], what: '$${{{stream}.log.arn}}' }}]").unwrap();
}

fn trigger(at: usize, dice: &mut Dice) -> Option<(bool, String)> {
    let name = NAMES[at];
    let (is_async, text) = match dice.below(16) {
        0 => (false, format!("http: {{ api: web, route: \"POST /{name}\", auth: public }}")),
        1 => (false, format!("http: {{ api: web, route: \"ANY /{name}/{{id}}\", auth: public }}")),
        2 | 3 => (false, format!("queue: {{ from: {} }}", dice.one(&["work", "line"]))),
        4 | 5 => (true, format!("topic: {{ from: {} }}", dice.one(&["news", "news-old"]))),
        6 => (true, "event: { type: made }".to_owned()),
        7 => (true, "event: { type: [made, made.old], bus: main-old }".to_owned()),
        8 => (true, "object: { bucket: files, created: { prefix: in/, suffix: .png } }".to_owned()),
        9 => (true, "object: { bucket: files-old, deleted: { prefix: in/ } }".to_owned()),
        10 => (true, "schedule: { cron: \"0 2 * * *\", zone: Europe/Berlin }".to_owned()),
        11 => (true, "schedule: { every: 5m }".to_owned()),
        _ => return None,
    };
    Some((is_async, text))
}

fn uses(whom: For, dice: &mut Dice) -> Vec<String> {
    let mut out = Vec::new();
    for (kind, name) in POOL {
        if !dice.chance(35) {
            continue;
        }
        let known = whom.verbs(kind);
        let mut verbs = BTreeMap::new();
        for _ in 0..=dice.below(3) {
            let (verb, scope) = *dice.one(&known);
            let scope = *dice.one(scopes(verb, scope));
            verbs.insert(verb.as_str(), scope);
        }
        let verbs: Vec<String> = verbs.iter().map(|(verb, scope)| format!("{verb}: {scope}")).collect();
        out.push(format!("      {name}: {{ {} }}", verbs.join(", ")));
    }
    out
}

fn function(at: usize, whom: For, dice: &mut Dice, out: &mut String) {
    let name = NAMES[at];
    writeln!(out, "  {name}:\n    code: code\n    handler: app.handler\n    runtime: python3.13\n    timeout: 10s")
        .unwrap();
    let triggers: BTreeMap<String, bool> =
        (0..2).filter_map(|_| trigger(at, dice)).map(|(is_async, text)| (text, is_async)).collect();
    if !triggers.is_empty() {
        out.push_str("    on:\n");
    }
    for trigger in triggers.keys() {
        writeln!(out, "      - {trigger}").unwrap();
    }
    let uses = uses(whom, dice);
    if !uses.is_empty() {
        writeln!(out, "    uses:\n{}", uses.join("\n")).unwrap();
    }
    match dice.below(5) {
        0 => out.push_str("    emits: [made]\n"),
        1 => out.push_str("    emits: [made, made.old]\n"),
        2 => out.push_str("    emits: { made.old: main-old }\n"),
        _ => {}
    }
    if at > 0 && dice.chance(40) {
        let mode = if whom == For::Aws { *dice.one(&["sync", "async"]) } else { "sync" };
        writeln!(out, "    calls: {{ {}: {mode} }}", NAMES[dice.below(at)]).unwrap();
    }
    if dice.chance(40) {
        out.push_str("    observe: { trace: true }\n");
    }
    if dice.chance(25) {
        out.push_str("    scaling: { warm: 1 }\n");
    }
    if dice.chance(30) {
        out.push_str("    network: private\n");
    }
    let is_called = triggers.keys().all(|t| !t.starts_with("http"));
    if dice.chance(50) && !triggers.is_empty() && is_called {
        out.push_str("    idempotency: { key: \"event:id\", store: seen, window: 30d }\n");
    }
    if dice.chance(60) && (whom == For::Aws || triggers.values().any(|is_async| *is_async)) {
        writeln!(out, "    dead-letter: {{ to: {} }}", dice.one(&["later", "later-old"])).unwrap();
    }
}
