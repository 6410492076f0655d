//! The program as a user meets it: arguments, exit codes, streams and files.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

#[path = "cli/access.rs"]
mod access;
#[path = "cli/compiling.rs"]
mod compiling;
#[path = "cli/diff.rs"]
mod diff;
#[path = "cli/formatting.rs"]
mod formatting;
#[path = "cli/graph.rs"]
mod graph;
#[path = "cli/hatches.rs"]
mod hatches;
#[path = "cli/inputs.rs"]
mod inputs;
#[path = "cli/plans.rs"]
mod plans;
#[path = "cli/program.rs"]
mod program;
#[path = "cli/reports.rs"]
mod reports;
#[path = "cli/starting.rs"]
mod starting;
#[path = "cli/streams.rs"]
mod streams;
#[path = "cli/typos.rs"]
mod typos;
#[path = "cli/usage.rs"]
mod usage;
