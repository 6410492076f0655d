//! What the values of a plan name: an identity stands there as text, and in an output as a reference to the resource that
//! names its node.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::deployed::{Output, When};
use super::form::Form;
use super::planned::{Planned, PlannedResource};
use super::resolved::{UNKNOWN, references, resolve, tree};
use super::tree::{self as paths, Node, Value};

/// Which resource a value of an identity or an attachment names.
pub(super) struct Names<'p> {
    pub(super) plan: &'p Planned,
    /// Types and the attributes at which a form names another resource, or holds its grants.
    naming: BTreeSet<(String, String)>,
    holding: BTreeSet<(String, String)>,
    /// Types and attributes that the platform fills in from other resources.
    echoes: BTreeSet<(String, String)>,
    /// For a type and an attribute: the types and attributes that the output names there.
    usual: BTreeMap<(String, String), BTreeSet<(String, String)>>,
}

impl<'p> Names<'p> {
    pub(super) fn of(output: &Output<'_>, plan: &'p Planned, forms: &[Form<'_>]) -> Self {
        let (mut naming, mut holding) = (BTreeSet::new(), BTreeSet::new());
        for form in forms {
            let kind = &form.reader.kind;
            let named = form.identity.as_ref().filter(|place| !place.of_element).map(|place| &place.path);
            let named = named.into_iter().chain(&form.via).filter_map(|path| path.first());
            naming.extend(named.map(|first| (kind.clone(), first.clone())));
            let held = form.each.as_ref().filter(|_| form.via.is_none()).and_then(|path| path.first());
            holding.extend(held.map(|first| (kind.clone(), first.clone())));
        }
        let refused = output.readback.refused.iter().filter_map(|refused| refused.split_once('.'));
        let first = |path: &str| paths::path(path).into_iter().next();
        let echoes = refused.filter_map(|(kind, path)| Some((kind.to_owned(), first(path)?))).collect();
        let mut usual: BTreeMap<(String, String), BTreeSet<(String, String)>> = BTreeMap::new();
        for (block, body) in &output.bodies {
            let kind = block.split('.').next().unwrap_or_default();
            for (kind, attribute) in naming.iter().filter(|(other, _)| other == kind) {
                let mut found = Vec::new();
                body.at(std::slice::from_ref(attribute)).into_iter().for_each(|named| references(named, &mut found));
                for reference in found {
                    let mut keys = reference.split('.');
                    if let (Some(other), Some(_), Some(key)) = (keys.next(), keys.next(), keys.next()) {
                        let names = usual.entry((kind.clone(), attribute.clone())).or_default();
                        names.insert((other.to_owned(), key.to_owned()));
                    }
                }
            }
        }
        Self { plan, naming, holding, echoes, usual }
    }

    pub(super) fn is_name(&self, kind: &str, attribute: &str) -> bool {
        self.naming.contains(&(kind.to_owned(), attribute.to_owned()))
    }

    /// What the output says, with the values of the plan; not for who is named, whose node is known better here.
    pub(super) fn resolved<'a>(&self, kind: &str, body: Node<'a>) -> Node<'a> {
        let line = body.line;
        let Value::Map(entries) = body.value else { return body };
        let one = |(name, value): (Cow<'a, str>, Node<'a>)| {
            let value = if self.is_name(kind, &name) { value } else { resolve(value, self.plan) };
            (name, value)
        };
        Node { line, value: Value::Map(entries.into_iter().map(one).collect()) }
    }

    /// What a resource says at one time, with references where it names another.
    pub(super) fn body(&self, one: &PlannedResource, when: When) -> Option<Node<'p>> {
        let values = match when {
            When::After => one.after.as_ref()?,
            When::Before => one.before.as_ref()?,
        };
        let mut entries: Vec<(Cow<'p, str>, Node<'p>)> = Vec::new();
        for (name, value) in values {
            let key = (one.kind.clone(), name.clone());
            if self.echoes.contains(&key) && !one.references.contains_key(name) {
                continue;
            }
            let named = value.as_str().filter(|_| self.naming.contains(&key)).and_then(|text| self.named(&key, text));
            let inner = named.map_or_else(|| tree(value), |reference| node(Value::Reference(Cow::Owned(reference))));
            entries.push((Cow::Owned(name.clone()), inner));
        }
        for name in one.unknown.iter().filter(|_| when == When::After) {
            let key = (one.kind.clone(), name.clone());
            if self.holding.contains(&key) || self.echoes.contains(&key) {
                continue;
            }
            let reference = one.references.get(name).and_then(|all| all.first()).filter(|_| self.naming.contains(&key));
            let value = match reference {
                Some(reference) => Value::Reference(Cow::Owned(reference.clone())),
                None => Value::Raw(Cow::Borrowed(UNKNOWN)),
            };
            entries.push((Cow::Owned(name.clone()), node(value)));
        }
        Some(node(Value::Map(entries)))
    }

    /// The reference that a text stands for.
    fn named(&self, key: &(String, String), text: &str) -> Option<String> {
        let root = || self.plan.resources.values().filter(|one| one.is_root);
        let has =
            |one: &PlannedResource, attribute: &str| one.attribute(attribute).and_then(|v| v.as_str()) == Some(text);
        let usual = self.usual.get(key).into_iter().flatten().find_map(|(kind, attribute)| {
            let one = root().find(|one| one.kind == *kind && has(one, attribute))?;
            Some(format!("{}.{attribute}", one.block()))
        });
        // Where the output names nothing in this place, only one resource may be meant.
        usual.or_else(|| {
            let mut all = root().filter_map(|one| {
                let attribute = ["arn", "id", "name"].into_iter().find(|attribute| has(one, attribute))?;
                Some(format!("{}.{attribute}", one.block()))
            });
            let first = all.next()?;
            all.next().is_none().then_some(first)
        })
    }
}

fn node(value: Value<'_>) -> Node<'_> {
    Node { line: 1, value }
}
