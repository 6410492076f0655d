//! `isobar fmt`: canonical spacing of a spec and of the files that it includes.

use std::path::{Path, PathBuf};

use isobar::base::{Files as _, RelPath, Sources};
use isobar::diag::render::{Format, printable, render};
use isobar::host::{Console, Root, find_root, replace_file};
use isobar::pipeline::{self, Request};
use isobar::yaml::{Caps, Tidied, tidy};

use super::Outcome;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The spec, or a folder with an `isobar.yaml`; files that it includes are formatted too
    #[arg(value_name = "SPEC", default_value = "isobar.yaml")]
    spec: PathBuf,
    /// Write nothing; exit with 1 when a file is not formatted
    #[arg(long)]
    check: bool,
}

/// Whether a file holds exactly the text that was read. What is no UTF-8 is shown with other characters in findings,
/// and must not be written back like that.
fn is_as_read(root: &Root, path: &RelPath, text: &str) -> bool {
    root.files.read(path, u64::MAX >> 1).is_ok_and(|bytes| bytes == text.as_bytes())
}

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let root = find_root(&args.spec)?;
    let mut sources = Sources::default();
    let (_, findings) = pipeline::read(&root.files, &root.spec, &Request::default(), &mut sources);
    let style = isobar::diag::render::Style {
        color: console.err.color,
        unicode: console.err.unicode,
        base: root.shown.clone(),
        ..isobar::diag::render::Style::default()
    };
    let mut outcome = Outcome::Clean;
    if sources.iter().next().is_none() {
        // Not even the spec itself could be read as text.
        console.say(&render(&findings, &sources, Format::Human, &style));
        return Ok(Outcome::Failed);
    }
    for (file, source) in sources.iter() {
        // Schemas of events are read too; they are somebody else's to format.
        let ending = Path::new(source.path()).extension();
        if !ending.is_some_and(|e| e == "yaml" || e == "yml") {
            continue;
        }
        let shown = root.shown_path(source.path());
        let path = RelPath::resolve("", source.path()).filter(|p| is_as_read(&root, p, source.text()));
        if path.is_none() {
            console.say(&render(&findings.clone().sorted(), &sources, Format::Human, &style));
            return Ok(Outcome::Failed);
        }
        match tidy(file, &sources, &Caps::default()) {
            Tidied::Text(text) if text == **source.text() => {}
            Tidied::Text(_) if args.check => {
                console.say(&format!("{} is not formatted\n", printable(&shown)));
                outcome = Outcome::Failed;
            }
            Tidied::Text(text) => {
                replace_file(&root.disk_path(source.path()), text.as_bytes())?;
                console.say(&format!("formatted {}\n", printable(&shown)));
            }
            Tidied::Unsure => {
                console.say(&format!("left {} as it is: spacing it would change its meaning\n", printable(&shown)));
            }
            Tidied::Invalid(findings) => {
                console.say(&render(&findings.sorted(), &sources, Format::Human, &style));
                outcome = Outcome::Failed;
            }
        }
    }
    Ok(outcome)
}
