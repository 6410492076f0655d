//! `isobar explain`: the page of a rule, the meaning of a finding, everything that was decided about a node, or what is
//! promised of what passes along an edge and why.

mod edge;
mod node;
mod values;

use std::path::PathBuf;

use isobar::base::nearest;
use isobar::diag::codes::CODES;
use isobar::diag::render::printable;
use isobar::diag::{Findings, Severity};
use isobar::diff::Class;
use isobar::host::Console;
use isobar::pipeline;
use isobar::rules::{self, Rule};

use super::Outcome;
use super::args::{FindingArgs, RequestArgs, SpecArgs, TargetArgs};
use super::session::{Reporter, Session};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A rule, the id of a finding, a node such as `functions.place-order`, or an edge: `ledger->settle`, or a trigger
    /// such as `functions.settle.on.queue-ledger`
    #[arg(value_name = "RULE|NODE|EDGE")]
    what: String,
    /// The spec of a node or edge, or a folder with an `isobar.yaml`
    #[arg(value_name = "SPEC", default_value = "isobar.yaml")]
    spec: PathBuf,
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    targets: TargetArgs,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    if let Some(rule) = rules::find(&args.what) {
        console.print(&page(rule))?;
        return Ok(Outcome::Clean);
    }
    if let Some((id, meaning)) = CODES.iter().find(|(id, _)| *id == args.what) {
        console.print(&format!("{id}\n  {meaning}\n"))?;
        return Ok(Outcome::Clean);
    }
    if let Some(class) = Class::parse(&args.what) {
        let (level, summary) = (class.level().title().to_lowercase(), class.summary());
        let ci = if class.is_denied_in_ci() { "; `--ci` denies it" } else { "" };
        console.print(&format!(
            "{class}\n  A change of {level}. {summary}.\n  `isobar diff --deny {class}` denies it{ci}, and \
             `# isobar: accept {class}: <reason> until <YYYY-MM-DD>` accepts it.\n"
        ))?;
        return Ok(Outcome::Clean);
    }
    explain_node(args, console)
}

fn page(rule: &Rule) -> String {
    let (category, level) = (rule.category.as_str(), rule.level.as_str());
    format!("{}: {}\n{category}, {level}, since {}\n\n{}\n", rule.id, rule.summary, rule.since, rule.doc.trim_end())
}

fn explain_node(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let spec = SpecArgs { spec: args.spec.clone(), request: args.request.clone() };
    // Without a spec beside it, the word can only have been meant as a rule.
    let opened = Session::open(&spec).map_err(|e| anyhow::anyhow!("{}; {e:#}", unknown(&args.what, &[])));
    let mut session = opened?;
    let targets = session.targets(&args.targets.targets)?;
    let Some(application) = &session.application else {
        let shown = FindingArgs::for_people();
        let findings = session.findings.clone().sorted();
        Reporter { console, args: &shown, is_result: false }.report(&findings, &Findings::default(), &session)?;
        return Ok(Outcome::Failed);
    };
    let graph = &application.graph;
    let edges = edge::find(graph, &args.what)?;
    let promises = if edges.is_empty() {
        String::new()
    } else {
        let (facts, _) = pipeline::facts(application, &targets);
        let texts: Vec<String> = edges.iter().map(|id| edge::describe(&facts, *id, &session.sources)).collect();
        texts.join("\n")
    };
    let node = graph.find_text(&args.what);
    let trigger = graph.all_triggers().find(|at| graph.trigger_address(*at) == args.what).filter(|_| node.is_none());
    let (mut text, of) = match (node, trigger) {
        (Some(id), _) => (node::describe(application, id, &session.sources), node::Of::Node(id)),
        (None, Some(at)) => (node::describe_trigger(application, at, &session.sources), node::Of::Trigger(at)),
        (None, None) if !edges.is_empty() => {
            console.print(&printable(&promises))?;
            return Ok(Outcome::Clean);
        }
        (None, None) => {
            let nodes = graph.nodes().map(|(id, _)| graph.address(id));
            let nodes: Vec<String> = nodes.chain(graph.all_triggers().map(|at| graph.trigger_address(at))).collect();
            anyhow::bail!("{}", unknown(&args.what, &nodes));
        }
    };
    if !promises.is_empty() {
        text = format!("{promises}\n{text}");
    }
    for target in &targets {
        let (plan, findings) = pipeline::plan(application, target, &session.sources);
        let error = findings.iter().find(|finding| finding.severity == Severity::Error);
        let plan = plan.as_ref().ok_or_else(|| error.map(|e| e.message.as_str()).unwrap_or_default());
        text.push_str(&node::on_target(application, of, target, plan, &session.sources));
    }
    console.print(&printable(&text))?;
    Ok(Outcome::Clean)
}

fn unknown(what: &str, nodes: &[String]) -> String {
    let ids = rules::ALL.iter().map(|r| r.id).chain(CODES.iter().map(|(id, _)| *id));
    let ids = ids.chain(Class::ALL.iter().map(|class| class.as_str()));
    let known = ids.chain(nodes.iter().map(String::as_str));
    let hint = nearest(what, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"));
    format!("`{what}` is no rule, no finding, no node and no edge{hint}")
}
