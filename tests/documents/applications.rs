//! The applications that documents are compared with: the examples, and one that says everything.

use std::fs;
use std::path::{Path, PathBuf};

use isobar::base::{MemoryFiles, RelPath, Sources};
use isobar::catalog::{Target, TargetFiles, builtin};
use isobar::emit;
use isobar::pipeline::{self, Application, Request};
use isobar::plan::{self, Plan};

/// The folder of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// An application with its files.
pub(crate) struct Read {
    pub(crate) files: MemoryFiles,
    pub(crate) sources: Sources,
    pub(crate) application: Application,
}

/// Reads the application in a folder of the repository, for an environment.
pub(crate) fn read(folder: &str, environment: Option<&str>) -> Read {
    let mut files = MemoryFiles::default();
    insert(&root().join(folder), "", &mut files);
    let mut sources = Sources::default();
    let spec = RelPath::resolve("", "isobar.yaml").unwrap();
    let request = Request { environment: environment.map(str::to_owned), ..Request::default() };
    let (application, findings) = pipeline::read(&files, &spec, &request, &mut sources);
    let messages: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.id, f.message)).collect();
    let application = application.unwrap_or_else(|| panic!("{folder}: {messages:#?}"));
    Read { files, sources, application }
}

fn insert(folder: &Path, below: &str, files: &mut MemoryFiles) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = format!("{below}{}", path.file_name().unwrap().to_string_lossy());
        if path.is_dir() {
            insert(&path, &format!("{name}/"), files);
        } else {
            files.insert(&name, fs::read(&path).unwrap());
        }
    }
}

/// The names of the examples, sorted.
pub(crate) fn examples() -> Vec<String> {
    let entries = fs::read_dir(root().join("examples")).unwrap();
    let mut names: Vec<String> = entries.map(|e| e.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    assert!(names.len() >= 3, "examples are missing: {names:?}");
    names
}

/// A target from its files.
pub(crate) fn load(files: TargetFiles, id: &str, sources: &mut Sources) -> Target {
    let (target, findings) = Target::load(files, id, sources);
    let messages: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
    target.unwrap_or_else(|| panic!("{id}: {messages:#?}"))
}

/// A built-in target.
pub(crate) fn target(id: &str) -> Target {
    load(builtin(id).unwrap(), id, &mut Sources::default())
}

/// Plans without errors: the views as templates get them. A compile keeps none of them.
pub(crate) fn plan(read: &Read, target: &Target) -> Plan {
    let Application { graph, access, .. } = &read.application;
    let (wanted, mut findings) = plan::wanted(read.application.model(), target);
    let (packages, _, more) = emit::pack(&wanted, target, &read.files);
    findings.append(more);
    let input = plan::Input { graph, access, target, sources: &read.sources, packages: &packages };
    let (plan, more) = plan::build(input);
    findings.append(more);
    let messages: Vec<String> = findings.iter().map(|f| format!("{}: {}", f.id, f.message)).collect();
    plan.unwrap_or_else(|| panic!("{}: {messages:#?}", target.manifest.id))
}
