//! Packs code for a target: the same files give the same bytes, on every machine.

use super::Artifact;
use super::archive::{self, Member};
use super::sift::{self, Sift};
use crate::base::{ByteSize, Files, ReadError, RelPath};
use crate::catalog::{Packaging, Target};
use crate::diag::{Finding, Findings};
use crate::plan::{Package, Packages, Source, Wanted};

/// Most bytes of one package before compression. Platforms refuse far less; this only bounds memory.
const SIZE_CAP: u64 = 512 << 20;
/// Most files of one package.
const FILE_CAP: usize = 50_000;
/// The folder of packed code in an output.
pub const CODE: &str = "code/";
/// More names than this in one message help nobody.
const SHOWN: usize = 5;

/// Packs what is wanted. Functions whose code is missing have no package and a finding.
pub fn pack(wanted: &[Wanted], target: &Target, files: &dyn Files) -> (Packages, Vec<Artifact>, Findings) {
    let mut packages = Packages::new();
    let mut artifacts = Vec::new();
    let mut findings = Findings::default();
    for one in wanted {
        let made = match &one.source {
            Source::Folder(path) => folder(one, path, target, files, &mut findings),
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

/// How much code there is before it is packed, without reading it: what is left out of packages is not counted, and of the
/// rest the sizes are asked for. `None` where there is none, or where it cannot be read.
pub fn weigh(source: &Source, files: &dyn Files) -> Option<ByteSize> {
    // Who may read nothing of a file is told how much there would be.
    let size = |path: &RelPath| match files.read(path, 0) {
        Ok(bytes) => Some(bytes.len() as u64),
        Err(ReadError::TooLarge { size, .. }) => Some(size),
        Err(ReadError::Missing | ReadError::Folder | ReadError::Outside | ReadError::Io(_)) => None,
    };
    let bytes = match source {
        Source::Archive(path) => size(path)?,
        Source::Folder(root) => {
            let sift = Sift::of(root, files).ok()?;
            let list = files.list(root, FILE_CAP).ok()?;
            packed(&list, root, &sift).filter_map(|(path, _)| size(path)).fold(0, u64::saturating_add)
        }
    };
    Some(ByteSize::from_bytes(bytes))
}

/// The files of a folder that go into its package, with their paths in it.
fn packed<'l>(list: &'l [RelPath], root: &'l RelPath, sift: &'l Sift) -> impl Iterator<Item = (&'l RelPath, String)> {
    // An output of ours may stand inside of the code it was made from; it is never packed into the next one.
    let outputs: Vec<String> =
        list.iter().filter_map(|path| Some(format!("{}/", path.as_str().strip_suffix("/isobar.lock.json")?))).collect();
    let others = list.iter().filter(move |path| !outputs.iter().any(|out| path.as_str().starts_with(out.as_str())));
    others.filter_map(move |path| Some((path, inside(path, root).filter(|name| sift.packs(name))?)))
}

/// The path of a file below a folder.
fn inside(path: &RelPath, root: &RelPath) -> Option<String> {
    let text = path.as_str();
    let rest = if root.as_str().is_empty() { Some(text) } else { text.strip_prefix(root.as_str()) };
    rest.map(|rest| rest.trim_start_matches('/').to_owned())
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
    findings: &mut Findings,
) -> Result<(Package, Vec<Artifact>), Box<Finding>> {
    let list = files.list(root, FILE_CAP).map_err(|error| unreadable(one, root, &error))?;
    let sift = Sift::of(root, files).map_err(|why| Finding::error("ignore-file", one.span, why))?;
    let (mut members, mut suspects) = (Vec::new(), Vec::new());
    let mut left = SIZE_CAP;
    for (path, name) in packed(&list, root, &sift) {
        let bytes = read(one, path, files, left)?;
        left = left.saturating_sub(bytes.len() as u64);
        if sift.is_suspect(&name, &bytes) {
            suspects.push(name.clone());
        }
        members.push(Member { path: name, bytes });
    }
    let strays: Vec<String> =
        files.strays(root).iter().filter_map(|path| inside(path, root)).filter(|name| sift.packs(name)).collect();
    let warnings = [packed_secrets(one, root, &suspects), stray_links(one, root, &strays)];
    findings.append(warnings.into_iter().flatten().collect());
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
            let path = format!("{CODE}{}.zip", one.slug);
            (package(&path, one, archive::sha256(&bytes)), vec![Artifact { path, bytes }])
        }
        Packaging::Folder => {
            members.sort_by(|a, b| a.path.cmp(&b.path));
            let root = format!("{CODE}{}", one.slug);
            let package = package(&root, one, archive::tree_sha256(&members));
            let artifact = |m: Member| Artifact { path: format!("{root}/{}", m.path), bytes: m.bytes };
            (package, members.into_iter().map(artifact).collect())
        }
    })
}

