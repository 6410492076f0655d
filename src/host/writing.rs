//! The writing protocol. Everything is rendered and proven before it comes here; here it reaches the disk so that
//! a run that fails or is killed at any point leaves either the old output or one that the next run completes:
//!
//! 1. Survey every target. Any conflict: nothing is written.
//! 2. Stage all bytes as temporary files. A full disk or a missing right shows here, and they are removed again.
//! 3. Put the journal there, which says what may be ours from now on.
//! 4. Move the files to their places one by one; remove those that are no longer emitted.
//! 5. Put the lock there, then remove the journal.
//!
//! Files are not flushed to the device: after a loss of power, the next run finds contents that are not ours and
//! says so, and `--force` repairs it.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::conflict::Conflict;
use super::disk::{Disk, RealDisk};
use super::lock::{JOURNAL_FILE, LOCK_FILE, TEMPORARY};
use super::survey::{Survey, check_output, strangers, survey};

/// Whose output it is: one application in one environment per output folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// `app:`
    pub app: String,
    /// The environment.
    pub environment: String,
}

/// What one target writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TargetOutput {
    /// The name of its folder.
    pub target: String,
    /// Path below that folder and bytes.
    pub files: Vec<(String, Vec<u8>)>,
}

/// How to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct WriteOptions {
    /// Write over files that were edited or that are not ours.
    pub force: bool,
    /// Write nothing, only report.
    pub check: bool,
}

/// What was done, or with `check` what would be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Files that changed, with the path of the output folder.
    pub changes: Vec<Change>,
    /// How many files stayed as they were.
    pub unchanged: usize,
    /// Files of a former run that are no longer emitted, but were edited and so stay.
    pub kept: Vec<String>,
    /// A former run had not ended.
    pub interrupted: bool,
    /// With `check`: what would refuse to be written over.
    pub conflicts: Vec<Conflict>,
}

impl Report {
    /// Whether the output was what it has to be.
    pub fn is_clean(&self) -> bool {
        self.changes.is_empty() && self.conflicts.is_empty() && !self.interrupted
    }
}

/// One file that changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its path.
    pub path: String,
    /// What happened to it.
    pub kind: ChangeKind,
}

/// What happened to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Created,
    /// It was another.
    Updated,
    /// It is gone.
    Removed,
}

/// Why nothing, or not all, was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WriteError {
    /// Places that may not be written over. Nothing was written.
    Conflicts(Vec<Conflict>),
    /// An output that cannot be written anywhere. Nothing was written.
    Refused(String),
    /// The operating system refused.
    Failed {
        /// Where.
        path: String,
        /// Its message.
        message: String,
        /// Files had begun to move; the next run completes it.
        incomplete: bool,
    },
}

impl std::error::Error for WriteError {}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflicts(conflicts) => {
                f.write_str("nothing was written:")?;
                for conflict in conflicts {
                    write!(f, "\n  {conflict}")?;
                }
                Ok(())
            }
            Self::Refused(why) => write!(f, "nothing was written: {why}"),
            Self::Failed { path, message, incomplete: false } => {
                write!(f, "nothing was written: cannot write `{path}`: {message}")
            }
            Self::Failed { path, message, incomplete: true } => {
                write!(f, "cannot write `{path}`: {message}\n  the output is incomplete; the same command completes it")
            }
        }
    }
}

/// Writes the outputs of all targets below `out`, or none.
pub fn write_out(
    out: &Path,
    owner: &Owner,
    outputs: &[TargetOutput],
    options: WriteOptions,
) -> Result<Report, WriteError> {
    write_out_on(&RealDisk, out, owner, outputs, options)
}

