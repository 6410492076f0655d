//! Escape hatches: whole native resources with the grants they bring, and native attributes merged into what the target
//! emits.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map as JsonMap, Value as Json};

use super::Overridden;
use super::draft::{Draft, Setting};
use super::grants::{Condition, Grant, Holder};
use super::shared::Shared;
use super::view::map;
use crate::base::{Map, Piece, Value, is_identifier};
use crate::catalog::{Format, Target};
use crate::diag::{Finding, Findings};
use crate::graph::Runner;
use crate::model::{Head, Model, NativeCondition, NativeGrant, resource_head};

/// The views `native` and `override`, where the spec has any for this target, and what is overridden.
pub(super) fn drafts(
    setting: &Setting<'_>,
    target: &Target,
    drafts: &[Draft],
    findings: &mut Findings,
) -> (Vec<Draft>, Vec<Overridden>) {
    let (mut out, mut changed) = (Vec::new(), Vec::new());
    if let Some(native) = setting.model.native.get(setting.target) {
        let mut draft = Draft::new(setting, "native", "native", setting.target, native.span);
        draft.set("resources", Value::from(&Json::Object(native.resources.clone())));
        draft.list("list", listed(&native.resources));
        out.push(draft);
    }
    let mut resources = Map::new();
    let mut list = Vec::new();
    for (draft, head) in overridden(setting, drafts) {
        let Some(written) = head.overrides.get(setting.target) else { continue };
        let Some(types) = written.value.as_object() else { continue };
        for (kind, attributes) in types {
            let guarded = target.manifest.readback.iter().flat_map(|r| &r.guarded);
            if may_grant(target, kind, attributes) || guarded.into_iter().any(|g| touches(g, kind, attributes)) {
                let message =
                    format!("an override of `{kind}` could change permissions, which are derived from the graph");
                let help = "add a resource of your own with `native:` and declare its `grants`";
                findings
                    .push(Finding::error("override-permissions", written.span, message).help(help).on(setting.target));
                continue;
            }
            let id = draft.view.get("id").and_then(Value::as_str).unwrap_or_default();
            let names = draft.view.get("names").cloned().unwrap_or_default();
            if !resources.contains_key(kind) {
                resources.insert(kind.clone(), Map::new());
            }
            if let Some(Value::Map(by_id)) = resources.get_mut(kind) {
                by_id.insert(id.to_owned(), attributes);
            }
            let products = names.as_map().into_iter().flat_map(Map::values).filter_map(Value::as_str);
            changed.push(Overridden {
                node: draft.node.clone(),
                kind: kind.clone(),
                names: products.chain([id]).map(str::to_owned).collect(),
                span: written.places.key(kind),
            });
            let node = &draft.node;
            list.push(map! { "type": kind, "id": id, "names": names, "node": node, "attributes": attributes });
        }
    }
    if !list.is_empty() {
        let mut draft = Draft::new(setting, "override", "override", setting.target, setting.model.app.span);
        draft.set("resources", resources);
        draft.list("list", list);
        out.push(draft);
    }
    (out, changed)
}

/// Whether attributes of a type could change who may do what: the type is one that grants, or holds what the manifest
/// refuses. A path is tried without its first step too, since an override of an object may begin inside of its body.
fn may_grant(target: &Target, kind: &str, attributes: &Json) -> bool {
    let Some(readback) = &target.manifest.readback else { return false };
    let is_form = readback.grants.iter().any(|form| form.kind.rsplit('/').next() == Some(kind));
    is_form || readback.refused.iter().any(|refused| touches(refused, kind, attributes))
}

/// [`reaches`], with and without the first step of the path.
fn touches(path: &str, kind: &str, attributes: &Json) -> bool {
    let inside = || {
        let (_, rest) = path.strip_prefix(kind)?.strip_prefix('.')?.split_once('.')?;
        Some(format!("{kind}.{rest}"))
    };
    reaches(path, kind, attributes) || inside().is_some_and(|inside| reaches(&inside, kind, attributes))
}

/// Whether attributes of a type hold what a manifest refuses: the type, or a path inside of it.
fn reaches(refused: &str, kind: &str, attributes: &Json) -> bool {
    let Some(path) = refused.strip_prefix(kind) else { return false };
    let mut at = vec![attributes];
    for key in path.split('.').filter(|key| !key.is_empty()) {
        let below =
            at.into_iter().flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice));
        at = below.filter_map(|value| value.get(key)).collect();
    }
    (path.is_empty() || path.starts_with('.')) && !at.is_empty()
}

/// Native resources as a list: type, name, attributes.
fn listed(resources: &JsonMap<String, Json>) -> Vec<Map> {
    let mut out = Vec::new();
    for (kind, by_name) in resources {
        for (name, attributes) in by_name.as_object().into_iter().flatten() {
            out.push(map! { "type": kind, "name": name, "attributes": attributes });
        }
    }
    out
}

