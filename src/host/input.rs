//! Reads what another program wrote, from a file, a pipe or standard input, and never more than asked.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context as _, bail};

/// The bytes that a path of the command line means; `-` is standard input.
pub fn read_input(path: &Path, cap: u64) -> anyhow::Result<Vec<u8>> {
    if path == Path::new("-") {
        return capped(io::stdin().lock(), "standard input", cap);
    }
    let shown = format!("`{}`", path.display());
    // What a shell substitutes for a command is no regular file, and its size is not known.
    let file = fs::File::open(path).with_context(|| format!("cannot read {shown}"))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        bail!("{shown} is a folder");
    }
    capped(file, &shown, cap)
}

fn capped(from: impl Read, shown: &str, cap: u64) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(cap.saturating_add(1)).read_to_end(&mut bytes).with_context(|| format!("cannot read {shown}"))?;
    if bytes.len() as u64 > cap {
        bail!("{shown} is larger than {} MiB", cap >> 20);
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn no_more_is_read_than_asked() {
        assert_eq!(capped(&b"1234"[..], "it", 4).unwrap(), b"1234");
        assert!(capped(&b"12345"[..], "it", 4).is_err());
        let folder = tempfile::tempdir().unwrap();
        assert!(read_input(folder.path(), 4).unwrap_err().to_string().ends_with("is a folder"));
        assert!(read_input(&folder.path().join("x"), 4).unwrap_err().to_string().starts_with("cannot read"));
    }
}
