//! Doors to the internet: which tokens a route has to ask for by the model, and which ones its gateway asks for. A policy of
//! a route replaces the one of its gateway as a whole.

use std::collections::{BTreeMap, BTreeSet};

use isobar::base::MemoryFiles;
use isobar::model::{Auth, Model};
use serde_yaml::Value;

use super::differences_in;
use super::read::{has_only, list, text};
use crate::application::{Compiled, Subject, compile};

/// APIs that ask for a token and that do not, with routes that ask for the same, for another and for none.
const MIXED: &str = r#"isobar: 1
app: doors
resources:
  shop: { type: api, auth: { jwt: { issuer: "https://id.example.com/", audience: [shop] } }, cors: { origins: ["https://shop.example.com"] } }
  open: { type: api }
functions:
  serve:
    runtime: python3.13
    handler: app.handler
    code: code
    on:
      - http: { api: shop, route: GET /inherited }
      - http: { api: shop, route: GET /same, auth: { jwt: { issuer: "https://id.example.com/", audience: [shop] } } }
      - http: { api: shop, route: GET /narrower, auth: { jwt: { issuer: "https://id.example.com/", audience: [staff, robots] } } }
      - http: { api: shop, route: GET /other, auth: { jwt: { issuer: "https://other.example.com", audience: [shop] } } }
      - http: { api: shop, route: GET /for-all, auth: public }
      - http: { api: open, route: GET /own, auth: { jwt: { issuer: "https://other.example.com", audience: [o] } } }
      - http: { api: open, route: GET /anybody, auth: public }
      - http: { api: open, route: GET /unsaid }
targets: { kubernetes: { namespace: space OPTION } }
"#;

/// The keys of the issuers, by the option and by rule.
const JWKS: &str = "https://keys.example.com/jwks";

/// What every route has to ask for.
pub(super) fn needed(model: &Model) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let jwks = model.targets["kubernetes"].options.get("jwks").and_then(|value| value.as_str());
    for function in model.functions.values() {
        for (trigger, http) in function.triggers.iter().filter_map(|trigger| Some((trigger, trigger.http()?))) {
            let api = &model.apis[http.api.value];
            let asked = match &http.auth {
                Auth::Jwt(jwt) => {
                    let issuer = &*jwt.issuer.value;
                    let audience: Vec<&str> = jwt.audience.iter().map(|one| &*one.value).collect();
                    // One address of keys is that of one issuer.
                    let is_other = matches!(&api.auth, Auth::Jwt(of_api) if of_api.issuer.value != jwt.issuer.value);
                    let host = issuer.trim_start_matches("https://").trim_end_matches('/');
                    let by_rule = format!("https://{host}/.well-known/jwks.json");
                    let keys = jwks.filter(|_| !is_other).unwrap_or(&by_rule);
                    format!("tokens of {issuer} for {} by {keys}", audience.join(", "))
                }
                Auth::Public(_) | Auth::Unstated => "nothing".to_owned(),
            };
            let node = format!("{}.on.{}", function.head.path, trigger.name);
            out.insert(format!("door {node} asks for {asked}"));
            let origins = api.cors.iter().flat_map(|cors| &cors.origins);
            out.extend(origins.map(|origin| format!("door {node} is for pages of {}", origin.value)));
        }
    }
    out
}

/// What the policies of gateways and routes ask for.
pub(super) fn said(documents: &[Value]) -> BTreeSet<String> {
    let of_kind = |kind: &'static str| documents.iter().filter(move |one| one["kind"] == kind);
    let mut policies: BTreeMap<String, Vec<&Value>> = BTreeMap::new();
    for policy in of_kind("SecurityPolicy") {
        for target in list(&policy["spec"]["targetRefs"]) {
            policies.entry(format!("{}/{}", text(&target["kind"]), text(&target["name"]))).or_default().push(policy);
        }
    }
    let mut out = BTreeSet::new();
    for route in of_kind("HTTPRoute") {
        let node = text(&route["metadata"]["annotations"]["isobar.dev/node"]);
        let own = policies.get(&format!("HTTPRoute/{}", text(&route["metadata"]["name"])));
        let gateway = &list(&route["spec"]["parentRefs"])[0]["name"];
        match own.or_else(|| policies.get(&format!("Gateway/{}", text(gateway)))).map(Vec::as_slice) {
            Some([policy]) => asked(&node, &policy["spec"], &mut out),
            other => _ = out.insert(format!("door {node} has {} policies", other.map_or(0, <[_]>::len))),
        }
    }
    out
}

