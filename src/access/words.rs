//! Rights, paths and entry points in words.

use super::document::IdentityKind::{Function, Platform, Trigger, Workflow};
use super::document::{AccessDocument, EntryDocument, Exposure, StepDocument};
use crate::analysis::{Asks, Tuple};
use crate::graph::render::{PlaceDocument, scope_text};
use crate::model::Verb;

/// Most steps of a path in one line; the middle of a longer one is left out.
const STEPS: usize = 8;

/// What a tuple lets do: `get (prefix incoming/)`.
pub fn right_text(tuple: &Tuple) -> String {
    match scope_text(&tuple.scope) {
        Some(scope) => format!("{} ({scope})", tuple.verb),
        None => tuple.verb.to_string(),
    }
}

/// What is asked at an entry point.
pub(super) fn asks(asks: &Asks) -> String {
    match asks {
        Asks::Nothing => "nothing".to_owned(),
        Asks::Token(issuer) => format!("token of {issuer}"),
        Asks::Device(broker) => format!("device of {broker}"),
        Asks::Account(pool) => format!("account of {pool}"),
        Asks::Sender(source) => format!("sent by {source}"),
    }
}

/// From where and past what: `internet, public`.
pub(super) fn guard(entry: &EntryDocument) -> String {
    match (entry.internet, entry.public) {
        (true, true) => "internet, public".to_owned(),
        (true, false) => format!("internet, {}", entry.asks),
        (false, _) => entry.asks.clone(),
    }
}

/// Steps of a document by their indices.
pub(super) fn steps<'d>(document: &'d AccessDocument, path: &[usize]) -> Vec<&'d StepDocument> {
    path.iter().filter_map(|index| document.steps.get(*index)).collect()
}

/// The way to the last step in one line: `emit order.placed -> charge -> send ledger -> settle`.
pub(super) fn way(steps: &[&StepDocument]) -> String {
    let Some((_, before)) = steps.split_last() else { return String::new() };
    let words: Vec<String> = before.iter().map(|step| step_text(step)).collect();
    if words.len() <= STEPS {
        return words.join(" -> ");
    }
    let (first, last) = (words.iter().take(STEPS / 2), words.iter().skip(words.len() - STEPS / 2));
    let left_out = format!("… {} more …", words.len() - STEPS);
    first.chain([&left_out]).chain(last).cloned().collect::<Vec<_>>().join(" -> ")
}

/// A step where the one before and the one after are named as well: what runs by its name alone.
fn step_text(step: &StepDocument) -> String {
    let name = step.on.split_once('.').map_or(step.on.as_str(), |(_, name)| name);
    match (&step.verb, step.kind) {
        (Some(verb), Function | Workflow) => match step.scope.as_ref().and_then(|scope| scope.value.as_deref()) {
            Some(event) if *verb == Verb::Emit => format!("{verb} {event}"),
            Some(_) | None => format!("{verb} {name}"),
        },
        (None, _) | (Some(Verb::Invoke | Verb::Start), Trigger | Platform) => name.to_owned(),
        (Some(verb), Trigger | Platform) => format!("{verb} {name}"),
    }
}

/// `path:line` of a place.
pub(super) fn place(place: &PlaceDocument) -> String {
    format!("{}:{}", place.file, place.line)
}

/// Why, and where that is written.
pub(super) fn reason(step: &StepDocument) -> String {
    format!("{} ({})", step.because, place(&step.source))
}

/// Who from outside can make something run.
pub(super) const fn exposure(exposure: Exposure) -> &'static str {
    match exposure {
        Exposure::Public => "from the internet, public",
        Exposure::Internet => "from the internet, authenticated",
    }
}
