//! Walks over everything that a model declares, whatever its kind.

use super::{AnyResource, Head, Model};

/// The head of a resource of any kind.
pub fn resource_head(model: &Model, resource: AnyResource) -> &Head {
    match resource {
        AnyResource::Table(id) => &model.tables[id].head,
        AnyResource::Bucket(id) => &model.buckets[id].head,
        AnyResource::Queue(id) => &model.queues[id].head,
        AnyResource::Topic(id) => &model.topics[id].head,
        AnyResource::Stream(id) => &model.streams[id].head,
        AnyResource::Bus(id) => &model.buses[id].head,
        AnyResource::Secret(id) => &model.secrets[id].head,
        AnyResource::Cache(id) => &model.caches[id].head,
        AnyResource::Api(id) => &model.apis[id].head,
        AnyResource::Socket(id) => &model.sockets[id].head,
        AnyResource::Identity(id) => &model.identities[id].head,
        AnyResource::Devices(id) => &model.devices[id].head,
        AnyResource::Database(id) => &model.databases[id].head,
        AnyResource::External(id) => &model.externals[id].head,
    }
}

impl Model {
    /// All resources, by kind and name.
    pub fn resources(&self) -> impl Iterator<Item = AnyResource> {
        (self.tables.iter().map(|(id, _)| AnyResource::Table(id)))
            .chain(self.buckets.iter().map(|(id, _)| AnyResource::Bucket(id)))
            .chain(self.queues.iter().map(|(id, _)| AnyResource::Queue(id)))
            .chain(self.topics.iter().map(|(id, _)| AnyResource::Topic(id)))
            .chain(self.streams.iter().map(|(id, _)| AnyResource::Stream(id)))
            .chain(self.buses.iter().map(|(id, _)| AnyResource::Bus(id)))
            .chain(self.secrets.iter().map(|(id, _)| AnyResource::Secret(id)))
            .chain(self.caches.iter().map(|(id, _)| AnyResource::Cache(id)))
            .chain(self.apis.iter().map(|(id, _)| AnyResource::Api(id)))
            .chain(self.sockets.iter().map(|(id, _)| AnyResource::Socket(id)))
            .chain(self.identities.iter().map(|(id, _)| AnyResource::Identity(id)))
            .chain(self.devices.iter().map(|(id, _)| AnyResource::Devices(id)))
            .chain(self.databases.iter().map(|(id, _)| AnyResource::Database(id)))
            .chain(self.externals.iter().map(|(id, _)| AnyResource::External(id)))
    }

    /// The heads of all nodes but events, which no target has a construct for: resources by kind, functions, workflows.
    pub fn heads(&self) -> impl Iterator<Item = &Head> {
        (self.resources().map(|resource| resource_head(self, resource)))
            .chain(self.functions.values().iter().map(|f| &f.head))
            .chain(self.workflows.values().iter().map(|w| &w.head))
    }
}
