//! Reading: source files below one folder, never through a symbolic link that leaves it, never more than asked.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use walkdir::WalkDir;

use crate::base::{Files, ReadError, RelPath};

/// The name of a spec in its folder.
const SPEC_FILE: &str = "isobar.yaml";

/// Where a spec is: the folder that it may read from, and its name in there.
#[derive(Debug, Clone)]
pub struct Root {
    /// The files of the folder.
    pub files: DiskFiles,
    /// The spec itself.
    pub spec: RelPath,
    /// The folder as the user wrote it, empty for the working folder: what leads from there to a source file.
    pub shown: String,
}

impl Root {
    /// A source file as the user reaches it.
    pub fn shown_path(&self, path: &str) -> String {
        if self.shown.is_empty() { path.to_owned() } else { format!("{}/{path}", self.shown) }
    }

    /// A source file on the disk.
    pub fn disk_path(&self, path: &str) -> PathBuf {
        self.files.root.join(path)
    }
}

/// Finds the spec that a path of the command line means; a folder means its `isobar.yaml`.
pub fn find_root(path: &Path) -> anyhow::Result<Root> {
    let shown_path = path.display();
    let is_folder = match fs::metadata(path) {
        Ok(meta) => meta.is_dir(),
        Err(e) if e.kind() == io::ErrorKind::NotFound => {
            misnamed(path)?;
            bail!("there is no `{shown_path}`; `isobar init` writes a first one")
        }
        Err(e) => return Err(e).with_context(|| format!("cannot read `{shown_path}`")),
    };
    let file = if is_folder { path.join(SPEC_FILE) } else { path.to_owned() };
    if is_folder && !file.exists() {
        misnamed(&file)?;
        bail!("there is no `{SPEC_FILE}` in the folder `{shown_path}`; `isobar init {shown_path}` writes a first one");
    }
    let name = file.file_name().and_then(|n| n.to_str()).and_then(|n| RelPath::resolve("", n));
    let spec =
        name.with_context(|| format!("`{}` is no path that can be read: its name is not UTF-8", file.display()))?;
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let shown = folder.components().collect::<PathBuf>();
    let shown = if shown == Path::new(".") { String::new() } else { shown.display().to_string() };
    Ok(Root { files: DiskFiles::open(folder)?.following(&spec), spec, shown })
}

/// Refuses a spec that is there with the other ending of YAML.
fn misnamed(file: &Path) -> anyhow::Result<()> {
    let other = file.with_extension("yml");
    if file.extension().is_some_and(|ending| ending == "yaml") && other.is_file() {
        bail!("there is no `{}`, but there is a `{}`; rename it, or name it", file.display(), other.display());
    }
    Ok(())
}

/// A folder of the disk as the core sees it.
#[derive(Debug, Clone)]
pub struct DiskFiles {
    /// Canonical: comparing with it decides what is outside.
    root: PathBuf,
    /// Who runs the program names this file, and may name a link that leads out of the folder.
    named: Option<RelPath>,
}

impl DiskFiles {
    /// Opens a folder.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let root =
            fs::canonicalize(folder).with_context(|| format!("cannot open the folder `{}`", folder.display()))?;
        Ok(Self { root, named: None })
    }

    /// The same, where one file may be a link that leads elsewhere.
    fn following(self, named: &RelPath) -> Self {
        Self { named: Some(named.clone()), ..self }
    }

    /// The canonical path of a file, when it stays inside.
    fn inside(&self, path: &RelPath) -> Result<PathBuf, ReadError> {
        let full = fs::canonicalize(self.root.join(path.as_str())).map_err(|e| read_error(&e))?;
        let stays = full.starts_with(&self.root) || self.named.as_ref() == Some(path);
        if stays { Ok(full) } else { Err(ReadError::Outside) }
    }
}

fn read_error(e: &io::Error) -> ReadError {
    let kind = e.kind();
    if matches!(kind, io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
        ReadError::Missing
    } else if kind == io::ErrorKind::IsADirectory {
        ReadError::Folder
    } else {
        ReadError::Io(e.to_string())
    }
}

impl Files for DiskFiles {
    fn read(&self, path: &RelPath, cap: u64) -> Result<Vec<u8>, ReadError> {
        read_capped(&self.inside(path)?, cap)
    }

