//! The answer as Markdown, for a pull request or a wiki.

use std::fmt::Write as _;

use super::By;
use super::document::{AccessDocument, IdentityDocument, StepDocument, TargetDocument, WiderDocument};
use super::native::statement;
use super::table::grouped;
use super::words::{exposure, guard, place, reason, steps, way};
use crate::diag::render::printable;

/// Most rows of one table; a page is read by people.
const ROWS: usize = 500;

/// The text. By resource, rights are grouped by what they are on.
pub fn markdown(document: &AccessDocument, by: By) -> String {
    let mut out = format!("## Access of {}\n", code(&document.app));
    if let Some(object) = &document.object {
        let _ = writeln!(out, "\nWho can ever reach {}.", code(&object.path));
        let direct = steps(document, &object.direct);
        let rows = direct.iter().map(|s| [code(&s.by), s.right.clone(), reason(s)]).collect();
        table(&mut out, "Directly", ["identity", "may", "because"], rows);
        let ways = object.through.iter().map(|found| (code(&found.identity), found.path.as_slice()));
        reached(&mut out, "Through events", document, ways, !object.is_cut);
        let rows = object.outside.iter().map(|o| [o.who.clone(), place(&o.source)]).collect();
        table(&mut out, "Outside", ["who", "because"], rows);
    } else {
        rights(&mut out, document, by);
        let ways = document.identities.iter().flat_map(|identity| {
            let who = identity_cell(identity);
            identity.reaches.iter().map(move |reach| (who.clone(), reach.path.as_slice()))
        });
        let is_complete = document.identities.iter().all(|identity| !identity.is_cut);
        reached(&mut out, "Blast radius", document, ways, is_complete);
    }
    entries(&mut out, document);
    let rows = document.native.iter().map(|n| [code(&n.by), n.grant.clone(), code(&n.on), place(&n.source)]).collect();
    table(&mut out, "Granted by `native`", ["identity", "may", "on", "because"], rows);
    let wider = |w: &WiderDocument| [w.target.clone(), w.title.clone(), w.reason.clone()];
    let rows = document.wider.iter().map(wider).collect();
    table(&mut out, "Wider, where a target guards less", ["on", "what", "because"], rows);
    for target in &document.targets {
        grants(&mut out, target);
    }
    printable(&out).into_owned()
}

fn rights(out: &mut String, document: &AccessDocument, by: By) {
    let cells = |s: &StepDocument| [code(&s.by), s.right.clone(), code(&s.on), reason(s)];
    match by {
        By::Identity => {
            let all = document.identities.iter().flat_map(|identity| steps(document, &identity.may));
            table(out, "Rights", ["identity", "may", "on", "because"], all.map(cells).collect());
        }
        By::Resource => {
            let all = grouped(document).into_iter().flat_map(|(_, rights)| rights);
            let rows = all.map(cells).map(|[by, right, on, why]| [on, by, right, why]).collect();
            table(out, "Rights", ["on", "identity", "may", "because"], rows);
        }
    }
}

fn identity_cell(identity: &IdentityDocument) -> String {
    let name = code(&identity.name);
    identity.exposed.map_or_else(|| name.clone(), |by| format!("{name} ({})", exposure(by)))
}

fn reached<'d>(
    out: &mut String,
    title: &str,
    document: &AccessDocument,
    ways: impl Iterator<Item = (String, &'d [usize])>,
    is_complete: bool,
) {
    let row = |(who, path): (String, &[usize])| {
        let path = steps(document, path);
        let (right, on) = path.last().map(|s| (s.right.clone(), code(&s.on))).unwrap_or_default();
        [who, right, on, way(&path)]
    };
    table(out, title, ["a thief of", "reaches", "on", "by"], ways.map(row).collect());
    if !is_complete {
        out.push_str("\nMore is reached, farther away.\n");
    }
}

fn entries(out: &mut String, document: &AccessDocument) {
    let row = |entry: &super::EntryDocument| {
        let leads = match &entry.path_to {
            Some(path) => way(&steps(document, path)),
            None => entry.runs.iter().map(|runner| code(runner)).collect::<Vec<_>>().join(", "),
        };
        [code(&entry.title), guard(entry), leads, place(&entry.source)]
    };
    let rows = document.entries.iter().map(row).collect();
    table(out, "Entry points", ["entry point", "asks", "leads by", "at"], rows);
}

fn grants(out: &mut String, target: &TargetDocument) {
    let _ = write!(out, "\n### On {}\n", escaped(&target.target));
    for why in &target.refused {
        let _ = write!(out, "\nUnknown, because {}.\n", escaped(why));
    }
    let rows = target.grants.iter().map(|grant| {
        let why = format!("{} ({})", grant.because, place(&grant.source));
        [code(&grant.holder), statement(grant).join("; "), why]
    });
    body(out, ["identity", "statement", "because"], rows.collect());
}

fn table<const N: usize>(out: &mut String, title: &str, head: [&str; N], rows: Vec<[String; N]>) {
    if !rows.is_empty() {
        let _ = write!(out, "\n### {title}\n");
        body(out, head, rows);
    }
}

fn body<const N: usize>(out: &mut String, head: [&str; N], rows: Vec<[String; N]>) {
    if rows.is_empty() {
        return;
    }
    let _ = write!(out, "\n| {} |\n|{}\n", head.join(" | "), " --- |".repeat(N));
    let more = rows.len().saturating_sub(ROWS);
    for row in rows.into_iter().take(ROWS) {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell)).collect();
        let _ = writeln!(out, "| {} |", cells.join(" | "));
    }
    if more > 0 {
        let _ = write!(out, "\nand {more} more rows: `isobar access --format json` has them all.\n");
    }
}

/// A name in a span of code, which [`escaped`] leaves alone but for bars.
fn code(name: &str) -> String {
    format!("`{}`", name.replace('`', "'"))
}

/// Text in which nothing acts as Markdown outside of spans of code. A bar ends a cell even in a span.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut is_code = false;
    for c in text.chars() {
        match c {
            '`' => is_code = !is_code,
            '\n' | '\r' => {
                out.push(' ');
                continue;
            }
            '|' => out.push('\\'),
            '\\' | '*' | '_' | '[' | ']' | '#' | '~' if !is_code => out.push('\\'),
            '<' if !is_code => {
                out.push_str("&lt;");
                continue;
            }
            '&' if !is_code => {
                out.push_str("&amp;");
                continue;
            }
            _ => {}
        }
        out.push(c);
    }
    out
}
