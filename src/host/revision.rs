//! A revision of a git repository as the files of a folder. Only git's own reading commands are run, which start no hook
//! and write nothing; what they print is read by their formats for programs.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, bail};

use crate::base::{Files, ReadError, RelPath};

/// Most links that are followed, one after the other.
const LINKS: usize = 8;

/// A file of the revision.
#[derive(Debug, Clone)]
struct Entry {
    /// Name of its content.
    object: String,
    /// In bytes.
    size: u64,
    is_link: bool,
}

/// The files of one folder of a revision.
#[derive(Debug, Clone)]
pub struct RevisionFiles {
    /// By path below the folder.
    entries: Arc<BTreeMap<RelPath, Entry>>,
    reader: Arc<Mutex<Reader>>,
}

/// The process that hands out contents.
#[derive(Debug)]
struct Reader {
    child: Child,
    questions: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Drop for Reader {
    fn drop(&mut self) {
        // It ends when nobody asks any more; a process that is stuck is not waited for.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reader {
    fn start() -> anyhow::Result<Self> {
        let mut child = git(&["cat-file", "--batch"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            bail!("git has no standard streams");
        };
        Ok(Self { child, questions, answers: BufReader::new(answers) })
    }

    /// The content of an object, whose size is known.
    fn content(&mut self, object: &str, size: u64) -> std::io::Result<Vec<u8>> {
        writeln!(self.questions, "{object}")?;
        self.questions.flush()?;
        let mut head = String::new();
        self.answers.read_line(&mut head)?;
        // `<object> blob <size>`, the content, and a line break.
        if head.trim_end() != format!("{object} blob {size}") {
            return Err(std::io::Error::other(format!("git answers `{}`", head.trim_end())));
        }
        let mut bytes = vec![0; usize::try_from(size).map_err(std::io::Error::other)?];
        self.answers.read_exact(&mut bytes)?;
        self.answers.read_exact(&mut [0])?;
        Ok(bytes)
    }
}

/// A spec of a revision.
#[derive(Debug, Clone)]
pub struct Revision {
    /// The files beside and below it.
    pub files: RevisionFiles,
    /// The spec itself.
    pub spec: RelPath,
    /// The folder of the spec as it is reached from the working folder; empty when that is the one.
    pub shown: String,
}

/// Opens `path` in a revision; `None` where the revision does not have it. As in git, a path starts from the top of the
/// repository, and one that begins with `./` from the working folder; `A...B` is where B left A, `HEAD` unless it is given.
pub fn open_revision(revision: &str, path: &str) -> anyhow::Result<Option<Revision>> {
    let inside = ask(&["rev-parse", "--show-prefix"]).context("`git:` needs to stand in a git repository")?;
    let commit = match revision.split_once("...") {
        None => commit(revision)?,
        Some((from, to)) => {
            let (from, to) = (commit(from)?, commit(if to.is_empty() { "HEAD" } else { to })?);
            ask(&["merge-base", &from, &to]).with_context(|| format!("`{revision}` has no commit in common"))?
        }
    };
    let here = inside.trim_end_matches(['\n', '/']).to_owned();
    let base = if path == "." || path.starts_with("./") || path.starts_with("../") { here.as_str() } else { "" };
    let path = RelPath::resolve(base, path).with_context(|| format!("`{path}` leads out of the repository"))?;
    let tree = output(git(&["ls-tree", "-r", "-z", "-l", "--full-tree", commit.trim_end()]))?;
    let mut entries = BTreeMap::new();
    for line in tree.split(|byte| *byte == 0).filter(|line| !line.is_empty()) {
        // A name that is not UTF-8 cannot be named by a spec.
        let Ok(line) = std::str::from_utf8(line) else { continue };
        if let Some((path, entry)) = entry(line) {
            entries.insert(path, entry);
        }
    }
    let spec = if entries.contains_key(&path) { path } else { in_folder(&entries, &path) };
    if !entries.contains_key(&spec) {
        return Ok(None);
    }
    let folder = spec.folder().to_owned();
    let below = |path: &RelPath| {
        let rest =
            if folder.is_empty() { Some(path.as_str()) } else { path.as_str().strip_prefix(&format!("{folder}/")) };
        rest.and_then(|rest| RelPath::resolve("", rest))
    };
    let entries = entries.into_iter().filter_map(|(path, entry)| Some((below(&path)?, entry))).collect();
    let spec = below(&spec).context("the spec has no name")?;
    let shown = if folder == here { String::new() } else { folder };
    let reader = Arc::new(Mutex::new(Reader::start()?));
    Ok(Some(Revision { files: RevisionFiles { entries: Arc::new(entries), reader }, spec, shown }))
}

/// The name of the commit that a revision is.
fn commit(revision: &str) -> anyhow::Result<String> {
    let commit = ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{revision}^{{commit}}")]);
    let commit = commit.map_err(|_| anyhow::anyhow!("there is no revision `{revision}` in this repository"))?;
    Ok(commit.trim_end().to_owned())
}

fn in_folder(entries: &BTreeMap<RelPath, Entry>, path: &RelPath) -> RelPath {
    let inside = RelPath::resolve(path.as_str(), "isobar.yaml");
    inside.filter(|inside| entries.contains_key(inside)).unwrap_or_else(|| path.clone())
}

/// `<mode> <type> <object> <size>\t<path>`
fn entry(line: &str) -> Option<(RelPath, Entry)> {
    let (head, path) = line.split_once('\t')?;
    let mut parts = head.split_ascii_whitespace();
    let (mode, kind, object, size) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let entry = Entry { object: object.to_owned(), size: size.parse().ok()?, is_link: mode == "120000" };
    (kind == "blob").then(|| Some((RelPath::resolve("", path)?, entry)))?
}

fn git(arguments: &[&str]) -> Command {
    let mut command = Command::new("git");
    command.args(arguments).stdin(Stdio::null()).stderr(Stdio::piped());
    // Nobody is there to answer, and no pager to read.
    command.env("GIT_TERMINAL_PROMPT", "0").env("GIT_OPTIONAL_LOCKS", "0");
    command
}

fn output(mut command: Command) -> anyhow::Result<Vec<u8>> {
    let done = command.output().context("cannot run `git`")?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    bail!("git: {}", String::from_utf8_lossy(&done.stderr).trim())
}

fn ask(arguments: &[&str]) -> anyhow::Result<String> {
    Ok(String::from_utf8_lossy(&output(git(arguments))?).into_owned())
}

impl RevisionFiles {
    fn content(&self, entry: &Entry, cap: u64) -> Result<Vec<u8>, ReadError> {
        if entry.size > cap {
            return Err(ReadError::TooLarge { size: entry.size, cap });
        }
        let mut reader = self.reader.lock().map_err(|e| ReadError::Io(e.to_string()))?;
        reader.content(&entry.object, entry.size).map_err(|e| ReadError::Io(e.to_string()))
    }

    /// What a path leads to, links followed as long as they stay inside.
    fn find(&self, path: &RelPath) -> Result<&Entry, ReadError> {
        let mut path = path.clone();
        for _ in 0..LINKS {
            let Some(entry) = self.entries.get(&path) else {
                let is_folder = self.entries.keys().any(|other| other.is_below(&path));
                return Err(if is_folder { ReadError::Folder } else { ReadError::Missing });
            };
            if !entry.is_link {
                return Ok(entry);
            }
            let target = self.content(entry, 4096)?;
            let target = String::from_utf8(target).map_err(|_| ReadError::Missing)?;
            path = RelPath::resolve(path.folder(), &target).ok_or(ReadError::Outside)?;
        }
        Err(ReadError::Missing)
    }
}

impl Files for RevisionFiles {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        self.content(self.find(path)?, cap)
    }

    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError> {
        let inside = |path: &&RelPath| folder.as_str().is_empty() || path.is_below(folder);
        let mut found = self.entries.keys().filter(inside).peekable();
        if found.peek().is_none() {
            return Err(ReadError::Missing);
        }
        Ok(found.filter(|path| self.find(path).is_ok()).take(cap).cloned().collect())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn lines_of_a_tree_are_read() {
        let (path, found) = entry("100644 blob 8ab6      12\tcode/a b.py").unwrap();
        assert_eq!(
            (path.as_str(), found.object.as_str(), found.size, found.is_link),
            ("code/a b.py", "8ab6", 12, false)
        );
        assert!(entry("120000 blob 8ab6 3\tlink").unwrap().1.is_link);
        assert!(entry("160000 commit 8ab6 -\tmodule").is_none());
        assert!(entry("nonsense").is_none());
    }
}
