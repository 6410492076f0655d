//! Routes are what clients call: that they are there, what they take and what they answer.

use std::collections::BTreeMap;

use super::agreement::{Agreement, Relies, schema};
use super::change::{Change, Which};
use super::exposure::door_name;
use super::names::Names;
use super::rights::path;
use super::{Class, Spec};
use crate::analysis::Door;
use crate::base::{Span, Spanned};
use crate::model::{Event, Id};

/// The event in what is taken or answered; `None` where it may be anything.
type Data = Option<Spanned<Id<Event>>>;

/// A route of one state.
#[derive(Debug, Default)]
struct Route {
    span: Option<Span>,
    /// What runs.
    runner: Option<String>,
    body: Data,
    returns: Data,
}

/// The routes of one state, by name.
type Routes = BTreeMap<String, Route>;

fn routes(of: Spec<'_>, names: &Names) -> Routes {
    let (facts, model) = (of.facts, of.facts.model());
    let doors = facts.reach().doors().filter(|door| matches!(door, Door::Route(_)));
    let route = |door: Door| {
        let runner = facts.reach().runs_at(door).into_iter().next();
        let http = door.trigger().and_then(|at| at.get(model)).and_then(|trigger| trigger.http());
        let route = Route {
            span: door.span(model),
            runner: runner.map(|runner| path(facts, runner.into(), names)),
            body: http.and_then(|http| http.body),
            returns: http.and_then(|http| http.returns),
        };
        (door_name(facts, door, names), route)
    };
    doors.map(route).collect()
}

/// The routes of both states by the events that clients send or read there, each with its name.
#[derive(Debug, Default)]
pub(super) struct Clients(BTreeMap<String, Vec<(Relies, String)>>);

impl Clients {
    /// Of both states.
    pub(super) fn between(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Self {
        let (before, after) = (routes(old, names), routes(new, &Names::default()));
        let mut out = Self::default();
        for (name, is) in &after {
            let Some(was) = before.get(name) else { continue };
            for (who, was, is) in [(Relies::Sends, was.body, is.body), (Relies::Reads, was.returns, is.returns)] {
                let (was, is) = (kind(event(old, was)), kind(event(new, is)));
                if let Some(kind) = was.filter(|was| is.as_ref() == Some(was)) {
                    out.0.entry(kind).or_default().push((who, name.clone()));
                }
            }
        }
        out
    }

    /// Who relies on an event.
    pub(super) fn of(&self, kind: &str) -> &[(Relies, String)] {
        self.0.get(kind).map_or(&[], Vec::as_slice)
    }
}

fn event(of: Spec<'_>, id: Data) -> Option<&Event> {
    id.map(|id| &of.facts.model().events[id.value])
}

fn kind(event: Option<&Event>) -> Option<String> {
    event.map(|event| event.event_type.to_string())
}

/// All of it.
pub(super) fn changes(old: Spec<'_>, new: Spec<'_>, names: &Names) -> Vec<Change> {
    let (before, after) = (routes(old, names), routes(new, &Names::default()));
    let mut out = Vec::new();
    for (name, route) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        out.push(whole(Class::ContractBreaking, name, route, ("gone", Which::Old)));
    }
    for (name, route) in &after {
        let Some(was) = before.get(name) else {
            out.push(whole(Class::ContractAdded, name, route, ("new", Which::New)));
            continue;
        };
        out.extend(carried((old, new), name, route, (Relies::Sends, was.body, route.body)));
        out.extend(carried((old, new), name, route, (Relies::Reads, was.returns, route.returns)));
    }
    out
}

fn whole(class: Class, name: &str, route: &Route, (what, which): (&str, Which)) -> Change {
    let change = Change::new(class, name, format!("the route `{name}` is {what}")).about(route.runner.clone());
    match route.span {
        Some(span) => change.at(which, span),
        None => change,
    }
}

/// Another event in what a route takes or answers.
fn carried(
    (old, new): (Spec<'_>, Spec<'_>),
    name: &str,
    route: &Route,
    (who, was, is): (Relies, Data, Data),
) -> Option<Change> {
    let span = is.map(|is| is.span).or(route.span);
    let (was, is) = (event(old, was), event(new, is));
    if kind(was) == kind(is) {
        return None;
    }
    let agreement = Agreement::between(&schema(was), &schema(is));
    let text = |event: Option<&Event>| kind(event).map_or_else(|| "anything".to_owned(), |kind| format!("`{kind}`"));
    let (what, part) = match who {
        Relies::Sends => ("takes", "body"),
        Relies::Reads => ("answers with", "answer"),
    };
    let message = format!("the route `{name}` {what} {} instead of {}", text(is), text(was));
    let mut change = Change::new(agreement.class_for(who), format!("{part} of {name}"), message);
    change = change.about(route.runner.clone());
    change.details = agreement.misfit(who);
    Some(match span {
        Some(span) => change.at(Which::New, span),
        None => change,
    })
}
