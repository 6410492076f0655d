//! From a folder's files to a checked [`Target`].

use std::collections::BTreeMap;

use include_dir::{Dir, DirEntry, include_dir};
use serde::de::DeserializeOwned;

use super::permissions::Row;
use super::{Actions, FEATURES, Format, Level, Manifest, Pattern, Permissions, Refusal};
use crate::base::{FileId, Name, Sources, Span, nearest};
use crate::diag::{Finding, Findings};
use crate::model::{ResourceKind, TriggerKind};

static BUILTIN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/targets");

/// The text of each manifest of a built-in target, and the same as JSON, which reads ten times as fast.
static PARSED: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/manifests.rs"));

const ACTIONS: &str = "actions.yaml";

/// The files of a target's folder: path below it → bytes.
pub type TargetFiles = BTreeMap<String, Vec<u8>>;

/// A target, ready to plan for.
#[derive(Debug, Clone)]
pub struct Target {
    /// `target.yaml`.
    pub manifest: Manifest,
    /// `permissions.yaml`.
    pub permissions: Permissions,
    /// Templates without their ending `.hbs`: `queue.tf` → text; partials as `partials/x.tf`.
    pub templates: BTreeMap<String, String>,
    /// All files, for adapters.
    pub files: TargetFiles,
    /// The manifest, as a place for findings about the target as a whole.
    pub span: Span,
    template_files: BTreeMap<String, FileId>,
    /// `actions.yaml`, where there is one. It is large and seldom asked for, and so read when it is.
    actions: Option<(FileId, String)>,
}

/// The ids of the built-in targets, sorted.
pub fn builtin_ids() -> Vec<&'static str> {
    let mut ids: Vec<&str> = BUILTIN.dirs().filter_map(|d| d.path().file_name()?.to_str()).collect();
    ids.sort_unstable();
    ids
}

/// The files of a built-in target.
pub fn builtin(id: &str) -> Option<TargetFiles> {
    fn collect(dir: &Dir<'_>, root: &str, out: &mut TargetFiles) {
        for entry in dir.entries() {
            match entry {
                DirEntry::Dir(dir) => collect(dir, root, out),
                DirEntry::File(file) => {
                    if let Some(path) = file.path().to_str().and_then(|p| p.strip_prefix(root)) {
                        out.insert(path.to_owned(), file.contents().to_vec());
                    }
                }
            }
        }
    }
    let dir = BUILTIN.get_dir(id)?;
    let mut files = TargetFiles::new();
    collect(dir, &format!("{id}/"), &mut files);
    Some(files)
}

impl Target {
    /// Reads and checks the files of the folder shown as `shown`. All defects are found in one run.
    pub fn load(files: TargetFiles, shown: &str, sources: &mut Sources) -> (Option<Self>, Findings) {
        let mut findings = Findings::default();
        let mut reader = Reader { files: &files, shown, sources, findings: &mut findings };
        let (manifest, rows) = (reader.text("target.yaml"), reader.text("permissions.yaml"));
        // The two large files of a target are most of what a short run does.
        let (manifest, rows) = rayon::join(|| read::<Manifest>(manifest), || read::<Vec<Row>>(rows));
        let (manifest, rows) = (reader.keep(manifest), reader.keep(rows));
        let actions = if files.contains_key(ACTIONS) { reader.text(ACTIONS) } else { None };
        let mut templates = BTreeMap::new();
        let mut template_files = BTreeMap::new();
        for path in files.keys() {
            if let Some(name) = path.strip_prefix("templates/").and_then(|p| p.strip_suffix(".hbs"))
                && let Some((file, text)) = reader.text(path)
            {
                template_files.insert(name.to_owned(), file);
                templates.insert(name.to_owned(), text);
            }
        }
        let (Some(manifest), Some(rows)) = (manifest, rows) else {
            return (None, findings);
        };
        let span = Span::start_of(sources.add(format!("{shown}/target.yaml"), ""));
        let permissions = Permissions::new(rows);
        let target = Self { manifest, permissions, templates, files, span, template_files, actions };
        for (written, message) in target.defects() {
            let at = place(sources, shown, &written).unwrap_or(span);
            findings.push(Finding::error("target-manifest", at, message));
        }
        if findings.has_errors() { (None, findings) } else { (Some(target), findings) }
    }

