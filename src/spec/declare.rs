//! The macros by which a construct is declared once: its type, its parser and its JSON Schema come from the same
//! lines, so that they cannot disagree, and the schema's descriptions are the doc comments.

use schemars::{Schema, json_schema};
use serde_json::{Map, Value};

/// Joins the lines of a doc comment.
pub(crate) fn description(lines: &[&str]) -> String {
    lines.iter().map(|l| l.trim()).collect::<Vec<_>>().join(" ").trim().to_owned()
}

/// One key of a declaration, as its schema.
pub(crate) struct Property {
    pub(crate) key: &'static str,
    pub(crate) doc: &'static [&'static str],
    pub(crate) optional: bool,
    pub(crate) schema: Schema,
}

/// The JSON Schema of a mapping with these keys.
pub(crate) fn object_schema(doc: &[&str], properties: Vec<Property>) -> Schema {
    let mut schemas = Map::new();
    let mut required = Vec::new();
    for property in properties {
        if !property.optional {
            required.push(Value::from(property.key));
        }
        let mut schema = property.schema;
        schema.insert("description".to_owned(), description(property.doc).into());
        schemas.insert(property.key.to_owned(), schema.to_value());
    }
    let mut schema = json_schema!({
        "type": "object",
        "description": description(doc),
        "properties": schemas,
        "additionalProperties": false
    });
    if !required.is_empty() {
        schema.insert("required".to_owned(), required.into());
    }
    schema
}

