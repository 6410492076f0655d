//! Prints a plan: checked templates, encoders, formatters, dialects of conditions, and archives of code. It decides
//! nothing: which template is rendered with which view, and into which file, is the plan's.

mod archive;
mod artifacts;
mod check;
mod dialect;
mod encode_hcl;
mod encode_yaml;
mod encoder;
mod engine;
mod flow;
mod format;
mod format_hcl;
mod hcl_tokens;
mod package;
mod program;
mod sift;
#[cfg(test)]
mod tests;

pub use artifacts::{Artifact, check, emit, engine};
pub use check::TemplateDefect;
pub use encoder::Encoder;
pub use engine::{Engine, RenderError, View};
pub use format_hcl::format_hcl;
pub use package::{CODE, pack, unbuilt, weigh};
