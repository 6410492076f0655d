//! Places of an output folder that may not be written over, and how that is said.

use std::fmt;

/// A place of an output folder that may not be written over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The path, with that of the output folder.
    pub path: String,
    /// What is wrong with it.
    pub kind: ConflictKind,
}

/// Why a place may not be written over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ConflictKind {
    /// We wrote it, and it was changed since.
    Edited,
    /// We did not write it.
    Foreign,
    /// A folder that holds what we did not write, where a file has to go.
    Folder,
    /// Something that is no folder, where a folder has to go.
    NoFolder,
    /// A symbolic link, which is never followed.
    Link,
    /// The lock is of this application and environment.
    Other {
        /// `app:` of the lock.
        app: String,
        /// Its environment.
        environment: String,
    },
    /// A lock or journal that cannot be understood, and why.
    Unreadable(String),
}

impl ConflictKind {
    /// What to do about it.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Edited => {
                "move what you changed into the spec (`override:`, `native:`) or into files of your own; `--force` writes over it"
            }
            Self::Foreign => "move it away, or write to another folder with `--out`; `--force` writes over it",
            Self::Folder | Self::NoFolder | Self::Link => "move it away, or write to another folder with `--out`",
            Self::Other { .. } => {
                "give each application and environment a folder of its own with `--out`; `--force` takes this one over"
            }
            Self::Unreadable(_) => {
                "restore it from version control, or remove it with the output beside it; `--force` writes it anew"
            }
        }
    }

    /// Whether `--force` may write over it: never through a link, and never a whole folder.
    pub(super) fn yields_to_force(&self) -> bool {
        match self {
            Self::Edited | Self::Foreign | Self::Other { .. } | Self::Unreadable(_) => true,
            Self::Folder | Self::NoFolder | Self::Link => false,
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.kind {
            ConflictKind::Edited => write!(f, "`{path}` was edited after it was generated"),
            ConflictKind::Foreign => write!(f, "`{path}` is in the way: isobar did not write it"),
            ConflictKind::Folder => {
                write!(f, "`{path}` is a folder with files that isobar did not write; a file goes there")
            }
            ConflictKind::NoFolder => write!(f, "`{path}` is no folder; one has to be there"),
            ConflictKind::Link => write!(f, "`{path}` is a symbolic link, which isobar does not follow"),
            ConflictKind::Other { app, environment } => {
                write!(f, "`{path}` holds the application `{app}` in the environment `{environment}`")
            }
            ConflictKind::Unreadable(why) => write!(f, "`{path}` cannot be understood: {why}"),
        }
    }
}
