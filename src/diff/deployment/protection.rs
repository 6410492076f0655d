//! What kept the data of a resource that stays, or could bring it back, and no longer does.

use super::compare::Difference;
use super::judge::{Judge, owner};
use super::{Outcome, Pair};
use crate::artifact::{Item, path as path_of};
use crate::catalog::LifecycleRow;
use crate::diff::{Change, Class, Detail};

impl Judge<'_> {
    /// What is lost of it, as a change; `None` where nothing is, or the resource itself goes.
    pub(super) fn unprotected(&self, pair: &Pair<'_>, outcome: &Outcome) -> Option<Change> {
        let old = pair.old?;
        let row = self.lifecycle.row(&old.kind, &old.full_kind)?;
        if self.is_lost(pair, outcome, row) {
            return None;
        }
        let mut details = Vec::new();
        let guards = self.lifecycle.guards.iter().chain(&row.guards).filter(|_| row.holds.is_some());
        let guards = guards.map(|guard| (&guard.path, Some(guard.is.as_str()), &guard.reason));
        let restores = row.restores.iter().map(|restore| (&restore.path, restore.is.as_deref(), &restore.reason));
        for (path, is, reason) in guards.chain(restores) {
            let Some(before) = value(old, path, is) else { continue };
            if pair.new.is_some_and(|new| value(new, path, is).is_some()) {
                continue;
            }
            let after = pair.new.and_then(|new| value(new, path, None));
            let note = Some(format!("until now: {reason}"));
            details.push(Detail::Value { path: path.clone(), before: Some(before), after, note });
        }
        let differences: &[Difference] = match outcome {
            Outcome::Changed(found) | Outcome::Replaced(found) => found,
            Outcome::Same | Outcome::Added | Outcome::Destroyed => &[],
        };
        details.extend(differences.iter().filter(|difference| difference.sooner).map(|difference| Detail::Value {
            path: difference.path.clone(),
            before: difference.before.clone(),
            after: difference.after.clone(),
            note: Some(row.expires.reason.clone()),
        }));
        if details.is_empty() {
            return None;
        }
        let address = self.address(pair.new.unwrap_or(old));
        let message = match (&row.holds, self.owner(old, row)) {
            (Some(holds), _) => format!("`{address}` is protected less against the loss of the {holds} in it"),
            (None, Some(owner)) => format!("`{address}` protects `{}` less", self.address(owner)),
            (None, None) => format!("`{address}` protects less than before"),
        };
        let mut change = Change::new(Class::ProtectionRemoved, address, message).on(self.id);
        change.details = details;
        Some(change)
    }

    /// Whether there is nothing left to be protected.
    fn is_lost(&self, pair: &Pair<'_>, outcome: &Outcome, row: &LifecycleRow) -> bool {
        if row.holds.is_some() {
            return matches!(outcome, Outcome::Destroyed | Outcome::Replaced(_));
        }
        let Some(owner) = pair.old.and_then(|old| self.owner(old, row)) else { return pair.new.is_none() };
        let key = self.moved.get(&owner.key).unwrap_or(&owner.key);
        let becomes = self.status.get(key.as_str());
        self.new.get(key).is_none() || becomes.is_some_and(|outcome| matches!(outcome, Outcome::Replaced(_)))
    }

    /// The resource that a former one belongs to.
    fn owner(&self, old: &Item<'_>, row: &LifecycleRow) -> Option<&Item<'_>> {
        owner(self.old, old, row)
    }
}

/// The value at a path, where it is the one that is asked for.
fn value(item: &Item<'_>, path: &str, is: Option<&str>) -> Option<String> {
    let found = item.body.at(&path_of(path));
    let mut texts = found.into_iter().filter_map(|value| value.text()).map(|text| text.trim_matches('"'));
    texts.find(|text| is.is_none_or(|is| is == *text)).map(str::to_owned)
}
