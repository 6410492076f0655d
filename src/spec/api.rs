//! HTTP APIs, and what a route may say in their stead: who may call, from which pages, how often.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::address::{HeaderName, Https, Origin};
use super::amount::Count;
use super::context::Context;
use super::declare::declaration;
use super::fields::Fields;
use super::parse::{Many, Parse, Several};
use super::scalar::{bare_word, unknown_word};
use crate::base::{Method, Span, Spanned};
use crate::yaml::{Kind, Node};

declaration! {
    /// JSON Web Tokens of one issuer.
    pub struct Jwt("a token", "{ issuer: \"https://id.example.com/\", audience: [shop] }") {
        /// The issuer, an https address.
        issuer: Spanned<Https>,
        /// Accepted audiences.
        audience: Several<Spanned<Arc<str>>>,
    }
}

/// Who may call.
#[derive(Debug, Clone)]
pub enum Auth {
    /// Anybody.
    Public(Span),
    /// Holders of a token.
    Jwt(Jwt),
}

impl Parse for Auth {
    const WHAT: &'static str = "an authentication";
    const EXAMPLE: &'static str = "{ jwt: { issuer: \"https://id.example.com/\", audience: [shop] } }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(s) if &*s.text == "public" => Some(Self::Public(node.span)),
            Kind::Scalar(s) if &*s.text == "jwt" => {
                bare_word(cx, &s.text, node.span, Self::EXAMPLE);
                None
            }
            Kind::Scalar(s) if !s.is_null() => {
                cx.report(unknown_word(cx.key(), &s.text, node.span, &["public", "jwt"]));
                None
            }
            Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
                let fields = Fields::open(node, Self::WHAT, Self::EXAMPLE, cx)?.knowing(&["jwt"]);
                fields.close(cx);
                fields.take("jwt", cx).map(Self::Jwt)
            }
        }
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

impl JsonSchema for Auth {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Auth".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let jwt = Jwt::schema(generator);
        json_schema!({ "anyOf": [
            { "const": "public", "description": "Anybody may call." },
            { "type": "object", "properties": { "jwt": jwt }, "required": ["jwt"], "additionalProperties": false }
        ] })
    }
}

declaration! {
    /// Which pages of other origins may call.
    pub struct Cors("a cors", "{ origins: [\"https://shop.example.com\"] }") {
        /// Origins such as `https://shop.example.com`, or `*`.
        origins: Several<Spanned<Origin>>,
        /// Methods; those of the routes when left out.
        methods: Option<Many<Spanned<Method>>>,
        /// Request headers.
        headers: Option<Many<Spanned<HeaderName>>>,
        /// Cookies and such; off when left out.
        credentials: Option<Spanned<bool>>,
    }
}

impl Parse for Method {
    const WHAT: &'static str = "a method";
    const EXAMPLE: &'static str = "GET";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        super::scalar::word(node, cx, Self::WHAT, Self::ALL.iter().map(|m| m.as_str())).and_then(Self::parse)
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

declaration! {
    /// Requests a second.
    pub struct Throttle("a throttle", "{ rate: 100, burst: 200 }") {
        /// Steady rate.
        rate: Spanned<Count<1, 1_000_000>>,
        /// Burst; the rate when left out.
        burst: Option<Spanned<Count<1, 1_000_000>>>,
    }
}

declaration! {
    /// An HTTP API.
    pub node Api("an api", "{ type: api }") {
        /// Who may call its routes, unless a route says otherwise.
        auth: Option<Auth>,
        /// Which pages of other origins may call.
        cors: Option<Cors>,
        /// Requests a second on a route, unless it says otherwise.
        throttle: Option<Throttle>,
    }
}

declaration! {
    /// What every API has unless it says otherwise.
    pub struct ApiDefaults("defaults of apis", "{ throttle: { rate: 100 } }") {
        /// Who may call its routes.
        auth: Option<Auth>,
        /// Which pages of other origins may call.
        cors: Option<Cors>,
        /// Requests a second.
        throttle: Option<Throttle>,
    }
}
