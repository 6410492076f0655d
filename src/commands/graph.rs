//! `isobar graph`: the event and function graph as text or for other programs.

use isobar::diag::Findings;
use isobar::graph::render;
use isobar::host::Console;
use isobar::pipeline;

use super::Outcome;
use super::args::{FindingArgs, SpecArgs, TargetArgs};
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
    /// Say on each edge what the targets promise of what passes; JSON says it for the targets that are named anyway
    #[arg(long)]
    delivery: bool,
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
    /// Channels, operations and messages of the events, as an AsyncAPI 3.0 document
    Asyncapi,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    // The graph is the same on every target; what is promised of its edges is not.
    let targets = session.targets(&args.targets.targets)?;
    let findings = session.findings.clone().sorted();
    let outcome = if findings.is_empty() {
        Outcome::Clean
    } else {
        let shown = FindingArgs::for_people();
        Reporter { console, args: &shown, is_result: false }.report(&findings, &Findings::default(), &session)?
    };
    let Some(application) = &session.application else { return Ok(Outcome::Failed) };
    let (graph, sources) = (&*application.graph, &session.sources);
    let is_asked = args.delivery || args.format == Format::Json && !targets.is_empty();
    let labels = if is_asked { pipeline::facts(application, &targets).0.labels() } else { render::Labels::default() };
    console.print(&match args.format {
        Format::Text => render::text(graph, sources, &labels),
        Format::Mermaid => render::mermaid(graph, &labels),
        Format::Dot => render::dot(graph, &labels),
        Format::Json => render::json(graph, sources, &labels),
        Format::Asyncapi => render::asyncapi(graph),
    })?;
    Ok(outcome)
}
