//! The examples with edits, compiled.

use std::fs;
use std::path::{Path, PathBuf};

use isobar::artifact::{File, Inventory};
use isobar::base::{MemoryFiles, RelPath, Sources};
use isobar::catalog::{Lifecycle, Target, builtin};
use isobar::diff::{Change, deployment};
use isobar::emit::Artifact;
use isobar::pipeline::{self, Request};

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The files of an example.
pub(crate) fn example(name: &str) -> MemoryFiles {
    fn collect(folder: &Path, at: &Path, files: &mut MemoryFiles) {
        for entry in fs::read_dir(at).expect("readable") {
            let path = entry.expect("readable").path();
            if path.is_dir() && !path.ends_with("__pycache__") {
                collect(folder, &path, files);
            } else if path.is_file() {
                let below = path.strip_prefix(folder).expect("below").to_str().expect("UTF-8");
                files.insert(below, fs::read(&path).expect("readable"));
            }
        }
    }
    let folder = root().join("examples").join(name);
    let mut files = MemoryFiles::default();
    collect(&folder, &folder, &mut files);
    files
}

/// Replaces texts of files; each has to be there.
pub(crate) fn edited(files: &MemoryFiles, edits: &[(&str, &str, &str)]) -> MemoryFiles {
    use isobar::base::Files as _;
    let mut out = files.clone();
    for (path, find, replace) in edits {
        let at = RelPath::resolve("", path).expect("a path");
        let text = String::from_utf8(out.read(&at, u64::MAX).expect("there")).expect("UTF-8");
        assert!(text.contains(find), "`{find}` is not in {path}");
        out.insert(path, text.replacen(find, replace, 1));
    }
    out
}

/// A built-in target.
pub(crate) fn target(id: &str) -> Target {
    let (target, findings) = Target::load(builtin(id).expect("built in"), id, &mut Sources::default());
    target.unwrap_or_else(|| panic!("{id}: {:?}", findings.iter().next()))
}

/// Compiles files for a target.
pub(crate) fn compile(files: &MemoryFiles, target: &Target) -> Vec<Artifact> {
    compile_as(files, target, &Request::default())
}

/// Compiles files for a target as somebody asks to.
pub(crate) fn compile_as(files: &MemoryFiles, target: &Target, request: &Request) -> Vec<Artifact> {
    let mut sources = Sources::default();
    let spec = RelPath::resolve("", "isobar.yaml").expect("a plain name");
    let (application, findings) = pipeline::read(files, &spec, request, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{:?}", findings.iter().next()));
    let (compiled, findings) = pipeline::compile(&application, target, files, &sources);
    compiled.unwrap_or_else(|| panic!("{:?}", findings.iter().map(|f| &f.message).collect::<Vec<_>>())).artifacts
}

/// The text files of an output.
pub(crate) fn texts(artifacts: &[Artifact]) -> Vec<File<'_>> {
    let text = |artifact| {
        let Artifact { path, bytes, .. }: &Artifact = artifact;
        Some(File { path, text: std::str::from_utf8(bytes).ok()? })
    };
    artifacts.iter().filter(|artifact| !artifact.path.starts_with("code/")).filter_map(text).collect()
}

/// What changes from one output to the other.
pub(crate) fn changes(old: &[Artifact], new: &[Artifact], target: &Target, lifecycle: &Lifecycle) -> Vec<Change> {
    let read = |artifacts: &[Artifact]| {
        let files = texts(artifacts);
        let defects = Inventory::read(&files, &target.manifest).defects.len();
        assert_eq!(defects, 0, "{:?}", Inventory::read(&files, &target.manifest).defects);
    };
    read(old);
    read(new);
    let (old, new) = (texts(old), texts(new));
    let (old, new) = (Inventory::read(&old, &target.manifest), Inventory::read(&new, &target.manifest));
    deployment::changes(&old, &new, (&target.manifest.id, lifecycle), &|_, _| None)
}
