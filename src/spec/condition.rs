//! `where`: which events run a trigger.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::context::{Context, Key};
use super::fields::{list, unknown_key};
use super::parse::{Parse, ParseKey as _, invalid_key};
use crate::base::{Pointer, Span, Spanned};
use crate::diag::{Finding, shorten};
use crate::yaml::{Entry, Kind, Node};

/// Test of one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Compare {
    /// Equal.
    Eq(Value),
    /// Different.
    Ne(Value),
    /// Greater.
    Gt(f64),
    /// Greater or equal.
    Ge(f64),
    /// Less.
    Lt(f64),
    /// Less or equal.
    Le(f64),
    /// One of.
    In(Vec<Value>),
    /// Starts with.
    Prefix(Arc<str>),
    /// Ends with.
    Suffix(Arc<str>),
    /// Is there, or is not.
    Exists(bool),
}

/// One entry of `where`: all tests of all entries have to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// Into the data of the event.
    pub path: Spanned<Pointer>,
    /// All have to hold.
    pub tests: Vec<Compare>,
    /// Where the value of each stands.
    pub places: Vec<Span>,
}

const OPERATORS: [&str; 10] = ["eq", "ne", "gt", "ge", "lt", "le", "in", "prefix", "suffix", "exists"];

/// `where:` a mapping from paths to tests.
#[derive(Debug, Clone)]
pub struct Conditions(pub Vec<Condition>);

impl Parse for Conditions {
    const WHAT: &'static str = "a mapping from paths to tests";
    const EXAMPLE: &'static str = "{ /total: { gt: 0 } }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        if entries.is_empty() {
            let message = format!("`{}` has no test", shorten(cx.key()));
            let help = format!("write `{}`, or remove it", Self::EXAMPLE);
            cx.report(Finding::error("empty", node.span, message).help(help));
            return None;
        }
        let mut conditions = Vec::new();
        for entry in entries.iter() {
            let key = Key::Written(entry.key.value.clone());
            let tests = cx.within(key, entry.key.span, |cx| tests(&entry.value, cx));
            match Pointer::parse_key(&entry.key.value) {
                Ok(path) => conditions.extend(tests.map(|tests| {
                    let (tests, places) = tests.into_iter().unzip();
                    Condition { path: Spanned::new(path, entry.key.span), tests, places }
                })),
                Err(fault) => invalid_key::<Pointer>(cx, &entry.key.value, entry.key.span, fault),
            }
        }
        Some(Self(conditions))
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        let scalar = serde_json::json!({ "type": ["string", "number", "boolean"] });
        let number = serde_json::json!({ "type": "number" });
        let text = serde_json::json!({ "type": "string", "minLength": 1 });
        let tests = serde_json::json!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": false,
            "properties": {
                "eq": scalar, "ne": scalar, "gt": number, "ge": number, "lt": number, "le": number,
                "in": { "type": "array", "items": scalar, "minItems": 1 },
                "prefix": text, "suffix": text, "exists": { "type": "boolean" }
            }
        });
        json_schema!({
            "type": "object",
            "minProperties": 1,
            "patternProperties": { (Pointer::PATTERN): { "anyOf": [scalar, tests] } },
            "additionalProperties": false
        })
    }
}

/// A bare scalar means `eq`.
fn tests(node: &Node, cx: &mut Context) -> Option<Vec<(Compare, Span)>> {
    let Kind::Map(entries) = &node.kind else {
        return scalar(node, cx).map(|value| vec![(Compare::Eq(value), node.span)]);
    };
    if entries.is_empty() {
        let message = format!("`{}` has no test", shorten(cx.key()));
        let help = format!("write one of {}, such as `{{ gt: 0 }}`", list(&OPERATORS));
        cx.report(Finding::error("empty", node.span, message).help(help));
        return None;
    }
    let before = cx.errors();
    let tests = entries.iter().filter_map(|entry| Some((test(entry, cx)?, entry.value.span))).collect();
    (cx.errors() == before).then_some(tests)
}

fn test(entry: &Entry, cx: &mut Context) -> Option<Compare> {
    let operator = &*entry.key.value;
    let Some(known) = OPERATORS.iter().copied().find(|o| *o == operator) else {
        cx.report(unknown_key("a test", &OPERATORS, operator, entry.key.span));
        return None;
    };
    let node = &entry.value;
    cx.within(Key::Known(known), entry.key.span, |cx| match known {
        "eq" => scalar(node, cx).map(Compare::Eq),
        "ne" => scalar(node, cx).map(Compare::Ne),
        "gt" => number(node, cx).map(Compare::Gt),
        "ge" => number(node, cx).map(Compare::Ge),
        "lt" => number(node, cx).map(Compare::Lt),
        "le" => number(node, cx).map(Compare::Le),
        "in" => alternatives(node, cx).map(Compare::In),
        "prefix" => Arc::parse(node, cx).map(Compare::Prefix),
        "suffix" => Arc::parse(node, cx).map(Compare::Suffix),
        _ => bool::parse(node, cx).map(Compare::Exists),
    })
}

fn alternatives(node: &Node, cx: &mut Context) -> Option<Vec<Value>> {
    let Kind::Seq(items) = &node.kind else {
        cx.wrong_type(node, "a list of values", "[a, b]");
        return None;
    };
    if items.is_empty() {
        cx.report(Finding::error("empty", node.span, "`in` has no values").help("write `[a, b]`"));
        return None;
    }
    items.iter().map(|item| scalar(item, cx)).collect()
}

fn scalar(node: &Node, cx: &mut Context) -> Option<Value> {
    match &node.kind {
        Kind::Scalar(scalar) if !scalar.is_null() => Some(super::json::scalar(scalar)),
        Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
            cx.wrong_type(node, "a text, number or boolean", "{ eq: paid }");
            None
        }
    }
}

fn number(node: &Node, cx: &mut Context) -> Option<f64> {
    let value = if let Kind::Scalar(scalar) = &node.kind { scalar.as_float() } else { None };
    if value.is_none() {
        cx.wrong_type(node, "a number", "5");
    }
    value
}
