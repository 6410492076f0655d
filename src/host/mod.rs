//! Files, environment and terminal: the only place that touches them. Everything else is a function of values.
//!
//! [`DiskFiles`] is the door through which the core reads; [`write_out`] the one through which artifacts leave;
//! [`Console`] what the user sees.

mod conflict;
mod console;
mod creating;
mod disk;
mod input;
mod lock;
mod output;
mod reading;
mod revision;
mod survey;
mod writing;

pub use conflict::{Conflict, ConflictKind};
pub use console::{Console, Stream, install_panic_hook};
pub use creating::{create_files, replace_file};
pub use disk::{Disk, RealDisk};
pub use input::read_input;
pub use lock::{LOCK_FILE, Lock};
pub use output::{Written, read_output};
pub use reading::{DiskFiles, Root, find_root, read_folder};
pub use revision::{Revision, RevisionFiles, open_revision};

/// Today, in UTC, by the clock of the machine; `None` where it is set to before 1970.
pub fn today() -> Option<crate::base::Date> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).ok()?;
    crate::base::Date::of_unix_seconds(since.as_secs())
}

pub use writing::{Change, ChangeKind, Owner, Report, TargetOutput, WriteError, WriteOptions, write_out, write_out_on};
