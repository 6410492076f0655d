//! `isobar access`: who may do what on what and why, what a thief of it reaches, and who can ever reach a node.

use std::sync::Arc;

use isobar::access::{self, AccessDocument, Asked, By};
use isobar::analysis::Reach;
use isobar::catalog::Target;
use isobar::diag::{Findings, Severity};
use isobar::host::Console;
use isobar::pipeline::{self, Application};
use isobar::plan;

use super::Outcome;
use super::args::{FindingArgs, SpecArgs};
use super::session::{Reporter, Session};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    /// Target whose native actions, resources and conditions are shown: an id, or the path of a folder with a target
    /// of your own; repeatable; none when left out
    #[arg(long = "target", value_name = "TARGET")]
    targets: Vec<String>,
    /// One identity: its rights, the entry points that lead to it, and what a thief of it reaches; a function, a
    /// workflow, or a trigger such as `functions.report.on.schedule`
    #[arg(long, value_name = "NODE", conflicts_with_all = ["what", "by"])]
    who: Option<String>,
    /// One node: who can ever reach it, directly, through events and from outside; with `--target` also by the native
    /// address of what it becomes, such as `aws_sqs_queue.ledger`
    #[arg(long, value_name = "NODE", conflicts_with = "by")]
    what: Option<String>,
    /// How rights are grouped in a table and in Markdown
    #[arg(long, value_name = "GROUP", default_value = "identity")]
    by: Group,
    /// How the answer is printed
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Group {
    /// By who holds them
    Identity,
    /// By what they are on
    Resource,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Aligned columns, for reading
    Table,
    /// One JSON document
    Json,
    /// Tables for a pull request or a wiki
    Markdown,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    let judged = session.targets(&args.targets)?;
    let targets = if args.targets.is_empty() { &[][..] } else { judged.as_slice() };
    let mut findings = session.findings.clone();
    let document = match &session.application {
        Some(application) => Some(answer(args, application, targets, &judged, &session, &mut findings)?),
        None => None,
    };
    let mut outcome = Outcome::Clean;
    if !findings.is_empty() {
        let shown = FindingArgs::for_people();
        outcome = Reporter { console, args: &shown, is_result: false }.report(
            &findings.sorted(),
            &Findings::default(),
            &session,
        )?;
    }
    let Some(document) = document else { return Ok(Outcome::Failed) };
    let by = match args.by {
        Group::Identity => By::Identity,
        Group::Resource => By::Resource,
    };
    console.print(&match args.format {
        Format::Table => access::text(&document, by),
        Format::Json => access::json(&document),
        Format::Markdown => access::markdown(&document, by),
    })?;
    Ok(outcome)
}

fn answer(
    args: &Args,
    application: &Application,
    targets: &[Target],
    judged: &[Target],
    session: &Session,
    findings: &mut Findings,
) -> anyhow::Result<AccessDocument> {
    let reach = Reach::new(Arc::clone(&application.graph), Arc::clone(&application.access));
    let plans: Vec<_> =
        targets.iter().map(|target| (target, pipeline::plan(application, target, &session.sources))).collect();
    let asked = match (&args.who, &args.what) {
        (Some(who), _) => Asked::Who(access::find_who(&reach, who)?),
        (None, Some(what)) => {
            let native = plans.iter().find_map(|(_, (planned, _))| planned.as_ref()?.natives.get(what.as_str()));
            Asked::What(access::find_what(&application.graph, native.unwrap_or(what))?)
        }
        (None, None) => Asked::All,
    };
    let mut document = access::answer(&reach, &application.access, &session.sources, asked);
    for target in judged {
        document.add_wider(&target.manifest.id, plan::wider(application.model(), target));
    }
    for (target, (plan, more)) in plans {
        document.add_target(&target.manifest.id, plan.as_ref(), &more, &session.sources);
        // What a target does less well is no answer to this question; what it refuses is why there is none.
        findings.append(more.into_iter().filter(|finding| finding.severity == Severity::Error).collect());
    }
    Ok(document)
}
