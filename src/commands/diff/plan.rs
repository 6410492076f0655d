//! `isobar diff --plan`: what a plan of Terraform has beyond the spec.

use std::path::Path;

use anyhow::bail;
use isobar::artifact::{File, Planned};
use isobar::base::Sources;
use isobar::catalog::{Format, Target};
use isobar::diag::Findings;
use isobar::diff::{self, DiffDocument, Report};
use isobar::host::{Console, read_input};
use isobar::pipeline;

use super::state::{self, Side};
use super::{Args, Outcome, SPEC, load_targets, named_targets, print, refuse, verdict};

/// Most bytes of a plan.
const LARGEST: u64 = 512 << 20;

pub(super) fn run(args: &Args, path: &str, console: Console) -> anyhow::Result<Outcome> {
    let shown = if path == "-" { "standard input".to_owned() } else { format!("`{path}`") };
    let bytes = read_input(Path::new(path), LARGEST)?;
    let plan = Planned::read(&bytes).map_err(|why| anyhow::anyhow!("{shown} {why}"))?;
    drop(bytes);
    let name = args.old.as_deref().unwrap_or(SPEC);
    let mut side = state::open(name, SPEC, &args.request.request())?;
    let Side::Spec(opened) = &mut side else {
        bail!("`{name}` is an output; a plan is compared with a spec");
    };
    let Some(application) = &opened.application else {
        console.say(&format!("`{name}` is not valid, so that nothing can be compared:\n"));
        return refuse(&opened.findings.clone(), &side, args, console);
    };
    let mut found = Findings::default();
    let named = named_targets(application);
    let targets = load_targets(&args.targets.targets, named, &mut opened.sources, &mut found)?;
    if found.has_errors() {
        return refuse(&found, &side, args, console);
    }
    let target = planned(&targets)?;
    let Some(now) = side.state() else { bail!("`{name}` is not valid") };
    let (artifacts, findings) = pipeline::proven(now, target);
    let Some(artifacts) = artifacts else {
        console.say(&format!("`{name}` cannot be compiled for `{}`:\n", target.manifest.id));
        return refuse(&findings, &side, args, console);
    };
    let file = |path, bytes| Some(File { path, text: std::str::from_utf8(bytes).ok()? });
    let files: Vec<File<'_>> = artifacts.iter().filter_map(|one| file(one.path.as_str(), &one.bytes)).collect();
    let (changes, notes) = diff::cloud(&files, target, &plan);
    let facts = side.application().map(|application| pipeline::facts(application, &targets).0);
    let changes = diff::sorted(changes, None, side.spec(facts.as_ref()));
    let verdict = verdict(args, &changes, &side)?;
    let document = DiffDocument::of(Report {
        named: (path, name),
        targets: std::slice::from_ref(&target.manifest.id),
        notes: &notes,
        changes: &changes,
        decisions: &verdict.decisions,
        sources: [(&Sources::default(), ""), (&side.sources(), side.base())],
    });
    print(args, &document, &verdict.findings, &side, console)
}

/// The one target whose output Terraform plans.
fn planned(targets: &[Target]) -> anyhow::Result<&Target> {
    let mut all = targets.iter().filter(|target| target.manifest.format == Format::Hcl);
    match (all.next(), all.next()) {
        (Some(target), None) => Ok(target),
        (None, _) => {
            let names: Vec<String> = targets.iter().map(|target| format!("`{}`", target.manifest.id)).collect();
            bail!("Terraform plans no output of {}; name the target with `--target`", names.join(" and "))
        }
        (Some(one), Some(other)) => {
            let (one, other) = (&one.manifest.id, &other.manifest.id);
            bail!("Terraform plans the output of `{one}` and of `{other}`; name one of them with `--target`")
        }
    }
}
