//! `isobar diff`: what changes between two states of an application, or what a plan has beyond one, and whether a gate lets
//! it pass.

mod plan;
mod state;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use isobar::artifact::Inventory;
use isobar::base::{Span, nearest};
use isobar::catalog::{Target, builtin};
use isobar::diag::render::{Format as Rendered, Listing, MARKER, Style};
use isobar::diag::{Findings, Severity};
use isobar::diff::{self, Change, Class, DiffDocument, Ground, Report, Verdict, deployment};
use isobar::host::{Console, today};
use isobar::pipeline;

use super::Outcome;
use super::args::{Format, RequestArgs, TargetArgs};
use super::session::{load_targets, named_targets, page};
use state::Side;

/// The spec where none is named.
const SPEC: &str = "isobar.yaml";

#[derive(Debug, clap::Args)]
#[command(after_help = classes())]
pub(super) struct Args {
    /// The state before: a spec or its folder, an output folder with its lock, or `git:REV[:PATH]`
    #[arg(value_name = "OLD", required_unless_present = "plan")]
    old: Option<String>,
    /// The state after; the working tree when left out
    #[arg(value_name = "NEW", conflicts_with = "plan")]
    new: Option<String>,
    /// What `terraform show -json PLAN` printed, `-` for standard input: tells what the cloud has, or will have, beyond the
    /// one spec that is named then, `isobar.yaml` when left out
    #[arg(long, value_name = "FILE")]
    plan: Option<String>,
    #[command(flatten)]
    request: RequestArgs,
    #[command(flatten)]
    targets: TargetArgs,
    /// Classes of changes that end with exit code 1, separated by commas; repeatable
    #[arg(long, value_name = "CLASS", value_delimiter = ',', value_parser = class)]
    deny: Vec<Class>,
    /// Deny the classes that a reviewer should not miss
    #[arg(long)]
    ci: bool,
    /// How changes are printed; SARIF, JUnit and annotations hold those that are denied
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    format: Format,
}

fn class(text: &str) -> Result<Class, String> {
    let text = text.trim();
    let names = || Class::ALL.iter().map(|class| class.as_str());
    Class::parse(text).ok_or_else(|| match nearest(text, names()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
    })
}

/// The list of classes, for the end of the help.
fn classes() -> String {
    let mut out = String::from("Classes of changes (* by --ci):\n");
    for class in Class::ALL {
        let mark = if class.is_denied_in_ci() { '*' } else { ' ' };
        // Writing to a string does not fail.
        let _ = writeln!(out, "  {mark} {:22} {}", class.as_str(), class.summary());
    }
    out
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    if let Some(path) = &args.plan {
        return plan::run(args, path, console);
    }
    let Some(old_name) = args.old.as_deref() else { anyhow::bail!("there is no state to compare with") };
    let request = args.request.request();
    let own = state::revision(old_name).and_then(|(_, path)| path);
    let name = args.new.as_deref().or(own).unwrap_or(SPEC);
    // A revision that is named alone has its spec where the other state has it.
    let beside = if state::revision(name).is_some() { SPEC } else { name };
    let old = state::open(old_name, beside, &request)?;
    let mut new = state::open(name, SPEC, &request)?;
    if matches!(new, Side::Nothing) {
        anyhow::bail!("there is no spec in `{name}`");
    }
    same_environment(&old, &new)?;
    for (side, name) in [(&old, old_name), (&new, name)] {
        if let Side::Spec(opened) = side
            && opened.application.is_none()
        {
            console.say(&format!("`{name}` is not valid, so that nothing can be compared:\n"));
            return refuse(&opened.findings, side, args, console);
        }
    }
    let mut found = Findings::default();
    let targets = targets(args, &old, &mut new, &mut found)?;
    if found.has_errors() {
        return refuse(&found, &new, args, console);
    }
    let facts = |side: &Side| side.application().map(|application| pipeline::facts(application, &targets).0);
    let (before, after) = (facts(&old), facts(&new));
    let specs = (old.spec(before.as_ref()), new.spec(after.as_ref()));
    let mut changes = match specs {
        (Some(was), Some(is)) => diff::specs(was, is),
        _ => Vec::new(),
    };
    for target in &targets {
        match outputs(&old, &new, target)? {
            Ok(more) => changes.extend(more),
            Err(failed) => {
                let (side, name) = if failed.is_old { (&old, old_name) } else { (&new, name) };
                console.say(&format!("`{name}` cannot be compiled for `{}`:\n", target.manifest.id));
                return refuse(&failed.findings, side, args, console);
            }
        }
    }
    let changes = diff::sorted(changes, specs.0, specs.1);
    let verdict = verdict(args, &changes, &new)?;
    let ids: Vec<String> = targets.iter().map(|target| target.manifest.id.clone()).collect();
    let document = DiffDocument::of(Report {
        named: (old_name, name),
        targets: &ids,
        notes: &notes(&old, old_name, &new),
        changes: &changes,
        decisions: &verdict.decisions,
        sources: [(&old.sources(), old.base()), (&new.sources(), new.base())],
    });
    print(args, &document, &verdict.findings, &new, console)
}

