//! Wrong usage ends with 2 and says what to do.

use super::program::Folder;

#[test]
fn without_arguments_the_help_is_shown() {
    Folder::empty().run(&[]).is(2).err_has("Usage: isobar <COMMAND>");
}

#[test]
fn help_and_version_are_results() {
    Folder::empty().run(&["--help"]).is(0).out_has("compile");
    Folder::empty().run(&["--version"]).is(0).out_has(env!("CARGO_PKG_VERSION"));
    Folder::empty().run(&["compile", "--help"]).is(0).out_has("--check");
}

#[test]
fn only_commands_that_exist_are_listed() {
    let help = Folder::empty().run(&["--help"]).is(0).out;
    for command in [
        "init",
        "validate",
        "lint",
        "compile",
        "diff",
        "graph",
        "access",
        "explain",
        "schema",
        "fmt",
        "targets",
        "completions",
    ] {
        assert!(help.contains(&format!("\n  {command} ")), "{command}");
    }
    assert_eq!(help.lines().filter(|l| l.starts_with("  ") && !l.starts_with("  -")).count(), 12, "{help}");
}

#[test]
fn bad_flags_and_values() {
    let folder = Folder::with_app();
    folder.run(&["validate", "--nope"]).is(2).err_has("unexpected argument '--nope'");
    folder.run(&["vaildate"]).is(2).err_has("'validate'");
    folder.run(&["validate", "--format", "xml"]).is(2).err_has("human, concise, json, sarif, junit, github, markdown");
    folder.run(&["validate", "--fail-on", "note"]).is(2).err_has("error, warning");
    folder.run(&["validate", "--var", "x"]).is(2).err_has("NAME=VALUE");
    folder.run(&["validate", "--env", "Prod"]).is(2).err_has("lower-case");
    folder.run(&["lint", "--category", "exposur"]).is(2).err_has("did you mean `exposure`?");
    folder.run(&["schema", "spek"]).is(2).err_has("spec");
}

#[test]
fn unknown_target() {
    let folder = Folder::with_app();
    folder.run(&["compile", "--target", "asw"]).is(2).err_has("there is no built-in target `asw`; did you mean `aws`?");
    folder.run(&["validate", "--target", "mainframe"]).is(2).err_has("there are aws");
    folder.run(&["validate", "--target", "./mine"]).is(2).err_has("./mine");
}

#[test]
fn unknown_target_in_the_spec_is_a_finding() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "  aws:", "  asw:");
    folder
        .run(&["validate", "--format", "concise"])
        .is(1)
        .out_has("error[unknown-target]: there is no built-in target `asw`");
}

#[test]
fn unknown_environment() {
    let folder = Folder::with_app();
    folder.put("isobar.yaml", folder.get("isobar.yaml") + "\nenvironments:\n  prod: { protected: true }\n");
    folder.run(&["validate", "--env", "prod"]).is(0);
    folder.run(&["validate", "--env", "prud", "--format", "concise"]).is(1).out_has("`prud`");
}

#[test]
fn unknown_variable() {
    let folder = Folder::with_app();
    folder.run(&["validate", "--var", "nothing=1", "--format", "concise"]).is(1).out_has("--var nothing");
}

#[test]
fn completions_for_every_shell() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        Folder::empty().run(&["completions", shell]).is(0).out_has("compile");
    }
}

#[test]
fn schemas_are_json() {
    for name in ["spec", "findings", "graph", "access", "target", "permissions"] {
        let out = Folder::empty().run(&["schema", name]).is(0).out;
        let schema: serde_json::Value = serde_json::from_str(&out).unwrap();
        assert!(schema.get("$schema").is_some(), "{name}");
        assert!(jsonschema::validator_for(&schema).is_ok(), "{name}");
    }
}

#[test]
fn targets_are_listed_and_make_a_matrix() {
    let list = Folder::empty().run(&["targets"]).is(0).out;
    assert!(list.lines().next().unwrap().starts_with("target"), "{list}");
    assert!(list.contains("\naws "), "{list}");
    let matrix = Folder::empty().run(&["targets", "--matrix"]).is(0).out;
    let columns = matrix.lines().next().unwrap().matches('|').count();
    assert!(matrix.lines().take_while(|l| !l.is_empty()).all(|l| l.replace("\\|", "").matches('|').count() == columns));
}

#[test]
fn explain_a_rule_a_node_and_nothing() {
    let folder = Folder::with_app();
    folder.run(&["explain", "queue-without-consumer"]).is(0).out_has("## Why is this bad");
    let node = folder.run(&["explain", "functions.write"]).is(0).out;
    for part in ["http-post-notes", "send", "resources.inbox", "ISOBAR_INBOX_KIND", "timeout", "isobar.yaml:"] {
        assert!(node.contains(part), "no {part:?} in {node}");
    }
    folder.run(&["explain", "resources.inbox"]).is(0).out_has("visibility");
    folder.run(&["explain", "functions.wirte"]).is(2).err_has("did you mean `functions.write`?");
    Folder::empty().run(&["explain", "queue-without-consumr"]).is(2).err_has("did you mean `queue-without-consumer`?");
}

#[test]
fn the_graph_in_every_format() {
    let folder = Folder::with_app();
    folder.run(&["graph"]).is(0).out_has("resources.inbox");
    folder.run(&["graph", "--format", "mermaid"]).is(0).out_has("flowchart");
    folder.run(&["graph", "--format", "dot"]).is(0).out_has("digraph");
    let json = folder.run(&["graph", "--format", "json"]).is(0).out;
    assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
}
