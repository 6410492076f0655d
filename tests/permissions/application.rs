//! The applications that are judged, read and compiled.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use isobar::base::{MemoryFiles, Sources};
use isobar::catalog::Target;
use isobar::pipeline::{self, Application};
use isobar::plan::Plan;
use rayon::prelude::*;

use crate::generate::generated;
use crate::support::{self, examples, memory, read, root};

/// How many applications are generated, unless `ISOBAR_CASES` says otherwise. All that it can say is covered by fewer.
const CASES: usize = 40;

/// Built-in targets, with the sources that their places are in.
static TARGETS: LazyLock<(Sources, BTreeMap<&str, Target>)> = LazyLock::new(|| {
    let mut sources = Sources::default();
    let targets = ["aws", "kubernetes"].map(|id| (id, support::target(id, &mut sources)));
    (sources, targets.into())
});

/// A built-in target.
pub(crate) fn target(id: &str) -> &'static Target {
    &TARGETS.1[id]
}

/// An application before it is compiled.
pub(crate) struct Subject {
    /// Its name among the others.
    pub(crate) name: String,
    pub(crate) files: MemoryFiles,
    /// Those that it compiles for.
    pub(crate) targets: Vec<String>,
    /// Whether it is one of the examples, which are judged without leaving anything out.
    pub(crate) is_example: bool,
}

/// What came out of one.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub(crate) name: String,
    pub(crate) is_example: bool,
    pub(crate) application: Application,
    pub(crate) plan: Plan,
    /// Artifacts that are text, by path.
    pub(crate) texts: BTreeMap<String, String>,
}

fn count() -> usize {
    std::env::var("ISOBAR_CASES").map_or(CASES, |text| text.parse().expect("ISOBAR_CASES is a number"))
}

/// Every example, and the generated applications.
fn subjects() -> Vec<Subject> {
    let examples = examples().into_iter().map(|name| Subject {
        files: memory(&root().join("examples").join(&name)),
        targets: support::targets_of(&name),
        name,
        is_example: true,
    });
    examples.chain((0..count()).map(generated)).collect()
}

/// Reads one and compiles it for a target.
pub(crate) fn compile(subject: &Subject, id: &str) -> Compiled {
    let mut sources = TARGETS.0.clone();
    let (application, findings) = read(&subject.files, &mut sources);
    let messages = |findings: &isobar::diag::Findings| findings.iter().map(|f| f.message.clone()).collect::<Vec<_>>();
    let application = application.unwrap_or_else(|| panic!("{}: {:#?}", subject.name, messages(&findings)));
    let (compiled, findings) = pipeline::compile(&application, target(id), &subject.files, &sources);
    let compiled = compiled.unwrap_or_else(|| panic!("{} on {id}: {:#?}", subject.name, messages(&findings)));
    Compiled::new(subject.name.clone(), subject.is_example, application, compiled)
}

impl Compiled {
    pub(crate) fn new(name: String, is_example: bool, application: Application, compiled: pipeline::Compiled) -> Self {
        let text = |a: isobar::emit::Artifact| Some((a.path, String::from_utf8(a.bytes).ok()?));
        let texts = compiled.artifacts.into_iter().filter_map(text).collect();
        Self { name, is_example, application, plan: compiled.plan, texts }
    }
}

/// All that compile for a target.
pub(crate) fn compiled(id: &str) -> &'static [Compiled] {
    static AWS: LazyLock<Vec<Compiled>> = LazyLock::new(|| all("aws"));
    static KUBERNETES: LazyLock<Vec<Compiled>> = LazyLock::new(|| all("kubernetes"));
    if id == "aws" { &AWS } else { &KUBERNETES }
}

fn all(id: &str) -> Vec<Compiled> {
    let subjects: Vec<Subject> = subjects().into_iter().filter(|s| s.targets.iter().any(|t| t == id)).collect();
    subjects.par_iter().map(|subject| compile(subject, id)).collect()
}