/// As [`write_out`], on a given disk.
pub fn write_out_on(
    disk: &dyn Disk,
    out: &Path,
    owner: &Owner,
    outputs: &[TargetOutput],
    options: WriteOptions,
) -> Result<Report, WriteError> {
    outputs.iter().try_for_each(check_output).map_err(WriteError::Refused)?;
    let mut writer = Writer { disk, folders: Vec::new(), staged: Vec::new() };
    if let Ok(meta) = fs::metadata(out)
        && !meta.is_dir()
    {
        return Err(WriteError::Refused(format!("`{}` is a file, not a folder", out.display())));
    }
    let survey_all = || -> std::io::Result<(Vec<Survey>, Vec<Conflict>)> {
        let targets: Vec<&str> = outputs.iter().map(|o| o.target.as_str()).collect();
        let mut conflicts = if options.force { Vec::new() } else { strangers(out, owner, &targets)? };
        let mut surveys = Vec::new();
        for output in outputs {
            let mut survey = survey(out, owner, output, options.force)?;
            conflicts.append(&mut survey.conflicts);
            surveys.push(survey);
        }
        Ok((surveys, conflicts))
    };
    let (surveys, conflicts) = survey_all().map_err(|e| failed(out, &e, false))?;
    let mut report = report(&surveys, outputs);
    if options.check {
        report.conflicts = conflicts;
        return Ok(report);
    }
    if !conflicts.is_empty() {
        return Err(WriteError::Conflicts(conflicts));
    }
    if surveys.iter().all(Survey::is_clean) {
        return Ok(report);
    }
    match writer.stage(out, &surveys, outputs) {
        Ok(()) => {}
        Err(e) => {
            writer.undo();
            return Err(e);
        }
    }
    surveys.iter().zip(&writer.staged).try_for_each(|(survey, staged)| writer.place(survey, staged))?;
    Ok(report)
}

fn failed(path: &Path, e: &std::io::Error, incomplete: bool) -> WriteError {
    WriteError::Failed { path: path.display().to_string(), message: e.to_string(), incomplete }
}

fn report(surveys: &[Survey], outputs: &[TargetOutput]) -> Report {
    let mut report = Report::default();
    for (survey, output) in surveys.iter().zip(outputs) {
        let shown = |path: &str| survey.folder.join(path).display().to_string();
        let written = survey.writes.iter().filter_map(|(index, existed)| {
            let (path, _) = output.files.get(*index)?;
            let kind = if *existed { ChangeKind::Updated } else { ChangeKind::Created };
            Some(Change { path: shown(path), kind })
        });
        report.changes.extend(written);
        let removed = survey.removes_first.iter().chain(&survey.removes);
        report.changes.extend(removed.map(|path| Change { path: shown(path), kind: ChangeKind::Removed }));
        if report.changes.is_empty() && survey.lock.is_some() {
            report.changes.push(Change { path: shown(LOCK_FILE), kind: ChangeKind::Updated });
        }
        report.unchanged += survey.unchanged;
        report.kept.extend(survey.kept.iter().map(|path| shown(path)));
        report.interrupted |= survey.interrupted;
    }
    report.changes.sort_by(|a, b| a.path.cmp(&b.path));
    report
}

/// The temporary files of one target.
#[derive(Default)]
struct Staged {
    /// Temporary path → final path below the folder of the target.
    files: Vec<(PathBuf, String)>,
    journal: Option<PathBuf>,
    lock: Option<PathBuf>,
    /// Keeps the folder locked against another run until the end.
    _guard: Option<fs::File>,
}

struct Writer<'a> {
    disk: &'a dyn Disk,
    /// Folders made while staging, to be removed when it fails.
    folders: Vec<PathBuf>,
    staged: Vec<Staged>,
}