fn asked(node: &str, policy: &Value, out: &mut BTreeSet<String>) {
    let providers = list(&policy["jwt"]["providers"]);
    let is_known = has_only(policy, &["targetRefs", "cors", "jwt", "authorization"])
        && (policy.get("jwt").is_none() || has_only(&policy["jwt"], &["providers"]))
        && (policy.get("authorization").is_none() || policy["authorization"]["defaultAction"] == "Allow")
        && providers.iter().all(|one| has_only(one, &["name", "issuer", "audiences", "remoteJWKS"]));
    if !is_known {
        out.insert(format!("door {node} has {}", text(policy)));
    }
    for one in providers {
        let audience: Vec<String> = list(&one["audiences"]).iter().map(text).collect();
        let (issuer, keys) = (text(&one["issuer"]), text(&one["remoteJWKS"]["uri"]));
        out.insert(format!("door {node} asks for tokens of {issuer} for {} by {keys}", audience.join(", ")));
    }
    if providers.is_empty() {
        out.insert(format!("door {node} asks for nothing"));
    }
    let origins = list(&policy["cors"]["allowOrigins"]).iter();
    out.extend(origins.map(|origin| format!("door {node} is for pages of {}", text(origin))));
}

fn mixed(option: &str) -> Compiled {
    let code = "def handler(events, context):\n    return None\n";
    let text = MIXED.replace(" OPTION", option);
    let files = MemoryFiles::new().with("isobar.yaml", &*text).with("code/app.py", code);
    let targets = vec!["kubernetes".to_owned()];
    compile(&Subject { name: "doors".to_owned(), files, targets, is_example: false }, "kubernetes")
}

#[test]
fn every_route_asks_for_its_own_tokens() {
    for option in ["", &format!(", jwks: \"{JWKS}\"")] {
        let compiled = mixed(option);
        let wrong = differences_in(&compiled, &compiled.texts);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

/// Without any one of the policies, or with another in its place, something is missing.
#[test]
fn a_door_without_its_policy_is_seen() {
    let compiled = mixed("");
    let mut count = 0;
    for (path, file) in &compiled.texts {
        for part in file.split("\n---\n").filter(|part| part.contains("kind: SecurityPolicy")) {
            for (from, to) in [
                ("kind: SecurityPolicy", "kind: Nothing"),
                ("issuer: https://", "issuer: https://elsewhere."),
                ("audiences: [", "audiences: [more, "),
                ("  jwt:\n", "  jwt:\n    optional: true\n"),
                ("kind: HTTPRoute\n      name: ", "kind: HTTPRoute\n      name: not-"),
                ("kind: Gateway\n      name: ", "kind: Gateway\n      name: not-"),
            ] {
                if !part.contains(from) {
                    continue;
                }
                let mut texts = compiled.texts.clone();
                texts.insert(path.clone(), file.replace(part, &part.replace(from, to)));
                // What is asked of nobody is asked of nobody without a policy as well, where the API asks nothing.
                let is_same = part.contains("name: doors-serve.http-get-anybody\n") && part.contains("defaultAction");
                let is_seen = !differences_in(&compiled, &texts).is_empty();
                assert!(is_seen || is_same, "{path}: {from} becomes {to} in {part}");
                count += 1;
            }
        }
    }
    assert!(count > 12, "{count} changes");
}
