//! `isobar compile` and its output folder.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::program::Folder;

/// With an output for one target.
fn compiled() -> Folder {
    let folder = Folder::with_app();
    folder.run(&["compile", "--target", "aws"]).is(0).err_has("`out`: ").err_has("created");
    folder
}

/// The path of some generated file, below the folder of the target.
fn generated(folder: &Folder) -> String {
    let files = folder.tree("out/aws");
    files
        .into_iter()
        .map(|(path, _)| path)
        .find(|p| Path::new(p).extension().is_some_and(|ending| ending == "tf"))
        .unwrap()
}

#[test]
fn twice_the_same_and_the_second_time_nothing_to_do() {
    let folder = compiled();
    let first = folder.tree("out");
    let ran = folder.run(&["compile", "--target", "aws"]).is(0).err_has("unchanged");
    assert!(!ran.err.contains("created") && !ran.err.contains("updated"), "{ran:?}");
    folder.run(&["compile", "--target", "aws", "--out", "second"]).is(0);
    let second = folder.tree("second");
    let strip = |tree: Vec<(String, Vec<u8>)>, root: &str| -> Vec<(String, Vec<u8>)> {
        tree.into_iter().map(|(p, b)| (p.replacen(root, "", 1), b)).collect()
    };
    assert_eq!(strip(first, "out"), strip(second, "second"));
}

#[test]
fn check_says_what_differs_and_writes_nothing() {
    let folder = Folder::with_app();
    folder.run(&["compile", "--target", "aws", "--check"]).is(1).err_has("is missing");
    assert!(!folder.path("out").exists());
    folder.run(&["compile", "--target", "aws"]).is(0);
    folder.run(&["compile", "--target", "aws", "--check"]).is(0).err_has("`out` is up to date");
    folder.edit("isobar.yaml", "memory: 256MiB", "memory: 512MiB");
    let before = folder.tree("out");
    folder.run(&["compile", "--target", "aws", "--check"]).is(1).err_has("differs").err_has("`out` is not up to date");
    assert_eq!(folder.tree("out"), before);
}

#[test]
fn an_edited_file_is_not_lost() {
    let folder = compiled();
    let path = generated(&folder);
    folder.put(&path, "# mine\n");
    folder.edit("isobar.yaml", "memory: 256MiB", "memory: 512MiB");
    let before = folder.tree("out");
    let ran = folder.run(&["compile", "--target", "aws"]).is(2);
    ran.err_has(&format!("`{path}` was edited after it was generated")).err_has("--force");
    assert_eq!(folder.tree("out"), before);
    folder.run(&["compile", "--target", "aws", "--force"]).is(0);
    assert_ne!(folder.get(&path), "# mine\n");
}

#[test]
fn foreign_files_stay_and_one_in_the_way_stops_it() {
    let folder = compiled();
    let path = generated(&folder);
    fs::remove_dir_all(folder.path("out")).unwrap();
    folder.put("out/aws/terraform.tfstate", "{}");
    folder.put("out/aws/mine.tf", "# mine\n");
    folder.put(&path, "# mine too\n");
    folder.run(&["compile", "--target", "aws"]).is(2).err_has(&format!("`{path}` is in the way"));
    assert_eq!(folder.tree("out").len(), 3);
    fs::remove_file(folder.path(&path)).unwrap();
    folder.run(&["compile", "--target", "aws"]).is(0);
    assert_eq!(folder.get("out/aws/mine.tf"), "# mine\n");
    assert_eq!(folder.get("out/aws/terraform.tfstate"), "{}");
}

#[test]
fn an_interrupted_run_is_completed() {
    let folder = compiled();
    let whole = folder.tree("out");
    let path = generated(&folder);
    // As a process leaves it that was killed between two files: a journal, temporary files, no file, no lock.
    let lock: serde_json::Value = serde_json::from_str(&folder.get("out/aws/isobar.lock.json")).unwrap();
    let files: serde_json::Map<String, serde_json::Value> = lock["files"]
        .as_object()
        .unwrap()
        .iter()
        .map(|(path, hash)| (path.clone(), serde_json::json!([hash])))
        .collect();
    folder.put("out/aws/.isobar-tmp-journal.json", serde_json::json!({ "files": files }).to_string());
    folder.put("out/aws/.isobar-tmp-7", "half of");
    fs::remove_file(folder.path(&path)).unwrap();
    fs::remove_file(folder.path("out/aws/isobar.lock.json")).unwrap();
    folder.edit("isobar.yaml", "memory: 256MiB", "memory: 512MiB");
    folder.run(&["compile", "--target", "aws", "--check"]).is(1).err_has("interrupted");
    folder.run(&["compile", "--target", "aws"]).is(0).err_has("an interrupted run was completed");
    folder.edit("isobar.yaml", "memory: 512MiB", "memory: 256MiB");
    folder.run(&["compile", "--target", "aws"]).is(0);
    assert_eq!(folder.tree("out"), whole);
}

#[test]
fn an_output_that_cannot_be_written() {
    let folder = Folder::with_app();
    folder.put("file", "");
    folder.run(&["compile", "--out", "file"]).is(2).err_has("`file` is a file, not a folder");
    folder.run(&["compile", "--out", "file/below"]).is(2).err_has("nothing was written");
    folder.run(&["compile", "--out", "/proc/isobar"]).is(2).err_has("cannot write `/proc/isobar`");
    folder.put("out/aws", "");
    folder.run(&["compile", "--target", "aws"]).is(2).err_has("`out/aws` is no folder");
}

