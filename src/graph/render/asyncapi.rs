//! The events of an application as an `AsyncAPI` 3.0 document: a channel for each queue, topic and stream and for each event
//! of a bus, an operation for each function or workflow that sends to it or receives from it, and a message for each event.
//!
//! A schema stands once, under `components`, with its references leading there. It is given as it is, in JSON Schema
//! 2020-12, of which `AsyncAPI` knows most keywords; what it does not know it ignores.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::base::Pointer;
use crate::graph::{Edge, EdgeKind, Graph, NodeRef};
use crate::model::{AnyResource, Bus, Event, Id, TriggerSource, Verb, moved};

/// The document; its keys stand in the order in which people read it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    asyncapi: &'static str,
    info: Map<String, Value>,
    default_content_type: &'static str,
    channels: BTreeMap<String, Value>,
    operations: BTreeMap<String, Value>,
    components: Value,
}

/// The document as YAML.
pub fn asyncapi(graph: &Graph) -> String {
    let mut builder = Builder { graph, channels: BTreeMap::new(), operations: BTreeMap::new() };
    builder.resources();
    for (_, edge) in graph.edges() {
        builder.edge(edge);
    }
    let document = Document {
        asyncapi: "3.0.0",
        info: info(graph),
        default_content_type: "application/json",
        components: components(graph),
        channels: builder.channels,
        operations: builder.operations,
    };
    // The document holds text, numbers and lists only, which serialise without fail.
    serde_yaml::to_string(&document).unwrap_or_default()
}

/// The version is that of the newest event: an application has none of its own.
fn info(graph: &Graph) -> Map<String, Value> {
    let model = graph.model();
    let versions = model.events.values().iter().map(|event| event.version.value);
    let version = versions.max().map_or_else(|| "1.0.0".to_owned(), |version| version.to_string());
    let mut info = Map::from_iter([
        ("title".to_owned(), Value::from(model.app.value.as_str())),
        ("version".to_owned(), Value::from(version)),
    ]);
    if let Some(description) = &model.description {
        info.insert("description".to_owned(), Value::from(description.as_str()));
    }
    info
}

fn components(graph: &Graph) -> Value {
    let (mut messages, mut schemas) = (Map::new(), Map::new());
    for event in graph.model().events.values() {
        let name = event.event_type.as_str();
        let mut message = message(event);
        if let Some(schema) = &event.schema {
            let mut whole = moved(&schema.json, &schema.json, &format!("/components/schemas/{name}"));
            if let Value::Object(whole) = &mut whole {
                // An id would make its references relative to it, and the dialect is none that is known there.
                whole.remove("$id");
                whole.remove("$schema");
            }
            schemas.insert(name.to_owned(), whole);
            message.insert("payload".to_owned(), reference(&["components", "schemas", name]));
        }
        messages.insert(name.to_owned(), Value::Object(message));
    }
    json!({ "messages": messages, "schemas": schemas })
}

/// A message without its payload: the attributes of a `CloudEvent` are its headers.
fn message(event: &Event) -> Map<String, Value> {
    let name = event.event_type.as_str();
    let mut out = Map::from_iter([
        ("name".to_owned(), Value::from(name)),
        ("contentType".to_owned(), Value::from("application/json")),
        ("x-isobar-version".to_owned(), Value::from(event.version.value.to_string())),
        (
            "headers".to_owned(),
            json!({
                "type": "object",
                "required": ["id", "source", "specversion", "type"],
                "properties": {
                    "id": { "type": "string", "minLength": 1 },
                    "source": { "type": "string", "format": "uri-reference", "minLength": 1 },
                    "specversion": { "const": "1.0" },
                    "time": { "type": "string", "format": "date-time" },
                    "type": { "const": name },
                },
            }),
        ),
    ]);
    let pointers = [("x-isobar-key", &event.key), ("x-isobar-id", &event.id)];
    for (key, pointer) in pointers.into_iter().filter_map(|(key, pointer)| Some((key, pointer.as_ref()?))) {
        out.insert(key.to_owned(), Value::from(pointer.value.as_str()));
    }
    if let Some(source) = &event.source {
        out.insert("x-isobar-source".to_owned(), Value::from(source.value.as_str()));
    }
    out
}

struct Builder<'a> {
    graph: &'a Graph,
    channels: BTreeMap<String, Value>,
    operations: BTreeMap<String, Value>,
}

