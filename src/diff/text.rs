//! The report for people at a terminal.

use std::fmt::Write as _;

use super::document::{ChangeDocument, DecisionDocument, DetailDocument, DiffDocument, StateName};
use super::{Class, Level};
use crate::diag::render::{printable, printable_line};

/// The text; with colours where the stream has them.
pub fn text(document: &DiffDocument, color: bool) -> String {
    let mut out = String::new();
    for level in Level::ALL {
        let mut changes = document.of_level(*level).peekable();
        if changes.peek().is_none() {
            continue;
        }
        let (bold, off) = if color { ("\u{1b}[1m", "\u{1b}[0m") } else { ("", "") };
        // Writing to a string does not fail, here and below.
        let _ = writeln!(out, "{bold}{}{off}", level.title());
        for change in changes {
            one(&mut out, change, color);
        }
        out.push('\n');
    }
    for note in &document.notes {
        let _ = writeln!(out, "note: {}", printable(note));
    }
    out
}

/// One line for each change: `isobar.yaml:12: data-loss: … (denied)`.
pub fn concise(document: &DiffDocument) -> String {
    let line = |change: &ChangeDocument| {
        let place = place(change).map(|place| format!("{place}: ")).unwrap_or_default();
        let (message, targets) = (&change.message, on_targets(&change.targets));
        let text = format!("{place}{}: {message}{targets}{}", change.class, decision(&change.decision));
        format!("{}\n", printable_line(&text))
    };
    document.changes.iter().map(line).collect()
}

/// How much a reader has to fear, as the mark before a change.
pub(super) const fn mark(class: Class) -> char {
    match class {
        Class::DataLoss
        | Class::ProtectionRemoved
        | Class::Exposure
        | Class::AccessWidened
        | Class::DeliveryWeakened
        | Class::ContractBreaking
        | Class::CloudWider
        | Class::UnknownResource
        | Class::Drifted => '!',
        Class::Destroyed
        | Class::ExposureReduced
        | Class::AccessNarrowed
        | Class::ReachNarrowed
        | Class::AccessRemoved
        | Class::DeliveryRemoved
        | Class::MissingResource => '-',
        Class::Added | Class::AccessAdded | Class::DeliveryAdded | Class::ContractAdded => '+',
        Class::Replaced
        | Class::Moved
        | Class::Changed
        | Class::ReachWidened
        | Class::DeliveryStrengthened
        | Class::ContractUnknown
        | Class::ContractBackward
        | Class::ContractForward
        | Class::ContractFull
        | Class::Edited
        | Class::LingeringGrant => '~',
    }
}

fn one(out: &mut String, change: &ChangeDocument, color: bool) {
    let (on, off) = match (color, mark(change.class)) {
        (false, _) => ("", ""),
        (true, '!') => ("\u{1b}[1;31m", "\u{1b}[0m"),
        (true, '-') => ("\u{1b}[31m", "\u{1b}[0m"),
        (true, '+') => ("\u{1b}[32m", "\u{1b}[0m"),
        (true, _) => ("\u{1b}[33m", "\u{1b}[0m"),
    };
    let targets = on_targets(&change.targets);
    let _ = writeln!(
        out,
        "  {on}{} {}{off}: {}{targets}{}",
        mark(change.class),
        change.class,
        printable(&change.message),
        decision(&change.decision)
    );
    for detail in &change.details {
        let _ = writeln!(out, "      {}", printable(&detail_text(detail)));
    }
    if let Some(source) = place(change) {
        let _ = writeln!(out, "      at {}", printable(&source));
    }
}

pub(super) fn on_targets(targets: &[String]) -> String {
    if targets.is_empty() { String::new() } else { format!(" on {}", targets.join(" and ")) }
}

fn decision(decision: &DecisionDocument) -> String {
    match decision {
        DecisionDocument::Free => String::new(),
        DecisionDocument::Denied => " (denied)".to_owned(),
        DecisionDocument::Accepted { reason, until } => format!(" (accepted until {until}: {})", printable(reason)),
    }
}

/// `timeout: 30 -> 60`, with why it matters.
pub(super) fn detail_text(detail: &DetailDocument) -> String {
    match detail {
        DetailDocument::Reason { reason } => reason.clone(),
        DetailDocument::Value { path, before, after, note } => {
            let note = note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
            match (before, after) {
                (Some(before), Some(after)) => format!("{path}: {before} -> {after}{note}"),
                (None, Some(after)) => format!("{path}: + {after}{note}"),
                (Some(before), None) => format!("{path}: - {before}{note}"),
                (None, None) => format!("{path}{note}"),
            }
        }
    }
}

/// `functions/report.yaml:12`, and that it was there where it is no longer.
pub(super) fn place(change: &ChangeDocument) -> Option<String> {
    let source = change.source.as_ref()?;
    let was = if source.state == StateName::Old { ", before" } else { "" };
    Some(format!("{}:{}{was}", source.place.file, source.place.line))
}

/// `12 changes: 1 data-loss, 3 changed, …`
pub fn summary(document: &DiffDocument) -> String {
    let all = match document.changes.len() {
        0 => return "no changes".to_owned(),
        1 => "1 change".to_owned(),
        n => format!("{n} changes"),
    };
    let of = |class: &Class| document.summary.get(class.as_str()).map(|n| format!("{n} {class}"));
    let parts: Vec<String> = Class::ALL.iter().filter_map(of).collect();
    format!("{all}: {}", parts.join(", "))
}
