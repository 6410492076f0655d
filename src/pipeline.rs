//! The stages in their order, for commands and tests: text → application → findings, and application × target →
//! proven artifacts. Pure but for the [`Files`] it is given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::analysis::{Access, Facts, Judged, speaks_natively};
use crate::base::{ByteSize, Files, ReadError, RelPath, Sources, Span, nearest_path};
use crate::catalog::{Limit, Target, TargetFiles, builtin_ids};
use crate::diag::{Finding, Findings, Severity};
use crate::emit::{self, Artifact, Engine};
use crate::graph::Graph;
use crate::model::{self, Code, Function, Id, Model, TargetOptions};
use crate::overriding;
use crate::plan::{self, Plan, Source, Wanted};
use crate::proof;
use crate::rules;
use crate::spec::{self, assemble};

/// What to read and for which environment.
pub use crate::spec::assemble::Request;

/// An application that was read without errors.
#[derive(Debug, Clone)]
pub struct Application {
    /// Nodes and edges; holds the model.
    pub graph: Arc<Graph>,
    /// Who may do what on what.
    pub access: Arc<Access>,
    /// How much code functions have, once [`weighed`] says so.
    pub code: Arc<BTreeMap<Id<Function>, ByteSize>>,
}

impl Application {
    /// The model.
    pub fn model(&self) -> &Model {
        self.graph.model()
    }
}

/// What a faulty spec says to targets nevertheless.
#[derive(Debug, Clone)]
pub struct Outline {
    model: Model,
    /// Values that could not be filled in: what else is wrong with them is the same defect.
    unfilled: BTreeSet<Span>,
}

impl Outline {
    /// `targets:`, by name.
    pub fn targets(&self) -> &BTreeMap<String, TargetOptions> {
        &self.model.targets
    }

    /// What is wrong with the options of a target.
    pub fn check(&self, target: &Target) -> Findings {
        let mut findings = plan::check_options(&self.model, target);
        findings.retain(|finding| !self.unfilled.contains(&finding.primary.span));
        findings
    }
}

/// Reads a spec. Findings of all stages come together; there is no application where one is an error.
pub fn read(
    files: &dyn Files,
    root: &RelPath,
    request: &Request,
    sources: &mut Sources,
) -> (Option<Application>, Findings) {
    let (read, findings) = read_outlined(files, root, request, sources);
    (read.ok(), findings)
}

/// The same, with what a faulty spec says to targets, unless that is incomplete.
pub fn read_outlined(
    files: &dyn Files,
    root: &RelPath,
    request: &Request,
    sources: &mut Sources,
) -> (Result<Application, Option<Box<Outline>>>, Findings) {
    let (assembled, mut findings) = assemble::assemble(files, root, request, sources);
    let Some(assembled) = assembled else {
        return (Err(None), findings);
    };
    // An environment that is not there may have been meant to say it.
    let is_complete = assembled.complete && findings.iter().all(|finding| finding.id != "unknown-environment");
    let (spec, mut more) = spec::parse(&assembled.tree, &assembled.removed);
    more.retain(|finding| !assembled.unfilled.contains(&finding.primary.span));
    findings.append(more);
    assembled.elsewhere.iter().for_each(|other| findings.append(spec::parse_elsewhere(other)));
    let Some(spec) = spec else {
        return (Err(None), findings);
    };
    let environment = model::Environment {
        name: assembled.environment,
        protected: assembled.protected,
        declared: assembled.environments.into_iter().map(|name| name.value).collect(),
    };
    let outline = model::outline(&spec, environment.clone()).filter(|_| is_complete);
    let (model, mut more) = model::resolve(&spec, environment, root.folder(), files, sources);
    // What a file that could not be read would have declared is not the fault of who refers to it.
    more.retain(|finding| assembled.complete || finding.id != "unknown-reference");
    more.retain(|finding| !assembled.unfilled.contains(&finding.primary.span));
    findings.append(more);
    let Some(model) = model.filter(|_| !findings.has_errors()) else {
        let outline = outline.map(|model| Box::new(Outline { model, unfilled: assembled.unfilled }));
        return (Err(outline), findings);
    };
    let graph = Graph::build(Arc::new(model));
    let access = Access::derive(&graph);
    (Ok(Application { graph: Arc::new(graph), access: Arc::new(access), code: Arc::default() }), findings)
}

/// Warnings for code that is not there: a spec can be valid before its code is built, and only packing needs it.
pub fn missing_code(application: &Application, files: &dyn Files, sources: &Sources) -> Findings {
    let missing = |path: &RelPath| {
        matches!(files.list(path, 1), Err(ReadError::Missing)) && matches!(files.read(path, 0), Err(ReadError::Missing))
    };
    let mut findings = Findings::default();
    let mut seen = BTreeSet::new();
    for function in application.model().functions.values() {
        if let Code::Folder(path) | Code::Archive(path) = &function.code
            && seen.insert(&path.value)
            && missing(&path.value)
        {
            let message = format!("there is no code at `{}`", path.value);
            let finding = Finding::warning("missing-code", path.span, message);
            findings.push(match nearest_path(files, &path.value) {
                Some(near) => finding.did_you_mean(&near.seen_from(sources.folder(path.span))),
                None => finding.help("build it before `isobar compile`, which packs it"),
            });
        }
    }
    findings
}

