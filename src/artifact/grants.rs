//! Resources → the grants that they write, by the forms that a manifest names. Whatever cannot be understood in such a
//! form is a discrepancy of its own: it might grant anything.

use std::borrow::Cow;

use rayon::prelude::*;

use super::conditions::{self, alternatives};
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
    /// All conditions, as [`super::alternatives`] writes them.
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

/// Reads all grants of an output.
pub fn read<'a>(resources: &Resources<'a>, readback: &'a Readback) -> (Vec<Found<'a>>, Vec<Discrepancy>) {
    let forms: Vec<Form<'a>> = readback.grants.iter().map(Form::new).collect();
    let read: Vec<_> = resources
        .list()
        .par_iter()
        .map(|resource| {
            let (found, discrepancies) = (Vec::new(), Vec::new());
            let mut reading =
                Reading { resources, resource, alternatives: &readback.alternatives, found, discrepancies };
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
    alternatives: &'r [String],
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
            let is_same = |other: &Form<'_>| other.each == form.each && other.via == form.via;
            if forms.iter().take(index).any(|other| is_same(other)) {
                continue;
            }
            let same: Vec<&Form<'a>> = forms.iter().skip(index).copied().filter(|other| is_same(other)).collect();
            match &form.via {
                None => self.elements(&same, root, root),
                Some(via) => match attached_to(self.resources, root, via) {
                    Ok(other) => self.elements(&same, root, &other),
                    Err((kind, message)) => self.wrong(kind, root.line, message),
                },
            }
        }
    }

    /// The elements of `list`, which is the resource itself or the one that it attaches.
    fn elements(&mut self, forms: &[&Form<'a>], root: &Node<'a>, list: &Node<'a>) {
        // Forms of one list look at the same keys of it: the first speaks for all.
        let Some(form) = forms.first() else { return };
        let Some(each) = &form.each else {
            self.element(forms, root, list);
            return;
        };
        if let Some(line) = blocked(list, each) {
            self.wrong(
                DiscrepancyKind::Unreadable,
                line,
                format!("says what it grants by an expression at `{}`", each.join(".")),
            );
        }
        for element in list.at(each) {
            let by_object = split(Cow::Borrowed(element), form.objects.as_ref());
            let parts = by_object.into_iter().flat_map(|part| split(Cow::Owned(part), form.actions.as_ref()));
            for part in parts {
                self.element(forms, root, &part);
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
        let conditions = alternatives(conditions::read(form, root, element)?, self.alternatives);
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
        let mut found = Vec::with_capacity(actions.len() * objects.len() * principals.len() * conditions.len());
        for (principal, _) in &principals {
            for (action, line) in &actions {
                for (object, object_node) in &objects {
                    found.extend(conditions.iter().map(|conditions| Found {
                        grant: NativeGrant {
                            system: Cow::Borrowed(form.reader.system.as_str()),
                            identity: identity.clone(),
                            principal: principal.clone(),
                            action: action.clone(),
                            object: object.clone(),
                            conditions: Cow::Owned(conditions.clone()),
                        },
                        object_node: object_node.clone(),
                        file: self.resource.file,
                        line: *line,
                    }));
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

pub(super) type Wrong = (DiscrepancyKind, String);

/// The resource of the output that an attachment attaches. Anything else might grant anything.
fn attached_to<'r, 'a>(
    resources: &'r Resources<'a>,
    root: &Node<'a>,
    via: &[String],
) -> Result<Cow<'r, Node<'a>>, Wrong> {
    let unknown = |what: &str| (DiscrepancyKind::Excess, format!("attaches {what}, which may grant anything"));
    let nodes = root.at(via);
    let [node] = nodes.as_slice() else { return Err(unknown(&format!("{} things", nodes.len()))) };
    let text = node.text().unwrap_or_default();
    let Value::Reference(reference) = &node.value else { return Err(unknown(&format!("`{text}`"))) };
    match resources.referred(reference) {
        Ok(Some(resource)) => resource.read().map_err(|error| (DiscrepancyKind::Unreadable, error.message)),
        Ok(None) | Err(NotThere) => Err(unknown(&format!("`{text}`"))),
    }
}
