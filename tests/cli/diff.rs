//! `isobar diff`: what it takes for a state, how it ends, and what is printed.

use std::process::Command;

use serde_json::Value;

use super::program::Folder;

/// An application in a repository with one commit.
fn repository(at: &str) -> Folder {
    let folder = Folder::empty();
    if at.is_empty() {
        folder.run(&["init"]).is(0);
    } else {
        folder.run(&["init", at]).is(0);
    }
    for args in [&["init", "-q", "-b", "main"][..], &["add", "-A"], &["commit", "-q", "-m", "first"]] {
        let mut git = Command::new("git");
        let git = git.args(["-c", "user.name=a", "-c", "user.email=a@b.example"]).args(args);
        assert!(git.current_dir(folder.path("")).status().unwrap().success(), "{args:?}");
    }
    folder
}

/// Lets a function delete rows.
fn widen(folder: &Folder, spec: &str) {
    folder.edit(spec, "uses: { notes: put }", "uses: { notes: [put, delete] }");
}

#[test]
fn a_revision_is_compared_with_the_working_tree() {
    let folder = repository("");
    folder.run(&["diff", "git:HEAD"]).is(0).err_has("no changes");
    widen(&folder, "isobar.yaml");
    let ran = folder.run(&["diff", "git:main"]).is(0);
    assert!(ran.out.contains("! access-widened: `functions."), "{}", ran.out);
    assert!(ran.out.contains("may now `delete` on `resources."), "{}", ran.out);
    let same = folder.run(&["diff", "git:HEAD:isobar.yaml", "isobar.yaml"]).is(0);
    assert_eq!(same.out, ran.out);
    // The other way round it is less.
    folder.run(&["diff", "isobar.yaml", "git:HEAD"]).is(0).out_has("- access-narrowed: ");
    folder.run(&["diff", "git:HEAD", "git:HEAD"]).is(0).err_has("no changes");
}

#[test]
fn a_spec_in_a_folder_is_found_in_a_revision() {
    let folder = repository("services/shop");
    widen(&folder, "services/shop/isobar.yaml");
    folder.run(&["diff", "git:HEAD:services/shop"]).is(0).out_has("access-widened");
    folder.run(&["diff", "git:HEAD", "services/shop"]).is(0).out_has("access-widened");
    folder
        .run(&["diff", "git:HEAD:services/shop/isobar.yaml", "services/shop/isobar.yaml"])
        .is(0)
        .out_has("at services");
    let mut inside = folder.command(&["diff", "git:HEAD"]);
    let done = inside.current_dir(folder.path("services/shop")).output().unwrap();
    assert!(String::from_utf8_lossy(&done.stdout).contains("access-widened"), "{done:?}");
}

#[test]
fn what_is_no_state_is_said() {
    let folder = repository("");
    folder.run(&["diff"]).is(2).err_has("<OLD>");
    folder.run(&["diff", "git:nowhere"]).is(2).err_has("there is no revision `nowhere`");
    folder.run(&["diff", "git:--output=x"]).is(2).err_has("there is no revision `--output=x`");
    folder.run(&["diff", "git:HEAD:nothing.yaml"]).is(2).err_has("there is no `nothing.yaml`");
    folder
        .run(&["diff", "isobar.yaml", "git:HEAD:nothing.yaml"])
        .is(2)
        .err_has("there is no spec in `git:HEAD:nothing.yaml`");
    folder.run(&["diff", "git:HEAD:../x.yaml"]).is(2).err_has("leads out of the repository");
    folder.run(&["diff", "nothing"]).is(2).err_has("there is no `nothing`");
    folder.put("empty/x", "");
    folder.run(&["diff", "empty"]).is(2).err_has("there is no `isobar.yaml` in the folder `empty`");
    let elsewhere = Folder::with_app();
    elsewhere.run(&["diff", "git:HEAD"]).is(2).err_has("`git:` needs to stand in a git repository");
}

#[test]
fn an_invalid_state_fails() {
    let folder = repository("");
    folder.put("old.yaml", folder.get("isobar.yaml"));
    folder.edit("isobar.yaml", "functions:", "functoins:");
    folder.run(&["diff", "old.yaml"]).is(1).err_has("`isobar.yaml` is not valid").out_has("did you mean `functions`?");
    folder.run(&["diff", "isobar.yaml", "old.yaml"]).is(1).err_has("`isobar.yaml` is not valid");
}

