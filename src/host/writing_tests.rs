//! The writing protocol against a real folder, and against a disk on which each operation fails in turn.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io;
use std::os::unix::fs::symlink;

use super::*;
use crate::host::ConflictKind;

struct Place {
    _temp: tempfile::TempDir,
    out: PathBuf,
}

fn place() -> Place {
    let temp = tempfile::tempdir().unwrap();
    let out = temp.path().join("deep/out");
    Place { _temp: temp, out }
}

fn owner() -> Owner {
    Owner { app: "shop".into(), environment: "default".into() }
}

fn output(target: &str, files: &[(&str, &str)]) -> TargetOutput {
    let files = files.iter().map(|(p, t)| ((*p).to_owned(), t.as_bytes().to_vec())).collect();
    TargetOutput { target: target.into(), files }
}

const FORCE: WriteOptions = WriteOptions { force: true, check: false };
const CHECK: WriteOptions = WriteOptions { force: false, check: true };

impl Place {
    fn write(&self, files: &[(&str, &str)]) -> Result<Report, WriteError> {
        self.write_with(files, WriteOptions::default())
    }

    fn write_with(&self, files: &[(&str, &str)], options: WriteOptions) -> Result<Report, WriteError> {
        write_out(&self.out, &owner(), &[output("a", files)], options)
    }

    fn path(&self, path: &str) -> PathBuf {
        self.out.join(path)
    }

