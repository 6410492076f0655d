//! The resources of a plan beside those of an output: which are there that the output does not have, what each grants that
//! the output does not, and which node of the spec each belongs to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value as Json;

use super::edited::{Edited, edited};
use super::form::Form;
use super::grants::{self, Found, NativeGrant};
use super::named::Names;
use super::planned::{Planned, PlannedResource};
use super::proof::sentence;
use super::resolved::{embedded, is_open, may_be, references, resolve, tree};
use super::resource::{File, Resource, Resources};
use super::tree::{self as paths, Node, Value};
use crate::catalog::Readback;

/// An output, to be compared with plans.
pub struct Output<'a> {
    pub(super) readback: &'a Readback,
    resources: Resources<'a>,
    /// By `type.name`: what each says.
    pub(super) bodies: BTreeMap<String, Node<'a>>,
}

/// What a plan has beyond an output.
#[derive(Debug, Default)]
pub struct Deployed {
    /// Grants that the output does not make, by address.
    pub excess: BTreeMap<String, Excess>,
    /// The node of each address that has one.
    pub nodes: BTreeMap<String, String>,
    /// Addresses that the output does not have.
    pub unknown: BTreeSet<String>,
    /// Resources of the output that the plan does not have, `type.name`.
    pub missing: BTreeSet<String>,
    /// Values that are not those of the output, by address.
    pub edited: BTreeMap<String, Vec<Edited>>,
    /// Policies of the output that are not known before the apply.
    pub unread: usize,
}

/// What one resource grants that the output does not.
#[derive(Debug, Default)]
pub struct Excess {
    /// Behind the apply: clauses.
    pub after: Vec<String>,
    /// Before it, and no longer behind it: clauses.
    pub before: Vec<String>,
    /// Whether some of what holds behind the apply holds already.
    pub is_there: bool,
    /// Attributes that say so.
    pub attributes: BTreeSet<String>,
}

/// Before the apply or behind it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    Before,
    After,
}

