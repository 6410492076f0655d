//! Routes that anybody may call as often as they like.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Api, Http, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "public-route-without-throttle",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A route that anybody may call, without a limit on how often.",
    doc: include_str!("public_route_without_throttle.md"),
    by_target: false,
    checks: &[Check::Api(check)],
};

fn check(facts: &Facts, id: Id<Api>, out: &mut Findings) {
    let message = |what: &str| format!("anybody may call {what} without limit");
    let help = "`throttle: { rate: 100, burst: 200 }`";
    for finding in super::about_routes(&RULE, facts, id, is_unlimited, message, help) {
        out.push(finding.label("no `throttle`"));
    }
}

const fn is_unlimited(http: &Http) -> bool {
    http.throttle.is_none() && http.auth.is_open()
}
