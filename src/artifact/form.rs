//! A form in which grants are written, with its paths taken apart.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::tree::{self, Node, Value};
use crate::catalog::GrantReader;

/// A [`GrantReader`] with its paths taken apart.
pub(super) struct Form<'a> {
    pub(super) reader: &'a GrantReader,
    pub(super) via: Option<Vec<String>>,
    pub(super) each: Option<Vec<String>>,
    pub(super) of: Tests<'a>,
    pub(super) only: Tests<'a>,
    pub(super) except: Tests<'a>,
    pub(super) require: Tests<'a>,
    pub(super) identity: Option<Place>,
    pub(super) principal: Option<Place>,
    pub(super) attached: Option<Place>,
    pub(super) actions: Option<Place>,
    pub(super) objects: Option<Place>,
    pub(super) conditions: Option<Place>,
    pub(super) condition: Vec<(&'a str, &'a str, Place)>,
    /// Paths of an element that are read; `None` where keys beyond them may stand.
    pub(super) known: Option<Vec<Vec<String>>>,
}

/// Paths and the texts that are wanted there.
pub(super) type Tests<'a> = Vec<(Vec<String>, &'a str)>;

fn tests(by_path: &BTreeMap<String, String>) -> Tests<'_> {
    by_path.iter().map(|(path, want)| (tree::path(path), want.as_str())).collect()
}

/// How an element answers tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// All hold.
    Holds,
    /// One does not.
    Fails,
    /// An expression decides, or several values disagree.
    Unclear,
}

/// Tests an element; `absent` is the answer where nothing stands at a path.
pub(super) fn test(element: &Node<'_>, tests: &Tests<'_>, absent: Answer) -> Answer {
    let mut all = Answer::Holds;
    for (path, want) in tests {
        let found = element.at(path);
        let literal = found.iter().all(|n| matches!(n.value, Value::Text(_) | Value::Bool(_) | Value::Number(_)));
        let equal = found.iter().filter(|n| n.text().as_deref() == Some(*want)).count();
        let answer = match (found.len(), equal) {
            (0, _) => absent,
            _ if *want == "*" => Answer::Holds,
            _ if !literal => Answer::Unclear,
            (all, equal) if all == equal => Answer::Holds,
            (_, 0) => Answer::Fails,
            _ => Answer::Unclear,
        };
        match answer {
            Answer::Holds => {}
            Answer::Fails => return Answer::Fails,
            Answer::Unclear => all = Answer::Unclear,
        }
    }
    all
}

/// A path, and whether it starts from the element.
pub(super) struct Place {
    pub(super) path: Vec<String>,
    pub(super) of_element: bool,
}

impl Place {
    pub(super) fn new(text: &str) -> Self {
        Self { path: tree::path(text), of_element: text.starts_with('.') }
    }

    pub(super) fn at<'n, 'a>(&self, resource: &'n Node<'a>, element: &'n Node<'a>) -> Vec<&'n Node<'a>> {
        if self.of_element { element.at(&self.path) } else { resource.at(&self.path) }
    }
}

impl<'a> Form<'a> {
    pub(super) fn new(reader: &'a GrantReader) -> Self {
        let place = |text: &Option<String>| text.as_deref().map(Place::new);
        let mut form = Self {
            reader,
            via: reader.via.as_deref().map(tree::path),
            each: reader.each.as_deref().map(tree::path),
            of: tests(&reader.of),
            only: tests(&reader.only),
            except: tests(&reader.except),
            require: tests(&reader.require),
            identity: place(&reader.identity),
            principal: place(&reader.principal),
            attached: place(&reader.attached),
            actions: place(&reader.actions),
            objects: place(&reader.objects),
            conditions: place(&reader.conditions),
            condition: reader
                .condition
                .iter()
                .map(|c| (c.test.as_str(), c.key.as_str(), Place::new(&c.values)))
                .collect(),
            known: None,
        };
        if form.each.is_some() && !reader.ignore.iter().any(|key| key == "*") {
            let places = [&form.identity, &form.principal, &form.actions, &form.objects, &form.conditions];
            let places = places.into_iter().flatten().chain(form.condition.iter().map(|(.., place)| place));
            let read = places.filter(|place| place.of_element).map(|place| place.path.clone());
            let tested = [&form.only, &form.require].into_iter().flatten().map(|(path, _)| path.clone());
            let read = read.chain(tested);
            form.known = Some(read.chain(reader.ignore.iter().map(|path| tree::path(path))).collect());
        }
        form
    }
}

/// A key of an element that no path reads, and its line.
pub(super) fn unread(element: &Node<'_>, known: &[&[String]]) -> Option<(String, u32)> {
    if known.iter().any(|path| path.is_empty()) {
        return None;
    }
    match &element.value {
        Value::List(items) => items.iter().find_map(|item| unread(item, known)),
        // A mapping that says nothing selects everything.
        Value::Map(entries) if entries.is_empty() => Some(("{}".to_owned(), element.line)),
        Value::Map(entries) => entries.iter().find_map(|(key, inner)| {
            let tails: Vec<&[String]> = known
                .iter()
                .filter_map(|path| path.split_first())
                .filter(|(first, _)| key == *first)
                .map(|(_, rest)| rest)
                .collect();
            if tails.is_empty() {
                return Some((key.to_string(), inner.line));
            }
            unread(inner, &tails)
        }),
        // A text where a map was expected: what it says is read by no path.
        Value::Null => None,
        Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Reference(_) | Value::Concat(_) | Value::Raw(_) => {
            Some((element.text().unwrap_or_default().into_owned(), element.line))
        }
    }
}

/// The line of a value that stands on the way of a path and cannot be gone into.
pub(super) fn blocked(node: &Node<'_>, path: &[String]) -> Option<u32> {
    let (first, rest) = path.split_first()?;
    match &node.value {
        Value::Null => None,
        Value::List(items) => items.iter().find_map(|item| blocked(item, path)),
        Value::Map(entries) => {
            entries.iter().filter(|(key, _)| key == first).find_map(|(_, inner)| blocked(inner, rest))
        }
        Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Reference(_) | Value::Concat(_) | Value::Raw(_) => {
            Some(node.line)
        }
    }
}

/// An element, taken apart where the first key of a path holds several mappings: what one of them says must not be taken
/// for what all of them say.
pub(super) fn split<'a>(element: Cow<'_, Node<'a>>, place: Option<&Place>) -> Vec<Node<'a>> {
    let element = element.into_owned();
    let Some(first) = place.filter(|place| place.of_element).and_then(|place| place.path.first()) else {
        return vec![element];
    };
    let Value::Map(entries) = &element.value else { return vec![element] };
    let Some((_, list)) = entries.iter().find(|(key, _)| key == first) else { return vec![element] };
    let Value::List(items) = &list.value else { return vec![element] };
    if items.len() < 2 || !items.iter().any(|item| matches!(item.value, Value::Map(_))) {
        return vec![element];
    }
    let one = |item: &Node<'a>| {
        let entries = entries.iter().map(|(key, value)| {
            let value = if key == first { item.clone() } else { value.clone() };
            (key.clone(), value)
        });
        Node { value: Value::Map(entries.collect()), line: item.line }
    };
    items.iter().map(one).collect()
}