/// The application with the sizes of its code, where a target advises one. Rules see no files, and only they need it.
#[must_use]
pub fn weighed(application: &Application, targets: &[Target], files: &dyn Files) -> Application {
    let mut application = application.clone();
    if !targets.iter().any(|target| target.manifest.limits.contains_key(&Limit::PackageAdvised)) {
        return application;
    }
    let mut by_source: BTreeMap<Source, Vec<Id<Function>>> = BTreeMap::new();
    for (id, function) in application.model().functions.iter() {
        match &function.code {
            Code::Folder(path) => by_source.entry(Source::Folder(path.value.clone())).or_default().push(id),
            Code::Archive(path) => by_source.entry(Source::Archive(path.value.clone())).or_default().push(id),
            Code::Image(_) | Code::Model(_) => {}
        }
    }
    let sizes = by_source.par_iter().filter_map(|(source, of)| Some((emit::weigh(source, files)?, of)));
    let code = sizes.flat_map_iter(|(size, of)| of.iter().map(move |id| (*id, size))).collect();
    application.code = Arc::new(code);
    application
}

/// Loads a target from its files, which are shown as below `shown`.
pub fn load(files: TargetFiles, shown: &str, sources: &mut Sources) -> (Option<Target>, Findings) {
    Target::load(files, shown, sources)
}

/// What follows from the graph on the targets; without any, on the baseline.
pub fn facts(application: &Application, targets: &[Target]) -> (Facts, Findings) {
    let known = targets.iter().map(|target| target.manifest.id.clone());
    let known = known.chain(builtin_ids().into_iter().map(str::to_owned)).collect();
    let mut findings = plan::unknown_targets(application.model(), &known);
    let mut judged = |target: &Target| {
        let judged = Judged::of(&target.manifest);
        if !speaks_natively(application.model(), judged.id()) {
            return judged;
        }
        let (actions, more) = target.actions();
        findings.append(more);
        judged.knowing(actions)
    };
    let judged = targets.iter().map(&mut judged).collect();
    let facts = Facts::new(Arc::clone(&application.graph), Arc::clone(&application.access), judged);
    (facts.weighing(Arc::clone(&application.code)), findings)
}

/// Runs all rules for the targets; without any, for the baseline.
pub fn judge(application: &Application, targets: &[Target], sources: &Sources) -> Findings {
    let (facts, mut findings) = facts(application, targets);
    findings.append(rules::run(&facts, sources));
    findings.sorted()
}

/// What a target is made of, and what of it was proven.
#[derive(Debug, Clone)]
pub struct Compiled {
    /// Files, sorted by path.
    pub artifacts: Vec<Artifact>,
    /// The plan they were rendered from, without its views.
    pub plan: Plan,
}

/// Plans for one target without packing code, for who asks what would be granted: that does not depend on it.
pub fn plan(application: &Application, target: &Target, sources: &Sources) -> (Option<Plan>, Findings) {
    let packages = plan::Packages::new();
    let (graph, access) = (&*application.graph, &*application.access);
    plan::build(plan::Input { graph, access, target, sources, packages: &packages })
}

/// Why there is no plan for a target, where [`plan::check`] finds nothing: permissions that are too large, overrides that
/// change permissions. Known before any code is there, and late to learn of by a compile.
pub fn unplannable(application: &Application, target: &Target, sources: &Sources) -> Findings {
    let (_, wanted) = plan::wanted(application.model(), target);
    let (_, planned) = plan(application, target, sources);
    wanted.into_iter().chain(planned).filter(|finding| finding.severity == Severity::Error).collect()
}

/// Compiles for one target: pack, plan, render, read back, compare. Nothing comes out that was not proven.
pub fn compile(
    application: &Application,
    target: &Target,
    files: &dyn Files,
    sources: &Sources,
) -> (Option<Compiled>, Findings) {
    let (wanted, mut findings) = plan::wanted(application.model(), target);
    let (packages, packed, more) = emit::pack(&wanted, target, files);
    findings.append(more.into_iter().map(|finding| meant_code(finding, &wanted, files, sources)).collect());
    let input =
        plan::Input { graph: &application.graph, access: &application.access, target, sources, packages: &packages };
    // Neither plan nor templates need the other.
    let ((plan, more), (engine, defects)) = rayon::join(|| plan::build(input), || emit::engine(target));
    findings.append(more);
    findings.append(defects);
    let (Some(mut plan), Some(engine), false) = (plan, engine, findings.has_errors()) else {
        return (None, findings);
    };
    let (artifacts, more) = rendered(&mut plan, target, &engine);
    findings.append(more);
    let Some(mut artifacts) = artifacts else {
        return (None, findings);
    };
    let unproven = proof::prove(&plan, target, &artifacts);
    if unproven.has_errors() {
        // What is no file of its kind at all is the defect of a template, which is told better than the proof can.
        let again = plan::build(input).0.map(|mut plan| emit::check(&mut plan, target, &engine)).unwrap_or_default();
        if again.has_errors() {
            findings.append(again);
            return (None, findings);
        }
    }
    findings.append(unproven);
    findings.append(proof::check_overrides(&plan, target, &artifacts));
    if findings.has_errors() {
        return (None, findings);
    }
    artifacts.extend(packed);
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    (Some(Compiled { artifacts, plan }), findings)
}

