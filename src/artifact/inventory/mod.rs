//! All that an output makes, as values that can be compared, whatever the syntax: blocks, native resources in the JSON form
//! of HCL, and documents; overrides and patches merged into what they are for; and which blocks moved from where.

mod native;
mod plain;
#[cfg(test)]
mod tests;

pub use plain::Plain;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};

use rayon::prelude::*;

use self::plain::Dialect;
use super::hcl::{self, Block, Unreadable};
use super::tree::{self, Node, Value};
use super::{File, yaml};
use crate::catalog::{Lifecycle, Manifest, Patches};

/// One resource.
#[derive(Debug, Clone)]
pub struct Item<'a> {
    /// What it is known by: `type.name` of a block, `kind.group/namespace/name` of a document.
    pub key: String,
    /// The same as people write it; not always unique.
    pub address: String,
    /// Type of the block, or `kind`; `document` where there is none.
    pub kind: Cow<'a, str>,
    /// `apiVersion/kind`; the type for a block.
    pub full_kind: Cow<'a, str>,
    /// Label of the block, or `name`.
    pub name: Cow<'a, str>,
    /// The node that it names.
    pub node: Option<String>,
    /// Its file.
    pub file: &'a str,
    /// Its line, from 1.
    pub line: u32,
    /// What it says.
    pub body: Plain<'a>,
}

/// All resources of an output.
#[derive(Debug, Default)]
pub struct Inventory<'a> {
    items: Vec<Item<'a>>,
    index: HashMap<String, usize>,
    /// Key after a move → key before it.
    pub moves: BTreeMap<String, String>,
    /// What blocks say that say where resources are, by keyword and labels.
    pub settings: BTreeMap<String, Plain<'a>>,
    /// Addresses that several resources share.
    pub shared: BTreeSet<String>,
    /// What could not be read, or stands twice: file, line and why.
    pub defects: Vec<(&'a str, u32, String)>,
}

/// What one file holds.
#[derive(Default)]
struct Found<'a> {
    items: Vec<Item<'a>>,
    overrides: Vec<Item<'a>>,
    moves: Vec<(String, String)>,
    settings: Vec<(String, Plain<'a>)>,
    patches: Vec<(&'a str, Plain<'a>)>,
}

impl<'a> Inventory<'a> {
    /// Reads an output by the rules of its manifest. Files whose ending says neither HCL, YAML nor JSON hold no resources.
    pub fn read(files: &[File<'a>], manifest: &Manifest) -> Self {
        let node = manifest.readback.as_ref().map(|readback| tree::path(&readback.node)).unwrap_or_default();
        let lifecycle = &manifest.lifecycle;
        let read: Vec<_> = files.par_iter().map(|file| (file.path, found(*file, &node, lifecycle))).collect();
        let mut out = Self::default();
        let (mut overrides, mut merged) = (Vec::new(), Vec::new());
        for (path, found) in read {
            match found {
                Ok(found) => {
                    found.items.into_iter().for_each(|item| out.add(item));
                    overrides.extend(found.overrides);
                    out.moves.extend(found.moves);
                    out.settings.extend(found.settings);
                    merged.extend(found.patches);
                }
                Err(error) => out.defects.push((path, error.line, error.message)),
            }
        }
        for item in overrides {
            out.replace(item);
        }
        for patch in lifecycle.patches.iter().flat_map(|rule| merged.iter().map(move |patch| (rule, patch))) {
            out.patch(patch.0, patch.1.0, &patch.1.1);
        }
        out.items.sort_by(|a, b| a.key.cmp(&b.key));
        out.index = out.items.iter().enumerate().map(|(at, item)| (item.key.clone(), at)).collect();
        let mut seen = BTreeSet::new();
        out.shared = out.items.iter().filter(|item| !seen.insert(&item.address)).map(|i| i.address.clone()).collect();
        out
    }

    /// All, by key.
    pub fn items(&self) -> &[Item<'a>] {
        &self.items
    }

    /// The resource of a key.
    pub fn get(&self, key: &str) -> Option<&Item<'a>> {
        self.index.get(key).and_then(|at| self.items.get(*at))
    }

    fn add(&mut self, item: Item<'a>) {
        let at = self.items.len();
        let first = *self.index.entry(item.key.clone()).or_insert(at);
        match self.items.get(first) {
            Some(first) => {
                let message = format!("`{}` stands in {}:{} too", item.address, first.file, first.line);
                self.defects.push((item.file, item.line, message));
            }
            None => self.items.push(item),
        }
    }

    /// An override replaces whole arguments and blocks of what it names.
    fn replace(&mut self, over: Item<'a>) {
        let item = self.index.get(&over.key).and_then(|at| self.items.get_mut(*at));
        let (Some(item), Plain::Map(entries)) = (item, over.body) else {
            let message = format!("`{}` is overridden and is not there", over.address);
            self.defects.push((over.file, over.line, message));
            return;
        };
        for (key, value) in entries {
            // Of `lifecycle` alone, single arguments are replaced.
            if key == "lifecycle" {
                item.body.merge(Plain::Map(vec![(key, value)]));
            } else {
                item.body.set(key, value);
            }
        }
    }

