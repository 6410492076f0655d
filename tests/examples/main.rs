//! The examples as users compile them: golden artifacts, independence of order, and, where `ISOBAR_ORACLES` names
//! them, the judgement of independent tools.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod addresses;
mod buckets;
mod cluster_alarms;
mod cluster_names;
mod consumers;
mod golden;
mod limits;
mod native;
mod network;
mod oracles;
mod plans;
mod routes;
mod sizes;
mod support;
mod targets;
