//! Archives of function code. The same files give the same bytes on every machine: entries are sorted, times and modes
//! are fixed, and compression depends on nothing but the content.

use std::io::{Cursor, Write as _};

use sha2::{Digest as _, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// A file of an archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Member {
    /// Its path in the archive: relative, parts joined by `/`, no `.` or `..`.
    pub(super) path: String,
    /// What it holds. Files that begin with `#!` or as a program of Linux may be run.
    pub(super) bytes: Vec<u8>,
}

/// The SHA-256 of some bytes.
pub(super) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// One hash over a folder: paths, lengths and bytes of sorted members.
pub(super) fn tree_sha256(members: &[Member]) -> [u8; 32] {
    let mut sorted: Vec<&Member> = members.iter().collect();
    sorted.sort_by(|a, b| a.path.cmp(&b.path));
    let mut hash = Sha256::new();
    for member in sorted {
        // Lengths before contents, so that no two folders give the same bytes to the hash.
        hash.update((member.path.len() as u64).to_be_bytes());
        hash.update(&member.path);
        hash.update((member.bytes.len() as u64).to_be_bytes());
        hash.update(&member.bytes);
    }
    hash.finalize().into()
}

/// The zip archive of members in any order. Fails, with a sentence for the user, where a path would leave the folder it
/// is unpacked in, or stands twice.
pub(super) fn zip(mut members: Vec<Member>) -> Result<Vec<u8>, String> {
    members.sort_by(|a, b| a.path.cmp(&b.path));
    for member in &members {
        if !is_safe(&member.path) {
            return Err(format!(
                "`{}` is no path that every system can unpack below a folder",
                member.path.escape_debug()
            ));
        }
    }
    for (before, member) in members.iter().zip(members.iter().skip(1)) {
        if before.path == member.path {
            return Err(format!("`{}` would stand twice in the archive", member.path));
        }
    }
    // `a-b` sorts between `a` and `a/c`, so folders are looked up instead of compared with their neighbour.
    for member in &members {
        let mut folders = member.path.match_indices('/').filter_map(|(at, _)| member.path.get(..at));
        if let Some(folder) = folders.find(|f| members.binary_search_by_key(f, |m| m.path.as_str()).is_ok()) {
            return Err(format!("`{folder}` would be both a file and a folder of the archive"));
        }
    }
    write(&members).map_err(|error| format!("the archive cannot be written: {error}"))
}

fn write(members: &[Member]) -> zip::result::ZipResult<Vec<u8>> {
    let size: usize = members.iter().map(|m| m.bytes.len() / 2 + m.path.len() + 128).sum();
    let mut zip = ZipWriter::new(Cursor::new(Vec::with_capacity(size)));
    for member in members {
        let runs = member.bytes.starts_with(b"#!") || member.bytes.starts_with(b"\x7fELF");
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            // 1980-01-01, the earliest that the format knows.
            .last_modified_time(DateTime::default())
            .unix_permissions(if runs { 0o755 } else { 0o644 });
        zip.start_file(member.path.as_str(), options)?;
        zip.write_all(&member.bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}

/// Relative, without `.` and `..`, and without what Windows reads as a drive or a separator.
fn is_safe(path: &str) -> bool {
    path.len() <= 1024
        && !path.contains(['\\', '\0', ':'])
        && !path.chars().any(char::is_control)
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use std::io::Read as _;

    use super::*;

    fn member(path: &str, bytes: &[u8]) -> Member {
        Member { path: path.to_owned(), bytes: bytes.to_vec() }
    }

    fn hex(hash: [u8; 32]) -> String {
        hash.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat()
    }

    #[test]
    fn the_order_of_members_does_not_matter() {
        let text = b"def handler(event):\n    return event\n".repeat(50);
        let (a, b, c) = (member("a/app.py", &text), member("run.sh", b"#!/bin/sh\n"), member("a.txt", b""));
        let first = zip(vec![a.clone(), b.clone(), c.clone()]).unwrap();
        let second = zip(vec![c.clone(), a.clone(), b.clone()]).unwrap();
        assert_eq!(first, second);
        // The bytes themselves are fixed: a change of this hash redeploys every function of every user.
        assert_eq!(hex(sha256(&first)), "9101a7276de32b3aa650f8ccb8b7b0916e5b3091e1068c8ca7e011b4dd38f88e");
        assert_eq!(tree_sha256(&[a.clone(), b.clone()]), tree_sha256(&[b, a]));
        assert_ne!(tree_sha256(&[member("a", b"bc")]), tree_sha256(&[member("ab", b"c")]));
    }

    #[test]
    fn what_went_in_comes_out() {
        let bytes = zip(vec![member("b/run", b"#!/bin/sh\n"), member("a.py", b"x = 1\n")]).unwrap();
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        assert_eq!(archive.file_names().map(Result::unwrap).collect::<Vec<_>>(), ["a.py", "b/run"]);
        assert_eq!(archive.by_name("a.py").unwrap().unix_mode().unwrap() & 0o777, 0o644);
        let mut file = archive.by_name("b/run").unwrap();
        assert_eq!(file.unix_mode().unwrap() & 0o777, 0o755);
        assert_eq!(file.last_modified().unwrap().year(), 1980);
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        assert_eq!(text, "#!/bin/sh\n");
    }

    #[test]
    fn paths_that_leave_the_archive_are_refused() {
        for path in ["/a", "../a", "a/../b", "a//b", "", "a/", "./a", "a\\b", "c:a", "a\nb"] {
            assert!(zip(vec![member(path, b"")]).unwrap_err().contains("no path"), "{path}");
        }
        assert!(zip(vec![member("a", b""), member("a", b"")]).unwrap_err().contains("twice"));
        let both = vec![member("a", b""), member("a-b", b""), member("a/c", b"")];
        assert_eq!(zip(both).unwrap_err(), "`a` would be both a file and a folder of the archive");
    }

    #[test]
    fn hashes() {
        assert_eq!(hex(sha256(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
