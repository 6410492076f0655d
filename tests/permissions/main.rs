//! Permissions judged by who has not read the catalogues: from the graph of every example and of generated applications,
//! by tables of the tests' own, come the calls that have to be allowed and those beside them that have to be denied. The
//! emitted text is read back and answers them, here and, where `ISOBAR_ORACLES` names it, before an evaluator of policies.
//! `ISOBAR_CASES` is how many applications are generated.
#![allow(
    clippy::wildcard_enum_match_arm,
    reason = "the tables say what they know, and everything else fails the test or asks for no right"
)]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod application;
mod aws;
mod catalogue;
mod cluster;
mod coverage;
mod generate;
#[path = "../examples/support.rs"]
#[allow(dead_code, reason = "the tests of the examples use the rest")]
mod support;
