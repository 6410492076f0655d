//! Runs each Python and Node.js handler of each example through its adapter, with recorded events of both targets, and
//! those of `tests/handlers/mixed`, which take requests and events at once.
//!
//! A case in `tests/handlers/cases/<example>/<target>/<name>.json` names a function, what the platform delivers and what
//! the fakes of clouds reply; `<name>.expected.json` beside it holds the answer, the calls that were made and the lines
//! that were logged. What a handler calls must be granted by the example's `isobar.yaml`, and what is granted must be
//! called by some case. `UPDATE=1` rewrites the expectations.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "handlers/answers.rs"]
mod answers;
#[path = "handlers/grants.rs"]
mod grants;
#[path = "handlers/process.rs"]
mod process;
#[path = "handlers/sink.rs"]
mod sink;
#[path = "handlers/spec.rs"]
mod spec;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use isobar::base::Sources;
use isobar::catalog::builtin;
use isobar::diag::Severity;
use isobar::host::find_root;
use isobar::pipeline::{self, Request};
use serde_json::Value;

use grants::Grant;
use process::Outcome;
use spec::Example;

const EXAMPLES: [&str; 3] = ["orders-minimal", "storefront", "webhook-relay"];
const TARGETS: [&str; 2] = ["aws", "kubernetes"];

/// One recorded delivery.
struct Case {
    path: PathBuf,
    target: &'static str,
    json: Value,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read_json(path: &Path) -> Value {
    let text = fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn cases(example: &str, targets: &[&'static str]) -> Vec<Case> {
    let mut out = Vec::new();
    for &target in targets {
        let folder = root().join("tests/handlers/cases").join(example).join(target);
        let entries = fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| !path.to_string_lossy().ends_with(".expected.json"));
        paths.sort();
        out.extend(paths.into_iter().map(|path| Case { json: read_json(&path), path, target }));
    }
    out
}

/// The languages of this machine; one that is missing is said, and is a failure where everything has to be there.
fn languages() -> BTreeSet<&'static str> {
    let mut out = BTreeSet::new();
    for (language, program) in [("python", "python3"), ("nodejs", "node")] {
        if Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success()) {
            out.insert(language);
        } else {
            assert!(std::env::var_os("CI").is_none(), "`{program}` is missing");
            eprintln!("left out: the handlers in {language}, because `{program}` is missing");
        }
    }
    out
}

/// Runs the cases of an example and compares; yields what was called, for the comparison with what is granted.
fn run(example: &Example, cases: &[Case], languages: &BTreeSet<&str>) -> BTreeSet<Grant> {
    let next = AtomicUsize::new(0);
    let problems = Mutex::new(Vec::new());
    let used = Mutex::new(BTreeSet::new());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let function = example.function(case.json["function"].as_str().unwrap());
                    if !languages.contains(function.language()) {
                        continue;
                    }
                    let outcome = process::run(&root(), example, function, case.target, &case.json);
                    let granted = grants::of(example, function);
                    let called = grants::called(example, function, case.target, &outcome);
                    let beyond = called.difference(&granted).map(|g| format!("not granted: {g:?}"));
                    let found: Vec<String> = compare(&case.path, &outcome).into_iter().chain(beyond).collect();
                    problems.lock().unwrap().extend(found.iter().map(|p| format!("{}: {p}", case.path.display())));
                    if case.target == "aws" {
                        used.lock().unwrap().extend(called);
                    }
                }
            });
        }
    });
    let problems = problems.into_inner().unwrap();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    used.into_inner().unwrap()
}

fn compare(path: &Path, outcome: &Outcome) -> Option<String> {
    let expected = path.with_extension("expected.json");
    let found = outcome.to_json();
    let text = serde_json::to_string_pretty(&found).unwrap() + "\n";
    if std::env::var_os("UPDATE").is_some() {
        fs::write(&expected, text).unwrap();
        return outcome.unused_reply.clone();
    }
    if !expected.exists() {
        return Some("it has no expectation; write it with UPDATE=1 and read it".to_owned());
    }
    let wanted = read_json(&expected);
    if wanted != found {
        let wanted = serde_json::to_string_pretty(&wanted).unwrap();
        return Some(format!("expected\n{wanted}\nfound\n{text}"));
    }
    outcome.unused_reply.clone()
}

fn check(name: &str) {
    let languages = languages();
    let example = Example::read(&root().join("examples").join(name));
    let cases = cases(name, &TARGETS);
    let used = run(&example, &cases, &languages);
    for function in example.functions.iter().filter(|f| languages.contains(f.language())) {
        for target in TARGETS {
            let has_case = cases.iter().any(|c| c.target == target && c.json["function"] == *function.name);
            assert!(has_case, "{name}: no case runs `{}` on {target}", function.name);
        }
        for grant in grants::of(&example, function) {
            assert!(used.contains(&grant), "{name}: granted but called by no case: {grant:?}");
        }
    }
}

#[test]
fn handlers_of_orders_minimal() {
    check("orders-minimal");
}

#[test]
fn handlers_of_storefront() {
    check("storefront");
}

