//! The artifacts of every example for every built-in target, compared with `snapshots/<example>/<target>/`.
//! `UPDATE=1 cargo test --test examples` rewrites them. Compiling twice, with the declarations in another order,
//! gives the same bytes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use crate::support::{compile, examples, files_below, root, targets_of};
use isobar::base::Sources;
use isobar::catalog::builtin_ids;
use isobar::diag::render::{Format, Style};

/// Code is copied as it is; its packing has tests of its own, and zips are no text.
fn is_shown(path: &str) -> bool {
    !path.starts_with("code/") || path.ends_with(".Containerfile")
}

/// What an example becomes: files, or the findings that say why it cannot.
fn outcome(example: &str, target: &str) -> BTreeMap<String, String> {
    let mut sources = Sources::default();
    let (artifacts, findings) = compile(&root().join("examples").join(example), target, &mut sources);
    let Some(artifacts) = artifacts else {
        let text = isobar::diag::render::render(&findings, &sources, Format::Human, &Style::default());
        return BTreeMap::from([("findings.txt".to_owned(), text)]);
    };
    let shown = artifacts.into_iter().filter(|a| is_shown(&a.path));
    shown.map(|a| (a.path, String::from_utf8(a.bytes).expect("artifacts are UTF-8"))).collect()
}

#[test]
fn artifacts_are_as_recorded() {
    let update = std::env::var_os("UPDATE").is_some();
    let mut wrong = Vec::new();
    for example in examples() {
        for target in builtin_ids() {
            let folder = root().join("snapshots").join(&example).join(target);
            let got = outcome(&example, target);
            let wanted: BTreeMap<String, String> = files_below(&folder)
                .into_iter()
                .map(|path| (path.clone(), fs::read_to_string(folder.join(path)).expect("readable")))
                .collect();
            if update {
                write(&folder, &wanted, &got);
                continue;
            }
            for path in got.keys().chain(wanted.keys()) {
                if got.get(path) != wanted.get(path) {
                    let line = first_difference(got.get(path), wanted.get(path));
                    wrong.push(format!("snapshots/{example}/{target}/{path}:{line}"));
                }
            }
        }
    }
    wrong.dedup();
    assert!(
        wrong.is_empty(),
        "these differ, `UPDATE=1 cargo test --test examples` rewrites them:\n{}",
        wrong.join("\n")
    );
}

fn first_difference(a: Option<&String>, b: Option<&String>) -> usize {
    let (a, b) = (a.map_or("", String::as_str), b.map_or("", String::as_str));
    a.lines().zip(b.lines()).take_while(|(a, b)| a == b).count() + 1
}

fn write(folder: &Path, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) {
    for path in old.keys().filter(|path| !new.contains_key(*path)) {
        fs::remove_file(folder.join(path)).expect("removable");
    }
    for (path, text) in new {
        let path: PathBuf = folder.join(path);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("creatable");
        fs::write(path, text).expect("writable");
    }
}

#[test]
fn an_example_compiles_for_the_targets_it_names() {
    for example in examples() {
        for target in targets_of(&example) {
            let got = outcome(&example, &target);
            assert!(!got.contains_key("findings.txt"), "{example} on {target}:\n{}", got["findings.txt"]);
        }
    }
}

#[test]
fn the_order_of_declarations_makes_no_difference() {
    for example in examples() {
        let folder = root().join("examples").join(&example);
        for target in targets_of(&example) {
            let whole = crate::support::memory(&folder);
            let turned = crate::support::reversed(&whole);
            let strip = |files: &isobar::base::MemoryFiles| {
                let mut sources = Sources::default();
                let (artifacts, findings) = crate::support::compile_files(files, &target, &mut sources);
                let artifacts = artifacts.unwrap_or_else(|| panic!("{example}: {:?}", findings.iter().next()));
                // Comments name lines, and those move.
                let plain = |a: isobar::emit::Artifact| (a.path, crate::support::without_places(&a.bytes));
                artifacts.into_iter().map(plain).collect::<Vec<_>>()
            };
            assert!(strip(&whole) == strip(&turned), "{example} on {target} depends on the order of declarations");
        }
    }
}