/// An output of one environment says nothing of another.
fn same_environment(old: &Side, new: &Side) -> anyhow::Result<()> {
    for (output, spec) in [(old, new), (new, old)] {
        let (Side::Output(written), Some(application)) = (output, spec.application()) else { continue };
        let read = application.model().environment.name.as_str();
        if let Some(one) = written.iter().find(|one| one.lock.environment != read) {
            let lock = &one.lock;
            anyhow::bail!(
                "the output for `{}` is of the environment `{}`, and the spec is read for `{read}`; say which by `--env`",
                lock.target,
                lock.environment
            );
        }
    }
    Ok(())
}

/// The targets to compare: those asked for, else those that either state has.
fn targets(args: &Args, old: &Side, new: &mut Side, findings: &mut Findings) -> anyhow::Result<Vec<Target>> {
    let mut sources = new.sources();
    let nowhere = Span::start_of(sources.add("", ""));
    let names = |side: &Side| match side {
        Side::Spec(_) => side.application().map(named_targets).unwrap_or_default(),
        Side::Output(written) => written.iter().map(|one| (one.lock.target.clone(), nowhere)).collect(),
        Side::Nothing => Vec::new(),
    };
    let mut wanted = names(new);
    for (name, _) in names(old) {
        // A target of old that is no longer named, and one of which nobody knows what its folder held.
        if !wanted.iter().any(|(known, _)| *known == name) && builtin(&name).is_some() {
            wanted.push((name, nowhere));
        }
    }
    let targets = load_targets(&args.targets.targets, wanted, &mut sources, findings)?;
    if let Side::Spec(opened) = new {
        // Findings about targets point into their files.
        opened.sources = sources;
    }
    Ok(targets)
}

/// What could not be compared.
fn notes(old: &Side, old_name: &str, new: &Side) -> Vec<String> {
    let mut notes = Vec::new();
    if matches!(old, Side::Nothing) {
        notes.push(format!("there is no spec in `{old_name}`: all of it is new, and only what is deployed is listed"));
    }
    for side in [old, new] {
        let Side::Output(written) = side else { continue };
        notes.push("an output does not hold its spec: access, deliveries and contracts are not compared".to_owned());
        for one in written.iter().filter(|one| !one.edited.is_empty()) {
            let (target, edited) = (&one.lock.target, one.edited.join(", "));
            notes
                .push(format!("the output for `{target}` is compared as it is; edited since it was written: {edited}"));
        }
    }
    notes.dedup();
    notes
}

/// A spec that could not be compiled.
struct Failed {
    is_old: bool,
    findings: Findings,
}

