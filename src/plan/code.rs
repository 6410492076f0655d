//! Which code has to be packed for a target: one package for each folder or archive and adapter, shared by all
//! functions that name it.

use std::collections::BTreeMap;

use crate::base::{RelPath, Span};
use crate::catalog::Target;
use crate::diag::{Finding, Findings};
use crate::model::{Code, Envelope, Model};

/// What is packed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// All files of a folder.
    Folder(RelPath),
    /// A built archive, as it is.
    Archive(RelPath),
}

/// One package to make.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What is packed.
    pub source: Source,
    /// The language whose adapter is put beside it.
    pub adapter: Option<String>,
    /// Name of the package, unique in the application, without ending.
    pub slug: String,
    /// The functions that use it, by name.
    pub functions: Vec<String>,
    /// The first place that names the code.
    pub span: Span,
}

/// The packages that a target wants, sorted by slug.
pub fn wanted(model: &Model, target: &Target) -> (Vec<Wanted>, Findings) {
    let mut findings = Findings::default();
    let mut by_code: BTreeMap<(Source, Option<String>), Wanted> = BTreeMap::new();
    for function in model.functions.values() {
        let portable = function.envelope.value == Envelope::Portable;
        let language = function.runtime.value.language().filter(|_| portable);
        let adapter = language.filter(|l| target.manifest.adapters.contains_key(*l)).map(str::to_owned);
        let (source, span) = match &function.code {
            Code::Folder(path) => (Source::Folder(path.value.clone()), path.span),
            Code::Archive(path) => (Source::Archive(path.value.clone()), path.span),
            Code::Image(_) | Code::Model(_) => continue,
        };
        if matches!(source, Source::Archive(_)) && adapter.is_some() {
            let message = "a portable handler needs its adapter inside of the package, and this one is built already";
            let help = "name the folder instead, or write `envelope: native` and handle the platform's own events";
            findings.push(Finding::error("built-archive", span, message).help(help).on(&target.manifest.id));
            continue;
        }
        let key = (source.clone(), adapter.clone());
        let name = function.head.name().to_owned();
        let wanted = by_code.entry(key).or_insert_with(|| Wanted {
            slug: slug(&source),
            source,
            adapter,
            functions: Vec::new(),
            span,
        });
        wanted.functions.push(name);
    }
    let mut out: Vec<Wanted> = by_code.into_values().collect();
    distinguish(&mut out);
    out.sort_by(|a, b| a.slug.cmp(&b.slug));
    (out, findings)
}

fn slug(source: &Source) -> String {
    let (Source::Folder(path) | Source::Archive(path)) = source;
    let text = path.as_str().trim_start_matches("functions/");
    let stem = match source {
        Source::Folder(_) => text,
        Source::Archive(_) => text.rsplit_once('.').map_or(text, |(stem, _)| stem),
    };
    let plain: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c.to_ascii_lowercase() } else { '-' })
        .collect();
    if plain.is_empty() { "app".to_owned() } else { plain }
}

/// Packages whose slugs are equal are numbered, in the order of their sources.
fn distinguish(list: &mut [Wanted]) {
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    for wanted in list {
        let count = seen.entry(wanted.slug.clone()).or_insert(0);
        *count += 1;
        if *count > 1 {
            wanted.slug = format!("{}-{count}", wanted.slug);
        }
    }
}
