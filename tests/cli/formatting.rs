//! `isobar fmt`.

use std::path::Path;

use super::program::Folder;

#[test]
fn formats_the_spec_and_what_it_includes() {
    let folder = Folder::with_app();
    let tidy = folder.get("isobar.yaml");
    folder.put("isobar.yaml", format!("include: [more/*.yaml]\n{tidy}\n\n").replace("\n    code", "   \n    code"));
    folder.put("more/x.yaml", "resources:\n     extra: # why\n            type: bucket\n");
    folder
        .run(&["fmt", "--check"])
        .is(1)
        .err_has("isobar.yaml is not formatted")
        .err_has("more/x.yaml is not formatted");
    assert!(folder.get("more/x.yaml").contains("     extra"));
    folder.run(&["fmt"]).is(0).err_has("formatted isobar.yaml").err_has("formatted more/x.yaml");
    assert_eq!(folder.get("isobar.yaml"), format!("include: [more/*.yaml]\n{tidy}"));
    assert_eq!(folder.get("more/x.yaml"), "resources:\n  extra: # why\n    type: bucket\n");
    let ran = folder.run(&["fmt", "--check"]).is(0);
    assert_eq!((ran.out.as_str(), ran.err.as_str()), ("", ""));
}

#[test]
fn a_spec_that_cannot_be_read_stays() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", "a:   [1\n");
    folder.run(&["fmt"]).is(1).err_has("error[");
    assert_eq!(folder.get("isobar.yaml"), "a:   [1\n");
    folder.put("isobar.yaml", b"\xff\xff");
    folder.run(&["fmt"]).is(1).err_has("UTF-8");
}

#[test]
fn blanks_that_are_text_do_not_keep_the_rest_from_being_formatted() {
    let folder = Folder::empty();
    folder.put(
        "isobar.yaml",
        "isobar: 1\napp: x\ndescription: |\n   keep\n    \n   more\nvars: {a: 1}\nlint:\n    a: note\n",
    );
    folder.run(&["fmt", "--check"]).is(1);
    folder.run(&["fmt"]).is(0).err_has("formatted isobar.yaml");
    assert_eq!(
        folder.get("isobar.yaml"),
        "isobar: 1\napp: x\n\ndescription: |\n   keep\n    \n   more\n\nvars: {a: 1}\n\nlint:\n  a: note\n"
    );
    folder.run(&["fmt", "--check"]).is(0);
}

#[test]
fn a_spec_with_errors_of_meaning_is_formatted() {
    let folder = Folder::empty();
    folder.put("isobar.yaml", "resources:\n    a: { type: quoue }\n");
    folder.run(&["fmt"]).is(0);
    assert_eq!(folder.get("isobar.yaml"), "resources:\n  a: { type: quoue }\n");
}

#[test]
fn the_examples_are_formatted() {
    let folder = Folder::empty();
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in std::fs::read_dir(examples).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir())
    {
        folder.run(&["fmt", "--check", &example.display().to_string()]).is(0);
    }
}
