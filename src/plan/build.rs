//! The steps from a graph to a plan, in the order in which one needs the other: options and capabilities, names,
//! attributes, triggers, grants, bindings, values, units.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::documents::{self, Excess, Fit, Measure};
use super::draft::{Draft, Setting};
use super::grants::{self, Grant};
use super::shared::{Shared, by_system};
use super::statements::{Held, users};
use super::units::Tables;
use super::view::Document;
use super::{
    NativeGrant, Overridden, Packages, Plan, Unit, bindings, checks, function, limits, native, native_form, package,
    refusals, resource, trigger, units,
};
use crate::analysis::Access;
use crate::base::{Map, Sources, Span, Value};
use crate::catalog::{self, DocumentRule, Manifest, Target};
use crate::diag::{Finding, Findings};
use crate::graph::{Graph, Runner, TriggerRef};
use crate::model::{Function, Id, Model};

/// What a plan is made of.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The application.
    pub graph: &'a Graph,
    /// Its access relation.
    pub access: &'a Access,
    /// The target.
    pub target: &'a Target,
    /// Files, for places in comments.
    pub sources: &'a Sources,
    /// Packed code.
    pub packages: &'a Packages,
}

/// Most units in one file before it is split.
const UNITS_PER_FILE: usize = 500;

/// What a target refuses or does less well, at every place that asks for it, without planning.
pub fn check(model: &Model, target: &Target) -> Findings {
    checks(model, target).1
}

/// What is wrong with the options of a target, which takes nothing but what the spec says to targets.
pub fn check_options(model: &Model, target: &Target) -> Findings {
    let mut findings = Findings::default();
    checks::options(model, &target.manifest, &mut findings);
    findings
}

fn checks(model: &Model, target: &Target) -> (Map, Findings) {
    let mut findings = Findings::default();
    let options = checks::options(model, &target.manifest, &mut findings);
    checks::capabilities(model, target, &mut findings);
    checks::functions(model, target, &mut findings);
    limits::check(model, target, &mut findings);
    refusals::check(model, target, &mut findings);
    native::check(model, target, &mut findings);
    native_form::check(model, target, &mut findings);
    (options, findings)
}

/// Makes the plan. What the target cannot do is found at every place that asks for it.
pub fn build(input: Input<'_>) -> (Option<Plan>, Findings) {
    let Input { graph, target, sources, .. } = input;
    let model = graph.model();
    let (options, findings) = checks(model, target);
    if findings.has_errors() {
        return (None, findings);
    }
    let prefix = Setting::prefix(model);
    let setting = Setting { model, sources, target: &target.manifest.id, prefix, options };
    let shared = Shared::new(&setting, &target.permissions.systems());
    let tables = Tables::of(&target.manifest);
    let mut steps = Steps { input, setting: &setting, tables, shared, overrides: Vec::new(), findings };
    let mut views = steps.views();
    let granted = steps.grant(&mut views);
    let bindings = bindings::fill(&setting, &target.manifest, &steps.shared, &mut views.nodes, &mut steps.findings);
    let drafts = steps.complete(views);
    let (units, last) = steps.units(drafts);
    if steps.findings.has_errors() {
        return (None, steps.findings);
    }
    let native = |grant: Grant| NativeGrant { holder: grants::holder_address(model, grant.holder), grant };
    let grants = granted.into_iter().map(native).collect();
    let natives = native::Natives::of(model, target, &steps.shared).into_known();
    let Steps { shared, overrides, findings, .. } = steps;
    let native = units.iter().find(|unit| &*unit.kind == "native").map(|unit| (Arc::clone(&unit.file), unit.span));
    (Some(Plan { units: split(units), last, shared, grants, bindings, overrides, natives, native }), findings)
}

/// The views of declarations.
struct Views {
    application: Draft,
    /// Resources and functions.
    nodes: Vec<Draft>,
    triggers: Vec<Draft>,
}

