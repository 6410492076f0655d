//! Routes that do not say who may call them.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{Api, Auth, Id, Socket};
use crate::rules::{Category, Check, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "route-without-authentication",
    category: Category::Exposure,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A route or socket that asks nobody who they are and does not say that it is public.",
    doc: include_str!("route_without_authentication.md"),
    by_target: false,
    checks: &[Check::Api(api), Check::Socket(socket)],
};

/// What to add.
const HELP: &str = "`auth: { jwt: { issuer: …, audience: […] } }`, or `auth: public` if it is meant for anybody,";

fn api(facts: &Facts, id: Id<Api>, out: &mut Findings) {
    let message = |what: &str| format!("anybody may call {what}");
    for finding in super::about_routes(&RULE, facts, id, |http| is_unstated(&http.auth), message, HELP) {
        out.push(finding.label("no `auth`"));
    }
}

/// Who connects is asked once, for all messages that follow.
fn socket(facts: &Facts, id: Id<Socket>, out: &mut Findings) {
    let socket = &facts.model().sockets[id];
    if is_unstated(&socket.auth) {
        let name = socket.head.name();
        let finding = RULE.finding(socket.head.span, format!("anybody may connect to `{name}`"));
        out.push(finding.label("no `auth`").help(format!("add {HELP} to `{name}`")));
    }
}

const fn is_unstated(auth: &Auth) -> bool {
    matches!(auth, Auth::Unstated)
}
