//! Resources → the grants that they write, by the forms that a manifest names. Whatever cannot be understood in such a
//! form is a discrepancy of its own: it might grant anything.

use std::borrow::Cow;

use rayon::prelude::*;

use super::form::{Answer, Form, Place, blocked, split, test, unread};
use super::proof::{Discrepancy, DiscrepancyKind};
use super::resource::{NotThere, Resource, Resources};
use super::tree::{self, Node, Piece, Value};
use crate::catalog::Readback;

/// Who may do what on what, in the words of the platform.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NativeGrant<'a> {
    /// Where it is written: a system of the permission catalogue.
    pub system: Cow<'a, str>,
    /// The node whose identity holds it; empty where the form has none.
    pub identity: Cow<'a, str>,
    /// The principal; empty where the form has none.
    pub principal: Cow<'a, str>,
    /// One action.
    pub action: Cow<'a, str>,
    /// One object, as [`tree::text_of`] writes it.
    pub object: Cow<'a, str>,
    /// All conditions, as [`conditions`] writes them.
    pub conditions: Cow<'a, str>,
}

/// A grant that was read.
#[derive(Debug, Clone)]
pub struct Found<'a> {
    /// The grant.
    pub grant: NativeGrant<'a>,
    /// The node of the resource that the object refers to.
    pub object_node: Option<Cow<'a, str>>,
    /// File of the place.
    pub file: &'a str,
    /// Its line, from 1.
    pub line: u32,
}

/// Conditions as one text that does not depend on their order: `test key = [values]`, joined by `; `.
pub fn conditions<'a, T, V>(all: impl IntoIterator<Item = (T, T, V)>) -> String
where
    T: AsRef<str>,
    V: IntoIterator<Item = Cow<'a, str>>,
{
    let mut texts: Vec<String> = all
        .into_iter()
        .map(|(test, key, values)| {
            let mut values: Vec<String> = values.into_iter().map(|value| format!("{value:?}")).collect();
            values.sort_unstable();
            values.dedup();
            format!("{} {} = [{}]", test.as_ref(), key.as_ref(), values.join(", "))
        })
        .collect();
    texts.sort_unstable();
    texts.join("; ")
}

/// Reads all grants of an output.
pub fn read<'a>(resources: &Resources<'a>, readback: &'a Readback) -> (Vec<Found<'a>>, Vec<Discrepancy>) {
    let forms: Vec<Form<'a>> = readback.grants.iter().map(Form::new).collect();
    let read: Vec<_> = resources
        .list()
        .par_iter()
        .map(|resource| {
            let mut reading = Reading { resources, resource, found: Vec::new(), discrepancies: Vec::new() };
            reading.all(&forms, readback);
            (reading.found, reading.discrepancies)
        })
        .collect();
    let (mut found, mut discrepancies) = (Vec::new(), Vec::new());
    for (more, wrong) in read {
        found.extend(more);
        discrepancies.extend(wrong);
    }
    (found, discrepancies)
}

struct Reading<'r, 'a> {
    resources: &'r Resources<'a>,
    resource: &'r Resource<'a>,
    found: Vec<Found<'a>>,
    discrepancies: Vec<Discrepancy>,
}

