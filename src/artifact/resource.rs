//! The resources of an output, found by type and name, whatever their syntax.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use rayon::prelude::*;

use super::hcl::{self, Block, Unreadable};
use super::tree::{self, Node, Value};
use super::yaml;

/// A file of the output.
#[derive(Debug, Clone, Copy)]
pub struct File<'a> {
    /// Its path; the ending says the syntax.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// One resource.
#[derive(Debug, Clone)]
pub struct Resource<'a> {
    /// Type of the block, or `kind`; `document` where there is none.
    pub kind: Cow<'a, str>,
    /// `apiVersion/kind`; the type for a block.
    pub full_kind: Cow<'a, str>,
    /// Label of the block, or `name`, behind `namespace/` where there is one.
    pub name: Cow<'a, str>,
    /// The node that it names.
    pub node: Option<Cow<'a, str>>,
    /// Its file.
    pub file: &'a str,
    /// Its line, from 1.
    pub line: u32,
    body: Body<'a>,
}

#[derive(Debug, Clone)]
enum Body<'a> {
    Hcl(Block<'a>),
    Tree(Node<'a>),
}

impl<'a> Resource<'a> {
    /// What it says.
    pub fn read(&self) -> Result<Cow<'_, Node<'a>>, Unreadable> {
        match &self.body {
            Body::Hcl(block) => block.read().map(Cow::Owned),
            Body::Tree(node) => Ok(Cow::Borrowed(node)),
        }
    }

    /// One that was read from elsewhere, and what it is called there.
    pub(super) fn elsewhere(
        kind: &'a str,
        name: Cow<'a, str>,
        node: Option<Cow<'a, str>>,
        file: &'a str,
        body: Node<'a>,
    ) -> Self {
        let kind = Cow::Borrowed(kind);
        Self { full_kind: kind.clone(), kind, name, node, file, line: 1, body: Body::Tree(body) }
    }

    /// Whether a manifest means it by this type.
    pub fn is(&self, kind: &str) -> bool {
        self.kind == kind || self.full_kind == kind
    }

    /// What stands before the `/` of its name.
    pub fn namespace(&self) -> Option<&str> {
        self.name.split_once('/').map(|(namespace, _)| namespace)
    }
}

/// A reference names a resource that the output does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotThere;

/// How files end that change what stands elsewhere.
pub(crate) const OVERRIDES: &str = "override.tf.json";

/// Type and name → place in the list.
type Index<'a> = HashMap<(Cow<'a, str>, Cow<'a, str>), usize, foldhash::fast::FixedState>;

/// All resources of an output.
#[derive(Debug, Default)]
pub struct Resources<'a> {
    list: Vec<Resource<'a>>,
    index: Index<'a>,
    /// The same by the short type, where it is another one; the first of several.
    short: Index<'a>,
    /// Type and name of what the spec adds in the JSON form of HCL. It can be referred to; it is the author's own, and
    /// what it grants to whom is not read.
    native: HashSet<(Cow<'a, str>, Cow<'a, str>)>,
    /// What could not be read, or stands twice: file, line and why.
    pub defects: Vec<(&'a str, u32, String)>,
}

impl<'a> Resources<'a> {
    /// Reads files whose ending says HCL, YAML or JSON; the others hold no resources.
    pub fn read(files: &[File<'a>], node: &str) -> Self {
        let node = tree::path(node);
        let read: Vec<_> = files.par_iter().map(|file| (file.path, resources(*file, &node))).collect();
        let mut out = Self::default();
        let mut natives = Vec::new();
        for (path, found) in read {
            match found {
                Ok(Read::Resources(found)) => found.into_iter().for_each(|resource| out.add(resource)),
                Ok(Read::Native(found)) => natives.push((path, found)),
                Err(error) => out.defects.push((path, error.line, error.message)),
            }
        }
        for (path, found) in natives {
            for (kind, name, line) in found {
                if let Some(first) = out.get(&kind, &name).filter(|_| !path.ends_with(OVERRIDES)) {
                    let message = format!("`{kind}` `{name}` stands in {}:{} too", first.file, first.line);
                    out.defects.push((path, line, message));
                }
                out.native.insert((kind, name));
            }
        }
        out
    }

    /// Those of a list.
    pub(super) fn of(list: impl IntoIterator<Item = Resource<'a>>) -> Self {
        let mut out = Self::default();
        list.into_iter().for_each(|resource| out.add(resource));
        out
    }

    /// The same resources, each saying something else.
    pub(super) fn rewritten(&self, body: impl Fn(&str, Node<'a>) -> Node<'a>) -> Self {
        let mut out = Self { native: self.native.clone(), ..Self::default() };
        for resource in &self.list {
            // What cannot be read here could not be proven either.
            if let Ok(read) = resource.read() {
                let body = Body::Tree(body(&resource.kind, read.into_owned()));
                out.add(Resource { body, ..resource.clone() });
            }
        }
        out
    }

    /// Whether the spec adds it natively, or overrides a part of it.
    pub(super) fn is_native(&self, kind: &str, name: &str) -> bool {
        let native: &HashSet<(Cow<'_, str>, Cow<'_, str>)> = &self.native;
        native.contains(&(Cow::Borrowed(kind), Cow::Borrowed(name)))
    }

    /// What the spec adds natively or overrides: types and names.
    pub(super) fn natives(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut all: Vec<(&str, &str)> = self.native.iter().map(|(kind, name)| (&**kind, &**name)).collect();
        all.sort_unstable();
        all.into_iter()
    }

    fn add(&mut self, resource: Resource<'a>) {
        let key = (resource.full_kind.clone(), resource.name.clone());
        let at = self.list.len();
        let first = *self.index.entry(key).or_insert(at);
        if let Some(first) = self.list.get(first) {
            let message =
                format!("`{}` `{}` stands in {}:{} too", resource.kind, resource.name, first.file, first.line);
            self.defects.push((resource.file, resource.line, message));
        }
        if resource.kind != resource.full_kind {
            self.short.entry((resource.kind.clone(), resource.name.clone())).or_insert(at);
        }
        self.list.push(resource);
    }

    /// All, in order of files and lines.
    pub fn list(&self) -> &[Resource<'a>] {
        &self.list
    }

    /// The resource that a reference such as `kind.ledger.arn` names: `Err` when it names one that is not
    /// there, `Ok(None)` when it names something else, such as a variable, a call or a native resource.
    pub fn referred(&self, reference: &str) -> Result<Option<&Resource<'a>>, NotThere> {
        let mut parts = reference.split('.');
        let kind = parts.next().unwrap_or_default();
        // Types of resources carry the name of their provider; what else may stand first is one word.
        let is_type = kind.contains('_') && kind.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
        let Some(name) = parts.next().filter(|_| is_type) else { return Ok(None) };
        let name = name.split('[').next().unwrap_or_default();
        let native: &HashSet<(Cow<'_, str>, Cow<'_, str>)> = &self.native;
        match self.get(kind, name) {
            None if native.contains(&(Cow::Borrowed(kind), Cow::Borrowed(name))) => Ok(None),
            found => found.map(Some).ok_or(NotThere),
        }
    }

    /// By a type as a manifest writes it, and a name.
    pub fn get(&self, kind: &str, name: &str) -> Option<&Resource<'a>> {
        let key = (Cow::Borrowed(kind), Cow::Borrowed(name));
        // Lookups with a shorter lifetime than that of the keys.
        let (index, short): (&Index<'_>, &Index<'_>) = (&self.index, &self.short);
        index.get(&key).or_else(|| short.get(&key)).and_then(|at| self.list.get(*at))
    }
}

enum Read<'a> {
    Resources(Vec<Resource<'a>>),
    /// Type, name and line.
    Native(Vec<(Cow<'a, str>, Cow<'a, str>, u32)>),
}

fn resources<'a>(file: File<'a>, node: &[String]) -> Result<Read<'a>, Unreadable> {
    if file.path.ends_with(".tf.json") {
        return Ok(Read::Native(yaml::documents(file.text)?.into_iter().flat_map(native).collect()));
    }
    let found = match file.path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("tf" | "hcl") => {
            let blocks = hcl::blocks(file.text, node)?;
            blocks.into_iter().filter_map(|block| of_block(file.path, block)).collect()
        }
        Some("yaml" | "yml" | "json") => {
            let documents = yaml::documents(file.text)?.into_iter().flat_map(objects);
            documents.map(|tree| of_tree(file.path, tree, node)).collect()
        }
        _ => Vec::new(),
    };
    Ok(Read::Resources(found))
}

