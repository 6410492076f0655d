//! Two states of one resource → where they differ.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::show::{self, Step};
use super::view::{Resolved, View, referred};
use crate::artifact::{Plain, path as path_of};
use crate::catalog::{Fixed, LifecycleRow};

/// Characters of a hash of code that are shown.
const HASH: usize = 12;

/// What names an element of a list, the first that all elements have.
const NAMES: [&str; 2] = ["name", "id"];

/// One difference.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Difference {
    /// Where.
    pub(super) path: String,
    /// Before.
    pub(super) before: Option<String>,
    /// After.
    pub(super) after: Option<String>,
    /// Resources of which the value after is not known yet.
    pub(super) unknown: BTreeSet<String>,
    /// Whether it makes the resource anew.
    pub(super) forces: bool,
    /// Whether attributes that are renewed get another value by it.
    pub(super) renews: bool,
    /// Whether something is kept for less time by it.
    pub(super) sooner: bool,
    /// Why this matters, where it is not for what the row says of all that forces.
    pub(super) why: Option<Why>,
}

/// Why a difference matters, as a clause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Why {
    /// The platform refuses it.
    Refused(String),
    /// Resources are elsewhere by it.
    Relocated(String),
}

impl Why {
    pub(super) fn text(&self) -> &str {
        let (Self::Refused(text) | Self::Relocated(text)) = self;
        text
    }
}

impl Difference {
    /// Whether nothing but what is referred to differs.
    pub(super) fn is_reference(&self) -> bool {
        self.before == self.after && !self.unknown.is_empty()
    }
}

/// Compares two states of one resource.
pub(super) struct Comparison<'a> {
    pub(super) old: View<'a>,
    pub(super) new: View<'a>,
    ignored: &'a [String],
    replaced_by: Vec<Vec<String>>,
    keeps: Vec<Vec<String>>,
    quiet: Vec<Vec<String>>,
    unordered: Vec<Vec<String>>,
    code: Vec<Vec<String>>,
    expires: Vec<Vec<String>>,
    fixed: &'a [Fixed],
    /// For each of them, the elements that only a new resource can have another value for; `None` where all are.
    keys: Vec<Option<BTreeSet<String>>>,
    found: Vec<Difference>,
}

impl<'a> Comparison<'a> {
    pub(super) fn new(old: View<'a>, new: View<'a>, ignored: &'a [String], row: Option<&'a LifecycleRow>) -> Self {
        let paths = |list: fn(&LifecycleRow) -> &Vec<String>| {
            row.map(list).into_iter().flatten().map(|path| path_of(path)).collect::<Vec<_>>()
        };
        Self {
            old,
            new,
            ignored,
            replaced_by: paths(|row| &row.replaced_by),
            keeps: paths(|row| &row.keeps),
            quiet: paths(|row| &row.renews.unless),
            unordered: paths(|row| &row.unordered),
            code: paths(|row| &row.code),
            expires: paths(|row| &row.expires.paths),
            fixed: row.map(|row| row.fixed.as_slice()).unwrap_or_default(),
            keys: Vec::new(),
            found: Vec::new(),
        }
    }

    /// All differences, by path.
    pub(super) fn run(mut self, old: &Plain<'_>, new: &Plain<'_>) -> Vec<Difference> {
        let names = |path: &String| old.at(&path_of(path)).into_iter().filter_map(Plain::text).map(str::to_owned);
        let keys = |fixed: &Fixed| (!fixed.keys.is_empty()).then(|| fixed.keys.iter().flat_map(names).collect());
        self.keys = self.fixed.iter().map(keys).collect();
        self.values(&mut Vec::new(), Some(old), Some(new));
        self.found.sort_by(|a, b| (&a.path, &a.before, &a.after).cmp(&(&b.path, &b.before, &b.after)));
        self.found
    }

