//! What an application says to a target in the target's own words, as statements: the grants of `native`, and the policy
//! documents that stand anywhere in native resources and overrides, as mappings or as JSON in a text.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{IdentityForm, Judged};
use crate::base::{self, Span, Spanned};
use crate::catalog::DocumentWords;
use crate::model::{Function, Head, Id, Model, Native, NativeCondition, NativeGrant, Places};

/// Who holds what a statement says.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owner {
    /// The identity of a function, by a native grant.
    Function(Id<Function>),
    /// A native resource: type and name.
    Native(String, String),
    /// What an override changes: type and the address of the node.
    Override(String, String),
}

impl Owner {
    /// As the subject of a sentence.
    pub fn title(&self, model: &Model) -> String {
        match self {
            Self::Function(id) => format!("`{}`", model.functions[*id].head.name()),
            Self::Native(kind, name) => format!("the native `{kind}` `{name}`"),
            Self::Override(kind, node) => format!("the override of `{kind}` in `{node}`"),
        }
    }
}

/// One statement, as written.
#[derive(Debug, Clone)]
pub struct Statement {
    /// Who holds it.
    pub owner: Owner,
    /// It allows; otherwise it denies.
    pub allows: bool,
    /// It names who is meant, and so belongs to a resource: what it is on is known without it.
    pub has_principal: bool,
    /// Where it names everybody, and asks nothing of them.
    pub everybody: Option<Span>,
    /// The actions.
    pub actions: Vec<Spanned<String>>,
    /// The key by which it allows all actions, or everything, but what it names.
    pub negated: Option<Spanned<String>>,
    /// On what.
    pub resources: Vec<Spanned<String>>,
    /// What has to hold.
    pub conditions: Vec<Stated>,
}

/// A condition of a statement.
#[derive(Debug, Clone)]
pub struct Stated {
    /// How values are compared.
    pub test: String,
    /// What is compared.
    pub key: Spanned<String>,
    /// With what.
    pub values: Vec<String>,
}

/// A text in a native resource or an override.
#[derive(Debug, Clone)]
pub struct NativeText {
    /// Where it belongs to.
    pub owner: Owner,
    /// `type.path` of the attribute; lists on the way leave no trace.
    pub path: String,
    /// What the text is called: the last part of the path, or the name of a pair of `name` and `value`.
    pub member: String,
    /// The text; that of a number or a flag too.
    pub text: Spanned<String>,
}

/// Whether an application has anything to say in the words of a target.
pub fn speaks_natively(model: &Model, target: &str) -> bool {
    model.native.contains_key(target) || model.heads().any(|head| head.overrides.contains_key(target))
}

/// All statements for a target. Without a list of actions nobody knows what a policy document looks like there.
pub(super) fn statements(model: &Model, on: &Judged) -> Vec<Statement> {
    let Some(actions) = on.actions() else { return Vec::new() };
    let mut out: Vec<Statement> = grants(model, on.id()).iter().map(granted).collect();
    for part in parts(model, on.id()) {
        documents(&part, &actions.document, &mut out);
    }
    out
}

/// The native grants for a target.
pub(super) fn grants<'m>(model: &'m Model, target: &str) -> &'m [NativeGrant] {
    model.native.get(target).map_or(&[], |native| &native.grants)
}

fn granted(grant: &NativeGrant) -> Statement {
    Statement {
        owner: Owner::Function(grant.who),
        allows: true,
        has_principal: false,
        everybody: None,
        actions: grant.verbs.clone(),
        negated: None,
        resources: vec![grant.what.clone()],
        conditions: grant.conditions.iter().map(stated).collect(),
    }
}

fn stated(condition: &NativeCondition) -> Stated {
    let values = condition.values.iter().map(|value| value.value.clone()).collect();
    Stated { test: condition.test.clone(), key: condition.key.clone(), values }
}

/// The attributes of one native resource or one override.
struct Part<'m> {
    owner: Owner,
    kind: &'m str,
    value: &'m Value,
    places: &'m Places,
}

fn parts<'m>(model: &'m Model, target: &str) -> Vec<Part<'m>> {
    let mut out = Vec::new();
    if let Some(Native { resources, places, .. }) = model.native.get(target) {
        for (kind, names) in resources {
            for (name, value) in names.as_object().into_iter().flatten() {
                let (owner, places) = (Owner::Native(kind.clone(), name.clone()), places.get(kind).get(name));
                out.push(Part { owner, kind, value, places });
            }
        }
    }
    for head in model.heads() {
        let Some(written) = head.overrides.get(target) else { continue };
        for (kind, value) in written.value.as_object().into_iter().flatten() {
            let owner = Owner::Override(kind.clone(), head.path.to_string());
            out.push(Part { owner, kind, value, places: written.places.get(kind) });
        }
    }
    out
}

