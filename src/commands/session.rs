//! What commands on a spec share: open it, load the targets, print findings.

use std::collections::BTreeMap;
use std::path::Path;

use isobar::base::{Sources, Span, nearest};
use isobar::catalog::{Target, TargetFiles, builtin, builtin_ids};
use isobar::diag::render::{Format, Listing, Page, Style, summary};
use isobar::diag::{Finding, Findings, Severity};
use isobar::diff::Class;
use isobar::host::{Console, Root, Stream, find_root, read_folder};
use isobar::model::TargetOptions;
use isobar::pipeline::{self, Application, Outline, Request};
use isobar::{plan, rules};
use rayon::prelude::*;

use super::Outcome;
use super::args::{FailOn, FindingArgs, RequestArgs, SpecArgs};

/// Most files and bytes of a target's folder.
const TARGET_FILES: usize = 2_000;
const TARGET_BYTES: u64 = 64 << 20;

/// A spec that was read.
pub(super) struct Session {
    pub(super) root: Root,
    pub(super) sources: Sources,
    /// There when the spec has no error.
    pub(super) application: Option<Application>,
    /// What it says to targets when it has some.
    outline: Option<Box<Outline>>,
    /// Of reading it and the targets.
    pub(super) findings: Findings,
}

impl RequestArgs {
    pub(super) fn request(&self) -> Request {
        Request {
            environment: self.env.as_ref().map(|n| n.as_str().to_owned()),
            vars: self.vars.iter().map(|(name, value)| (name.as_str().to_owned(), value.clone())).collect(),
        }
    }
}

impl Session {
    /// Reads the spec.
    pub(super) fn open(args: &SpecArgs) -> anyhow::Result<Self> {
        let root = find_root(&args.spec)?;
        let mut sources = Sources::default();
        let (read, findings) = pipeline::read_outlined(&root.files, &root.spec, &args.request.request(), &mut sources);
        let (application, outline) = match read {
            Ok(application) => (Some(application), None),
            Err(outline) => (None, outline),
        };
        Ok(Self { root, sources, application, outline, findings })
    }

    /// The targets that are asked for, else those that the spec names. What is wrong with their options is found here where
    /// the rest of the spec is faulty too.
    pub(super) fn targets(&mut self, asked: &[String]) -> anyhow::Result<Vec<Target>> {
        let outlined = self.outline.as_ref().map(|outline| named(outline.targets()));
        let named = self.application.as_ref().map(named_targets).or(outlined).unwrap_or_default();
        let targets = load_targets(asked, named, &mut self.sources, &mut self.findings)?;
        if let Some(outline) = &self.outline {
            for target in &targets {
                self.findings.append(outline.check(target));
            }
        }
        Ok(targets)
    }

    /// What the rules find, and what each target refuses or does less well.
    pub(super) fn judge(&self, application: &Application, targets: &[Target]) -> Findings {
        let on = |target: &Target| {
            let mut findings = Findings::default();
            let checked = plan::check(application.model(), target);
            // What a target refuses cannot be measured.
            if !checked.has_errors() {
                findings.append(pipeline::unplannable(application, target, &self.sources));
            }
            findings.append(first_of_each(checked.sorted()));
            findings
        };
        let (mut findings, by_target): (Findings, Vec<Findings>) = rayon::join(
            || pipeline::judge(&pipeline::weighed(application, targets, &self.root.files), targets, &self.sources),
            || targets.par_iter().map(on).collect(),
        );
        for more in by_target {
            findings.append(more);
        }
        if targets.is_empty() && application.model().targets.is_empty() {
            let message = "limits of platforms were not checked: no target is named";
            let help = format!(
                "list targets under `targets:`, or name one: `--target {}`",
                builtin_ids().join("`, `--target ")
            );
            findings.push(Finding::note("unchecked-limits", application.model().app.span, message).help(help));
        }
        findings.sorted()
    }

    /// How findings are shown on a stream.
    pub(super) fn style(&self, stream: Stream) -> Style {
        Style { color: stream.color, unicode: stream.unicode, base: self.root.shown.clone(), ..Style::default() }
    }
}

/// The keys of `targets:`.
pub(super) fn named_targets(application: &Application) -> Vec<(String, Span)> {
    named(&application.model().targets)
}

fn named(targets: &BTreeMap<String, TargetOptions>) -> Vec<(String, Span)> {
    targets.iter().map(|(name, options)| (name.clone(), options.span)).collect()
}

/// The targets that are asked for, else those that are named. One that the command line names wrongly cannot be run; one
/// that a spec names wrongly, or that is broken, is a finding.
pub(super) fn load_targets(
    asked: &[String],
    named: Vec<(String, Span)>,
    sources: &mut Sources,
    findings: &mut Findings,
) -> anyhow::Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    let mut load = |files: TargetFiles, shown: &str, findings: &mut Findings| {
        let (target, more) = pipeline::load(files, shown, sources);
        findings.append(more);
        // Naming a target twice is harmless.
        let is_new = |t: &Target| !targets.iter().any(|known| known.manifest.id == t.manifest.id);
        if let Some(target) = target.filter(is_new) {
            targets.push(target);
        }
    };
    for name in asked {
        let (files, shown) = if is_path(name) {
            let folder = Path::new(name);
            if folder.is_dir() && !folder.join("target.yaml").is_file() {
                anyhow::bail!("the folder `{name}` is no target: there is no `target.yaml` in it");
            }
            let files = read_folder(folder, TARGET_FILES, TARGET_BYTES)?;
            // From where the user stands, and so never taken for a path beside the spec.
            let shown = name.trim_end_matches('/');
            let is_rooted = shown.starts_with(['.', '/']);
            (files, if is_rooted { shown.to_owned() } else { format!("./{shown}") })
        } else {
            let files = builtin(name)
                .ok_or_else(|| anyhow::anyhow!("there is no built-in target `{name}`; {}", target_hint(name)))?;
            (files, format!("targets/{name}"))
        };
        load(files, &shown, findings);
    }
    for (name, span) in if asked.is_empty() { named } else { Vec::new() } {
        match builtin(&name) {
            Some(files) => load(files, &format!("targets/{name}"), findings),
            None => findings.push(unknown_target(&name, span)),
        }
    }
    Ok(targets)
}

