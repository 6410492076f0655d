//! What the program remembers about an output folder: the lock, which says what was written, and the journal,
//! which stands there while writing and says what is about to be. A file whose hash is in neither is not ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, io};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::base::RelPath;

/// The lock, in the folder of a target.
pub const LOCK_FILE: &str = "isobar.lock.json";
/// The journal of a run that is writing, in the same place.
pub(super) const JOURNAL_FILE: &str = ".isobar-tmp-journal.json";
/// Temporary files have this and a number for a name.
pub(super) const TEMPORARY: &str = ".isobar-tmp-";
/// A lock of 10,000 functions has about 10 MB.
const CAP: u64 = 256 << 20;
const VERSION: u32 = 1;

/// `isobar.lock.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// Version of this format, 1.
    pub version: u32,
    /// The application.
    pub app: String,
    /// Its environment.
    pub environment: String,
    /// The target.
    pub target: String,
    /// The files, by path below the folder of the target, with the SHA-256 of each in hexadecimal digits.
    pub files: BTreeMap<String, String>,
}

/// What a run that did not end may have left: path → hashes that are ours.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    pub(super) files: BTreeMap<String, BTreeSet<String>>,
}

impl Lock {
    /// A lock of the current version.
    pub(super) fn new(app: &str, environment: &str, target: &str, files: BTreeMap<String, String>) -> Self {
        Self { version: VERSION, app: app.into(), environment: environment.into(), target: target.into(), files }
    }

    /// As it stands in the file.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    /// Reads the lock of a folder; `None` when there is none. The message says what is wrong with it.
    pub(super) fn read(folder: &Path) -> Result<Option<Self>, String> {
        let Some(bytes) = read_plain(&folder.join(LOCK_FILE))? else { return Ok(None) };
        let lock: Self = serde_json::from_slice(&bytes).map_err(|e| format!("it is no lock of Isobar: {e}"))?;
        if lock.version != VERSION {
            return Err(format!("its version is {}; this program writes version {VERSION}", lock.version));
        }
        check_paths(lock.files.keys())?;
        Ok(Some(lock))
    }
}

impl Journal {
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        to_bytes(self)
    }

    pub(super) fn read(folder: &Path) -> Result<Option<Self>, String> {
        let Some(bytes) = read_plain(&folder.join(JOURNAL_FILE))? else { return Ok(None) };
        let journal: Self = serde_json::from_slice(&bytes).map_err(|e| format!("it is no journal of Isobar: {e}"))?;
        check_paths(journal.files.keys())?;
        Ok(Some(journal))
    }
}

fn to_bytes(value: &impl Serialize) -> Vec<u8> {
    // Maps of strings cannot fail to become JSON.
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// The files named in a lock are removed later, so that a lock that somebody else wrote must not name any outside.
fn check_paths<'a>(paths: impl Iterator<Item = &'a String>) -> Result<(), String> {
    for path in paths {
        if !is_plain(path) || is_reserved(path) {
            return Err(format!("it names `{path}`, which is no file of an output"));
        }
    }
    Ok(())
}

/// A path below a folder, written in its only way.
pub(super) fn is_plain(path: &str) -> bool {
    !path.is_empty() && RelPath::resolve("", path).is_some_and(|p| p.as_str() == path)
}

/// A name that the protocol keeps for itself.
pub(super) fn is_reserved(path: &str) -> bool {
    path == LOCK_FILE || path.starts_with(TEMPORARY)
}

fn read_plain(path: &Path) -> Result<Option<Vec<u8>>, String> {
    let meta = match fs::symlink_metadata(path) {
        Ok(meta) => meta,
        Err(e) if matches!(e.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => return Ok(None),
        Err(e) => return Err(e.to_string()),
    };
    if !meta.is_file() {
        return Err("it is no regular file".to_owned());
    }
    if meta.len() > CAP {
        return Err("it is too large".to_owned());
    }
    fs::read(path).map(Some).map_err(|e| e.to_string())
}

/// SHA-256 in hexadecimal digits.
pub(super) fn hash(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string does not fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
