//! Somebody outside gets in.

use crate::analysis::Facts;
use crate::base::Span;
use crate::diag::Finding;
use crate::model::{Api, Http, Id};
use crate::rules::{RELATED, Rule};

pub(super) mod public_route_without_throttle;
pub(super) mod route_without_authentication;

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
