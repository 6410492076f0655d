//! Somebody outside gets in.

use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::Finding;
use crate::model::{Api, Http, Id, Model, Trigger, TriggerSource};
use crate::rules::{RELATED, Rule};

pub(super) mod exposed_secret;
pub(super) mod exposing_attribute;
pub(super) mod public_bucket;
pub(super) mod public_route_without_throttle;
pub(super) mod route_without_authentication;
pub(super) mod secret_without_rotation;
pub(super) mod wildcard_cors_with_credentials;

/// Findings about routes of an API. Where all of them lack something, the API is the place to say it, and one finding
/// is enough; otherwise each route is a place of its own.
fn about_routes(
    rule: &Rule,
    facts: &Facts,
    api: Id<Api>,
    lacks: impl Fn(&Http) -> bool,
    message: impl Fn(&str) -> String,
    help: &str,
) -> Vec<Finding> {
    let head = &facts.model().apis[api].head;
    let routes = facts.routes(api);
    let lacking: Vec<&Http> = routes.iter().copied().filter(|http| lacks(http)).collect();
    let named = |http: &Http| (format!("`{}` of `{}`", http.route.value, head.name()), http.route.span);
    if lacking.len() > 1 && lacking.len() == routes.len() {
        let places: Vec<Span> = lacking.iter().take(RELATED).map(|http| http.route.span).collect();
        let what = format!("every route of `{}`", head.name());
        let finding = rule.finding(head.span, message(&what)).help(format!("add {help} to `{}`", head.name()));
        return vec![places.into_iter().fold(finding, |finding, span| finding.related(span, "such a route"))];
    }
    let each = lacking.into_iter().map(named);
    each.map(|(what, span)| rule.finding(span, message(&what)).help(format!("add {help} to the route"))).collect()
}

/// Where a trigger lets anybody in.
fn door(model: &Model, trigger: &Trigger) -> Option<Span> {
    match &trigger.source {
        TriggerSource::Http(http) => http.auth.is_open().then_some(http.route.span),
        TriggerSource::Socket { api, .. } => model.sockets[api.value].auth.is_open().then_some(trigger.span),
        TriggerSource::Queue { .. }
        | TriggerSource::Stream { .. }
        | TriggerSource::Change { .. }
        | TriggerSource::Topic { .. }
        | TriggerSource::Event { .. }
        | TriggerSource::Object { .. }
        | TriggerSource::Schedule { .. }
        | TriggerSource::Message { .. }
        | TriggerSource::Log { .. }
        | TriggerSource::User { .. }
        | TriggerSource::Rotation { .. } => None,
    }
}
