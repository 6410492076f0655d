//! Settings that say where resources are. With another value everything is made anew elsewhere: what holds data is told one
//! by one, and all else at once.

use std::collections::BTreeMap;

use super::compare::{Difference, Why};
use super::show;
use super::view::View;
use crate::artifact::{Item, path as path_of};
use crate::catalog::Relocation;
use crate::diff::{Change, Class, Detail};

/// A setting that has another value.
pub(super) struct Relocated<'a> {
    row: &'a Relocation,
    /// As a difference of each resource that it moves.
    difference: Difference,
}

impl Relocated<'_> {
    /// Those whose value differs.
    pub(super) fn all<'a>(old: View<'_>, new: View<'_>, rows: &'a [Relocation]) -> Vec<Relocated<'a>> {
        let value = |view: View<'_>, row: &Relocation| {
            let found = view.inventory.settings.get(&row.block)?.at(&path_of(&row.path));
            found.first().map(|value| view.resolve(value).text)
        };
        let moved = rows.iter().filter_map(|row| {
            let (before, after) = (value(old, row)?, value(new, row)?);
            (before != after).then(|| Relocated {
                row,
                difference: Difference {
                    path: row.name(),
                    before: Some(show::cut(&before, show::LONGEST)),
                    after: Some(show::cut(&after, show::LONGEST)),
                    why: Some(Why::Relocated(format!("which makes the resource anew ({})", row.fact))),
                    forces: true,
                    ..Difference::default()
                },
            })
        });
        moved.collect()
    }

    /// The difference that it makes to a resource of this type.
    pub(super) fn of(&self, kind: &str) -> Option<Difference> {
        self.row.is_for(kind).then(|| self.difference.clone())
    }

    /// Whether a resource with these differences is made anew for nothing else.
    pub(super) fn explains(&self, differences: &[Difference]) -> bool {
        let mut forcing = differences.iter().filter(|difference| difference.forces).peekable();
        forcing.peek().is_some()
            && differences.contains(&self.difference)
            && forcing.all(|found| *found == self.difference || found.is_reference())
    }

    /// All that is made anew for nothing else, as one change.
    pub(super) fn change(&self, items: &[&Item<'_>], id: &str) -> Option<Change> {
        if items.is_empty() {
            return None;
        }
        let count = items.len();
        let noun = if count == 1 { "resource that holds no data is" } else { "resources that hold no data are" };
        let message = format!("{count} {noun} destroyed and made anew");
        let mut change = Change::new(Class::Replaced, self.row.name(), message).on(id);
        let Difference { path, before, after, why, .. } = self.difference.clone();
        let note = why.map(|why| why.text().to_owned());
        change.details.push(Detail::Value { path, before, after, note });
        let mut kinds: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        for item in items {
            kinds.entry(&item.kind).or_default().push(format!("`{}`", item.name));
        }
        for (kind, names) in kinds {
            change = change.because(format!("{} of `{kind}`: {}", names.len(), names.join(", ")));
        }
        Some(change)
    }
}