    fn values(&mut self, at: &mut Vec<Step>, old: Option<&Plain<'_>>, new: Option<&Plain<'_>>) {
        match (old, new) {
            (None, None) => {}
            (Some(Plain::Map(a)), Some(Plain::Map(b))) => {
                let keys: BTreeSet<&str> = a.iter().chain(b).map(|(key, _)| &**key).collect();
                for key in keys {
                    if at.is_empty() && self.ignored.iter().any(|ignored| ignored == key) {
                        continue;
                    }
                    at.push(Step::Key(key.to_owned()));
                    self.values(at, old.and_then(|old| old.get(key)), new.and_then(|new| new.get(key)));
                    at.pop();
                }
            }
            (Some(a), Some(b))
                if is_sequence(a) && is_sequence(b) || is_sequence(a) != is_sequence(b) && both(a, b) =>
            {
                let is_unordered = matches!((a, b), (Plain::Blocks(_), _) | (_, Plain::Blocks(_)));
                self.sequences(at, &elements(a), &elements(b), is_unordered);
            }
            (Some(a), Some(b)) if a.text().is_some() && b.text().is_some() => {
                let (before, after) = (self.old.resolve(a), self.new.resolve(b));
                if before.text == after.text && after.unknown.is_empty() {
                    return;
                }
                self.push(at, Some(a), Some(b), after.unknown);
            }
            // What is no longer written stays where the platform keeps it.
            (Some(_), None) if is_below(at, &self.keeps) => {}
            _ => {
                let unknown = new.map(|new| self.new.canonical(new, false).unknown).unwrap_or_default();
                self.push(at, old, new, unknown);
            }
        }
    }

    fn sequences(&mut self, at: &mut Vec<Step>, old: &[&Plain<'_>], new: &[&Plain<'_>], blocks: bool) {
        let unordered = is_below(at, &self.unordered);
        if let Some((a, b)) = named(old).zip(named(new)) {
            return self.by_name(at, &a, &b, blocks || unordered);
        }
        let before: Vec<String> = old.iter().map(|item| self.old.canonical(item, unordered).text).collect();
        let after: Vec<_> = new.iter().map(|item| self.new.canonical(item, unordered)).collect();
        let mut left: HashMap<&str, Vec<usize>> = HashMap::new();
        for (place, text) in before.iter().enumerate().rev() {
            left.entry(text).or_default().push(place);
        }
        let (mut gone, mut come) = ((0..old.len()).collect::<BTreeSet<_>>(), Vec::new());
        for (place, resolved) in after.iter().enumerate() {
            let same = left.get_mut(resolved.text.as_str()).filter(|_| resolved.unknown.is_empty());
            match same.and_then(Vec::pop) {
                Some(found) => drop(gone.remove(&found)),
                None => come.push(place),
            }
        }
        if gone.is_empty() && come.is_empty() {
            let is_moved = before.iter().ne(after.iter().map(|resolved| &resolved.text));
            if is_moved && !blocks && !unordered {
                self.push(at, Some(&whole(old)), Some(&whole(new)), BTreeSet::new());
            }
            return;
        }
        for place in come {
            let Some(item) = new.get(place) else { continue };
            let is_only = gone.len() == 1 && old.len() == new.len();
            let alike =
                |other: &&usize| old.get(**other).is_some_and(|other| self.is_alike(other, item, is_only, unordered));
            let partner = gone.iter().find(alike).copied();
            let other = partner.filter(|found| gone.remove(found)).and_then(|found| old.get(found));
            if let Some(other) = other {
                self.values(at, Some(other), Some(item));
                continue;
            }
            let unknown = after.get(place).map(|resolved| resolved.unknown.clone()).unwrap_or_default();
            self.push(at, None, Some(item), unknown);
        }
        for place in gone {
            self.push(at, old.get(place).copied(), None, BTreeSet::new());
        }
    }

