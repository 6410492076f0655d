//! Addresses: routes of APIs, hosts and https addresses, each checked where it is read.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::fields::list;
use super::parse::Parse;
use super::scalar::{invalid, text_scalar};
use crate::base::{Method, Route, RouteError, Span, nearest};
use crate::diag::{Finding, shorten};
use crate::yaml::Node;

text_scalar!(Route, "a route", "GET /orders/{orderId}", {
    "type": "string",
    "pattern": "^(ANY|GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) +/[^ ]*$"
}, |text, span, cx| match Route::parse(text) {
    Ok(route) => Some(route),
    Err(error) => {
        let message = format!("`{}` is not a route: {error}", shorten(text));
        cx.report(Finding::error("invalid-route", span, message).help(route_help(text, &error)));
        None
    }
});

fn route_help(text: &str, error: &RouteError) -> String {
    let methods: Vec<&str> = Method::ALL.iter().map(|m| m.as_str()).collect();
    let near = match error {
        RouteError::Method(word) => {
            let upper = word.to_ascii_uppercase();
            nearest(&upper, methods.iter().copied()).map(|near| text.replacen(word.as_str(), near, 1))
        }
        RouteError::Slash => text.split_once(' ').map(|(method, path)| format!("{method} /{}", path.trim_start())),
        RouteError::Shape if text.starts_with('/') => Some(format!("ANY {}", text.split(' ').next().unwrap_or("/"))),
        RouteError::Segment(segment) if segment.contains('*') => {
            text.strip_suffix(segment.as_str()).map(|before| format!("{before}{{rest+}}"))
        }
        RouteError::Segment(segment) if segment.starts_with(':') => {
            Some(text.replace(segment.as_str(), &format!("{{{}}}", segment.trim_start_matches(':'))))
        }
        RouteError::Shape
        | RouteError::Segment(_)
        | RouteError::Twice(_)
        | RouteError::Rest(_)
        | RouteError::Kept(_) => None,
    };
    match near.filter(|near| Route::parse(near).is_ok()) {
        Some(near) => format!("write `{near}`"),
        None => format!("write a method ({}) and a path such as `/orders/{{orderId}}`", list(&methods)),
    }
}

/// The DNS name of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Host(pub Arc<str>);

text_scalar!(Host, "a host name", "api.example.com", {
    "type": "string",
    "pattern": "^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$"
}, |text, span, cx| {
    if is_host(text) {
        return Some(Host(text.clone()));
    }
    let bare = text.split_once("://").map_or(&**text, |(_, rest)| rest);
    let bare = bare.split(['/', ':']).next().unwrap_or_default();
    let help = if is_host(bare) {
        format!("write `{bare}`; a port stands under `port`")
    } else {
        "write a DNS name such as `api.example.com`".to_owned()
    };
    invalid(cx, "invalid-host", text, span, "not a host name", help);
    None
});

fn is_host(text: &str) -> bool {
    let label = |l: &str| {
        let b = l.as_bytes();
        (1..=63).contains(&b.len())
            && b.iter().all(|c| c.is_ascii_alphanumeric() || *c == b'-')
            && !l.starts_with('-')
            && !l.ends_with('-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// An https address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Https(pub Arc<str>);

text_scalar!(Https, "an https address", "https://id.example.com/", { "type": "string", "pattern": "^https://[^ ]+$" },
|text, span, cx| {
    let host = text.strip_prefix("https://").and_then(|rest| rest.split(['/', ':', '?', '#']).next());
    if host.is_some_and(is_host) && !text.contains(char::is_whitespace) {
        return Some(Https(text.clone()));
    }
    let help = match text.strip_prefix("http://") {
        Some(rest) => format!("write `https://{rest}`"),
        None => "write an address such as `https://id.example.com/`".to_owned(),
    };
    invalid(cx, "invalid-address", text, span, "not an https address", help);
    None
});

/// Where a page comes from, as a browser says it: scheme, host and port, or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin(pub Arc<str>);

text_scalar!(Origin, "an origin", "\"https://shop.example.com\"", {
    "type": "string",
    "pattern": "^(\\*|null|[a-z][a-z0-9+.-]*://[A-Za-z0-9*.-]+(:([0-9]+|\\*))?)$"
}, |text, span, cx| {
    if is_origin(text) {
        return Some(Origin(text.clone()));
    }
    let (scheme, rest) = text.split_once("://").unwrap_or(("https", text));
    let near = format!("{scheme}://{}", rest.split(['/', '?', '#']).next().unwrap_or_default());
    let help = if is_origin(&near) {
        format!("write `{near}`, which is all that a browser sends")
    } else {
        "write scheme, host and port, such as `https://shop.example.com`, or `*`".to_owned()
    };
    invalid(cx, "invalid-origin", text, span, "not an origin", help);
    None
});

fn is_origin(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return matches!(text, "*" | "null") };
    let (host, port) = rest.split_once(':').unwrap_or((rest, "*"));
    let is_number = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    scheme.starts_with(|c: char| c.is_ascii_lowercase())
        && scheme.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"+.-".contains(&b))
        && is_host(&host.replace('*', "x"))
        && (is_number || port == "*")
}

/// The name of a header, or `*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderName(pub Arc<str>);

text_scalar!(HeaderName, "a name of a header", "content-type", {
    "type": "string",
    "pattern": "^[A-Za-z0-9!#$%&'*+.^_`|~-]+$"
}, |text, span, cx| {
    let is_token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+.^_`|~-".contains(&b);
    if !text.is_empty() && text.bytes().all(is_token) {
        return Some(HeaderName(text.clone()));
    }
    let help = "write one name, such as `content-type`; several are a list".to_owned();
    invalid(cx, "invalid-header", text, span, "not a name of a header", help);
    None
});
