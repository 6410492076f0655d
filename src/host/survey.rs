//! Before anything is written: what stands in the folder of a target, what of it is ours, and what would have to
//! change. Only reads.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::{fs, io};

use rayon::prelude::*;

use super::conflict::{Conflict, ConflictKind};
use super::lock::{JOURNAL_FILE, Journal, LOCK_FILE, Lock, TEMPORARY, hash, is_plain, is_reserved};
use super::writing::{Owner, TargetOutput};

/// What has to happen in the folder of a target. Paths are below that folder.
#[derive(Debug)]
pub(super) struct Survey {
    pub(super) folder: PathBuf,
    /// Files to write: index in the output, and whether there was one before.
    pub(super) writes: Vec<(usize, bool)>,
    /// Files of a former run where a folder has to be now, or inside of a folder where a file has to be.
    pub(super) removes_first: Vec<String>,
    /// Files of a former run that are no longer emitted.
    pub(super) removes: Vec<String>,
    /// Such files that were edited since, and stay.
    pub(super) kept: Vec<String>,
    pub(super) unchanged: usize,
    pub(super) conflicts: Vec<Conflict>,
    /// Temporary files of a run that did not end.
    pub(super) leftovers: Vec<String>,
    /// A former run did not end.
    pub(super) interrupted: bool,
    /// The new lock, when it differs from what is there.
    pub(super) lock: Option<Vec<u8>>,
    /// What may be ours once files have begun to move.
    pub(super) journal: Journal,
}

impl Survey {
    pub(super) fn is_clean(&self) -> bool {
        !self.interrupted
            && self.writes.is_empty()
            && self.removes.is_empty()
            && self.removes_first.is_empty()
            && self.lock.is_none()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum There {
    Nothing,
    File,
    Folder,
    Link,
    Other,
}

fn look(path: &Path) -> io::Result<There> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() => Ok(There::File),
        Ok(meta) if meta.is_dir() => Ok(There::Folder),
        Ok(meta) if meta.is_symlink() => Ok(There::Link),
        Ok(_) => Ok(There::Other),
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(There::Nothing),
        Err(e) => Err(e),
    }
}

/// Which hashes of which files are ours.
type Owned = BTreeMap<String, BTreeSet<String>>;

struct Surveyor<'a> {
    folder: PathBuf,
    output: &'a TargetOutput,
    owned: Owned,
    hashes: Vec<String>,
    /// What stands at each parent folder that was looked at.
    parents: BTreeMap<String, There>,
    conflicts: Vec<Conflict>,
    removes_first: BTreeSet<String>,
}

/// Looks at the folder of a target. `force` leaves out the conflicts that may be written over.
pub(super) fn survey(out: &Path, owner: &Owner, output: &TargetOutput, force: bool) -> io::Result<Survey> {
    let hashes = output.files.par_iter().map(|(_, bytes)| hash(bytes)).collect();
    let mut surveyor = Surveyor {
        folder: out.join(&output.target),
        output,
        owned: Owned::new(),
        hashes,
        parents: BTreeMap::new(),
        conflicts: Vec::new(),
        removes_first: BTreeSet::new(),
    };
    surveyor.run(owner, force)
}

