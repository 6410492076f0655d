//! What holds for every application, shown on generated ones: reading and compiling never panic, what compiles is proven,
//! and neither the order of declarations nor a second run changes a byte.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

#[path = "examples/support.rs"]
#[allow(dead_code, reason = "the tests of the examples use the rest")]
mod support;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::LazyLock;

use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::Target;
use isobar::pipeline;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use rayon::prelude::*;

/// How many applications are generated.
const CASES: usize = 48;

static TARGETS: LazyLock<(Sources, Vec<Target>)> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let targets = ["aws", "kubernetes"].map(|id| support::target(id, &mut sources)).into();
    (sources, targets)
});

/// A function: what runs it, what it uses, and whether it is traced, remembers and sets aside.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a choice of the generator on its own")]
struct Function {
    trigger: usize,
    uses: Vec<(usize, usize)>,
    emits: bool,
    calls: bool,
    traced: bool,
    remembers: bool,
    sets_aside: bool,
}

/// An application: how many resources of each kind, and functions.
#[derive(Debug, Clone)]
struct Application {
    resources: Vec<(usize, bool)>,
    functions: Vec<Function>,
}

const KINDS: [&str; 7] = ["table", "bucket", "queue", "topic", "secret", "external", "bus"];

/// Verbs with their scopes, by kind.
fn verbs(kind: &str) -> &'static [&'static str] {
    match kind {
        "table" => &[
            "get",
            "put",
            "[get, update]",
            "scan",
            "read",
            "write",
            "{ query: { index: by-x } }",
            "{ get: { leading: a } }",
            "delete",
            "check",
        ],
        "bucket" => &["get", "put", "[get, list]", "{ get: { prefix: in/ } }", "{ put: { prefix: out/ } }", "delete"],
        "queue" => &["send"],
        "topic" => &["publish"],
        "secret" => &["get"],
        "external" => &["connect"],
        _ => &[],
    }
}

fn application() -> impl Strategy<Value = Application> {
    let function = (0..8usize, prop::collection::vec((0..16usize, 0..16usize), 0..4), any::<[bool; 5]>());
    let function = function.prop_map(|(trigger, uses, [emits, calls, traced, remembers, sets_aside])| Function {
        trigger,
        uses,
        emits,
        calls,
        traced,
        remembers,
        sets_aside,
    });
    let resources = prop::collection::vec((0..KINDS.len(), any::<bool>()), 1..8);
    (resources, prop::collection::vec(function, 1..6))
        .prop_map(|(resources, functions)| Application { resources, functions })
}

impl Application {
    fn of_kind(&self, kind: &str) -> Vec<String> {
        let all = self.resources.iter().enumerate().filter(|(_, (k, _))| KINDS[*k] == kind);
        all.map(|(at, _)| format!("{kind}-{at}")).collect()
    }

    /// The text of its spec.
    fn text(&self) -> String {
        let mut out = String::from("isobar: 1\napp: generated\nalarms: { notify: alerts }\nevents:\n");
        out.push_str("  made: { schema: { type: object, properties: { id: { type: string } }, required: [id] }, key: /id }\nresources:\n");
        out.push_str("  web: { type: api }\n  main: { type: bus, default: true }\n  alerts: { type: topic, external-subscribers: true }\n");
        out.push_str("  later: { type: queue, manual: true, retention: 14d }\n  seen: { type: table, key: { partition: { id: string } }, expires: ttl }\n");
        for (at, (kind, option)) in self.resources.iter().enumerate() {
            let kind = KINDS[*kind];
            let more = match (kind, option) {
                ("table", _) => ", key: { partition: { id: string } }, indexes: { by-x: { partition: { x: string } } }",
                ("bucket", true) => ", versioned: true",
                ("queue", true) => ", retention: 3d, dead-letter: { after: 3, to: later }",
                ("queue", false) => ", manual: true",
                ("topic", _) => ", external-subscribers: true",
                ("external", _) => ", host: a.example.com",
                _ => "",
            };
            writeln!(out, "  {kind}-{at}: {{ type: {kind}{more} }}").unwrap();
        }
        out.push_str("functions:\n");
        for (at, function) in self.functions.iter().enumerate() {
            self.function(at, function, &mut out);
        }
        out.push_str("targets: { aws: { region: eu-central-1 }, kubernetes: { namespace: generated } }\n");
        out
    }

