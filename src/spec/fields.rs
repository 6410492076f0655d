//! The keys of a mapping while its declaration is read: those that are there, those that are missing, and those that nobody
//! knows. A misspelt key is one finding, and its value is read as that of the key that was meant, so that what depends on
//! it stays silent.

use super::context::{Context, Key};
use super::hints;
use super::parse::{Parse, as_name};
use crate::base::{Span, nearest};
use crate::diag::{Finding, shorten};
use crate::yaml::{Entry, Kind, Node};

/// A mapping with a fixed set of keys.
pub(crate) trait Declaration: Parse {
    /// Reads the keys of a mapping.
    fn read(fields: Fields<'_>, cx: &mut Context) -> Option<Self>;
}

/// The entries of a mapping while its declaration is read.
pub(crate) struct Fields<'n> {
    what: &'static str,
    span: Span,
    entries: &'n [Entry],
    known: &'static [&'static str],
    /// The known keys that are misspelt here, each with its entry.
    misspelt: Vec<(&'static str, &'n Entry)>,
    /// A key that belongs to somebody else, as it is written here: the tag of a union.
    tag: Option<&'n str>,
}

impl<'n> Fields<'n> {
    /// The entries of a node that has to be a mapping.
    pub(crate) fn open(node: &'n Node, what: &'static str, example: &str, cx: &mut Context) -> Option<Self> {
        if let Kind::Map(entries) = &node.kind {
            return Some(Self { what, span: node.span, entries, known: &[], misspelt: Vec::new(), tag: None });
        }
        cx.wrong_type(node, "a mapping", example);
        None
    }

    /// The same entries, read as the variant `what` of a union that is told by `tag`.
    pub(crate) fn variant(mut self, what: &'static str, tag: &'static str) -> Self {
        self.what = what;
        self.tag = self.tag(tag).map(|entry| &*entry.key.value);
        self
    }

    /// The same entries, of which these keys are known.
    pub(crate) fn knowing(mut self, known: &'static [&'static str]) -> Self {
        self.known = known;
        let own = self.entries.iter().filter(|entry| self.tag != Some(&*entry.key.value));
        self.misspelt = misspelt(self.what, known, own);
        self
    }

    /// Where the mapping stands.
    pub(crate) fn span(&self) -> Span {
        self.span
    }

    /// The smallest place that stands for the mapping: its key, or its own first key.
    pub(crate) fn place(&self, cx: &Context) -> Span {
        let first = self.entries.first().map(|e| e.key.span);
        cx.place().or(first).unwrap_or(self.span)
    }

    /// An entry by its key, misspelt or not.
    pub(crate) fn find(&self, key: &str) -> Option<&'n Entry> {
        let misspelt = || self.misspelt.iter().find(|(meant, _)| *meant == key).map(|(_, entry)| *entry);
        self.get(key).or_else(misspelt)
    }

    /// The entry of the key that tells the variant of a union, misspelt or not. Which other keys there are is not known yet.
    pub(crate) fn tag(&self, tag: &'static str) -> Option<&'n Entry> {
        self.get(tag).or_else(|| self.entries.iter().find(|e| meant(&e.key.value, &[tag]).is_some()))
    }

    fn get(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|e| &*e.key.value == key)
    }

    /// Reads one key.
    pub(crate) fn take<T: Parse>(&self, key: &'static str, cx: &mut Context) -> Option<T> {
        match self.find(key).filter(|entry| !cx.is_removed(&entry.value)) {
            Some(entry) => {
                let value = cx.within(Key::Known(key), entry.key.span, |cx| T::parse(&entry.value, cx));
                // A value of another type says that another key was meant.
                if &*entry.key.value != key {
                    cx.forgive("wrong-type", entry.value.span);
                }
                value.or_else(|| T::absent(entry.value.span))
            }
            None if T::OPTIONAL => T::absent(self.span),
            None => {
                let message = format!("{} needs `{key}`", self.what);
                let help = format!("add `{key}: {}`", T::EXAMPLE);
                let place = self.place(cx);
                cx.report(Finding::error("missing-key", place, message).help(help));
                T::absent(place)
            }
        }
    }

    /// Reports the keys that are not known.
    pub(crate) fn close(&self, cx: &mut Context) {
        for entry in self.entries {
            let key = &*entry.key.value;
            if !self.known.contains(&key) && self.tag != Some(key) {
                let meant = self.misspelt.iter().find(|(_, e)| std::ptr::eq(*e, entry)).map(|(meant, _)| *meant);
                cx.report(unknown(self.what, self.known, &entry.key.value, entry.key.span, meant));
            }
        }
    }
}

/// The known keys that are not there, each with the entry that is nearly one.
pub(super) fn misspelt<'n>(
    what: &str,
    known: &'static [&'static str],
    entries: impl Iterator<Item = &'n Entry> + Clone,
) -> Vec<(&'static str, &'n Entry)> {
    let is_known = |entry: &&Entry| known.contains(&&*entry.key.value);
    let mut unknown = entries.clone().filter(|entry| !is_known(entry)).peekable();
    if unknown.peek().is_none() {
        return Vec::new();
    }
    let there: Vec<&str> = entries.filter(is_known).map(|entry| &*entry.key.value).collect();
    let mut absent: Vec<&'static str> = known.iter().copied().filter(|key| !there.contains(key)).collect();
    let mut found = Vec::new();
    for entry in unknown.filter(|entry| hints::moved(what, &entry.key.value).is_none()) {
        if let Some(key) = meant(&entry.key.value, &absent) {
            absent.retain(|other| *other != key);
            found.push((key, entry));
        }
    }
    found
}

/// The finding about a key that nobody knows.
pub(crate) fn unknown_key(what: &str, known: &[&'static str], key: &str, span: Span) -> Finding {
    unknown(what, known, key, span, None)
}

fn unknown(what: &str, known: &[&'static str], key: &str, span: Span, read_as: Option<&str>) -> Finding {
    let finding = Finding::error("unknown-key", span, format!("{what} has no key `{}`", shorten(key)));
    if let Some(hint) = hints::moved(what, key) {
        return finding.help(hint);
    }
    match read_as.or_else(|| meant(key, known)) {
        Some(near) if known.len() > 1 => finding.did_you_mean(near).and_help(&format!("known keys: {}", list(known))),
        Some(near) => finding.did_you_mean(near),
        None => finding.help(format!("known keys: {}", list(known))),
    }
}

/// The known key that was meant, in whatever case it is written.
pub(super) fn meant(key: &str, known: &[&'static str]) -> Option<&'static str> {
    let kebab = as_name(key, &[]);
    closest(kebab.as_deref().unwrap_or(key), known)
}

/// The known word that was meant: one spelt nearly so, or one that begins with what was written.
pub(crate) fn closest(word: &str, known: &[&'static str]) -> Option<&'static str> {
    let begun = || known.iter().copied().find(|k| word.len() > 1 && (k.starts_with(word) || word.starts_with(k)));
    nearest(word, known.iter().copied()).or_else(begun)
}

/// Words in backticks, separated by commas.
pub(crate) fn list(words: &[&str]) -> String {
    words.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ")
}
