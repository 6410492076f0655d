//! Reads an output that was written before: what its locks say belongs to it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::lock::{Lock, hash};
use super::reading::DiskFiles;
use crate::base::{Files as _, RelPath};

/// Most bytes of one file of an output.
const FILE_CAP: u64 = 512 << 20;

/// The output for one target.
#[derive(Debug, Clone)]
pub struct Written {
    /// What its lock says.
    pub lock: Lock,
    /// The files that are there: path → bytes.
    pub files: BTreeMap<String, Vec<u8>>,
    /// Those that are no longer what was written: edited or gone.
    pub edited: Vec<String>,
}

/// The outputs in a folder: one for each target that has a folder in it, or that of a target itself. None where there is
/// no lock.
pub fn read_output(folder: &Path) -> anyhow::Result<Vec<Written>> {
    if let Some(written) = read_one(folder)? {
        return Ok(vec![written]);
    }
    let Ok(entries) = fs::read_dir(folder) else { return Ok(Vec::new()) };
    let mut folders: Vec<_> = entries.flatten().map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    let mut found = Vec::new();
    for folder in folders {
        found.extend(read_one(&folder)?);
    }
    Ok(found)
}

fn read_one(folder: &Path) -> anyhow::Result<Option<Written>> {
    let shown = folder.display();
    let lock = Lock::read(folder).map_err(|why| anyhow::anyhow!("the lock of `{shown}` cannot be read: {why}"))?;
    let Some(lock) = lock else { return Ok(None) };
    let disk = DiskFiles::open(folder)?;
    let (mut files, mut edited) = (BTreeMap::new(), Vec::new());
    for (path, written) in &lock.files {
        let inside = RelPath::resolve("", path).with_context(|| format!("the lock of `{shown}` names `{path}`"))?;
        match disk.read(&inside, FILE_CAP) {
            Ok(bytes) => {
                if hash(&bytes) != *written {
                    edited.push(path.clone());
                }
                files.insert(path.clone(), bytes);
            }
            Err(crate::base::ReadError::Missing) => edited.push(path.clone()),
            Err(why) => bail!("cannot read `{shown}/{path}`: {why:?}"),
        }
    }
    Ok(Some(Written { lock, files, edited }))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use crate::host::{Owner, TargetOutput, WriteOptions, write_out};

    #[test]
    fn what_was_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert!(read_output(folder.path()).unwrap().is_empty());
        let output = |target: &str| TargetOutput {
            target: target.to_owned(),
            files: vec![("a.tf".to_owned(), b"a".to_vec()), ("b.tf".to_owned(), b"b".to_vec())],
        };
        let owner = Owner { app: "shop".to_owned(), environment: "default".to_owned() };
        write_out(folder.path(), &owner, &[output("one"), output("two")], WriteOptions::default()).unwrap();
        fs::write(folder.path().join("one/a.tf"), "edited").unwrap();
        fs::remove_file(folder.path().join("one/b.tf")).unwrap();
        let found = read_output(folder.path()).unwrap();
        let targets: Vec<&str> = found.iter().map(|written| written.lock.target.as_str()).collect();
        assert_eq!(targets, ["one", "two"]);
        let one = read_output(&folder.path().join("one")).unwrap().remove(0);
        assert_eq!(one.edited, ["a.tf", "b.tf"]);
        assert_eq!(one.files.len(), 1);
        fs::write(folder.path().join("two/isobar.lock.json"), "{").unwrap();
        assert!(read_output(folder.path()).unwrap_err().to_string().contains("cannot be read"));
    }
}
