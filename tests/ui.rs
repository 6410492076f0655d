//! Findings, judged by what stands beside them. `#~ error[id]: message` at the end of a line says what is found there;
//! `#~^` on a line of its own speaks of the line above, `#~^^` of the one above that. What is found is compared with
//! what is said as sets, so that an unexpected finding fails as a missing one does. The annotations are taken out
//! before the text is read.
//!
//! `tests/ui/<rule>/invalid_x.yaml` has a twin `valid_x.yaml` that differs by the fix alone; `storefront.edit.yaml` makes
//! the rule fire in an otherwise clean copy of that example. `tests/ui/language` holds what is no application at all;
//! a folder there is a fixture of several files. Beside each lies a picture of the output, `.stderr`, which is no
//! assertion but is kept up to date: `UPDATE=1 cargo test --test ui` writes it. In `tests/ui/_most_violations.yaml` each
//! rule finds one thing. Targets in `tests/ui/_targets` are for rules about what no built-in target does.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "ui/typos.rs"]
mod typos;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use isobar::base::{Files, ReadError, RelPath, Sources};
use isobar::catalog::{TargetFiles, builtin};
use isobar::diag::render::{Format, Style, render};
use isobar::diag::{Finding, Findings, Severity};
use isobar::{pipeline, rules};

/// The files of one application.
#[derive(Clone, Default)]
struct Memory {
    files: BTreeMap<String, Vec<u8>>,
    /// Files of which there is only a size: whoever reads one fails.
    sizes: BTreeMap<String, u64>,
}

impl Files for Memory {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        if let Some(size) = self.sizes.get(path.as_str()) {
            assert!(cap < *size, "{path} is read");
            return Err(ReadError::TooLarge { size: *size, cap });
        }
        let bytes = self.files.get(path.as_str()).ok_or(ReadError::Missing)?;
        match bytes.len() as u64 {
            size if size > cap => Err(ReadError::TooLarge { size, cap }),
            _ => Ok(bytes.clone()),
        }
    }

    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError> {
        let below = |path: &&String| folder.as_str().is_empty() || path.starts_with(&format!("{folder}/"));
        Ok(self
            .files
            .keys()
            .chain(self.sizes.keys())
            .filter(below)
            .filter_map(|path| RelPath::resolve("", path))
            .take(cap)
            .collect())
    }
}

impl Memory {
    /// Code and a schema that any fixture may name.
    fn new() -> Self {
        let mut files = Self::default();
        files.add("code/app.py", "def handler(events, context):\n    return None\n");
        files.add(
            "schemas/order.json",
            r#"{ "type": "object", "properties": { "orderId": { "type": "string" } }, "required": ["orderId"] }"#,
        );
        files.heavy()
    }

    /// With code that is too large, and with as much that is left out.
    fn heavy(mut self) -> Self {
        self.add("light/.isobarignore", "model.bin\n");
        for folder in ["heavy", "light"] {
            self.add(&format!("{folder}/app.py"), "def handler(events, context):\n    return None\n");
            self.sizes.insert(format!("{folder}/model.bin"), 64 << 20);
        }
        self
    }

    fn add(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), text.as_bytes().to_vec());
    }

    fn text(&self, path: &str) -> String {
        String::from_utf8(self.files[path].clone()).unwrap()
    }

    /// All files below a folder of the disk.
    fn folder(folder: &Path) -> Self {
        let mut files = Self::default();
        for entry in walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()) {
            let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().replace('\\', "/");
            files.files.insert(path, std::fs::read(entry.path()).unwrap());
        }
        files
    }
}

fn is_yaml(name: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, ending)| ending == "yaml")
}

/// A target that promises and limits what no built-in one does.
fn own(id: &str) -> Option<TargetFiles> {
    let folder = folder().join("_targets").join(id);
    folder.is_dir().then(|| Memory::folder(&folder).files)
}

/// What `isobar lint` finds: the spec read, and all rules run for the targets that it names.
fn lint(files: &Memory) -> (Sources, Findings) {
    let mut sources = Sources::default();
    let root = RelPath::resolve("", "isobar.yaml").unwrap();
    let (application, mut findings) = pipeline::read(files, &root, &pipeline::Request::default(), &mut sources);
    if let Some(application) = application {
        let named = application.model().targets.keys();
        let targets = named.filter_map(|id| builtin(id).or_else(|| own(id)).map(|files| (id, files)));
        let targets = targets.map(|(id, files)| {
            let (target, findings) = pipeline::load(files, id, &mut sources);
            target.unwrap_or_else(|| panic!("the target {id} does not load: {findings:?}"))
        });
        let targets: Vec<_> = targets.collect();
        let application = pipeline::weighed(&application, &targets, files);
        findings.append(pipeline::judge(&application, &targets, &sources));
    }
    (sources, findings.sorted())
}