    /// Whether one became the other: the same text, of which something is not known yet, or maps that agree in half of
    /// their entries.
    fn is_alike(&self, old: &Plain<'_>, new: &Plain<'_>, is_only: bool, unordered: bool) -> bool {
        let (Plain::Map(a), Plain::Map(b)) = (old, new) else {
            return old.text().is_some() && (old == new || self.old.resolve(old).text == self.new.resolve(new).text);
        };
        let same = |key: &str, value: &Plain<'_>| {
            let other = new.get(key).map(|other| self.new.canonical(other, unordered).text);
            other.is_some_and(|other| other == self.old.canonical(value, unordered).text)
        };
        let shared = a.iter().filter(|(key, value)| same(key, value)).count();
        is_only || shared * 2 >= a.len().max(b.len())
    }

    fn by_name(&mut self, at: &mut Vec<Step>, old: &Named<'_, '_>, new: &Named<'_, '_>, unordered: bool) {
        let keys: BTreeSet<&str> = old.keys().chain(new.keys()).copied().collect();
        for key in keys {
            at.push(Step::Element(key.to_owned()));
            let (a, b) = (old.get(key).map(|(_, item)| *item), new.get(key).map(|(_, item)| *item));
            let name = a.xor(b).and_then(only_name);
            self.values(at, a.or(name.as_ref()), b.or(name.as_ref()));
            at.pop();
        }
        let order = |of: &Named<'_, '_>, other: &Named<'_, '_>| {
            let mut kept: Vec<_> = of.iter().filter(|(key, _)| other.contains_key(*key)).collect();
            kept.sort_by_key(|(_, (place, _))| *place);
            kept.into_iter().map(|(key, _)| (*key).to_owned()).collect::<Vec<_>>()
        };
        let (before, after) = (order(old, new), order(new, old));
        if before != after && !unordered {
            let text = |names: Vec<String>| Some(show::cut(&names.join(", "), show::LONGEST));
            let forces = is_on(at, &self.replaced_by);
            let path = show::path(at);
            let (before, after) = (text(before), text(after));
            let renews = !is_below(at, &self.quiet);
            self.found.push(Difference { path, before, after, forces, renews, ..Difference::default() });
        }
    }

    fn push(&mut self, at: &[Step], old: Option<&Plain<'_>>, new: Option<&Plain<'_>>, unknown: BTreeSet<String>) {
        let is_code = is_below(at, &self.code);
        let shown = |view: View<'_>, value: &Plain<'_>| {
            let known = Some(view.resolve(value)).filter(Resolved::is_plain);
            let text = known.map_or_else(|| show::value(value), |known| show::cut(&known.text, show::LONGEST));
            if is_code { show::cut(&text, HASH) } else { text }
        };
        let (mut before, mut after) =
            (old.map(|value| shown(self.old, value)), new.map(|value| shown(self.new, value)));
        let mut unknown = unknown;
        // The same text of which something else follows: what it refers to tells what.
        if before == after && unknown.is_empty() && !is_code {
            if let Some(new) = new {
                referred(new, &mut unknown);
            }
            if unknown.is_empty() {
                let resolved = |view: View<'_>, value: &Plain<'_>| show::cut(&view.resolve(value).text, show::LONGEST);
                before = old.map(|value| resolved(self.old, value));
                after = new.map(|value| resolved(self.new, value));
            }
        }
        let path = if is_code { "code".to_owned() } else { show::path(at) };
        let (refused, is_key) = old.and(new).and_then(|_| self.refused(at)).unzip();
        let forces = is_on(at, &self.replaced_by) || is_key == Some(true);
        let renews = !is_below(at, &self.quiet);
        let sooner = self.expires.iter().any(|path| is_sooner(at, path, old, new));
        let why = refused.map(|fixed: &Fixed| Why::Refused(format!("{} ({})", fixed.reason, fixed.fact)));
        self.found.push(Difference { path, before, after, unknown, forces, renews, sooner, why });
    }

    /// Why a value cannot be changed, and whether the resource has to be made anew for it.
    fn refused(&self, at: &[Step]) -> Option<(&'a Fixed, bool)> {
        let element = at.iter().rev().find_map(|step| match step {
            Step::Element(name) => Some(name),
            Step::Key(_) => None,
        });
        let (fixed, keys) =
            self.fixed.iter().zip(&self.keys).find(|(fixed, _)| is_below(at, &[path_of(&fixed.path)]))?;
        Some((fixed, keys.as_ref().is_none_or(|keys| element.is_some_and(|name| keys.contains(name)))))
    }
}

