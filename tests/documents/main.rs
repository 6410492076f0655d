//! What is written twice is the same: schemas, the README and the pages of rules agree with the program, and what a
//! target claims is shown by an example. `UPDATE=1` rewrites what is generated.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::format_push_string)]

mod applications;
mod claims;
mod generated;
mod mirror;
mod pieces;
mod views;
