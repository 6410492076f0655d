//! Emitted manifests → what they say of who may do what. What is not understood is a fact of its own, which nothing needs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize as _;
use serde_yaml::Value;

/// Not the addresses that networks keep for themselves.
const PRIVATE: [&str; 5] = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/// All manifests.
pub(super) fn documents(texts: &BTreeMap<String, String>) -> Vec<Value> {
    let files = texts.iter().filter(|(path, _)| Path::new(path).extension().is_some_and(|ending| ending == "yaml"));
    let all = files.flat_map(|(_, text)| serde_yaml::Deserializer::from_str(text));
    all.map(|one| Value::deserialize(one).expect("YAML")).filter(|document| !document.is_null()).collect()
}

/// Reads all manifests.
pub(super) fn facts(texts: &BTreeMap<String, String>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for document in documents(texts) {
        read(&document, &mut out);
    }
    out
}

/// What triggers are called, by their node.
pub(super) fn names(texts: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    let is_trigger = |one: &Value| matches!(text(&one["kind"]).as_str(), "Trigger" | "KafkaSource" | "PingSource");
    let all = documents(texts).into_iter().filter(is_trigger);
    all.map(|one| (text(&one["metadata"]["annotations"]["isobar.dev/node"]), text(&one["metadata"]["name"]))).collect()
}

/// A scalar as it is; what is none is marked, so that it equals nothing.
pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Null | Value::Bool(_) | Value::Sequence(_) | Value::Mapping(_) | Value::Tagged(_) => {
            format!("?{}", serde_yaml::to_string(value).expect("printable").trim())
        }
    }
}

/// The items of a list; none where there is no list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_sequence().map_or(&[], Vec::as_slice)
}

/// Whether a mapping has these keys and no others.
pub(super) fn has_only(value: &Value, keys: &[&str]) -> bool {
    value.as_mapping().is_some_and(|map| map.keys().all(|key| key.as_str().is_some_and(|key| keys.contains(&key))))
}

fn read(document: &Value, out: &mut BTreeSet<String>) {
    let kind = text(&document["kind"]);
    let name = text(&document["metadata"]["name"]);
    match kind.as_str() {
        "NetworkPolicy" => network(&name, &document["spec"], out),
        "CiliumNetworkPolicy" => cilium(&name, &document["spec"], out),
        "KafkaUser" => kafka(&name, &document["spec"], out),
        "Component" => {
            out.extend(list(&document["scopes"]).iter().map(|user| format!("component {name} for {}", text(user))));
            if list(&document["scopes"]).is_empty() {
                out.insert(format!("component {name} for everybody"));
            }
        }
        "Role" => role(&name, document, out),
        "RoleBinding" => binding(&name, document, out),
        "ExternalSecret" => {
            let store = &document["spec"]["secretStoreRef"];
            for data in list(&document["spec"]["data"]) {
                let (kind, from, key) = (text(&store["kind"]), text(&store["name"]), text(&data["remoteRef"]["key"]));
                out.insert(format!("secret ExternalSecret/{name} from {kind}/{from} copies {key}"));
            }
            if document["spec"].get("dataFrom").is_some() {
                out.insert(format!("secret ExternalSecret/{name} copies what it finds"));
            }
        }
        "SecretStore" => {
            let identity = text(&document["spec"]["provider"]["kubernetes"]["auth"]["serviceAccount"]["name"]);
            out.insert(format!("identity SecretStore/{name} is {identity}"));
        }
        "ServiceAccount" if document["automountServiceAccountToken"] != false => {
            out.insert(format!("identity ServiceAccount/{name} has its token mounted"));
        }
        "Secret" | "ClusterRole" | "ClusterRoleBinding" | "CiliumClusterwideNetworkPolicy" | "ClusterSecretStore" => {
            out.insert(format!("{kind} {name}"));
        }
        _ => {}
    }
    if let Some(pod) = pod(&kind, document) {
        if pod["automountServiceAccountToken"] != false {
            out.insert(format!("identity {kind}/{name} has its token mounted"));
        }
        if let Some(identity) = pod.get("serviceAccountName") {
            out.insert(format!("identity {kind}/{name} is {}", text(identity)));
        }
    }
    // Dapr's and External Secrets' references are copies of what is said above.
    let owner = format!("{kind}/{name}");
    secrets(&owner, document, out);
}

