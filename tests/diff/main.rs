//! What `isobar diff` says of edits to the examples, compared with what others make of the same two outputs.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod deployment;
mod documents;
mod edits;
mod finer;
mod levels;
mod plan;
mod support;
