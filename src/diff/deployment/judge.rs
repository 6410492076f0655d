//! What becomes of a resource → the change that people read.

use std::collections::HashMap;

use super::compare::{Difference, Why};
use super::reference::{Part, parts, references};
use super::{Outcome, Pair};
use crate::artifact::{Inventory, Item, path as path_of};
use crate::base::Span;
use crate::catalog::{GuardOf, Lifecycle, LifecycleRow};
use crate::diff::{Change, Class, Detail, Which};

/// How many references are followed to the node that a resource belongs to.
const DEEPEST: usize = 4;

/// What is known of both outputs.
pub(super) struct Judge<'a> {
    pub(super) old: &'a Inventory<'a>,
    pub(super) new: &'a Inventory<'a>,
    pub(super) lifecycle: &'a Lifecycle,
    /// Former key → key after moves.
    pub(super) moved: &'a HashMap<String, String>,
    /// Of the target.
    pub(super) id: &'a str,
    /// What becomes of those that do not stay as they are, by key.
    pub(super) status: HashMap<&'a str, &'a Outcome>,
}

impl Judge<'_> {
    /// The change; `None` where there is none.
    pub(super) fn change(&self, pair: &Pair<'_>, outcome: &Outcome) -> Option<Change> {
        let item = pair.new.or(pair.old)?;
        let row = self.lifecycle.row(&item.kind, &item.full_kind);
        let from = pair.old.filter(|old| pair.new.is_some_and(|new| new.key != old.key));
        let (class, message) = self.told(item, outcome, row, from)?;
        let mut change = Change::new(class, self.address(item), message).on(self.id);
        let differences: &[Difference] = match outcome {
            Outcome::Changed(found) | Outcome::Replaced(found) => found,
            Outcome::Same | Outcome::Added | Outcome::Destroyed => &[],
        };
        if let (Outcome::Replaced(_), Some(from)) = (outcome, from) {
            change = change.because(format!("it was `{}`", from.address));
        }
        // What forces a replacement is read first.
        let (forcing, others): (Vec<_>, Vec<_>) = differences.iter().partition(|difference| difference.forces);
        for difference in forcing.into_iter().chain(others) {
            change.details.extend(self.detail(difference, row));
        }
        change.details.dedup();
        for reason in self.guards(pair, outcome, row) {
            change = change.because(reason);
        }
        Some(change)
    }

    /// A change with the node that its resource belongs to.
    pub(super) fn placed(
        &self,
        change: Change,
        pair: &Pair<'_>,
        place: &dyn Fn(Which, &str) -> Option<Span>,
    ) -> Change {
        let (which, inventory) = if pair.new.is_some() { (Which::New, self.new) } else { (Which::Old, self.old) };
        let item = pair.new.or(pair.old);
        let Some(node) = item.and_then(|item| node(inventory, self.lifecycle, item, 0)) else { return change };
        match place(which, &node) {
            Some(span) => change.at(which, span).of(node),
            None => change.of(node),
        }
    }

    fn told(
        &self,
        item: &Item<'_>,
        outcome: &Outcome,
        row: Option<&LifecycleRow>,
        from: Option<&Item<'_>>,
    ) -> Option<(Class, String)> {
        let address = self.address(item);
        let holds = row.and_then(|row| row.holds.as_deref());
        Some(match outcome {
            Outcome::Same => {
                let from = from?;
                (Class::Moved, format!("`{address}` is what was `{}`", from.address))
            }
            Outcome::Added => (Class::Added, format!("`{address}` is new")),
            Outcome::Destroyed => match holds {
                Some(holds) => (Class::DataLoss, format!("`{address}` is destroyed, with the {holds} in it")),
                None => (Class::Destroyed, format!("`{address}` is destroyed")),
            },
            Outcome::Replaced(found) => {
                let mut forcing = found.iter().filter(|found| found.forces);
                let is_refused = forcing.all(|found| matches!(found.why, Some(Why::Refused(_))));
                let by_hand = is_refused || row.is_some_and(|row| row.refused.is_some());
                let what = if by_hand { "has to be destroyed and made anew" } else { "is destroyed and made anew" };
                match holds {
                    Some(holds) => (Class::DataLoss, format!("`{address}` {what}, without the {holds} in it")),
                    None => (Class::Replaced, format!("`{address}` {what}")),
                }
            }
            Outcome::Changed(_) => match from {
                Some(from) => {
                    let was = &from.address;
                    (Class::Moved, format!("`{address}` is what was `{was}`, and is changed in place"))
                }
                None => (Class::Changed, format!("`{address}` is changed in place")),
            },
        })
    }

    fn detail(&self, difference: &Difference, row: Option<&LifecycleRow>) -> Option<Detail> {
        let Difference { path, before, after, unknown, forces, why, .. } = difference;
        let forced = row.filter(|_| *forces).map(|row| match &row.refused {
            Some(reason) => format!("{reason} ({})", row.fact),
            None => format!("which makes the resource anew ({})", row.fact),
        });
        let forced = why.as_ref().map(|why| why.text().to_owned()).or(forced);
        let referred: Vec<String> = unknown.iter().map(|key| self.referred(key)).collect();
        let referred = (!referred.is_empty()).then(|| format!("refers to {}", referred.join(" and ")));
        match (before == after, referred) {
            (true, Some(referred)) => Some(Detail::Reason(match forced {
                Some(forced) => format!("`{path}` {referred}; {forced}"),
                None => format!("`{path}` {referred}"),
            })),
            (true, None) if before.is_none() => None,
            (_, referred) => {
                let note: Vec<String> = forced.into_iter().chain(referred).collect();
                let note = (!note.is_empty()).then(|| note.join("; "));
                Some(Detail::Value { path: path.clone(), before: before.clone(), after: after.clone(), note })
            }
        }
    }

    /// A resource that is referred to, and what becomes of it.
    fn referred(&self, key: &str) -> String {
        let address = self.new.get(key).map_or_else(|| key.to_owned(), |item| self.address(item));
        let becomes = match self.status.get(key) {
            Some(Outcome::Added) => "which is new",
            Some(Outcome::Replaced(_)) => "which is made anew",
            Some(Outcome::Changed(_) | Outcome::Same | Outcome::Destroyed) | None => "which is changed",
        };
        format!("`{address}`, {becomes}")
    }

    /// What keeps the resource, where it would be destroyed.
    fn guards(&self, pair: &Pair<'_>, outcome: &Outcome, row: Option<&LifecycleRow>) -> Vec<String> {
        if !matches!(outcome, Outcome::Destroyed | Outcome::Replaced(_)) {
            return Vec::new();
        }
        let guards = self.lifecycle.guards.iter().chain(row.into_iter().flat_map(|row| &row.guards));
        let holding = guards.filter(|guard| {
            let item = match guard.of {
                GuardOf::Deployed => pair.old,
                GuardOf::Written => pair.new,
            };
            let found = item.map(|item| item.body.at(&path_of(&guard.path))).unwrap_or_default();
            found.into_iter().any(|value| value.text().map(|text| text.trim_matches('"')) == Some(guard.is.as_str()))
        });
        holding.map(|guard| guard.reason.clone()).collect()
    }

    /// The address, with its group where several resources share it.
    pub(super) fn address(&self, item: &Item<'_>) -> String {
        let is_shared = [self.old, self.new].into_iter().any(|inventory| inventory.shared.contains(&item.address));
        if is_shared { item.key.clone() } else { item.address.clone() }
    }
}

/// The node of a resource, or of the one that it belongs to.
fn node(inventory: &Inventory<'_>, lifecycle: &Lifecycle, item: &Item<'_>, depth: usize) -> Option<String> {
    if item.node.is_some() || depth > DEEPEST {
        return item.node.clone();
    }
    let row = lifecycle.row(&item.kind, &item.full_kind)?;
    node(inventory, lifecycle, owner(inventory, item, row)?, depth + 1)
}

/// The resource that one of this row belongs to.
pub(super) fn owner<'a>(inventory: &'a Inventory<'a>, item: &Item<'_>, row: &LifecycleRow) -> Option<&'a Item<'a>> {
    let found = item.body.at(&path_of(row.of.as_deref()?));
    let text = found.first()?.text()?;
    let key = parts(text).into_iter().find_map(|part| match part {
        Part::Expression(expression) => references(expression).first().map(|reference| reference.key.to_owned()),
        Part::Text(_) => None,
    })?;
    inventory.get(&key)
}
