//! Views of resources and of the application.

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::draft::{Draft, Setting, identifier};
use super::view::{Attribute, CorsView, JwtView, ThrottleView, map, optional};
use crate::base::{Map, Spanned, Value};
use crate::graph::{Graph, NodeRef, Runner, TriggerRef};
use crate::model::{
    AnyResource, Api, AttributeType, Auth, Bucket, Cors, Id, Jwt, Model, Ordered, Queue, ResourceKind, Table, TableKey,
    Throttle, Trigger, TriggerKind,
};

/// All resources, by kind and name.
pub(super) fn drafts(setting: &Setting<'_>, graph: &Graph) -> Vec<Draft> {
    let m = setting.model;
    let mut out = Vec::new();
    // Of these an application may have thousands.
    out.par_extend(m.tables.values().par_iter().map(|t| table(setting, t)));
    out.extend(m.buckets.iter().map(|(id, b)| bucket(setting, graph, b, AnyResource::Bucket(id))));
    out.par_extend(m.queues.values().par_iter().map(|q| queue(setting, q)));
    out.extend(m.topics.iter().map(|(id, t)| {
        let mut d = Draft::of(setting, "topic", &t.head);
        ordered(&mut d, t.ordered.value);
        d.set("is_external", t.external_subscribers.value);
        d.maybe("carries", t.carries.as_ref().map(|e| m.events[e.value].event_type.to_string()));
        d.list("subscribers", triggers_of(graph, AnyResource::Topic(id)));
        d
    }));
    out.extend(m.buses.values().iter().map(|b| {
        let mut d = Draft::of(setting, "bus", &b.head);
        d.set("is_default", b.default);
        d
    }));
    out.extend(m.secrets.values().iter().map(|s| {
        let mut d = Draft::of(setting, "secret", &s.head);
        let by = s.rotate.as_ref().and_then(|r| r.by).map(|f| Value::end(&m.functions[f.value].head.path));
        d.maybe("rotate_every", s.rotate.as_ref().map(|r| r.every.value));
        d.maybe("rotate_by", by);
        d
    }));
    out.extend(m.apis.iter().map(|(id, a)| api(setting, graph, a, AnyResource::Api(id))));
    out.extend(m.externals.values().iter().map(|e| {
        let mut d = Draft::of(setting, "external", &e.head);
        d.set("host", &e.host.value);
        d.set("port", e.port.value);
        d
    }));
    out.extend(m.streams.values().iter().map(|s| {
        let mut d = Draft::of(setting, "stream", &s.head);
        d.set("retention", s.retention.value);
        d.maybe("shards", s.shards.as_ref().map(|n| n.value));
        d
    }));
    out.extend(m.caches.values().iter().map(|c| {
        let mut d = Draft::of(setting, "cache", &c.head);
        d.maybe("memory", c.memory.as_ref().map(|n| n.value));
        d
    }));
    out.extend(m.sockets.values().iter().map(|r| Draft::of(setting, "socket", &r.head)));
    out.extend(m.identities.values().iter().map(|r| Draft::of(setting, "identity", &r.head)));
    out.extend(m.devices.values().iter().map(|r| Draft::of(setting, "devices", &r.head)));
    out.extend(m.databases.values().iter().map(|r| Draft::of(setting, "database", &r.head)));
    out
}

/// Ends of the triggers that take from a resource.
fn triggers_of(graph: &Graph, resource: AnyResource) -> Vec<Value> {
    let mut seen = Vec::new();
    if let Some(id) = graph.id(NodeRef::Resource(resource)) {
        for edge in graph.outgoing(id) {
            if let Some(trigger) = graph.trigger_ref(edge) {
                seen.push(trigger);
            }
        }
    }
    seen.sort();
    seen.dedup();
    seen.into_iter().map(|t| Value::end(super::trigger::address(graph.model(), t))).collect()
}

fn attribute(name: &str, kind: AttributeType) -> Attribute {
    Attribute {
        name: name.to_owned(),
        is_string: kind == AttributeType::String,
        is_number: kind == AttributeType::Number,
        is_binary: kind == AttributeType::Binary,
    }
}

fn key(key: &TableKey) -> Map {
    let mut out = map! { "partition": attribute(&key.partition.name.value, key.partition.kind) };
    let sort = key.sort.as_ref().map(|s| attribute(&s.name.value, s.kind));
    optional!(out, "sort" => sort);
    out
}

