//! What runs a function or starts a workflow.

use std::sync::Arc;

pub use crate::spec::{Compare, Condition, Start};

use super::{
    AnyResource, Api, Auth, Bucket, Bus, Devices, Event, Function, Given, Id, Identity, Queue, Secret, Socket, Stream,
    Table, Throttle, Topic, TriggerKind,
};
use crate::base::{Cron, Duration, Route, Span, Spanned};

/// How often and how long a delivery is tried again.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// Attempts, the first included.
    pub attempts: Given<u32>,
    /// Longest age of what is delivered.
    pub age: Option<Given<Duration>>,
    /// First delay.
    pub delay: Option<Spanned<Duration>>,
    /// Delays grow.
    pub backoff: Given<bool>,
}

/// A loop that is meant.
#[derive(Debug, Clone, PartialEq)]
pub struct AllowLoop {
    /// Most rounds.
    pub hops: Spanned<u32>,
    /// Why.
    pub reason: Spanned<Arc<str>>,
}

/// What happened to an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectChange {
    /// It came or was overwritten.
    Created,
    /// It went.
    Deleted,
}

/// When a schedule runs.
#[derive(Debug, Clone, PartialEq)]
pub enum ScheduleWhen {
    /// By the calendar.
    Cron {
        /// Parsed.
        cron: Cron,
        /// As written.
        text: Spanned<Arc<str>>,
        /// IANA zone; `UTC` when left out.
        zone: Given<Arc<str>>,
    },
    /// At a fixed interval.
    Every(Spanned<Duration>),
}

/// A route of an API with what it asks of callers.
#[derive(Debug, Clone, PartialEq)]
pub struct Http {
    /// The API.
    pub api: Spanned<Id<Api>>,
    /// The route.
    pub route: Spanned<Route>,
    /// Contract of the request body.
    pub body: Option<Spanned<Id<Event>>>,
    /// Contract of the response.
    pub returns: Option<Spanned<Id<Event>>>,
    /// In force: the route's own, else the API's.
    pub auth: Auth,
    /// In force: the route's own, else the API's.
    pub throttle: Option<Throttle>,
}

/// A message of a WebSocket API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SocketRoute {
    /// A client came.
    Connect,
    /// A client went.
    Disconnect,
    /// A named message.
    Message(Arc<str>),
}

/// Where a trigger's events come from.
#[derive(Debug, Clone, PartialEq)]
pub enum TriggerSource {
    /// A request.
    Http(Http),
    /// A message of a queue.
    Queue {
        /// The queue.
        from: Spanned<Id<Queue>>,
        /// Most messages at a time.
        batch: Given<u32>,
        /// Longest wait for a batch.
        window: Option<Spanned<Duration>>,
        /// The handler says which messages failed.
        partial_failures: Given<bool>,
        /// Most batches at a time.
        concurrency: Option<Spanned<u32>>,
    },
    /// Records of a stream.
    Stream {
        /// The stream.
        from: Spanned<Id<Stream>>,
        /// Reading.
        reading: Reading,
    },
    /// Changes of a table.
    Change {
        /// The table.
        from: Spanned<Id<Table>>,
        /// Reading.
        reading: Reading,
    },
    /// A message of a topic.
    Topic {
        /// The topic.
        from: Spanned<Id<Topic>>,
    },
    /// An event of a bus.
    Event {
        /// The types, at least one.
        types: Vec<Spanned<Id<Event>>>,
        /// The bus.
        bus: Given<Id<Bus>>,
    },
    /// An object came or went.
    Object {
        /// The bucket.
        bucket: Spanned<Id<Bucket>>,
        /// Which of the two.
        change: ObjectChange,
        /// Names start with it; may be empty.
        prefix: Arc<str>,
        /// Names end with it; may be empty.
        suffix: Arc<str>,
    },
    /// Time.
    Schedule {
        /// When.
        when: ScheduleWhen,
        /// What the function receives.
        input: Option<serde_json::Value>,
        /// How late it may be.
        flexible: Option<Spanned<Duration>>,
    },
    /// A WebSocket message.
    Socket {
        /// The API.
        api: Spanned<Id<Socket>>,
        /// Which.
        route: SocketRoute,
    },
    /// An MQTT message.
    Message {
        /// The broker.
        devices: Spanned<Id<Devices>>,
        /// MQTT filter.
        topic: Spanned<Arc<str>>,
    },
    /// A line of another function's log.
    Log {
        /// Whose log.
        of: Spanned<Id<Function>>,
        /// What it contains.
        pattern: Spanned<Arc<str>>,
    },
    /// Something happened to a user.
    User {
        /// The pool.
        identity: Spanned<Id<Identity>>,
        /// What: `signed-up`, `confirmed`, …
        on: Vec<Spanned<Arc<str>>>,
    },
    /// A secret is to be rotated: `rotate.by`.
    Rotation {
        /// The secret.
        secret: Id<Secret>,
    },
}

