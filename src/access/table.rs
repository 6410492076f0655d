//! The answer as text for a terminal.

use std::fmt::Write as _;

use super::By;
use super::document::{
    AccessDocument, EntryDocument, GrantDocument, IdentityDocument, IdentityKind, ObjectDocument, StepDocument,
    TargetDocument,
};
use super::native::statement;
use super::words::{guard, place, reason, steps, way};
use crate::diag::render::printable;

/// Most lines of one blast radius in the table of all.
const RADIUS: usize = 20;

/// The text. By resource, rights are grouped by what they are on.
pub fn text(document: &AccessDocument, by: By) -> String {
    let mut out = String::new();
    if let Some(object) = &document.object {
        what(&mut out, document, object);
    } else if let (Some(_), [identity]) = (&document.who, document.identities.as_slice()) {
        who(&mut out, document, identity);
    } else {
        all(&mut out, document, by);
    }
    native(&mut out, document);
    wider(&mut out, document);
    for target in &document.targets {
        grants(&mut out, target);
    }
    printable(&out).into_owned()
}

fn all(out: &mut String, document: &AccessDocument, by: By) {
    let identities = document.identities.len();
    let rights: usize = document.identities.iter().map(|identity| identity.may.len()).sum();
    // Writing to a String cannot fail, here and below.
    let _ = writeln!(out, "{}: {identities} identities, {rights} rights", document.app);
    match by {
        By::Identity => by_identity(out, document),
        By::Resource => by_resource(out, document),
    }
    section(
        out,
        "blast radius: what a thief of an identity reaches through events, beyond its rights",
        &radii(document),
    );
    section(out, "entry points: where something comes in from outside", &entries(&document.entries));
}

fn by_identity(out: &mut String, document: &AccessDocument) {
    for (title, is_in) in SECTIONS {
        let mut body = String::new();
        for identity in document.identities.iter().filter(|identity| is_in(identity.kind)) {
            let _ = writeln!(body, "  {}{}", identity.name, exposure(identity));
            let rights = steps(document, &identity.may);
            body.push_str(&columns(4, rights.iter().map(|s| vec![s.right.clone(), s.on.clone(), reason(s)])));
        }
        section(out, title, &body);
    }
}

