//! Applications with one seeded defect each, and their clean twins: every defect is found, by the rule that is about it
//! and by no other, and nothing is found in the twins. Most defects are small edits of an example, as a hurried hand
//! makes them; the other applications stand in `tests/seeded/bases`. All of them are in `tests/seeded/cases.yaml`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

#[path = "examples/support.rs"]
#[allow(dead_code)]
mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use isobar::base::{Files as _, MemoryFiles, RelPath, Sources};
use isobar::catalog::{Target, builtin};
use isobar::diag::Severity;
use isobar::{pipeline, rules};
use rayon::prelude::*;
use serde::Deserialize;

/// One defect and its twin.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What happened to the application, in a few words.
    name: String,
    family: String,
    /// An example, or a file of `bases`.
    base: String,
    /// Whether there is a folder `grown` of large code.
    #[serde(default)]
    grows: bool,
    /// What makes the defect.
    seed: Vec<Edit>,
    /// What is done in the same place, or near it, without harm.
    twin: Vec<Edit>,
    /// The rule that is about the defect.
    finds: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Edit {
    #[serde(default = "spec")]
    file: String,
    find: String,
    replace: String,
}

fn spec() -> String {
    "isobar.yaml".to_owned()
}

fn cases() -> Vec<Case> {
    let text = std::fs::read_to_string(support::root().join("tests/seeded/cases.yaml")).expect("readable");
    serde_yaml::from_str(&text).expect("a list of cases")
}

/// A built-in target, or one of those that promise what no built-in one does.
fn target(id: &str, sources: &mut Sources) -> Target {
    if builtin(id).is_some() {
        return support::target(id, sources);
    }
    let folder = support::root().join("tests/ui/_targets").join(id);
    let read = |path: String| {
        let bytes = std::fs::read(folder.join(&path)).expect("readable");
        (path, bytes)
    };
    let (target, findings) = Target::load(support::files_below(&folder).into_iter().map(read).collect(), id, sources);
    target.unwrap_or_else(|| panic!("{id}: {findings:?}"))
}

impl Case {
    fn is_mutation(&self) -> bool {
        support::examples().contains(&self.base)
    }

    fn files(&self, edits: &[Edit]) -> MemoryFiles {
        let mut files = if self.is_mutation() {
            support::memory(&support::root().join("examples").join(&self.base))
        } else {
            let path = support::root().join("tests/seeded/bases").join(&self.base);
            let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
            MemoryFiles::new().with("isobar.yaml", &*text).with("code/app.py", "def handler(events, context): pass\n")
        };
        if self.grows {
            // Whoever weighs code asks for the size alone, so that this takes no memory.
            files.insert("grown/model.bin", vec![0; 64 << 20]);
        }
        for edit in edits {
            let path = RelPath::resolve("", &edit.file).expect("a path");
            let text = String::from_utf8(files.read(&path, u64::MAX).expect("it is there")).expect("UTF-8");
            assert_eq!(text.matches(&edit.find).count(), 1, "{}: `{}` stands once", self.name, edit.find);
            files.insert(&edit.file, text.replace(&edit.find, &edit.replace));
        }
        files
    }

    /// What `isobar lint` finds, by rule.
    fn lint(&self, edits: &[Edit]) -> BTreeMap<&'static str, Vec<String>> {
        let files = self.files(edits);
        let mut sources = Sources::default();
        let (application, findings) = support::read(&files, &mut sources);
        let Some(application) = application else {
            let messages = findings.iter().map(|f| format!("error: {}", f.message)).collect();
            return BTreeMap::from([("it is no application", messages)]);
        };
        let ids: Vec<String> = application.model().targets.keys().cloned().collect();
        let targets: Vec<_> = ids.iter().map(|id| target(id, &mut sources)).collect();
        let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let application = pipeline::weighed(&application, &targets, &files);
        for finding in pipeline::judge(&application, &targets, &sources) {
            let text = format!("{}: {}", finding.severity.as_str(), finding.message);
            found.entry(finding.id).or_default().push(text);
        }
        found
    }
}

#[test]
fn every_seeded_defect_is_found_and_nothing_else() {
    let wrong: Vec<String> = cases()
        .par_iter()
        .filter_map(|case| {
            let (seeded, twin) = (case.lint(&case.seed), case.lint(&case.twin));
            let mut out = String::new();
            if !seeded.contains_key(case.finds.as_str()) {
                write!(out, "\n  not found: {}", case.finds).unwrap();
            }
            // A note that the twin has too is advice that has nothing to do with the defect.
            let beside = seeded.iter().filter(|(id, _)| **id != case.finds && !twin.contains_key(*id));
            for (id, all) in beside {
                write!(out, "\n  found beside it: {id}: {all:?}").unwrap();
            }
            let is_note = |text: &String| text.starts_with(&format!("{}:", Severity::Note.as_str()));
            let alarms = twin.iter().filter(|(id, all)| **id == case.finds || !all.iter().all(is_note));
            for (id, all) in alarms {
                write!(out, "\n  false alarm in the twin: {id}: {all:?}").unwrap();
            }
            (!out.is_empty()).then(|| format!("{} ({}):{out}", case.name, case.base))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_cases_are_many_and_spread() {
    let cases = cases();
    let names: BTreeSet<&str> = cases.iter().map(|case| case.name.as_str()).collect();
    assert_eq!(names.len(), cases.len(), "a name stands twice");
    assert!(cases.iter().all(|case| rules::find(&case.finds).is_some()), "a case names no rule");
    let families: BTreeSet<&str> = cases.iter().map(|case| case.family.as_str()).collect();
    let all = ["cold starts", "idempotency", "loops", "loss", "ordering", "time and size", "workflows"];
    assert_eq!(families.into_iter().collect::<Vec<_>>(), all);
    let mutations = cases.iter().filter(|case| case.is_mutation()).count();
    assert!(cases.len() >= 40 && mutations * 2 >= cases.len(), "{mutations} of {} are mutations", cases.len());
    eprintln!("{} seeded defects, {mutations} of them in examples", cases.len());
}