/// A document, or the objects of one that is a list of such (`kind: List`, `RoleBindingList`): whoever reads it takes them
/// for documents of their own.
fn objects(tree: Node<'_>) -> Vec<Node<'_>> {
    let at = |key: &str| tree.at(&[key.to_owned()]);
    let is_list = at("kind").first().and_then(|kind| kind.text()).is_some_and(|kind| kind.ends_with("List"));
    let items = if is_list { at("items") } else { Vec::new() };
    if items.is_empty() { vec![tree] } else { items.into_iter().cloned().flat_map(objects).collect() }
}

/// Type, name and line of all below `resource`. An override file has the same form and names what is there already.
fn native(tree: Node<'_>) -> Vec<(Cow<'_, str>, Cow<'_, str>, u32)> {
    let Value::Map(entries) = tree.value else { return Vec::new() };
    let mut out = Vec::new();
    for (_, types) in entries.into_iter().filter(|(key, _)| key == "resource") {
        let Value::Map(types) = types.value else { continue };
        for (kind, names) in types {
            let Value::Map(names) = names.value else { continue };
            out.extend(names.into_iter().map(|(name, node)| (kind.clone(), name, node.line)));
        }
    }
    out
}

fn of_block<'a>(file: &'a str, mut block: Block<'a>) -> Option<Resource<'a>> {
    if block.keyword != "resource" {
        return None;
    }
    let mut labels = block.labels.drain(..);
    let (kind, name) = (labels.next()?, labels.next()?);
    drop(labels);
    let (node, line) = (block.node.take(), block.line);
    Some(Resource { full_kind: kind.clone(), kind, name, node, file, line, body: Body::Hcl(block) })
}

fn of_tree<'a>(file: &'a str, tree: Node<'a>, node: &[String]) -> Resource<'a> {
    let text = |path: &[&str]| {
        let path: Vec<String> = path.iter().map(|key| (*key).to_owned()).collect();
        tree.at(&path).first().and_then(|node| node.text())
    };
    let Some(kind) = text(&["kind"]) else {
        // Such as a file of Docker Compose: it has neither type nor name of its own.
        let (kind, name) = (Cow::Borrowed("document"), Cow::Owned(format!("{file}:{}", tree.line)));
        let node = tree.at(node).first().and_then(|found| found.text());
        let line = tree.line;
        return Resource { full_kind: kind.clone(), kind, name, node, file, line, body: Body::Tree(tree) };
    };
    let full_kind = text(&["apiVersion"]).map_or_else(|| kind.clone(), |version| format!("{version}/{kind}").into());
    let name = text(&["metadata", "name"]).unwrap_or_default();
    let name = match text(&["metadata", "namespace"]) {
        Some(namespace) => Cow::Owned(format!("{namespace}/{name}")),
        None => name,
    };
    let node = tree.at(node).first().and_then(|found| found.text());
    let line = if let Value::Map(entries) = &tree.value {
        entries.first().map_or(tree.line, |(_, first)| first.line)
    } else {
        tree.line
    };
    Resource { kind, full_kind, name, node, file, line, body: Body::Tree(tree) }
}
