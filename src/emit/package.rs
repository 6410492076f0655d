//! Packs code for a target: the same files give the same bytes, on every machine.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use super::Artifact;
use super::archive::{self, Member};
use crate::base::{Files, ReadError, RelPath};
use crate::catalog::{Packaging, Target};
use crate::diag::{Finding, Findings};
use crate::plan::{Package, Packages, Source, Wanted};

/// Most bytes of one package before compression. Platforms refuse far less; this only bounds memory.
const SIZE_CAP: u64 = 512 << 20;
/// Most files of one package.
const FILE_CAP: usize = 50_000;
/// Left out of every package.
const ALWAYS_IGNORED: [&str; 5] = ["**/__pycache__/**", "**/*.pyc", ".git/**", "**/.DS_Store", ".isobarignore"];

/// Packs what is wanted. Functions whose code is missing have no package and a finding.
pub fn pack(wanted: &[Wanted], target: &Target, files: &dyn Files) -> (Packages, Vec<Artifact>, Findings) {
    let mut packages = Packages::new();
    let mut artifacts = Vec::new();
    let mut findings = Findings::default();
    for one in wanted {
        let made = match &one.source {
            Source::Folder(path) => folder(one, path, target, files),
            Source::Archive(path) => archive_as_is(one, path, files),
        };
        match made {
            Ok((package, mut made)) => {
                for function in &one.functions {
                    packages.insert(function.clone(), package.clone());
                }
                artifacts.append(&mut made);
            }
            Err(finding) => findings.push(*finding),
        }
    }
    (packages, artifacts, findings)
}

/// A finding for code that cannot be read.
fn unreadable(one: &Wanted, path: &RelPath, error: &ReadError) -> Finding {
    let why = match error {
        ReadError::Missing => "there is no such file or folder".to_owned(),
        ReadError::Folder => "it is a folder".to_owned(),
        ReadError::Outside => "it leads out of the folder of the spec".to_owned(),
        ReadError::TooLarge { size, cap } => format!("it has {size} bytes, more than {cap}"),
        ReadError::Io(message) => message.clone(),
    };
    Finding::error("missing-code", one.span, format!("the code `{path}` cannot be read: {why}"))
        .help("build it first; isobar packs code and never builds it")
}

fn read(one: &Wanted, path: &RelPath, files: &dyn Files, left: u64) -> Result<Vec<u8>, Box<Finding>> {
    files.read(path, left).map_err(|error| Box::new(unreadable(one, path, &error)))
}

fn folder(
    one: &Wanted,
    root: &RelPath,
    target: &Target,
    files: &dyn Files,
) -> Result<(Package, Vec<Artifact>), Box<Finding>> {
    let list = files.list(root, FILE_CAP).map_err(|error| unreadable(one, root, &error))?;
    let inside = |path: &RelPath| {
        let text = path.as_str();
        let rest = if root.as_str().is_empty() { Some(text) } else { text.strip_prefix(root.as_str()) };
        rest.map(|rest| rest.trim_start_matches('/').to_owned())
    };
    let ignored = ignored(one, root, files)?;
    // An output of ours may stand inside of the code it was made from; it is never packed into the next one.
    let outputs: Vec<String> =
        list.iter().filter_map(|path| Some(format!("{}/", path.as_str().strip_suffix("/isobar.lock.json")?))).collect();
    let mut members = Vec::new();
    let mut left = SIZE_CAP;
    for path in list.iter().filter(|path| !outputs.iter().any(|out| path.as_str().starts_with(out.as_str()))) {
        let Some(name) = inside(path).filter(|name| !ignored.is_match(name)) else { continue };
        let bytes = read(one, path, files, left)?;
        left = left.saturating_sub(bytes.len() as u64);
        members.push(Member { path: name, bytes });
    }
    if members.is_empty() {
        let message = format!("the code `{root}` has no files");
        let finding = Finding::error("missing-code", one.span, message);
        return Err(finding.help("name the folder that holds the handler").into());
    }
    let adapter = one.adapter.as_ref().and_then(|language| target.manifest.adapters.get(language));
    for (path, bytes) in target.files.iter().filter(|_| adapter.is_some()) {
        let below = adapter.and_then(|a| path.strip_prefix(&a.from)).and_then(|rest| rest.strip_prefix('/'));
        if let Some(name) = below {
            if members.iter().any(|m| m.path == name) {
                let message = format!("the code `{root}` holds `{name}`, the name of the adapter");
                return Err(Finding::error("missing-code", one.span, message).help("rename the file").into());
            }
            members.push(Member { path: name.to_owned(), bytes: bytes.clone() });
        }
    }
    Ok(match target.manifest.package {
        Packaging::Zip => {
            let bytes = archive::zip(members).map_err(|why| Finding::error("missing-code", one.span, why))?;
            let path = format!("code/{}.zip", one.slug);
            (package(&path, one, archive::sha256(&bytes)), vec![Artifact { path, bytes }])
        }
        Packaging::Folder => {
            members.sort_by(|a, b| a.path.cmp(&b.path));
            let root = format!("code/{}", one.slug);
            let package = package(&root, one, archive::tree_sha256(&members));
            let artifact = |m: Member| Artifact { path: format!("{root}/{}", m.path), bytes: m.bytes };
            (package, members.into_iter().map(artifact).collect())
        }
    })
}

fn archive_as_is(one: &Wanted, path: &RelPath, files: &dyn Files) -> Result<(Package, Vec<Artifact>), Box<Finding>> {
    let bytes = read(one, path, files, SIZE_CAP)?;
    let ending = path.as_str().rsplit_once('.').map_or("zip", |(_, ending)| ending);
    let out = format!("code/{}.{ending}", one.slug);
    Ok((package(&out, one, archive::sha256(&bytes)), vec![Artifact { path: out, bytes }]))
}

fn package(path: &str, one: &Wanted, sha256: [u8; 32]) -> Package {
    Package { path: path.into(), slug: one.slug.as_str().into(), sha256 }
}

/// What `.isobarignore` leaves out: a glob a line, relative to the folder; a line that ends with `/` is a folder.
fn ignored(one: &Wanted, root: &RelPath, files: &dyn Files) -> Result<GlobSet, Box<Finding>> {
    let mut set = GlobSetBuilder::new();
    let mut add = |text: &str| -> Result<(), String> {
        let glob = GlobBuilder::new(text).literal_separator(true).build().map_err(|e| e.to_string())?;
        set.add(glob);
        Ok(())
    };
    for glob in ALWAYS_IGNORED {
        add(glob).map_err(|why| Finding::error("ignore-file", one.span, why))?;
    }
    let path = RelPath::resolve(root.as_str(), ".isobarignore").unwrap_or_else(|| root.clone());
    if let Ok(bytes) = files.read(&path, 1 << 20) {
        let text = String::from_utf8_lossy(&bytes);
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let anchored = line.trim_start_matches('/');
            let body = anchored.strip_suffix('/').map_or_else(|| anchored.to_owned(), |folder| format!("{folder}/**"));
            let glob = if line.starts_with('/') || body.contains('/') { body } else { format!("**/{body}") };
            add(&glob).map_err(|why| {
                Finding::error("ignore-file", one.span, format!("`{path}` has a line that is no glob: {why}"))
            })?;
        }
    }
    set.build().map_err(|e| Box::new(Finding::error("ignore-file", one.span, e.to_string())))
}
