//! The closed sets of kinds.

pub(super) use crate::base::kinds;

kinds! {
    /// The `type` of a resource.
    ResourceKind {
        /// Rows by key.
        Table = "table",
        /// Objects by name.
        Bucket = "bucket",
        /// Messages, each to one consumer.
        Queue = "queue",
        /// Messages, each to every subscriber.
        Topic = "topic",
        /// A partitioned log.
        Stream = "stream",
        /// Typed events, routed by rules.
        Bus = "bus",
        /// A confidential text.
        Secret = "secret",
        /// Keys that may be lost.
        Cache = "cache",
        /// An HTTP API.
        Api = "api",
        /// A WebSocket API.
        Socket = "socket",
        /// A user pool.
        Identity = "identity",
        /// An MQTT broker.
        Devices = "devices",
        /// A relational database.
        Database = "database",
        /// A host outside.
        External = "external",
    }
}

kinds! {
    /// The key of a trigger.
    TriggerKind {
        /// A request.
        Http = "http",
        /// A message of a queue.
        Queue = "queue",
        /// Records of a stream.
        Stream = "stream",
        /// Changes of a table.
        Change = "change",
        /// A message of a topic.
        Topic = "topic",
        /// An event of a bus.
        Event = "event",
        /// An object came or went.
        Object = "object",
        /// Time.
        Schedule = "schedule",
        /// A WebSocket message.
        Socket = "socket",
        /// An MQTT message.
        Message = "message",
        /// A line of another function's log.
        Log = "log",
        /// Something happened to a user.
        User = "user",
        /// A secret is to be rotated (`rotate.by`).
        Rotation = "rotation",
    }
}

kinds! {
    /// What kind of thing a function is built from.
    FunctionKind {
        /// A runtime of the platform.
        Code = "code",
        /// An image.
        Container = "container",
        /// A hosted or packaged model.
        Model = "model",
    }
}

kinds! {
    /// Kinds of nodes of the graph.
    NodeKind {
        /// An event type.
        Event = "event",
        /// A resource.
        Resource = "resource",
        /// A function.
        Function = "function",
        /// A workflow.
        Workflow = "workflow",
        /// A route of an API.
        Route = "route",
        /// A schedule.
        Schedule = "schedule",
        /// A host outside.
        External = "external",
    }
}