fn table(setting: &Setting<'_>, t: &Table) -> Draft {
    let mut d = Draft::of(setting, "table", &t.head);
    let keys = std::iter::once(&t.key).chain(t.indexes.iter().map(|i| &i.key));
    let used = keys.flat_map(|k| std::iter::once(&k.partition).chain(&k.sort));
    let mut attributes: Vec<Attribute> = used.map(|a| attribute(&a.name.value, a.kind)).collect();
    attributes.sort();
    attributes.dedup_by(|a, b| a.name == b.name);
    let indexes: Vec<Map> = t
        .indexes
        .iter()
        .map(|index| {
            let mut out = key(&index.key);
            out.insert("name", index.name.value.as_str());
            out.insert("id", identifier(index.name.value.as_str()));
            out
        })
        .collect();
    d.set("key", key(&t.key));
    d.set("attributes", attributes);
    d.list("indexes", indexes);
    d.maybe("expires", t.expires.as_ref().map(|e| &e.value));
    d.set("is_recovered", t.recovery.value);
    d.set("has_changes", t.changes);
    d
}

fn bucket(setting: &Setting<'_>, graph: &Graph, b: &Bucket, resource: AnyResource) -> Draft {
    let mut d = Draft::of(setting, "bucket", &b.head);
    d.set("is_versioned", b.versioned.value);
    d.set("is_public", b.public.value);
    let expire: Vec<Map> = b
        .expire
        .iter()
        .enumerate()
        .map(|(i, e)| {
            map! {
                "id": format!("expire-{}", i + 1), "prefix": &e.prefix.value, "has_prefix": !e.prefix.value.is_empty(),
                "after": e.after.value,
            }
        })
        .collect();
    d.list("expire", expire);
    d.maybe("cors", b.cors.as_ref().map(cors));
    d.list("notifications", triggers_of(graph, resource));
    d
}

fn ordered(d: &mut Draft, ordered: Ordered) {
    d.set("is_ordered", ordered != Ordered::No);
    d.set("is_strict", ordered == Ordered::Strict);
}

fn queue(setting: &Setting<'_>, q: &Queue) -> Draft {
    let mut d = Draft::of(setting, "queue", &q.head);
    queue_fields(setting.model, &mut d, q);
    alarms(setting, &mut d, true);
    d
}

/// What the declaration of a queue decides alone.
pub(super) fn queue_fields(m: &Model, d: &mut Draft, q: &Queue) {
    let path = |id| Value::end(&m.queues[id].head.path);
    ordered(d, q.ordered.value);
    d.maybe("carries", q.carries.as_ref().map(|e| m.events[e.value].event_type.to_string()));
    d.set("retention", q.retention.value);
    d.set("visibility", q.visibility.value);
    d.maybe("visibility_reason", q.visibility.derived.as_deref());
    d.maybe("delay", q.delay.map(|s| s.value));
    dead_letter(m, d, q.dead_letter.as_ref().map(|l| l.to.value));
    d.maybe("attempts", q.dead_letter.as_ref().map(|l| l.after.value));
    d.maybe("retries", q.dead_letter.as_ref().map(|l| l.after.value.saturating_sub(1)));
    let sources: Vec<Value> = q.dead_letter_of.iter().map(|id| path(*id)).collect();
    d.set("is_dead_letter", !sources.is_empty());
    d.list("dead_letter_of", sources);
    d.set("is_manual", q.manual.value);
}

/// The queue for what failed for good, and whether it keeps an order.
pub(super) fn dead_letter(m: &Model, d: &mut Draft, queue: Option<Id<Queue>>) {
    let queue = queue.map(|id| &m.queues[id]);
    d.maybe("dead_letter", queue.map(|queue| Value::end(&queue.head.path)));
    d.set("has_ordered_dead_letter", queue.is_some_and(|queue| queue.ordered.value != Ordered::No));
}

/// Where alarms of a node go, when there are any.
pub(super) fn alarms(setting: &Setting<'_>, d: &mut Draft, wanted: bool) {
    let topic = setting.model.alarms.as_ref().filter(|_| wanted);
    d.set("has_alarms", topic.is_some());
    if let Some(topic) = topic {
        d.set("alarm_topic", Value::end(&setting.model.topics[topic.value].head.path));
    }
}

/// Tokens that an API or a route accepts.
pub(super) fn jwt(auth: &Auth) -> Option<JwtView> {
    match auth {
        Auth::Jwt(Jwt { issuer, audience }) => {
            let texts: Vec<String> = audience.iter().map(|a| a.value.to_string()).collect();
            let host = issuer.value.trim_start_matches("https://").split(['/', ':']).next().unwrap_or_default();
            let id = issuer_id(&issuer.value, host, &texts);
            Some(JwtView { issuer: issuer.value.to_string(), host: host.to_owned(), audience: texts, id })
        }
        Auth::Unstated | Auth::Public(_) => None,
    }
}

