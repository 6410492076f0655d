//! The catalogues of permissions, row by row: what each verb becomes stands in `snapshots/permissions/`, and whatever is
//! changed in a row differs from that by the verb's name. `UPDATE=1 cargo test --test permissions` rewrites the files.

mod application;
pub(crate) mod mutations;
mod rows;

pub(crate) use application::Whole;
pub(crate) use rows::rights;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;

use isobar::catalog::{OneOrMany, Permissions, Row, Target};
use rayon::prelude::*;

use crate::application::target;
use crate::support::root;

const TARGETS: [&str; 2] = ["aws", "kubernetes"];

fn file(id: &str) -> PathBuf {
    root().join("snapshots/permissions").join(format!("{id}.txt"))
}

/// What each verb becomes, by its sentence.
type Rights = BTreeMap<String, BTreeSet<String>>;

/// The text of the file.
fn written(rights: &Rights) -> String {
    let mut out = String::new();
    for (key, lines) in rights {
        writeln!(out, "{key}").unwrap();
        let nothing = "nothing guards it".to_owned();
        let lines = if lines.is_empty() { vec![&nothing] } else { lines.iter().collect() };
        for line in lines {
            writeln!(out, "  {line}").unwrap();
        }
    }
    out
}

fn recorded(id: &str) -> Rights {
    let text = fs::read_to_string(file(id)).unwrap_or_default();
    let mut out = Rights::new();
    for line in text.lines() {
        match line.strip_prefix("  ") {
            None => _ = out.insert(line.to_owned(), BTreeSet::new()),
            Some("nothing guards it") => {}
            Some(line) => _ = out.last_entry().expect("a verb").get_mut().insert(line.to_owned()),
        }
    }
    out
}

/// How rights differ from those recorded, each by its verb.
fn differences(recorded: &Rights, now: &Rights) -> Vec<String> {
    let keys: BTreeSet<&String> = recorded.keys().chain(now.keys()).collect();
    let lines = |of: &Rights, key: &String| of.get(key).map(|lines| lines.iter().cloned().collect::<Vec<_>>());
    keys.into_iter()
        .map(|key| (key, lines(recorded, key), lines(now, key)))
        .filter(|(_, old, new)| old != new)
        .map(|(key, old, new)| format!("{key}: recorded is {old:?}, and now it is {new:?}"))
        .collect()
}

#[test]
fn every_verb_becomes_what_is_recorded() {
    for id in TARGETS {
        let now = Whole::of(id).rights(target(id)).unwrap_or_else(|messages| panic!("{id}: {messages:#?}"));
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(file(id).parent().expect("a folder")).expect("creatable");
            fs::write(file(id), written(&now)).expect("writable");
            continue;
        }
        let wrong = differences(&recorded(id), &now);
        let hint = "`UPDATE=1 cargo test --test permissions` rewrites them";
        assert!(wrong.is_empty(), "{id}: rights have changed, {hint}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn every_row_is_used() {
    for id in TARGETS {
        let permissions = &target(id).permissions;
        let keys = Whole::of(id).keys(target(id));
        for row in permissions.rows() {
            for (verb, scope) in
                row.verb.as_slice().iter().flat_map(|v| row.scope.as_slice().iter().map(move |s| (v, s)))
            {
                let is_used = keys.iter().any(|key| {
                    key.verb == *verb
                        && key.scope == *scope
                        && key.row(permissions).is_some_and(|r| std::ptr::eq(r, row))
                });
                let by = (row.identity, &row.from);
                assert!(is_used, "{id}: nothing asks for `{verb}` on a {}, {scope} {by:?}: the row is dead", row.on);
            }
        }
    }
}

#[test]
fn a_changed_row_is_seen_by_its_verb() {
    for id in TARGETS {
        let (whole, original) = (Whole::of(id), target(id));
        let rows = original.permissions.rows();
        let before: Vec<Rights> =
            rows.iter().map(|row| whole.about(row).rights(original).expect("they are granted")).collect();
        let all: Vec<(usize, String, Option<Row>)> = rows
            .iter()
            .enumerate()
            .flat_map(|(at, row)| mutations::of(row).into_iter().map(move |(what, row)| (at, what, row)))
            .collect();
        let unseen: Vec<String> = all
            .par_iter()
            .filter_map(|(at, what, row)| {
                let changed = with(original, *at, row.clone());
                let now = whole.about(&rows[*at]).rights(&changed);
                // Without its row a verb is refused, never granted by less or by a guess.
                let is_refused = row.is_some() || now.is_err();
                let wrong = now.map_or_else(|messages| messages, |now| differences(&before[*at], &now));
                let named = |verb: &isobar::model::Verb| {
                    let name = format!("`{verb}` on a {}", rows[*at].on);
                    wrong.iter().any(|message| message.contains(&name))
                };
                let verbs: &OneOrMany<_> = &rows[*at].verb;
                let seen = is_refused && verbs.as_slice().iter().all(named);
                (!seen).then(|| format!("{id}: {what} of {:?} on a {}: {wrong:?}", verbs.as_slice(), rows[*at].on))
            })
            .collect();
        assert!(unseen.is_empty(), "{} of {} changes:\n{}", unseen.len(), all.len(), unseen.join("\n"));
        eprintln!("{id}: {} changes in {} rows, each seen by its verb", all.len(), rows.len());
    }
}

/// A target with another row in the place of one, or with none.
pub(crate) fn with(target: &Target, at: usize, row: Option<Row>) -> Target {
    let mut rows = target.permissions.rows().to_vec();
    rows.splice(at..=at, row);
    let mut changed = target.clone();
    changed.permissions = Permissions::new(rows);
    changed
}