/// A finding, as far as an annotation says it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Expected {
    file: String,
    line: usize,
    text: String,
}

/// Takes the annotations out of a file.
fn annotations(path: &str, text: &str) -> (String, Vec<Expected>) {
    let mut clean: Vec<&str> = Vec::new();
    let mut expected = Vec::new();
    for line in text.split('\n') {
        let mut parts = line.split("#~");
        let code = parts.next().unwrap_or("");
        let notes: Vec<&str> = parts.collect();
        let stands_alone = !notes.is_empty() && code.trim().is_empty();
        if !stands_alone {
            clean.push(if notes.is_empty() { line } else { code.trim_end() });
        }
        for note in notes {
            let text = note.trim_start_matches('^');
            let up = note.len() - text.len();
            assert_eq!(up > 0, stands_alone, "{path}: `^` is for annotations on lines of their own: {line}");
            // An annotation on its own line speaks of the last clean line at `^`, of the one before at `^^`.
            let line = clean.len() + 1 - up.max(1);
            expected.push(Expected { file: path.to_owned(), line, text: text.trim().to_owned() });
        }
    }
    (clean.join("\n"), expected)
}

fn found(sources: &Sources, finding: &Finding) -> Expected {
    let span = finding.primary.span;
    let (file, line) = sources
        .get(span.file)
        .map_or_else(|| (String::new(), 0), |file| (file.path().to_owned(), file.position(span.start).line as usize));
    Expected { file, line, text: short(finding) }
}

fn short(finding: &Finding) -> String {
    let targets =
        if finding.targets.is_empty() { String::new() } else { format!(" (on {})", finding.targets.join(", ")) };
    format!("{}[{}]: {}{targets}", finding.severity.as_str(), finding.id, finding.message)
}

/// A fixture: files without annotations, and what they said.
struct Fixture {
    files: Memory,
    expected: Vec<Expected>,
}

impl Fixture {
    /// One file, or a folder with `isobar.yaml` in it.
    fn read(path: &Path) -> Self {
        let mut files = Memory::new();
        if path.is_dir() {
            files.files.extend(Memory::folder(path).files);
        } else {
            files.files.insert("isobar.yaml".to_owned(), std::fs::read(path).unwrap());
        }
        let mut expected = Vec::new();
        for (name, bytes) in &mut files.files {
            if !is_yaml(name) {
                continue;
            }
            let (clean, more) = annotations(name, &String::from_utf8(bytes.clone()).unwrap());
            *bytes = clean.into_bytes();
            expected.extend(more);
        }
        Self { files, expected }
    }

    /// Compares what is found with what is said, refreshes the picture, and tries each fix.
    fn judge(&self, path: &Path, failures: &mut Vec<String>) -> Findings {
        let (sources, findings) = lint(&self.files);
        let actual: Vec<Expected> = findings.iter().map(|finding| found(&sources, finding)).collect();
        compare(path, &self.expected, &actual, failures);
        let style = Style { unicode: true, ..Style::default() };
        let text = if findings.is_empty() { String::new() } else { render(&findings, &sources, Format::Human, &style) };
        picture(path, &text, failures);
        for finding in findings.iter() {
            self.try_fix(path, &sources, finding, failures);
            failures.extend(badly_written(finding).map(|why| format!("{}: {why}: {}", path.display(), short(finding))));
        }
        findings
    }

    /// A fix removes its finding.
    fn try_fix(&self, path: &Path, sources: &Sources, finding: &Finding, failures: &mut Vec<String>) {
        let Some(fix) = &finding.fix else { return };
        let mut files = self.files.clone();
        let mut edits = fix.edits.clone();
        edits.sort_by_key(|edit| std::cmp::Reverse(edit.span));
        for edit in edits {
            let name = sources.get(edit.span.file).unwrap().path().to_owned();
            let mut text = files.text(&name);
            text.replace_range(edit.span.start as usize..edit.span.end as usize, &edit.text);
            files.add(&name, &text);
        }
        let (_, after) = lint(&files);
        if after.iter().any(|left| left.id == finding.id && left.message == finding.message) {
            failures.push(format!("{}: the fix \"{}\" leaves: {}", path.display(), fix.title, short(finding)));
        }
    }
}

