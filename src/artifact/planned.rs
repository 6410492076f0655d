//! What `terraform show -json` prints of a plan or a state → the resources as they are and as they will be, and what
//! somebody changed outside. Everything that it does not name stays unread: later minor versions may add to the format.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde_json::{Map, Value as Json};

/// A plan, or a state.
#[derive(Debug, Default)]
pub struct Planned {
    /// All that are managed, by address.
    pub resources: BTreeMap<String, PlannedResource>,
    /// What was changed outside, by address.
    pub drifts: Vec<Drift>,
    /// Whether it is a state, which plans nothing.
    pub is_state: bool,
    /// Whether planning ended early.
    pub is_partial: bool,
    /// Values of variables.
    variables: BTreeMap<String, Json>,
    /// Values of what is only read, by `type.name`.
    data: BTreeMap<String, Map<String, Json>>,
}

/// One resource.
#[derive(Debug, Default, Clone)]
pub struct PlannedResource {
    /// Its type.
    pub kind: String,
    /// Its label.
    pub name: String,
    /// Whether it stands in the folder itself, and not in a module that is called from there.
    pub is_root: bool,
    /// What it will be; `None` where it will not be there.
    pub after: Option<Map<String, Json>>,
    /// What it is; `None` where it is not there yet.
    pub before: Option<Map<String, Json>>,
    /// Attributes that are not known before the apply.
    pub unknown: BTreeSet<String>,
    /// Attributes that the configuration sets, and what these refer to.
    pub references: BTreeMap<String, Vec<String>>,
    /// Whether it is left in the cloud and no longer managed.
    pub is_forgotten: bool,
    /// Which values are secret, in the shape of the values.
    secret: Json,
}

impl PlannedResource {
    /// What its block is called: `type.name`, without the key of an instance.
    pub fn block(&self) -> String {
        format!("{}.{}", self.kind, self.name)
    }

    /// What it will be, as one value.
    pub fn values(&self) -> Option<Json> {
        self.after.clone().map(Json::Object)
    }

    /// Whether an attribute, or a part of it, is secret.
    pub fn is_secret(&self, attribute: &str) -> bool {
        self.secret.get(attribute).is_some_and(is_masked)
    }

    /// The value of an attribute, after the apply or before it.
    pub fn attribute(&self, name: &str) -> Option<&Json> {
        let found = self.after.as_ref().and_then(|values| values.get(name));
        found.or_else(|| self.before.as_ref().filter(|_| !self.unknown.contains(name))?.get(name))
    }
}

/// What somebody changed outside.
#[derive(Debug, Clone)]
pub struct Drift {
    /// Of which resource.
    pub address: String,
    /// As it was last left; null where it was not there.
    pub before: Json,
    /// As it was found; null where it is gone.
    pub after: Json,
    /// Which values are secret, before and after: `true`, or a value of the same shape.
    pub sensitive: [Json; 2],
}

/// Why a text cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// It is the file that a plan was saved in.
    Binary,
    /// It is the file of a state, in the form in which it is kept.
    StateFile,
    /// It is no JSON: where and why.
    Json(String),
    /// It is JSON of something else.
    Other,
    /// It is of a version that is not known.
    Version(String),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Binary => f.write_str("is a saved plan; write it as JSON: `terraform show -json FILE`"),
            Self::StateFile => f.write_str("is a state as it is kept; write it as JSON: `terraform show -json FILE`"),
            Self::Json(why) => write!(f, "is no JSON: {why}; `terraform show -json FILE` writes a plan as JSON"),
            Self::Other => f.write_str("is not what `terraform show -json FILE` writes of a plan"),
            Self::Version(version) => write!(f, "has the format {version}; only 1 is known"),
        }
    }
}

impl Planned {
    /// Reads the bytes.
    pub fn read(bytes: &[u8]) -> Result<Self, Unusable> {
        // A saved plan is a ZIP archive.
        if bytes.starts_with(b"PK") {
            return Err(Unusable::Binary);
        }
        // PowerShell writes a byte order mark.
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let json: Json = serde_json::from_slice(bytes).map_err(|error| Unusable::Json(error.to_string()))?;
        let Some(version) = json.get("format_version").and_then(Json::as_str) else {
            let is_state = json.get("lineage").is_some() && json.get("serial").is_some();
            return Err(if is_state { Unusable::StateFile } else { Unusable::Other });
        };
        if version.split('.').next() != Some("1") {
            return Err(Unusable::Version(version.to_owned()));
        }
        let is_state = json.get("planned_values").is_none();
        if is_state && json.get("values").is_none() && json.get("terraform_version").is_none() {
            return Err(Unusable::Other);
        }
        let mut out = Self { is_state, is_partial: truth(&json, "errored"), ..Self::default() };
        if is_state {
            out.module(json.pointer("/values/root_module"), true, &[When::Before, When::After]);
        } else {
            out.module(json.pointer("/prior_state/values/root_module"), true, &[When::Before]);
            out.module(json.pointer("/planned_values/root_module"), true, &[When::After]);
        }
        for (name, variable) in object(json.get("variables")) {
            out.variables.extend(variable.get("value").map(|value| (name.clone(), value.clone())));
        }
        for change in list(json.get("resource_changes")) {
            out.change(change);
        }
        out.drifts = list(json.get("resource_drift")).iter().filter_map(drift).collect();
        out.configured(json.pointer("/configuration/root_module"), "");
        Ok(out)
    }

