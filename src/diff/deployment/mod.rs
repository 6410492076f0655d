//! Two outputs for one target → what becomes of each resource when the second is applied over the first: made, changed,
//! made anew, moved, destroyed. It is what a plan of the platform's tool would say, told without the tool: references are
//! followed, and what nobody can know before something is made counts as changed.

mod compare;
mod judge;
mod protection;
mod reference;
mod relocation;
mod show;
#[cfg(test)]
mod tests;
mod view;

use std::collections::{BTreeSet, HashMap};

use rayon::prelude::*;

use self::compare::{Comparison, Difference};
use self::judge::Judge;
use self::relocation::Relocated;
use self::view::{Unknown, View, referred};
use super::{Change, Class, Which};
use crate::artifact::{Inventory, Item};
use crate::base::Span;
use crate::catalog::Lifecycle;

/// How often chains of moves are followed.
const MOVES: usize = 16;

/// A resource before and after.
struct Pair<'a> {
    old: Option<&'a Item<'a>>,
    new: Option<&'a Item<'a>>,
}

/// What becomes of it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Outcome {
    Same,
    Added,
    Destroyed,
    Changed(Vec<Difference>),
    Replaced(Vec<Difference>),
}

impl Outcome {
    fn of(differences: Vec<Difference>) -> Self {
        if differences.iter().any(|difference| difference.forces) {
            Self::Replaced(differences)
        } else if differences.is_empty() {
            Self::Same
        } else {
            Self::Changed(differences)
        }
    }
}

/// All changes between two outputs for the target with this `lifecycle` and id, those that lose data first. `place` tells
/// where a node stands in the spec of one state.
pub fn changes(
    old: &Inventory<'_>,
    new: &Inventory<'_>,
    target: (&str, &Lifecycle),
    place: &dyn Fn(Which, &str) -> Option<Span>,
) -> Vec<Change> {
    let (id, lifecycle) = target;
    let pairs = pairs(old, new);
    let moved: HashMap<String, String> = pairs
        .iter()
        .filter_map(|pair| Some((pair.old?.key.clone(), pair.new?.key.clone())))
        .filter(|(from, to)| from != to)
        .collect();
    let (nothing, still) = (Unknown::default(), HashMap::new());
    let [before, after] = [old, new].map(|inventory| View { inventory, moved: &still, unknown: &nothing });
    let relocated = Relocated::all(before, after, &lifecycle.relocations);
    let outcomes = Plan { old, new, moved: &moved, lifecycle, relocated: &relocated }.outcomes(&pairs);
    let status = pairs
        .iter()
        .zip(&outcomes)
        .filter_map(|(pair, outcome)| Some((pair.new?.key.as_str(), outcome)))
        .filter(|(_, outcome)| **outcome != Outcome::Same)
        .collect();
    let judge = Judge { old, new, lifecycle, moved: &moved, id, status };
    let (mut changes, mut elsewhere) = (Vec::new(), vec![Vec::new(); relocated.len()]);
    for (pair, outcome) in pairs.iter().zip(&outcomes) {
        changes.extend(judge.unprotected(pair, outcome).map(|change| judge.placed(change, pair, place)));
        let Some(change) = judge.change(pair, outcome) else { continue };
        match (relocation(&relocated, outcome).and_then(|at| elsewhere.get_mut(at)), pair.new) {
            (Some(items), Some(item)) if change.class == Class::Replaced => items.push(item),
            _ => changes.push(judge.placed(change, pair, place)),
        }
    }
    changes.extend(relocated.iter().zip(&elsewhere).filter_map(|(setting, items)| setting.change(items, id)));
    changes.sort_by(|a, b| (a.class, &a.subject).cmp(&(b.class, &b.subject)));
    changes
}

/// The setting without which a resource would not be made anew.
fn relocation(relocated: &[Relocated<'_>], outcome: &Outcome) -> Option<usize> {
    let Outcome::Replaced(differences) = outcome else { return None };
    relocated.iter().position(|setting| setting.explains(differences))
}

/// Resources before and after, by the key after: the same key, or where it moved from.
fn pairs<'a>(old: &'a Inventory<'a>, new: &'a Inventory<'a>) -> Vec<Pair<'a>> {
    let mut taken = BTreeSet::new();
    let mut pairs: Vec<Pair<'a>> = Vec::with_capacity(new.items().len());
    for item in new.items() {
        let before = old.get(&item.key).or_else(|| former(old, new, &item.key));
        let before = before.filter(|before| before.kind == item.kind && taken.insert(before.key.as_str()));
        pairs.push(Pair { old: before, new: Some(item) });
    }
    let gone = old.items().iter().filter(|item| !taken.contains(item.key.as_str()));
    pairs.extend(gone.map(|item| Pair { old: Some(item), new: None }));
    pairs
}

/// The resource that moved to this key. One that is still written where it was stays there.
fn former<'a>(old: &'a Inventory<'a>, new: &Inventory<'_>, key: &str) -> Option<&'a Item<'a>> {
    let mut key = key;
    for _ in 0..MOVES {
        key = new.moves.get(key)?;
        if let Some(found) = old.get(key) {
            return new.get(key).is_none().then_some(found);
        }
    }
    None
}

