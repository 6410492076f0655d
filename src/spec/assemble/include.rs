//! Reads the root and the files that `include:` names, each once, breadth first in the order of the globs.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use super::circles;
use super::limited::Limited;
use super::mend::mend;
use super::pattern::{Pattern, refused};
use crate::base::{Files, ReadError, RelPath, Sources, Span, nearest_path};
use crate::diag::{Finding, Findings};
use crate::spec::Spec;
use crate::spec::parse::Parse as _;
use crate::yaml::{self, Caps, DecodeError, Kind, Node};

/// More files than this make no application.
const MAX_FILES: usize = 1_000;
/// A glob looks at no more files than this.
const MAX_LISTED: usize = 100_000;
/// Bytes of all files together.
const MAX_BYTES: usize = 64 << 20;

/// A file to read: its path, where it is included, and who includes it.
struct Wanted {
    path: RelPath,
    span: Span,
    parent: Option<usize>,
}

struct Reader<'a> {
    files: &'a dyn Files,
    sources: &'a mut Sources,
    findings: Limited<'a>,
    root: RelPath,
    /// Paths that were read, with who includes them.
    paths: Vec<(RelPath, Option<usize>)>,
    seen: BTreeSet<RelPath>,
    /// What each file includes by its path, with the place that says so.
    named: BTreeMap<RelPath, BTreeMap<RelPath, Span>>,
    queue: VecDeque<Wanted>,
    listings: BTreeMap<RelPath, Result<Vec<RelPath>, ReadError>>,
    bytes: usize,
    nodes: usize,
    full: bool,
    incomplete: bool,
}

/// What was read. Each tree is a mapping; that of a fragment may be null.
pub(super) struct FilesRead {
    pub(super) root: Node,
    pub(super) fragments: Vec<Node>,
    /// No include failed.
    pub(super) complete: bool,
}

/// The root and the files it includes; `None` if the root cannot be read.
pub(super) fn read_all(
    files: &dyn Files,
    root: &RelPath,
    sources: &mut Sources,
    findings: &mut Findings,
) -> Option<FilesRead> {
    let mut reader = Reader {
        files,
        sources,
        findings: Limited::new(findings),
        root: root.clone(),
        paths: Vec::new(),
        seen: BTreeSet::from([root.clone()]),
        named: BTreeMap::new(),
        queue: VecDeque::new(),
        listings: BTreeMap::new(),
        bytes: 0,
        nodes: 0,
        full: false,
        incomplete: false,
    };
    let tree = reader.read(root, None, None)?;
    if tree.is_null() {
        let help = "start with `isobar: 1` and `app: <name>`; `isobar init` writes a small application";
        reader.findings.push(Finding::error("empty-spec", tree.span, format!("`{root}` is empty")).help(help));
        return None;
    }
    let mut fragments = Vec::new();
    while let Some(wanted) = reader.queue.pop_front() {
        match reader.read(&wanted.path, Some(wanted.span), wanted.parent) {
            Some(tree) => fragments.push(tree),
            None => reader.incomplete = true,
        }
    }
    for (path, included, span) in circles::closing(&reader.named) {
        reader.findings.push(circles::finding(path, included, span));
    }
    let complete = !reader.incomplete;
    Some(FilesRead { root: tree, fragments, complete })
}

