//! The variables that a function is given are called after the nodes it touches; two nodes may not become one name.

use std::collections::BTreeMap;

use super::Resolver;
use super::names::Sorted;
use crate::base::Span;
use crate::diag::Finding;
use crate::model::{AnyResource, Call, Function};

impl Resolver<'_> {
    /// `ISOBAR_<NAME>_…` of what a function uses, emits and calls. Names of nodes cannot become equal to each other;
    /// types of events can, because dots and hyphens both become `_`.
    pub(super) fn check_bindings(&mut self, function: &Function) {
        let reserved = function.idempotency.is_some();
        if function.emits.is_empty() && !reserved {
            return;
        }
        let mut names: BTreeMap<String, (String, Span)> = BTreeMap::new();
        if reserved {
            names.insert("IDEMPOTENCY".to_owned(), ("the idempotency store".to_owned(), function.head.span));
        }
        let mut touched: Vec<(String, Span)> = Vec::new();
        touched
            .extend(function.emits.iter().map(|e| (self.events[e.event.value].event_type.to_string(), e.event.span)));
        touched.extend(function.uses.iter().map(|u| (self.resource_name(u.resource.value), u.resource.span)));
        for call in &function.calls {
            touched.push(match call {
                Call::Function { function, span, .. } => (name_at(&self.names.functions, function.index()), *span),
                Call::Workflow { workflow, span } => (name_at(&self.names.workflows, workflow.index()), *span),
            });
        }
        for (text, span) in touched {
            let variable = text.replace(['-', '.'], "_").to_ascii_uppercase();
            match names.get(&variable) {
                Some((other, _)) if *other == format!("`{text}`") => {}
                Some((other, place)) => {
                    let message = format!("`{text}` and {other} are both given as `ISOBAR_{variable}_…`");
                    let finding = Finding::error("binding-clash", span, message).related(*place, "the other one");
                    self.report(finding.help("rename one of them"));
                }
                None => {
                    names.insert(variable, (format!("`{text}`"), span));
                }
            }
        }
    }

    /// The name of a resource.
    pub(super) fn resource_name(&self, resource: AnyResource) -> String {
        let names = &self.names;
        match resource {
            AnyResource::Table(id) => name_at(&names.tables, id.index()),
            AnyResource::Bucket(id) => name_at(&names.buckets, id.index()),
            AnyResource::Queue(id) => names.queues.get(id.index()).map(|q| q.name().to_owned()).unwrap_or_default(),
            AnyResource::Topic(id) => name_at(&names.topics, id.index()),
            AnyResource::Stream(id) => name_at(&names.streams, id.index()),
            AnyResource::Bus(id) => name_at(&names.buses, id.index()),
            AnyResource::Secret(id) => name_at(&names.secrets, id.index()),
            AnyResource::Cache(id) => name_at(&names.caches, id.index()),
            AnyResource::Api(id) => name_at(&names.apis, id.index()),
            AnyResource::Socket(id) => name_at(&names.sockets, id.index()),
            AnyResource::Identity(id) => name_at(&names.identities, id.index()),
            AnyResource::Devices(id) => name_at(&names.devices, id.index()),
            AnyResource::Database(id) => name_at(&names.databases, id.index()),
            AnyResource::External(id) => name_at(&names.externals, id.index()),
        }
    }
}

fn name_at<T>(list: &Sorted<'_, T>, index: usize) -> String {
    list.get(index).map(|(name, _)| name.value.to_string()).unwrap_or_default()
}
