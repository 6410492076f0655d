//! Mutations of manifests: documents are read by an independent parser, edited as values and printed again.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::Deserialize as _;
use serde_yaml::{Mapping, Value};

use crate::Mutation;

pub(crate) fn mutations(files: &BTreeMap<String, String>, seen: &mut BTreeSet<String>) -> Vec<Mutation> {
    let manifests: BTreeMap<&str, Vec<Value>> = files
        .iter()
        .filter(|(path, _)| {
            Path::new(path).extension().is_some_and(|ending| ending == "yaml") && *path != "kustomization.yaml"
        })
        .map(|(path, text)| (path.as_str(), documents(text)))
        .collect();
    let names = Names::of(manifests.values().flatten());
    let mut out = Vec::new();
    for (file, documents) in &manifests {
        for at in 0..documents.len() {
            let mut edits = Edits { file, documents, at, names: &names, out: &mut out };
            match documents[at]["kind"].as_str().unwrap_or_default() {
                "KafkaUser" => edits.access_list(),
                "NetworkPolicy" if component(&documents[at]) == "function" => {
                    edits.network(seen.insert("network".to_owned()));
                }
                "Component" => edits.scopes(),
                "Service" => edits.mounts(),
                _ => {}
            }
        }
    }
    for text in SLIPPED_IN {
        let text = text.replace("FUNCTION", names.services.first().expect("a function"));
        out.push(Mutation { file: "more.yaml".to_owned(), what: format!("slips in {text}"), text });
    }
    out
}

/// What would grant beside the lists.
const SLIPPED_IN: [&str; 4] = [
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: { name: more }\nrules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]\n",
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRoleBinding\nmetadata: { name: more }\nroleRef: { kind: ClusterRole, name: cluster-admin }\n",
    "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: { name: more }\nspec: { endpointSelector: {}, egress: [{ toEntities: [all] }] }\n",
    "apiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nmetadata: { name: more, annotations: { isobar.dev/node: functions.more } }\nspec: { authorization: { type: simple, acls: [{ resource: { type: topic, name: '*', patternType: literal }, operations: [All] }] } }\n",
];

fn documents(text: &str) -> Vec<Value> {
    let all = serde_yaml::Deserializer::from_str(text).map(|one| Value::deserialize(one).expect("YAML"));
    all.filter(|document| !document.is_null()).collect()
}

fn component(document: &Value) -> &str {
    document["metadata"]["labels"]["app.kubernetes.io/component"].as_str().unwrap_or_default()
}

/// Names that a grant may be turned to.
struct Names {
    topics: BTreeSet<String>,
    services: BTreeSet<String>,
    secrets: BTreeSet<String>,
    nodes: BTreeSet<String>,
}

impl Names {
    fn of<'d>(documents: impl Iterator<Item = &'d Value>) -> Self {
        let mut all = Self {
            topics: BTreeSet::new(),
            services: BTreeSet::new(),
            secrets: BTreeSet::from(["elsewhere".to_owned()]),
            nodes: BTreeSet::new(),
        };
        for document in documents {
            let name = document["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            match document["kind"].as_str().unwrap_or_default() {
                "KafkaTopic" => _ = all.topics.insert(name),
                "Service" => {
                    all.services.insert(name);
                    let node = &document["metadata"]["annotations"]["isobar.dev/node"];
                    all.nodes.extend(node.as_str().map(str::to_owned));
                }
                "ExternalSecret" | "ObjectBucketClaim" => _ = all.secrets.insert(name),
                _ => {}
            }
        }
        all
    }

    fn other<'n>(names: &'n BTreeSet<String>, than: &str) -> &'n str {
        names.iter().find(|name| *name != than).map_or("elsewhere", String::as_str)
    }
}

struct Edits<'a> {
    file: &'a str,
    documents: &'a [Value],
    at: usize,
    names: &'a Names,
    out: &'a mut Vec<Mutation>,
}