/// What is known of both outputs.
struct Plan<'a> {
    old: &'a Inventory<'a>,
    new: &'a Inventory<'a>,
    moved: &'a HashMap<String, String>,
    lifecycle: &'a Lifecycle,
    relocated: &'a [Relocated<'a>],
}

impl Plan<'_> {
    /// Compares every resource, and again whatever refers to something that is made or changed by that, until nothing else
    /// follows.
    fn outcomes(&self, pairs: &[Pair<'_>]) -> Vec<Outcome> {
        let mut unknown = Unknown::default();
        unknown.made.extend(pairs.iter().filter(|p| p.old.is_none()).filter_map(|p| Some(p.new?.key.clone())));
        let mut outcomes: Vec<Outcome> = pairs.par_iter().map(|pair| self.outcome(pair, &unknown)).collect();
        let mut news: Vec<usize> = (0..pairs.len()).collect();
        let mut users: Option<HashMap<String, Vec<usize>>> = None;
        // Each round makes at least one more resource unknown or changed, so that it ends.
        while !news.is_empty() {
            let mut dirty = BTreeSet::new();
            for at in news {
                let (Some(pair), Some(outcome)) = (pairs.get(at), outcomes.get(at)) else { continue };
                let Some(item) = pair.new else { continue };
                if self.is_passed_on(item, outcome, &mut unknown) {
                    let users = users.get_or_insert_with(|| users_of(pairs));
                    dirty.extend(users.get(&item.key).into_iter().flatten().copied());
                }
            }
            let again: Vec<(usize, Outcome)> =
                dirty.into_par_iter().filter_map(|at| Some((at, self.outcome(pairs.get(at)?, &unknown)))).collect();
            news = Vec::new();
            for (at, outcome) in again {
                if let Some(slot) = outcomes.get_mut(at)
                    && *slot != outcome
                {
                    *slot = outcome;
                    news.push(at);
                }
            }
        }
        outcomes
    }

    /// Whether those who refer to a resource have to be looked at again.
    fn is_passed_on(&self, item: &Item<'_>, outcome: &Outcome, unknown: &mut Unknown) -> bool {
        match outcome {
            Outcome::Same | Outcome::Added | Outcome::Destroyed => false,
            Outcome::Replaced(_) => unknown.made.insert(item.key.clone()),
            Outcome::Changed(differences) => {
                let is_renewed = differences.iter().any(|difference| difference.renews);
                let row = self.lifecycle.row(&item.kind, &item.full_kind).filter(|_| is_renewed);
                let renews = row.map(|row| row.renews.attributes.clone()).filter(|renews| !renews.is_empty());
                let renewed = renews.is_some_and(|renews| unknown.renewed.insert(item.key.clone(), renews).is_none());
                renewed || differences.iter().any(|difference| !difference.unknown.is_empty())
            }
        }
    }

    fn outcome(&self, pair: &Pair<'_>, unknown: &Unknown) -> Outcome {
        let (Some(old), Some(new)) = (pair.old, pair.new) else {
            return if pair.old.is_none() { Outcome::Added } else { Outcome::Destroyed };
        };
        let (nothing, still) = (Unknown::default(), HashMap::new());
        let before = View { inventory: self.old, moved: self.moved, unknown: &nothing };
        let after = View { inventory: self.new, moved: &still, unknown };
        let row = self.lifecycle.row(&new.kind, &new.full_kind);
        let mut found = Comparison::new(before, after, &self.lifecycle.ignored, row).run(&old.body, &new.body);
        found.extend(self.relocated.iter().filter_map(|setting| setting.of(&new.kind)));
        Outcome::of(found)
    }
}

/// Who refers to a key.
fn users_of(pairs: &[Pair<'_>]) -> HashMap<String, Vec<usize>> {
    let mut users: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, pair) in pairs.iter().enumerate() {
        let Some(item) = pair.new else { continue };
        let mut keys = BTreeSet::new();
        referred(&item.body, &mut keys);
        for key in keys {
            users.entry(key).or_default().push(at);
        }
    }
    users
}