impl Reader<'_> {
    /// Reads one file and queues what it includes.
    fn read(&mut self, path: &RelPath, included: Option<Span>, parent: Option<usize>) -> Option<Node> {
        let caps = Caps { nodes: Caps::default().nodes.saturating_sub(self.nodes), ..Caps::default() };
        let cap = caps.file_bytes.min(MAX_BYTES.saturating_sub(self.bytes));
        let bytes = match self.files.read(path, cap as u64) {
            Ok(bytes) => bytes,
            Err(error) => {
                let span = self.span_of(path, included);
                let finding = self.unreadable(path, &error, span, included.is_some());
                self.findings.push(finding);
                return None;
            }
        };
        self.bytes += bytes.len().min(cap);
        let text: Arc<str> = match yaml::decode(bytes) {
            Ok(text) => text.into(),
            Err(error) => {
                self.not_utf8(path, &error, included);
                return None;
            }
        };
        let file = self.sources.add(path.as_str(), text.clone());
        let (tree, findings) = yaml::parse(file, &text, &caps);
        self.findings.append(findings);
        let tree = tree?;
        self.nodes += tree.size(caps.nodes);
        if tree.as_map().is_none() && !tree.is_null() {
            let message = format!("`{path}` is {}, not a mapping", tree.describe());
            let help = "write `key: value` lines such as `functions:` with its entries below";
            self.findings.push(Finding::error("not-a-mapping", first_line(&text, tree.span), message).help(help));
            return None;
        }
        let number = self.paths.len();
        self.paths.push((path.clone(), parent));
        let tree = mend(&tree, Spec::WHAT, Spec::KEYS, &mut self.findings);
        if let Some(include) = tree.get("include") {
            self.includes(include, number);
        }
        Some(tree)
    }

    /// Where to report about a file: its include, or a file without text if it is the root.
    fn span_of(&mut self, path: &RelPath, included: Option<Span>) -> Span {
        included.unwrap_or_else(|| Span::start_of(self.sources.add(path.as_str(), "")))
    }

    fn unreadable(&self, path: &RelPath, error: &ReadError, span: Span, included: bool) -> Finding {
        match error {
            ReadError::Missing if included => {
                let finding = Finding::error("include-missing", span, format!("there is no file `{path}`"));
                self.suggest(finding, path, "")
            }
            ReadError::Missing => Finding::error("spec-missing", span, format!("there is no file `{path}`"))
                .help("`isobar init` writes a small application; or give the path of the file"),
            ReadError::Folder => Finding::error("not-a-file", span, format!("`{path}` is a folder"))
                .help(format!("name the files in it: `{path}/*.yaml`")),
            ReadError::Outside => {
                let message = format!("`{path}` leads outside of the folder of `{}`", self.root);
                Finding::error("include-outside", span, message)
                    .help("move the file into the folder; links out of it are not followed")
            }
            ReadError::TooLarge { size, .. } => {
                let cap = Caps::default().file_bytes;
                let message = if *size > cap as u64 {
                    format!("`{path}` has {size} bytes, more than the {cap} that are read")
                } else {
                    format!("with `{path}` the files have more than {MAX_BYTES} bytes")
                };
                Finding::error("too-large", span, message).help("split the application")
            }
            ReadError::Io(message) => {
                Finding::error("unreadable-file", span, format!("`{path}` cannot be read: {message}"))
            }
        }
    }

    /// The path that was meant; `rest` is what stands behind it, of a glob.
    fn suggest(&self, finding: Finding, path: &RelPath, rest: &str) -> Finding {
        match nearest_path(self.files, path) {
            Some(near) => {
                let near = near.seen_from(self.sources.folder(finding.primary.span));
                finding.did_you_mean(&format!("{near}{rest}"))
            }
            None if rest.is_empty() => finding.help("paths are relative to the file that includes them"),
            None => finding.help("globs are relative to the file that includes them"),
        }
    }

    fn not_utf8(&mut self, path: &RelPath, error: &DecodeError, included: Option<Span>) {
        let file = self.sources.add(path.as_str(), error.lossy.as_str());
        let length = u32::try_from(char::REPLACEMENT_CHARACTER.len_utf8()).unwrap_or(0);
        let place = Span::new(file, error.at, error.at + length);
        let message = format!("`{path}` cannot be read: {error}");
        let finding = Finding::error("not-utf8", included.unwrap_or(place), message).help("save the file as UTF-8");
        self.findings.push(if included.is_some() { finding.related(place, "here") } else { finding });
    }

    fn includes(&mut self, include: &Node, parent: usize) {
        let items: Vec<Node> = match &include.kind {
            Kind::Seq(items) => items.to_vec(),
            Kind::Scalar(scalar) if scalar.is_null() => Vec::new(),
            Kind::Scalar(_) => vec![include.clone()],
            Kind::Map(_) => {
                let message = "`include` is a mapping, not a list of paths";
                let help = "write `include: [functions/*.yaml]`";
                self.findings.push(Finding::error("include-path", include.span, message).help(help));
                Vec::new()
            }
        };
        for item in items {
            if !self.findings.has_room() {
                break;
            }
            let text = item.as_str().filter(|text| !text.is_empty() && !item.is_null());
            let outcome = match text {
                Some(text) => self.include(text, item.span, parent),
                None => refused(
                    Finding::error("include-path", item.span, format!("{} is no path", item.describe()))
                        .help("write a path or a glob such as `functions/*.yaml`"),
                ),
            };
            if let Err(finding) = outcome {
                self.incomplete = true;
                self.findings.push(*finding);
            }
        }
    }

    /// Queues the files of one path or glob.
    fn include(&mut self, text: &str, span: Span, parent: usize) -> Result<(), Box<Finding>> {
        let folder = self.paths.get(parent).map_or(String::new(), |(path, _)| path.folder().to_owned());
        let pattern = Pattern::read(&folder, text, span, &self.root)?;
        let matched: Vec<RelPath> = match &pattern.matcher {
            None => vec![pattern.prefix.clone()],
            Some(matcher) => {
                let own = self.paths.get(parent).map(|(path, _)| path.clone());
                let listed = self.list(&pattern, span, text)?;
                listed.into_iter().filter(|p| matcher.is_match(p.as_str()) && Some(p) != own.as_ref()).collect()
            }
        };
        if matched.is_empty() {
            let finding = Finding::error("include-missing", span, format!("`{text}` matches no file"));
            let help = "globs are relative to the file that includes them; `*` stays in a folder, `**` goes below it";
            let finding = self.suggest(finding, &pattern.prefix, pattern.rest(text));
            return refused(if finding.fix.is_some() { finding } else { finding.help(help) });
        }
        for path in matched {
            if pattern.matcher.is_none()
                && let Some((own, _)) = self.paths.get(parent)
            {
                if self.is_ancestor(&path, parent) {
                    return refused(circles::finding(own, &path, span));
                }
                self.named.entry(own.clone()).or_default().entry(path.clone()).or_insert(span);
            }
            if !self.seen.insert(path.clone()) {
                continue;
            }
            if self.seen.len() > MAX_FILES {
                if std::mem::replace(&mut self.full, true) {
                    return Ok(());
                }
                let message = format!("the application has more than {MAX_FILES} files");
                return refused(
                    Finding::error("too-many-files", span, message).help("join some of them, or name a narrower glob"),
                );
            }
            self.queue.push_back(Wanted { path, span, parent: Some(parent) });
        }
        Ok(())
    }

    fn list(&mut self, pattern: &Pattern, span: Span, text: &str) -> Result<Vec<RelPath>, Box<Finding>> {
        let (files, folder) = (self.files, &pattern.prefix);
        let listed = self.listings.entry(folder.clone()).or_insert_with(|| files.list(folder, MAX_LISTED + 1));
        match listed {
            Ok(listed) if listed.len() > MAX_LISTED => {
                let message = format!("`{text}` has to look at more than {MAX_LISTED} files");
                refused(
                    Finding::error("too-many-files", span, message)
                        .help("start the glob with the folder of the fragments: `functions/*.yaml`"),
                )
            }
            Ok(listed) => {
                let mut listed = listed.clone();
                listed.sort();
                Ok(listed)
            }
            Err(ReadError::Missing) => {
                let finding = Finding::error("include-missing", span, format!("there is no folder `{folder}`"));
                refused(self.suggest(finding, folder, pattern.rest(text)))
            }
            Err(error) => {
                let error = error.clone();
                refused(self.unreadable(folder, &error, span, true))
            }
        }
    }

    /// Whether a file is the one that includes, or includes it over others.
    fn is_ancestor(&self, path: &RelPath, mut number: usize) -> bool {
        while let Some((own, parent)) = self.paths.get(number) {
            if own == path {
                return true;
            }
            let Some(parent) = parent else { return false };
            number = *parent;
        }
        false
    }
}

/// The first line of a span.
fn first_line(text: &str, span: Span) -> Span {
    let line = text.get(span.start as usize..span.end as usize).unwrap_or_default().lines().next().unwrap_or_default();
    Span::new(span.file, span.start, span.start + u32::try_from(line.len()).unwrap_or(0))
}