    /// Reads and checks `actions.yaml`; nothing where the target has none.
    pub fn actions(&self) -> (Option<Actions>, Findings) {
        let mut findings = Findings::default();
        let Some((file, text)) = &self.actions else { return (None, findings) };
        let Some(actions) = parsed::<Actions>(*file, text, &mut findings) else { return (None, findings) };
        for (written, message) in actions.defects() {
            let at = text.find(&written).and_then(|at| span(*file, at, written.len()));
            let at = at.unwrap_or_else(|| Span::start_of(*file));
            findings.push(Finding::error("target-manifest", at, message));
        }
        if findings.has_errors() { (None, findings) } else { (Some(actions), findings) }
    }

    /// What is wrong with it: the text that is, as written, and a clause.
    fn defects(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        self.check_id(&mut out);
        self.check_units(&mut out);
        self.check_refusals(&mut out);
        self.check_capabilities(&mut out);
        self.check_rendered(&mut out);
        self.check_permissions(&mut out);
        self.check_systems(&mut out);
        self.check_references(&mut out);
        out.append(&mut self.manifest.lifecycle.defects());
        out
    }

    /// The id is a key of a spec, and the name of a folder of the output.
    fn check_id(&self, out: &mut Vec<(String, String)>) {
        let id = &self.manifest.id;
        if Name::parse(id).is_err() {
            let message = format!("`{id}` is no id: write lower-case letters, digits and single hyphens");
            out.push((id.clone(), message));
        }
    }

    fn check_units(&self, out: &mut Vec<(String, String)>) {
        for unit in &self.manifest.units {
            if !self.templates.contains_key(&unit.template) {
                let near = nearest(&unit.template, self.templates.keys().map(String::as_str));
                let hint = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
                let (kind, template) = (&unit.kind, &unit.template);
                let message = format!("unit `{kind}` names templates/{template}.hbs, which is not there{hint}");
                out.push((unit.template.clone(), message));
            }
            if !is_view_kind(&unit.kind) {
                let message = format!("unit `{}` is for a kind of view that does not exist", unit.kind);
                out.push((unit.kind.clone(), message));
            }
        }
    }

    fn check_refusals(&self, out: &mut Vec<(String, String)>) {
        for kind in self.manifest.refuses.iter().flat_map(|refusal| refusal.kinds.as_slice()) {
            if !is_view_kind(kind) || !Refusal::is_for(kind) {
                let message = format!("`refuses` is for `{kind}`, which is no `function`, `queue` or kind of trigger");
                out.push((kind.clone(), message));
            }
        }
    }

    fn check_capabilities(&self, out: &mut Vec<(String, String)>) {
        let known = || FEATURES.iter().map(|(key, _)| *key);
        for key in self.manifest.capabilities.keys() {
            if !known().any(|k| k == key) {
                let near = nearest(key, known());
                let hint = near.map_or_else(String::new, |n| format!("; did you mean `{n}`?"));
                out.push((key.clone(), format!("capability `{key}` is unknown{hint}")));
            }
        }
    }

    /// A kind that is emitted and that no unit renders would be gone without a word.
    fn check_rendered(&self, out: &mut Vec<(String, String)>) {
        for (feature, capability) in self.manifest.capabilities.iter().filter(|(_, c)| c.level.is_emitted()) {
            let Some(kind) = view_kind(feature) else { continue };
            if !self.manifest.units.iter().any(|unit| unit.kind == kind) {
                let level = capability.level.as_str();
                let message = format!(
                    "capability `{feature}` is {level}, and no unit renders a `{kind}`; \
                     one whose template is an empty file says that it needs nothing of its own"
                );
                out.push((format!("{feature}: {level}"), message));
            }
        }
    }

