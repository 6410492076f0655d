//! `isobar schema`: the JSON Schemas of what people and programs write and read.

use isobar::access::AccessDocument;
use isobar::catalog::{Actions, Manifest, Row};
use isobar::diag::render::Document;
use isobar::diff::DiffDocument;
use isobar::graph::render::GraphDocument;
use isobar::host::Console;
use schemars::schema_for;

use super::Outcome;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Which schema
    #[arg(value_name = "NAME", default_value = "spec")]
    name: Schema,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Schema {
    /// `isobar.yaml` and the files that it includes
    Spec,
    /// What `--format json` prints of findings
    Findings,
    /// What `isobar diff --format json` prints
    Diff,
    /// What `isobar graph --format json` prints
    Graph,
    /// What `isobar access --format json` prints
    Access,
    /// `target.yaml` of a target
    Target,
    /// `permissions.yaml` of a target
    Permissions,
    /// `actions.yaml` of a target
    Actions,
    /// What the templates of a target see
    View,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let schema = match args.name {
        Schema::Spec => isobar::spec::schema(),
        Schema::Findings => schema_for!(Document).to_value(),
        Schema::Diff => schema_for!(DiffDocument).to_value(),
        Schema::Graph => schema_for!(GraphDocument).to_value(),
        Schema::Access => schema_for!(AccessDocument).to_value(),
        Schema::Target => schema_for!(Manifest).to_value(),
        Schema::Permissions => schema_for!(Vec<Row>).to_value(),
        Schema::Actions => schema_for!(Actions).to_value(),
        Schema::View => isobar::plan::view_schema(),
    };
    let mut text = serde_json::to_string_pretty(&schema)?;
    text.push('\n');
    console.print(&text)?;
    Ok(Outcome::Clean)
}
