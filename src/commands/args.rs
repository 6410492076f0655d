//! Options that several commands share.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use isobar::base::Name;
use isobar::diag::{Severity, render};

/// Which spec, in which environment.
#[derive(Debug, Clone, Args)]
pub(super) struct SpecArgs {
    /// The spec, or a folder with an `isobar.yaml`
    #[arg(value_name = "SPEC", default_value = "isobar.yaml")]
    pub spec: PathBuf,
    #[command(flatten)]
    pub request: RequestArgs,
}

/// In which environment.
#[derive(Debug, Clone, Args)]
pub(super) struct RequestArgs {
    /// The environment of `environments:` to read the spec for
    #[arg(long, value_name = "ENV", value_parser = name)]
    pub env: Option<Name>,
    /// Value of a variable of `vars:`, over the one in the spec; repeatable
    #[arg(long = "var", value_name = "NAME=VALUE", value_parser = variable)]
    pub vars: Vec<(Name, String)>,
}

/// For which targets.
#[derive(Debug, Clone, Args)]
pub(super) struct TargetArgs {
    /// Target to judge by or to compile for: an id, or the path of a folder with a target of your own
    /// (`./my-target`); repeatable; all of `targets:` when left out
    #[arg(long = "target", value_name = "TARGET")]
    pub targets: Vec<String>,
}

/// How findings are printed, and which of them fail.
#[derive(Debug, Clone, Args)]
pub(super) struct FindingArgs {
    /// How findings are printed
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub format: Format,
    /// The lowest severity that ends with exit code 1
    #[arg(long, value_name = "LEVEL", default_value = "error")]
    pub fail_on: FailOn,
    /// Address of the folder that isobar runs in, which places in Markdown link to, such as
    /// `https://github.com/me/shop/blob/main`
    #[arg(long, value_name = "URL", default_value = "", hide_default_value = true)]
    pub link_base: String,
}

impl FindingArgs {
    /// For findings beside a result that has a format of its own.
    pub(super) fn for_people() -> Self {
        Self { format: Format::Human, fail_on: FailOn::Error, link_base: String::new() }
    }
}

/// Formats of findings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// Excerpts of the sources with labels
    Human,
    /// One line per finding
    Concise,
    /// One JSON document
    Json,
    /// SARIF 2.1.0, for code scanning and editors
    Sarif,
    /// JUnit XML, for the test reports of CI systems
    Junit,
    /// Annotations of GitHub, one per finding
    Github,
    /// A comment for a pull request
    Markdown,
}

impl From<Format> for render::Format {
    fn from(format: Format) -> Self {
        match format {
            Format::Human => Self::Human,
            Format::Concise => Self::Concise,
            Format::Json => Self::Json,
            Format::Sarif => Self::Sarif,
            Format::Junit => Self::Junit,
            Format::Github => Self::Github,
            Format::Markdown => Self::Markdown,
        }
    }
}

/// Severities that can fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum FailOn {
    /// Errors only
    Error,
    /// Warnings too
    Warning,
}

impl From<FailOn> for Severity {
    fn from(level: FailOn) -> Self {
        match level {
            FailOn::Error => Self::Error,
            FailOn::Warning => Self::Warning,
        }
    }
}

fn name(text: &str) -> Result<Name, String> {
    Name::parse(text).map_err(|e| e.to_string())
}

fn variable(text: &str) -> Result<(Name, String), String> {
    let (key, value) = text.split_once('=').ok_or("it has to be NAME=VALUE")?;
    Name::parse(key).map(|key| (key, value.to_owned())).map_err(|e| format!("the name `{key}` is none: {e}"))
}
