//! `isobar graph`: the event and function graph as text or for other programs.

use isobar::diag::Findings;
use isobar::graph::render;
use isobar::host::Console;

use super::Outcome;
use super::args::{FailOn, FindingArgs, Format as FindingFormat, SpecArgs, TargetArgs};
use super::session::{Reporter, Session};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    targets: TargetArgs,
    /// How the graph is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Nodes with their edges, for reading
    Text,
    /// A flowchart for Markdown
    Mermaid,
    /// For Graphviz
    Dot,
    /// Nodes and edges with their places
    Json,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    // The graph is the same on every target; a target that does not exist is still a mistake.
    session.targets(&args.targets.targets)?;
    let findings = session.findings.clone().sorted();
    let outcome = if findings.is_empty() {
        Outcome::Clean
    } else {
        let shown = FindingArgs { format: FindingFormat::Human, fail_on: FailOn::Error };
        Reporter { console, args: &shown, is_result: false }.report(&findings, &Findings::default(), &session)?
    };
    let Some(application) = &session.application else { return Ok(Outcome::Failed) };
    let (graph, sources) = (&*application.graph, &session.sources);
    console.print(&match args.format {
        Format::Text => render::text(graph, sources),
        Format::Mermaid => render::mermaid(graph),
        Format::Dot => render::dot(graph),
        Format::Json => render::json(graph, sources),
    })?;
    Ok(outcome)
}
