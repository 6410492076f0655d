//! The first steps: `isobar init`, and what comes out of it.

use super::program::Folder;

#[test]
fn init_makes_an_application_without_findings() {
    let folder = Folder::empty();
    folder.run(&["init", "my-app"]).is(0).out_has("wrote my-app/isobar.yaml").out_has("cd my-app && isobar lint");
    assert!(folder.get("my-app/isobar.yaml").contains("\napp: my-app\n"));
    folder.run(&["lint", "my-app", "--fail-on", "warning"]).is(0).err_has("notes");
    folder.run(&["fmt", "my-app", "--check"]).is(0);
}

#[test]
fn init_writes_over_nothing() {
    let folder = Folder::empty();
    folder.put("functions/app.py", "mine");
    folder.run(&["init"]).is(2).err_has("`./functions/app.py` exists already");
    assert_eq!(folder.tree(".").len(), 1);
    assert_eq!(folder.get("functions/app.py"), "mine");
}

#[test]
fn init_where_a_folder_cannot_be() {
    let folder = Folder::empty();
    folder.put("file", "");
    folder.run(&["init", "file"]).is(2).err_has("file");
    folder.run(&["init", "/proc/isobar"]).is(2).err_has("/proc/isobar");
}

#[test]
fn init_compiles_for_every_built_in_target() {
    let folder = Folder::with_app();
    let targets = folder.run(&["targets"]).is(0).out;
    let ids: Vec<&str> = targets.lines().skip(1).filter_map(|l| l.split_whitespace().next()).collect();
    assert!(ids.len() >= 2, "{ids:?}");
    folder.run(&["compile"]).is(0).err_has("created");
    for id in ids {
        assert!(folder.get("isobar.yaml").contains(&format!("\n  {id}: {{")), "{id}");
        assert!(folder.path(&format!("out/{id}/isobar.lock.json")).exists(), "{id}");
    }
}

#[test]
fn an_empty_folder_leads_to_init() {
    for command in ["validate", "lint", "compile", "graph", "fmt"] {
        let folder = Folder::empty();
        folder.run(&[command]).is(2).err_has("there is no `isobar.yaml`; `isobar init` writes a first one");
        folder.run(&[command, "."]).is(2).err_has("there is no `isobar.yaml` in the folder");
        folder.run(&[command, "other.yaml"]).is(2).err_has("there is no `other.yaml`");
    }
}

#[test]
fn a_folder_as_spec() {
    let folder = Folder::empty();
    folder.run(&["init", "deep/app"]).is(0);
    for spec in ["deep/app", "deep/app/", "deep/app/isobar.yaml", "./deep/../deep/app"] {
        folder.run(&["validate", spec]).is(0);
    }
    folder.edit("deep/app/isobar.yaml", "type: queue", "type: quoue");
    folder.run(&["validate", "deep/app", "--format", "concise"]).is(1).out_has("deep/app/isobar.yaml:16:");
}