/// All texts in native resources and overrides, with the paths to them.
pub(super) fn texts(model: &Model, target: &str) -> Vec<NativeText> {
    let mut out = Vec::new();
    for part in parts(model, target) {
        walk(&part, part.kind, part.kind, part.value, part.places, &mut out);
    }
    out
}

fn walk(part: &Part<'_>, path: &str, member: &str, value: &Value, places: &Places, out: &mut Vec<NativeText>) {
    let mut leaf = |text: String| {
        let (owner, path, member) = (part.owner.clone(), path.to_owned(), member.to_owned());
        out.push(NativeText { owner, path, member, text: Spanned::new(text, places.span) });
    };
    match value {
        Value::String(text) => leaf(text.clone()),
        Value::Bool(flag) => leaf(flag.to_string()),
        Value::Number(number) => leaf(number.to_string()),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(part, path, member, item, places.item(index), out);
            }
        }
        Value::Object(map) => {
            let named = map.get("name").and_then(Value::as_str);
            for (key, value) in map {
                let member = named.filter(|_| key == "value").unwrap_or(key);
                walk(part, &format!("{path}.{key}"), member, value, places.get(key), out);
            }
        }
        Value::Null => {}
    }
}

/// An attribute of native text that lets somebody in.
#[derive(Debug, Clone)]
pub struct Exposure {
    /// The attribute.
    pub text: NativeText,
    /// What follows, as a clause.
    pub reason: String,
}

/// All attributes that let somebody in, by what the target says of them.
pub(super) fn exposures(model: &Model, on: &Judged) -> Vec<Exposure> {
    if on.exposing().is_empty() {
        return Vec::new();
    }
    let texts = texts(model, on.id());
    let mut out = Vec::new();
    for form in on.exposing() {
        let is_one = |text: &&NativeText| form.values.is_empty() || form.values.contains(&text.text.value);
        for text in texts.iter().filter(|text| text.path == form.path).filter(is_one) {
            let is_beside = |(path, value): (&String, &String)| {
                texts.iter().any(|t| t.owner == text.owner && t.path == *path && t.text.value == *value)
            };
            if form.beside.iter().all(is_beside) {
                out.push(Exposure { text: text.clone(), reason: form.reason.clone() });
            }
        }
    }
    out
}