    fn put(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    fn get(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// All files with their contents, without the lock.
    fn tree(&self) -> BTreeMap<String, String> {
        let mut tree = self.full_tree();
        tree.retain(|path, _| !path.ends_with(LOCK_FILE));
        tree
    }

    fn full_tree(&self) -> BTreeMap<String, String> {
        walkdir::WalkDir::new(&self.out)
            .into_iter()
            .flatten()
            .filter(|e| !e.file_type().is_dir())
            .map(|e| {
                let path = e.path().strip_prefix(&self.out).unwrap().display().to_string();
                (path, fs::read_to_string(e.path()).unwrap_or_default())
            })
            .collect()
    }
}

fn kinds(result: Result<Report, WriteError>) -> Vec<ConflictKind> {
    match result {
        Err(WriteError::Conflicts(conflicts)) => conflicts.into_iter().map(|c| c.kind).collect(),
        other => panic!("{other:?}"),
    }
}

fn tree_of(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    files.iter().map(|(p, t)| ((*p).to_owned(), (*t).to_owned())).collect()
}

#[test]
fn first_write_then_nothing_to_do() {
    let place = place();
    let report = place.write(&[("main.tf", "x"), ("code/f.zip", "z")]).unwrap();
    assert_eq!(report.changes.len(), 2);
    assert!(report.changes.iter().all(|c| c.kind == ChangeKind::Created));
    assert_eq!(place.tree(), tree_of(&[("a/code/f.zip", "z"), ("a/main.tf", "x")]));
    let lock: serde_json::Value = serde_json::from_str(&place.get("a/isobar.lock.json")).unwrap();
    assert_eq!(lock["files"]["main.tf"], "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
    assert_eq!((&lock["app"], &lock["environment"], &lock["target"]), (&"shop".into(), &"default".into(), &"a".into()));

    let before = fs::metadata(place.path("a/main.tf")).unwrap().modified().unwrap();
    let again = place.write(&[("main.tf", "x"), ("code/f.zip", "z")]).unwrap();
    assert!(again.is_clean() && again.unchanged == 2, "{again:?}");
    assert_eq!(fs::metadata(place.path("a/main.tf")).unwrap().modified().unwrap(), before);
}

#[test]
fn unchanged_files_are_not_touched_when_others_change() {
    use std::os::unix::fs::MetadataExt as _;
    let place = place();
    place.write(&[("same", "x"), ("other", "1")]).unwrap();
    let before = fs::metadata(place.path("a/same")).unwrap().ino();
    let report = place.write(&[("same", "x"), ("other", "2")]).unwrap();
    assert_eq!(report.changes.len(), 1);
    assert_eq!(report.changes[0].kind, ChangeKind::Updated);
    assert_eq!(fs::metadata(place.path("a/same")).unwrap().ino(), before);
    assert_eq!(place.get("a/other"), "2");
}

#[test]
fn files_no_longer_emitted_go_unless_they_were_edited() {
    let place = place();
    place.write(&[("keep", "k"), ("old/one", "1"), ("old/two", "2")]).unwrap();
    place.put("a/old/two", "edited");
    let report = place.write(&[("keep", "k")]).unwrap();
    assert_eq!(place.tree(), tree_of(&[("a/keep", "k"), ("a/old/two", "edited")]));
    assert_eq!(report.kept.len(), 1);
    // From now on the edited file is the user's.
    fs::remove_file(place.path("a/old/two")).unwrap();
    fs::remove_dir(place.path("a/old")).unwrap();
    assert!(place.write(&[("keep", "k")]).unwrap().is_clean());
}

#[test]
fn emptied_folders_go_too() {
    let place = place();
    place.write(&[("keep", "k"), ("x/y/z/one", "1")]).unwrap();
    place.write(&[("keep", "k")]).unwrap();
    assert!(!place.path("a/x").exists());
}

#[test]
fn foreign_files_are_never_touched() {
    let place = place();
    let foreign = [("a/terraform.tfstate", "s"), ("a/.terraform/x", "t"), ("a/prod.tfvars", "v"), ("b/mine", "m")];
    for (path, text) in foreign {
        place.put(path, text);
    }
    place.write(&[("main.tf", "1")]).unwrap();
    place.write(&[("other.tf", "2")]).unwrap();
    let mut expected = tree_of(&foreign);
    expected.insert("a/other.tf".into(), "2".into());
    assert_eq!(place.tree(), expected);
}

#[test]
fn a_foreign_file_in_the_way_stops_everything() {
    let place = place();
    place.put("a/main.tf", "mine");
    let files = [("a.tf", "1"), ("main.tf", "2")];
    assert_eq!(kinds(place.write(&files)), [ConflictKind::Foreign]);
    assert_eq!(place.full_tree(), tree_of(&[("a/main.tf", "mine")]));
    place.write_with(&files, FORCE).unwrap();
    assert_eq!(place.tree(), tree_of(&[("a/a.tf", "1"), ("a/main.tf", "2")]));
}

#[test]
fn an_edited_file_stops_everything() {
    let place = place();
    place.write(&[("a.tf", "1"), ("b.tf", "1")]).unwrap();
    place.put("a/b.tf", "edited");
    assert_eq!(kinds(place.write(&[("a.tf", "2"), ("b.tf", "2")])), [ConflictKind::Edited]);
    assert_eq!(place.tree(), tree_of(&[("a/a.tf", "1"), ("a/b.tf", "edited")]));
    place.write_with(&[("a.tf", "2"), ("b.tf", "2")], FORCE).unwrap();
    assert_eq!(place.tree(), tree_of(&[("a/a.tf", "2"), ("a/b.tf", "2")]));
}

#[test]
fn a_conflict_of_one_target_stops_all() {
    let place = place();
    place.put("b/x", "mine");
    let outputs = [output("a", &[("x", "1")]), output("b", &[("x", "1")])];
    assert_eq!(kinds(write_out(&place.out, &owner(), &outputs, WriteOptions::default())), [ConflictKind::Foreign]);
    assert_eq!(place.full_tree(), tree_of(&[("b/x", "mine")]));
}

#[test]
fn one_application_and_environment_per_folder() {
    let place = place();
    place.write(&[("x", "1")]).unwrap();
    let prod = Owner { environment: "prod".into(), ..owner() };
    for target in ["a", "b"] {
        let outputs = [output(target, &[("x", "2")])];
        let other = ConflictKind::Other { app: "shop".into(), environment: "default".into() };
        assert_eq!(kinds(write_out(&place.out, &prod, &outputs, WriteOptions::default())), [other]);
    }
    assert_eq!(place.tree(), tree_of(&[("a/x", "1")]));
    write_out(&place.out, &prod, &[output("a", &[("x", "2")])], FORCE).unwrap();
    assert_eq!(place.tree(), tree_of(&[("a/x", "2")]));
}

#[test]
fn links_are_not_followed() {
    let place = place();
    place.put("../outside/x", "o");
    fs::create_dir_all(place.path("a")).unwrap();
    symlink("../../outside", place.path("a/dir")).unwrap();
    symlink("../../outside/x", place.path("a/file")).unwrap();
    for options in [WriteOptions::default(), FORCE] {
        assert_eq!(kinds(place.write_with(&[("dir/x", "1")], options)), [ConflictKind::Link]);
        assert_eq!(kinds(place.write_with(&[("file", "1")], options)), [ConflictKind::Link]);
    }
    symlink("../outside", place.path("b")).unwrap();
    let outputs = [output("b", &[("x", "1")])];
    assert_eq!(kinds(write_out(&place.out, &owner(), &outputs, FORCE)), [ConflictKind::Link]);
    assert_eq!(place.get("../outside/x"), "o");
}

#[test]
fn a_link_above_a_stale_file_is_not_followed() {
    let place = place();
    place.write(&[("keep", "k"), ("dir/x", "1")]).unwrap();
    fs::rename(place.path("a/dir"), place.path("../moved")).unwrap();
    symlink("../../moved", place.path("a/dir")).unwrap();
    place.write(&[("keep", "k")]).unwrap();
    assert_eq!(place.get("../moved/x"), "1");
}

#[test]
fn a_lock_cannot_name_files_outside() {
    let place = place();
    place.put("victim", "v");
    for path in ["../victim", "/etc/passwd", "x/../../victim", "isobar.lock.json"] {
        let files = BTreeMap::from([(path.to_owned(), crate::host::lock::hash(b"v"))]);
        let lock = crate::host::Lock::new("shop", "default", "a", files);
        place.put("a/isobar.lock.json", std::str::from_utf8(&lock.to_bytes()).unwrap());
        assert!(matches!(kinds(place.write(&[("x", "1")])).as_slice(), [ConflictKind::Unreadable(_)]));
    }
    assert_eq!(place.get("victim"), "v");
    place.write_with(&[("x", "1")], FORCE).unwrap();
    assert_eq!(place.get("victim"), "v");
}

#[test]
fn a_file_and_a_folder_change_places() {
    let place = place();
    place.write(&[("x", "file"), ("y/z/one", "1"), ("y/two", "2")]).unwrap();
    place.write(&[("x/inner", "1"), ("y", "file")]).unwrap();
    assert_eq!(place.tree(), tree_of(&[("a/x/inner", "1"), ("a/y", "file")]));
}

#[test]
fn folders_with_foreign_files_never_give_way() {
    let place = place();
    place.write(&[("y/one", "1")]).unwrap();
    place.put("a/y/mine", "m");
    place.put("a/f", "m");
    for options in [WriteOptions::default(), FORCE] {
        assert_eq!(kinds(place.write_with(&[("y", "file")], options)), [ConflictKind::Folder]);
        assert_eq!(kinds(place.write_with(&[("f/x", "file")], options)), [ConflictKind::NoFolder]);
    }
    assert_eq!(place.get("a/y/mine"), "m");
}

#[test]
fn an_output_that_is_a_file_is_refused() {
    let place = place();
    fs::create_dir_all(place.out.parent().unwrap()).unwrap();
    fs::write(&place.out, "file").unwrap();
    let error = place.write(&[("x", "1")]).unwrap_err().to_string();
    assert!(error.contains("out` is a file, not a folder"), "{error}");
    let error = write_out(&place.out.join("below"), &owner(), &[output("a", &[("x", "1")])], WriteOptions::default());
    assert!(error.unwrap_err().to_string().starts_with("nothing was written"));
    assert_eq!(fs::read_to_string(&place.out).unwrap(), "file");
}

#[test]
fn a_file_at_the_place_of_a_target_is_refused() {
    let place = place();
    place.put("a", "file");
    assert_eq!(kinds(place.write_with(&[("x", "1")], FORCE)), [ConflictKind::NoFolder]);
}

#[test]
fn impossible_outputs_are_refused() {
    let place = place();
    for files in [
        &[("../x", "1")][..],
        &[("/x", "1")],
        &[("x", "1"), ("x", "2")],
        &[("x", "1"), ("x/y", "2")],
        &[("isobar.lock.json", "1")],
        &[(".isobar-tmp-1", "1")],
        &[("", "1")],
    ] {
        assert!(matches!(place.write_with(files, FORCE), Err(WriteError::Refused(_))), "{files:?}");
    }
    assert!(!place.out.exists());
}

#[test]
fn check_writes_nothing_and_names_what_differs() {
    let place = place();
    let report = place.write_with(&[("x", "1")], CHECK).unwrap();
    assert!(!report.is_clean() && !place.out.exists());
    place.write(&[("x", "1"), ("old", "1"), ("edited", "1")]).unwrap();
    assert!(place.write_with(&[("x", "1"), ("old", "1"), ("edited", "1")], CHECK).unwrap().is_clean());
    place.put("a/edited", "2");
    let before = place.full_tree();
    let report = place.write_with(&[("x", "2"), ("edited", "1"), ("new", "1")], CHECK).unwrap();
    let changed: Vec<_> = report.changes.iter().map(|c| (c.path.rsplit('/').next().unwrap(), c.kind)).collect();
    let expected = [
        ("edited", ChangeKind::Updated),
        ("new", ChangeKind::Created),
        ("old", ChangeKind::Removed),
        ("x", ChangeKind::Updated),
    ];
    assert_eq!(changed, expected);
    assert_eq!(report.conflicts.len(), 1);
    assert_eq!(place.full_tree(), before);
}

#[test]
fn a_missing_lock_alone_is_a_difference() {
    let place = place();
    place.write(&[("x", "1")]).unwrap();
    fs::remove_file(place.path("a/isobar.lock.json")).unwrap();
    assert!(!place.write_with(&[("x", "1")], CHECK).unwrap().is_clean());
    place.write(&[("x", "1")]).unwrap();
    assert!(place.path("a/isobar.lock.json").exists());
}

#[test]
fn two_runs_at_once_are_kept_apart() {
    let place = place();
    place.write(&[("x", "1")]).unwrap();
    let guard = lock_folder(&place.path("a")).unwrap();
    let error = place.write(&[("x", "2")]).unwrap_err().to_string();
    assert!(error.contains("another isobar is writing"), "{error}");
    drop(guard);
    place.write(&[("x", "2")]).unwrap();
}

/// A disk on which one operation fails, and when it is killed there, all after it too.
struct Failing {
    left: Cell<usize>,
    killed: bool,
}

impl Failing {
    fn step(&self) -> io::Result<()> {
        match self.left.get() {
            0 => Err(io::Error::from(io::ErrorKind::StorageFull)),
            1 => {
                self.left.set(if self.killed { 0 } else { usize::MAX });
                Err(io::Error::from(io::ErrorKind::StorageFull))
            }
            n => {
                self.left.set(n - 1);
                Ok(())
            }
        }
    }
}

impl Disk for Failing {
    fn make_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.make_folder(path))
    }

    fn make_file(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        if let Err(e) = self.step() {
            // A full disk keeps what it had room for.
            RealDisk.make_file(path, &bytes[..bytes.len() / 2])?;
            return Err(e);
        }
        RealDisk.make_file(path, bytes)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.rename(from, to))
    }

