//! CORS: what pages of other origins have to be allowed, for the routes of an API to be of use to them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Span, Spanned};
use crate::model::{
    Api, Auth, Cors, CorsNeed, CorsPart, Function, Given, Http, Id, Idempotency, IdempotencyKey, Method,
};
use crate::spec;

/// By part and name, so that the first route that needs something speaks for all.
type Needs = BTreeMap<(CorsPart, Arc<str>), CorsNeed>;

/// What the routes of each API need, each with the first route that does.
pub(super) fn needs<'f>(functions: impl Iterator<Item = &'f Function>) -> BTreeMap<Id<Api>, Vec<CorsNeed>> {
    let mut out: BTreeMap<Id<Api>, Needs> = BTreeMap::new();
    for function in functions {
        for http in function.triggers.iter().filter_map(|trigger| trigger.http()) {
            let known = out.entry(http.api.value).or_default();
            for need in of_route(function, http) {
                known.entry((need.part, Arc::clone(&need.name))).or_insert(need);
            }
        }
    }
    out.into_iter().map(|(api, needs)| (api, needs.into_values().collect())).collect()
}

fn of_route(function: &Function, http: &Http) -> Vec<CorsNeed> {
    let route = &http.route;
    let need =
        |part, name: &str, because: &str, span| CorsNeed { part, name: name.into(), because: because.into(), span };
    let mut out = Vec::new();
    let methods = match route.value.method {
        Method::Any => &[Method::Delete, Method::Get, Method::Patch, Method::Post, Method::Put][..],
        Method::Get | Method::Head | Method::Post | Method::Put | Method::Patch | Method::Delete | Method::Options => {
            std::slice::from_ref(&route.value.method)
        }
    };
    out.extend(methods.iter().map(|m| need(CorsPart::Method, m.as_str(), "the method of this route", route.span)));
    if let Auth::Jwt(_) = http.auth {
        out.push(need(CorsPart::Header, "authorization", "this route takes a token", route.span));
    }
    let has_body = match route.value.method {
        Method::Patch | Method::Post | Method::Put | Method::Any => true,
        Method::Delete | Method::Get | Method::Head | Method::Options => http.body.is_some(),
    };
    if has_body {
        out.push(need(CorsPart::Header, "content-type", "this route takes a body", route.span));
    }
    if let Some(Idempotency::Table { key, .. } | Idempotency::Cache { key, .. }) = &function.idempotency
        && let IdempotencyKey::Header(name) = &key.value
    {
        out.push(need(CorsPart::Header, &name.to_ascii_lowercase(), "the key of repetitions", key.span));
    }
    out
}

/// Methods of what has no routes and does not say: a page reads.
const READING: [Method; 2] = [Method::Get, Method::Head];

/// Methods that are not written: those of the routes.
fn derived(of_routes: Vec<Spanned<Arc<str>>>, span: Span) -> Given<Vec<Spanned<Arc<str>>>> {
    if of_routes.is_empty() {
        let reading = READING.map(|method| Spanned::new(Arc::from(method.as_str()), span));
        return Given::derived(reading.to_vec(), span, "a page reads where no route says otherwise");
    }
    Given::derived(of_routes, span, "the methods of its routes")
}

/// Methods and headers as written, else those that the routes need.
pub(super) fn resolve(cors: &spec::Cors, needs: &[CorsNeed], span: Span) -> Cors {
    let needed = |part| {
        let of_part = needs.iter().filter(move |need| need.part == part);
        of_part.map(|need| Spanned::new(Arc::clone(&need.name), need.span)).collect::<Vec<_>>()
    };
    let methods = cors.methods.as_ref().map(|list| {
        let texts = list.0.iter().map(|method| (*method).map(|m| Arc::from(m.as_str()))).collect::<Vec<_>>();
        Given { span: texts.first().map_or(span, |text: &Spanned<Arc<str>>| text.span), value: texts, derived: None }
    });
    let headers = cors.headers.as_ref().map(|list| Given {
        span: list.0.first().map_or(span, |text| text.span),
        value: list.0.iter().map(|name| name.clone().map(|name| name.0)).collect(),
        derived: None,
    });
    Cors {
        origins: cors.origins.0.iter().map(|origin| origin.clone().map(|origin| origin.0)).collect(),
        methods: methods.unwrap_or_else(|| derived(needed(CorsPart::Method), span)),
        headers: headers.unwrap_or_else(|| {
            Given::derived(
                needed(CorsPart::Header),
                span,
                "what its routes take: tokens, bodies and keys of repetitions",
            )
        }),
        credentials: cors.credentials.as_ref().is_some_and(|c| c.value),
        needs: needs.to_vec(),
    }
}