    fn list(&self, folder: &RelPath, cap: usize) -> Result<Vec<RelPath>, ReadError> {
        let start = self.inside(folder)?;
        if !start.is_dir() {
            return Err(ReadError::Missing);
        }
        // Links are followed as long as they stay inside; a cycle of links ends in an error of the walk.
        let stays = |entry: &walkdir::DirEntry| {
            !entry.path_is_symlink() || fs::canonicalize(entry.path()).is_ok_and(|p| p.starts_with(&self.root))
        };
        let walk = WalkDir::new(&start).follow_links(true).sort_by_file_name().into_iter().filter_entry(stays);
        let mut found = Vec::new();
        for entry in walk {
            let entry = match entry {
                Ok(entry) => entry,
                // Broken links and cycles lead nowhere.
                Err(e) if e.loop_ancestor().is_some() || is_missing(&e) => continue,
                Err(e) => return Err(ReadError::Io(e.to_string())),
            };
            if !entry.file_type().is_file() {
                continue;
            }
            if found.len() == cap {
                break;
            }
            let below = entry.path().strip_prefix(&start).ok().and_then(Path::to_str);
            // A name that is not UTF-8 cannot be written into a spec, an archive or a manifest.
            let Some(below) = below else {
                return Err(ReadError::Io(format!("the name of `{}` is not UTF-8", entry.path().display())));
            };
            // With a backslash in a name the path would mean another file elsewhere.
            found.extend(RelPath::resolve(folder.as_str(), below));
        }
        found.sort();
        Ok(found)
    }

    fn strays(&self, folder: &RelPath) -> Vec<RelPath> {
        let Ok(start) = self.inside(folder) else { return Vec::new() };
        let leads_inside = |path: &Path| fs::canonicalize(path).is_ok_and(|path| path.starts_with(&self.root));
        let links = WalkDir::new(&start).into_iter().filter_map(Result::ok).filter(walkdir::DirEntry::path_is_symlink);
        let strays = links.filter(|entry| !leads_inside(entry.path())).filter_map(|entry| {
            let below = entry.path().strip_prefix(&start).ok()?.to_str()?;
            RelPath::resolve(folder.as_str(), below)
        });
        let mut strays: Vec<RelPath> = strays.collect();
        strays.sort();
        strays
    }
}

fn is_missing(e: &walkdir::Error) -> bool {
    e.io_error().is_some_and(|e| e.kind() == io::ErrorKind::NotFound)
}

/// Reads a regular file whose size is checked first, so that neither a device nor a growing file fills memory.
fn read_capped(path: &Path, cap: u64) -> Result<Vec<u8>, ReadError> {
    let meta = fs::metadata(path).map_err(|e| read_error(&e))?;
    if meta.is_dir() {
        return Err(ReadError::Folder);
    }
    if !meta.is_file() {
        return Err(ReadError::Io("it is no regular file".to_owned()));
    }
    if meta.len() > cap {
        return Err(ReadError::TooLarge { size: meta.len(), cap });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(meta.len()).unwrap_or(0));
    let file = fs::File::open(path).map_err(|e| read_error(&e))?;
    file.take(cap.saturating_add(1)).read_to_end(&mut bytes).map_err(|e| read_error(&e))?;
    let size = bytes.len() as u64;
    if size > cap { Err(ReadError::TooLarge { size, cap }) } else { Ok(bytes) }
}

/// All files of a folder outside of the spec, such as a user's own target: path → bytes.
pub fn read_folder(folder: &Path, files_cap: usize, bytes_cap: u64) -> anyhow::Result<BTreeMap<String, Vec<u8>>> {
    let shown = folder.display();
    let files = DiskFiles::open(folder)?;
    let root = RelPath::resolve("", "").with_context(|| format!("cannot open `{shown}`"))?;
    let paths =
        files.list(&root, files_cap + 1).map_err(|e| anyhow::anyhow!("cannot list `{shown}`: {}", describe(&e)))?;
    if paths.len() > files_cap {
        bail!("the folder `{shown}` holds more than {files_cap} files");
    }
    let mut left = bytes_cap;
    let mut out = BTreeMap::new();
    for path in paths {
        let bytes =
            files.read(&path, left).map_err(|e| anyhow::anyhow!("cannot read `{shown}/{path}`: {}", describe(&e)))?;
        left -= bytes.len() as u64;
        out.insert(path.as_str().to_owned(), bytes);
    }
    Ok(out)
}