type Section = (&'static str, fn(IdentityKind) -> bool);

const SECTIONS: [Section; 3] = [
    ("functions and workflows", |kind| matches!(kind, IdentityKind::Function | IdentityKind::Workflow)),
    ("what delivers: a target gives these rights to the function, to the trigger or to the platform", |kind| {
        kind == IdentityKind::Trigger
    }),
    ("the platform", |kind| kind == IdentityKind::Platform),
];

fn by_resource(out: &mut String, document: &AccessDocument) {
    for (on, rights) in grouped(document) {
        let rows = rights.iter().map(|s| vec![s.by.clone(), s.right.clone(), reason(s)]);
        section(out, on, &columns(2, rows));
    }
}

/// Rights by what they are on, in the order of paths.
pub(super) fn grouped(document: &AccessDocument) -> Vec<(&str, Vec<&StepDocument>)> {
    let mut by_object = std::collections::BTreeMap::new();
    for right in document.identities.iter().flat_map(|identity| steps(document, &identity.may)) {
        by_object.entry(right.on.as_str()).or_insert_with(Vec::new).push(right);
    }
    by_object.into_iter().collect()
}

fn exposure(identity: &IdentityDocument) -> String {
    identity.exposed.map_or_else(String::new, |exposure| format!("  ({})", super::words::exposure(exposure)))
}

fn radii(document: &AccessDocument) -> String {
    let mut out = String::new();
    for identity in document.identities.iter().filter(|identity| !identity.reaches.is_empty()) {
        let _ = writeln!(out, "  {}{}", identity.name, exposure(identity));
        let shown = identity.reaches.iter().take(RADIUS).map(|reach| {
            let path = steps(document, &reach.path);
            let (right, on) = path.last().map(|s| (s.right.clone(), s.on.clone())).unwrap_or_default();
            vec![right, on, format!("by {}", way(&path))]
        });
        out.push_str(&columns(4, shown));
        let more = identity.reaches.len().saturating_sub(RADIUS);
        if more > 0 || identity.is_cut {
            let _ = writeln!(out, "    and {}more: `isobar access --who {}`", number(more), identity.name);
        }
    }
    out
}

fn number(more: usize) -> String {
    if more == 0 { String::new() } else { format!("{more} ") }
}

fn entries(entries: &[EntryDocument]) -> String {
    columns(
        2,
        entries.iter().map(|e| vec![e.title.clone(), guard(e), format!("-> {}", e.runs.join(", ")), place(&e.source)]),
    )
}

fn who(out: &mut String, document: &AccessDocument, identity: &IdentityDocument) {
    let _ = writeln!(out, "{}: {}{}", identity.name, identity.kind, exposure(identity));
    let rights =
        |list| columns(2, steps(document, list).into_iter().map(|s| vec![s.right.clone(), s.on.clone(), reason(s)]));
    section(out, "may", &rights(&identity.may));
    section(out, "and by its deliveries, whose rights are its own on some targets", &rights(&identity.delivers));
    section(out, "entry points that lead to it", &leading(document));
    let mut body = String::new();
    for reach in &identity.reaches {
        let path = steps(document, &reach.path);
        let Some(last) = path.last() else { continue };
        let _ = writeln!(body, "  {} {}", last.right, last.on);
        body.push_str(&hops(&path));
    }
    if identity.is_cut {
        body.push_str("  and more, farther away\n");
    }
    section(out, "a thief of it reaches through events", &body);
}

fn what(out: &mut String, document: &AccessDocument, object: &ObjectDocument) {
    let _ = writeln!(out, "{}", object.path);
    let direct = steps(document, &object.direct);
    section(out, "directly", &columns(2, direct.iter().map(|s| vec![s.by.clone(), s.right.clone(), reason(s)])));
    let mut body = String::new();
    for found in &object.through {
        let path = steps(document, &found.path);
        let right = path.last().map(|s| s.right.as_str()).unwrap_or_default();
        let _ = writeln!(body, "  {}  {right}", found.identity);
        body.push_str(&hops(&path));
    }
    if object.is_cut {
        body.push_str("  and more\n");
    }
    section(out, "through events: a thief of", &body);
    section(out, "entry points that lead to it", &leading(document));
    section(out, "outside", &columns(2, object.outside.iter().map(|o| vec![o.who.clone(), place(&o.source)])));
}

fn leading(document: &AccessDocument) -> String {
    let mut out = String::new();
    for entry in &document.entries {
        let _ = writeln!(out, "  {}  {}  {}", entry.title, guard(entry), place(&entry.source));
        out.push_str(&hops(&steps(document, entry.path_to.as_deref().unwrap_or_default())));
    }
    out
}

/// Steps of a path, a line each.
fn hops(path: &[&StepDocument]) -> String {
    columns(4, path.iter().map(|s| vec![s.by.clone(), s.right.clone(), s.on.clone(), reason(s)]))
}

fn native(out: &mut String, document: &AccessDocument) {
    let rows = document.native.iter().map(|n| vec![n.by.clone(), n.grant.clone(), n.on.clone(), place(&n.source)]);
    let title = if document.what.is_some() {
        "native grants are not followed; on this too where they mean it, which `--target` tells"
    } else {
        "granted by `native`, followed no further"
    };
    section(out, title, &columns(2, rows));
}

fn wider(out: &mut String, document: &AccessDocument) {
    for of_target in document.wider.chunk_by(|a, b| a.target == b.target) {
        let rows = of_target.iter().map(|wider| vec![wider.title.clone(), wider.reason.clone()]);
        let target = of_target.first().map(|wider| wider.target.as_str()).unwrap_or_default();
        section(out, &format!("wider on {target}, which guards less"), &columns(2, rows));
    }
}

fn grants(out: &mut String, target: &TargetDocument) {
    let mut body = String::new();
    for why in &target.refused {
        let _ = writeln!(body, "  unknown, because {why}");
    }
    for held in target.grants.chunk_by(|a, b| a.holder == b.holder) {
        let _ = writeln!(body, "  {}", held.first().map(|grant| grant.holder.as_str()).unwrap_or_default());
        body.push_str(&grants_text(held, 4));
    }
    section(out, &format!("on {}", target.target), &body);
}

/// Grants behind an indent: each edge with its place, below it the statements that it is the reason of.
pub fn grants_text(grants: &[GrantDocument], indent: usize) -> String {
    let mut out = String::new();
    for of_edge in grants.chunk_by(|a, b| edge(a) == edge(b)) {
        let _ = writeln!(out, "{:indent$}{}", "", of_edge.first().map(edge).unwrap_or_default());
        for line in of_edge.iter().flat_map(statement) {
            let _ = writeln!(out, "{:indent$}  {line}", "");
        }
    }
    out
}

fn edge(grant: &GrantDocument) -> String {
    format!("{} ({})", grant.because, place(&grant.source))
}

fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(out, "\n{title}\n{body}");
    }
}

/// Rows with aligned columns behind an indent.
fn columns(indent: usize, rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: Vec<Vec<String>> = rows.collect();
    let mut widths: Vec<usize> = Vec::new();
    for row in &rows {
        widths.resize(widths.len().max(row.len()), 0);
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut out = String::new();
    for row in rows {
        let mut line = " ".repeat(indent);
        for (cell, &width) in row.iter().zip(&widths) {
            let _ = write!(line, "{cell:width$}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}
