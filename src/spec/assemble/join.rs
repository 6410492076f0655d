//! Fragments → one mapping. Sections are joined by name; a name stands in one place.

use std::collections::HashMap;
use std::sync::Arc;

use super::limited::Limited;
use crate::diag::Finding;
use crate::yaml::{Entry, Node};

/// Joins fragments into the root, whose keys come first.
pub(super) fn join(root: &Node, fragments: &[Node], findings: &mut Limited<'_>) -> Node {
    let mut groups = Groups::default();
    groups.add(root.entries());
    for fragment in fragments {
        groups.add(fragment.entries().filter(|e| may_stand_in_fragment(e, findings)));
    }
    let entries = groups.list.into_iter().map(|group| {
        let key = group.first.key.value.clone();
        if &*key == "include" { group.first } else { group.combine(joined_levels(&key), "", findings) }
    });
    Node::map(entries.collect(), root.span)
}

/// How many levels are joined by name before a name may stand only once.
fn joined_levels(key: &str) -> usize {
    match key {
        // environments → prod → functions, native → target → type
        "environments" | "native" => 3,
        _ => 1,
    }
}

/// What is no mapping says something about the whole application, and that is said in the root.
fn may_stand_in_fragment(entry: &Entry, findings: &mut Limited<'_>) -> bool {
    let key = &entry.key;
    if &*key.value == "include" || entry.value.as_map().is_some() || entry.value.is_null() {
        return true;
    }
    let message = if entry.value.as_seq().is_some() {
        format!("`{}` is a list; an included file adds mappings only", key.value)
    } else {
        format!("`{}` is written in the file that includes this one, once for the application", key.value)
    };
    findings.push(Finding::error("root-only", key.span, message).help("move it there, or remove it here"));
    false
}

/// The entries of one key, from several files.
struct Group {
    first: Entry,
    rest: Vec<Entry>,
}

#[derive(Default)]
struct Groups {
    list: Vec<Group>,
    index: HashMap<Arc<str>, usize>,
}

impl Groups {
    fn add<'a>(&mut self, entries: impl Iterator<Item = &'a Entry>) {
        for entry in entries {
            let at = *self.index.entry(entry.key.value.clone()).or_insert(self.list.len());
            match self.list.get_mut(at) {
                Some(group) => group.rest.push(entry.clone()),
                None => self.list.push(Group { first: entry.clone(), rest: Vec::new() }),
            }
        }
    }
}

impl Group {
    /// One entry out of all; `levels` of names below it are joined, and `under` is what it stands under.
    fn combine(mut self, levels: usize, under: &str, findings: &mut Limited<'_>) -> Entry {
        // A section without entries adds nothing to one that has some.
        if levels > 0 {
            self.rest.retain(|e| !e.value.is_null());
            if self.first.value.is_null() && !self.rest.is_empty() {
                self.first = self.rest.remove(0);
            }
        }
        if self.rest.is_empty() {
            return self.first;
        }
        let all_maps = self.rest.iter().chain([&self.first]).all(|e| e.value.as_map().is_some());
        let Entry { key, value } = &self.first;
        if levels == 0 || !all_maps {
            for second in self.rest {
                let place = if under.is_empty() { String::new() } else { format!(" under `{under}`") };
                findings.push(
                    Finding::error(
                        "duplicate-name",
                        second.key.span,
                        format!("`{}` is declared twice{place}", key.value),
                    )
                    .label("the second")
                    .related(key.span, "the first")
                    .help("keep one of the two, or give one of them another name"),
                );
            }
            return self.first;
        }
        let mut groups = Groups::default();
        groups.add(value.entries());
        self.rest.iter().for_each(|e| groups.add(e.value.entries()));
        let here = if under.is_empty() { key.value.to_string() } else { format!("{under}.{}", key.value) };
        let entries = groups.list.into_iter().map(|group| group.combine(levels - 1, &here, findings)).collect();
        Entry { key: key.clone(), value: Node::map(entries, value.span) }
    }
}
