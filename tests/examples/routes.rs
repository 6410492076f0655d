//! Routes for any method beside CORS on AWS: API Gateway answers the preflight of a browser itself, unless a route takes it.

use isobar::base::{MemoryFiles, Sources};

use crate::support::compile_files;

/// `apis.tf` of an API with these fields and routes of one function.
fn apis(fields: &str, routes: &str) -> String {
    let auth = "auth: { jwt: { issuer: \"https://id.example.com/\", audience: [shop] } }";
    let spec = format!(
        "isobar: 1\napp: shop\ntargets: {{ aws: {{ region: eu-central-1 }} }}\nresources:\n  web: {{ type: api, {auth}{fields} }}\n\
         functions:\n  serve: {{ runtime: python3.13, handler: app.handler, code: code, on: [{routes}] }}\n"
    );
    let files =
        MemoryFiles::new().with("isobar.yaml", spec).with("code/app.py", "def handler(events, context): pass\n");
    let (artifacts, findings) = compile_files(&files, "aws", &mut Sources::default());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    let found = artifacts.iter().find(|artifact| artifact.path == "apis.tf").expect("it is emitted");
    String::from_utf8_lossy(&found.bytes).into_owned()
}

fn keys(text: &str) -> Vec<&str> {
    let mut keys: Vec<&str> =
        text.lines().filter_map(|line| line.trim().strip_prefix("route_key")?.split('"').nth(1)).collect();
    keys.sort_unstable();
    keys
}

const CORS: &str = ", cors: { origins: [\"https://a.example\"] }";

#[test]
fn preflights_meet_no_route_and_no_authorizer() {
    let text =
        apis(CORS, "{ http: { api: web, route: \"ANY /x/{id}\" } }, { http: { api: web, route: \"GET /x/{other}\" } }");
    assert_eq!(
        keys(&text),
        ["DELETE /x/{id}", "GET /x/{other}", "HEAD /x/{id}", "PATCH /x/{id}", "POST /x/{id}", "PUT /x/{id}"]
    );
    assert_eq!(text.matches("authorization_type = \"JWT\"").count(), 6, "{text}");
    assert!(text.contains("source_arn    = \"${aws_apigatewayv2_api.web.execution_arn}/*/*/x/{id}\""), "{text}");
    let text = apis("", "{ http: { api: web, route: \"ANY /x\" } }");
    assert_eq!(keys(&text), ["ANY /x"]);
}

#[test]
fn each_method_has_the_throttle_of_its_route() {
    let text = apis(CORS, "{ http: { api: web, route: \"ANY /x\", throttle: { rate: 5 } } }");
    assert_eq!(text.matches("throttling_rate_limit  = 5").count(), 6, "{text}");
    assert!(
        text.contains("route_key              = aws_apigatewayv2_route.serve__http_any_x__put.route_key"),
        "{text}"
    );
}
