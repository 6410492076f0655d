//! What the views of a plan have in common: the fields that are the same in all of them, and what their ends stand for.
//! Both are kept once and looked up when a template asks: as copies they would be most of the memory of a compile.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::HashMap;

use super::draft::Setting;
use super::view::Pair;
use crate::base::{Map, Value};

/// Views of everything that another may name: address → map with name, id and attributes.
type Ends = HashMap<String, Value, foldhash::fast::FixedState>;

/// The fields and ends of all views of a plan.
#[derive(Debug, Clone, Default)]
pub struct Shared {
    fields: Map,
    /// What nodes and triggers hold that have no statements: most of them.
    without_grants: Map,
    ends: Ends,
}

impl Shared {
    /// Without ends, which come with the views.
    pub(super) fn new(setting: &Setting<'_>, systems: &[&str]) -> Self {
        let environment = &setting.model.environment;
        let fields = [
            ("app", Value::from(setting.model.app.value.as_str())),
            ("prefix", Value::from(&setting.prefix)),
            ("environment", Value::from(environment.name.as_str())),
            ("is_protected", Value::from(environment.protected)),
            ("option", Value::from(setting.options.clone())),
        ];
        let nothing = by_system(systems, |_| Vec::<Value>::new());
        let without_grants = ["statements", "policy", "documents"].map(|name| (name, nothing.clone()));
        Self {
            fields: fields.into_iter().collect(),
            without_grants: without_grants.into_iter().collect(),
            ends: Ends::default(),
        }
    }

    /// Makes nodes known to others.
    pub(super) fn register(&mut self, ends: impl IntoIterator<Item = (String, Value)>) {
        self.ends.extend(ends);
    }

    /// What an address stands for.
    pub(super) fn end(&self, address: &str) -> Option<&Value> {
        self.ends.get(address)
    }

    /// A field of a view by its dotted path.
    pub(super) fn at<'v>(&'v self, view: &'v Map, path: &str) -> Option<&'v Value> {
        let (first, rest) = path.split_once('.').map_or((path, None), |(first, rest)| (first, Some(rest)));
        let value = view.get(first).or_else(|| self.fields.get(first)).or_else(|| self.without_grants.get(first))?;
        rest.map_or(Some(self.follow(value)), |rest| self.walk(value, rest))
    }

    /// What stands below a value at a dotted path.
    pub(super) fn walk<'v>(&'v self, value: &'v Value, path: &str) -> Option<&'v Value> {
        let found = path.split('.').try_fold(value, |value, step| self.follow(value).get(step))?;
        Some(self.follow(found))
    }

    /// What an end stands for; any other value is itself. So is an end that is not there: it is of a kind that the plan
    /// has no view of, which the capability check has refused already.
    fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        if let Value::End(address) = value { self.ends.get(&**address).unwrap_or(value) } else { value }
    }

    /// A view as templates see it.
    pub fn seen<'v>(&'v self, own: &'v Map) -> Seen<'v> {
        Seen { shared: self, own, tags: OnceCell::new(), may_grant: own.contains_key("attr") }
    }

    /// What every resource of a view is marked with.
    fn tags(&self, own: &Map) -> Value {
        let field = |name: &str| own.get(name).or_else(|| self.fields.get(name)).cloned().unwrap_or_default();
        let tags = [
            ("app", field("app")),
            ("environment", field("environment")),
            ("isobar-node", field("node")),
            ("managed-by", Value::from("isobar")),
        ];
        tags.map(|(key, value)| Pair { key: key.to_owned(), value }).into_iter().collect()
    }

    fn resolve(&self, value: &mut Value) {
        if let Value::End(address) = value
            && let Some(end) = self.ends.get(&**address)
        {
            *value = end.clone();
        }
        match value {
            Value::Map(map) => map.values_mut().for_each(|value| self.resolve(value)),
            Value::List(list) => list.iter_mut().for_each(|value| self.resolve(value)),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::Text(_)
            | Value::Reference(_)
            | Value::Concat(_)
            | Value::Duration(_)
            | Value::Size(_)
            | Value::End(_) => {}
        }
    }
}

/// A view of a plan with what it has in common with others.
#[derive(Debug)]
pub struct Seen<'v> {
    shared: &'v Shared,
    own: &'v Map,
    /// Made when they are asked for: few templates of a view do.
    tags: OnceCell<Value>,
    /// Nodes and triggers have statements, or lists without any.
    may_grant: bool,
}

impl Seen<'_> {
    /// A field.
    pub fn field(&self, key: &str) -> Option<&Value> {
        if key == "tags" {
            return Some(self.tags.get_or_init(|| self.shared.tags(self.own)));
        }
        // What all have in common no view says otherwise.
        let common = self.shared.fields.get(key).or_else(|| self.own.get(key));
        common.or_else(|| self.shared.without_grants.get(key).filter(|_| self.may_grant))
    }

    /// What a value stands for.
    pub fn follow<'v>(&'v self, value: &'v Value) -> &'v Value {
        self.shared.follow(value)
    }

    /// A value with all ends in it followed.
    pub fn whole<'v>(&self, value: &'v Value) -> Cow<'v, Value> {
        if !has_ends(value) {
            return Cow::Borrowed(value);
        }
        let mut value = value.clone();
        self.shared.resolve(&mut value);
        Cow::Owned(value)
    }

    /// The names of all fields.
    pub fn names(&self) -> Vec<&str> {
        let common = self.shared.fields.keys().chain(self.shared.without_grants.keys().filter(|_| self.may_grant));
        self.own.keys().chain(common).chain(["tags"]).collect()
    }

    /// All of it as one value.
    pub fn to_value(&self) -> Value {
        let field = |name: &str| Some((name.to_owned(), self.whole(self.field(name)?).into_owned()));
        self.names().into_iter().filter_map(field).collect::<Map>().into()
    }
}

/// For every system its list, and a flag beside it.
pub(super) fn by_system<T: Into<Value>>(systems: &[&str], list: impl Fn(&str) -> Vec<T>) -> Map {
    let mut out = Map::new();
    for system in systems {
        let list = list(system);
        out.insert(format!("has_{system}"), !list.is_empty());
        out.insert((*system).to_owned(), list);
    }
    out
}

fn has_ends(value: &Value) -> bool {
    match value {
        Value::End(_) => true,
        Value::Map(map) => map.values().any(has_ends),
        Value::List(list) => list.iter().any(has_ends),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::Reference(_)
        | Value::Concat(_)
        | Value::Duration(_)
        | Value::Size(_) => false,
    }
}