impl Surveyor<'_> {
    fn run(&mut self, owner: &Owner, force: bool) -> io::Result<Survey> {
        match look(&self.folder)? {
            There::Nothing | There::Folder => {}
            There::Link => self.conflict("", ConflictKind::Link),
            There::File | There::Other => self.conflict("", ConflictKind::NoFolder),
        }
        if !self.conflicts.is_empty() {
            return Ok(self.nothing_but_conflicts(force));
        }
        let interrupted = self.read_records(owner);
        let (writes, unchanged) = self.compare()?;
        let (removes, kept) = self.stale()?;
        let lock = self.new_lock(owner)?;
        let leftovers = self.leftovers()?;
        let mut journal = Journal { files: self.owned.clone() };
        for ((path, _), hash) in self.output.files.iter().zip(&self.hashes) {
            journal.files.entry(path.clone()).or_default().insert(hash.clone());
        }
        Ok(Survey {
            writes,
            unchanged,
            removes: removes.into_iter().filter(|p| !self.removes_first.contains(p)).collect(),
            kept,
            interrupted: interrupted || !leftovers.is_empty(),
            leftovers,
            lock,
            journal,
            removes_first: std::mem::take(&mut self.removes_first).into_iter().collect(),
            ..self.nothing_but_conflicts(force)
        })
    }

    fn nothing_but_conflicts(&mut self, force: bool) -> Survey {
        let mut conflicts = std::mem::take(&mut self.conflicts);
        conflicts.retain(|c| !force || !c.kind.yields_to_force());
        conflicts.dedup();
        Survey {
            folder: self.folder.clone(),
            writes: Vec::new(),
            removes_first: Vec::new(),
            removes: Vec::new(),
            kept: Vec::new(),
            unchanged: 0,
            conflicts,
            leftovers: Vec::new(),
            interrupted: false,
            lock: None,
            journal: Journal::default(),
        }
    }

    fn conflict(&mut self, path: &str, kind: ConflictKind) {
        let path = if path.is_empty() { self.folder.clone() } else { self.folder.join(path) };
        self.conflicts.push(Conflict { path: path.display().to_string(), kind });
    }

    /// Reads lock and journal; true when a run did not end.
    fn read_records(&mut self, owner: &Owner) -> bool {
        match Lock::read(&self.folder) {
            Ok(Some(lock)) => {
                if lock.app != owner.app || lock.environment != owner.environment || lock.target != self.output.target {
                    let kind = ConflictKind::Other { app: lock.app, environment: lock.environment };
                    self.conflict("", kind);
                }
                for (path, hash) in lock.files {
                    self.owned.entry(path).or_default().insert(hash);
                }
            }
            Ok(None) => {}
            Err(why) => self.conflict(LOCK_FILE, ConflictKind::Unreadable(why)),
        }
        match Journal::read(&self.folder) {
            Ok(Some(journal)) => {
                for (path, hashes) in journal.files {
                    self.owned.entry(path).or_default().extend(hashes);
                }
                true
            }
            Ok(None) => false,
            Err(why) => {
                self.conflict(JOURNAL_FILE, ConflictKind::Unreadable(why));
                true
            }
        }
    }

    /// Compares what is to be written with what is there.
    fn compare(&mut self) -> io::Result<(Vec<(usize, bool)>, usize)> {
        let mut writes = Vec::new();
        let mut unchanged = 0;
        let output = self.output;
        let mut reachable = Vec::with_capacity(output.files.len());
        for (path, _) in &output.files {
            reachable.push(self.parents_are_folders(path)?);
        }
        // Reading is the work; deciding is not.
        let folder = &self.folder;
        let there: Vec<io::Result<(There, Option<Vec<u8>>)>> = output
            .files
            .par_iter()
            .zip(reachable)
            .map(|((path, bytes), reachable)| {
                if !reachable {
                    return Ok((There::Nothing, None));
                }
                let full = folder.join(path);
                let there = look(&full)?;
                let differs = if there == There::File { Some(fs::read(&full)?).filter(|b| b != bytes) } else { None };
                Ok((there, differs))
            })
            .collect();
        for (index, ((path, _), there)) in output.files.iter().zip(there).enumerate() {
            let (there, differs) = there?;
            match (there, differs) {
                (There::File, None) => {
                    unchanged += 1;
                    continue;
                }
                (There::File, Some(bytes)) => self.judge_file(path, &bytes),
                (There::Nothing, _) => {}
                (There::Folder, _) => self.judge_folder(path)?,
                (There::Link, _) => self.conflict(path, ConflictKind::Link),
                (There::Other, _) => self.conflict(path, ConflictKind::Foreign),
            }
            writes.push((index, there == There::File));
        }
        Ok((writes, unchanged))
    }

    fn judge_file(&mut self, path: &str, bytes: &[u8]) {
        match self.owned.get(path) {
            None => self.conflict(path, ConflictKind::Foreign),
            Some(hashes) if !hashes.contains(&hash(bytes)) => self.conflict(path, ConflictKind::Edited),
            Some(_) => {}
        }
    }

    /// A folder where a file goes may go when all that it holds is ours and unchanged.
    fn judge_folder(&mut self, path: &str) -> io::Result<()> {
        for entry in walkdir::WalkDir::new(self.folder.join(path)) {
            let entry = entry.map_err(io::Error::other)?;
            if entry.file_type().is_dir() {
                continue;
            }
            let below = entry.path().strip_prefix(&self.folder).ok().and_then(Path::to_str).unwrap_or("").to_owned();
            if !entry.file_type().is_file() || !self.is_ours(&below)? {
                self.conflict(path, ConflictKind::Folder);
                return Ok(());
            }
            self.removes_first.insert(below);
        }
        Ok(())
    }

    fn is_ours(&self, path: &str) -> io::Result<bool> {
        match self.owned.get(path) {
            Some(hashes) => Ok(hashes.contains(&hash(&fs::read(self.folder.join(path))?))),
            None => Ok(false),
        }
    }

    /// Checks the folders above a file, from the top; false when one of them does not exist yet.
    fn parents_are_folders(&mut self, path: &str) -> io::Result<bool> {
        for (end, _) in path.match_indices('/') {
            let parent = path.get(..end).unwrap_or_default();
            let there = match self.parents.get(parent) {
                Some(there) => *there,
                None => self.look_at_parent(parent)?,
            };
            if there != There::Folder {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn look_at_parent(&mut self, parent: &str) -> io::Result<There> {
        let there = look(&self.folder.join(parent))?;
        match there {
            There::Nothing | There::Folder => {}
            There::Link => self.conflict(parent, ConflictKind::Link),
            There::File if self.is_ours(parent)? => {
                self.removes_first.insert(parent.to_owned());
            }
            There::File | There::Other => self.conflict(parent, ConflictKind::NoFolder),
        }
        self.parents.insert(parent.to_owned(), there);
        Ok(there)
    }

    /// Files of a former run that are not emitted any more: those to remove, and those that were edited.
    fn stale(&mut self) -> io::Result<(Vec<String>, Vec<String>)> {
        let emitted: BTreeSet<&str> = self.output.files.iter().map(|(path, _)| path.as_str()).collect();
        let paths: Vec<String> = self.owned.keys().filter(|p| !emitted.contains(p.as_str())).cloned().collect();
        let (mut removes, mut kept) = (Vec::new(), Vec::new());
        // A link above such a file is the user's: what is behind it is not ours, and no conflict either.
        let before = self.conflicts.len();
        for path in paths {
            if !self.parents_are_folders(&path)? || look(&self.folder.join(&path))? != There::File {
                continue;
            }
            if self.is_ours(&path)? { removes.push(path) } else { kept.push(path) }
        }
        self.conflicts.truncate(before);
        Ok((removes, kept))
    }

    /// The lock that has to be there, unless it is there already.
    fn new_lock(&mut self, owner: &Owner) -> io::Result<Option<Vec<u8>>> {
        let files = self.output.files.iter().map(|(path, _)| path.clone()).zip(self.hashes.iter().cloned()).collect();
        let bytes = Lock::new(&owner.app, &owner.environment, &self.output.target, files).to_bytes();
        let path = self.folder.join(LOCK_FILE);
        match look(&path)? {
            There::File if fs::read(&path)? == bytes => return Ok(None),
            There::Folder => self.conflict(LOCK_FILE, ConflictKind::Folder),
            There::Nothing | There::File | There::Link | There::Other => {}
        }
        Ok(Some(bytes))
    }

    fn leftovers(&self) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(e) => return Err(e),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let number = name.to_str().and_then(|n| n.strip_prefix(TEMPORARY));
            if number.is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
                && entry.file_type()?.is_file()
            {
                names.extend(name.into_string());
            }
        }
        names.sort();
        Ok(names)
    }
}

