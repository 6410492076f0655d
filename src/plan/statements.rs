//! Grants → the statements that views carry: merged where the meaning stays, grouped by the view that they are written
//! in.

use std::collections::{BTreeMap, BTreeSet};

use super::grants::{Condition, Grant, Holder, holder_address};
use super::shared::Shared;
use super::view::{ConditionEntry, ConditionGroup, Statement};
use crate::base::{Sources, Value};
use crate::model::Model;
use rayon::prelude::*;

/// Statements by the address of the view they belong to.
pub(super) struct Held {
    /// Of the view's own identity.
    pub(super) statements: BTreeMap<String, BTreeMap<String, Vec<Statement>>>,
    /// Of the platform, on what the view stands for or delivers to.
    pub(super) policies: BTreeMap<String, BTreeMap<String, Vec<Statement>>>,
}

impl Held {
    pub(super) fn group(model: &Model, grants: &[Grant], alternatives: &[String], sources: &Sources) -> Self {
        let mut own: BTreeMap<String, Vec<&Grant>> = BTreeMap::new();
        let mut on: BTreeMap<String, Vec<&Grant>> = BTreeMap::new();
        for grant in grants {
            let holder = holder_address(model, grant.holder);
            match grant.holder {
                Holder::Runner(_) | Holder::Trigger(_) => own.entry(holder).or_default().push(grant),
                Holder::Platform(_) | Holder::Redrive(_) | Holder::Alarms => {
                    if let Some(object) = &grant.object {
                        on.entry(object.clone()).or_default().push(grant);
                    }
                    on.entry(holder).or_default().push(grant);
                }
            }
        }
        let merge = |grouped: BTreeMap<String, Vec<&Grant>>| {
            let merged = |(address, list)| (address, statements(list, alternatives, sources));
            grouped.into_par_iter().map(merged).collect()
        };
        Self { statements: merge(own), policies: merge(on) }
    }
}

/// The functions and workflows that may do something with a node, by its address: for platforms that keep a list of
/// users at the resource. Sorted by address of the user.
pub(super) fn users(model: &Model, grants: &[Grant], shared: &Shared) -> BTreeMap<String, Vec<Value>> {
    let mut addresses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for grant in grants {
        if let (Holder::Runner(_), Some(object)) = (grant.holder, &grant.object) {
            addresses.entry(object.clone()).or_default().insert(holder_address(model, grant.holder));
        }
    }
    let known = |users: BTreeSet<String>| users.into_iter().filter(|user| shared.end(user).is_some()).map(Value::end);
    addresses.into_iter().map(|(object, users)| (object, known(users).collect())).collect()
}

/// Grants as statements: those that differ in their actions alone are one, and so are those that differ in their
/// resources alone and have one reason, and those that differ in alternatives of one condition. Sorted, each with all
/// its reasons.
fn statements<'g>(
    grants: impl IntoIterator<Item = &'g Grant>,
    alternatives: &[String],
    sources: &Sources,
) -> BTreeMap<String, Vec<Statement>> {
    type Key = (String, String, String, String);
    let text = |value: &Value| value.to_string();
    let mut merged: BTreeMap<Key, (Statement, Vec<String>)> = BTreeMap::new();
    for grant in grants {
        for resource in &grant.resources {
            let key = (
                grant.system.clone(),
                text(resource),
                serde_json::to_string(&grant.conditions).unwrap_or_default(),
                grant.principal.as_ref().map(text).unwrap_or_default(),
            );
            let (statement, reasons) = merged.entry(key).or_insert_with(|| (empty(grant, resource), Vec::new()));
            statement.actions.extend(grant.actions.iter().cloned());
            if grant.wildcard.is_some() {
                statement.has_wildcard = true;
                statement.wildcard.clone_from(&grant.wildcard);
            }
            reasons.push(format!("{} ({})", grant.because, sources.place(grant.span)));
        }
    }
    let mut out: BTreeMap<String, Vec<Statement>> = BTreeMap::new();
    for ((system, ..), (mut statement, mut reasons)) in merged {
        statement.actions.sort();
        statement.actions.dedup();
        reasons.sort();
        reasons.dedup();
        let list = out.entry(system).or_default();
        statement.because = reasons;
        let twin = list.iter_mut().find(|s| {
            s.actions == statement.actions
                && s.conditions == statement.conditions
                && s.principal == statement.principal
                && s.because == statement.because
        });
        match twin {
            Some(twin) => twin.resources.append(&mut statement.resources),
            None => list.push(statement),
        }
    }
    for list in out.values_mut() {
        *list = joined(std::mem::take(list), alternatives);
    }
    for list in out.values_mut() {
        for (index, statement) in list.iter_mut().enumerate() {
            statement.sid = format!("S{}", index + 1);
        }
    }
    out
}

