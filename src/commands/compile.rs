//! `isobar compile`: artifacts for every target, proven before anything is written.

use std::collections::BTreeSet;
use std::path::PathBuf;

use isobar::diag::Findings;
use isobar::diag::render::printable;
use isobar::host::{ChangeKind, Console, Owner, Report, TargetOutput, WriteError, WriteOptions, write_out};
use isobar::pipeline;

use super::Outcome;
use super::args::{FindingArgs, SpecArgs, TargetArgs};
use super::session::{Reporter, Session, failing, first_of_each};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    spec: SpecArgs,
    #[command(flatten)]
    targets: TargetArgs,
    /// The folder to write to; each target has a folder in it
    #[arg(long, value_name = "DIR", default_value = "out")]
    out: PathBuf,
    /// Write nothing; exit with 1 when the output would differ
    #[arg(long)]
    check: bool,
    /// Write over files that were edited, or that isobar did not write
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    findings: FindingArgs,
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let mut session = Session::open(&args.spec)?;
    let targets = session.targets(&args.targets.targets)?;
    let mut findings = session.findings.clone();
    let mut outputs = Vec::new();
    let mut hidden = Findings::default();
    if let Some(application) = &session.application
        && !findings.has_errors()
    {
        if targets.is_empty() {
            anyhow::bail!("there is no target; name one with `--target`, or in `targets:` of the spec");
        }
        let weighed = pipeline::weighed(application, &targets, &session.root.files);
        let (mut found, compiled) = rayon::join(
            || pipeline::judge(&weighed, &targets, &session.sources),
            || pipeline::compile_all(application, &targets, &session.root.files, &session.sources),
        );
        for (target, compiled, more) in compiled {
            found.append(first_of_each(more.sorted()));
            let (artifacts, plan) = compiled.map(|c| (c.artifacts, c.plan)).unzip();
            let artifacts = artifacts.unwrap_or_default();
            // A plan is large, and giving it back takes time in which files can be written.
            rayon::spawn(move || drop(plan));
            let files = artifacts.into_iter().map(|a| (a.path, a.bytes)).collect();
            outputs.push(TargetOutput { target: target.manifest.id.clone(), files });
        }
        let (shown, others) = failing(found.sorted(), args.findings.fail_on);
        findings.append(shown);
        hidden = others;
    }
    let findings = findings.sorted();
    let outcome = Reporter { console, args: &args.findings, is_result: false }.report(&findings, &hidden, &session)?;
    let (Some(application), Outcome::Clean, false) = (&session.application, outcome, findings.has_errors()) else {
        return Ok(Outcome::Failed);
    };
    let model = application.model();
    let owner = Owner { app: model.app.value.to_string(), environment: model.environment.name.to_string() };
    let options = WriteOptions { force: args.force, check: args.check };
    match write_out(&args.out, &owner, &outputs, options) {
        Ok(report) => Ok(tell(&report, args, console)),
        Err(e) => Err(with_help(&e)),
    }
}

fn with_help(error: &WriteError) -> anyhow::Error {
    let advice: BTreeSet<&str> = match error {
        WriteError::Conflicts(conflicts) => conflicts.iter().map(|conflict| conflict.kind.advice()).collect(),
        WriteError::Refused(_) | WriteError::Failed { .. } => BTreeSet::new(),
    };
    let lines: Vec<String> = std::iter::once(error.to_string()).chain(advice.into_iter().map(str::to_owned)).collect();
    anyhow::anyhow!("{}", lines.join("\n  "))
}

/// Says what was written, or what would be.
fn tell(report: &Report, args: &Args, console: Console) -> Outcome {
    let out = args.out.display();
    let mut lines: Vec<String> = Vec::new();
    for path in &report.kept {
        lines.push(format!("kept `{path}`: it is no longer generated, but was edited"));
    }
    if args.check {
        lines.extend(report.conflicts.iter().map(ToString::to_string));
        lines.extend(report.changes.iter().map(|change| {
            let verb = match change.kind {
                ChangeKind::Created => "is missing",
                ChangeKind::Updated => "differs",
                ChangeKind::Removed => "is no longer generated",
            };
            format!("`{}` {verb}", change.path)
        }));
        if report.interrupted {
            lines.push(format!("an interrupted run left `{out}` incomplete"));
        }
        lines.push(format!("`{out}` is {}up to date", if report.is_clean() { "" } else { "not " }));
    } else {
        if report.interrupted {
            lines.push("an interrupted run was completed".to_owned());
        }
        lines.push(format!("`{out}`: {}", counts(report)));
    }
    console.say(&printable(&(lines.join("\n") + "\n")));
    if args.check && !report.is_clean() { Outcome::Failed } else { Outcome::Clean }
}

fn counts(report: &Report) -> String {
    let count = |kind: ChangeKind| report.changes.iter().filter(|c| c.kind == kind).count();
    let parts: Vec<String> = [
        (count(ChangeKind::Created), "created"),
        (count(ChangeKind::Updated), "updated"),
        (count(ChangeKind::Removed), "removed"),
        (report.unchanged, "unchanged"),
    ]
    .into_iter()
    .filter(|(n, _)| *n > 0)
    .map(|(n, what)| format!("{n} {what}"))
    .collect();
    parts.join(", ")
}
