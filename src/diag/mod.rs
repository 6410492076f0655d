//! Findings: what is wrong with the user's input, where, and what to write instead.
//! Every stage returns them beside its value; `render` prints them. A failure of the program itself is no finding.

pub mod codes;
mod finding;
mod findings;
pub mod render;
mod shorten;

pub use finding::{Applicability, Edit, Finding, Fix, Label, Severity};
pub use findings::Findings;
pub(crate) use shorten::{shorten, shorten_to};
