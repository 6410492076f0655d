//! A folder and the program in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A temporary folder in which the program runs.
pub(crate) struct Folder {
    temp: tempfile::TempDir,
}

/// What the program did.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Folder {
    pub(crate) fn empty() -> Self {
        Self { temp: tempfile::tempdir().unwrap() }
    }

    /// With the application that `isobar init` writes.
    pub(crate) fn with_app() -> Self {
        let folder = Self::empty();
        folder.run(&["init"]).is(0);
        folder
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.temp.path().join(path)
    }

    pub(crate) fn put(&self, path: &str, bytes: impl AsRef<[u8]>) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), bytes).unwrap();
    }

    pub(crate) fn get(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    /// Replaces text in a file.
    pub(crate) fn edit(&self, path: &str, from: &str, to: &str) {
        let text = self.get(path);
        assert!(text.contains(from), "{path} has no {from:?}");
        self.put(path, text.replacen(from, to, 1));
    }

    pub(crate) fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_isobar"));
        command.args(args).current_dir(self.temp.path()).env_remove("NO_COLOR").stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: &[&str]) -> Ran {
        let output = self.command(args).output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// All files below a folder with their bytes.
    pub(crate) fn tree(&self, path: &str) -> Vec<(String, Vec<u8>)> {
        walkdir::WalkDir::new(self.path(path))
            .sort_by_file_name()
            .into_iter()
            .flatten()
            .filter(|e| e.file_type().is_file())
            .map(|e| {
                let name = e.path().strip_prefix(self.temp.path()).unwrap().display().to_string();
                (name, fs::read(e.path()).unwrap())
            })
            .collect()
    }
}

impl Ran {
    #[track_caller]
    pub(crate) fn is(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn out_has(self, text: &str) -> Self {
        assert!(self.out.contains(text), "no {text:?} in standard output: {self:#?}");
        self
    }

    #[track_caller]
    pub(crate) fn err_has(self, text: &str) -> Self {
        assert!(self.err.contains(text), "no {text:?} in standard error: {self:#?}");
        self
    }
}
