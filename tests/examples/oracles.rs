//! What independent tools say of every example; what is said of its policies stands in `tests/permissions`. Without
//! `ISOBAR_ORACLES` the tests say what they left out; where it is set, a tool that cannot run fails them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use isobar::base::Sources;
use isobar::emit::Artifact;

use crate::support::{compile, examples, root, targets_of};

/// The program, when the environment names it.
fn oracle() -> Option<PathBuf> {
    let folder = std::env::var_os("ISOBAR_ORACLES")?;
    let program = root().join(folder).join("oracle");
    assert!(program.is_file(), "ISOBAR_ORACLES is set, but {} is no program", program.display());
    Some(program)
}

fn left_out(what: &str) {
    eprintln!("left out: {what} (ISOBAR_ORACLES is not set)");
}

/// Writes artifacts into a folder that goes with the value.
fn written(artifacts: Vec<Artifact>) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for artifact in artifacts {
        let path = folder.path().join(&artifact.path);
        fs::create_dir_all(path.parent().expect("below a folder")).expect("creatable");
        fs::write(path, artifact.bytes).expect("writable");
    }
    folder
}

fn run(oracle: &Path, name: &str, argument: &Path) -> Result<String, String> {
    let output = Command::new(oracle).arg(name).arg(argument).output().map_err(|e| e.to_string())?;
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    if output.status.success() { Ok(text) } else { Err(text) }
}

fn judge(name: &str, target: &str) {
    let Some(oracle) = oracle() else { return left_out(&format!("`oracle {name}` on every example")) };
    let mut failed = Vec::new();
    for example in examples() {
        if targets_of(&example).iter().any(|t| t == target) {
            let mut sources = Sources::default();
            let (artifacts, findings) = compile(&root().join("examples").join(&example), target, &mut sources);
            let artifacts = artifacts.unwrap_or_else(|| panic!("{example} on {target}: {:?}", findings.iter().next()));
            let folder = written(artifacts);
            if let Err(text) = run(&oracle, name, folder.path()) {
                failed.push(format!("{example}:\n{text}"));
            }
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn terraform_plans_applies_and_destroys_every_example() {
    judge("terraform", "aws");
}

#[test]
fn terraform_takes_what_no_example_needs() {
    let Some(oracle) = oracle() else { return left_out("`oracle terraform` on policies, networks and keys") };
    let large = crate::sizes::compile(&crate::sizes::reader(80)).expect("it compiles");
    for artifacts in [large, crate::network::closed()] {
        let folder = written(artifacts);
        run(&oracle, "terraform", folder.path()).unwrap_or_else(|text| panic!("{text}"));
    }
}

#[test]
fn every_manifest_is_valid() {
    judge("kubernetes", "kubernetes");
}