impl Writer<'_> {
    fn stage(&mut self, out: &Path, surveys: &[Survey], outputs: &[TargetOutput]) -> Result<(), WriteError> {
        self.make_folders(out)?;
        for (survey, output) in surveys.iter().zip(outputs) {
            self.make_folders(&survey.folder)?;
            let guard = lock_folder(&survey.folder)?;
            for name in &survey.leftovers {
                let path = survey.folder.join(name);
                self.disk.remove_file(&path).map_err(|e| failed(&path, &e, false))?;
            }
            self.staged.push(Staged { _guard: guard, ..Staged::default() });
            if survey.is_clean() {
                continue;
            }
            let mut next = 0;
            for (index, _) in &survey.writes {
                let Some((path, bytes)) = output.files.get(*index) else { continue };
                let temporary = temporary(&survey.folder, &mut next);
                self.stage_file(&temporary, bytes, &survey.folder.join(path), |s, t| s.files.push((t, path.clone())))?;
            }
            if let Some(bytes) = &survey.lock {
                let temporary = temporary(&survey.folder, &mut next);
                self.stage_file(&temporary, bytes, &survey.folder.join(LOCK_FILE), |s, t| s.lock = Some(t))?;
            }
            let temporary = temporary(&survey.folder, &mut next);
            let bytes = survey.journal.to_bytes();
            self.stage_file(&temporary, &bytes, &survey.folder.join(JOURNAL_FILE), |s, t| s.journal = Some(t))?;
        }
        Ok(())
    }

    /// Makes a temporary file, remembered even when only a part of it could be written.
    fn stage_file(
        &mut self,
        temporary: &Path,
        bytes: &[u8],
        shown: &Path,
        remember: impl FnOnce(&mut Staged, PathBuf),
    ) -> Result<(), WriteError> {
        if let Some(staged) = self.staged.last_mut() {
            remember(staged, temporary.to_owned());
        }
        self.disk.make_file(temporary, bytes).map_err(|e| failed(shown, &e, false))
    }

    fn make_folders(&mut self, folder: &Path) -> Result<(), WriteError> {
        let missing: Vec<&Path> = folder.ancestors().take_while(|p| !p.as_os_str().is_empty() && !p.is_dir()).collect();
        for path in missing.into_iter().rev() {
            self.disk.make_folder(path).map_err(|e| failed(path, &e, false))?;
            self.folders.push(path.to_owned());
        }
        Ok(())
    }

    /// Takes back what was staged. What cannot be removed is found by the next run.
    fn undo(&mut self) {
        for staged in std::mem::take(&mut self.staged) {
            let temporary = staged.files.iter().map(|(t, _)| t).chain(&staged.journal).chain(&staged.lock);
            for path in temporary {
                let _ = self.disk.remove_file(path);
            }
        }
        for folder in std::mem::take(&mut self.folders).iter().rev() {
            let _ = self.disk.remove_folder(folder);
        }
    }

    /// Moves what was staged for one target to its place.
    fn place(&self, survey: &Survey, staged: &Staged) -> Result<(), WriteError> {
        if survey.is_clean() {
            return Ok(());
        }
        let folder = &survey.folder;
        let disk = self.disk;
        let rename = |from: &Path, to: &Path| disk.rename(from, to).map_err(|e| failed(to, &e, true));
        if let Some(journal) = &staged.journal {
            rename(journal, &folder.join(JOURNAL_FILE))?;
        }
        self.remove(folder, &survey.removes_first)?;
        for (temporary, path) in &staged.files {
            let to = folder.join(path);
            // A folder of ours that has become empty gives way to the file.
            if to.is_dir() && !to.is_symlink() {
                self.prune(&to);
            }
            self.make_parents(folder, path)?;
            rename(temporary, &to)?;
        }
        self.remove(folder, &survey.removes)?;
        if let Some(lock) = &staged.lock {
            rename(lock, &folder.join(LOCK_FILE))?;
        }
        let journal = folder.join(JOURNAL_FILE);
        disk.remove_file(&journal).map_err(|e| failed(&journal, &e, true))
    }

    fn make_parents(&self, folder: &Path, path: &str) -> Result<(), WriteError> {
        for (end, _) in path.match_indices('/') {
            let parent = folder.join(path.get(..end).unwrap_or_default());
            if !parent.is_dir() {
                self.disk.make_folder(&parent).map_err(|e| failed(&parent, &e, true))?;
            }
        }
        Ok(())
    }

    /// Removes files, and the folders that they leave empty.
    fn remove(&self, folder: &Path, paths: &[String]) -> Result<(), WriteError> {
        for path in paths {
            let full = folder.join(path);
            self.disk.remove_file(&full).map_err(|e| failed(&full, &e, true))?;
            for parent in full.ancestors().skip(1).take_while(|p| *p != folder) {
                // A folder that is not empty stays.
                if self.disk.remove_folder(parent).is_err() {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Removes a tree of empty folders.
    fn prune(&self, folder: &Path) {
        let folders = walkdir::WalkDir::new(folder).contents_first(true).into_iter().flatten();
        for entry in folders.filter(|e| e.file_type().is_dir()) {
            let _ = self.disk.remove_folder(entry.path());
        }
    }
}

/// The next temporary name in the folder of a target, which is on the same file system as all its files.
fn temporary(folder: &Path, next: &mut usize) -> PathBuf {
    *next += 1;
    folder.join(format!("{TEMPORARY}{next}"))
}

/// Locks the folder against another run at the same time. Where folders cannot be locked, runs are on their own.
fn lock_folder(folder: &Path) -> Result<Option<fs::File>, WriteError> {
    let Ok(file) = fs::File::open(folder) else { return Ok(None) };
    match file.try_lock() {
        Err(fs::TryLockError::WouldBlock) => {
            Err(WriteError::Refused(format!("another isobar is writing to `{}`", folder.display())))
        }
        Ok(()) | Err(fs::TryLockError::Error(_)) => Ok(Some(file)),
    }
}

#[cfg(test)]
#[path = "writing_tests.rs"]
mod tests;
