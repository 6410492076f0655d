//! Names on a cluster: within what each kind of object takes, however long those of the spec are, and never two alike,
//! however much those of the spec look like what is made of others.

use std::collections::{BTreeMap, BTreeSet};

use isobar::base::{MemoryFiles, RelPath, Sources};
use isobar::pipeline::{self, Request};
use serde_yaml::Value;

use crate::support::{self, target};

/// All manifests of an application, which is proven.
fn documents(spec: &str, environment: Option<&str>) -> Vec<Value> {
    let files = MemoryFiles::new()
        .with("isobar.yaml", spec)
        .with("code/app.py", "def handler(events, context):\n    return None\n");
    let mut sources = Sources::default();
    let path = RelPath::resolve("", "isobar.yaml").expect("a plain name");
    let request = Request { environment: environment.map(str::to_owned), ..Request::default() };
    let (application, findings) = pipeline::read(&files, &path, &request, &mut sources);
    let application = application.unwrap_or_else(|| panic!("{findings:?}"));
    let (compiled, findings) = pipeline::compile(&application, &target("kubernetes", &mut sources), &files, &sources);
    let artifacts = compiled.unwrap_or_else(|| panic!("{findings:?}")).artifacts;
    support::documents(&artifacts)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Every kind of node and trigger; `~` stands in front of each name.
const KINDS: &str = r#"
isobar: 1
app: APP
targets: { kubernetes: { namespace: NAMESPACE } }
environments: { ENVIRONMENT: { protected: true } }
defaults: { function: { runtime: python3.13 } }
alarms: { notify: ~alerts }
events: { made: { source: elsewhere, schema: { type: object } } }
resources:
  ~alerts: { type: topic, external-subscribers: true }
  ~api: { type: api, auth: { jwt: { issuer: "https://id.example.com/", audience: [a] } }, throttle: { rate: 5, burst: 9 } }
  ~mesh: { type: bus, default: true }
  ~work: { type: queue, dead-letter: { to: ~failed } }
  ~failed: { type: queue, manual: true }
  ~files: { type: bucket, public: true }
  ~rows: { type: table, key: { partition: { id: string } } }
  ~more: { type: table, key: { partition: { id: string } } }
  ~key: { type: secret }
functions:
  ~all:
    handler: app.handler
    code: code
    dead-letter: { to: ~failed }
    observe: { trace: true }
    scaling: { concurrency: 5 }
    uses: { ~rows: get, ~more: get, ~key: get, ~files: get, ~work: send }
    on:
      - http: { api: ~api, route: "GET /a/{id}" }
      - http: { api: ~api, route: "GET /b", auth: public }
      - queue: ~work
      - topic: ~alerts
      - event: made
      - schedule: { cron: "0 2 * * mon,tue,wed,thu,fri,sat" }
      - object: { bucket: ~files, created: { prefix: a-rather-long-prefix-of-objects/ } }
"#;

/// `KINDS`, all names as long as the language takes them.
fn longest() -> String {
    let mut spec = String::new();
    let mut rest = KINDS;
    while let Some((before, after)) = rest.split_once('~') {
        let end = after.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(after.len());
        let (name, tail) = after.split_at(end);
        spec.push_str(before);
        spec.push_str(name);
        spec.extend((name.len()..63).map(|at| if at % 2 == 1 && at < 62 { '-' } else { 'x' }));
        rest = tail;
    }
    spec.push_str(rest);
    let long = |start: &str| format!("{start}{}", "y".repeat(63 - start.len()));
    spec.replace("APP", &long("a")).replace("ENVIRONMENT", &long("e")).replace("NAMESPACE", &long("n"))
}

/// Most characters of a name, and whether it becomes the name of a service, which holds no dot. The numbers are those of what
/// runs on the cluster: labels of DNS, jobs of a `CronJob`, the common name of a certificate, a Kafka topic, a database whose
/// snapshots can be restored, the service of a channel; all else is a name of DNS.
fn limit(kind: &str) -> (usize, bool) {
    match kind {
        "Service" | "Gateway" | "Broker" => (63, true),
        "CronJob" | "KafkaChannel" => (52, true),
        "Cluster" => (40, true),
        "KafkaUser" => (64, false),
        "KafkaTopic" => (249, false),
        _ => (253, false),
    }
}

fn is_label(text: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    text.starts_with(is_plain) && text.ends_with(is_plain) && text.chars().all(|c| is_plain(c) || c == '-')
}

/// Label values anywhere in a document.
fn labels<'d>(value: &'d Value, out: &mut Vec<&'d str>) {
    for (key, value) in value.as_mapping().into_iter().flatten() {
        if matches!(key.as_str(), Some("labels" | "matchLabels")) {
            out.extend(value.as_mapping().into_iter().flatten().filter_map(|(_, value)| value.as_str()));
        }
        labels(value, out);
    }
    value.as_sequence().into_iter().flatten().for_each(|value| labels(value, out));
}