    fn function(&self, at: usize, function: &Function, out: &mut String) {
        writeln!(out, "  f{at}:\n    code: code\n    handler: app.handler\n    runtime: python3.13\n    timeout: 10s")
            .unwrap();
        let first = |kind: &str| self.of_kind(kind).first().cloned();
        let trigger = match function.trigger {
            0 => Some(format!("http: {{ api: web, route: POST /f{at}, auth: public }}")),
            1 => first("queue").map(|queue| format!("queue: {{ from: {queue}, batch: 5 }}")),
            2 => first("topic").map(|topic| format!("topic: {{ from: {topic} }}")),
            3 => Some("event: { type: made }".to_owned()),
            4 => first("bucket").map(|bucket| format!("object: {{ bucket: {bucket}, created: {{ prefix: p{at}/ }} }}")),
            5 => Some("schedule: { cron: \"0 2 * * *\", zone: Europe/Berlin }".to_owned()),
            6 => Some("schedule: { every: 5m }".to_owned()),
            _ => None,
        };
        if let Some(trigger) = trigger {
            writeln!(out, "    on:\n      - {trigger}").unwrap();
        }
        let mut uses = BTreeMap::new();
        for (resource, verb) in &function.uses {
            let at = resource % self.resources.len();
            let kind = KINDS[self.resources[at].0];
            if let Some(verb) = verbs(kind).get(verb % verbs(kind).len().max(1)) {
                uses.insert(format!("{kind}-{at}"), *verb);
            }
        }
        if !uses.is_empty() {
            let uses: Vec<String> = uses.iter().map(|(name, verb)| format!("{name}: {verb}")).collect();
            writeln!(out, "    uses: {{ {} }}", uses.join(", ")).unwrap();
        }
        if function.emits {
            out.push_str("    emits: [made]\n");
        }
        if function.calls && at > 0 {
            writeln!(out, "    calls: [f{}]", at - 1).unwrap();
        }
        if function.traced {
            out.push_str("    observe: { trace: true }\n");
        }
        if function.remembers && matches!(function.trigger, 1..=6) {
            out.push_str("    idempotency: { key: \"event:id\", store: seen, window: 30d }\n");
        }
        if function.sets_aside && matches!(function.trigger, 2..=6) {
            out.push_str("    dead-letter: { to: later }\n");
        }
    }
}

fn files(text: &str) -> MemoryFiles {
    MemoryFiles::new().with("isobar.yaml", text).with("code/app.py", "def handler(events, context):\n    return None\n")
}

/// Artifacts by target and path without lines of the spec, or what was found instead.
fn compiled(files: &MemoryFiles) -> BTreeMap<String, Result<String, Vec<String>>> {
    let (mut sources, targets) = TARGETS.clone();
    let (application, findings) = support::read(files, &mut sources);
    let messages = |findings: &isobar::diag::Findings| {
        let mut all: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.id, f.message)).collect();
        all.sort();
        all
    };
    let Some(application) = application else {
        return BTreeMap::from([("spec".to_owned(), Err(messages(&findings)))]);
    };
    let judged = pipeline::judge(&application, &targets, &sources);
    let mut out = BTreeMap::from([("rules".to_owned(), Ok(messages(&judged).join("\n")))]);
    for (target, compiled, findings) in pipeline::compile_all(&application, &targets, files, &sources) {
        let id = &target.manifest.id;
        // Nothing comes out that was not proven, and a target without proof would say so.
        assert!(!findings.iter().any(|f| f.id == "unproven"), "{:#?}", messages(&findings));
        let Some(compiled) = compiled else {
            out.insert(id.clone(), Err(messages(&findings)));
            continue;
        };
        for artifact in compiled.artifacts {
            out.insert(format!("{id}/{}", artifact.path), Ok(support::without_places(&artifact.bytes)));
        }
    }
    out
}

/// The same applications on every run.
fn generated() -> Vec<Application> {
    let rng = TestRng::from_seed(RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = TestRunner::new_with_rng(Config::default(), rng);
    (0..CASES).map(|_| application().new_tree(&mut runner).unwrap().current()).collect()
}

#[test]
fn generated_applications_are_proven_whatever_their_order() {
    let done: Vec<usize> = generated()
        .par_iter()
        .map(|application| {
            let text = application.text();
            let files = files(&text);
            let out = compiled(&files);
            let failed: Vec<_> = out.iter().filter(|(_, result)| result.is_err()).collect();
            assert!(failed.is_empty(), "{text}\n{failed:#?}");
            let turned = compiled(&support::reversed(&files));
            let differs = out.iter().find(|(path, result)| turned.get(*path) != Some(result));
            assert!(
                differs.is_none() && out.len() == turned.len(),
                "the order matters for {:?}:\n{text}",
                differs.map(|(p, _)| p)
            );
            out.len()
        })
        .collect();
    assert_eq!(done.len(), CASES);
}

#[test]
fn a_damaged_spec_never_panics() {
    generated().par_iter().enumerate().for_each(|(at, application)| {
        let text = application.text();
        let lines: Vec<&str> = text.lines().collect();
        // One line gone, one twice, one cut, one moved to the front.
        let which = (at * 7 + 3) % lines.len();
        let line = lines[which];
        let edits: [Vec<&str>; 4] = [
            lines.iter().enumerate().filter(|(n, _)| *n != which).map(|(_, l)| *l).collect(),
            lines.iter().enumerate().flat_map(|(n, l)| vec![*l; 1 + usize::from(n == which)]).collect(),
            lines.iter().enumerate().map(|(n, l)| if n == which { &l[..l.len() / 2] } else { l }).collect(),
            std::iter::once(line).chain(lines.iter().copied()).collect(),
        ];
        for edited in edits {
            let mut sources = Sources::default();
            support::read(&files(&edited.join("\n")), &mut sources);
        }
    });
}
