//! Views: what a template sees of a node or an edge. The same fields on every target; `schema/view.json` is
//! generated from these types.

use schemars::JsonSchema;

use crate::base::{Map, Value};

/// A length of time: `{"ms": 90000}`; printed by `seconds`, `minutes`, `days`, `milliseconds`, `iso8601`, `go-duration`.
#[derive(Debug, JsonSchema)]
pub struct Duration {
    /// Milliseconds.
    pub ms: u64,
}

/// An amount of data: `{"bytes": 268435456}`; printed by `mebibytes` and `bytes`.
#[derive(Debug, JsonSchema)]
pub struct Size {
    /// Bytes.
    pub bytes: u64,
}

/// A map with these entries.
macro_rules! map {
    ($($key:literal: $value:expr),* $(,)?) => {
        [$(($key, $crate::base::Value::from($value))),*].into_iter().collect::<$crate::base::Map>()
    };
}
pub(super) use map;

/// A value that may be missing: the flag and the value side by side, so that a template can ask before it prints.
/// Written into a view as `has_<name>` and, where there is one, `<name>`.
macro_rules! optional {
    ($map:expr, $($name:literal => $value:expr),+ $(,)?) => {$(
        let value = $value;
        $map.insert(concat!("has_", $name), value.is_some());
        if let Some(value) = value {
            $map.insert($name, value);
        }
    )+};
}
pub(super) use optional;

/// A field of a type that is seen by templates.
trait Field {
    /// Puts itself into a map; what is missing is left out.
    fn put(self, name: &'static str, map: &mut Map);
}

/// Fields that are always there.
macro_rules! fields {
    ($($type:ty),+) => {$(
        impl Field for $type {
            fn put(self, name: &'static str, map: &mut Map) {
                map.insert(name, self);
            }
        }
    )+};
}
fields!(bool, u32, usize, String, Value);

impl<T: Into<Value>> Field for Vec<T> {
    fn put(self, name: &'static str, map: &mut Map) {
        map.insert(name, self);
    }
}

impl<T: Into<Value>> Field for Option<T> {
    fn put(self, name: &'static str, map: &mut Map) {
        if let Some(value) = self {
            map.insert(name, value);
        }
    }
}

/// Declares a type that templates see: the value that it becomes has its fields.
macro_rules! seen {
    ($($(#[$about:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $type:ty,)+ })+) => {$(
        $(#[$about])*
        #[derive(Debug, Clone, PartialEq, JsonSchema)]
        pub struct $name {
            $($(#[$doc])* pub $field: $type,)+
        }

        impl From<$name> for Value {
            fn from(own: $name) -> Self {
                let mut map = Map::new();
                $(own.$field.put(stringify!($field), &mut map);)+
                Self::Map(map)
            }
        }
    )+};
}

seen! {
    /// A name and a value, for tags and variables.
    pub struct Pair {
        /// The key.
        pub key: String,
        /// The value: text, reference or concatenation.
        pub value: Value,
    }

    /// A key attribute of a table.
    #[derive(Eq, PartialOrd, Ord)]
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
    #[derive(Default)]
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
        pub principal: Option<Value>,
        /// The edges it comes from, each with its place.
        pub because: Vec<String>,
        /// Why a resource is `*`, when one is.
        pub has_wildcard: bool,
        /// The reason.
        pub wildcard: Option<String>,
    }

    /// One of several documents that together say what an identity may do.
    pub struct Document {
        /// Counted from 1.
        pub number: usize,
        /// Its statements.
        pub statements: Vec<Statement>,
    }

    /// The conditions of a statement that compare in one way.
    pub struct ConditionGroup {
        /// How values are compared.
        pub test: String,
        /// What is compared with what.
        pub entries: Vec<ConditionEntry>,
    }

    /// One condition.
    pub struct ConditionEntry {
        /// What is compared.
        pub key: String,
        /// With what.
        pub values: Vec<Value>,
    }

    /// An environment variable that a `uses`, `emits` or `calls` gives.
    pub struct Binding {
        /// `ISOBAR_ORDERS_NAME`
        pub name: String,
        /// Its value.
        pub value: Value,
        /// What gives it.
        pub because: String,
    }

    /// One segment of a route.
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
    pub struct CronView {
        /// Five fields, normalised.
        pub text: String,
        /// Whether six fields with `?` can say it: not where both kinds of day are restricted.
        pub is_quartz: bool,
        /// Six fields with `?` and names of days: `0 2 ? * MON-FRI *`; absent where they cannot say it.
        pub quartz: Option<String>,
    }

    /// JSON Web Tokens that are accepted.
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
    pub struct ThrottleView {
        /// Steady.
        pub rate: u32,
        /// Burst.
        pub burst: u32,
    }
}
