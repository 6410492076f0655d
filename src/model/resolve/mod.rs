//! From what was written to what it means: references become typed ids, what was left out is filled in with the
//! reason, schemas are read and checked. Everything that is wrong is found in one pass; a part that was reported
//! before stays silent here. What is a question of judgement is left to the rules.

mod access;
mod binding;
mod condition;
mod cors;
mod entry;
mod event;
mod failure;
mod flow;
mod former;
mod function;
mod idempotency;
mod names;
mod queue;
mod resource;
mod schema_file;
mod schema_refs;
mod schema_text;
mod settings;
#[cfg(test)]
mod tests;
mod trigger;
mod trigger_name;
mod wording;
mod workflow;

use std::collections::HashMap;
use std::sync::Arc;

use names::Names;
use schema_file::SchemaFiles;

use super::{Arena, Auth, Bus, Environment, Event, Given, Head, Id, Model, Throttle};
use crate::base::{Files, Name, NodePath, RelPath, Section, Sources, Span, Spanned};
use crate::diag::{Finding, Findings};
use crate::spec::{Map, Options, Overrides, Spec};

/// Resolves a spec. Paths in a file are relative to the folder of that file, by its path in `sources`, which is relative
/// to the root of `files`; they never leave `root`, the folder of `isobar.yaml` there. The model is there when neither
/// the spec nor its resolving has an error.
pub fn resolve(
    spec: &Spec,
    environment: Environment,
    root: &str,
    files: &dyn Files,
    sources: &Sources,
) -> (Option<Model>, Findings) {
    let mut resolver = Resolver::new(spec, root, files, sources);
    resolver.collect(spec);
    let model = resolver.model(spec, environment);
    let findings = resolver.findings;
    let whole = !spec.broken && !findings.has_errors();
    (model.filter(|_| whole), findings)
}

/// A model without nodes, which says of a faulty spec what it is called and what it says to targets. `None` where that is
/// faulty itself.
pub fn outline(spec: &Spec, environment: Environment) -> Option<Model> {
    let is_whole =
        |targets: &Map<Arc<str>, Options>| !targets.poisoned && targets.entries.iter().all(|e| e.1.is_some());
    let model =
        Model { targets: settings::targets(spec), ..Model::empty(spec.app.clone().map(|app| app.0), environment) };
    spec.targets.as_ref().is_none_or(is_whole).then_some(model)
}

/// The state of resolving one spec.
struct Resolver<'s> {
    spec: &'s Spec,
    root: &'s str,
    sources: &'s Sources,
    findings: Findings,
    names: Names<'s>,
    /// What nodes were called before they were renamed, by name.
    former: HashMap<Arc<str>, Spanned<Name>>,
    schemas: SchemaFiles<'s>,
    /// Comparisons of names that are left for suggestions.
    comparisons: usize,
    /// Filled first: what triggers inherit and keys are checked with.
    events: Arena<Event>,
    apis: Vec<(Auth, Option<Throttle>)>,
    default_bus: Option<Id<Bus>>,
    /// Routes by API, method and shape.
    routes: HashMap<(usize, String), Span>,
}

impl<'s> Resolver<'s> {
    fn new(spec: &'s Spec, root: &'s str, files: &'s dyn Files, sources: &'s Sources) -> Self {
        Self {
            spec,
            root,
            sources,
            findings: Findings::default(),
            names: Names::default(),
            former: HashMap::new(),
            schemas: SchemaFiles::new(files),
            comparisons: 300_000,
            events: Arena::default(),
            apis: Vec::new(),
            default_bus: None,
            routes: HashMap::new(),
        }
    }

    fn report(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Everything, in the order in which one needs the other.
    fn model(&mut self, spec: &Spec, environment: Environment) -> Option<Model> {
        self.resolve_events();
        self.resolve_default_bus();
        self.resolve_api_defaults();
        let functions = self.resolve_functions();
        let workflows = self.resolve_workflows();
        self.check_former_names();
        self.check_dead_letters(&functions);
        let queues = self.resolve_queues(&functions, &workflows);
        let alarms = spec.alarms.as_ref().and_then(|alarms| self.find(&alarms.notify));
        let native = self.resolve_native();
        Some(Model {
            app: spec.app.clone().map(|app| app.0),
            description: spec.description.as_ref().map(|d| d.value.to_string()),
            environment,
            alarms,
            tables: self.resolve_tables(&functions, &workflows),
            buckets: self.resolve_buckets(),
            queues,
            topics: self.resolve_topics(),
            streams: self.resolve_streams(),
            buses: self.resolve_buses(),
            secrets: self.resolve_secrets(),
            caches: self.resolve_caches(),
            apis: self.resolve_apis(&functions),
            sockets: self.resolve_sockets(),
            identities: self.resolve_identities(),
            devices: self.resolve_devices(),
            databases: self.resolve_databases(),
            externals: self.resolve_externals(),
            events: std::mem::take(&mut self.events),
            functions: arena(functions)?,
            workflows: arena(workflows)?,
            targets: settings::targets(spec),
            native,
            lint: self.resolve_lint(),
        })
    }

    fn head(
        section: Section,
        name: &Spanned<Name>,
        renamed_from: Option<&Spanned<Name>>,
        overrides: Option<&Overrides>,
    ) -> Head {
        Head {
            path: NodePath::new(section, name.value.as_str()),
            span: name.span,
            renamed_from: renamed_from.cloned(),
            overrides: overrides.map(|o| o.0.clone()).unwrap_or_default(),
            derived: None,
        }
    }

    /// A path as written, relative to the folder of the file it stands in.
    fn path(&mut self, path: &Spanned<Arc<str>>) -> Option<RelPath> {
        let file = self.sources.get(path.span.file).map_or("", |f| f.path());
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let below = |path: &RelPath| {
            let rest = path.as_str().strip_prefix(self.root);
            self.root.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let resolved = RelPath::resolve(folder, &path.value).filter(below);
        if resolved.is_none() {
            let message =
                format!("`{}` leads outside of the folder of `isobar.yaml`", crate::diag::shorten(&path.value));
            let help = "write a path below that folder, relative to the file it stands in, with `/` between its parts";
            self.report(Finding::error("invalid-path", path.span, message).help(help));
        }
        resolved
    }
}

/// All or nothing: a missing node would shift the ids of those behind it.
fn arena<T>(nodes: Vec<Option<T>>) -> Option<Arena<T>> {
    let mut arena = Arena::default();
    for node in nodes {
        arena.push(node?);
    }
    Some(arena)
}

/// The written value, else that of `defaults`.
fn stated<T: Clone>(own: Option<&Spanned<T>>, default: Option<&Spanned<T>>) -> Option<Given<T>> {
    own.or(default).map(|value| Given::stated(value.clone()))
}

/// The written value, else that of `defaults`, else a derived one with its reason.
fn given<T: Clone>(
    own: Option<&Spanned<T>>,
    default: Option<&Spanned<T>>,
    span: Span,
    derived: T,
    why: &str,
) -> Given<T> {
    stated(own, default).unwrap_or_else(|| Given::derived(derived, span, why))
}