/// Views of nodes with overrides for this target.
fn overridden<'d, 'm>(setting: &Setting<'m>, drafts: &'d [Draft]) -> Vec<(&'d Draft, &'m Head)> {
    let heads: Vec<&Head> = setting.model.heads().filter(|h| h.overrides.contains_key(setting.target)).collect();
    if heads.is_empty() {
        return Vec::new();
    }
    let by_address: BTreeMap<&str, &Draft> = drafts.iter().map(|d| (d.address.as_str(), d)).collect();
    let view = |head: &Head| by_address.get(head.path.to_string().as_str()).copied();
    heads.into_iter().filter_map(|head| Some((view(head)?, head))).collect()
}

fn written<'m>(model: &'m Model, target: &Target) -> &'m [NativeGrant] {
    model.native.get(&target.manifest.id).map_or(&[], |native| &native.grants)
}

/// Refuses native grants that the target cannot write, those that could be more than they seem, and native resources
/// that grant by themselves: the proof would not know why.
pub(super) fn check(model: &Model, target: &Target, findings: &mut Findings) {
    let id = &target.manifest.id;
    if let Some(native) = model.native.get(id) {
        for (kind, by_name) in &native.resources {
            let all = by_name.as_object().into_iter().flatten();
            for (name, _) in all.filter(|(_, attributes)| may_grant(target, kind, attributes)) {
                let message = format!("the native `{kind}` `{name}` grants by itself, which cannot be proven");
                let help = "leave it out and say what it is for: `native: { grants: [{ who, verbs, what }] }`";
                findings.push(Finding::error("native-grant", native.span, message).help(help).on(id));
            }
        }
    }
    for grant in written(model, target) {
        let mut refuse = |span, message: String, help: String| {
            findings.push(Finding::error("native-grant", span, message).help(help).on(id));
        };
        if target.manifest.native_grants.is_none() {
            let help = "write the grant into a native resource of its own".to_owned();
            refuse(grant.span, format!("target `{id}` has no place for native grants"), help);
            continue;
        }
        for verb in grant.verbs.iter().filter(|verb| verb.value.contains(['*', '?'])) {
            let message = format!("the action `{}` stands for more than one", verb.value);
            refuse(verb.span, message, "name each action that the code needs".to_owned());
        }
        let what = grant.what.value.as_str();
        let name = what.strip_prefix("resources.").unwrap_or(what);
        if let Some(head) = model.resources().map(|r| resource_head(model, r)).find(|head| head.name() == name) {
            let who = &model.functions[grant.who].head;
            let message = format!("`{what}` is a resource of the application, and no native one");
            refuse(grant.what.span, message, format!("write `uses: {{ {}: [get] }}` in `{}`", head.name(), who.path));
        } else if let Err(why) = object(what, target.manifest.format) {
            let help = "write the address of a native resource, or a reference such as `$${type.name.attribute}`";
            refuse(grant.what.span, format!("`{what}` cannot be granted: {why}"), help.to_owned());
        }
        for condition in &grant.conditions {
            if !states_conditions(target) {
                let message = format!("target `{id}` cannot state conditions of native grants");
                refuse(condition.key.span, message, "grant less instead: fewer actions, or one resource".to_owned());
            }
            for value in &condition.values {
                let Err(why) = object(&value.value, target.manifest.format) else { continue };
                let message = format!("`{}` cannot be compared with `{}`: {why}", condition.key.value, value.value);
                let help = "write a text, or a reference such as `$${type.name.attribute}`".to_owned();
                refuse(value.span, message, help);
            }
        }
    }
}

/// Whether conditions of native grants reach the output: what the proof cannot read back there may be lost, and the grant
/// wider than it says.
fn states_conditions(target: &Target) -> bool {
    let forms = target.manifest.readback.iter().flat_map(|readback| &readback.grants);
    let system = target.manifest.native_grants.as_deref();
    forms.into_iter().any(|form| Some(form.system.as_str()) == system && form.conditions.is_some())
}

/// The nodes by `type.id` of the native resources that they become.
pub(super) struct Natives(BTreeMap<String, Option<String>>);

impl Natives {
    /// From the attributes of nodes, which refer to what they become. What several nodes refer to is none of them.
    /// Nobody asks where the spec grants nothing natively.
    pub(super) fn of(model: &Model, target: &Target, shared: &Shared) -> Self {
        let mut all: BTreeMap<String, Option<String>> = BTreeMap::new();
        let is_asked = !written(model, target).is_empty();
        for head in model.heads().filter(|_| is_asked) {
            let address = head.path.to_string();
            let mut own = BTreeSet::new();
            shared.end(&address).into_iter().for_each(|end| references(end, &mut own));
            for native in own {
                all.entry(native).and_modify(|node| *node = None).or_insert_with(|| Some(address.clone()));
            }
        }
        Self(all)
    }