#[test]
fn names_hold_the_limits_of_what_they_name() {
    let spec = longest();
    let environment = format!("e{}", "y".repeat(62));
    let documents = documents(&spec, Some(&environment));
    assert!(documents.len() > 50, "{}", documents.len());
    for document in &documents {
        let (kind, name) = (text(&document["kind"]), text(&document["metadata"]["name"]));
        if kind == "Kustomization" {
            continue;
        }
        let (most, is_service) = limit(&kind);
        assert!(name.len() <= most, "{kind} {name}: {} of {most}", name.len());
        assert!(!is_service || is_label(&name), "{kind} {name}");
        assert!(name.split('.').all(is_label), "{kind} {name}");
        // Labels of alarms are words of Prometheus.
        let labelled = if kind == "PrometheusRule" { &document["metadata"] } else { document };
        let mut values = Vec::new();
        labels(labelled, &mut values);
        for value in values {
            assert!(value.len() <= 63, "{kind} {name}: label {value}");
            assert!(is_label(&value.replace('.', "-").to_ascii_lowercase()), "{kind} {name}: label {value}");
        }
    }
    alike(&documents);
}

#[test]
fn what_refers_to_a_name_that_was_cut_refers_to_what_is_there() {
    let spec = longest();
    let environment = format!("e{}", "y".repeat(62));
    let documents = documents(&spec, Some(&environment));
    let named = |kind: &str| -> Vec<String> {
        documents.iter().filter(|one| one["kind"] == kind).map(|one| text(&one["metadata"]["name"])).collect()
    };
    let function = documents.iter().find(|one| one["kind"] == "Service").expect("a function");
    let traced = &function["spec"]["template"]["metadata"]["annotations"];
    assert_eq!(named("Instrumentation"), [text(&traced["instrumentation.opentelemetry.io/inject-python"])]);
    let database = named("Cluster").pop().expect("a database");
    let mut tables = BTreeSet::new();
    for component in documents.iter().filter(|one| one["kind"] == "Component") {
        let metadata = component["spec"]["metadata"].as_sequence().expect("metadata");
        for entry in metadata {
            match entry["name"].as_str() {
                Some("connectionString") => assert_eq!(text(&entry["secretKeyRef"]["name"]), format!("{database}-app")),
                // A longer name is cut by the database, and then two may be one.
                Some("tableName" | "metadataTableName") => {
                    let table = text(&entry["value"]);
                    assert!(table.len() <= 63 && tables.insert(table.clone()), "{table}");
                }
                _ => {}
            }
        }
    }
    assert_eq!(tables.len(), 4);
    let channels: Vec<String> = documents
        .iter()
        .filter(|one| one["kind"] == "PingSource")
        .map(|one| text(&one["spec"]["sink"]["ref"]["name"]))
        .collect();
    assert_eq!(named("KafkaChannel"), channels);
}

