//! What each verb needs on a cluster, by knowledge of what it runs on: Knative, Strimzi's Kafka, Dapr on a database,
//! buckets of Rook, secrets of External Secrets.

use std::collections::{BTreeMap, BTreeSet};

use isobar::analysis::{Actor, Object, Tuple};
use isobar::graph::{Runner, resource_head};
use isobar::model::{AnyResource, Function, Id, Model, Queue, Verb};

use crate::application::Compiled;

/// The certificate of the brokers.
const BROKERS: &str = "kafka-cluster-ca-cert";

/// Longer names are cut, and end in a hash.
const LONGEST: usize = 57;

struct Needs<'m> {
    model: &'m Model,
    /// Names of objects by the node that they stand for.
    cut: BTreeMap<String, String>,
    app: String,
    space: String,
    is_cilium: bool,
    out: BTreeSet<String>,
}

/// Everything that has to be said.
pub(super) fn facts(compiled: &Compiled) -> BTreeSet<String> {
    let model = compiled.application.model();
    let options = &model.targets["kubernetes"].options;
    let option = |key: &str| options.get(key).and_then(|value| value.as_str());
    let mut needs = Needs {
        model,
        cut: super::read::names(&compiled.texts),
        app: model.app.value.to_string(),
        space: option("namespace").expect("a namespace").to_owned(),
        is_cilium: option("network-policy") == Some("cilium"),
        out: BTreeSet::new(),
    };
    needs.nothing_by_itself();
    for (id, _) in model.functions.iter() {
        needs.of_function(id);
    }
    needs.of_resources();
    for tuple in compiled.application.access.iter() {
        needs.of_tuple(tuple);
    }
    needs.out
}