/// architecture.md §5: one clause, lower case, no full stop, user text in backticks; it makes sense alone.
fn badly_written(finding: &Finding) -> Option<&'static str> {
    let message = &finding.message;
    if message.starts_with(|c: char| c.is_ascii_uppercase()) {
        return Some("the message starts with a capital");
    }
    if message.ends_with(['.', '!']) && !message.ends_with("..") {
        return Some("the message ends with a full stop");
    }
    if message.contains('\n') || message.matches('`').count() % 2 == 1 {
        return Some("the message is no single clause with closed backticks");
    }
    // Between backticks stands what the user wrote.
    let own: String = message.split('`').step_by(2).collect();
    if own.contains("::") || own.contains("Some(") {
        return Some("the message speaks of types of this program");
    }
    None
}

fn compare(path: &Path, expected: &[Expected], actual: &[Expected], failures: &mut Vec<String>) {
    let (expected, actual): (BTreeSet<_>, BTreeSet<_>) = (expected.iter().collect(), actual.iter().collect());
    for missing in expected.difference(&actual) {
        failures.push(format!("{}: not found: {}:{}  #~ {}", path.display(), missing.file, missing.line, missing.text));
    }
    for surplus in actual.difference(&expected) {
        failures.push(format!(
            "{}: not expected: {}:{}  #~ {}",
            path.display(),
            surplus.file,
            surplus.line,
            surplus.text
        ));
    }
}