/// How a log is read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Most records at a time.
    pub batch: Given<u32>,
    /// Longest wait for a batch.
    pub window: Option<Spanned<Duration>>,
    /// Where to begin.
    pub start: Given<Start>,
    /// Batches of one partition at a time.
    pub parallel: Given<u32>,
    /// The handler says which records failed.
    pub partial_failures: Given<bool>,
    /// Split a failing batch.
    pub bisect: Given<bool>,
}

/// One entry of `on`.
#[derive(Debug, Clone, PartialEq)]
pub struct Trigger {
    /// Unique among the triggers of its function and stable under unrelated edits: made of kind and source.
    pub name: Arc<str>,
    /// The name that it had before what it takes from was renamed.
    pub former_name: Option<Arc<str>>,
    /// The key of the trigger.
    pub span: Span,
    /// Where events come from.
    pub source: TriggerSource,
    /// Which of them.
    pub conditions: Vec<Condition>,
    /// Retries of asynchronous triggers; for a queue they live on the queue.
    pub retry: Option<Retry>,
    /// A loop that is meant.
    pub allow_loop: Option<AllowLoop>,
}

impl Trigger {
    /// Its kind.
    pub const fn kind(&self) -> TriggerKind {
        match &self.source {
            TriggerSource::Http(_) => TriggerKind::Http,
            TriggerSource::Queue { .. } => TriggerKind::Queue,
            TriggerSource::Stream { .. } => TriggerKind::Stream,
            TriggerSource::Change { .. } => TriggerKind::Change,
            TriggerSource::Topic { .. } => TriggerKind::Topic,
            TriggerSource::Event { .. } => TriggerKind::Event,
            TriggerSource::Object { .. } => TriggerKind::Object,
            TriggerSource::Schedule { .. } => TriggerKind::Schedule,
            TriggerSource::Socket { .. } => TriggerKind::Socket,
            TriggerSource::Message { .. } => TriggerKind::Message,
            TriggerSource::Log { .. } => TriggerKind::Log,
            TriggerSource::User { .. } => TriggerKind::User,
            TriggerSource::Rotation { .. } => TriggerKind::Rotation,
        }
    }

    /// The route, where it is one.
    pub const fn http(&self) -> Option<&Http> {
        if let TriggerSource::Http(http) = &self.source { Some(http) } else { None }
    }

    /// Whether the function may say which parts of a batch failed.
    pub const fn partial_failures(&self) -> bool {
        match &self.source {
            TriggerSource::Queue { partial_failures, .. } => partial_failures.value,
            TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => {
                reading.partial_failures.value
            }
            TriggerSource::Http(_)
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => false,
        }
    }

    /// How long it waits for a batch, where it collects one and the spec says so.
    pub const fn batch_window(&self) -> Option<Spanned<Duration>> {
        match &self.source {
            TriggerSource::Queue { window, .. } => *window,
            TriggerSource::Stream { reading, .. } | TriggerSource::Change { reading, .. } => reading.window,
            TriggerSource::Http(_)
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Object { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Socket { .. }
            | TriggerSource::Message { .. }
            | TriggerSource::Log { .. }
            | TriggerSource::User { .. }
            | TriggerSource::Rotation { .. } => None,
        }
    }

    /// The resource its events come from; `None` for time and logs.
    pub fn resource(&self) -> Option<AnyResource> {
        match &self.source {
            TriggerSource::Http(http) => Some(AnyResource::Api(http.api.value)),
            TriggerSource::Queue { from, .. } => Some(AnyResource::Queue(from.value)),
            TriggerSource::Stream { from, .. } => Some(AnyResource::Stream(from.value)),
            TriggerSource::Change { from, .. } => Some(AnyResource::Table(from.value)),
            TriggerSource::Topic { from } => Some(AnyResource::Topic(from.value)),
            TriggerSource::Event { bus, .. } => Some(AnyResource::Bus(bus.value)),
            TriggerSource::Object { bucket, .. } => Some(AnyResource::Bucket(bucket.value)),
            TriggerSource::Socket { api, .. } => Some(AnyResource::Socket(api.value)),
            TriggerSource::Message { devices, .. } => Some(AnyResource::Devices(devices.value)),
            TriggerSource::User { identity, .. } => Some(AnyResource::Identity(identity.value)),
            TriggerSource::Rotation { secret } => Some(AnyResource::Secret(*secret)),
            TriggerSource::Schedule { .. } | TriggerSource::Log { .. } => None,
        }
    }
}