/// The statements of all documents in a part.
fn documents(part: &Part<'_>, words: &DocumentWords, out: &mut Vec<Statement>) {
    let mut open: Vec<(Value, Places)> = vec![(part.value.clone(), part.places.clone())];
    while let Some((value, places)) = open.pop() {
        match value {
            Value::Object(map) => match map.get(&words.statements) {
                Some(statements) => {
                    let places = places.get(&words.statements);
                    let statement = |(map, places): (&Map<String, Value>, &Places)| read(part, words, map, places);
                    out.extend(mappings(statements, places).into_iter().map(statement));
                }
                None => open.extend(map.into_iter().map(|(key, value)| {
                    let below = places.get(&key).clone();
                    (value, below)
                })),
            },
            Value::Array(items) => {
                let below = |(index, item): (usize, Value)| (item, places.item(index).clone());
                open.extend(items.into_iter().enumerate().map(below));
            }
            // A document may be written as the text that the platform takes.
            Value::String(text) if text.contains(&words.statements) => {
                if let Ok(value @ Value::Object(_)) = serde_json::from_str(&text) {
                    open.push((value, Places::at(places.span)));
                }
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// A mapping, or those of a list.
fn mappings<'v>(value: &'v Value, places: &'v Places) -> Vec<(&'v Map<String, Value>, &'v Places)> {
    match value {
        Value::Object(map) => vec![(map, places)],
        Value::Array(items) => {
            let item = |(index, item): (usize, &'v Value)| Some((item.as_object()?, places.item(index)));
            items.iter().enumerate().filter_map(item).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    }
}

fn read(part: &Part<'_>, words: &DocumentWords, map: &Map<String, Value>, places: &Places) -> Statement {
    let of = |key: &String| map.get(key).map(|value| listed(value, places.get(key))).unwrap_or_default();
    let negated = [&words.not_actions, &words.not_resources].into_iter().find(|key| map.contains_key(*key));
    let mut conditions = Vec::new();
    let tests = map.get(&words.conditions).and_then(Value::as_object).into_iter().flatten();
    for (test, keys) in tests {
        let places = places.get(&words.conditions).get(test);
        let condition = |(key, values): (&String, &Value)| Stated {
            test: test.clone(),
            key: Spanned::new(key.clone(), places.key(key)),
            values: listed(values, places.get(key)).into_iter().map(|value| value.value).collect(),
        };
        conditions.extend(keys.as_object().into_iter().flatten().map(condition));
    }
    let is_narrowing = words.narrowing.iter().any(|kind| kind == part.kind);
    let who = words.principals.first().filter(|_| !is_narrowing && conditions.is_empty());
    let everybody = who.and_then(|key| everybody(words, map.get(key)?, places.get(key)));
    Statement {
        owner: part.owner.clone(),
        allows: map.get(&words.effect).and_then(Value::as_str).is_none_or(|effect| effect == words.allow),
        has_principal: words.principals.iter().any(|key| map.contains_key(key)),
        everybody,
        actions: of(&words.actions),
        negated: negated.map(|key| Spanned::new(key.clone(), places.key(key))),
        resources: of(&words.resources),
        conditions,
    }
}

/// Where everybody is named: at once, in a list, or below the kind of those that are meant.
fn everybody(words: &DocumentWords, value: &Value, places: &Places) -> Option<Span> {
    let named = |value: &Value, places: &Places| {
        let mut all = listed(value, places).into_iter();
        all.find(|who| words.everybody.contains(&who.value)).map(|who| who.span)
    };
    match value {
        Value::Object(map) => map.iter().find_map(|(kind, value)| named(value, places.get(kind))),
        Value::String(_) | Value::Array(_) => named(value, places),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// A text, or those of a list.
fn listed(value: &Value, places: &Places) -> Vec<Spanned<String>> {
    let text = |value: &Value, span: Span| value.as_str().map(|text| Spanned::new(text.to_owned(), span));
    match value.as_array() {
        Some(items) => items.iter().enumerate().filter_map(|(i, item)| text(item, places.item(i).span)).collect(),
        None => text(value, places.span).into_iter().collect(),
    }
}

/// What native text calls the identity of a function.
pub(super) fn names(form: &IdentityForm, model: &Model, function: &str) -> Vec<String> {
    let fields = [("id", function.replace('-', "_")), ("name", function.to_owned()), ("prefix", model.prefix())];
    let fields: BTreeMap<&str, base::Value> = fields.into_iter().map(|(field, text)| (field, text.into())).collect();
    let filled = form.named.iter().filter_map(|pattern| pattern.fill(&|field: &str| fields.get(field)).ok());
    filled.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// The names of all that an application has, native resources among them.
pub(super) fn known_names(model: &Model) -> Vec<&str> {
    let resources = model.native.values().flat_map(|native| native.resources.values());
    let natives = resources.filter_map(Value::as_object).flat_map(|by_name| by_name.keys().map(String::as_str));
    model.heads().map(Head::name).chain(natives).collect()
}

/// Whether a text has a name in it behind the prefix of names, with one character between, and anything but letters and
/// digits around both. `_` may stand for `-`.
pub(super) fn holds_path(text: &str, prefix: &str, name: &str) -> bool {
    let plain = |text: &str| text.replace(['_', '/'], "-");
    stands_apart(&plain(text), &plain(&format!("{prefix}-{name}")), |c| c.is_ascii_alphanumeric())
}

/// Whether a text has a name in it that is no part of a longer name.
pub(super) fn holds_name(text: &str, name: &str) -> bool {
    stands_apart(text, name, |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
}

fn stands_apart(text: &str, name: &str, joins: impl Fn(char) -> bool) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(&joins);
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|after| after.chars().next());
        !is_word(before) && !is_word(after)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_names_stand_apart() {
        assert!(holds_path("a:b:shop-staging-orders", "shop-staging", "orders"));
        assert!(holds_path("a:b:shop-staging/key-x1", "shop-staging", "key"));
        assert!(holds_path("${x_table.shop_pre_prod_orders.arn}", "shop-pre-prod", "orders"));
        assert!(!holds_path("shop-staging-ordersof", "shop-staging", "orders"));
        assert!(!holds_path("shop-docs-staging-orders", "shop-staging", "orders"));
        assert!(!holds_path("", "shop-staging", "orders"));
        assert!(holds_name("${x_role.place_order.arn}", "x_role.place_order"));
        assert!(!holds_name("${x_role.place_order.arn}", "x_role.place"));
    }
}
