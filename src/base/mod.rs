//! The vocabulary that every other module shares: where text stands, what things are called, how long and how large.
//! Imports nothing of ours and knows neither YAML nor any construct of the language.

mod comment;
mod cron;
mod date;
mod duration;
mod kinds;
mod name;
mod nearby;
mod pointer;
mod route;
mod size;
mod source;
mod span;
mod suggest;
mod value;

pub use comment::{Remark, remarks};
pub use cron::{Cron, CronError, CronField};
pub use date::Date;
pub use duration::Duration;
pub(crate) use kinds::kinds;
pub(crate) use name::is_identifier;
pub use name::{EnvName, EventType, Name, NameError, NodePath, Section};
pub use nearby::nearest_path;
pub use pointer::Pointer;
pub use route::{Method, Route, RouteError, RouteSegment};
pub use size::ByteSize;
pub use source::{FileId, Files, MemoryFiles, Position, ReadError, RelPath, SourceFile, Sources};
pub use span::{Span, Spanned};
pub use suggest::nearest;
#[cfg(test)]
pub(crate) use value::tests::written;
pub use value::{Key, Map, Piece, Value};
