//! Routes that do not say who may call them.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Api, Auth, Id};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "route-without-authentication",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A route that asks nobody who they are and does not say that it is public.",
    doc: include_str!("route_without_authentication.md"),
    by_target: false,
    checks: &[Check::Api(check)],
};

fn check(facts: &Facts, id: Id<Api>, out: &mut Findings) {
    let help = "`auth: { jwt: { issuer: …, audience: […] } }`, or `auth: public` if it is meant for anybody,";
    let message = |what: &str| format!("anybody may call {what}");
    let unstated = |auth: &Auth| matches!(auth, Auth::Unstated);
    for finding in super::about_routes(&RULE, facts, id, |http| unstated(&http.auth), message, help) {
        out.push(finding.label("no `auth`"));
    }
}