/// Whether a number at this path, in what stands at a place, is smaller than it was, or the first.
fn is_sooner(at: &[Step], path: &[String], old: Option<&Plain<'_>>, new: Option<&Plain<'_>>) -> bool {
    let keys = keys(at);
    if keys.len() > path.len() || !path.iter().zip(&keys).all(|(a, b)| a == b) {
        return false;
    }
    let least = |value: Option<&Plain<'_>>| {
        let found = value.map(|value| value.at(path.get(keys.len()..).unwrap_or_default())).unwrap_or_default();
        found.into_iter().filter_map(|found| found.text()?.parse::<u64>().ok()).min()
    };
    least(new).is_some_and(|after| least(old).is_none_or(|before| after < before))
}

/// Whether a place is at one of the paths or below.
fn is_below(at: &[Step], paths: &[Vec<String>]) -> bool {
    let keys = keys(at);
    paths.iter().any(|path| path.len() <= keys.len() && path.iter().zip(&keys).all(|(a, b)| a == b))
}

/// Whether a place is at one of the paths, below, or holds it.
fn is_on(at: &[Step], paths: &[Vec<String>]) -> bool {
    let keys = keys(at);
    paths.iter().any(|path| path.iter().zip(&keys).all(|(a, b)| a == b))
}

fn keys(at: &[Step]) -> Vec<&str> {
    at.iter()
        .filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Element(_) => None,
        })
        .collect()
}

fn is_sequence(value: &Plain<'_>) -> bool {
    matches!(value, Plain::List(_) | Plain::Blocks(_))
}

fn whole<'a>(items: &[&Plain<'a>]) -> Plain<'a> {
    Plain::List(items.iter().map(|item| (*item).clone()).collect())
}

/// One block and several.
fn both(a: &Plain<'_>, b: &Plain<'_>) -> bool {
    let is_block = |value: &Plain<'_>| matches!(value, Plain::Map(_) | Plain::Blocks(_));
    is_block(a) && is_block(b)
}

fn elements<'p, 'a>(value: &'p Plain<'a>) -> Vec<&'p Plain<'a>> {
    match value {
        Plain::List(items) | Plain::Blocks(items) => items.iter().collect(),
        Plain::Map(_) | Plain::Text(_) | Plain::Expression(_) => vec![value],
    }
}

/// Elements by name, with their place.
type Named<'p, 'a> = BTreeMap<&'p str, (usize, &'p Plain<'a>)>;

/// What names an element that says one thing besides: of such a one that thing alone is told.
fn only_name<'a>(item: &Plain<'a>) -> Option<Plain<'a>> {
    let Plain::Map(entries) = item else { return None };
    let name = entries.iter().filter(|_| entries.len() == 2).find(|(key, _)| NAMES.contains(&&**key))?;
    Some(Plain::Map(vec![name.clone()]))
}

/// Elements by what names them; `None` where nothing names each of them alone.
fn named<'p, 'a>(items: &[&'p Plain<'a>]) -> Option<Named<'p, 'a>> {
    NAMES.iter().find_map(|name| {
        let mut out = BTreeMap::new();
        for (place, item) in items.iter().enumerate() {
            let Plain::Text(key) = item.get(name)? else { return None };
            if out.insert(&**key, (place, *item)).is_some() {
                return None;
            }
        }
        Some(out)
    })
}