fn describe(e: &ReadError) -> String {
    match e {
        ReadError::Missing => "there is none".to_owned(),
        ReadError::Folder => "it is a folder".to_owned(),
        ReadError::Outside => "a symbolic link leads out of the folder".to_owned(),
        ReadError::TooLarge { cap, .. } => format!("it is larger than the {cap} bytes that are left to read"),
        ReadError::Io(message) => message.clone(),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
    use super::*;
    use std::os::unix::fs::symlink;

    fn rel(path: &str) -> RelPath {
        RelPath::resolve("", path).unwrap()
    }

    fn folder() -> (tempfile::TempDir, DiskFiles) {
        let temp = tempfile::tempdir().unwrap();
        let root = temp.path().join("app");
        fs::create_dir_all(root.join("code/b")).unwrap();
        fs::write(root.join("isobar.yaml"), "isobar: 1\n").unwrap();
        fs::write(root.join("code/z.py"), "z").unwrap();
        fs::write(root.join("code/b/a.py"), "a").unwrap();
        fs::write(temp.path().join("secret"), "s").unwrap();
        fs::create_dir(temp.path().join("elsewhere")).unwrap();
        fs::write(temp.path().join("elsewhere/s"), "s").unwrap();
        let files = DiskFiles::open(&root).unwrap();
        (temp, files)
    }

    #[test]
    fn reads_what_is_there_and_says_what_is_not() {
        let (_temp, files) = folder();
        assert_eq!(files.read(&rel("isobar.yaml"), 100), Ok(b"isobar: 1\n".to_vec()));
        assert_eq!(files.read(&rel("isobar.yaml"), 10), Ok(b"isobar: 1\n".to_vec()));
        assert_eq!(files.read(&rel("isobar.yaml"), 9), Err(ReadError::TooLarge { size: 10, cap: 9 }));
        assert_eq!(files.read(&rel("none"), 9), Err(ReadError::Missing));
        assert_eq!(files.read(&rel("isobar.yaml/x"), 9), Err(ReadError::Missing));
        assert_eq!(files.read(&rel("code"), 9), Err(ReadError::Folder));
        assert_eq!(files.read(&rel(""), 9), Err(ReadError::Folder));
    }

    #[test]
    fn links_lead_inside_only() {
        let (temp, files) = folder();
        let root = temp.path().join("app");
        symlink(temp.path().join("secret"), root.join("out")).unwrap();
        symlink("../../elsewhere", root.join("code/far")).unwrap();
        symlink("z.py", root.join("code/near.py")).unwrap();
        symlink("..", root.join("code/b/up")).unwrap();
        symlink("nowhere", root.join("code/broken")).unwrap();
        assert_eq!(files.read(&rel("out"), 9), Err(ReadError::Outside));
        assert_eq!(files.read(&rel("code/far/s"), 9), Err(ReadError::Outside));
        assert_eq!(files.read(&rel("code/near.py"), 9), Ok(b"z".to_vec()));
        assert_eq!(files.list(&rel("code/far"), 9), Err(ReadError::Outside));
        let listed = files.list(&rel("code"), 99).unwrap();
        assert_eq!(listed, ["code/b/a.py", "code/near.py", "code/z.py"].map(rel));
        assert_eq!(files.strays(&rel("code")), ["code/broken", "code/far"].map(rel));
        assert_eq!(files.strays(&rel("code/b")), []);
    }

    #[test]
    fn lists_sorted_and_capped() {
        let (_temp, files) = folder();
        assert_eq!(files.list(&rel(""), 99).unwrap(), ["code/b/a.py", "code/z.py", "isobar.yaml"].map(rel));
        assert_eq!(files.list(&rel("code"), 1).unwrap().len(), 1);
        assert_eq!(files.list(&rel("none"), 1), Err(ReadError::Missing));
        assert_eq!(files.list(&rel("isobar.yaml"), 1), Err(ReadError::Missing));
    }

    #[test]
    fn devices_are_not_read() {
        assert!(matches!(read_capped(Path::new("/dev/zero"), 1 << 40), Err(ReadError::Io(_))));
    }

    #[test]
    fn a_folder_means_its_spec() {
        let (temp, _) = folder();
        let root = temp.path().join("app");
        let found = find_root(&root).unwrap();
        assert_eq!(found.spec, rel("isobar.yaml"));
        assert_eq!(found.shown, root.display().to_string());
        assert_eq!(find_root(&root.join("isobar.yaml")).unwrap().spec, rel("isobar.yaml"));
        let empty = find_root(&temp.path().join("elsewhere")).unwrap_err().to_string();
        assert!(empty.contains("there is no `isobar.yaml` in the folder"), "{empty}");
        let missing = find_root(&root.join("x.yaml")).unwrap_err().to_string();
        assert!(missing.contains("isobar init"), "{missing}");
    }

    #[test]
    fn a_folder_is_read_within_its_caps() {
        let (temp, _) = folder();
        let root = temp.path().join("app");
        let all = read_folder(&root, 3, 12).unwrap();
        assert_eq!(all.keys().collect::<Vec<_>>(), ["code/b/a.py", "code/z.py", "isobar.yaml"]);
        assert!(read_folder(&root, 2, 12).unwrap_err().to_string().contains("more than 2 files"));
        assert!(read_folder(&root, 3, 11).unwrap_err().to_string().contains("isobar.yaml"));
    }
}