/// No two objects are called alike, neither those in the output nor those that operators make of them.
fn alike(documents: &[Value]) {
    let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut add = |kind: &str, name: String, by: &str| {
        if let Some(other) = seen.insert((kind.to_owned(), name.clone()), by.to_owned()) {
            panic!("{kind} {name} is made by {other} and by {by}");
        }
    };
    for document in documents {
        let (kind, name) = (text(&document["kind"]), text(&document["metadata"]["name"]));
        let group = text(&document["apiVersion"]);
        if kind == "Kustomization" {
            continue;
        }
        add(&format!("{group} {kind}"), name.clone(), "itself");
        match kind.as_str() {
            "KafkaUser" => add("Secret", name, "KafkaUser"),
            "ExternalSecret" => add("Secret", text(&document["spec"]["target"]["name"]), "ExternalSecret"),
            "ObjectBucketClaim" => {
                add("Secret", name.clone(), "ObjectBucketClaim");
                add("v1 ConfigMap", name, "ObjectBucketClaim");
            }
            "Gateway" => {
                let certificate = &document["spec"]["listeners"][0]["tls"]["certificateRefs"][0]["name"];
                add("Secret", text(certificate), "Gateway");
            }
            "Cluster" => {
                for ending in ["app", "ca", "replication", "server", "superuser"] {
                    add("Secret", format!("{name}-{ending}"), "Cluster");
                }
                for ending in ["r", "ro", "rw"] {
                    add("service", format!("{name}-{ending}"), "Cluster");
                }
            }
            "Service" => add("service", name, "Service"),
            "KafkaChannel" => add("service", format!("{name}-kn-channel"), "KafkaChannel"),
            _ => {}
        }
    }
}

/// Nodes that are called as something would be that is made of others by a hyphen.
const ALIKE: &str = r#"
isobar: 1
app: shop
targets: { kubernetes: { namespace: shop } }
defaults: { function: { runtime: python3.13 } }
alarms: { notify: alerts }
events: { made: { source: elsewhere, schema: { type: object } } }
resources:
  alerts: { type: topic, external-subscribers: true }
  web: { type: api, auth: { jwt: { issuer: "https://id.example.com/", audience: [a] } } }
  web-tls: { type: secret }
  mesh: { type: bus, default: true }
  jobs: { type: queue, dead-letter: { to: failed } }
  jobs-sink: { type: secret }
  queue-jobs: { type: queue, dead-letter: { to: failed } }
  failed: { type: queue, manual: true }
  files: { type: bucket }
  files-settings: { type: bucket }
  orders: { type: table, key: { partition: { id: string } } }
  orders-metadata: { type: table, key: { partition: { id: string } } }
  tables-app: { type: secret }
functions:
  tables: { handler: app.handler, code: code, uses: { orders: get, orders-metadata: get, tables-app: get, jobs-sink: get, web-tls: get, jobs: send } }
  tables-rw: { handler: app.handler, code: code, uses: { files: get, files-settings: get, jobs: send } }
  work: { handler: app.handler, code: code, on: [{ queue: jobs }, { queue: queue-jobs }, { topic: alerts }], dead-letter: { to: failed }, uses: { jobs: send } }
  work-queue: { handler: app.handler, code: code, on: [{ queue: queue-jobs }], uses: { jobs: send } }
  work-queue-jobs: { handler: app.handler, code: code, on: [{ http: { api: web, route: GET /a } }], uses: { jobs: send } }
  work-topic-alerts: { handler: app.handler, code: code, on: [{ http: { api: web, route: GET /b } }], uses: { jobs: send } }
  work-topic-alerts-sink: { handler: app.handler, code: code, on: [{ http: { api: web, route: GET /c } }], uses: { jobs: send } }
  report: { handler: app.handler, code: code, on: [{ schedule: { cron: "0 2 * * *" } }], dead-letter: { to: failed } }
  report-schedule-0-2: { handler: app.handler, code: code, on: [{ schedule: { cron: "0 3 * * *" } }], uses: { jobs: send } }
  report-schedule-0-2-kn-channel: { handler: app.handler, code: code, on: [{ event: made }], uses: { jobs: send } }
"#;

#[test]
fn no_name_is_that_of_another_thing() {
    let documents = documents(ALIKE, None);
    alike(&documents);
    let tables: Vec<String> = documents
        .iter()
        .filter(|one| one["kind"] == "Component")
        .flat_map(|one| one["spec"]["metadata"].as_sequence().expect("metadata"))
        .filter(|entry| matches!(entry["name"].as_str(), Some("tableName" | "metadataTableName")))
        .map(|entry| text(&entry["value"]))
        .collect();
    let different: BTreeSet<&String> = tables.iter().collect();
    assert!(tables.len() == 4 && different.len() == 4, "{tables:?}");
}
