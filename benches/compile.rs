//! Each stage and the whole, at 10, 300 and 10,000 functions with a queue, a dead letter and a table each.
//! `cargo bench`, or `cargo bench -- whole`.
#![allow(clippy::expect_used, clippy::panic)]

mod generate;

use std::sync::Arc;

use divan::Bencher;
use isobar::analysis::{Access, Facts, Judged};
use isobar::artifact::{File, Inventory};
use isobar::base::{MemoryFiles, RelPath, Sources};
use isobar::catalog::{Target, builtin};
use isobar::diff::{self, Spec};
use isobar::emit::Artifact;
use isobar::graph::Graph;
use isobar::pipeline::{self, Application, Request, State};
use isobar::plan;

/// That of the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const SIZES: [usize; 3] = [10, 300, 10_000];

fn main() {
    divan::main();
}

fn root() -> RelPath {
    RelPath::resolve("", "isobar.yaml").expect("a plain name")
}

fn read(functions: usize) -> (Application, Sources) {
    read_files(&generate::files(functions))
}

fn read_files(files: &MemoryFiles) -> (Application, Sources) {
    let mut sources = Sources::default();
    let (application, findings) = pipeline::read(files, &root(), &Request::default(), &mut sources);
    (application.unwrap_or_else(|| panic!("{:?}", findings.iter().next())), sources)
}

fn target(id: &str, sources: &mut Sources) -> Target {
    Target::load(builtin(id).expect("built in"), id, sources).0.expect("a target without defects")
}

#[divan::bench(args = SIZES)]
fn parse_yaml(bencher: Bencher, functions: usize) {
    let text = generate::spec(functions);
    let mut sources = Sources::default();
    let file = sources.add("isobar.yaml", text.as_str());
    bencher.bench(|| isobar::yaml::parse(file, &text, &isobar::yaml::Caps::default()));
}

#[divan::bench(args = SIZES)]
fn read_spec(bencher: Bencher, functions: usize) {
    let files = generate::files(functions);
    bencher.bench(|| {
        let mut sources = Sources::default();
        pipeline::read(&files, &root(), &Request::default(), &mut sources)
    });
}

#[divan::bench(args = SIZES)]
fn build_graph(bencher: Bencher, functions: usize) {
    let (application, _) = read(functions);
    bencher.bench(|| Graph::build(application.graph.shared_model()));
}

#[divan::bench(args = SIZES)]
fn derive_access(bencher: Bencher, functions: usize) {
    let (application, _) = read(functions);
    bencher.bench(|| Access::derive(&application.graph));
}

/// All facts of one graph in which everything leads to everything.
#[divan::bench(args = SIZES)]
fn analyse(bencher: Bencher, functions: usize) {
    let mut files = MemoryFiles::default();
    files.insert("isobar.yaml", generate::connected(functions));
    let (application, mut sources) = read_files(&files);
    let manifest = target("aws", &mut sources).manifest;
    bencher.bench(|| {
        let (graph, access) = (Arc::clone(&application.graph), Arc::clone(&application.access));
        Facts::new(graph, access, vec![Judged::of(&manifest)])
    });
}

#[divan::bench(args = SIZES)]
fn run_rules(bencher: Bencher, functions: usize) {
    let (application, mut sources) = read(functions);
    let targets = [target("aws", &mut sources)];
    bencher.bench(|| pipeline::judge(&application, &targets, &sources));
}

#[divan::bench(args = SIZES)]
fn plan_terraform(bencher: Bencher, functions: usize) {
    let (application, mut sources) = read(functions);
    let target = target("aws", &mut sources);
    let packages = plan::Packages::new();
    let (graph, access) = (&*application.graph, &*application.access);
    bencher
        .bench(|| plan::build(plan::Input { graph, access, target: &target, sources: &sources, packages: &packages }));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn compile_terraform(bencher: Bencher, functions: usize) {
    let (application, mut sources) = read(functions);
    let target = target("aws", &mut sources);
    let files = generate::files(functions);
    bencher.bench(|| pipeline::compile(&application, &target, &files, &sources));
}

#[divan::bench(args = SIZES, sample_count = 10)]
fn compile_manifests(bencher: Bencher, functions: usize) {
    let (application, mut sources) = read(functions);
    let target = target("kubernetes", &mut sources);
    let files = generate::files(functions);
    bencher.bench(|| pipeline::compile(&application, &target, &files, &sources));
}

/// From the text of the spec to the bytes of all files, proof included; what a command adds is writing them.
#[divan::bench(args = SIZES, sample_count = 10)]
fn whole(bencher: Bencher, functions: usize) {
    let files = generate::files(functions);
    bencher.bench(|| {
        let mut sources = Sources::default();
        let (application, _) = pipeline::read(&files, &root(), &Request::default(), &mut sources);
        let target = target("aws", &mut sources);
        application.map(|a| pipeline::compile(&a, &target, &files, &sources))
    });
}

/// Both states from their text to the changes; one function of the second may do more.
#[divan::bench(args = SIZES, sample_count = 10)]
fn compare(bencher: Bencher, functions: usize) {
    let text = generate::spec(functions);
    let wider = text.replacen("[get, put]", "[get, put, delete]", 1);
    assert_ne!(text, wider, "nothing was changed");
    let mut after = generate::files(functions);
    after.insert("isobar.yaml", wider);
    let files = [generate::files(functions), after];
    bencher.bench(|| {
        let targets = [target("aws", &mut Sources::default())];
        let [before, after] = files.each_ref().map(|files| (read_files(files), files));
        let facts = [&before, &after].map(|((application, _), _)| pipeline::facts(application, &targets).0);
        let [was, is] = &facts;
        let spec = |facts, sources| Spec { facts, sources, base: "" };
        let mut changes = diff::specs(spec(was, &before.0.1), spec(is, &after.0.1));
        let states = [state(&before), state(&after)].map(Some);
        for target in &targets {
            let outputs = pipeline::outlines(states, target).map(|(artifacts, _)| artifacts.unwrap_or_default());
            let texts = outputs.each_ref().map(|artifacts| texts(artifacts));
            let [old, new] = texts.each_ref().map(|files| Inventory::read(files, &target.manifest));
            let of = (target.manifest.id.as_str(), &target.manifest.lifecycle);
            changes.extend(diff::deployment::changes(&old, &new, of, &|_, _| None));
        }
        assert!(!changes.is_empty());
        changes
    });
}

fn state<'a>((read, files): &'a ((Application, Sources), &MemoryFiles)) -> State<'a> {
    let (application, sources) = read;
    State { application, files: *files, sources }
}

fn texts(artifacts: &[Artifact]) -> Vec<File<'_>> {
    let text = |artifact| {
        let Artifact { path, bytes, .. }: &Artifact = artifact;
        Some(File { path, text: std::str::from_utf8(bytes).ok()? })
    };
    artifacts.iter().filter_map(text).collect()
}