/// With a separator or a dot in front it is a folder, as with other tools.
fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.starts_with('.')
}

/// A name that is nearly a built-in one is a slip; another one is that of a folder, which only the command line knows.
fn unknown_target(name: &str, span: Span) -> Finding {
    let finding = Finding::error("unknown-target", span, format!("there is no built-in target `{name}`"));
    if nearest(name, builtin_ids()).is_some() {
        return finding.help(target_hint(name));
    }
    finding.help(format!(
        "name the folder whose `target.yaml` has `id: {name}` in each call: `--target ./{name}`; built-in targets are {}",
        builtin_ids().join(", ")
    ))
}

fn target_hint(name: &str) -> String {
    match nearest(name, builtin_ids()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "there are {}; a target of your own is named by its path: `--target ./my-target`",
            builtin_ids().join(", ")
        ),
    }
}

/// What a target does less well, it does less well everywhere: once is enough, at the first place.
pub(super) fn first_of_each(findings: Findings) -> Findings {
    let about = |note: &Finding| (note.targets.clone(), note.message.clone());
    let mut places: BTreeMap<(Vec<String>, String), usize> = BTreeMap::new();
    for note in findings.iter().filter(|f| f.severity == Severity::Note) {
        *places.entry(about(note)).or_default() += 1;
    }
    let mut out = Findings::default();
    for mut finding in findings {
        if finding.severity == Severity::Note {
            match places.remove(&about(&finding)) {
                Some(1) => {}
                Some(2) => finding.help = Some("the same holds at one other place".to_owned()),
                Some(n) => finding.help = Some(format!("the same holds at {} other places", n - 1)),
                None => continue,
            }
        }
        out.push(finding);
    }
    out
}

/// The findings that can fail a command, with the warnings that no rule gives, since nobody else shows them; and the
/// others.
pub(super) fn failing(findings: Findings, fail_on: FailOn) -> (Findings, Findings) {
    let level = Severity::from(fail_on);
    let is_own = |f: &Finding| f.severity >= Severity::Warning && rules::find(f.id).is_none();
    let (shown, hidden): (Vec<Finding>, Vec<Finding>) =
        findings.into_iter().partition(|f| f.severity >= level || is_own(f));
    (shown.into_iter().collect(), hidden.into_iter().collect())
}

/// The page of a rule, for formats that carry it with the findings.
pub(super) fn page(id: &str) -> Option<Page> {
    let of_rule = rules::find(id).map(|rule| Page {
        summary: rule.summary,
        text: rule.doc,
        category: rule.category.as_str(),
        level: Some(rule.level),
    });
    of_rule.or_else(|| {
        let class = Class::parse(id)?;
        Some(Page { summary: class.summary(), text: class.summary(), category: "change", level: Some(Severity::Error) })
    })
}

/// What a summary says about findings that are not shown.
fn hidden_note(hidden: usize) -> String {
    match hidden {
        0 => String::new(),
        1 => "; 1 warning or note is not shown, `isobar lint` shows it".to_owned(),
        n => format!("; {n} warnings and notes are not shown, `isobar lint` shows them"),
    }
}

/// Prints findings and says how the command ends.
pub(super) struct Reporter<'a> {
    pub(super) console: Console,
    pub(super) args: &'a FindingArgs,
    /// Findings are the result and go to standard output; otherwise they are messages.
    pub(super) is_result: bool,
}

impl Reporter<'_> {
    /// Of hidden findings it is said how many there are.
    pub(super) fn report(&self, findings: &Findings, hidden: &Findings, session: &Session) -> anyhow::Result<Outcome> {
        let format = Format::from(self.args.format);
        let stream = if self.is_result { self.console.out } else { self.console.err };
        let style = Style { link_base: self.args.link_base.clone(), ..session.style(stream) };
        let listing = Listing { findings, hidden, sources: &session.sources, pages: page };
        let text = listing.render(format, &style);
        let more = hidden_note(hidden.len());
        if self.is_result {
            self.console.print(&text)?;
        } else {
            self.console.say(&text);
        }
        if !format.is_document() && (self.is_result || !findings.is_empty() || !more.is_empty()) {
            // What is not shown are findings too, though no errors.
            let some_hidden = findings.is_empty() && !more.is_empty();
            let head = if some_hidden { "no errors".to_owned() } else { summary(findings) };
            self.console.say(&format!("{head}{more}\n"));
        }
        let fails = findings.any_at_least(Severity::from(self.args.fail_on));
        Ok(if fails { Outcome::Failed } else { Outcome::Clean })
    }
}
