//! The few operations that change the disk, behind a trait, so that a test can make each of them fail.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

/// What the writing protocol does to a disk. None of these follows a symbolic link at the last part of a path.
pub trait Disk {
    /// Makes a folder; its parent exists.
    fn make_folder(&self, path: &Path) -> io::Result<()>;
    /// Makes a file that did not exist.
    fn make_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;
    /// Moves a file, replacing what is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove_file(&self, path: &Path) -> io::Result<()>;
    /// Removes an empty folder.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
}

/// The disk itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir(path)
    }

    fn make_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::OpenOptions::new().write(true).create_new(true).open(path)?.write_all(bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir(path)
    }
}
