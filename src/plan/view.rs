//! Views: what a template sees of a node or an edge. The same fields on every target; `schema/view.json` is
//! generated from these types. Durations, sizes and references to other nodes have JSON forms of their own.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::base;

/// A length of time: `{"ms": 90000}`; printed by `seconds`, `minutes`, `days`, `milliseconds`, `iso8601`, `go-duration`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Duration {
    ms: u64,
}

impl From<base::Duration> for Duration {
    fn from(value: base::Duration) -> Self {
        Self { ms: value.as_millis() }
    }
}

/// An amount of data: `{"bytes": 268435456}`; printed by `mebibytes` and `bytes`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Size {
    bytes: u64,
}

impl From<base::ByteSize> for Size {
    fn from(value: base::ByteSize) -> Self {
        Self { bytes: value.as_bytes() }
    }
}

/// Another node: its `node`, `kind`, `name`, `id` and the attributes that the manifest gives its kind.
/// In a view under construction only its key; the object is put there once all attributes are known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct End {
    end: String,
}

impl End {
    /// The node with an address.
    pub fn to(address: impl std::fmt::Display) -> Self {
        Self { end: address.to_string() }
    }
}

/// A value that may be missing: the flag and the value side by side, so that a template can ask before it prints.
/// Written into a view as `has_<name>` and, where there is one, `<name>`.
macro_rules! optional {
    ($map:expr, $($name:literal => $value:expr),+ $(,)?) => {$(
        let value = $value.map(|v| $crate::plan::view::json(&v));
        $map.insert(concat!("has_", $name).to_owned(), serde_json::Value::Bool(value.is_some()));
        if let Some(value) = value {
            $map.insert($name.to_owned(), value);
        }
    )+};
}
pub(super) use optional;

/// A value as JSON; our own types always have one.
pub(super) fn json<T: Serialize + ?Sized>(value: &T) -> Value {
    serde_json::to_value(value).unwrap_or(Value::Null)
}

/// A name and a value, for tags and variables.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Pair {
    /// The key.
    pub key: String,
    /// The value: text, reference or concatenation.
    pub value: Value,
}

/// A key attribute of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Text.
    pub is_string: bool,
    /// A number.
    pub is_number: bool,
    /// Bytes.
    pub is_binary: bool,
}

/// One statement: what an identity may do, merged where the meaning stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, JsonSchema)]
pub struct Statement {
    /// A word that is unique among the statements of the view.
    pub sid: String,
    /// Native actions, sorted.
    pub actions: Vec<String>,
    /// Values, sorted.
    pub resources: Vec<Value>,
    /// Whether there are conditions.
    pub has_conditions: bool,
    /// All have to hold; those of one test together.
    pub conditions: Vec<ConditionGroup>,
    /// Whether a principal is named.
    pub has_principal: bool,
    /// Who, in a policy of what is reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<Value>,
    /// The edges it comes from, each with its place.
    pub because: Vec<String>,
    /// Why a resource is `*`, when one is.
    pub has_wildcard: bool,
    /// The reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<String>,
}

/// One of several documents that together say what an identity may do.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Document {
    /// Counted from 1.
    pub number: usize,
    /// Its statements.
    pub statements: Vec<Statement>,
}

/// The conditions of a statement that compare in one way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConditionGroup {
    /// How values are compared.
    pub test: String,
    /// What is compared with what.
    pub entries: Vec<ConditionEntry>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConditionEntry {
    /// What is compared.
    pub key: String,
    /// With what.
    pub values: Vec<Value>,
}

/// An environment variable that a `uses`, `emits` or `calls` gives.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Binding {
    /// `ISOBAR_ORDERS_NAME`
    pub name: String,
    /// Its value.
    pub value: Value,
    /// What gives it.
    pub because: String,
}

/// One segment of a route.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Segment {
    /// Literal text.
    pub is_literal: bool,
    /// `{name}`
    pub is_parameter: bool,
    /// `{name+}`
    pub is_rest: bool,
    /// The text or the name.
    pub text: String,
}

/// Five sets in the text forms that platforms read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CronView {
    /// Five fields, normalised.
    pub text: String,
    /// Whether six fields with `?` can say it: not where both kinds of day are restricted.
    pub is_quartz: bool,
    /// Six fields with `?` and names of days: `0 2 ? * MON-FRI *`; absent where they cannot say it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quartz: Option<String>,
}

/// JSON Web Tokens that are accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct JwtView {
    /// `iss`
    pub issuer: String,
    /// Host of the issuer.
    pub host: String,
    /// `aud`
    pub audience: Vec<String>,
    /// A word for this issuer and audience, unique in the application.
    pub id: String,
}

/// Origins whose pages may call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct CorsView {
    /// Origins.
    pub origins: Vec<String>,
    /// Methods.
    pub methods: Vec<String>,
    /// Request headers.
    pub headers: Vec<String>,
    /// Cookies and such.
    pub is_credentials: bool,
}

/// Requests a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ThrottleView {
    /// Steady.
    pub rate: u32,
    /// Burst.
    pub burst: u32,
}
