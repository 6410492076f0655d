//! `isobar validate`: the language, references, types, and the rules of level error.

use isobar::diag::Findings;
use isobar::host::Console;
use isobar::pipeline;

use super::Outcome;
use super::args::{FindingArgs, SpecArgs, TargetArgs};
use super::session::{Reporter, Session, failing};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    targets: TargetArgs,
    #[command(flatten)]
    findings: FindingArgs,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    let targets = session.targets(&args.targets.targets)?;
    let mut findings = session.findings.clone();
    let mut hidden = Findings::default();
    if let Some(application) = &session.application {
        let (shown, others) = failing(session.judge(application, &targets), args.findings.fail_on);
        findings.append(shown);
        findings.append(pipeline::missing_code(application, &session.root.files, &session.sources));
        hidden = others;
    }
    Reporter { console, args: &args.findings, is_result: true }.report(&findings.sorted(), &hidden, &session)
}