impl<'a> Reading<'_, 'a> {
    fn all(&mut self, forms: &[Form<'a>], readback: &Readback) {
        self.refused(readback);
        let forms: Vec<&Form<'a>> = forms.iter().filter(|form| self.resource.is(&form.reader.kind)).collect();
        if forms.is_empty() {
            return;
        }
        match self.resource.read() {
            Ok(root) => self.forms(&forms, &root),
            Err(error) => self.wrong(DiscrepancyKind::Unreadable, error.line, error.message),
        }
    }

    /// All forms of one type. Those with the same `each` share their elements.
    fn forms(&mut self, forms: &[&Form<'a>], root: &Node<'a>) {
        let forms: Vec<&Form<'a>> =
            forms.iter().copied().filter(|form| test(root, &form.of, Answer::Fails) != Answer::Fails).collect();
        for (index, form) in forms.iter().enumerate() {
            if forms.iter().take(index).any(|other| other.each == form.each) {
                continue;
            }
            let same: Vec<&Form<'a>> = forms.iter().skip(index).copied().filter(|f| f.each == form.each).collect();
            let Some(each) = &form.each else {
                self.element(&same, root, root);
                continue;
            };
            if let Some(line) = blocked(root, each) {
                self.wrong(
                    DiscrepancyKind::Unreadable,
                    line,
                    format!("says what it grants by an expression at `{}`", each.join(".")),
                );
            }
            for element in root.at(each) {
                // Forms of one list look at the same keys of it: the first speaks for all.
                let by_object = split(Cow::Borrowed(element), form.objects.as_ref());
                let parts = by_object.into_iter().flat_map(|part| split(Cow::Owned(part), form.actions.as_ref()));
                for part in parts {
                    self.element(&same, root, &part);
                }
            }
        }
    }

    fn wrong(&mut self, kind: DiscrepancyKind, line: u32, message: impl Into<String>) {
        let what = format!("{} `{}`", self.resource.kind, self.resource.name);
        self.discrepancies.push(Discrepancy {
            kind,
            place: Some((self.resource.file.to_owned(), line)),
            message: format!("{what} {}", message.into()),
        });
    }

    fn refused(&mut self, readback: &Readback) {
        for refused in &readback.refused {
            let (kind, path) = refused.split_once('.').unwrap_or((refused, ""));
            if !self.resource.is(refused) && !self.resource.is(kind) {
                continue;
            }
            let path = if self.resource.is(refused) { Vec::new() } else { tree::path(path) };
            let line = match self.resource.read() {
                Ok(root) => root.at(&path).first().map(|node| node.line),
                Err(error) => Some(error.line),
            };
            if let Some(line) = line {
                self.wrong(
                    DiscrepancyKind::Excess,
                    line,
                    format!("holds `{refused}`, which may grant what no edge needs"),
                );
            }
        }
    }

    fn element(&mut self, forms: &[&Form<'a>], root: &Node<'a>, element: &Node<'a>) {
        let mut read = false;
        for form in forms {
            match test(element, &form.only, Answer::Fails) {
                Answer::Holds => {}
                Answer::Fails => continue,
                Answer::Unclear => {
                    return self.wrong(
                        DiscrepancyKind::Unreadable,
                        element.line,
                        "leaves open which form of grant it is",
                    );
                }
            }
            read = true;
            if test(element, &form.require, Answer::Holds) != Answer::Holds {
                return self.wrong(
                    DiscrepancyKind::Unreadable,
                    element.line,
                    "grants in another way than is understood",
                );
            }
            if let Some(known) = &form.known {
                let known: Vec<&[String]> = known.iter().map(Vec::as_slice).collect();
                if let Some((key, line)) = unread(element, &known) {
                    let message = format!("has `{key}` in a grant, which is not understood");
                    return self.wrong(DiscrepancyKind::Unreadable, line, message);
                }
            }
            match self.grants(form, root, element) {
                Ok(grants) => self.found.extend(grants),
                Err((kind, message)) => self.wrong(kind, element.line, message),
            }
        }
        let excepted =
            |form: &Form<'a>| !form.except.is_empty() && test(element, &form.except, Answer::Fails) == Answer::Holds;
        // Without `each` the type alone says that it grants, and `where` which of its resources do.
        if !read && forms.iter().any(|form| form.each.is_some()) && !forms.iter().any(|form| excepted(form)) {
            self.wrong(DiscrepancyKind::Unreadable, element.line, "grants in a form that is not understood");
        }
    }

    fn grants(&self, form: &Form<'a>, root: &Node<'a>, element: &Node<'a>) -> Result<Vec<Found<'a>>, Wrong> {
        let texts = |place: &Place, what: &str| -> Result<Vec<(Cow<'a, str>, u32)>, Wrong> {
            let nodes = place.at(root, element);
            let texts: Option<Vec<_>> = nodes.iter().map(|node| node.text().map(|text| (text, node.line))).collect();
            texts.filter(|texts| !texts.is_empty()).ok_or_else(|| {
                (DiscrepancyKind::Unreadable, format!("grants without {what} at `{}`", place.path.join(".")))
            })
        };
        let identity = match &form.identity {
            Some(place) => self.identity(form, place, root, element)?,
            None => Cow::Borrowed(""),
        };
        let principals = match &form.principal {
            Some(place) => texts(place, "a principal")?,
            None => vec![(Cow::Borrowed(""), element.line)],
        };
        let actions = match (&form.actions, &form.reader.action) {
            (Some(place), _) => texts(place, "an action")?,
            (None, Some(action)) => vec![(Cow::Borrowed(action.as_str()), element.line)],
            (None, None) => {
                return Err((DiscrepancyKind::Unreadable, "has a form without `actions` or `action`".to_owned()));
            }
        };
        let conditions: Cow<'a, str> = Cow::Owned(read_conditions(form, root, element)?);
        let mut objects = Vec::new();
        match &form.objects {
            Some(place) => {
                for node in place.at(root, element) {
                    objects.push(self.object(node)?);
                }
                if objects.is_empty() {
                    let message = format!("grants without an object at `{}`", place.path.join("."));
                    return Err((DiscrepancyKind::Unreadable, message));
                }
            }
            None => objects.push((Cow::Borrowed(""), None)),
        }
        if let Some(place) = &form.attached {
            self.attached(place, root, element, &objects)?;
        }
        let mut found = Vec::with_capacity(actions.len() * objects.len() * principals.len());
        for (principal, _) in &principals {
            for (action, line) in &actions {
                for (object, object_node) in &objects {
                    let grant = NativeGrant {
                        system: Cow::Borrowed(form.reader.system.as_str()),
                        identity: identity.clone(),
                        principal: principal.clone(),
                        action: action.clone(),
                        object: object.clone(),
                        conditions: conditions.clone(),
                    };
                    found.push(Found {
                        grant,
                        object_node: object_node.clone(),
                        file: self.resource.file,
                        line: *line,
                    });
                }
            }
        }
        Ok(found)
    }

    fn identity(
        &self,
        form: &Form<'a>,
        place: &Place,
        root: &Node<'a>,
        element: &Node<'a>,
    ) -> Result<Cow<'a, str>, Wrong> {
        let nodes = place.at(root, element);
        let [node] = nodes.as_slice() else {
            let message = format!("has {} identities at `{}`, not one", nodes.len(), place.path.join("."));
            return Err((DiscrepancyKind::Unreadable, message));
        };
        let dangling = |what: &str| {
            Err((DiscrepancyKind::Dangling, format!("names the identity `{what}`, which is not in the output")))
        };
        let text = node.text().unwrap_or_default();
        let resource = match (&node.value, &form.reader.identity_type) {
            (Value::Reference(reference), _) => match self.resources.referred(reference) {
                Ok(resource) => resource,
                Err(NotThere) => return dangling(reference),
            },
            (_, Some(kind)) => {
                let inside =
                    self.resource.namespace().map_or_else(|| text.to_string(), |space| format!("{space}/{text}"));
                match self.resources.get(kind, &inside) {
                    Some(resource) => Some(resource),
                    None => return dangling(&inside),
                }
            }
            _ => return Ok(text),
        };
        match resource.map(|r| (r, r.node.clone())) {
            Some((_, Some(node))) => Ok(node),
            Some((resource, None)) => {
                let message = format!("names the identity {} `{}`, which names no node", resource.kind, resource.name);
                Err((DiscrepancyKind::Dangling, message))
            }
            None => Ok(text),
        }
    }

    /// Grants of a policy have to be on what the policy is attached to.
    fn attached(
        &self,
        place: &Place,
        root: &Node<'a>,
        element: &Node<'a>,
        objects: &[(Cow<'a, str>, Option<Cow<'a, str>>)],
    ) -> Result<(), Wrong> {
        let nodes = place.at(root, element);
        let [node] = nodes.as_slice() else {
            let message = format!("is attached to {} things at `{}`, not one", nodes.len(), place.path.join("."));
            return Err((DiscrepancyKind::Unreadable, message));
        };
        let (text, attached) = self.object(node)?;
        match objects.iter().find(|(_, named)| *named != attached) {
            Some((object, _)) => {
                Err((DiscrepancyKind::Retargeted, format!("is attached to `{text}` and grants on `{object}`")))
            }
            None => Ok(()),
        }
    }

    /// The text of an object, and the node of what it refers to first.
    fn object(&self, node: &Node<'a>) -> Result<(Cow<'a, str>, Option<Cow<'a, str>>), Wrong> {
        let Some(text) = node.text() else {
            return Err((DiscrepancyKind::Unreadable, "has an object that is no text".to_owned()));
        };
        let one;
        let pieces = match &node.value {
            Value::Concat(pieces) => pieces.as_slice(),
            Value::Reference(reference) => {
                one = [Piece::Reference(reference.clone())];
                &one
            }
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::List(_)
            | Value::Map(_)
            | Value::Raw(_) => &[],
        };
        let mut named = None;
        for piece in pieces {
            let Piece::Reference(reference) = piece else { continue };
            let resource = self.resources.referred(reference).map_err(|NotThere| {
                (DiscrepancyKind::Dangling, format!("names the object `{reference}`, which is not in the output"))
            })?;
            named = named.or_else(|| resource.and_then(|r| r.node.clone()));
        }
        Ok((text, named))
    }
}

type Wrong = (DiscrepancyKind, String);

fn read_conditions(form: &Form<'_>, root: &Node<'_>, element: &Node<'_>) -> Result<String, Wrong> {
    let unreadable =
        || (DiscrepancyKind::Unreadable, "has a condition that is no map of tests, keys and values".to_owned());
    let texts = |nodes: &[&Node<'_>]| -> Result<Vec<Cow<'static, str>>, Wrong> {
        nodes.iter().map(|n| n.text().map(|t| Cow::Owned(t.into_owned()))).collect::<Option<_>>().ok_or_else(unreadable)
    };
    let mut all: Vec<(String, String, Vec<Cow<'static, str>>)> = Vec::new();
    for node in form.conditions.iter().flat_map(|place| place.at(root, element)) {
        let Value::Map(by_test) = &node.value else { return Err(unreadable()) };
        for (test, keys) in by_test {
            let Value::Map(keys) = &keys.value else { return Err(unreadable()) };
            for (key, values) in keys {
                all.push((test.to_string(), key.to_string(), texts(&values.at(&[]))?));
            }
        }
    }
    for (test, key, place) in &form.condition {
        let nodes = place.at(root, element);
        if !nodes.is_empty() {
            all.push(((*test).to_owned(), (*key).to_owned(), texts(&nodes)?));
        }
    }
    Ok(conditions(all))
}
