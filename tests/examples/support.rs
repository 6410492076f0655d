//! Where the examples are, and the pipeline over them.

use std::fs;
use std::path::{Path, PathBuf};

use isobar::base::{Files, MemoryFiles, RelPath, Sources};
use isobar::catalog::{Target, builtin};
use isobar::diag::Findings;
use isobar::emit::Artifact;
use isobar::pipeline::{self, Application, Request};
use serde::Deserialize as _;

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Names of the examples, sorted.
pub(crate) fn examples() -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root().join("examples"))
        .expect("readable")
        .map(|entry| entry.expect("readable").file_name().into_string().expect("UTF-8"))
        .collect();
    names.sort();
    assert!(names.len() >= 3, "examples are missing: {names:?}");
    names
}

/// Paths of all files below a folder, sorted; none where it does not exist.
pub(crate) fn files_below(folder: &Path) -> Vec<String> {
    let mut out = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(at) = open.pop() {
        for entry in fs::read_dir(&at).into_iter().flatten().map(|e| e.expect("readable")) {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                out.push(path.strip_prefix(folder).expect("below").to_str().expect("UTF-8").to_owned());
            }
        }
    }
    out.retain(|path| !path.contains("__pycache__"));
    out.sort();
    out
}

/// The files of a folder.
pub(crate) fn memory(folder: &Path) -> MemoryFiles {
    let mut files = MemoryFiles::default();
    for path in files_below(folder) {
        files.insert(&path, fs::read(folder.join(&path)).expect("readable"));
    }
    files
}

/// Reads an application without errors.
pub(crate) fn read(files: &MemoryFiles, sources: &mut Sources) -> (Option<Application>, Findings) {
    let spec = RelPath::resolve("", "isobar.yaml").expect("a plain name");
    pipeline::read(files, &spec, &Request::default(), sources)
}

/// A built-in target.
pub(crate) fn target(id: &str, sources: &mut Sources) -> Target {
    let (target, findings) = Target::load(builtin(id).expect("built in"), id, sources);
    assert!(findings.is_empty(), "{id}: {:?}", findings.iter().next());
    target.expect("no findings")
}

/// Compiles files for a built-in target.
pub(crate) fn compile_files(files: &MemoryFiles, id: &str, sources: &mut Sources) -> (Option<Vec<Artifact>>, Findings) {
    let (application, mut findings) = read(files, sources);
    let Some(application) = application else {
        return (None, findings);
    };
    let target = target(id, sources);
    let (compiled, more) = pipeline::compile(&application, &target, files, sources);
    findings.append(more);
    (compiled.map(|c| c.artifacts), findings.sorted())
}

/// Compiles a folder for a built-in target.
pub(crate) fn compile(folder: &Path, id: &str, sources: &mut Sources) -> (Option<Vec<Artifact>>, Findings) {
    compile_files(&memory(folder), id, sources)
}

/// All documents in the YAML of an output.
pub(crate) fn documents(artifacts: &[Artifact]) -> Vec<serde_yaml::Value> {
    let is_yaml = |artifact: &&Artifact| Path::new(&*artifact.path).extension().is_some_and(|ending| ending == "yaml");
    let all = artifacts.iter().filter(is_yaml).flat_map(|a| serde_yaml::Deserializer::from_slice(&a.bytes));
    all.map(|one| serde_yaml::Value::deserialize(one).expect("YAML")).filter(|one| !one.is_null()).collect()
}

/// The targets that an example names.
pub(crate) fn targets_of(example: &str) -> Vec<String> {
    let mut sources = Sources::default();
    let (application, findings) = read(&memory(&root().join("examples").join(example)), &mut sources);
    let application = application.unwrap_or_else(|| panic!("{example}: {:?}", findings.iter().next()));
    application.model().targets.keys().cloned().collect()
}

/// The same specs with all mappings of nodes in the opposite order.
pub(crate) fn reversed(files: &MemoryFiles) -> MemoryFiles {
    let all = files.list(&RelPath::resolve("", "").expect("the root"), usize::MAX).expect("readable");
    let mut out = MemoryFiles::default();
    for path in all {
        let bytes = files.read(&path, u64::MAX).expect("there");
        let is_spec = Path::new(path.as_str()).extension().is_some_and(|ending| ending == "yaml");
        out.insert(path.as_str(), if is_spec { turned(&bytes) } else { bytes });
    }
    out
}

fn turned(bytes: &[u8]) -> Vec<u8> {
    let mut tree: serde_yaml::Mapping = serde_yaml::from_slice(bytes).expect("a mapping");
    for section in ["events", "resources", "functions", "workflows"] {
        if let Some(serde_yaml::Value::Mapping(nodes)) = tree.get_mut(section) {
            let mut all: Vec<_> = nodes.iter().map(|(k, v)| (k.clone(), v.clone())).collect();
            all.reverse();
            *nodes = all.into_iter().collect();
        }
    }
    let tree: serde_yaml::Mapping = tree.into_iter().collect::<Vec<_>>().into_iter().rev().collect();
    serde_yaml::to_string(&tree).expect("writable").into_bytes()
}

/// A text without the numbers of lines of specs.
pub(crate) fn without_places(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut parts = text.split(".yaml:");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push_str(".yaml");
        out.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    out
}