/// Locks of other targets in the same output folder that belong to another application or environment.
pub(super) fn strangers(out: &Path, owner: &Owner, targets: &[&str]) -> io::Result<Vec<Conflict>> {
    let entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut found = Vec::new();
    for entry in entries {
        let entry = entry?;
        let ours = entry.file_name().to_str().is_some_and(|n| targets.contains(&n));
        if ours || !entry.file_type()?.is_dir() {
            continue;
        }
        // What cannot be read there is nobody's lock.
        if let Ok(Some(lock)) = Lock::read(&entry.path())
            && (lock.app != owner.app || lock.environment != owner.environment)
        {
            let kind = ConflictKind::Other { app: lock.app, environment: lock.environment };
            found.push(Conflict { path: entry.path().display().to_string(), kind });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}

/// Whether the paths of an output can be written at all: plain, unique, none inside another, none reserved.
pub(super) fn check_output(output: &TargetOutput) -> Result<(), String> {
    if !is_plain(&output.target) || output.target.contains('/') {
        return Err(format!("`{}` is no name of a folder", output.target));
    }
    let mut files = BTreeSet::new();
    for (path, _) in &output.files {
        if !is_plain(path) || is_reserved(path) {
            return Err(format!("`{path}` is no path that target `{}` may write", output.target));
        }
        if !files.insert(path.as_str()) {
            return Err(format!("target `{}` writes `{path}` twice", output.target));
        }
    }
    let within =
        |path: &&str| path.match_indices('/').any(|(end, _)| path.get(..end).is_some_and(|p| files.contains(p)));
    match files.iter().copied().find(within) {
        Some(path) => Err(format!("target `{}` writes `{path}` below a path that is a file", output.target)),
        None => Ok(()),
    }
}