/// The files of a plan. Overrides are completed, which needs to know what they override.
fn rendered(plan: &mut Plan, target: &Target, engine: &Engine) -> (Option<Vec<Artifact>>, Findings) {
    let (mut artifacts, findings) = emit::emit(plan, target, engine);
    if let Some(artifacts) = artifacts.as_mut().filter(|_| !plan.overrides.is_empty()) {
        let ignored = &target.manifest.lifecycle.ignored;
        if let Some((path, text)) = overriding::completed(&proof::texts(artifacts), ignored)
            && let Some(artifact) = artifacts.iter_mut().find(|artifact| artifact.path == path)
        {
            artifact.bytes = text.into_bytes();
        }
    }
    (artifacts, findings)
}

/// What a target makes of two states of an application, to be compared: nothing is proven, and code that one of them lacks
/// counts as equal, since built code is seldom kept beside its history. Of a state that is not there, nothing is made.
pub fn outlines(states: [Option<State<'_>>; 2], target: &Target) -> [(Option<Vec<Artifact>>, Findings); 2] {
    let mut packages = [0, 1].map(|_| plan::Packages::new());
    let mut wanted = Vec::new();
    for (state, packages) in states.iter().zip(&mut packages) {
        let Some(state) = state else { continue };
        let (own, _) = plan::wanted(state.application.model(), target);
        *packages = emit::pack(&own, target, state.files).0;
        wanted.extend(own);
    }
    let [old, new] = &mut packages;
    let is_there = states.each_ref().map(Option::is_some);
    for one in &wanted {
        for function in &one.functions {
            let lacks = |packages: &plan::Packages, is_there: bool| is_there && !packages.contains_key(function);
            if lacks(old, is_there[0]) || lacks(new, is_there[1]) {
                old.insert(function.clone(), emit::unbuilt(one, target));
                new.insert(function.clone(), emit::unbuilt(one, target));
            }
        }
    }
    let (engine, defects) = emit::engine(target);
    let Some(engine) = engine else { return [(None, defects.clone()), (None, defects)] };
    let outline = |state: &Option<State<'_>>, packages: &plan::Packages| {
        let Some(state) = state else { return (Some(Vec::new()), Findings::default()) };
        let (graph, access) = (&*state.application.graph, &*state.application.access);
        let (plan, mut findings) = plan::build(plan::Input { graph, access, target, sources: state.sources, packages });
        let artifacts = plan.and_then(|mut plan| {
            let (artifacts, more) = rendered(&mut plan, target, &engine);
            findings.append(more);
            artifacts
        });
        (artifacts, findings)
    };
    let [before, after] = &states;
    let (before, after) = rayon::join(|| outline(before, old), || outline(after, new));
    [before, after]
}

/// What a target makes of a state, proven, with stand-ins for code that is not built: for who compares its grants with
/// others.
pub fn proven(state: State<'_>, target: &Target) -> (Option<Vec<Artifact>>, Findings) {
    let [(artifacts, mut findings), _] = outlines([Some(state), None], target);
    let Some(artifacts) = artifacts else { return (None, findings) };
    let (plan, more) = plan(state.application, target, state.sources);
    if let Some(plan) = plan {
        findings.append(proof::prove(&plan, target, &artifacts));
    } else {
        findings.append(more);
    }
    let is_sound = !findings.has_errors();
    (is_sound.then_some(artifacts), findings)
}

/// A state of an application: what was read, and from where.
#[derive(Clone, Copy)]
pub struct State<'a> {
    /// The application.
    pub application: &'a Application,
    /// Its files.
    pub files: &'a dyn Files,
    /// Those that were read.
    pub sources: &'a Sources,
}

/// Names the code that was meant, where there is none of this name.
fn meant_code(finding: Finding, wanted: &[Wanted], files: &dyn Files, sources: &Sources) -> Finding {
    let mut of = wanted.iter().filter(|one| one.span == finding.primary.span);
    let near =
        of.find_map(|Wanted { source: Source::Folder(path) | Source::Archive(path), .. }| nearest_path(files, path));
    let near = near.map(|near| near.seen_from(sources.folder(finding.primary.span)));
    match near {
        Some(near) => finding.did_you_mean(&near),
        None => finding,
    }
}

/// Compiles for several targets, beside each other.
pub fn compile_all<'t>(
    application: &Application,
    targets: &'t [Target],
    files: &dyn Files,
    sources: &Sources,
) -> Vec<(&'t Target, Option<Compiled>, Findings)> {
    targets
        .par_iter()
        .map(|target| {
            let (compiled, findings) = compile(application, target, files, sources);
            (target, compiled, findings)
        })
        .collect()
}