/// Host and audience in one word. Where that leaves something out, such as the realm in the path of an issuer, or lets others
/// look alike, a hash of all tells them apart.
fn issuer_id(issuer: &str, host: &str, audience: &[String]) -> String {
    let words = std::iter::once(host).chain(audience.iter().map(String::as_str));
    let words = words.flat_map(|text| text.split(|c: char| !c.is_ascii_alphanumeric())).filter(|word| !word.is_empty());
    let id = words.collect::<Vec<_>>().join("_");
    let is_one_word = |text: &String| text.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_told = audience.len() == 1 && audience.iter().all(is_one_word) && !host.contains('-');
    if is_told && issuer.strip_prefix("https://").and_then(|rest| rest.strip_prefix(host)) == Some("/") {
        return id;
    }
    let digest = Sha256::digest(format!("{issuer}\0{}", audience.join("\0")).as_bytes());
    let digits: String = data_encoding::HEXLOWER.encode(&digest).chars().take(6).collect();
    format!("{id}_{digits}")
}

pub(super) fn throttle(throttle: &Throttle) -> ThrottleView {
    ThrottleView { rate: throttle.rate.value, burst: throttle.burst.value }
}

fn cors(cors: &Cors) -> CorsView {
    let texts = |list: &[Spanned<std::sync::Arc<str>>]| list.iter().map(|s| s.value.to_string()).collect();
    CorsView {
        origins: texts(&cors.origins),
        methods: texts(&cors.methods.value),
        headers: texts(&cors.headers.value),
        is_credentials: cors.credentials,
    }
}

fn api(setting: &Setting<'_>, graph: &Graph, a: &Api, resource: AnyResource) -> Draft {
    let m = setting.model;
    let mut d = Draft::of(setting, "api", &a.head);
    let mut routes = Vec::new();
    let mut issuers: Vec<JwtView> = Vec::new();
    // The routes hang on the API in the graph: looking through all functions for each API would be quadratic.
    let offered = graph.id(NodeRef::Resource(resource)).into_iter().flat_map(|id| graph.outgoing(id));
    let mut references: Vec<TriggerRef> = offered
        .filter_map(|edge| match graph.node(edge.to).of {
            NodeRef::Route(reference) => Some(reference),
            NodeRef::Event(_)
            | NodeRef::Resource(_)
            | NodeRef::Function(_)
            | NodeRef::Workflow(_)
            | NodeRef::Schedule(_)
            | NodeRef::Native(_) => None,
        })
        .collect();
    references.sort_unstable();
    for reference in references {
        if let Some(http) = reference.get(m).and_then(Trigger::http)
            && matches!(reference.runner, Runner::Function(_))
        {
            routes.push(Value::end(super::trigger::address(m, reference)));
            issuers.extend(jwt(&http.auth));
        }
    }
    issuers.sort_by(|a, b| a.id.cmp(&b.id));
    issuers.dedup();
    d.maybe("jwt", jwt(&a.auth));
    d.list("issuers", issuers);
    d.maybe("cors", a.cors.as_ref().map(cors));
    d.maybe("throttle", a.throttle.as_ref().map(throttle));
    d.list("routes", routes);
    d.set("log_retention", crate::base::Duration::from_secs(30 * 86_400));
    d
}

/// The view of the application as a whole.
pub(super) fn application(setting: &Setting<'_>) -> Draft {
    let m = setting.model;
    let mut d = Draft::new(setting, "application", "application", m.app.value.as_str(), m.app.span);
    d.set("comment", format!("application {}", m.app.value));
    d.maybe("description", m.description.as_ref());
    d.set("is_traced", m.functions.values().iter().any(|f| f.observe.trace.value));
    d.maybe("alarm_topic", m.alarms.as_ref().map(|t| Value::end(&m.topics[t.value].head.path)));
    for kind in ResourceKind::ALL {
        d.set(format!("has_{kind}"), count(m, *kind) > 0);
    }
    d.set("has_function", !m.functions.is_empty());
    d.set("has_workflow", !m.workflows.is_empty());
    let triggers = || m.functions.values().iter().flat_map(|f| &f.triggers);
    for kind in TriggerKind::ALL {
        d.set(format!("has_trigger_{kind}"), triggers().any(|t| t.kind() == *kind));
    }
    d
}

fn count(m: &Model, kind: ResourceKind) -> usize {
    match kind {
        ResourceKind::Table => m.tables.len(),
        ResourceKind::Bucket => m.buckets.len(),
        ResourceKind::Queue => m.queues.len(),
        ResourceKind::Topic => m.topics.len(),
        ResourceKind::Stream => m.streams.len(),
        ResourceKind::Bus => m.buses.len(),
        ResourceKind::Secret => m.secrets.len(),
        ResourceKind::Cache => m.caches.len(),
        ResourceKind::Api => m.apis.len(),
        ResourceKind::Socket => m.sockets.len(),
        ResourceKind::Identity => m.identities.len(),
        ResourceKind::Devices => m.devices.len(),
        ResourceKind::Database => m.databases.len(),
        ResourceKind::External => m.externals.len(),
    }
}