impl Needs<'_> {
    fn say(&mut self, fact: impl Into<String>) {
        self.out.insert(fact.into());
    }

    fn object(&self, resource: AnyResource) -> String {
        format!("{}-{}", self.app, resource_head(self.model, resource).name())
    }

    fn function(&self, id: Id<Function>) -> String {
        format!("{}-{}", self.app, self.model.functions[id].head.name())
    }

    fn egress(&mut self, from: &str, to: &str, ports: &[&str]) {
        for port in ports {
            self.say(format!("network {from} egress to {to} {port}"));
        }
    }

    fn ingress(&mut self, to: &str, from: &str, ports: &[&str]) {
        for port in ports {
            self.say(format!("network {to} ingress from {from} {port}"));
        }
    }

    /// Pods of the application reach nothing and are reached by nobody unless a policy of their own says so.
    fn nothing_by_itself(&mut self) {
        let app = self.app.clone();
        let selector = format!("isobar.dev/app={app},isobar.dev/environment=default");
        self.say(format!("network {app} on {selector} Egress,Ingress"));
    }

    fn of_function(&mut self, id: Id<Function>) {
        let name = self.function(id);
        self.say(format!("network {name} on serving.knative.dev/service={name} Egress,Ingress"));
        self.ingress(&name, "knative-serving", &["TCP/8012", "TCP/8013", "TCP/8022", "TCP/9090"]);
        self.ingress(&name, "kourier-system", &["TCP/8012", "TCP/8013"]);
        if self.model.alarms.is_some() && self.model.functions[id].observe.alarms.value {
            self.ingress(&name, "monitoring", &["TCP/9091"]);
        }
        self.say(format!("identity Service/{name} is {name}"));
        // Questions for addresses at Cilium are answered beside those of the other policy.
        let has_hosts =
            self.model.functions[id].uses.iter().any(|u| matches!(u.resource.value, AnyResource::External(_)));
        if self.is_cilium && has_hosts {
            self.say(format!("cilium {name} on serving.knative.dev/service={name}"));
            self.say(format!("cilium {name} asks kube-dns"));
        }
    }

    fn of_resources(&mut self) {
        let model = self.model;
        let database = format!("{}-0-tables", self.app);
        if !model.tables.is_empty() {
            let functions = format!("pods isobar.dev/app={},isobar.dev/environment=default", self.app);
            self.say(format!("network {database} on cnpg.io/cluster={database} Ingress"));
            self.ingress(&database, &functions, &["TCP/5432"]);
            self.ingress(&database, &format!("pods cnpg.io/cluster={database}"), &["TCP/5432"]);
            self.ingress(&database, "cnpg-system", &["TCP/5432", "TCP/8000"]);
        }
        for (id, bucket) in model.buckets.iter() {
            let name = self.object(AnyResource::Bucket(id));
            let label = format!("isobar.dev/node={}", bucket.head.path);
            let app = &self.app;
            self.say(format!(
                "network {name} on isobar.dev/app={app},isobar.dev/environment=default,{label} Egress,Ingress"
            ));
            self.egress(&name, "kube-system k8s-app=kube-dns", &["TCP/53", "UDP/53"]);
            self.egress(&name, "rook-ceph", &["TCP/8080"]);
            // The job that applies its settings.
            self.say(format!("secret CronJob/{name} has {name}"));
        }
        for (id, _) in model.secrets.iter() {
            let name = self.object(AnyResource::Secret(id));
            let remote = format!("{}/{}", self.app, model.secrets[id].head.name());
            self.say(format!("secret ExternalSecret/{name} from ClusterSecretStore/secrets copies {remote}"));
        }
        for (id, _) in model.apis.iter() {
            let name = self.object(AnyResource::Api(id));
            self.say(format!("secret Gateway/{name} has {name}.tls"));
        }
    }

    fn of_tuple(&mut self, tuple: &Tuple) {
        match tuple.by {
            Actor::Runner(Runner::Function(id)) => self.of_runner(id, tuple),
            Actor::Runner(Runner::Workflow(_)) => panic!("no workflow is emitted"),
            Actor::Delivery(reference) => {
                let Runner::Function(id) = reference.runner else { panic!("no workflow is emitted") };
                let trigger = reference.get(self.model).expect("a trigger");
                let mut name = format!("{}.{}", self.function(id), trigger.name);
                if name.len() > LONGEST {
                    let cut = &self.cut[&format!("{}.on.{}", self.model.functions[id].head.path, trigger.name)];
                    assert!(cut.len() <= LONGEST && name.starts_with(&cut[..LONGEST - 8]), "{cut} is not {name}");
                    name.clone_from(cut);
                }
                self.delivers(&name, tuple);
            }
            Actor::Redrive(queue) => self.redrives(queue, tuple),
            // Prometheus raises alarms, and tells whom by a label. Nothing is called without waiting.
            Actor::Alarms => {}
            Actor::AsyncCall(_) => panic!("{tuple:?} is not emitted"),
        }
    }

    fn of_runner(&mut self, id: Id<Function>, tuple: &Tuple) {
        let (name, space) = (self.function(id), self.space.clone());
        let resource = match (tuple.on, tuple.verb) {
            (Object::Resource(resource), _) => resource,
            (Object::Runner(_), Verb::Log) => {
                return self.egress(&name, "kube-system k8s-app=kube-dns", &["TCP/53", "UDP/53"]);
            }
            (Object::Runner(_), Verb::Trace) => return self.egress(&name, "observability", &["TCP/4317", "TCP/4318"]),
            // Everything that no edge opens is closed, private or not.
            (Object::Runner(_), Verb::Join) => return,
            (Object::Runner(_), Verb::Invoke) => return self.egress(&name, "kourier-system", &["TCP/8081"]),
            (Object::Runner(_), other) => panic!("nobody does `{other}` to a function"),
        };
        let object = self.object(resource);
        match resource {
            AnyResource::Queue(_) | AnyResource::Topic(_) => {
                self.writes(&name, &object);
                self.say(format!("secret Service/{name} has {name}"));
                self.say(format!("secret Service/{name} has {BROKERS}"));
                self.egress(&name, &format!("{space} strimzi.io/cluster=kafka"), &["TCP/9093"]);
            }
            AnyResource::Table(_) => {
                self.say(format!("component {object} for {name}"));
                self.say(format!("secret Component/{object} has {}-0-tables-app", self.app));
                let database = format!("{space} cnpg.io/cluster={}-0-tables", self.app);
                self.egress(&name, &database, &["TCP/5432"]);
                self.egress(&name, "dapr-system", &["TCP/50001", "TCP/50005", "TCP/50006", "TCP/6500"]);
            }
            AnyResource::Bucket(_) => {
                self.say(format!("secret Service/{name} has {object}"));
                self.egress(&name, "rook-ceph", &["TCP/8080"]);
            }
            AnyResource::Bus(_) => {
                self.egress(&name, "knative-eventing app=kafka-broker-receiver", &["TCP/8080"]);
            }
            AnyResource::Secret(_) => self.say(format!("secret Service/{name} has {object}")),
            AnyResource::External(outside) => {
                let (host, port) =
                    (&self.model.externals[outside].host.value, self.model.externals[outside].port.value);
                if self.is_cilium {
                    self.say(format!("cilium {name} egress to {host} TCP/{port}"));
                } else {
                    self.egress(&name, "the internet", &[&format!("TCP/{port}")]);
                }
            }
            _ => panic!("{tuple:?} is not known"),
        }
    }

    /// A user of Kafka may write to a topic.
    fn writes(&mut self, user: &str, topic: &str) {
        self.say(format!("kafka {user} may Write topic literal {topic}"));
    }

    /// Messages are taken and set aside by the identity of the trigger.
    fn delivers(&mut self, name: &str, tuple: &Tuple) {
        match (tuple.verb, tuple.on) {
            (Verb::Receive, Object::Resource(from @ (AnyResource::Queue(_) | AnyResource::Topic(_)))) => {
                let topic = self.object(from);
                self.say(format!("kafka {name} may Read topic literal {topic}"));
                // A message of a queue goes to one of its consumers, one of a topic to each of them.
                let group =
                    if let AnyResource::Queue(_) = from { format!("{topic}.consumers") } else { name.to_owned() };
                self.say(format!("kafka {name} may Read group literal {group}"));
                self.say(format!("kafka {name} may Delete group literal {group}"));
                self.say(format!("secret KafkaSource/{name} has {name}"));
                self.say(format!("secret KafkaSource/{name} has {BROKERS}"));
            }
            (Verb::SetAside, Object::Resource(to)) => {
                let topic = self.object(to);
                self.writes(name, &topic);
                self.sinks(name);
            }
            // Brokers, channels and routes ask nobody, and nothing guards a function but the network.
            _ => {}
        }
    }

    fn redrives(&mut self, queue: Id<Queue>, tuple: &Tuple) {
        let Object::Resource(to) = tuple.on else { panic!("{tuple:?} is on no resource") };
        let (name, topic) = (self.object(AnyResource::Queue(queue)), self.object(to));
        self.writes(&name, &topic);
        self.sinks(&name);
    }

    /// A sink reads one secret, which is made of two others by an identity that can read those alone.
    fn sinks(&mut self, name: &str) {
        let sink = format!("{name}.sink");
        self.say(format!("secret KafkaSink/{name} has {sink}"));
        self.say(format!("secret ExternalSecret/{sink} from SecretStore/{sink} copies {name}"));
        self.say(format!("secret ExternalSecret/{sink} from SecretStore/{sink} copies {BROKERS}"));
        self.say(format!("identity SecretStore/{sink} is {sink}"));
        self.say(format!("role {sink} may get secrets {name}"));
        self.say(format!("role {sink} may get secrets {BROKERS}"));
        self.say(format!("role {sink} is of ServiceAccount {}/{sink}", self.space));
    }
}