    fn patch(&mut self, rule: &Patches, file: &'a str, patch: &Plain<'a>) {
        let text = |path: &str| patch.at(&tree::path(path)).first().and_then(|found| found.text()).map(str::to_owned);
        let (Some(kind), Some(name)) = (text(&rule.target_type), text(&rule.target_name)) else { return };
        let Some(text) = text(&rule.merge) else { return };
        let documents = match yaml::documents(&text) {
            Ok(documents) => documents,
            Err(error) => return self.defects.push((file, error.line, error.message)),
        };
        let named = |item: &&mut Item<'a>| item.kind == kind && item.name == name;
        for item in self.items.iter_mut().filter(|item| named(item)) {
            for document in &documents {
                let Value::Map(entries) = &document.value else { continue };
                // What names the object is there to find it by.
                let said = entries.iter().filter(|(key, _)| !matches!(&**key, "kind" | "apiVersion" | "metadata"));
                for (key, node) in said {
                    let Some(value) = Plain::of(node.clone(), Dialect::Document) else { continue };
                    let wrapped = Plain::Map(vec![(Cow::Owned(key.to_string()), native::own(value))]);
                    item.body.merge(wrapped);
                }
            }
        }
    }
}

fn found<'a>(file: File<'a>, node: &[String], lifecycle: &Lifecycle) -> Result<Found<'a>, Unreadable> {
    if file.path.ends_with(".tf.json") {
        return native::read(file, node);
    }
    match file.path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tf" | "hcl") => of_blocks(file, hcl::blocks(file.text, node)?, lifecycle),
        Some("yaml" | "yml" | "json") => {
            let mut out = Found::default();
            for tree in yaml::documents(file.text)? {
                let item = of_document(file.path, tree, node);
                match &lifecycle.patches {
                    Some(rule) if item.kind == rule.kind => {
                        let each = tree::path(&rule.each);
                        out.patches.extend(item.body.at(&each).into_iter().map(|patch| (file.path, patch.clone())));
                    }
                    _ => out.items.push(item),
                }
            }
            Ok(out)
        }
        _ => Ok(Found::default()),
    }
}

fn of_blocks<'a>(file: File<'a>, blocks: Vec<Block<'a>>, lifecycle: &Lifecycle) -> Result<Found<'a>, Unreadable> {
    let mut out = Found::default();
    for block in blocks {
        match (block.keyword, block.labels.as_slice()) {
            ("resource", [kind, name]) => {
                let body = Plain::of(block.read()?, Dialect::Hcl).unwrap_or_else(|| Plain::Map(Vec::new()));
                let node = block.node.as_deref().map(str::to_owned);
                out.items.push(Item { node, ..of_type(file.path, block.line, kind, name, body) });
            }
            ("moved", []) => {
                let tree = block.read()?;
                let end = |key: &str| {
                    let found = tree.at(&[key.to_owned()]);
                    let Some(Node { value: Value::Reference(text), .. }) = found.first() else { return None };
                    Some(text.to_string())
                };
                out.moves.extend(end("to").zip(end("from")));
            }
            (keyword, labels) => {
                let words: Vec<&str> = [keyword].into_iter().chain(labels.iter().map(|label| &**label)).collect();
                let name = words.join(".");
                if lifecycle.relocations.iter().any(|row| row.block == name) {
                    out.settings.extend(Plain::of(block.read()?, Dialect::Hcl).map(|body| (name, body)));
                }
            }
        }
    }
    Ok(out)
}

fn of_type<'a>(file: &'a str, line: u32, kind: &Cow<'a, str>, name: &Cow<'a, str>, body: Plain<'a>) -> Item<'a> {
    let key = format!("{kind}.{name}");
    let (kind, name) = (kind.clone(), name.clone());
    Item { address: key.clone(), key, full_kind: kind.clone(), kind, name, node: None, file, line, body }
}

fn of_document<'a>(file: &'a str, tree: Node<'a>, node: &[String]) -> Item<'a> {
    let text = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        tree.at(&path).first().and_then(|node| node.text()).map(|text| Cow::Owned::<str>(text.into_owned()))
    };
    let (kind, version) = (text(&["kind"]), text(&["apiVersion"]));
    let name = text(&["metadata", "name"]).unwrap_or_default();
    let place = text(&["metadata", "namespace"]).map_or_else(|| name.to_string(), |place| format!("{place}/{name}"));
    let found = tree.at(node).first().and_then(|found| found.text()).map(Cow::into_owned);
    let line = if let Value::Map(entries) = &tree.value {
        entries.first().map_or(tree.line, |(_, first)| first.line)
    } else {
        tree.line
    };
    let body = Plain::of(tree, Dialect::Document).unwrap_or_else(|| Plain::Map(Vec::new()));
    let Some(kind) = kind else {
        // Such as a file of Docker Compose: it has neither type nor name of its own.
        let (kind, name) = (Cow::Borrowed("document"), Cow::Borrowed(file));
        let key = file.to_owned();
        return Item { address: key.clone(), key, full_kind: kind.clone(), kind, name, node: found, file, line, body };
    };
    let version = version.unwrap_or_default();
    // Another version of the same group is the same object.
    let group = version.split_once('/').map_or("", |(group, _)| group);
    let full_kind = if version.is_empty() { kind.clone() } else { Cow::Owned(format!("{version}/{kind}")) };
    let key = format!("{kind}.{group}/{place}");
    Item { key, address: format!("{kind}/{place}"), kind, full_kind, name, node: found, file, line, body }
}