    fn remove_file(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_file(path))
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.step().and_then(|()| RealDisk.remove_folder(path))
    }
}

fn old() -> [TargetOutput; 2] {
    [output("a", &[("same", "s"), ("x", "1"), ("gone/y", "1"), ("turn", "1")]), output("b", &[("z", "1"), ("w", "1")])]
}

fn new() -> [TargetOutput; 2] {
    [output("a", &[("same", "s"), ("x", "2"), ("turn/in", "2"), ("n/e/w", "2")]), output("b", &[("z", "2")])]
}

fn expected(outputs: &[TargetOutput]) -> BTreeMap<String, String> {
    let mut tree: BTreeMap<String, String> = outputs
        .iter()
        .flat_map(|o| o.files.iter().map(|(p, b)| (format!("{}/{p}", o.target), String::from_utf8(b.clone()).unwrap())))
        .collect();
    tree.insert("a/mine".into(), "m".into());
    tree
}

#[test]
fn whatever_operation_fails_nothing_is_lost_and_the_next_run_completes() {
    for killed in [false, true] {
        let mut steps = 0;
        loop {
            steps += 1;
            let place = place();
            write_out(&place.out, &owner(), &old(), WriteOptions::default()).unwrap();
            place.put("a/mine", "m");
            let disk = Failing { left: Cell::new(steps), killed };
            let result = write_out_on(&disk, &place.out, &owner(), &new(), WriteOptions::default());
            if result.is_ok() {
                // More steps than there are operations: the loop has seen all of them.
                assert_eq!(place.tree(), expected(&new()));
                break;
            }
            match result {
                Err(WriteError::Failed { incomplete: false, .. }) if !killed => {
                    assert_eq!(place.tree(), expected(&old()), "step {steps}");
                }
                Err(WriteError::Failed { .. }) => {}
                other => panic!("{other:?}"),
            }
            // A second run is interrupted as well, with yet another output, before the third one completes.
            let other = [output("a", &[("x", "3"), ("turn", "3")]), output("b", &[("v", "3")])];
            let disk = Failing { left: Cell::new(steps.div_ceil(2)), killed };
            let _ = write_out_on(&disk, &place.out, &owner(), &other, WriteOptions::default());
            let before_check = place.full_tree();
            write_out(&place.out, &owner(), &new(), CHECK).unwrap();
            assert_eq!(place.full_tree(), before_check);
            write_out(&place.out, &owner(), &new(), WriteOptions::default()).unwrap_or_else(|e| panic!("{steps}: {e}"));
            assert_eq!(place.tree(), expected(&new()), "step {steps}, killed {killed}");
            assert!(write_out(&place.out, &owner(), &new(), CHECK).unwrap().is_clean());
        }
        assert!(steps > 15, "{steps}");
    }
}

#[test]
fn a_first_run_that_fails_leaves_no_folders() {
    let place = place();
    let disk = Failing { left: Cell::new(4), killed: false };
    let error = write_out_on(&disk, &place.out, &owner(), &[output("a", &[("x", "1")])], WriteOptions::default());
    assert!(matches!(error, Err(WriteError::Failed { incomplete: false, .. })), "{error:?}");
    assert!(!place.out.exists() && !place.out.parent().unwrap().exists());
}