/// The changes of what is deployed to one target.
fn outputs(old: &Side, new: &Side, target: &Target) -> anyhow::Result<Result<Vec<Change>, Failed>> {
    let id = &target.manifest.id;
    // A target that neither names is asked for on the command line.
    let is_named = old.has(id) || new.has(id);
    let is_there = |side: &Side| !is_named || side.has(id);
    let (was, is) = (old.state().filter(|_| is_there(old)), new.state().filter(|_| is_there(new)));
    let [before, after] = pipeline::outlines([was, is], target);
    let (before, after) = match (before, after) {
        ((Some(before), _), (Some(after), _)) => (before, after),
        ((None, findings), _) => return Ok(Err(Failed { is_old: old.state().is_some(), findings })),
        (_, (None, findings)) => return Ok(Err(Failed { is_old: false, findings })),
    };
    let (before, after) = (old.texts(&before, id), new.texts(&after, id));
    let (before, after) =
        rayon::join(|| Inventory::read(&before, &target.manifest), || Inventory::read(&after, &target.manifest));
    if let Some((file, line, why)) = before.defects.iter().chain(&after.defects).next() {
        anyhow::bail!("the output for `{id}` cannot be read: {file}:{line}: {why}");
    }
    Ok(Ok(deployment::changes(&before, &after, (id, &target.manifest.lifecycle), &|_, _| None)))
}

fn verdict(args: &Args, changes: &[Change], new: &Side) -> anyhow::Result<Verdict> {
    let in_ci = Class::ALL.iter().filter(|class| args.ci && class.is_denied_in_ci());
    let denied: BTreeSet<Class> = args.deny.iter().chain(in_ci).copied().collect();
    if denied.is_empty() {
        return Ok(Verdict::default());
    }
    let today = today().ok_or_else(|| anyhow::anyhow!("the clock of this machine stands before 1970"))?;
    let mut sources = new.sources();
    let start = match new.application() {
        Some(application) => application.model().app.span,
        None => Span::start_of(sources.add("", "")),
    };
    let heads = new.application().into_iter().flat_map(|application| application.model().heads());
    let nodes = heads.map(|head| (head.path.to_string(), head.span)).collect();
    Ok(diff::judge(changes, &denied, Ground { sources: &sources, nodes: &nodes, start, today }))
}

/// Ends with findings that stand in the way.
fn refuse(findings: &Findings, side: &Side, args: &Args, console: Console) -> anyhow::Result<Outcome> {
    // What is done less well stands in nobody's way.
    let mut findings = findings.clone().sorted();
    findings.retain(|finding| finding.severity > Severity::Note);
    let text = listed(&findings, side, Rendered::from(args.format), console);
    // A comment that is written over has to be the one of the comparison.
    let text = if args.format == Format::Markdown { text.replacen(MARKER, diff::MARKER, 1) } else { text };
    console.print(&text)?;
    Ok(Outcome::Failed)
}

fn listed(findings: &Findings, side: &Side, format: Rendered, console: Console) -> String {
    let (color, unicode) = (console.out.color, console.out.unicode);
    let style = Style { color, unicode, base: side.base().to_owned(), ..Style::default() };
    Listing { findings, hidden: &Findings::default(), sources: &side.sources(), pages: page }.render(format, &style)
}

fn print(
    args: &Args,
    document: &DiffDocument,
    findings: &Findings,
    new: &Side,
    console: Console,
) -> anyhow::Result<Outcome> {
    let findings = findings.clone().sorted();
    let text = match args.format {
        Format::Human => {
            let denied = listed(&findings, new, Rendered::Human, console);
            format!("{}{denied}", diff::text(document, console.out.color))
        }
        Format::Concise => diff::concise(document),
        Format::Json => document.json(),
        Format::Markdown => diff::markdown(document),
        Format::Sarif | Format::Junit | Format::Github => listed(&findings, new, args.format.into(), console),
    };
    console.print(&text)?;
    let denied = document.denied();
    if !Rendered::from(args.format).is_document() {
        let end = if denied == 0 { String::new() } else { format!("; {denied} denied") };
        console.say(&format!("{}{end}\n", diff::summary(document)));
    }
    Ok(if findings.has_errors() { Outcome::Failed } else { Outcome::Clean })
}