/// Declares a mapping with a fixed set of keys: `declaration! { /// doc pub struct Queue("a queue", "{ … }") { … } }`.
/// A key is the name of its field, or the text behind it; it may be left out when its type is an `Option`.
/// `pub node` adds what every node has.
macro_rules! declaration {
    ($(#[doc = $doc:literal])* pub node $name:ident($what:literal, $example:literal) { $($body:tt)* }) => {
        $crate::spec::declare::declaration! {
            $(#[doc = $doc])*
            pub struct $name($what, $example) {
                $($body)*
                /// Its former name: what exists is kept and renamed instead of being made anew.
                renamed_from "renamed-from": Option<$crate::base::Spanned<$crate::base::Name>>,
                /// Native attributes by target, merged into what that target emits for this node. Counted as lock-in.
                overrides "override": Option<$crate::spec::Overrides>,
            }
        }
    };
    ($(#[doc = $doc:literal])* pub struct $name:ident($what:literal, $example:literal) {
        $($(#[doc = $fdoc:literal])* $field:ident $($key:literal)?: $ty:ty),* $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name {
            $($(#[doc = $fdoc])* pub $field: $ty,)*
            /// Where the mapping stands.
            pub span: $crate::base::Span,
            /// Something of it was reported, so nothing may be concluded from what is missing.
            pub broken: bool,
        }

        impl $name {
            pub(crate) const KEYS: &'static [&'static str] = &[$($crate::spec::declare::key!($field $($key)?)),*];
        }

        impl $crate::spec::fields::Declaration for $name {
            fn read(fields: $crate::spec::fields::Fields<'_>, cx: &mut $crate::spec::Context) -> Option<Self> {
                let before = cx.errors();
                let fields = fields.knowing(Self::KEYS);
                $(let $field = fields.take::<$ty>($crate::spec::declare::key!($field $($key)?), cx);)*
                fields.close(cx);
                let broken = cx.errors() != before;
                Some(Self { $($field: $field?,)* span: fields.span(), broken })
            }
        }

        impl $crate::spec::parse::Parse for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;

            fn parse(node: &$crate::yaml::Node, cx: &mut $crate::spec::Context) -> Option<Self> {
                let fields = $crate::spec::fields::Fields::open(node, $what, $example, cx)?;
                <Self as $crate::spec::fields::Declaration>::read(fields, cx)
            }

            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let _ = &generator;
                let properties = vec![$($crate::spec::declare::Property {
                    key: $crate::spec::declare::key!($field $($key)?),
                    doc: &[$($fdoc),*],
                    optional: <$ty as $crate::spec::parse::Parse>::OPTIONAL,
                    schema: <$ty as $crate::spec::parse::Parse>::schema(generator),
                }),*];
                $crate::spec::declare::object_schema(&[$($doc),*], properties)
            }
        }
    };
}

macro_rules! key {
    ($field:ident $key:literal) => {
        $key
    };
    ($field:ident) => {
        stringify!($field)
    };
}

/// Declares a closed set of words.
macro_rules! words {
    ($(#[$meta:meta])* $name:ident($what:literal) { $($body:tt)* }) => {
        $crate::base::kinds! { $(#[$meta])* $name { $($body)* } }

        impl $crate::spec::parse::Parse for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = match Self::ALL.first() {
                Some(first) => first.as_str(),
                None => "",
            };

            fn parse(node: &$crate::yaml::Node, cx: &mut $crate::spec::Context) -> Option<Self> {
                $crate::spec::scalar::word(node, cx, $what, Self::ALL.iter().map(|w| w.as_str()))
                    .and_then(|text| Self::parse(text))
            }

            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }
    };
}

/// Declares a union that is told by the value of one key: `type: queue`.
macro_rules! tagged {
    ($(#[doc = $doc:literal])* pub enum $name:ident($what:literal, $tag:literal) {
        $($(#[doc = $vdoc:literal])* $variant:ident($ty:ty) = $text:literal),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub enum $name { $($(#[doc = $vdoc])* $variant(Box<$ty>)),+ }

        impl $name {
            /// The values of the key that tells which.
            pub const TAGS: &'static [&'static str] = &[$($text),+];
        }

        impl $crate::spec::parse::Parse for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = concat!("{ ", $tag, ": … }");

            fn parse(node: &$crate::yaml::Node, cx: &mut $crate::spec::Context) -> Option<Self> {
                let fields = $crate::spec::fields::Fields::open(node, $what, Self::EXAMPLE, cx)?;
                let tag = $crate::spec::scalar::tag(&fields, cx, $what, $tag, Self::TAGS)?;
                match tag {
                    $($text => {
                        let fields = fields.variant(<$ty as $crate::spec::parse::Parse>::WHAT, $tag);
                        <$ty as $crate::spec::fields::Declaration>::read(fields, cx).map(|v| Self::$variant(Box::new(v)))
                    })+
                    _ => None,
                }
            }

            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let variants = vec![$($crate::spec::declare::tagged_schema(
                    <$ty as schemars::JsonSchema>::json_schema(generator), $tag, $text)),+];
                schemars::json_schema!({ "description": $crate::spec::declare::description(&[$($doc),*]), "oneOf": variants })
            }
        }
    };
}

/// Adds the key that tells the variant to its schema.
pub(crate) fn tagged_schema(mut schema: Schema, tag: &str, text: &str) -> Schema {
    let object = schema.ensure_object();
    let mut properties = Map::new();
    properties.insert(tag.to_owned(), serde_json::json!({ "const": text }));
    if let Some(Value::Object(own)) = object.remove("properties") {
        properties.extend(own);
    }
    object.insert("properties".to_owned(), properties.into());
    let mut required = vec![Value::from(tag)];
    if let Some(Value::Array(own)) = object.remove("required") {
        required.extend(own);
    }
    object.insert("required".to_owned(), required.into());
    schema
}

/// Declares a union that is told by its only key: `queue: { … }`. A variant may have a short form of its own,
/// which its type reads.
macro_rules! one_key {
    ($(#[doc = $doc:literal])* pub enum $name:ident($what:literal, $example:literal) {
        $($(#[doc = $vdoc:literal])* $variant:ident($ty:ty) = $text:literal),+ $(,)?
    }) => {
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub enum $name { $($(#[doc = $vdoc])* $variant(Box<$ty>, $crate::base::Span)),+ }

        impl $name {
            /// The keys that tell which.
            pub const KEYS: &'static [&'static str] = &[$($text),+];

            /// Where the key stands that tells which.
            pub fn span(&self) -> $crate::base::Span {
                match self { $(Self::$variant(_, span) => *span),+ }
            }
        }

        impl $crate::spec::parse::Parse for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;

            fn parse(node: &$crate::yaml::Node, cx: &mut $crate::spec::Context) -> Option<Self> {
                let (key, entry) = $crate::spec::scalar::only_entry(node, cx, $what, $example, Self::KEYS)?;
                match key {
                    $($text => cx
                        .within($crate::spec::context::Key::Known($text), entry.key.span, |cx| {
                            <$ty as $crate::spec::parse::Parse>::parse(&entry.value, cx)
                        })
                        .map(|v| Self::$variant(Box::new(v), entry.key.span)),)+
                    _ => None,
                }
            }

            fn schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                generator.subschema_for::<Self>()
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                let mut properties = serde_json::Map::new();
                $({
                    let mut schema = <$ty as $crate::spec::parse::Parse>::schema(generator);
                    schema.insert("description".to_owned(), $crate::spec::declare::description(&[$($vdoc),*]).into());
                    properties.insert($text.to_owned(), schema.to_value());
                })+
                schemars::json_schema!({
                    "description": $crate::spec::declare::description(&[$($doc),*]),
                    "type": "object",
                    "properties": properties,
                    "additionalProperties": false,
                    "minProperties": 1,
                    "maxProperties": 1
                })
            }
        }
    };
}

pub(crate) use {declaration, key, one_key, tagged, words};
