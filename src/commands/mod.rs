//! The command line: one file per subcommand. A command asks the library for values and prints them; it decides
//! nothing about an application.

mod access;
mod args;
mod compile;
mod completions;
mod diff;
mod explain;
mod fmt;
mod graph;
mod init;
mod lint;
mod schema;
mod session;
mod targets;
mod validate;

use clap::{Parser, Subcommand};
use isobar::host::Console;

/// Compiles one description of an event-driven application to many clouds, and proves its permissions and deliveries
#[derive(Debug, Parser)]
#[command(
    name = "isobar",
    version,
    max_term_width = 100,
    disable_help_subcommand = true,
    arg_required_else_help = true
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write a small application that compiles for every target
    Init(init::Args),
    /// Check the language, references, types, and the rules of level error
    Validate(validate::Args),
    /// Check every rule
    Lint(lint::Args),
    /// Write deployable artifacts for every target
    Compile(compile::Args),
    /// Compare two states of an application: resources, access, deliveries and contracts
    Diff(diff::Args),
    /// Print the event and function graph
    Graph(graph::Args),
    /// Print who may do what on what and why, and what a thief of it reaches
    Access(access::Args),
    /// Explain a rule, the id of a finding, a node or an edge
    Explain(explain::Args),
    /// Print a JSON Schema
    Schema(schema::Args),
    /// Tidy the spacing of a spec and of the files that it includes
    Fmt(fmt::Args),
    /// List the built-in targets
    Targets(targets::Args),
    /// Print a script that completes commands in a shell
    Completions(completions::Args),
}

/// How a command that could run has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Nothing to object.
    Clean,
    /// Findings, or an output that differs.
    Failed,
}

/// Runs a command. An error means that it could not run.
pub(crate) fn run(cli: Cli, console: Console) -> anyhow::Result<Outcome> {
    match cli.command {
        Command::Init(args) => init::run(&args, console),
        Command::Validate(args) => validate::run(&args, console),
        Command::Lint(args) => lint::run(&args, console),
        Command::Compile(args) => compile::run(&args, console),
        Command::Diff(args) => diff::run(&args, console),
        Command::Graph(args) => graph::run(&args, console),
        Command::Access(args) => access::run(&args, console),
        Command::Explain(args) => explain::run(&args, console),
        Command::Schema(args) => schema::run(&args, console),
        Command::Fmt(args) => fmt::run(&args, console),
        Command::Targets(args) => targets::run(&args, console),
        Command::Completions(args) => completions::run(&args, console),
    }
}
