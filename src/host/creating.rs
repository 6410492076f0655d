//! Writing beside the protocol for output folders: files that a person owns from then on.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::disk::{Disk as _, RealDisk};

/// Makes files below a folder that may exist; none of them may. Folders are made as needed.
pub fn create_files(folder: &Path, files: &[(&str, Vec<u8>)]) -> anyhow::Result<()> {
    let there: Vec<String> = files
        .iter()
        .map(|(path, _)| folder.join(path))
        .filter(|path| fs::symlink_metadata(path).is_ok())
        .map(|path| format!("`{}`", path.display()))
        .collect();
    if !there.is_empty() {
        let verb = if there.len() == 1 { "exists" } else { "exist" };
        bail!("nothing was written: {} {verb} already", there.join(", "));
    }
    for (path, bytes) in files {
        let full = folder.join(path);
        let parent = full.parent().unwrap_or(folder);
        fs::create_dir_all(parent).with_context(|| format!("cannot make the folder `{}`", parent.display()))?;
        RealDisk.make_file(&full, bytes).with_context(|| format!("cannot write `{}`", full.display()))?;
    }
    Ok(())
}

/// Replaces the contents of a file in one step: whoever reads it sees the old text or the new one. A link stays,
/// and the file that it leads to is replaced; its rights are kept.
pub fn replace_file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let write = || -> io::Result<()> {
        let path = fs::canonicalize(path)?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let temporary = path.with_file_name(format!(".{name}.isobar-tmp-{}", std::process::id()));
        let staged = RealDisk
            .make_file(&temporary, bytes)
            .and_then(|()| fs::set_permissions(&temporary, fs::metadata(&path)?.permissions()))
            .and_then(|()| RealDisk.rename(&temporary, &path));
        if staged.is_err() {
            // What cannot be written cannot be removed either, or was never made.
            let _ = fs::remove_file(&temporary);
        }
        staged
    };
    write().with_context(|| format!("cannot write `{}`", path.display()))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn creates_all_or_nothing() {
        let temp = tempfile::tempdir().unwrap();
        let folder = temp.path().join("new/app");
        let files = [("a", b"1".to_vec()), ("b/c", b"2".to_vec())];
        create_files(&folder, &files).unwrap();
        assert_eq!(fs::read(folder.join("b/c")).unwrap(), b"2");
        fs::remove_file(folder.join("a")).unwrap();
        fs::write(folder.join("b/c"), "mine").unwrap();
        let error = create_files(&folder, &files).unwrap_err().to_string();
        assert!(error.contains("b/c` exists already"), "{error}");
        assert!(!folder.join("a").exists());
        assert_eq!(fs::read(folder.join("b/c")).unwrap(), b"mine");
    }

    #[test]
    fn replaces_behind_a_link_and_keeps_rights() {
        let temp = tempfile::tempdir().unwrap();
        let (file, link) = (temp.path().join("file"), temp.path().join("link"));
        fs::write(&file, "old").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink("file", &link).unwrap();
        replace_file(&link, b"new").unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"new");
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o640);
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read_dir(temp.path()).unwrap().count(), 2);
        assert!(replace_file(&temp.path().join("none"), b"x").is_err());
    }
}
