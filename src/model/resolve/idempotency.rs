//! Idempotency: the store, and that the key is in what comes.

use super::Resolver;
use super::names::NodeRef;
use crate::base::Spanned;
use crate::diag::Finding;
use crate::model::{AnyResource, Event, Id, Idempotency, IdempotencyKey, Trigger, TriggerSource};
use crate::spec;

impl Resolver<'_> {
    pub(super) fn idempotency(&mut self, idempotency: &spec::Idempotency, triggers: &[Trigger]) -> Option<Idempotency> {
        let remembered = match idempotency {
            spec::Idempotency::Natural { reason, span } => {
                return Some(Idempotency::Natural { reason: reason.clone(), span: *span });
            }
            spec::Idempotency::Remembered(remembered) => remembered,
        };
        self.check_key(&remembered.key, triggers);
        let (key, window) = (remembered.key.clone(), remembered.window);
        let fits = |node| matches!(node, NodeRef::Resource(AnyResource::Table(_) | AnyResource::Cache(_)));
        let span = remembered.store.span;
        match self.find_any("table", &remembered.store, fits)? {
            NodeRef::Resource(AnyResource::Table(id)) => {
                Some(Idempotency::Table { key, store: Spanned::new(id, span), window })
            }
            NodeRef::Resource(AnyResource::Cache(id)) => {
                Some(Idempotency::Cache { key, store: Spanned::new(id, span), window })
            }
            NodeRef::Poisoned => None,
            node @ (NodeRef::Resource(_) | NodeRef::Function(_) | NodeRef::Workflow(_)) => {
                let message = format!("`{}` is {}, not a table or cache", remembered.store.text, node.describe());
                let help = "name a table with `expires`: `seen: { type: table, key: { partition: { id: string } }, expires: ttl }`";
                self.report(Finding::error("wrong-kind", span, message).help(help));
                None
            }
        }
    }

    /// The key has to be in everything that the triggers bring. Where nothing runs the function but calls, nothing is
    /// known about its input.
    pub(super) fn check_key(&mut self, key: &Spanned<IdempotencyKey>, triggers: &[Trigger]) {
        match &key.value {
            IdempotencyKey::EventId => {}
            IdempotencyKey::Pointer(pointer) => {
                let pointer = Spanned::new(pointer.clone(), key.span);
                for event in self.payloads(triggers) {
                    let Some(schema) = self.events[event].schema.clone() else { continue };
                    let whose = format!("the schema of `{}`", self.events[event].event_type);
                    self.expect_member(&schema, &pointer, &whose);
                }
            }
            IdempotencyKey::Header(_) => self.expect_request(key, triggers),
            IdempotencyKey::Path(name) => {
                self.expect_request(key, triggers);
                self.expect_parameter(key, name, triggers);
            }
        }
    }

    /// A key of a request needs requests.
    fn expect_request(&mut self, key: &Spanned<IdempotencyKey>, triggers: &[Trigger]) {
        let other = triggers.iter().find(|t| !matches!(t.source, TriggerSource::Http(_)));
        if let Some(other) = other {
            let message = format!("`{}` is in requests alone, and a {} trigger brings none", key.value, other.kind());
            let finding = Finding::error("key-not-in-request", key.span, message).related(other.span, "the trigger");
            self.report(finding.help("take a path into the data such as `/orderId`, or `event:id`"));
        }
    }

    fn expect_parameter(&mut self, key: &Spanned<IdempotencyKey>, name: &str, triggers: &[Trigger]) {
        for trigger in triggers {
            let TriggerSource::Http(http) = &trigger.source else { continue };
            let route = &http.route.value;
            if route.parameters().any(|p| p == name) {
                continue;
            }
            let message = format!("`{route}` has no parameter `{name}`");
            let finding = Finding::error("key-not-in-request", key.span, message).related(http.route.span, "the route");
            let near = crate::base::nearest(name, route.parameters()).map(str::to_owned);
            self.report(match near {
                Some(near) => finding.did_you_mean(&format!("path:{near}")),
                None => finding
                    .help(format!("add it to the route: `{}/{{{name}}}`", route.to_string().trim_end_matches('/'))),
            });
        }
    }

    /// The events that triggers bring, each once.
    pub(super) fn payloads(&self, triggers: &[Trigger]) -> Vec<Id<Event>> {
        let mut events = Vec::new();
        for trigger in triggers {
            match &trigger.source {
                TriggerSource::Event { types, .. } => events.extend(types.iter().map(|t| t.value)),
                TriggerSource::Http(http) => events.extend(http.body.as_ref().map(|b| b.value)),
                TriggerSource::Queue { from, .. } => events.extend(self.carried_by_queue(from.value.index())),
                TriggerSource::Stream { from, .. } => {
                    let stream = self.names.streams.get(from.value.index());
                    events.extend(stream.and_then(|(_, s)| self.event_id(s.carries.as_ref()?)));
                }
                TriggerSource::Topic { from } => {
                    let topic = self.names.topics.get(from.value.index());
                    events.extend(topic.and_then(|(_, t)| self.event_id(t.carries.as_ref()?)));
                }
                TriggerSource::Change { .. }
                | TriggerSource::Object { .. }
                | TriggerSource::Schedule { .. }
                | TriggerSource::Socket { .. }
                | TriggerSource::Message { .. }
                | TriggerSource::Log { .. }
                | TriggerSource::User { .. }
                | TriggerSource::Rotation { .. } => {}
            }
        }
        events.sort();
        events.dedup();
        events
    }

    fn carried_by_queue(&self, index: usize) -> Option<Id<Event>> {
        use super::names::QueueEntry;
        let (QueueEntry::Written(_, queue) | QueueEntry::Made { queue, .. }) = self.names.queues.get(index)?;
        self.event_id(queue.carries.as_ref()?)
    }
}