/// What a document says of the pods that it makes.
fn pod<'d>(kind: &str, document: &'d Value) -> Option<&'d Value> {
    match kind {
        "Service" => document["spec"].get("template").map(|template| &template["spec"]),
        "CronJob" => Some(&document["spec"]["jobTemplate"]["spec"]["template"]["spec"]),
        "Deployment" | "Job" | "StatefulSet" | "DaemonSet" => Some(&document["spec"]["template"]["spec"]),
        _ => None,
    }
}

/// Secrets that a document names, wherever: by the keys under which Kubernetes and the custom resources name them.
fn secrets(owner: &str, value: &Value, out: &mut BTreeSet<String>) {
    match value {
        Value::Mapping(map) => {
            for (key, inner) in map {
                let named = match key.as_str().unwrap_or_default() {
                    "secretName" => Some(inner),
                    "secretKeyRef" | "secretRef" | "secret" if inner.is_mapping() => {
                        inner.get("name").or_else(|| inner.get("ref").and_then(|r| r.get("name")))
                    }
                    _ => None,
                };
                out.extend(named.map(|name| format!("secret {owner} has {}", text(name))));
                if key == "certificateRefs" {
                    out.extend(list(inner).iter().map(|one| format!("secret {owner} has {}", text(&one["name"]))));
                }
                secrets(owner, inner, out);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| secrets(owner, item, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {}
    }
}

fn labels(selector: &Value) -> String {
    if !has_only(selector, &["matchLabels"]) {
        return expressions(selector);
    }
    let labels = selector["matchLabels"].as_mapping().into_iter().flatten();
    let mut all: Vec<String> = labels.map(|(key, value)| format!("{}={}", text(key), text(value))).collect();
    all.sort();
    all.join(",")
}

fn expressions(selector: &Value) -> String {
    let all = list(&selector["matchExpressions"]);
    let known = |one: &Value| one["operator"] == "In" && has_only(one, &["key", "operator", "values"]);
    if !has_only(selector, &["matchExpressions"]) || all.is_empty() || !all.iter().all(known) {
        return text(selector);
    }
    let one = |one: &Value| {
        let values: Vec<String> = list(&one["values"]).iter().map(text).collect();
        format!("{}={}", text(&one["key"]), values.join("|"))
    };
    all.iter().map(one).collect::<Vec<_>>().join(",")
}

fn network(name: &str, spec: &Value, out: &mut BTreeSet<String>) {
    let mut types: Vec<String> = list(&spec["policyTypes"]).iter().map(text).collect();
    types.sort();
    out.insert(format!("network {name} on {} {}", labels(&spec["podSelector"]), types.join(",")));
    for (direction, word, key) in [("ingress", "from", "from"), ("egress", "to", "to")] {
        for rule in list(&spec[direction]) {
            let (peers, ports) = (list(&rule[key]), list(&rule["ports"]));
            if !has_only(rule, &[key, "ports"]) || peers.is_empty() || ports.is_empty() {
                out.insert(format!("network {name} {direction} {word} {}", text(rule)));
            }
            for (peer, port) in peers.iter().flat_map(|peer| ports.iter().map(move |port| (peer, port))) {
                let is_plain = has_only(port, &["protocol", "port"]) && port["port"].is_number();
                let port =
                    if is_plain { format!("{}/{}", text(&port["protocol"]), text(&port["port"])) } else { text(port) };
                out.insert(format!("network {name} {direction} {word} {} {port}", self::peer(peer)));
            }
        }
    }
}

fn peer(peer: &Value) -> String {
    let space = &peer["namespaceSelector"]["matchLabels"];
    let is_space =
        has_only(&peer["namespaceSelector"], &["matchLabels"]) && has_only(space, &["kubernetes.io/metadata.name"]);
    let space = || text(&space["kubernetes.io/metadata.name"]);
    if has_only(peer, &["namespaceSelector"]) && is_space {
        return space();
    }
    if has_only(peer, &["namespaceSelector", "podSelector"]) && is_space {
        return format!("{} {}", space(), labels(&peer["podSelector"]));
    }
    if has_only(peer, &["podSelector"]) {
        return format!("pods {}", labels(&peer["podSelector"]));
    }
    let block = &peer["ipBlock"];
    let except: Vec<String> = list(&block["except"]).iter().map(text).collect();
    if has_only(peer, &["ipBlock"]) && block["cidr"] == "0.0.0.0/0" && except == PRIVATE {
        return "the internet".to_owned();
    }
    text(peer)
}

fn cilium(name: &str, spec: &Value, out: &mut BTreeSet<String>) {
    out.insert(format!("cilium {name} on {}", labels(&spec["endpointSelector"])));
    if !has_only(spec, &["endpointSelector", "egress"]) {
        out.insert(format!("cilium {name} {}", text(spec)));
    }
    let names = "toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': kube-system, k8s-app: kube-dns } }]";
    let ports = "toPorts: [{ ports: [{ port: '53', protocol: ANY }], rules: { dns: [{ matchPattern: '*' }] } }]";
    let question: Value = serde_yaml::from_str(&format!("{{ {names}, {ports} }}")).expect("YAML");
    for rule in list(&spec["egress"]) {
        if *rule == question {
            out.insert(format!("cilium {name} asks kube-dns"));
            continue;
        }
        if !has_only(rule, &["toFQDNs", "toPorts"]) {
            out.insert(format!("cilium {name} egress to {}", text(rule)));
        }
        let ports: Vec<&Value> = list(&rule["toPorts"]).iter().flat_map(|one| list(&one["ports"])).collect();
        for host in list(&rule["toFQDNs"]) {
            let to = if has_only(host, &["matchName"]) { text(&host["matchName"]) } else { text(host) };
            let port = |port: &&Value| format!("{}/{}", text(&port["protocol"]), text(&port["port"]));
            out.extend(ports.iter().map(|p| format!("cilium {name} egress to {to} {}", port(p))));
        }
    }
}

fn kafka(name: &str, spec: &Value, out: &mut BTreeSet<String>) {
    if spec["authentication"]["type"] != "tls" || spec["authorization"]["type"] != "simple" {
        out.insert(format!("kafka {name} {}", text(spec)));
    }
    for acl in list(&spec["authorization"]["acls"]) {
        let on = &acl["resource"];
        if !has_only(acl, &["resource", "operations", "host"]) || !has_only(on, &["type", "name", "patternType"]) {
            out.insert(format!("kafka {name} may {}", text(acl)));
        }
        let on = format!("{} {} {}", text(&on["type"]), text(&on["patternType"]), text(&on["name"]));
        out.extend(list(&acl["operations"]).iter().map(|verb| format!("kafka {name} may {} {on}", text(verb))));
    }
}

fn role(name: &str, document: &Value, out: &mut BTreeSet<String>) {
    for rule in list(&document["rules"]) {
        let known = has_only(rule, &["apiGroups", "resources", "resourceNames", "verbs"]);
        if !known || list(&rule["resourceNames"]).is_empty() || list(&rule["apiGroups"]) != [Value::from("")] {
            out.insert(format!("role {name} may {}", text(rule)));
        }
        let verbs = list(&rule["verbs"]).iter().map(text);
        for verb in verbs {
            for what in list(&rule["resources"]).iter().map(text) {
                let names = list(&rule["resourceNames"]).iter().map(text);
                out.extend(names.map(|on| format!("role {name} may {verb} {what} {on}")));
            }
        }
    }
}

fn binding(name: &str, document: &Value, out: &mut BTreeSet<String>) {
    let of = &document["roleRef"];
    if of["kind"] != "Role" || of["name"] != name {
        out.insert(format!("role binding {name} to {}", text(of)));
    }
    for subject in list(&document["subjects"]) {
        let who = format!("{} {}/{}", text(&subject["kind"]), text(&subject["namespace"]), text(&subject["name"]));
        out.insert(format!("role {name} is of {who}"));
    }
}