/// Address of a view, and the numbers of its documents.
type Parts = (String, Vec<usize>);

struct Steps<'a> {
    input: Input<'a>,
    setting: &'a Setting<'a>,
    tables: Tables<'a>,
    shared: Shared,
    overrides: Vec<Overridden>,
    findings: Findings,
}

impl Steps<'_> {
    fn defect(&self, span: Span, message: String) -> Finding {
        let id = &self.input.target.manifest.id;
        let finding = Finding::error("target-manifest", span, message).label("while planning this").on(id);
        finding.help(format!("the defect is in target.yaml of the target `{id}`, not in the spec"))
    }

    /// All views with their names and attributes, each with the ends it names. Nodes come first, since the attributes
    /// of a trigger may be made of those of its ends.
    fn views(&mut self) -> Views {
        let Input { graph, target, packages, .. } = self.input;
        let model = self.setting.model;
        let mut nodes = resource::drafts(self.setting, graph);
        let called = function::called_async(model);
        let functions: Vec<(Id<Function>, &Function)> = model.functions.iter().collect();
        nodes.par_extend(functions.par_iter().map(|(id, f)| {
            let is_called = called.get(id.index()).copied().unwrap_or(false);
            function::draft(self.setting, target, packages, *id, f, is_called)
        }));
        self.each(&mut nodes, |steps, draft| units::name(&steps.tables, &steps.shared, draft));
        self.register(&mut nodes, |_| false);
        let routed = trigger::routed(model);
        let mut triggers: Vec<Draft> = functions
            .par_iter()
            .flat_map_iter(|(id, f)| {
                let draft = |(index, t)| {
                    let reference = TriggerRef { runner: Runner::Function(*id), index };
                    let mut draft = trigger::draft(self.setting, f, t, reference);
                    trigger::share(&mut draft, &target.manifest, f, t);
                    trigger::methods(&mut draft, &routed, t);
                    draft
                };
                f.triggers.iter().enumerate().map(draft)
            })
            .collect();
        self.each(&mut triggers, |steps, draft| units::name(&steps.tables, &steps.shared, draft));
        self.register(&mut triggers, |field| !matches!(field, "source" | "comment"));
        let mut application = [resource::application(self.setting)];
        self.each(&mut application, |steps, draft| units::name(&steps.tables, &steps.shared, draft));
        let [application] = application;
        Views { application, nodes, triggers }
    }

    fn manifest(&self) -> &Manifest {
        &self.input.target.manifest
    }

    /// Does a step on each view, beside each other; defects of the manifest that it meets come in the order of views.
    fn each(&mut self, drafts: &mut [Draft], step: impl Fn(&Self, &mut Draft) -> Result<(), String> + Sync) {
        let this = &*self;
        let defects: Vec<(Span, String)> =
            drafts.par_iter_mut().filter_map(|draft| step(this, draft).err().map(|why| (draft.span, why))).collect();
        for (span, why) in defects {
            let finding = self.defect(span, why);
            self.findings.push(finding);
        }
    }

    /// Computes attributes and makes the nodes known to others, with the fields that `shown` holds for.
    fn register(&mut self, drafts: &mut [Draft], shown: impl Fn(&str) -> bool + Sync) {
        self.each(drafts, |steps, draft| {
            let (attributes, result) = match units::attributes(&steps.tables, &steps.shared, draft) {
                Ok(attributes) => (attributes, Ok(())),
                Err(defect) => (Map::new(), Err(defect)),
            };
            draft.set("attr", attributes);
            result
        });
        let ends: Vec<(String, Value)> = drafts
            .par_iter()
            .map(|draft| {
                let is_shown =
                    |key: &str| matches!(key, "node" | "kind" | "name" | "id") || (key != "attr" && shown(key));
                let fields = draft.view.iter().filter(|(key, _)| is_shown(key));
                let mut end: Map = fields.map(|(key, value)| (key.clone(), value.clone())).collect();
                if let Some(Value::Map(attributes)) = draft.view.get("attr") {
                    end.extend(attributes.iter().map(|(key, value)| (key.clone(), value.clone())));
                }
                (draft.address.clone(), Value::Map(end))
            })
            .collect();
        self.shared.register(ends);
    }

    /// All grants, put as statements into the views that carry them.
    fn grant(&mut self, views: &mut Views) -> Vec<Grant> {
        let Input { access, target, sources, .. } = self.input;
        let model = self.setting.model;
        let settings = &views.application.view;
        let (mut granted, more) = grants::derive(model, access, target, &self.shared, settings, sources);
        self.findings.append(more);
        granted.extend(native::grants(model, target, &native::Natives::of(model, target, &self.shared)));
        let alternatives = target.manifest.readback.as_ref().map_or(&[][..], |readback| &readback.alternatives);
        let held = Held::group(model, &granted, alternatives, sources);
        let systems = target.permissions.systems();
        let users = users(model, &granted, &self.shared);
        views.nodes.par_iter_mut().chain(&mut views.triggers).for_each(|draft| {
            for (field, all) in [("statements", &held.statements), ("policy", &held.policies)] {
                if let Some(own) = all.get(&draft.address) {
                    draft.set(field, by_system(&systems, |system| own.get(system).cloned().unwrap_or_default()));
                }
            }
            draft.list("users", users.get(&draft.address).cloned().unwrap_or_default());
        });
        self.fit(&held, &systems, views);
        granted
    }

    /// Statements that are too large for one document, cut or refused.
    fn fit(&mut self, held: &Held, systems: &[&str], views: &mut Views) {
        let this = &*self;
        let drafts = views.nodes.par_iter_mut().chain(&mut views.triggers);
        let each: Vec<(Option<Parts>, Findings)> = drafts.map(|draft| this.fit_one(held, systems, draft)).collect();
        let mut parts: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (numbers, findings) in each {
            parts.extend(numbers);
            self.findings.append(findings);
        }
        for draft in &mut views.triggers {
            draft.list("function_documents", parts.get(&draft.node).into_iter().flatten().copied());
        }
    }

    /// The documents of one view, and their numbers by its address where there are several.
    fn fit_one(&self, held: &Held, systems: &[&str], draft: &mut Draft) -> (Option<Parts>, Findings) {
        let rules = &self.input.target.manifest.documents;
        let (mut found, mut findings): (Vec<(&str, Vec<Document>)>, Findings) = (Vec::new(), Findings::default());
        for rule in rules.iter().filter(|rule| rule.kinds.has(&draft.kind)) {
            for (all, is_held) in [(&held.statements, true), (&held.policies, false)] {
                let own = all.get(&draft.address).and_then(|by_system| by_system.get(&rule.system));
                let measure = Measure { rule, prefix: &self.setting.prefix };
                match own.map_or(Fit::One, |statements| measure.fit(statements)) {
                    Fit::One => {}
                    Fit::Several(documents) => found.push((&rule.system, documents)),
                    Fit::Over(excess) => {
                        let relief = documents::relief(&draft.kind, is_held);
                        findings.push(too_large(draft, rule, &excess, relief, self.setting.target));
                    }
                }
            }
        }
        if found.is_empty() {
            return (None, findings);
        }
        let numbers = found.iter().flat_map(|(_, list)| list.iter().map(|document| document.number)).collect();
        let of =
            |system: &str| found.iter().find(|(of, _)| *of == system).map_or_else(Vec::new, |(_, list)| list.clone());
        draft.set("documents", by_system(systems, of));
        (Some((draft.address.clone(), numbers)), findings)
    }

    /// All views in the order of output, those of packages and native resources among them, with their `values`.
    fn complete(&mut self, views: Views) -> Vec<Draft> {
        let Views { application, nodes, triggers } = views;
        let packages = package::drafts(self.setting, &nodes);
        let mut all = vec![application];
        all.extend(nodes);
        all.extend(packages);
        all.extend(triggers);
        let (natives, overrides) = native::drafts(self.setting, self.input.target, &all, &mut self.findings);
        self.overrides = overrides;
        // For platforms where overrides are part of the list of all files.
        let overrides = natives.iter().find(|d| d.kind == "override").and_then(|d| d.view.get("list")?.as_list());
        if let Some(application) = all.first_mut() {
            application.list("overrides", overrides.unwrap_or_default().iter().cloned());
        }
        all.extend(natives);
        self.each(&mut all, |steps, draft| units::values(&steps.tables, &steps.shared, draft));
        all
    }

    /// The renderings of all views, and those that see the list of all files.
    fn units(&mut self, drafts: Vec<Draft>) -> (Vec<Unit>, Vec<Unit>) {
        let this = &*self;
        let each: Vec<(Vec<Unit>, Vec<Unit>, Findings)> =
            drafts.into_par_iter().map(|draft| this.chosen(draft)).collect();
        let (mut out, mut last) = (Vec::with_capacity(each.len()), Vec::new());
        for (units, more, findings) in each {
            out.extend(units);
            last.extend(more);
            self.findings.append(findings);
        }
        (out, last)
    }

    /// The renderings of one view: those beside others, and those that come last.
    fn chosen(&self, draft: Draft) -> (Vec<Unit>, Vec<Unit>, Findings) {
        let (manifest, mut findings) = (self.manifest(), Findings::default());
        let Draft { kind, span, node, view, .. } = draft;
        let view = Arc::new(view);
        let chosen = units::units(&self.tables, &self.shared, &kind, &view);
        if chosen.is_empty() && self.tables.has_units(&kind) {
            let id = &manifest.id;
            let message = format!("no unit of target `{id}` fits this variant of `{kind}`");
            findings.push(Finding::error("unsupported", span, message).label(node).on(id));
        }
        let last = match kind.as_str() {
            "application" => units::units(&self.tables, &self.shared, "output", &view),
            _ => Vec::new(),
        };
        let mut made = |list: Vec<&catalog::Unit>, kind: &str| -> Vec<Unit> {
            let units = list.into_iter().map(|unit| self.unit(unit, kind, &view, span));
            units.filter_map(|unit| unit.map_err(|defect| findings.push(self.defect(span, defect))).ok()).collect()
        };
        (made(chosen, &kind), made(last, "output"), findings)
    }

    fn unit(&self, unit: &catalog::Unit, kind: &str, view: &Arc<Map>, span: Span) -> Result<Unit, units::Defect> {
        let file = units::file(unit, &self.shared, view)?.into();
        Ok(Unit { template: unit.template.as_str().into(), file, view: Arc::clone(view), kind: kind.into(), span })
    }
}

fn too_large(draft: &Draft, rule: &DocumentRule, excess: &Excess, relief: &str, target: &str) -> Finding {
    let Excess { unit, are, most } = excess;
    let message = format!("the permissions of `{}` have {are} {unit}, and {most} is the most", draft.node);
    let help = format!("{relief} ({})", rule.fact);
    Finding::error("policy-size", draft.span, message).help(help).on(target)
}

/// Files of more units than a person reads are cut: `queues.tf`, `queues-2.tf`, …
fn split(mut units: Vec<Unit>) -> Vec<Unit> {
    let mut counts: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    for unit in &mut units {
        let count = counts.entry(Arc::clone(&unit.file)).or_insert(0);
        let part = *count / UNITS_PER_FILE;
        *count += 1;
        if part > 0 {
            let name = unit.file.rfind('/').map_or(0, |slash| slash + 1);
            let dot = unit.file.get(name..).and_then(|n| n.find('.')).map_or(unit.file.len(), |at| name + at);
            let (stem, ending) = unit.file.split_at(dot);
            unit.file = format!("{stem}-{}{ending}", part + 1).into();
        }
    }
    units
}