    fn check_permissions(&self, out: &mut Vec<(String, String)>) {
        for row in self.permissions.rows() {
            let name = format!(
                "permission `{} {}`",
                row.on,
                row.verb.as_slice().iter().map(|v| v.as_str()).collect::<Vec<_>>().join(", ")
            );
            if ResourceKind::parse(&row.on).is_none() && !matches!(row.on.as_str(), "function" | "workflow") {
                let message =
                    format!("{name} is on `{}`, which is no kind of resource, `function` or `workflow`", row.on);
                out.push((row.on.clone(), message));
            }
            if let Some(from) = &row.from
                && !Permissions::is_source(from)
            {
                out.push((from.clone(), format!("{name} is from `{from}`, which is no kind of trigger")));
            }
            let wild = row.grants.iter().flat_map(|g| &g.resources).any(|r| r.as_str() == "*");
            if wild && row.wildcard.is_none() {
                out.push(("\"*\"".to_owned(), format!("{name} is on `*` and does not say why; add `wildcard:`")));
            }
            if let Some(action) = row.grants.iter().flat_map(|g| &g.actions).find(|a| a.contains('*')) {
                out.push((action.clone(), format!("{name} grants the wildcard action `{action}`")));
            }
        }
    }

    fn check_systems(&self, out: &mut Vec<(String, String)>) {
        let systems = self.permissions.systems();
        for rule in self.manifest.documents.iter().filter(|rule| !systems.contains(&rule.system.as_str())) {
            let known = systems.join(", ");
            let message = format!("`documents` names the system `{}`; permissions.yaml has {known}", rule.system);
            out.push((rule.system.clone(), message));
        }
        if let Some(system) = self.manifest.native_grants.as_deref().filter(|s| !systems.contains(s)) {
            let known = systems.join(", ");
            let message = format!("`native-grants: {system}` names no system of permissions.yaml; it has {known}");
            out.push((format!("native-grants: {system}"), message));
        }
    }

    fn check_references(&self, out: &mut Vec<(String, String)>) {
        if self.manifest.format == Format::Hcl {
            return;
        }
        let rows = self.permissions.rows().iter().flat_map(|r| r.grants.iter().flat_map(|g| &g.resources));
        let values = self.manifest.values.iter().map(|v| &v.pattern);
        let bindings = self.manifest.bindings.values().flat_map(BTreeMap::values);
        let all: Vec<&Pattern> = rows.chain(values).chain(bindings).collect();
        for pattern in all.into_iter().filter(|p| p.has_references()) {
            let message = format!("`{}` makes a reference, which this format does not have", pattern.as_str());
            out.push((pattern.as_str().to_owned(), message));
        }
    }

    /// File and text of a template or partial, by the name that the engine knows it by.
    pub fn template_file(&self, name: &str) -> Option<(FileId, &str)> {
        let key = [name.to_owned(), format!("partials/{name}")].into_iter().find(|k| self.templates.contains_key(k))?;
        Some((*self.template_files.get(&key)?, self.templates.get(&key)?))
    }

    /// How well a feature is done; a feature that the manifest leaves out is not done yet.
    pub fn level(&self, feature: &str) -> (Level, Option<&str>) {
        self.manifest.capabilities.get(feature).map_or((Level::NotYet, None), |c| (c.level, c.reason.as_deref()))
    }
}

/// Where a text stands in the manifest or the catalogue: the first place, which may be another than the one meant where
/// the same defect is made twice.
fn place(sources: &Sources, shown: &str, written: &str) -> Option<Span> {
    ["target.yaml", "permissions.yaml"].iter().find_map(|name| {
        let path = format!("{shown}/{name}");
        let (id, at) = sources
            .iter()
            .filter(|(_, file)| file.path() == path)
            .find_map(|(id, file)| Some((id, file.text().find(written)?)))?;
        span(id, at, written.len())
    })
}

fn span(file: FileId, at: usize, length: usize) -> Option<Span> {
    Some(Span::new(file, u32::try_from(at).ok()?, u32::try_from(at + length).ok()?))
}

