//! Specs that no editor would write: a finding and an exit code, never a hang.

use std::fmt::Write as _;
use std::fs;
use std::os::unix::fs::symlink;
use std::time::{Duration, Instant};

use super::program::{Folder, Ran};

/// `validate` of bytes.
fn validate(bytes: impl AsRef<[u8]>) -> Ran {
    let folder = Folder::empty();
    folder.put("isobar.yaml", bytes);
    validate_in(&folder)
}

fn validate_in(folder: &Folder) -> Ran {
    let started = Instant::now();
    let ran = folder.run(&["validate", "--format", "concise"]);
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    assert!(!ran.err.contains("bug in isobar"), "{ran:?}");
    ran
}

#[test]
fn an_empty_file() {
    validate("").is(1).out_has("isobar.yaml:1:1: error[");
    validate("# nothing\n").is(1).out_has("error[");
    validate("[]").is(1).out_has("error[");
}

#[test]
fn bytes_that_are_no_text() {
    validate(b"isobar: 1\napp: \xff\xfe\n").is(1).out_has("UTF-8");
    validate([0u8; 64]).is(1).out_has("error[");
    validate((0..=255u8).collect::<Vec<_>>()).is(1).out_has("error[");
}

#[test]
fn several_errors_come_in_one_run() {
    let out = validate("isobar: 1\napp: X\nfunction: {}\nresources:\n  a: { type: quue }\n").is(1).out;
    assert!(out.lines().count() >= 3, "{out}");
}

#[test]
fn yaml_bombs() {
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for n in 1..30 {
        let before = n - 1;
        writeln!(bomb, "a{n}: &a{n} [{}]", vec![format!("*a{before}"); 10].join(", ")).unwrap();
    }
    validate(&bomb).is(1).out_has("error[");
    validate("[".repeat(200_000)).is(1).out_has("error[");
    validate("a: ".repeat(20_000)).is(1).out_has("error[");
    validate(format!("isobar: 1\napp: x\nvars: {{ v: \"{}\" }}\n", "${var.v}".repeat(1000))).is(1).out_has("error[");
}

#[test]
fn a_file_of_100_megabytes() {
    let folder = Folder::empty();
    // Sparse: the size is known without reading, and nothing is read.
    fs::File::create(folder.path("isobar.yaml")).unwrap().set_len(100 << 20).unwrap();
    validate_in(&folder).is(1).out_has("error[");
}

#[test]
fn include_cycles_and_escapes() {
    let folder = Folder::with_app();
    folder.put("isobar.yaml", format!("include: [more/a.yaml]\n{}", folder.get("isobar.yaml")));
    folder.put("more/a.yaml", "include: [b.yaml]\n");
    folder.put("more/b.yaml", "include: [a.yaml]\n");
    validate_in(&folder).is(1).out_has("more/");
    folder.put("more/a.yaml", "include: [../../outside.yaml]\n");
    folder.put("more/b.yaml", "{}\n");
    validate_in(&folder).is(1).out_has("more/a.yaml:1:");
}

#[test]
fn a_link_out_of_the_folder() {
    let folder = Folder::empty();
    folder.run(&["init", "app"]).is(0);
    folder.put("secret.yaml", "functions: {}\n");
    folder.put("app/isobar.yaml", format!("include: [link.yaml]\n{}", folder.get("app/isobar.yaml")));
    symlink("../secret.yaml", folder.path("app/link.yaml")).unwrap();
    folder.run(&["validate", "app", "--format", "concise"]).is(1).out_has("app/isobar.yaml:1:");
}

#[test]
fn a_spec_that_is_a_link_is_read() {
    let folder = Folder::empty();
    folder.run(&["init", "app"]).is(0);
    folder.run(&["init", "elsewhere"]).is(0);
    folder.put("elsewhere/isobar.yaml", folder.get("elsewhere/isobar.yaml") + "\ninclude: [link.yaml]\n");
    std::fs::remove_file(folder.path("app/isobar.yaml")).unwrap();
    symlink("../elsewhere/isobar.yaml", folder.path("app/isobar.yaml")).unwrap();
    // Everything else is looked for beside the link.
    folder.put("app/link.yaml", "resources: { extra: { type: bucket } }\n");
    folder.run(&["validate", "app"]).is(0);
    folder.run(&["validate", "app/isobar.yaml"]).is(0);
    folder.run(&["validate", "elsewhere"]).is(1).out_has("include-missing");
}

#[test]
fn a_spec_that_is_no_file() {
    let folder = Folder::empty();
    folder.run(&["validate", "/dev/zero"]).is(1);
    symlink("isobar.yaml", folder.path("isobar.yaml")).unwrap();
    folder.run(&["validate"]).is(2).err_has("cannot read `isobar.yaml`");
}

#[test]
fn text_of_the_spec_cannot_command_the_terminal() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", "isobar: 1\napp: x\n\"\\e[2J\\u202e\": 1\n");
    for format in ["human", "concise", "json", "sarif", "junit", "github", "markdown"] {
        let ran = folder.run(&["validate", "--format", format]).is(1);
        assert!(!ran.out.contains(['\u{1b}', '\u{202e}']), "{ran:?}");
    }
}
