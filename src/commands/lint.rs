//! `isobar lint`: every rule.

use isobar::diag::{Findings, Severity};
use isobar::host::Console;
use isobar::rules::{self, Category};

use super::Outcome;
use super::args::{FindingArgs, SpecArgs, TargetArgs};
use super::session::{Reporter, Session};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    targets: TargetArgs,
    /// Only rules of this category; repeatable
    #[arg(long = "category", value_name = "CATEGORY", value_parser = category)]
    categories: Vec<Category>,
    #[command(flatten)]
    findings: FindingArgs,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    let targets = session.targets(&args.targets.targets)?;
    let mut findings = session.findings.clone();
    if let Some(application) = &session.application {
        findings.append(session.judge(application, &targets));
    }
    if !args.categories.is_empty() {
        // An error that is of no rule makes the others uncertain, and is always shown; what a target does less well is
        // of no category.
        findings.retain(|f| {
            rules::find(f.id).map_or(f.severity == Severity::Error, |rule| args.categories.contains(&rule.category))
        });
    }
    Reporter { console, args: &args.findings, is_result: true }.report(
        &findings.sorted(),
        &Findings::default(),
        &session,
    )
}

fn category(text: &str) -> Result<Category, String> {
    let names = || Category::ALL.iter().map(|c| c.as_str());
    Category::parse(text).ok_or_else(|| match isobar::base::nearest(text, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}
