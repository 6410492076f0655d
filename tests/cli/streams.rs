//! What goes to which stream, in which form.

use std::fs::OpenOptions;
use std::io::Read as _;
use std::process::Stdio;

use super::program::Folder;

#[test]
fn findings_are_results_of_validate_and_lint_and_messages_of_compile() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "type: queue", "type: quoue");
    for command in ["validate", "lint"] {
        let ran = folder.run(&[command, "--format", "concise"]).is(1).out_has("error[");
        assert!(!ran.err.contains("error["), "{ran:?}");
    }
    let ran = folder.run(&["compile", "--format", "concise"]).is(1).err_has("error[");
    assert_eq!(ran.out, "");
    assert!(!folder.path("out").exists());
}

#[test]
fn json_is_one_document_also_when_empty() {
    let folder = Folder::with_app();
    let out = folder.run(&["validate", "--format", "json"]).is(0).out;
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["findings"], serde_json::json!([]));
    folder.edit("isobar.yaml", "type: queue", "type: quoue");
    let out = folder.run(&["lint", "--format", "json"]).is(1).out;
    let document: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["findings"][0]["path"], "isobar.yaml");
    let schema = folder.run(&["schema", "findings"]).is(0).out;
    let schema = serde_json::from_str(&schema).unwrap();
    assert!(jsonschema::validator_for(&schema).unwrap().is_valid(&document));
}

#[test]
fn no_colours_without_a_terminal() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "type: queue", "type: quoue");
    let ran = folder.run(&["validate"]).is(1).out_has("error[").out_has("isobar.yaml:16:");
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'), "{ran:?}");
}

#[test]
fn the_same_bytes_on_every_run() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "noteId: string", "noteId: strin");
    folder.edit("isobar.yaml", "uses: { inbox: send }", "uses: { inbx: send }");
    let first = folder.run(&["lint"]).is(1).out;
    for _ in 0..5 {
        assert_eq!(folder.run(&["lint"]).is(1).out, first);
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let folder = Folder::with_app();
    let mut child = folder.command(&["schema"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn an_output_that_is_full_is_a_failure() {
    let folder = Folder::with_app();
    let full = OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = folder.command(&["graph"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot write to standard output"));
}

#[test]
fn a_lower_failing_level_shows_what_fails() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "    idempotency: { natural: \"putting the same note again changes nothing\" }\n", "");
    folder.run(&["lint"]).is(0).out_has("warning[missing-idempotency]");
    folder.run(&["lint", "--fail-on", "warning"]).is(1);
    let ran = folder.run(&["validate"]).is(0).err_has("not shown");
    assert_eq!(ran.out, "");
    folder.run(&["validate", "--fail-on", "warning"]).is(1).out_has("warning[missing-idempotency]");
    folder.run(&["compile", "--target", "aws", "--fail-on", "warning"]).is(1).err_has("warning[missing-idempotency]");
    assert!(!folder.path("out").exists());
    folder.run(&["lint", "--category", "exposure", "--fail-on", "warning"]).is(0);
}

#[test]
fn a_category_leaves_out_what_is_of_none() {
    let folder = Folder::with_app();
    folder.run(&["lint", "--target", "kubernetes"]).out_has("note[degraded]");
    let ran = folder.run(&["lint", "--target", "kubernetes", "--category", "cost"]);
    assert!(!ran.out.contains("note["), "{}", ran.out);
}