impl<'a> Output<'a> {
    /// Reads an output.
    pub fn read(files: &[File<'a>], readback: &'a Readback) -> Self {
        let resources = Resources::read(files, &readback.node);
        let mut bodies = BTreeMap::new();
        for resource in resources.list() {
            if let Ok(body) = resource.read() {
                bodies.insert(format!("{}.{}", resource.kind, resource.name), body.into_owned());
            }
        }
        Self { readback, resources, bodies }
    }

    /// Whether the spec adds it natively, or overrides a part of it.
    pub(super) fn is_native(&self, one: &PlannedResource) -> bool {
        one.is_root && self.resources.is_native(&one.kind, &one.name)
    }

    fn has(&self, one: &PlannedResource) -> bool {
        one.is_root && self.bodies.contains_key(&one.block()) || self.is_native(one)
    }

    /// The node that the output says, or that what it refers to names.
    pub fn node(&self, block: &str) -> Option<String> {
        let (kind, name) = block.split_once('.')?;
        if let Some(node) = self.resources.get(kind, name).and_then(|resource| resource.node.as_deref()) {
            return Some(node.to_owned());
        }
        let mut found = Vec::new();
        references(self.bodies.get(block)?, &mut found);
        let named = |reference: &&str| self.resources.referred(reference).ok().flatten()?.node.as_deref();
        found.iter().find_map(named).map(str::to_owned)
    }
}

/// Compares.
pub fn compare(output: &Output<'_>, plan: &Planned) -> Deployed {
    let forms: Vec<Form<'_>> = output.readback.grants.iter().map(Form::new).collect();
    let names = Names::of(output, plan, &forms);
    let mut out = Deployed { nodes: nodes(output, &names), ..Deployed::default() };
    let there = |one: &PlannedResource| one.after.is_some() || one.is_forgotten;
    let unknown = plan.resources.iter().filter(|(_, one)| there(one) && !output.has(one));
    out.unknown = unknown.map(|(address, _)| address.clone()).collect();
    let planned: HashSet<String> =
        plan.resources.values().filter(|one| one.is_root && one.after.is_some()).map(PlannedResource::block).collect();
    let natives = output.resources.natives().map(|(kind, name)| format!("{kind}.{name}"));
    let blocks = output.bodies.keys().cloned().chain(natives);
    out.missing = blocks.filter(|block| !planned.contains(block)).collect();
    let wanted = output.resources.rewritten(|kind, body| names.resolved(kind, body));
    let (wanted, _) = grants::read(&wanted, output.readback);
    for when in [When::After, When::Before] {
        excess(output, &names, &forms, &wanted, when, &mut out);
    }
    guarded(output, plan, &mut out);
    unread(output, plan, &mut out);
    out.edited = edited(output, plan, &forms);
    out
}

/// The node that a resource names itself.
fn own_node(output: &Output<'_>, one: &PlannedResource) -> Option<String> {
    let path = paths::path(&output.readback.node);
    let (first, rest) = path.split_first()?;
    let found = tree(one.attribute(first)?);
    found.at(rest).first().and_then(|node| node.text()).map(Cow::into_owned)
}

fn nodes(output: &Output<'_>, names: &Names<'_>) -> BTreeMap<String, String> {
    let node = |reference: &String| output.node(&block_of(reference)?);
    let mut out = BTreeMap::new();
    for (address, one) in &names.plan.resources {
        let mine = output.has(one).then(|| output.node(&one.block())).flatten();
        // What somebody added may stand at a resource of ours: at an identity, or at another.
        let holder = || one.references.iter().filter(|(name, _)| names.is_name(&one.kind, name));
        let beside = || holder().chain(&one.references).flat_map(|(_, all)| all).find_map(node);
        if let Some(node) = mine.or_else(|| own_node(output, one)).or_else(beside) {
            out.insert(address.clone(), node);
        }
    }
    out
}

/// `type.name` of a reference to a resource.
fn block_of(reference: &str) -> Option<String> {
    let mut keys = reference.split('.');
    let (kind, name) = (keys.next()?, keys.next()?);
    let name = name.split('[').next().unwrap_or_default();
    (!matches!(kind, "var" | "data" | "local" | "each" | "module" | "path")).then(|| format!("{kind}.{name}"))
}

/// Reads what a plan grants at one time, and keeps what is not wanted.
fn excess(
    output: &Output<'_>,
    names: &Names<'_>,
    forms: &[Form<'_>],
    wanted: &[Found<'_>],
    when: When,
    out: &mut Deployed,
) {
    let plan = names.plan;
    let list = plan.resources.iter().filter_map(|(address, one)| {
        let body = names.body(one, when).filter(|_| !output.is_native(one))?;
        let name = if one.is_root { Cow::Borrowed(one.name.as_str()) } else { Cow::Borrowed(address.as_str()) };
        let node = out.nodes.get(address).map(|node| Cow::Owned(node.clone()));
        Some(Resource::elsewhere(&one.kind, name, node, address, body))
    });
    let resources = Resources::of(list.collect::<Vec<_>>());
    let (found, wrong) = grants::read(&resources, output.readback);
    let exact: HashSet<&NativeGrant<'_>> = wanted.iter().map(|found| &found.grant).collect();
    // What is known on both sides is equal or it is not, which is all there is but before a first apply.
    let open: Vec<&NativeGrant<'_>> =
        wanted.iter().map(|found| &found.grant).filter(|grant| leaves_open(grant)).collect();
    let is_wanted = |grant: &NativeGrant<'_>| {
        exact.contains(grant)
            || open.iter().any(|wanted| may_grant(wanted, grant))
            || leaves_open(grant) && wanted.iter().any(|wanted| may_grant(&wanted.grant, grant))
    };
    let found = found.iter().filter(|found| !is_wanted(&found.grant));
    let mut all: Vec<(String, String)> = found.map(|f| (f.file.to_owned(), sentence(&f.grant, "lets"))).collect();
    all.extend(wrong.into_iter().filter_map(|one| Some((one.place?.0, one.message))));
    for (address, clause) in all {
        let attributes = grant_attributes(forms, plan.resources.get(&address));
        let one = out.excess.entry(address).or_default();
        // What holds afterwards too is told once.
        if when == When::Before && one.after.contains(&clause) {
            one.is_there = true;
            continue;
        }
        let clauses = if when == When::After { &mut one.after } else { &mut one.before };
        if !clauses.contains(&clause) {
            clauses.push(clause);
            one.attributes.extend(attributes);
        }
    }
    out.excess.retain(|_, one| !one.after.is_empty() || !one.before.is_empty());
}

fn may_grant(wanted: &NativeGrant<'_>, found: &NativeGrant<'_>) -> bool {
    let pairs = [
        (&wanted.system, &found.system),
        (&wanted.action, &found.action),
        (&wanted.identity, &found.identity),
        (&wanted.principal, &found.principal),
        (&wanted.object, &found.object),
        (&wanted.conditions, &found.conditions),
    ];
    pairs.into_iter().all(|(wanted, found)| may_be(wanted, found))
}

fn leaves_open(grant: &NativeGrant<'_>) -> bool {
    [&grant.identity, &grant.principal, &grant.object, &grant.conditions].into_iter().any(|text| is_open(text))
}

/// The attributes of a resource in which its grants stand.
fn grant_attributes(forms: &[Form<'_>], one: Option<&PlannedResource>) -> Vec<String> {
    let mine = forms.iter().filter(|form| one.is_some_and(|one| one.kind == form.reader.kind));
    mine.filter_map(|form| form.each.as_ref()?.first().cloned()).collect()
}

/// What templates write and nobody may change: told where a plan says something else.
fn guarded(output: &Output<'_>, plan: &Planned, out: &mut Deployed) {
    for guarded in &output.readback.guarded {
        let Some((kind, path)) = guarded.split_once('.') else { continue };
        let path = paths::path(path);
        let Some((first, rest)) = path.split_first() else { continue };
        for (address, one) in plan.resources.iter().filter(|(_, one)| one.kind == kind && one.is_root) {
            let body = output.bodies.get(&one.block()).filter(|_| !one.unknown.contains(first));
            let Some((body, values)) = body.zip(one.after.as_ref()) else { continue };
            let body = resolve(body.clone(), plan);
            let wanted = leaves(body.at(&path));
            let value = values.get(first).map(tree);
            let mut found = leaves(value.iter().flat_map(|node| node.at(rest)).collect());
            let is_document = values.get(first).and_then(Json::as_str).and_then(embedded).is_some();
            if !is_document {
                // The platform fills in what a block leaves out.
                found.retain(|(key, _)| wanted.iter().any(|(wanted, _)| wanted == key));
            }
            let is_same = |((key, wanted), (other, found)): (&(String, String), &(String, String))| {
                key == other && may_be(wanted, found)
            };
            let is_open = wanted.iter().any(|(_, text)| text.contains("${"));
            if !is_open && (wanted.len() != found.len() || !wanted.iter().zip(&found).all(is_same)) {
                let excess = out.excess.entry(address.clone()).or_default();
                excess.after.push(format!("`{}` is not what the spec makes it", path.join(".")));
                excess.attributes.insert(first.clone());
            }
        }
    }
}

/// All texts below nodes with the keys that lead there, sorted: a set has no order.
pub(super) fn leaves(nodes: Vec<&Node<'_>>) -> Vec<(String, String)> {
    fn below(node: &Node<'_>, at: &str, out: &mut Vec<(String, String)>) {
        match &node.value {
            Value::Null => {}
            Value::List(items) => items.iter().for_each(|item| below(item, at, out)),
            Value::Map(entries) => entries.iter().for_each(|(key, value)| below(value, &format!("{at}.{key}"), out)),
            Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Reference(_)
            | Value::Concat(_)
            | Value::Raw(_) => out.push((at.to_owned(), node.text().unwrap_or_default().into_owned())),
        }
    }
    let mut out = Vec::new();
    for node in nodes {
        below(node, "", &mut out);
    }
    out.sort_unstable();
    out
}

/// Policies that are not known before the apply: what they refer to is, and has to be what those of the output refer to.
fn unread(output: &Output<'_>, plan: &Planned, out: &mut Deployed) {
    for (address, one) in plan.resources.iter().filter(|(_, one)| one.after.is_some()) {
        let forms = output.readback.grants.iter().filter(|form| form.kind == one.kind && !output.is_native(one));
        let attributes: BTreeSet<String> = forms
            .filter(|form| form.via.is_none())
            .filter_map(|form| paths::path(form.each.as_ref()?).first().cloned())
            .collect();
        for attribute in attributes.iter().filter(|attribute| one.unknown.contains(*attribute)) {
            out.unread += 1;
            let mut known = Vec::new();
            let body = output.bodies.get(&one.block()).filter(|_| one.is_root);
            for node in body.iter().flat_map(|body| body.at(std::slice::from_ref(attribute))) {
                references(node, &mut known);
            }
            let blocks: BTreeSet<String> = known.iter().filter_map(|reference| block_of(reference)).collect();
            let named = one.references.get(attribute).into_iter().flatten().filter_map(|reference| block_of(reference));
            let strange: BTreeSet<String> = named.filter(|block| !blocks.contains(block)).collect();
            let clauses =
                strange.into_iter().map(|block| format!("refers to `{block}`, on which no edge needs a grant here"));
            let clauses: Vec<String> = clauses.collect();
            if !clauses.is_empty() {
                let excess = out.excess.entry(address.clone()).or_default();
                excess.after.extend(clauses);
                excess.attributes.insert(attribute.clone());
            }
        }
    }
}