    /// By `type.id`, where that is one.
    pub(super) fn into_known(self) -> BTreeMap<String, String> {
        self.0.into_iter().filter_map(|(native, node)| Some((native, node?))).collect()
    }

    /// The one node that a text refers to.
    fn mentioned(&self, what: &str) -> Option<String> {
        let references = what.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
        let mut nodes = references.filter_map(|(reference, _)| self.0.get(native_id(reference)?)?.clone());
        nodes.next()
    }
}

/// `type.id` of a reference.
fn native_id(reference: &str) -> Option<&str> {
    let (kind, rest) = reference.split_once('.')?;
    let id = rest.split('.').next()?;
    reference.get(..kind.len() + 1 + id.len())
}

/// The native resources that a value refers to.
fn references(value: &Value, out: &mut BTreeSet<String>) {
    let mut reference = |text: &str| out.extend(native_id(text).map(str::to_owned));
    match value {
        Value::Reference(text) => reference(text),
        Value::Concat(pieces) => {
            for piece in pieces {
                if let Piece::Reference(text) = piece {
                    reference(text);
                }
            }
        }
        Value::Map(map) => map.values().for_each(|value| references(value, out)),
        Value::List(list) => list.iter().for_each(|value| references(value, out)),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::End(_) => {}
    }
}

/// The native grants of a spec. Those that [`check`] refuses are left out.
pub(super) fn grants(model: &Model, target: &Target, natives: &Natives) -> Vec<Grant> {
    let Some(system) = &target.manifest.native_grants else { return Vec::new() };
    let grant = |written: &NativeGrant| {
        let what = written.what.value.as_str();
        Some(Grant {
            holder: Holder::Runner(Runner::Function(written.who)),
            object: natives.mentioned(what),
            because: format!("native grant on {what}"),
            span: written.span,
            system: system.clone(),
            actions: written.verbs.iter().map(|verb| verb.value.clone()).collect(),
            resources: vec![object(what, target.manifest.format).ok()?],
            conditions: grant_conditions(&written.conditions, target.manifest.format)?,
            principal: None,
            wildcard: (what == "*").then(|| "The spec grants it on everything.".to_owned()),
        })
    };
    written(model, target).iter().filter_map(grant).collect()
}

fn grant_conditions(written: &[NativeCondition], format: Format) -> Option<Vec<Condition>> {
    let condition = |c: &NativeCondition| {
        let values = c.values.iter().map(|value| object(&value.value, format).ok()).collect::<Option<_>>()?;
        Some(Condition { test: c.test.clone(), key: c.key.value.clone(), values })
    };
    written.iter().map(condition).collect()
}

/// What a grant is on: text with references `${type.name.attribute}` in it, where the output has a language of
/// expressions. Nothing else of that language passes, so that no text of a spec becomes code.
fn object(what: &str, format: Format) -> Result<Value, &'static str> {
    let mut pieces = Vec::new();
    let mut rest = what;
    while let Some((text, more)) = rest.split_once("${") {
        let (reference, more) = more.split_once('}').ok_or("a reference has no `}`")?;
        if format != Format::Hcl {
            return Err("the output has no references");
        }
        if !is_reference(reference) {
            return Err("a reference is names with dots between them");
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text.into()));
        }
        pieces.push(Piece::Reference(reference.into()));
        rest = more;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(rest.into()));
    }
    if pieces.is_empty() { Err("it is empty") } else { Ok(Value::joined(pieces)) }
}

fn is_reference(text: &str) -> bool {
    text.contains('.') && text.split('.').all(is_identifier)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::written;
    use serde_json::json;

    #[test]
    fn objects_are_texts_and_references() {
        let hcl = |what: &str| object(what, Format::Hcl);
        assert_eq!(hcl("arn:x:y"), Ok(written(&json!("arn:x:y"))));
        assert_eq!(hcl("${x_stream.log.arn}"), Ok(written(&json!({ "ref": "x_stream.log.arn" }))));
        assert_eq!(hcl("a-${x.y}/*"), Ok(written(&json!({ "concat": ["a-", { "ref": "x.y" }, "/*"] }))));
    }

    #[test]
    fn no_other_expression_passes() {
        for what in ["${file(\"x\")}", "${x}", "${x.y[0]}", "${x.y", "${}", "${x.\"y\"}", ""] {
            assert!(object(what, Format::Hcl).is_err(), "{what}");
        }
        assert!(object("${x.y}", Format::Yaml).is_err());
        assert_eq!(object("pods", Format::Yaml), Ok(written(&json!("pods"))));
    }
}