    /// The text that a reference such as `kind.ledger.arn` stands for; `None` where it is not known.
    pub fn text(&self, reference: &str) -> Option<String> {
        let mut keys = reference.split(['.', '[']).map(|key| key.trim_end_matches(']').trim_matches('"'));
        let first = keys.next()?;
        let mut value = match first {
            "var" => self.variables.get(keys.next()?)?,
            "data" => self.data.get(&format!("{}.{}", keys.next()?, keys.next()?))?.get(keys.next()?)?,
            kind => self.resources.get(&format!("{kind}.{}", keys.next()?))?.attribute(keys.next()?)?,
        };
        for key in keys {
            value = match value {
                Json::Array(items) => items.get(key.parse::<usize>().ok()?)?,
                Json::Object(entries) => entries.get(key)?,
                Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => return None,
            };
        }
        match value {
            Json::String(text) => Some(text.clone()),
            Json::Bool(_) | Json::Number(_) => Some(value.to_string()),
            Json::Null | Json::Array(_) | Json::Object(_) => None,
        }
    }

    fn module(&mut self, module: Option<&Json>, is_root: bool, when: &[When]) {
        let Some(module) = module else { return };
        for one in list(module.get("resources")) {
            let (Some(address), Some(kind), Some(name)) = (text(one, "address"), text(one, "type"), text(one, "name"))
            else {
                continue;
            };
            let values = object(one.get("values")).clone();
            if text(one, "mode") == Some("data") {
                if is_root {
                    self.data.insert(format!("{kind}.{name}"), values);
                }
                continue;
            }
            let resource = self.resources.entry(address.to_owned()).or_default();
            (resource.kind, resource.name, resource.is_root) = (kind.to_owned(), name.to_owned(), is_root);
            for when in when {
                match when {
                    When::Before => resource.before = Some(values.clone()),
                    When::After => resource.after = Some(values.clone()),
                }
            }
            if let Some(secret) = one.get("sensitive_values") {
                resource.secret = secret.clone();
            }
        }
        for child in list(module.get("child_modules")) {
            self.module(Some(child), false, when);
        }
    }

    fn change(&mut self, one: &Json) {
        let resource = text(one, "address").and_then(|address| self.resources.get_mut(address));
        let (Some(resource), Some(change)) = (resource, one.get("change")) else { return };
        let is_unknown = |value: &Json| *value == Json::Bool(true);
        let unknown = object(change.get("after_unknown")).iter().filter(|(_, value)| is_unknown(value));
        resource.unknown.extend(unknown.map(|(name, _)| name.clone()));
        resource.is_forgotten = list(change.get("actions")).iter().any(|action| action.as_str() == Some("forget"));
    }

    /// What the configuration says of the resources of a module, whose addresses begin with `prefix`.
    fn configured(&mut self, module: Option<&Json>, prefix: &str) {
        let Some(module) = module else { return };
        for one in list(module.get("resources")).iter().filter(|one| text(one, "mode") != Some("data")) {
            let Some(address) = text(one, "address").map(|address| format!("{prefix}{address}")) else { continue };
            let mut references = BTreeMap::new();
            for (name, expression) in object(one.get("expressions")) {
                let mut found = Vec::new();
                referred(expression, &mut found);
                references.insert(name.clone(), found);
            }
            let key = format!("{address}[");
            for (other, resource) in &mut self.resources {
                if *other == address || other.starts_with(&key) {
                    resource.references.clone_from(&references);
                }
            }
        }
        for (name, call) in object(module.get("module_calls")) {
            self.configured(call.get("module"), &format!("{prefix}module.{name}."));
        }
    }
}

#[derive(Clone, Copy)]
enum When {
    Before,
    After,
}

fn drift(one: &Json) -> Option<Drift> {
    let change = one.get("change").filter(|_| text(one, "mode") != Some("data"))?;
    let value = |name: &str| change.get(name).cloned().unwrap_or(Json::Null);
    let (before, after) = (value("before"), value("after"));
    let sensitive = [value("before_sensitive"), value("after_sensitive")];
    // What was only moved is listed too.
    let is_same = before == after;
    (!is_same).then_some(Drift { address: text(one, "address")?.to_owned(), before, after, sensitive })
}

/// All references below an expression, which stand in blocks in any depth.
fn referred(expression: &Json, out: &mut Vec<String>) {
    match expression {
        Json::Array(items) => items.iter().for_each(|item| referred(item, out)),
        Json::Object(entries) => {
            for (key, value) in entries {
                match value.as_array().filter(|_| key == "references") {
                    Some(names) => out.extend(names.iter().filter_map(Json::as_str).map(str::to_owned)),
                    None => referred(value, out),
                }
            }
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// Whether a mask has `true` anywhere.
fn is_masked(mask: &Json) -> bool {
    match mask {
        Json::Bool(secret) => *secret,
        Json::Array(items) => items.iter().any(is_masked),
        Json::Object(entries) => entries.values().any(is_masked),
        Json::Null | Json::Number(_) | Json::String(_) => false,
    }
}

fn text<'j>(json: &'j Json, key: &str) -> Option<&'j str> {
    json.get(key).and_then(Json::as_str)
}

fn truth(json: &Json, key: &str) -> bool {
    json.get(key).and_then(Json::as_bool) == Some(true)
}

fn list(json: Option<&Json>) -> &[Json] {
    json.and_then(Json::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn object(json: Option<&Json>) -> &Map<String, Json> {
    static NONE: std::sync::LazyLock<Map<String, Json>> = std::sync::LazyLock::new(Map::new);
    json.and_then(Json::as_object).unwrap_or(&NONE)
}
