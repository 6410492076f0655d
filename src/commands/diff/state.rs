//! What OLD and NEW name: a spec, an output, or a revision.

use std::path::Path;

use isobar::analysis::Facts;
use isobar::artifact::File;
use isobar::base::{Files, RelPath, Sources};
use isobar::diag::Findings;
use isobar::diff::Spec;
use isobar::emit::{Artifact, CODE};
use isobar::host::{Written, find_root, open_revision, read_output};
use isobar::pipeline::{self, Application, Request, State};

/// One of the two states.
pub(super) enum Side {
    /// A spec, from the disk or from a revision.
    Spec(Box<Opened>),
    /// What was written for some targets.
    Output(Vec<Written>),
    /// A revision in which the spec is not there yet.
    Nothing,
}

/// A spec that was read.
pub(super) struct Opened {
    files: Box<dyn Files>,
    pub(super) sources: Sources,
    /// There when the spec has no error.
    pub(super) application: Option<Application>,
    pub(super) findings: Findings,
    /// The folder of the spec from where the user stands.
    pub(super) base: String,
}

impl Opened {
    fn read(files: Box<dyn Files>, spec: &RelPath, base: String, request: &Request) -> Self {
        let mut sources = Sources::default();
        let (application, findings) = pipeline::read(&*files, spec, request, &mut sources);
        Self { files, sources, application, findings, base }
    }
}

impl Side {
    /// The files that were read of a spec; none of an output.
    pub(super) fn sources(&self) -> Sources {
        match self {
            Self::Spec(opened) => opened.sources.clone(),
            Self::Output(_) | Self::Nothing => Sources::default(),
        }
    }

    /// The folder of a spec from where the user stands.
    pub(super) fn base(&self) -> &str {
        match self {
            Self::Spec(opened) => &opened.base,
            Self::Output(_) | Self::Nothing => "",
        }
    }

    /// The application of a spec without errors.
    pub(super) fn application(&self) -> Option<&Application> {
        self.state().map(|state| state.application)
    }

    /// What the pipeline makes outputs of.
    pub(super) fn state(&self) -> Option<State<'_>> {
        match self {
            Self::Spec(opened) => {
                let application = opened.application.as_ref()?;
                Some(State { application, files: &*opened.files, sources: &opened.sources })
            }
            Self::Output(_) | Self::Nothing => None,
        }
    }

    /// Whether it has an output for a target: it was written, or the spec names the target.
    pub(super) fn has(&self, target: &str) -> bool {
        match self {
            Self::Spec(_) => self.application().is_some_and(|own| own.model().targets.contains_key(target)),
            Self::Output(written) => written.iter().any(|written| written.lock.target == target),
            Self::Nothing => false,
        }
    }

    /// Spec and facts, as levels of a comparison see them.
    pub(super) fn spec<'s>(&'s self, facts: Option<&'s Facts>) -> Option<Spec<'s>> {
        match self {
            Self::Spec(opened) => Some(Spec { facts: facts?, sources: &opened.sources, base: &opened.base }),
            Self::Output(_) | Self::Nothing => None,
        }
    }

    /// The text files that a target has: those that were made of a spec, or those of the output.
    pub(super) fn texts<'s>(&'s self, made: &'s [Artifact], target: &str) -> Vec<File<'s>> {
        let file = |path: &'s str, bytes: &'s [u8]| Some(File { path, text: std::str::from_utf8(bytes).ok()? });
        match self {
            Self::Nothing => Vec::new(),
            Self::Spec(_) => made.iter().filter_map(|artifact| file(&artifact.path, &artifact.bytes)).collect(),
            Self::Output(written) => {
                let one = written.iter().find(|written| written.lock.target == target);
                // Packed code is no part of what is deployed to a platform by itself.
                let files = one.into_iter().flat_map(|written| &written.files);
                let files = files.filter(|(path, _)| !path.starts_with(CODE));
                files.filter_map(|(path, bytes)| file(path, bytes)).collect()
            }
        }
    }
}

/// The revision and the path in it that a name means, where it means one.
pub(super) fn revision(name: &str) -> Option<(&str, Option<&str>)> {
    let rest = name.strip_prefix("git:")?;
    Some(rest.split_once(':').map_or((rest, None), |(revision, path)| (revision, Some(path))))
}

/// Opens what a name means. `path` is the spec of a revision that is named alone.
pub(super) fn open(name: &str, path: &str, request: &Request) -> anyhow::Result<Side> {
    if let Some((revision, own)) = revision(name) {
        // What is left out is meant from where the user stands.
        let path = own.map_or_else(|| format!("./{path}"), str::to_owned);
        let Some(found) = open_revision(revision, &path)? else { return Ok(Side::Nothing) };
        return Ok(Side::Spec(Box::new(Opened::read(Box::new(found.files), &found.spec, found.shown, request))));
    }
    let path = Path::new(name);
    if path.is_dir() && !path.join("isobar.yaml").is_file() {
        let written = read_output(path)?;
        if !written.is_empty() {
            return Ok(Side::Output(written));
        }
    }
    let root = find_root(path)?;
    Ok(Side::Spec(Box::new(Opened::read(Box::new(root.files), &root.spec, root.shown, request))))
}