#[test]
fn an_output_is_compared_with_the_spec_that_it_was_made_of() {
    let folder = Folder::with_app();
    folder.run(&["compile"]).is(0);
    let ran = folder.run(&["diff", "out"]).is(0);
    assert_eq!(ran.out, "note: an output does not hold its spec: access, deliveries and contracts are not compared\n");
    widen(&folder, "isobar.yaml");
    let ran = folder.run(&["diff", "out"]).is(0);
    assert!(ran.out.contains("is changed in place") && !ran.out.contains("access-widened"), "{}", ran.out);
    folder.run(&["diff", "out/aws"]).is(0).out_has("on aws");
    folder.run(&["diff", "out", "out"]).is(0).err_has("no changes");
    folder.put("out/aws/versions.tf", "# mine\n");
    folder.run(&["diff", "out"]).is(0).out_has("edited since it was written: versions.tf");
    folder.put("out/aws/versions.tf", "resource {");
    folder.run(&["diff", "out"]).is(2).err_has("the output for `aws` cannot be read: versions.tf:1");
}

#[test]
fn gates_deny_and_comments_accept_for_a_time() {
    let folder = repository("");
    widen(&folder, "isobar.yaml");
    folder.run(&["diff", "git:HEAD", "--deny", "data-loss,exposure"]).is(0);
    let denied = folder.run(&["diff", "git:HEAD", "--deny", "data-loss,access-widened"]).is(1);
    assert!(denied.out.contains("error[access-widened]") && denied.err.contains("1 denied"), "{denied:?}");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(1).out_has("(denied)");
    folder.run(&["diff", "git:HEAD", "--deny", "acces-widened"]).is(2).err_has("did you mean `access-widened`?");
    let spec = folder.get("isobar.yaml");
    let uses = "    uses: { notes: [put, delete] }";
    let with =
        |comment: &str| folder.put("isobar.yaml", spec.replacen(uses, &format!("{uses}  # isobar: {comment}"), 1));
    with("accept access-widened: rows of tests go until 2999-12-31");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(0).out_has("(accepted until 2999-12-31: rows of tests go)");
    with("accept data-loss: another class until 2999-12-31");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(1);
    with("accept access-widened: rows of tests go until 2001-01-01");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(1).out_has("it was accepted until 2001-01-01");
    for (comment, why) in [
        ("accept access-widened: rows of tests go", "says until when"),
        ("accept access-widened: until 2999-12-31", "says"),
        ("accept access-widened", "says"),
        ("accept access-widened: why until 2999-02-30", "`2999-02-30` is no day"),
        ("accept acces-widened: why until 2999-12-31", "did you mean `access-widened`?"),
    ] {
        with(comment);
        folder.run(&["diff", "git:HEAD", "--ci"]).is(1).out_has("error[invalid-accept]").out_has(why);
    }
}

#[test]
fn what_is_gone_is_accepted_by_name() {
    let folder = repository("");
    folder.edit("isobar.yaml", "{ partition: { noteId: string } }", "{ partition: { id: string } }");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(1).out_has("error[data-loss]");
    folder.edit(
        "isobar.yaml",
        "  notes:        { type: table",
        "  # isobar: accept data-loss: it is empty until 2999-12-31\n  notes:        { type: table",
    );
    folder.run(&["diff", "git:HEAD", "--ci"]).is(0);
    let folder = repository("");
    folder.edit("isobar.yaml", "  notes:        { type: table", "  texts:        { type: table");
    folder.edit("isobar.yaml", "uses: { notes: put }", "uses: { texts: put }");
    folder.edit("isobar.yaml", "uses: { notes: get }", "uses: { texts: get }");
    let deny = ["diff", "git:HEAD", "--deny", "data-loss"];
    folder.run(&deny).is(1).out_has("# isobar: accept data-loss of resources.notes: <reason>");
    folder.edit("isobar.yaml", "app: ", "# isobar: accept data-loss: it is empty until 2999-12-31\napp: ");
    folder.run(&deny).is(1);
    folder.edit("isobar.yaml", "accept data-loss:", "accept data-loss, destroyed of resources.notes:");
    folder.run(&deny).is(0).out_has("(accepted until 2999-12-31: it is empty)");
}

#[test]
fn a_comment_at_the_node_holds_for_all_of_it() {
    let folder = repository("");
    widen(&folder, "isobar.yaml");
    folder.edit("isobar.yaml", "  keep:\n", "  # isobar: accept access-widened: rows go until 2999-12-31\n  keep:\n");
    folder.run(&["diff", "git:HEAD", "--ci"]).is(0).out_has("(accepted until");
}