impl Builder<'_> {
    fn resources(&mut self) {
        let model = self.graph.model();
        let mut add = |name: &str, kind: &str, event: Option<Id<Event>>| {
            let event = event.map(|event| model.events[event].event_type.as_str());
            self.channels.insert(name.to_owned(), channel(name, kind, event));
        };
        for queue in model.queues.values() {
            add(queue.head.name(), "queue", queue.carries.map(|event| event.value));
        }
        for topic in model.topics.values() {
            add(topic.head.name(), "topic", topic.carries.map(|event| event.value));
        }
        for stream in model.streams.values() {
            add(stream.head.name(), "stream", stream.carries.map(|event| event.value));
        }
    }

    fn edge(&mut self, edge: &Edge) {
        let graph = self.graph;
        match (&edge.kind, graph.node(edge.from).of, graph.node(edge.to).of) {
            // A bus may carry an event that nobody in the application sends or takes.
            (EdgeKind::Routes, NodeRef::Resource(AnyResource::Bus(bus)), NodeRef::Event(event)) => {
                self.on_bus(bus, event);
            }
            (EdgeKind::Emits { bus }, _, NodeRef::Event(event)) => {
                let channel = self.on_bus(*bus, event);
                self.operation(edge.from, "send", &channel, Some(event));
            }
            (EdgeKind::Trigger { .. }, NodeRef::Event(event), _) => {
                let Some(TriggerSource::Event { bus, .. }) = graph.trigger(edge).map(|trigger| &trigger.source) else {
                    return;
                };
                let channel = self.on_bus(bus.value, event);
                self.operation(edge.to, "receive", &channel, Some(event));
            }
            (EdgeKind::Resumes, NodeRef::Event(event), _) => {
                for bus in self.buses(event) {
                    let channel = self.on_bus(bus, event);
                    self.operation(edge.to, "receive", &channel, Some(event));
                }
            }
            (EdgeKind::Trigger { .. }, NodeRef::Resource(from), _) => {
                if let Some((name, event)) = self.carried(from) {
                    self.operation(edge.to, "receive", &name, event);
                }
            }
            (EdgeKind::Accesses { verb: Verb::Send | Verb::Publish | Verb::Put, .. }, _, NodeRef::Resource(to)) => {
                if let Some((name, event)) = self.carried(to) {
                    self.operation(edge.from, "send", &name, event);
                }
            }
            _ => {}
        }
    }

    /// The channel of an event of a bus.
    fn on_bus(&mut self, bus: Id<Bus>, event: Id<Event>) -> String {
        let model = self.graph.model();
        let (bus, event) = (model.buses[bus].head.name(), model.events[event].event_type.as_str());
        let id = format!("{bus}.{event}");
        self.channels.entry(id.clone()).or_insert_with(|| {
            let mut channel = channel(event, "event", Some(event));
            if let Value::Object(channel) = &mut channel {
                channel.insert("x-isobar-bus".to_owned(), Value::from(bus));
            }
            channel
        });
        id
    }

    /// The buses that carry an event.
    fn buses(&self, event: Id<Event>) -> Vec<Id<Bus>> {
        let incoming = self.graph.id(event).into_iter().flat_map(|id| self.graph.incoming(id));
        let routes = incoming.filter(|edge| edge.kind == EdgeKind::Routes);
        routes
            .filter_map(|edge| match self.graph.node(edge.from).of {
                NodeRef::Resource(AnyResource::Bus(bus)) => Some(bus),
                NodeRef::Resource(_)
                | NodeRef::Event(_)
                | NodeRef::Function(_)
                | NodeRef::Workflow(_)
                | NodeRef::Route(_)
                | NodeRef::Schedule(_)
                | NodeRef::Native(_) => None,
            })
            .collect()
    }

    /// The name of a queue, topic or stream and the event in it; `None` for other resources.
    fn carried(&self, resource: AnyResource) -> Option<(String, Option<Id<Event>>)> {
        let model = self.graph.model();
        let (head, carries) = match resource {
            AnyResource::Queue(id) => (&model.queues[id].head, model.queues[id].carries),
            AnyResource::Topic(id) => (&model.topics[id].head, model.topics[id].carries),
            AnyResource::Stream(id) => (&model.streams[id].head, model.streams[id].carries),
            AnyResource::Table(_)
            | AnyResource::Bucket(_)
            | AnyResource::Bus(_)
            | AnyResource::Secret(_)
            | AnyResource::Cache(_)
            | AnyResource::Api(_)
            | AnyResource::Socket(_)
            | AnyResource::Identity(_)
            | AnyResource::Devices(_)
            | AnyResource::Database(_)
            | AnyResource::External(_) => return None,
        };
        Some((head.name().to_owned(), carries.map(|event| event.value)))
    }

    fn operation(&mut self, who: crate::graph::NodeId, action: &str, channel: &str, event: Option<Id<Event>>) {
        let model = self.graph.model();
        let mut operation = Map::from_iter([
            ("action".to_owned(), Value::from(action)),
            ("channel".to_owned(), reference(&["channels", channel])),
            ("x-isobar-node".to_owned(), Value::from(self.graph.address(who))),
        ]);
        if let Some(event) = event {
            let name = model.events[event].event_type.as_str();
            let messages = vec![reference(&["channels", channel, "messages", name])];
            operation.insert("messages".to_owned(), Value::Array(messages));
        }
        let id = format!("{}.{action}.{channel}", self.graph.title(who));
        self.operations.insert(id, Value::Object(operation));
    }
}

fn channel(address: &str, kind: &str, event: Option<&str>) -> Value {
    let messages: Map<String, Value> =
        event.into_iter().map(|event| (event.to_owned(), reference(&["components", "messages", event]))).collect();
    json!({ "address": address, "messages": messages, "x-isobar-kind": kind })
}

fn reference(steps: &[&str]) -> Value {
    json!({ "$ref": format!("#{}", Pointer::text(steps)) })
}
