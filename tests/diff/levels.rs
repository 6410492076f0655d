//! The classes of changes that `isobar diff` tells of each edit: all of them, and no other.

use std::fs;
use std::path::Path;
use std::process::Command;

use isobar::base::{Files as _, MemoryFiles, RelPath};
use rayon::prelude::*;
use serde_json::Value;

use crate::edits::{EDITS, Edit, MORE};
use crate::finer::FINER;
use crate::support::{edited, example};

fn write(files: &MemoryFiles, folder: &Path) {
    let all = files.list(&RelPath::resolve("", "").expect("a path"), usize::MAX).expect("listed");
    for path in all {
        let to = folder.join(path.as_str());
        fs::create_dir_all(to.parent().expect("below a folder")).expect("creatable");
        fs::write(to, files.read(&path, u64::MAX).expect("there")).expect("writable");
    }
}

/// The document that the program prints of two folders.
pub(crate) fn document(old: &Path, new: &Path) -> Value {
    let mut program = Command::new(env!("CARGO_BIN_EXE_isobar"));
    let done = program.arg("diff").args([old, new]).args(["--format", "json"]).output().expect("it runs");
    let text = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{text}{}", String::from_utf8_lossy(&done.stderr));
    serde_json::from_str(&text).expect("JSON")
}

/// Edits of others that are judged the other way round as well.
const UNDONE: &[&str] = &[
    "messages are kept for less time",
    "a queue loses its dead letter",
    "a tighter schema",
    "a queue loses its order",
    "fewer tries",
];

fn classes(name: &str, edits: &[(&str, &str, &str)], is_undone: bool) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let files = example(name);
    write(&files, if is_undone { &new } else { &old });
    write(&edited(&files, edits), if is_undone { &old } else { &new });
    let document = document(&old, &new);
    let mut classes: Vec<String> = document["changes"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|c| c["class"].as_str().expect("a class").to_owned())
        .collect();
    classes.dedup();
    classes
}

#[test]
fn every_edit_has_its_classes_and_no_other() {
    let expected: Vec<(&str, &str)> =
        include_str!("levels.txt").lines().filter_map(|line| line.split_once(": ")).collect();
    let all: Vec<&Edit> = EDITS.iter().chain(MORE).chain(FINER).collect();
    assert!(all.len() >= 60, "only {} edits", all.len());
    let undone = all.iter().filter(|(edit, ..)| UNDONE.contains(edit) || FINER.iter().any(|(fine, ..)| fine == edit));
    let all: Vec<(&Edit, bool)> =
        all.iter().map(|edit| (*edit, false)).chain(undone.map(|edit| (*edit, true))).collect();
    let judge = |((edit, name, edits), is_undone): &(&Edit, bool)| {
        let edit = if *is_undone { format!("undone, {edit}") } else { (*edit).to_owned() };
        let found = classes(name, edits, *is_undone).join(" ");
        let found = if found.is_empty() { "none" } else { &found };
        let wanted = expected.iter().find(|(of, _)| *of == edit).map(|(_, classes)| *classes);
        (wanted != Some(found)).then(|| format!("{edit}: {found}"))
    };
    let failures: Vec<String> = all.par_iter().filter_map(judge).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(expected.len(), all.len());
}

/// What a reviewer of a large change reads.
#[test]
fn a_large_comparison_fits_into_a_comment() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let mut files = example("storefront");
    write(&files, &old);
    let at_once = [
        "a table gets another name",
        "messages are kept for less time",
        "a function is gone",
        "another route",
        "a function gets another name",
        "one more queue",
        "a wider prefix",
        "a field of another type",
    ];
    for (_, name, edits) in EDITS.iter().chain(MORE).filter(|(edit, ..)| at_once.contains(edit)) {
        assert_eq!(*name, "storefront");
        files = edited(&files, edits);
    }
    write(&files, &new);
    let changes = document(&old, &new)["changes"].as_array().expect("a list").len();
    assert!(changes >= 40, "only {changes} changes");
    let run = || {
        let mut program = Command::new(env!("CARGO_BIN_EXE_isobar"));
        let done =
            program.arg("diff").args([&old, &new]).args(["--ci", "--format", "markdown"]).output().expect("it runs");
        assert_eq!(done.status.code(), Some(1));
        String::from_utf8(done.stdout).expect("UTF-8")
    };
    let text = run();
    assert_eq!(text, run());
    assert!(text.chars().count() < 60_000 && !text.contains("left out"), "{} characters", text.chars().count());
    assert_eq!(text.matches("<details>").count(), text.matches("</details>").count());
    let told = text.lines().filter(|line| line.starts_with("- ")).count();
    assert_eq!(told, changes, "{text}");
}
