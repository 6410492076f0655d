//! From a plan to files: each unit rendered and formatted, those of one file joined in order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::format::{check_yaml, format_json, format_yaml};
use super::format_hcl::format_hcl;
use super::{Engine, View, dialect};
use crate::base::{Map, Span, Value};
use crate::catalog::{Format, Target};
use crate::diag::{Finding, Findings};
use crate::plan::{Plan, Seen, Shared, Unit};

/// One file of the output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Artifact {
    /// Path below the target's folder of the output.
    pub path: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// The target's templates, compiled and checked.
pub fn engine(target: &Target) -> (Option<Engine>, Findings) {
    let is_partial = |name: &str| name.starts_with("partials/");
    let partials = target.templates.iter().filter(|(name, _)| is_partial(name));
    let partials = partials.map(|(name, text)| (name.trim_start_matches("partials/").to_owned(), text.as_str()));
    let templates = target.templates.iter().filter(|(name, _)| !is_partial(name));
    let templates = templates.map(|(name, text)| (name.clone(), text.as_str()));
    match Engine::new(templates, partials) {
        Ok(engine) => (Some(engine), Findings::default()),
        Err(defects) => {
            let finding = |defect: super::TemplateDefect| {
                let name = &defect.template;
                let file = target.template_file(name);
                let span = file.map_or(target.span, |(file, text)| line_span(file, text, defect.line));
                Finding::error("target-template", span, defect.message).on(&target.manifest.id)
            };
            (None, defects.into_iter().map(finding).collect())
        }
    }
}

fn line_span(file: crate::base::FileId, text: &str, line: u32) -> Span {
    let start = text.split_inclusive('\n').take(line.saturating_sub(1) as usize).map(str::len).sum::<usize>();
    let end = start + text.get(start..).and_then(|t| t.lines().next()).map_or(0, str::len);
    Span::new(file, u32::try_from(start).unwrap_or(u32::MAX), u32::try_from(end).unwrap_or(u32::MAX))
}

impl View for Seen<'_> {
    fn field(&self, key: &str) -> Option<&Value> {
        self.field(key)
    }

    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        self.follow(value)
    }

    fn whole<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        self.whole(value)
    }

    fn names(&self) -> Vec<&str> {
        self.names()
    }
}

/// The text of one unit.
type Rendered = Result<String, Box<Finding>>;

/// Renders a plan. Files come out sorted by path. The views are used up: they are most of the memory of a compile, and
/// each is given back as soon as it is rendered. YAML that a proof reads afterwards is not looked at.
pub fn emit(plan: &mut Plan, target: &Target, engine: &Engine) -> (Option<Vec<Artifact>>, Findings) {
    emit_with(plan, target, engine, target.manifest.readback.is_none())
}

/// Renders a plan to find the templates that do not write what their files have to be.
pub fn check(plan: &mut Plan, target: &Target, engine: &Engine) -> Findings {
    emit_with(plan, target, engine, true).1
}

fn emit_with(plan: &mut Plan, target: &Target, engine: &Engine, is_checked: bool) -> (Option<Vec<Artifact>>, Findings) {
    let mut findings = Findings::default();
    let (units, last) = (std::mem::take(&mut plan.units), std::mem::take(&mut plan.last));
    let printer = Printer { engine, target, shared: &plan.shared, is_checked };
    let render = |unit: Unit, files: Option<&[String]>| (Arc::clone(&unit.file), render(&printer, unit, files));
    let rendered: Vec<(Arc<str>, Rendered)> = units.into_par_iter().map(|unit| render(unit, None)).collect();
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    for (file, result) in rendered {
        match result {
            Ok(text) => join(files.entry(file.to_string()).or_default(), &text, kind_of(target, &file)),
            Err(finding) => findings.push(*finding),
        }
    }
    let written = files.iter().filter(|(_, text)| !text.trim().is_empty());
    let names: Vec<String> = written.map(|(path, _)| path.clone()).collect();
    for unit in last {
        let (file, result) = render(unit, Some(&names));
        match result {
            Ok(text) => join(files.entry(file.to_string()).or_default(), &text, kind_of(target, &file)),
            Err(finding) => findings.push(*finding),
        }
    }
    if findings.has_errors() {
        return (None, findings);
    }
    // What renders to nothing is no file.
    let files = files.into_iter().filter(|(_, text)| !text.trim().is_empty());
    (Some(files.map(|(path, text)| Artifact { path, bytes: text.into_bytes() }).collect()), findings)
}

/// Syntax of one file: by its ending where that says it, else the target's.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Hcl,
    Yaml,
    Json,
    Text,
}

fn kind_of(target: &Target, file: &str) -> Syntax {
    match file.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tf") => Syntax::Hcl,
        Some("json") => Syntax::Json,
        Some("yaml" | "yml") => Syntax::Yaml,
        Some("hcl") if target.manifest.format == Format::Hcl => Syntax::Hcl,
        Some(_) | None => Syntax::Text,
    }
}

fn join(file: &mut String, text: &str, syntax: Syntax) {
    if text.trim().is_empty() {
        return;
    }
    if !file.is_empty() {
        file.push_str(if syntax == Syntax::Yaml { "---\n" } else { "\n" });
    }
    file.push_str(text);
}

/// What units are rendered with.
struct Printer<'a> {
    engine: &'a Engine,
    target: &'a Target,
    shared: &'a Shared,
    /// Whether YAML is parsed.
    is_checked: bool,
}

fn render(printer: &Printer<'_>, unit: Unit, files: Option<&[String]>) -> Rendered {
    let Printer { engine, target, shared, is_checked } = *printer;
    let id = &target.manifest.id;
    let Unit { template, file, view, kind, span } = unit;
    let mut view = Arc::unwrap_or_clone(view);
    if kind.starts_with("trigger.") {
        filter(target, &mut view, span)?;
    } else if let Some(files) = files {
        view.insert("files", files.iter().collect::<Value>());
        // Those in the syntax of the file itself: a list of manifests names no Containerfile.
        let own = kind_of(target, &file);
        view.insert("files_alike", files.iter().filter(|file| kind_of(target, file) == own).collect::<Value>());
    }
    let text = engine.render(&template, &shared.seen(&view)).map_err(|error| {
        Finding::error("target-template", span, format!("{error}")).label("while rendering this").on(id)
    })?;
    let formatted = match kind_of(target, &file) {
        Syntax::Hcl => Ok(format_hcl(&text)),
        Syntax::Yaml => {
            let text = format_yaml(&text);
            if is_checked { check_yaml(&text).map(|()| text) } else { Ok(text) }
        }
        Syntax::Json => format_json(&text),
        Syntax::Text => Ok(text),
    };
    formatted.map_err(|why| {
        let message = format!("template `{template}` does not write what its file `{file}` has to be: {why}");
        Box::new(Finding::error("target-template", span, message).label("while rendering this").on(id))
    })
}

/// Puts the conditions of a trigger into its view, in the target's dialect.
fn filter(target: &Target, view: &mut Map, span: Span) -> Result<(), Box<Finding>> {
    let filter = match target.manifest.filter {
        Some(dialect) => dialect::filter(dialect, view).map_err(|why| {
            let id = &target.manifest.id;
            Finding::error("untranslatable-filter", span, format!("`where` cannot be said: {why}")).on(id)
        })?,
        None => None,
    };
    view.insert("has_filter", filter.is_some());
    if let Some(filter) = filter {
        view.insert("filter", filter);
    }
    Ok(())
}
