//! The classes of changes that `isobar diff` tells of each edit: all of them, and no other.

use std::fs;
use std::path::Path;
use std::process::Command;

use isobar::base::{Files as _, MemoryFiles, RelPath};
use serde_json::Value;

use crate::edits::{EDITS, MORE};
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

fn classes(name: &str, edits: &[(&str, &str, &str)]) -> Vec<String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    let files = example(name);
    write(&files, &old);
    write(&edited(&files, edits), &new);
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
    let mut failures = Vec::new();
    let all: Vec<_> = EDITS.iter().chain(MORE).collect();
    assert!(all.len() >= 40, "only {} edits", all.len());
    for (edit, name, edits) in &all {
        let found = classes(name, edits).join(" ");
        let found = if found.is_empty() { "none" } else { &found };
        let wanted = expected.iter().find(|(of, _)| of == edit).map(|(_, classes)| *classes);
        if wanted != Some(found) {
            failures.push(format!("{edit}: {found}"));
        }
    }
    assert!(expected.len() == all.len() && failures.is_empty(), "\n{}", failures.join("\n"));
}