/// A file as its type; else the defect with its place is found.
fn parsed<T: DeserializeOwned>(file: FileId, text: &str, findings: &mut Findings) -> Option<T> {
    let known = PARSED.iter().find(|(known, _)| *known == text);
    if let Some(value) = known.and_then(|(_, json)| serde_json::from_str(json).ok()) {
        return Some(value);
    }
    let defect = |error: serde_yaml::Error| {
        let at = error.location().map_or(0, |l| u32::try_from(l.index()).unwrap_or(0));
        let end = text.len().min(at as usize + 1);
        let span = Span::new(file, at, u32::try_from(end).unwrap_or(at));
        Finding::error("target-manifest", span, plain(error.to_string().lines().next().unwrap_or_default()))
    };
    serde_yaml::from_str(text).map_err(|error| findings.push(defect(error))).ok()
}

/// What a reader says, without the names of its own types.
fn plain(message: &str) -> String {
    let number = |word: &str| ["u8", "u16", "u32", "u64", "usize", "i64"].contains(&word);
    let words = message.split(' ').map(|word| if number(word) { "a whole number" } else { word });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether views of this kind exist.
fn is_view_kind(kind: &str) -> bool {
    match kind.strip_prefix("trigger.") {
        Some(trigger) => TriggerKind::parse(trigger).is_some(),
        None => {
            ResourceKind::parse(kind).is_some()
                || matches!(
                    kind,
                    "application" | "package" | "function" | "workflow" | "event" | "output" | "native" | "override"
                )
        }
    }
}

/// The kind of view that a feature is there for, where it is one.
fn view_kind(feature: &str) -> Option<&str> {
    match feature {
        "function.code" | "function.container" | "function.model" => Some("function"),
        _ => Some(feature).filter(|kind| is_view_kind(kind)),
    }
}

struct Reader<'a> {
    files: &'a TargetFiles,
    shown: &'a str,
    sources: &'a mut Sources,
    findings: &'a mut Findings,
}

impl Reader<'_> {
    fn text(&mut self, path: &str) -> Option<(FileId, String)> {
        let shown = format!("{}/{path}", self.shown);
        let Some(bytes) = self.files.get(path) else {
            let file = self.sources.add(shown.clone(), "");
            self.findings.push(
                Finding::error("target-file", Span::start_of(file), format!("`{shown}` is missing"))
                    .help("a target is a folder with target.yaml, permissions.yaml and templates/"),
            );
            return None;
        };
        if let Ok(text) = std::str::from_utf8(bytes) {
            let file = self.sources.add(shown, text);
            return Some((file, text.to_owned()));
        }
        let file = self.sources.add(shown.clone(), "");
        self.findings.push(Finding::error("target-file", Span::start_of(file), format!("`{shown}` is not UTF-8")));
        None
    }

    fn keep<T>(&mut self, (value, findings): (Option<T>, Findings)) -> Option<T> {
        self.findings.append(findings);
        value
    }
}

fn read<T: DeserializeOwned>(text: Option<(FileId, String)>) -> (Option<T>, Findings) {
    let mut findings = Findings::default();
    let value = text.and_then(|(file, text)| parsed(file, &text, &mut findings));
    (value, findings)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn json_says_what_the_manifests_say() {
        fn same<T: DeserializeOwned + PartialEq + std::fmt::Debug>(text: &str, json: &str) {
            assert_eq!(serde_yaml::from_str::<T>(text).unwrap(), serde_json::from_str::<T>(json).unwrap());
        }
        let mut seen = 0;
        for (id, file) in
            builtin_ids().into_iter().flat_map(|id| ["target.yaml", "permissions.yaml", ACTIONS].map(|file| (id, file)))
        {
            let Some(bytes) = builtin(id).unwrap().remove(file) else { continue };
            let text = std::str::from_utf8(&bytes).unwrap();
            let (_, json) = PARSED.iter().find(|(known, _)| *known == text).unwrap();
            match file {
                "target.yaml" => same::<Manifest>(text, json),
                "permissions.yaml" => same::<Vec<Row>>(text, json),
                _ => same::<Actions>(text, json),
            }
            seen += 1;
        }
        assert_eq!(seen, PARSED.len());
    }
}