#[test]
fn targets_come_and_go() {
    let folder = repository("");
    let line = folder.get("isobar.yaml").lines().find(|l| l.starts_with("  kubernetes:")).unwrap().to_owned() + "\n";
    folder.edit("isobar.yaml", &line, "");
    let gone = folder.run(&["diff", "git:HEAD"]).is(0);
    assert!(
        gone.out.contains("destroyed") && gone.out.contains("on kubernetes") && !gone.out.contains("on aws"),
        "{}",
        gone.out
    );
    let come = folder.run(&["diff", "isobar.yaml", "git:HEAD"]).is(0);
    assert!(come.out.contains("+ added") && !come.out.contains("destroyed"), "{}", come.out);
    folder.run(&["compile"]).is(0);
    folder.edit("isobar.yaml", "targets:\n", &format!("targets:\n{line}"));
    folder.run(&["diff", "out"]).is(0).out_has("is new on kubernetes");
}

#[test]
fn a_spec_that_is_new_is_all_added() {
    let folder = repository("");
    folder.run(&["init", "second"]).is(0);
    let ran = folder.run(&["diff", "git:HEAD", "second"]).is(0);
    assert!(ran.out.contains("all of it is new") && ran.out.contains("+ added"), "{}", ran.out);
}

#[test]
fn where_two_branches_parted_is_a_state() {
    let folder = repository("");
    let git = |args: &[&str]| {
        let mut git = Command::new("git");
        let git = git.args(["-c", "user.name=a", "-c", "user.email=a@b.example"]).args(args);
        assert!(git.current_dir(folder.path("")).status().unwrap().success(), "{args:?}");
    };
    git(&["checkout", "-q", "-b", "branch"]);
    git(&["checkout", "-q", "main"]);
    widen(&folder, "isobar.yaml");
    git(&["commit", "-q", "-a", "-m", "on main"]);
    git(&["checkout", "-q", "branch"]);
    folder.run(&["diff", "git:main"]).is(0).out_has("access-narrowed");
    folder.run(&["diff", "git:main..."]).is(0).err_has("no changes");
    folder.run(&["diff", "git:main...branch:isobar.yaml"]).is(0).err_has("no changes");
}

#[test]
fn an_output_of_another_environment_is_refused() {
    let folder = Folder::with_app();
    folder.edit("isobar.yaml", "defaults:", "environments: { prod: { protected: true } }\ndefaults:");
    folder.run(&["compile"]).is(0);
    folder.run(&["diff", "out", "--env", "prod"]).is(2).err_has("is of the environment `default`");
}

#[test]
fn every_format_is_one_document() {
    let folder = repository("");
    let schema: Value = serde_json::from_str(&folder.run(&["schema", "diff"]).is(0).out).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for edited in [false, true] {
        if edited {
            widen(&folder, "isobar.yaml");
        }
        let code = i32::from(edited);
        let json = folder.run(&["diff", "git:HEAD", "--ci", "--format", "json"]).is(code);
        let document: Value = serde_json::from_str(&json.out).unwrap();
        assert!(validator.is_valid(&document), "{:?}", validator.iter_errors(&document).map(|e| e.to_string()).next());
        assert_eq!(document["changes"].as_array().unwrap().is_empty(), !edited);
        let markdown = folder.run(&["diff", "git:HEAD", "--ci", "--format", "markdown"]).is(code);
        assert!(markdown.out.starts_with("<!-- isobar:diff -->\n### Isobar: "), "{}", markdown.out);
        let sarif = folder.run(&["diff", "git:HEAD", "--ci", "--format", "sarif"]).is(code);
        let sarif: Value = serde_json::from_str(&sarif.out).unwrap();
        assert_eq!(sarif["runs"][0]["results"].as_array().unwrap().len(), usize::from(edited));
        let github = folder.run(&["diff", "git:HEAD", "--ci", "--format", "github"]).is(code);
        assert_eq!(github.out.starts_with("::error "), edited, "{}", github.out);
        folder.run(&["diff", "git:HEAD", "--ci", "--format", "junit"]).is(code).out_has("<testsuites");
    }
    let concise = folder.run(&["diff", "git:HEAD", "--ci", "--format", "concise"]).is(1);
    assert!(concise.out.contains("isobar.yaml:36: access-widened: `functions.keep` may now"), "{}", concise.out);
    assert!(concise.out.contains("(denied)"), "{}", concise.out);
    folder.put("isobar.yaml", "isobar: 2\n");
    folder.run(&["diff", "git:HEAD", "--format", "markdown"]).is(1).out_has("<!-- isobar:diff -->");
}

#[test]
fn classes_are_explained() {
    let folder = Folder::empty();
    folder.run(&["explain", "access-widened"]).is(0).out_has("# isobar: accept access-widened:");
    folder.run(&["explain", "data-los"]).is(2).err_has("did you mean `data-loss`?");
    folder.run(&["diff", "--help"]).is(0).out_has("* data-loss ");
}
