//! A target of a user's own: a folder with a manifest, a catalogue of permissions and a handful of templates, which the
//! program as it is compiles and proves an example for; and what it says of a folder with defects.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod defects;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A temporary folder with an example and a copy of the target.
pub(crate) struct Folder(tempfile::TempDir);

/// What the program did.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

impl Folder {
    pub(crate) fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        copy(&root().join("examples/orders-minimal"), &folder.path("app"));
        copy(&root().join("tests/own_target/compose"), &folder.path("compose"));
        folder
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
    }

    /// Replaces a text in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.get(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        fs::write(self.path(path), text.replacen(from, to, 1)).unwrap();
    }

    /// Compiles the example for the target.
    pub(crate) fn compile(&self) -> Ran {
        self.compile_showing("concise")
    }

    pub(crate) fn compile_showing(&self, format: &str) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isobar"));
        command.args([
            "compile",
            "app",
            "--target",
            "./compose",
            "--out",
            "out",
            "--format",
            format,
            "--fail-on",
            "warning",
        ]);
        let output = command.current_dir(self.0.path()).output().unwrap();
        let text = String::from_utf8(output.stderr).unwrap();
        Ran { code: output.status.code().unwrap(), text }
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from).into_iter().map(Result::unwrap).filter(|e| e.file_type().is_file()) {
        let path = to.join(entry.path().strip_prefix(from).unwrap());
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::copy(entry.path(), path).unwrap();
    }
}

#[test]
fn an_example_compiles_for_it_and_is_proven() {
    let folder = Folder::new();
    let ran = folder.compile();
    assert!(!ran.text.contains("unproven"), "{}", ran.text);
    assert!(ran.text.contains("created"), "{}", ran.text);

    let index: serde_yaml::Value = serde_yaml::from_str(&folder.get("out/compose/compose.yaml")).unwrap();
    assert_eq!(index["name"].as_str(), Some("orders-minimal"));
    let parts = index["include"].as_sequence().unwrap();
    assert_eq!(parts.len(), 14, "six functions and eight resources");
    for part in parts {
        let file = folder.get(&format!("out/compose/{}", part.as_str().unwrap()));
        let part: serde_yaml::Value = serde_yaml::from_str(&file).unwrap();
        assert_eq!(part["services"].as_mapping().unwrap().len(), 1, "{file}");
    }
    let process: serde_yaml::Value = serde_yaml::from_str(&folder.get("out/compose/services/process.yaml")).unwrap();
    let process = &process["services"]["orders-minimal-process"];
    let networks: Vec<&str> = process["networks"].as_sequence().unwrap().iter().filter_map(|n| n.as_str()).collect();
    assert_eq!(networks, ["orders-minimal-bus", "orders-minimal-orders", "orders-minimal-work"]);
    assert_eq!(process["environment"]["ISOBAR_ORDERS_HOST"].as_str(), Some("orders-minimal-orders"));
    assert!(folder.path("out/compose/code/functions/work.py").is_file(), "the code is beside it");
}

#[test]
fn what_its_templates_grant_beside_the_graph_is_refused() {
    let folder = Folder::new();
    folder.edit(
        "compose/templates/function.yaml.hbs",
        "    networks:\n",
        "    networks:\n      - orders-minimal-uploads\n",
    );
    let ran = folder.compile();
    assert_eq!(ran.code, 1);
    assert!(
        ran.text.contains("error[unproven]: the output of `compose` does not grant what the graph demands"),
        "{}",
        ran.text
    );
    assert!(ran.text.contains("`join` on `orders-minimal-uploads` by network, which no edge needs"), "{}", ran.text);
    assert!(!folder.path("out").exists(), "nothing that is not proven is written");
}

#[test]
fn without_readback_it_says_that_nothing_is_proven() {
    let folder = Folder::new();
    let manifest = folder.get("compose/target.yaml");
    let (head, _) = manifest.split_once("\nreadback:").unwrap();
    fs::write(folder.path("compose/target.yaml"), head).unwrap();
    let ran = folder.compile();
    assert!(
        ran.text.contains("warning[unproven]: the permissions in the output of `compose` are not proven"),
        "{}",
        ran.text
    );
}

#[test]
fn a_verb_that_its_catalogue_lacks_is_refused() {
    let folder = Folder::new();
    folder.edit("compose/permissions.yaml", "[get, put, update, scan]", "[get, put, update]");
    let ran = folder.compile();
    assert_eq!(ran.code, 1);
    assert!(ran.text.contains("`scan` on a table cannot be granted on compose"), "{}", ran.text);
}
