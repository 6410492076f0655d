//! `isobar targets`: what the built-in targets can do, from their manifests.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use isobar::base::Sources;
use isobar::catalog::{FEATURES, Level, Target, builtin, builtin_ids};
use isobar::host::Console;

use super::Outcome;

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Print the support matrix as a Markdown table: one row per feature
    #[arg(long)]
    matrix: bool,
}

const LEVELS: [Level; 5] = [Level::Native, Level::Emulated, Level::Degraded, Level::NotYet, Level::Impossible];

pub(super) fn run(args: &Args, console: Console) -> anyhow::Result<Outcome> {
    let targets = builtin_ids().into_iter().map(load).collect::<anyhow::Result<Vec<Target>>>()?;
    console.print(&if args.matrix { matrix(&targets) } else { table(&targets) })?;
    Ok(Outcome::Clean)
}

/// A built-in target that does not load is a defect of this program; a test loads all of them.
fn load(id: &str) -> anyhow::Result<Target> {
    let mut sources = Sources::default();
    let (target, findings) = Target::load(builtin(id).unwrap_or_default(), &format!("targets/{id}"), &mut sources);
    target.ok_or_else(|| {
        let messages: Vec<&str> = findings.iter().map(|f| f.message.as_str()).collect();
        anyhow::anyhow!("the built-in target `{id}` does not load: {}", messages.join("; "))
    })
}

fn table(targets: &[Target]) -> String {
    let mut rows = vec![vec!["target".to_owned(), "title".to_owned()]];
    if let Some(head) = rows.first_mut() {
        head.extend(LEVELS.map(|l| l.as_str().to_owned()));
    }
    for target in targets {
        let mut counts: BTreeMap<Level, usize> = BTreeMap::new();
        for (feature, _) in FEATURES {
            *counts.entry(target.level(feature).0).or_default() += 1;
        }
        let mut row = vec![target.manifest.id.clone(), target.manifest.title.clone()];
        row.extend(LEVELS.map(|l| counts.get(&l).copied().unwrap_or(0).to_string()));
        rows.push(row);
    }
    let columns = LEVELS.len() + 2;
    let width = |column: usize| rows.iter().filter_map(|r| r.get(column)).map(|c| c.chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in &rows {
        let mut line = String::new();
        for (column, (cell, width)) in row.iter().zip(&widths).enumerate() {
            // Words are aligned left, numbers right. Writing to a string does not fail.
            let _ = if column < 2 { write!(line, "{cell:width$}  ") } else { write!(line, "{cell:>width$}  ") };
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// The support matrix, with the reason of everything that is not native as a footnote.
fn matrix(targets: &[Target]) -> String {
    let mut out = String::from("| feature |");
    // Writing to a string does not fail, here and below.
    for target in targets {
        let _ = write!(out, " {} |", cell(&target.manifest.title));
    }
    out.push_str("\n| --- |");
    out.push_str(&" --- |".repeat(targets.len()));
    out.push('\n');
    let mut notes: Vec<String> = Vec::new();
    for (feature, title) in FEATURES {
        let _ = write!(out, "| {} (`{feature}`) |", cell(title));
        for target in targets {
            let (level, reason) = target.level(feature);
            let note = reason.map(|reason| {
                let text = format!("{}: {}", target.manifest.title, cell(reason));
                let known = notes.iter().position(|n| *n == text);
                known.unwrap_or_else(|| {
                    notes.push(text);
                    notes.len() - 1
                }) + 1
            });
            let note = note.map_or_else(String::new, |n| format!(" <sup>{n}</sup>"));
            let _ = write!(out, " {}{note} |", level.as_str());
        }
        out.push('\n');
    }
    if !notes.is_empty() {
        out.push('\n');
    }
    for (index, note) in notes.iter().enumerate() {
        let _ = writeln!(out, "{}. {note}", index + 1);
    }
    out
}

/// Text of a manifest inside of a cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