#[test]
fn links_in_the_output_are_not_followed() {
    let folder = Folder::with_app();
    fs::create_dir_all(folder.path("elsewhere")).unwrap();
    fs::create_dir_all(folder.path("out")).unwrap();
    symlink("../elsewhere", folder.path("out/aws")).unwrap();
    folder.run(&["compile", "--target", "aws", "--force"]).is(2).err_has("symbolic link");
    assert!(folder.tree("elsewhere").is_empty());
}

#[test]
fn one_environment_per_output() {
    let folder = Folder::with_app();
    folder.put("isobar.yaml", folder.get("isobar.yaml") + "\nenvironments:\n  prod: {}\n");
    folder.run(&["compile", "--target", "aws"]).is(0);
    let ran = folder.run(&["compile", "--env", "prod"]).is(2);
    ran.err_has("in the environment `default`").err_has("nothing was written");
    folder.run(&["compile", "--env", "prod", "--out", "out-prod"]).is(0);
}

#[test]
fn when_one_target_fails_nothing_is_written_for_either() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "aws: { region: eu-central-1 }", "aws: {}");
    folder.run(&["compile"]).is(1).err_has("region");
    assert!(!folder.path("out").exists());
    folder.run(&["compile", "--target", "kubernetes"]).is(0);
}

#[test]
fn a_target_is_needed() {
    let folder = Folder::with_app();
    let spec = folder.get("isobar.yaml");
    folder.put("isobar.yaml", spec.split("\ntargets:").next().unwrap());
    folder.run(&["compile"]).is(2).err_has("there is no target");
    folder.run(&["lint", "--fail-on", "warning"]).is(0);
}

#[test]
fn missing_code_is_an_error() {
    let folder = Folder::with_app();
    fs::remove_dir_all(folder.path("functions")).unwrap();
    folder.run(&["compile"]).is(1).err_has("functions");
    assert!(!folder.path("out").exists());
}

#[test]
fn what_a_package_should_not_hold_is_named() {
    let folder = Folder::with_app();
    folder.put("functions/.env", "TOKEN=1\n");
    folder.put("functions/.git/config", "[core]\n");
    symlink("/etc/hostname", folder.path("functions/host")).unwrap();
    let ran = folder.run(&["compile", "--target", "kubernetes"]).is(0);
    let ran = ran.err_has("the package of `functions` holds what looks like a secret: `.env`");
    ran.err_has("lacks links that lead nowhere or out of the folder of the spec: `host`");
    let files = folder.tree("out/kubernetes/code");
    assert!(!files.iter().any(|(path, _)| path.contains(".git/")), "{files:?}");
    folder.put("functions/.isobarignore", "/.env\n/host\n");
    let ran = folder.run(&["compile", "--target", "kubernetes"]).is(0);
    assert!(!ran.err.contains("secret") && !ran.err.contains("links"), "{ran:?}");
}

/// The rule says it at the place, and the target would: one defect is one finding. A comment silences the rule, and not the
/// platform that rejects it.
#[test]
fn what_a_rule_says_a_target_does_not_say_again() {
    const SPEC: &str = "\
isobar: 1
app: shop
targets: { aws: { region: eu-central-1 } }
events: { made: { key: /id, source: till } }
resources:
  failed: { type: queue, manual: true }
  # ALLOW
  line: { type: queue, ordered: true, carries: made, manual: true, dead-letter: { to: failed } }
";
    let impossible =
        "error[impossible]: this dead letter is impossible: an ordered queue sets aside into an ordered one";
    for command in [["compile", "--format=concise"], ["validate", "--format=concise"]] {
        let folder = Folder::empty();
        folder.put("isobar.yaml", SPEC);
        let said = |folder: &Folder| {
            let ran = folder.run(&command).is(1);
            ran.out + &ran.err
        };
        let text = said(&folder);
        assert!(text.contains("error[mismatched-dead-letter]") && !text.contains("error[impossible]"), "{text}");
        folder.edit("isobar.yaml", "# ALLOW", "# isobar: allow mismatched-dead-letter: it is read by hand");
        let text = said(&folder);
        assert!(text.contains(impossible) && !text.contains("error[mismatched-dead-letter]"), "{text}");
        folder.put(
            "isobar.yaml",
            SPEC.to_owned() + "lint: { mismatched-dead-letter: { level: warning, reason: late } }\n",
        );
        assert!(said(&folder).contains(impossible));
        assert!(!folder.path("out").exists());
    }
}

#[test]
fn environments_do_not_share_a_state() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "region: eu-central-1", "region: eu-central-1, backend: { s3: { key: state } }");
    folder.run(&["compile", "--target", "aws", "--fail-on", "warning"]).is(0);
    let spec = folder.get("isobar.yaml");
    folder.put("isobar.yaml", format!("{spec}\nenvironments:\n  prod: {{}}\n"));
    let message = "option `backend` of target `aws` is the same in every environment";
    folder.run(&["compile", "--target", "aws", "--out", "b"]).is(0).err_has(message);
    folder.edit("isobar.yaml", "{ key: state }", "{ key: \"${environment}/state\" }");
    let ran = folder.run(&["compile", "--target", "aws", "--out", "c"]).is(0);
    assert!(!ran.err.contains(message), "{ran:?}");
}