impl Edits<'_> {
    fn document(&self) -> &Value {
        &self.documents[self.at]
    }

    /// One mutation of this document.
    fn edit(&mut self, what: impl Into<String>, change: impl FnOnce(&mut Value)) {
        let mut documents = self.documents.to_vec();
        change(&mut documents[self.at]);
        let what = format!("{} {}: {}", self.document()["kind"].as_str().unwrap(), name(self.document()), what.into());
        assert!(documents != self.documents, "{}, {what} changes nothing", self.file);
        documents.retain(|document| !document.is_null());
        let texts: Vec<String> = documents.iter().map(|d| serde_yaml::to_string(d).expect("printable")).collect();
        self.out.push(Mutation { file: self.file.to_owned(), text: texts.join("---\n"), what });
    }

    /// One mutation of the value at a path of keys and indices.
    fn change(&mut self, path: &[&str], what: impl Into<String>, change: impl FnOnce(&mut Value)) {
        self.edit(what, |document| change(at_mut(document, path)));
    }

    fn drop_document(&mut self) {
        self.edit("drops it", |document| *document = Value::Null);
    }

    /// Drops the key at the end of a path.
    fn drop(&mut self, path: &[&str], what: &str) {
        let (last, path) = path.split_last().unwrap();
        self.change(path, format!("{what}: drops {last}"), |value| {
            if let Value::Sequence(items) = value {
                items.remove(last.parse().unwrap());
            } else {
                value.as_mapping_mut().unwrap().remove(*last);
            }
        });
    }

    fn set(&mut self, path: &[&str], value: impl Into<Value>, what: &str) {
        let value = value.into();
        let text = serde_yaml::to_string(&value).unwrap();
        let what = format!("{what}: {} becomes {}", path.last().unwrap(), text.trim());
        self.change(path, what, |old| *old = value);
    }

    fn add(&mut self, path: &[&str], key: &str, value: impl Into<Value>, what: &str) {
        let value = value.into();
        self.change(path, format!("{what}: adds {key}"), |map| {
            map.as_mapping_mut().unwrap().insert(key.into(), value);
        });
    }

    fn push(&mut self, path: &[&str], value: impl Into<Value>, what: &str) {
        let value = value.into();
        self.change(path, format!("{what}: one more of {}", path.last().unwrap()), |list| {
            list.as_sequence_mut().unwrap().push(value);
        });
    }

    fn length(&self, path: &[&str]) -> usize {
        let value = path.iter().try_fold(self.document(), |value, key| {
            let Value::Sequence(items) = value else { return value.get(*key) };
            items.get(key.parse::<usize>().ok()?)
        });
        value.and_then(Value::as_sequence).map_or(0, Vec::len)
    }

    fn access_list(&mut self) {
        self.drop_document();
        self.drop(&["spec", "authorization"], "all");
        self.set(&["metadata", "annotations", "isobar.dev/node"], "functions.elsewhere", "all");
        self.push(
            &["spec", "authorization", "acls"],
            yaml("{ resource: { type: cluster }, operations: [All] }"),
            "all",
        );
        let acls = ["spec", "authorization", "acls"];
        for at in 0..self.length(&acls) {
            let index = at.to_string();
            let acl = ["spec", "authorization", "acls", &index];
            let inside = |more: &[&'static str]| [&acls[..], &[index.as_str()], more].concat();
            let now =
                self.document()["spec"]["authorization"]["acls"][at]["resource"]["name"].as_str().unwrap().to_owned();
            let what = format!("list {at} ({now})");
            self.drop(&acl, &what);
            self.push(&inside(&["operations"]), "Alter", &what);
            self.set(&inside(&["operations"]), yaml("[All]"), &what);
            if self.length(&inside(&["operations"])) > 1 {
                self.drop(&inside(&["operations", "0"]), &what);
            }
            self.set(&inside(&["resource", "name"]), "*", &what);
            self.set(&inside(&["resource", "name"]), Names::other(&self.names.topics, &now), &what);
            self.set(&inside(&["resource", "patternType"]), "prefix", &what);
            self.set(&inside(&["resource", "type"]), "transactionalId", &what);
            self.drop(&inside(&["resource", "patternType"]), &what);
            self.add(&acl, "type", "deny", &what);
        }
    }

    fn network(&mut self, is_first: bool) {
        self.drop_document();
        for at in 0..self.length(&["spec", "egress"]) {
            let index = at.to_string();
            let rule = ["spec", "egress", &index];
            let inside = |more: &[&'static str]| [&rule[..], more].concat();
            let what = format!("egress {at}");
            self.drop(&rule, &what);
            self.push(&inside(&["to"]), yaml("{ namespaceSelector: {} }"), &what);
            self.push(&inside(&["ports"]), yaml("{ protocol: TCP, port: 22 }"), &what);
            let peer = self.document()["spec"]["egress"][at]["to"][0].clone();
            if peer.get("ipBlock").is_some() {
                self.set(&inside(&["to", "0", "ipBlock", "cidr"]), "10.0.0.0/8", &what);
            } else {
                let space = ["to", "0", "namespaceSelector", "matchLabels", "kubernetes.io/metadata.name"];
                self.set(&inside(&space), "elsewhere", &what);
            }
            if is_first {
                self.ports(&inside(&["ports"]), &what);
                self.peers(&inside(&["to"]), &peer, &what);
            }
        }
        if is_first {
            self.set(&["spec", "policyTypes"], yaml("[Ingress]"), "all");
            self.set(&["spec", "podSelector"], yaml("{}"), "all");
            self.set(&["metadata", "labels", "app.kubernetes.io/component"], "elsewhere", "all");
            for rule in ["{}", "{ to: [{ namespaceSelector: {} }] }", "{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }"] {
                self.push(&["spec", "egress"], yaml(rule), &format!("all, {rule}"));
            }
        }
    }

    fn ports(&mut self, ports: &[&str], what: &str) {
        let inside = |more: &[&'static str]| [ports, more].concat();
        let (last, rule) = ports.split_last().unwrap();
        self.drop(&[rule, &[*last]].concat(), what);
        self.push(ports, yaml("{ protocol: TCP }"), what);
        self.drop(&inside(&["0"]), what);
        self.drop(&inside(&["0", "port"]), what);
        self.set(&inside(&["0", "port"]), 22, what);
        self.set(&inside(&["0", "protocol"]), "SCTP", what);
        self.add(&inside(&["0"]), "endPort", 65535, what);
    }

    fn peers(&mut self, to: &[&str], peer: &Value, what: &str) {
        let inside = |more: &[&'static str]| [to, more].concat();
        self.drop(to, what);
        self.set(to, yaml("[]"), what);
        self.push(to, yaml("{ podSelector: {} }"), what);
        if peer.get("ipBlock").is_some() {
            return;
        }
        self.set(&inside(&["0", "namespaceSelector"]), yaml("{}"), what);
        self.drop(&inside(&["0", "namespaceSelector"]), what);
        if peer.get("podSelector").is_none() {
            return;
        }
        // The same namespace once more, with all of its pods.
        let mut whole = peer.clone();
        whole.as_mapping_mut().unwrap().remove("podSelector");
        self.push(to, whole, what);
        self.drop(&inside(&["0", "podSelector"]), what);
        self.set(&inside(&["0", "podSelector"]), yaml("{}"), what);
        let expression = |key: &'static str| inside(&["0", "podSelector", "matchExpressions", "0", key]);
        self.set(&expression("operator"), "NotIn", what);
        self.set(&expression("operator"), "Exists", what);
        self.set(&expression("key"), "elsewhere", what);
        self.push(&expression("values"), "elsewhere", what);
        self.set(&expression("values"), yaml("[elsewhere]"), what);
    }

    fn scopes(&mut self) {
        let users = self.length(&["scopes"]);
        if users == 0 {
            return;
        }
        self.drop_document();
        self.drop(&["scopes"], "all");
        self.push(&["scopes"], "elsewhere", "all");
        self.set(&["metadata", "name"], "elsewhere", "all");
        for at in 0..users {
            let now = self.document()["scopes"][at].as_str().unwrap().to_owned();
            let index = at.to_string();
            self.drop(&["scopes", &index], &now);
            let taken: Vec<String> = self.document()["scopes"]
                .as_sequence()
                .unwrap()
                .iter()
                .map(|s| s.as_str().unwrap().to_owned())
                .collect();
            let other = self.names.services.iter().find(|name| !taken.contains(name)).cloned();
            if let Some(other) = other {
                self.set(&["scopes", &index], other.as_str(), &now);
                self.push(&["scopes"], other, &now);
            }
        }
    }

    fn mounts(&mut self) {
        let pod = ["spec", "template", "spec"];
        let volumes = [&pod[..], &["volumes"]].concat();
        let container = [&pod[..], &["containers", "0"]].concat();
        let other = Names::other(&self.names.secrets, "");
        self.push(&volumes, yaml(&format!("{{ name: more, secret: {{ secretName: {other} }} }}")), "all");
        self.push(&volumes, yaml("{ name: more, projected: { sources: [{ secret: { name: elsewhere } }] } }"), "all");
        self.push(
            &volumes,
            yaml("{ name: more, projected: { sources: [{ serviceAccountToken: { path: token } }] } }"),
            "all",
        );
        self.push(&volumes, yaml("{ name: more, hostPath: { path: / } }"), "all");
        self.push(&volumes, yaml("{ name: more, csi: { driver: secrets-store.csi.k8s.io } }"), "all");
        self.add(&container, "envFrom", yaml("[{ secretRef: { name: elsewhere } }]"), "all");
        let env = [&container[..], &["env"]].concat();
        self.push(&env, yaml("{ name: MORE, valueFrom: { secretKeyRef: { name: elsewhere, key: value } } }"), "all");
        for at in 0..self.length(&volumes) {
            let volume = self.document()["spec"]["template"]["spec"]["volumes"][at].clone();
            let index = at.to_string();
            let inside = |more: &[&'static str]| [&volumes[..], &[index.as_str()], more].concat();
            let what = format!("volume {}", volume["name"].as_str().unwrap());
            if let Some(now) = volume["secret"]["secretName"].as_str() {
                self.drop(&inside(&[]), &what);
                self.set(&inside(&["secret", "secretName"]), Names::other(&self.names.secrets, now), &what);
            }
            if volume.get("projected").is_some() {
                self.drop(&inside(&[]), &what);
                self.push(&inside(&["projected", "sources"]), yaml("{ secret: { name: elsewhere } }"), &what);
                self.set(&inside(&["projected", "sources", "0", "secret", "name"]), "elsewhere", &what);
                self.drop(&inside(&["projected", "sources", "0"]), &what);
            }
        }
    }
}

fn name(document: &Value) -> &str {
    document["metadata"]["name"].as_str().unwrap_or_default()
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).expect("YAML")
}

fn at_mut<'v>(value: &'v mut Value, path: &[&str]) -> &'v mut Value {
    path.iter().fold(value, |value, key| match value {
        Value::Sequence(items) => items.get_mut(key.parse::<usize>().expect("an index")).expect("long enough"),
        Value::Mapping(map) => map.entry((*key).into()).or_insert_with(|| Mapping::new().into()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Tagged(_) => {
            panic!("{value:?} has no {key}")
        }
    })
}
