//! Any page, with the cookies of whoever looks at it: what browsers refuse, and what is worse where they do not.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Api, Bucket, Cors, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "wildcard-cors-with-credentials",
    category: Category::Exposure,
    level: Severity::Error,
    since: "0.1.0",
    summary: "Pages of any origin may call with the credentials of whoever looks at them.",
    doc: include_str!("wildcard_cors_with_credentials.md"),
    by_target: false,
    checks: &[Check::Api(api), Check::Bucket(bucket)],
};

fn api(facts: &Facts, id: Id<Api>, out: &mut Findings) {
    let api = &facts.model().apis[id];
    judge(api.head.name(), api.cors.as_ref(), out);
}

fn bucket(facts: &Facts, id: Id<Bucket>, out: &mut Findings) {
    let bucket = &facts.model().buckets[id];
    judge(bucket.head.name(), bucket.cors.as_ref(), out);
}

fn judge(name: &str, cors: Option<&Cors>, out: &mut Findings) {
    let Some(cors) = cors.filter(|cors| cors.credentials) else { return };
    for origin in cors.origins.iter().filter(|origin| is_anybody(&origin.value)) {
        let message = format!("`{name}` lets pages of any origin call with credentials");
        out.push(
            RULE.finding(origin.span, message)
                .label("any origin")
                .help("name the origins: `origins: [\"https://shop.example.com\"]`, or leave `credentials: true` out"),
        );
    }
    for header in cors.headers.value.iter().filter(|header| &*header.value == "*") {
        let message = format!("`{name}` lets callers with credentials send a header named `*` and no other");
        out.push(
            RULE.finding(header.span, message)
                .label("with credentials this is a name, not any header")
                .help("name the headers: `headers: [content-type]`, or leave `credentials: true` out"),
        );
    }
}

/// Origins that any page can have: all, all of a scheme, and `null`, which is that of a page in a sandboxed frame.
fn is_anybody(origin: &str) -> bool {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    host == "*" || origin.eq_ignore_ascii_case("null")
}

#[cfg(test)]
mod tests {
    use super::is_anybody;

    #[test]
    fn some_origins_are_those_of_anybody() {
        for origin in ["*", "https://*", "http://*", "*://*", "https://*:8443", "null"] {
            assert!(is_anybody(origin), "{origin}");
        }
        for origin in ["https://shop.example.com", "https://*.example.com", "https://null.example.com:8443"] {
            assert!(!is_anybody(origin), "{origin}");
        }
    }
}