/// Keeps `<fixture>.stderr` up to date; there is none where nothing is found.
fn picture(path: &Path, text: &str, failures: &mut Vec<String>) {
    let file = if path.is_dir() { path.join("output.stderr") } else { path.with_extension("stderr") };
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    if old == text {
        return;
    }
    if std::env::var_os("UPDATE").is_none() {
        failures
            .push(format!("{}: the picture is out of date, `UPDATE=1 cargo test --test ui` writes it", file.display()));
    } else if text.is_empty() {
        std::fs::remove_file(&file).unwrap();
    } else {
        std::fs::write(&file, text).unwrap();
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui")
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

fn report(failures: &[String]) {
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

#[test]
fn rules_find_what_is_wrong_and_nothing_else() {
    let mut failures = Vec::new();
    for rule in rules::ALL {
        let folder = folder().join(rule.id);
        assert!(folder.is_dir(), "no fixtures of {}", rule.id);
        for path in entries(&folder) {
            let file = name(&path);
            if !is_yaml(&file) || file == "storefront.edit.yaml" {
                continue;
            }
            let findings = Fixture::read(&path).judge(&path, &mut failures);
            let fires = findings.iter().any(|finding| finding.id == rule.id);
            if let Some(rest) = file.strip_prefix("invalid_") {
                let twin = folder.join(format!("valid_{rest}"));
                if !fires {
                    failures.push(format!("{}: {} finds nothing", path.display(), rule.id));
                }
                match std::fs::read_to_string(&twin) {
                    Ok(valid) => differ_little(&path, &valid, &mut failures),
                    Err(_) => failures.push(format!("{}: no twin {}", path.display(), twin.display())),
                }
            } else if !file.starts_with("valid_") && !file.starts_with("issue_") {
                failures.push(format!("{}: neither invalid_, valid_ nor issue_", path.display()));
            } else if file.starts_with("valid_") && fires {
                failures.push(format!("{}: {} fires in the repaired twin", path.display(), rule.id));
            }
        }
    }
    report(&failures);
}

/// A twin that differs by more than a few neighbouring lines shows more than the fix.
fn differ_little(invalid: &Path, valid: &str, failures: &mut Vec<String>) {
    let (text, _) = annotations("", &std::fs::read_to_string(invalid).unwrap());
    let (valid, _) = annotations("", valid);
    let (a, b): (Vec<&str>, Vec<&str>) = (text.lines().collect(), valid.lines().collect());
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - same_start;
    let same_end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let changed = a.len().max(b.len()) - same_start - same_end;
    if changed == 0 || changed > 4 {
        failures.push(format!("{}: the twin differs by {changed} lines", invalid.display()));
    }
}

#[test]
fn the_language_says_what_to_write() {
    let mut failures = Vec::new();
    let mut count = 0;
    for path in entries(&folder().join("language")) {
        if name(&path).ends_with(".stderr") {
            continue;
        }
        count += 1;
        let findings = Fixture::read(&path).judge(&path, &mut failures);
        if findings.is_empty() {
            failures.push(format!("{}: nothing is found", path.display()));
        }
        for finding in findings.iter().filter(|finding| finding.help.is_none() && finding.fix.is_none()) {
            failures.push(format!("{}: no help: {}", path.display(), short(finding)));
        }
    }
    assert!(count > 30, "{count} fixtures of the language");
    report(&failures);
}

/// What is changed in a copy of an example, and what is then found.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct EditFile {
    edits: Vec<TextEdit>,
    expect: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TextEdit {
    #[serde(default = "spec_file")]
    file: String,
    find: String,
    replace: String,
}

fn spec_file() -> String {
    "isobar.yaml".to_owned()
}

#[test]
fn rules_fire_inside_of_a_clean_example() {
    let storefront = Memory::folder(&folder().join("../../examples/storefront")).heavy();
    let mut failures = Vec::new();
    for rule in rules::ALL {
        let path = folder().join(rule.id).join("storefront.edit.yaml");
        let edit: EditFile = serde_yaml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let mut files = storefront.clone();
        for change in edit.edits {
            let text = files.text(&change.file);
            assert_eq!(text.matches(&change.find).count(), 1, "{}: `{}` stands once", path.display(), change.find);
            files.add(&change.file, &text.replace(&change.find, &change.replace));
        }
        let (_, findings) = lint(&files);
        let actual: BTreeSet<String> = findings.iter().map(short).collect();
        let expected: BTreeSet<String> = edit.expect.into_iter().collect();
        let mut text = String::new();
        for missing in expected.difference(&actual) {
            let _ = write!(text, "\n  not found:    {missing}");
        }
        for surplus in actual.difference(&expected) {
            let _ = write!(text, "\n  not expected: {surplus}");
        }
        if !text.is_empty() || !findings.iter().any(|finding| finding.id == rule.id) {
            failures.push(format!("{}:{text}", path.display()));
        }
    }
    report(&failures);
}

/// A note is advice that an example may leave aside for the sake of brevity.
#[test]
fn the_examples_are_clean() {
    let mut failures = Vec::new();
    for example in entries(&folder().join("../../examples")) {
        if !example.join("isobar.yaml").is_file() {
            continue;
        }
        let (_, findings) = lint(&Memory::folder(&example));
        let bad = findings.iter().filter(|finding| finding.severity > Severity::Note);
        failures.extend(bad.map(|finding| format!("{}: {}", name(&example), short(finding))));
    }
    report(&failures);
}

/// The tour of the language, word by word: every rule is silent on it.
#[test]
fn the_tour_is_clean() {
    let (_, findings) = lint(&Memory::folder(&folder().join("tour")));
    report(&findings.iter().map(short).collect::<Vec<_>>());
}

/// Rules that cannot find exactly one thing in `_most_violations.yaml`, with the reason.
const NOT_ONCE: &[(&str, &str)] = &[
    (
        "deadline-below-timeout",
        "the target there takes nothing for lost that it pushes, and hides messages as long as asked",
    ),
    ("publisher-duplicates", "no channel of the target there delivers exactly once"),
];

/// One application with everything that can be wrong: a rule that is drowned by others, or speaks twice of one thing, shows.
#[test]
fn each_rule_finds_one_of_most_violations() {
    let (sources, findings) = lint(&Fixture::read(&folder().join("_most_violations.yaml")).files);
    let mut failures = Vec::new();
    for rule in rules::ALL {
        let mine: Vec<&Finding> = findings.iter().filter(|finding| finding.id == rule.id).collect();
        let is_listed = NOT_ONCE.iter().any(|(id, _)| *id == rule.id);
        if is_listed == (mine.len() == 1) {
            let listed = if is_listed { "though it is listed" } else { "and is not listed" };
            failures.push(format!("{} finds {} things, {listed}", rule.id, mine.len()));
            failures.extend(mine.iter().map(|one| format!("    {}: {}", found(&sources, one).line, short(one))));
        }
    }
    let others = findings.iter().filter(|finding| rules::find(finding.id).is_none());
    failures.extend(others.map(|other| format!("no rule: {}", short(other))));
    let idle = NOT_ONCE.iter().filter(|(id, why)| rules::find(id).is_none() || why.is_empty());
    failures.extend(idle.map(|(id, _)| format!("{id} is listed, and is no rule or has no reason")));
    report(&failures);
}

/// The reader of annotations is checked too: a harness that expects nothing would pass everything.
#[test]
fn annotations_name_their_lines() {
    let text = "a: 1  #~ error[x]: one\n\nb: 2\n  #~^ warning[y]: two\n  #~^^ note[z]: three\nc: 3\n";
    let (clean, expected) = annotations("f", text);
    assert_eq!(clean, "a: 1\n\nb: 2\nc: 3\n");
    let lines: Vec<(usize, &str)> = expected.iter().map(|e| (e.line, e.text.as_str())).collect();
    assert_eq!(lines, [(1, "error[x]: one"), (3, "warning[y]: two"), (2, "note[z]: three")]);
    let mut failures = Vec::new();
    compare(Path::new("f"), &expected, &expected[1..], &mut failures);
    compare(Path::new("f"), &expected[1..], &expected, &mut failures);
    assert_eq!(failures.len(), 2, "{failures:?}");
}
