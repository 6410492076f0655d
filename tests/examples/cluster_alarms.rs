//! Alarms on a cluster: rules that can fire, over numbers that somebody reads. And how long a delivery waits.

use isobar::base::{MemoryFiles, Sources};
use serde_yaml::Value;

use crate::support::{self, compile_files};

const SPEC: &str = r"
isobar: 1
app: shop
targets: { kubernetes: { namespace: shop, monitoring-namespace: watch } }
defaults: { function: { runtime: python3.13 } }
alarms: { notify: alerts }
resources:
  alerts: { type: topic, external-subscribers: true }
  open: { type: api }
  work: { type: queue, dead-letter: { after: 3 }, visibility: 10m }
  failures: { type: queue, manual: true }
functions:
  plain: { handler: app.handler, code: code, on: [{ http: { api: open, route: GET /, auth: public } }], timeout: 10s }
  counted: { handler: app.handler, code: code, on: [{ queue: work }], timeout: 20s, scaling: { concurrency: 4 } }
  nightly: { handler: app.handler, code: code, on: [{ schedule: 5m }], dead-letter: { to: failures } }
  quiet: { handler: app.handler, code: code, on: [{ schedule: 6m }], observe: { alarms: false } }
";

fn documents() -> Vec<Value> {
    let files = MemoryFiles::new()
        .with("isobar.yaml", SPEC)
        .with("code/app.py", "def handler(events, context):\n    return None\n");
    let (artifacts, findings) = compile_files(&files, "kubernetes", &mut Sources::default());
    let artifacts = artifacts.unwrap_or_else(|| panic!("{findings:?}"));
    support::documents(&artifacts)
}

fn find<'d>(documents: &'d [Value], kind: &str, name: &str) -> Option<&'d Value> {
    documents.iter().find(|one| one["kind"] == kind && one["metadata"]["name"] == name)
}

/// The rules of a node, by the name of the alarm.
fn alarms(documents: &[Value], name: &str) -> Vec<(String, String)> {
    let Some(rule) = find(documents, "PrometheusRule", name) else { return Vec::new() };
    let rules = rule["spec"]["groups"][0]["rules"].as_sequence().expect("rules");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    rules.iter().map(|rule| (text(&rule["alert"]), text(&rule["expr"]))).collect()
}

fn names(alarms: &[(String, String)]) -> Vec<&str> {
    alarms.iter().map(|(name, _)| name.as_str()).collect()
}

#[test]
fn every_queue_has_the_alarm_of_its_kind() {
    let documents = documents();
    for dead in ["shop-work-failed", "shop-failures"] {
        assert_eq!(names(&alarms(&documents, dead)), ["DeadLetterNotEmpty"], "{dead}");
    }
    let waiting = alarms(&documents, "shop-work");
    assert_eq!(names(&waiting), ["OldestMessageWaits"]);
    let expression = &waiting[0].1;
    assert!(expression.contains("consumergroup=\"shop-work.consumers\""), "{expression}");
    assert!(expression.contains("offset 10m"), "{expression}");
    let group =
        &find(&documents, "KafkaSource", "shop-counted.queue-work").expect("a consumer")["spec"]["consumerGroup"];
    assert_eq!(group, "shop-work.consumers");
}

#[test]
fn requests_wait_only_where_it_is_said_how_many_run() {
    let documents = documents();
    assert_eq!(names(&alarms(&documents, "shop-plain")), ["FunctionErrors"]);
    let counted = alarms(&documents, "shop-counted");
    assert_eq!(names(&counted), ["FunctionErrors", "FunctionThrottled"]);
    let expression = &counted[1].1;
    assert!(expression.contains("> 4 * sum(kn_revision_pods_count{"), "{expression}");
    assert!(expression.trim_end().ends_with("> 4"), "{expression}");
    assert!(alarms(&documents, "shop-quiet").is_empty());
}

#[test]
fn prometheus_reaches_what_it_reads_and_nothing_else() {
    let documents = documents();
    for (function, is_read) in [("shop-plain", true), ("shop-quiet", false)] {
        let policy = find(&documents, "NetworkPolicy", function).expect("a policy");
        let doors = policy["spec"]["ingress"].as_sequence().expect("doors");
        let ports = |from: &str| -> Vec<u64> {
            let label = |door: &Value| {
                door["from"][0]["namespaceSelector"]["matchLabels"]["kubernetes.io/metadata.name"] == from
            };
            let ports = doors.iter().filter(|door| label(door)).filter_map(|door| door["ports"].as_sequence());
            ports.flatten().filter_map(|port| port["port"].as_u64()).collect()
        };
        assert_eq!(ports("watch"), if is_read { &[9091][..] } else { &[] }, "{function}");
        let monitor = find(&documents, "PodMonitor", function);
        assert_eq!(monitor.is_some(), is_read, "{function}");
        if let Some(monitor) = monitor {
            assert_eq!(monitor["spec"]["selector"]["matchLabels"]["serving.knative.dev/service"], function);
        }
    }
}

#[test]
fn a_delivery_waits_for_an_instance_to_start() {
    let documents = documents();
    let timeout = |name: &str| {
        find(&documents, "Service", name).expect("a function")["spec"]["template"]["spec"]["timeoutSeconds"].clone()
    };
    assert_eq!((timeout("shop-plain"), timeout("shop-counted")), (10.into(), 20.into()));
    let source = find(&documents, "KafkaSource", "shop-counted.queue-work").expect("a consumer");
    assert_eq!(source["spec"]["delivery"]["timeout"], "PT1M20S");
    let route = find(&documents, "HTTPRoute", "shop-plain.http-get").expect("a route");
    assert_eq!(route["spec"]["rules"][0]["timeouts"]["request"], "1m10s");
}