/// Statements that differ in the values of one condition become one with all these values, where one value is enough.
fn joined(list: Vec<Statement>, alternatives: &[String]) -> Vec<Statement> {
    /// What has to be equal: actions, resources, principal, and the conditions without the values of one.
    type Key = (Vec<String>, String, String, String, usize, usize);
    let mut out: Vec<Statement> = Vec::with_capacity(list.len());
    let mut places: BTreeMap<Key, usize> = BTreeMap::new();
    for mut statement in list {
        // One condition alone may differ; where there are several, which of them does is found out by looking.
        let keys: Vec<Key> = open_values(&statement, alternatives)
            .map(|(group, entry)| {
                let mut rest = statement.conditions.clone();
                if let Some(open) = rest.get_mut(group).and_then(|g| g.entries.get_mut(entry)) {
                    open.values.clear();
                }
                let resources = Value::List(statement.resources.clone()).to_string();
                let principal = statement.principal.as_ref().map(Value::to_string).unwrap_or_default();
                let rest = Value::from(rest).to_string();
                (statement.actions.clone(), resources, principal, rest, group, entry)
            })
            .collect();
        let twin = keys.iter().find_map(|key| places.get(key).map(|at| (*at, key.4, key.5)));
        let Some((at, group, entry)) = twin else {
            for key in keys {
                places.insert(key, out.len());
            }
            out.push(statement);
            continue;
        };
        let values = |s: &mut Statement| {
            s.conditions.get_mut(group).and_then(|g| g.entries.get_mut(entry)).map(|e| std::mem::take(&mut e.values))
        };
        let more = values(&mut statement).unwrap_or_default();
        if let Some(kept) = out.get_mut(at) {
            if let Some(entry) = kept.conditions.get_mut(group).and_then(|g| g.entries.get_mut(entry)) {
                entry.values.extend(more);
            }
            kept.because.append(&mut statement.because);
            // Another condition of it can no longer be the one that differs.
            places.retain(|key, place| *place != at || (key.4, key.5) == (group, entry));
        }
    }
    out
}

/// Places of the conditions of a statement whose values are alternatives.
fn open_values<'s>(statement: &'s Statement, alternatives: &'s [String]) -> impl Iterator<Item = (usize, usize)> + 's {
    let groups = statement.conditions.iter().enumerate().filter(|(_, group)| alternatives.contains(&group.test));
    groups.flat_map(|(at, group)| (0..group.entries.len()).map(move |entry| (at, entry)))
}

/// Conditions with the same test are keys of one map on platforms that have such maps. In the order of the catalogue.
fn grouped(conditions: &[Condition]) -> Vec<ConditionGroup> {
    let mut out: Vec<ConditionGroup> = Vec::new();
    for condition in conditions {
        let entry = ConditionEntry { key: condition.key.clone(), values: condition.values.clone() };
        match out.iter_mut().find(|group| group.test == condition.test) {
            Some(group) => group.entries.push(entry),
            None => out.push(ConditionGroup { test: condition.test.clone(), entries: vec![entry] }),
        }
    }
    out
}

fn empty(grant: &Grant, resource: &Value) -> Statement {
    Statement {
        sid: String::new(),
        actions: Vec::new(),
        resources: vec![resource.clone()],
        has_conditions: !grant.conditions.is_empty(),
        conditions: grouped(&grant.conditions),
        has_principal: grant.principal.is_some(),
        principal: grant.principal.clone(),
        because: Vec::new(),
        has_wildcard: false,
        wildcard: None,
    }
}