#[test]
fn handlers_of_webhook_relay() {
    check("webhook-relay");
}

/// Where routes match every path, no event is taken for a request, and no request of an outsider for an event.
#[test]
fn handlers_of_requests_and_events() {
    run(&Example::read(&root().join("tests/handlers/mixed")), &cases("mixed", &["kubernetes"]), &languages());
}

/// What the cases of a cluster say of a function is what a compile says: where events are delivered, by which trigger
/// requests come, and which routes the adapter is told of.
#[test]
fn deliveries_are_those_of_a_compile() {
    let folder = root().join("tests/handlers/mixed");
    let examples = EXAMPLES.map(|name| (name, root().join("examples").join(name)));
    for (name, folder) in examples.into_iter().chain([("mixed", folder)]) {
        let example = Example::read(&folder);
        let place = find_root(&folder).unwrap();
        let mut sources = Sources::default();
        let (application, _) = pipeline::read(&place.files, &place.spec, &Request::default(), &mut sources);
        let (target, _) = pipeline::load(builtin("kubernetes").unwrap(), "kubernetes", &mut sources);
        let (compiled, found) = pipeline::compile(&application.unwrap(), &target.unwrap(), &place.files, &sources);
        let files = compiled.unwrap_or_else(|| panic!("{found:?}")).artifacts;
        let text = |function: &str| {
            let path = format!("functions/{function}.yaml");
            let file = files.iter().find(|file| file.path == path).expect("a file of the function");
            String::from_utf8(file.bytes.clone()).unwrap()
        };
        for function in example.functions.iter().filter(|f| f.code.is_some()) {
            let routes = example.routes(function);
            let is_told = text(&function.name).contains(&routes.to_string());
            assert!(is_told || routes == Value::Array(Vec::new()), "{name}: `{}` is not told {routes}", function.name);
        }
        for case in cases(name, &["kubernetes"]) {
            let text = text(case.json["function"].as_str().unwrap());
            let input = &case.json["input"];
            let (path, route) = (input["path"].as_str().unwrap(), input["headers"]["isobar-route"].as_str());
            let is_known = |line: &str| text.lines().any(|one| one.trim() == line);
            let is_delivery = path.starts_with("/_isobar/on/");
            assert!(!is_delivery || is_known(&format!("uri: {path}")), "{}: {path}", case.path.display());
            let is_there = route.is_none_or(|r| r.ends_with("elsewhere") || is_known(&format!("value: {r}")));
            assert!(is_there, "{}: {route:?}", case.path.display());
        }
    }
}

/// What the cases give a handler in its environment is what a compile gives it: the same names, kinds and keys. No rule
/// finds more in an example than a note.
#[test]
fn environments_are_those_of_a_compile() {
    for name in EXAMPLES {
        let folder = root().join("examples").join(name);
        let example = Example::read(&folder);
        let place = find_root(&folder).unwrap();
        let mut sources = Sources::default();
        let (application, _) = pipeline::read(&place.files, &place.spec, &Request::default(), &mut sources);
        for id in TARGETS {
            let (target, _) = pipeline::load(builtin(id).unwrap(), id, &mut sources);
            let target = target.unwrap();
            let read = application.as_ref().expect("the example is valid");
            let found = pipeline::judge(read, std::slice::from_ref(&target), &sources);
            let worse: Vec<_> = found.iter().filter(|f| f.severity != Severity::Note).collect();
            assert!(worse.is_empty(), "{name} on {id}: {worse:?}");
            let (compiled, _) = pipeline::compile(read, &target, &place.files, &sources);
            let bindings = compiled.expect("the example compiles").plan.bindings;
            for function in &example.functions {
                let given = bindings.get(&format!("functions.{}", function.name)).into_iter().flatten();
                let given: Vec<_> = given.map(|b| told(&b.name, b.value.as_str().unwrap_or_default())).collect();
                let mut assumed = example.environment(function, id, "http://host:80");
                assumed.sort();
                let assumed: Vec<_> = assumed.iter().map(|(name, value)| told(name, value)).collect();
                assert_eq!(given, assumed, "{name}: `{}` on {id}", function.name);
            }
        }
    }
}

/// A variable with its value, where that does not depend on the place of deployment.
fn told(name: &str, value: &str) -> String {
    let is_fixed = ["_KIND", "_KEY", "_WINDOW", "_PREFIX"].iter().any(|end| name.ends_with(end));
    if is_fixed { format!("{name}={value}") } else { name.to_owned() }
}

/// Each example is complete in itself, so the module that speaks to the platform stands in each; it is one text.
#[test]
fn shared_modules_are_one_text() {
    for name in ["ports.py", "ports.mjs"] {
        let mut texts = BTreeSet::new();
        for example in EXAMPLES {
            let example = Example::read(&root().join("examples").join(example));
            let folders: BTreeSet<&PathBuf> = example.functions.iter().filter_map(|f| f.code.as_ref()).collect();
            texts.extend(folders.iter().filter_map(|folder| fs::read_to_string(folder.join(name)).ok()));
        }
        assert_eq!(texts.len(), 1, "{name} is not the same everywhere");
    }
}