/// A package whose code is not looked at.
pub fn unbuilt(one: &Wanted, target: &Target) -> Package {
    let path = match (&one.source, target.manifest.package) {
        (Source::Folder(_), Packaging::Folder) => format!("{CODE}{}", one.slug),
        (Source::Folder(_), Packaging::Zip) => format!("{CODE}{}.zip", one.slug),
        (Source::Archive(path), _) => archive_path(one, path),
    };
    package(&path, one, [0; 32])
}

/// A warning for what looks like a secret and would be where everybody is who may read the code.
fn packed_secrets(one: &Wanted, root: &RelPath, names: &[String]) -> Option<Finding> {
    let first = names.first()?;
    let message = format!("the package of `{root}` holds what looks like a secret: {}", listed(names));
    let help = format!(
        "leave it out by the line `/{first}` in `{root}/{}`, or say by the line `!/{first}` that it belongs there",
        sift::FILE
    );
    Some(Finding::warning("packed-secret", one.span, message).help(help))
}

/// A warning for links that cannot be followed, and so are missing in the package.
fn stray_links(one: &Wanted, root: &RelPath, names: &[String]) -> Option<Finding> {
    let first = names.first()?;
    let message = format!(
        "the package of `{root}` lacks links that lead nowhere or out of the folder of the spec: {}",
        listed(names)
    );
    let help = format!(
        "put what they lead to in their place, or leave them out by lines such as `/{first}` in `{root}/{}`",
        sift::FILE
    );
    Some(Finding::warning("stray-link", one.span, message).help(help))
}

fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(SHOWN);
    if more == 0 { shown.join(", ") } else { format!("{} and {more} more", shown.join(", ")) }
}

fn archive_as_is(one: &Wanted, path: &RelPath, files: &dyn Files) -> Result<(Package, Vec<Artifact>), Box<Finding>> {
    let bytes = read(one, path, files, SIZE_CAP)?;
    let out = archive_path(one, path);
    Ok((package(&out, one, archive::sha256(&bytes)), vec![Artifact { path: out, bytes }]))
}

fn archive_path(one: &Wanted, path: &RelPath) -> String {
    let ending = path.as_str().rsplit_once('.').map_or("zip", |(_, ending)| ending);
    format!("{CODE}{}.{ending}", one.slug)
}

fn package(path: &str, one: &Wanted, sha256: [u8; 32]) -> Package {
    Package { path: path.into(), slug: one.slug.as_str().into(), sha256 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::base::MemoryFiles;

    #[test]
    fn what_is_not_packed_does_not_weigh() {
        let files = MemoryFiles::new()
            .with("app/.isobarignore", "tests/\n")
            .with("app/app.py", "12345")
            .with("app/empty.py", "")
            .with("app/tests/large.bin", "0123456789")
            .with("app/out/isobar.lock.json", "{}")
            .with("app/out/aws/code/app.zip", "0123456789")
            .with("app.jar", "123");
        let path = |text| RelPath::resolve("", text).unwrap();
        assert_eq!(weigh(&Source::Folder(path("app")), &files), Some(ByteSize::from_bytes(5)));
        assert_eq!(weigh(&Source::Archive(path("app.jar")), &files), Some(ByteSize::from_bytes(3)));
        assert_eq!(weigh(&Source::Archive(path("none.jar")), &files), None);
        assert_eq!(weigh(&Source::Folder(path("none")), &files), None);
    }
}
