//! Resources, one type a kind.

use std::sync::Arc;

pub use crate::spec::{AttributeType, Engine, Ordered};

use super::{Event, Function, Given, Head, Id, ResourceKind};
use crate::base::{ByteSize, Duration, Name, Span, Spanned};

/// A resource of any kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AnyResource {
    /// A table.
    Table(Id<Table>),
    /// A bucket.
    Bucket(Id<Bucket>),
    /// A queue.
    Queue(Id<Queue>),
    /// A topic.
    Topic(Id<Topic>),
    /// A stream.
    Stream(Id<Stream>),
    /// A bus.
    Bus(Id<Bus>),
    /// A secret.
    Secret(Id<Secret>),
    /// A cache.
    Cache(Id<Cache>),
    /// An API.
    Api(Id<Api>),
    /// A WebSocket API.
    Socket(Id<Socket>),
    /// A user pool.
    Identity(Id<Identity>),
    /// A broker.
    Devices(Id<Devices>),
    /// A database.
    Database(Id<Database>),
    /// A host outside.
    External(Id<External>),
}

impl AnyResource {
    /// Its kind.
    pub const fn kind(self) -> ResourceKind {
        match self {
            Self::Table(_) => ResourceKind::Table,
            Self::Bucket(_) => ResourceKind::Bucket,
            Self::Queue(_) => ResourceKind::Queue,
            Self::Topic(_) => ResourceKind::Topic,
            Self::Stream(_) => ResourceKind::Stream,
            Self::Bus(_) => ResourceKind::Bus,
            Self::Secret(_) => ResourceKind::Secret,
            Self::Cache(_) => ResourceKind::Cache,
            Self::Api(_) => ResourceKind::Api,
            Self::Socket(_) => ResourceKind::Socket,
            Self::Identity(_) => ResourceKind::Identity,
            Self::Devices(_) => ResourceKind::Devices,
            Self::Database(_) => ResourceKind::Database,
            Self::External(_) => ResourceKind::External,
        }
    }
}

/// A key attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name, case kept.
    pub name: Spanned<Arc<str>>,
    /// Its type.
    pub kind: AttributeType,
}

/// Key of a table or an index.
#[derive(Debug, Clone, PartialEq)]
pub struct TableKey {
    /// Decides where a row stands.
    pub partition: Attribute,
    /// Orders rows of one partition.
    pub sort: Option<Attribute>,
}

/// Another way to read a table.
#[derive(Debug, Clone)]
pub struct Index {
    /// Its name.
    pub name: Spanned<Name>,
    /// Its key.
    pub key: TableKey,
}

/// Rows by key.
#[derive(Debug, Clone)]
pub struct Table {
    /// Path, place.
    pub head: Head,
    /// The key.
    pub key: TableKey,
    /// Sorted by name.
    pub indexes: Vec<Index>,
    /// Attribute that holds the time at which a row expires (seconds since 1970).
    pub expires: Option<Spanned<Arc<str>>>,
    /// Point-in-time recovery.
    pub recovery: Given<bool>,
    /// Changes are published: some `change` trigger reads them.
    pub changes: bool,
}

/// Objects that go by themselves.
#[derive(Debug, Clone, PartialEq)]
pub struct Expiry {
    /// Names start with it; empty is all.
    pub prefix: Spanned<Arc<str>>,
    /// Age at which they go.
    pub after: Spanned<Duration>,
}

/// Objects by name.
#[derive(Debug, Clone)]
pub struct Bucket {
    /// Path, place.
    pub head: Head,
    /// Former versions are kept.
    pub versioned: Given<bool>,
    /// Objects that go by themselves.
    pub expire: Vec<Expiry>,
    /// Origins whose pages may call it.
    pub cors: Option<Cors>,
    /// Anybody may read it.
    pub public: Given<bool>,
}

/// Where messages of a queue go that fail.
#[derive(Debug, Clone)]
pub struct QueueDeadLetter {
    /// Attempts, the first included.
    pub after: Given<u32>,
    /// The queue that takes them.
    pub to: Given<Id<Queue>>,
}

/// Messages, each to one consumer.
#[derive(Debug, Clone)]
pub struct Queue {
    /// Path, place.
    pub head: Head,
    /// The event in its messages.
    pub carries: Option<Spanned<Id<Event>>>,
    /// Whether order is kept.
    pub ordered: Given<Ordered>,
    /// How long a message waits at most.
    pub retention: Given<Duration>,
    /// How long a received message is hidden from others.
    pub visibility: Given<Duration>,
    /// Wait before a message is seen first.
    pub delay: Option<Spanned<Duration>>,
    /// Where failing messages go.
    pub dead_letter: Option<QueueDeadLetter>,
    /// Queues whose failing messages come here.
    pub dead_letter_of: Vec<Id<Queue>>,
    /// People read it.
    pub manual: Given<bool>,
}

/// Messages, each to every subscriber.
#[derive(Debug, Clone)]
pub struct Topic {
    /// Path, place.
    pub head: Head,
    /// The event in its messages.
    pub carries: Option<Spanned<Id<Event>>>,
    /// Whether order is kept.
    pub ordered: Given<Ordered>,
    /// Somebody outside subscribes.
    pub external_subscribers: Given<bool>,
}

/// A partitioned log.
#[derive(Debug, Clone)]
pub struct Stream {
    /// Path, place.
    pub head: Head,
    /// The event in its records.
    pub carries: Option<Spanned<Id<Event>>>,
    /// How long records are kept.
    pub retention: Given<Duration>,
    /// Partitions; `None` lets the platform scale.
    pub shards: Option<Spanned<u32>>,
}

/// Typed events, routed by rules.
#[derive(Debug, Clone)]
pub struct Bus {
    /// Path, place.
    pub head: Head,
    /// `emits` goes here unless it says otherwise.
    pub default: bool,
}

/// Rotation of a secret.
#[derive(Debug, Clone)]
pub struct Rotation {
    /// How often.
    pub every: Spanned<Duration>,
    /// Who does it; without, it is a reminder.
    pub by: Option<Spanned<Id<Function>>>,
}

/// A confidential text.
#[derive(Debug, Clone)]
pub struct Secret {
    /// Path, place.
    pub head: Head,
    /// Rotation.
    pub rotate: Option<Rotation>,
}

/// Keys that may be lost.
#[derive(Debug, Clone)]
pub struct Cache {
    /// Path, place.
    pub head: Head,
    /// Most memory it may take.
    pub memory: Option<Spanned<ByteSize>>,
}

/// JSON Web Tokens of one issuer.
#[derive(Debug, Clone, PartialEq)]
pub struct Jwt {
    /// `iss`, an https address.
    pub issuer: Spanned<Arc<str>>,
    /// Accepted `aud`.
    pub audience: Vec<Spanned<Arc<str>>>,
}

/// Who may call a route.
#[derive(Debug, Clone, PartialEq)]
pub enum Auth {
    /// Nothing was said.
    Unstated,
    /// Anybody, said so.
    Public(crate::base::Span),
    /// Holders of a token.
    Jwt(Jwt),
}

impl Auth {
    /// Whether anybody may call, said or not.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::Unstated | Self::Public(_) => true,
            Self::Jwt(_) => false,
        }
    }
}

/// Which pages of other origins may call.
#[derive(Debug, Clone, PartialEq)]
pub struct Cors {
    /// Origins, or `*`.
    pub origins: Vec<Spanned<Arc<str>>>,
    /// Methods; where they are left out those of the routes, and without routes those that read.
    pub methods: Given<Vec<Spanned<Arc<str>>>>,
    /// Request headers; those that the routes take where they are left out.
    pub headers: Given<Vec<Spanned<Arc<str>>>>,
    /// Cookies and such.
    pub credentials: bool,
    /// What the routes of the API need, sorted.
    pub needs: Vec<CorsNeed>,
}

/// What a browser asks about before it lets a page call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CorsPart {
    /// A method.
    Method,
    /// A request header.
    Header,
}

/// Something without which a page cannot call a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorsNeed {
    /// What it is.
    pub part: CorsPart,
    /// The method, or the header in lower case.
    pub name: Arc<str>,
    /// Why, as a clause.
    pub because: Arc<str>,
    /// The route or the key.
    pub span: Span,
}

/// Requests a second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Throttle {
    /// Steady rate.
    pub rate: Spanned<u32>,
    /// Burst.
    pub burst: Spanned<u32>,
}

/// An HTTP API.
#[derive(Debug, Clone)]
pub struct Api {
    /// Path, place.
    pub head: Head,
    /// Default of its routes.
    pub auth: Auth,
    /// Origins.
    pub cors: Option<Cors>,
    /// Default of its routes.
    pub throttle: Option<Throttle>,
}

/// A WebSocket API.
#[derive(Debug, Clone)]
pub struct Socket {
    /// Path, place.
    pub head: Head,
    /// Who may connect.
    pub auth: Auth,
}

/// A user pool.
#[derive(Debug, Clone)]
pub struct Identity {
    /// Path, place.
    pub head: Head,
}

/// An MQTT broker.
#[derive(Debug, Clone)]
pub struct Devices {
    /// Path, place.
    pub head: Head,
}

/// A relational database.
#[derive(Debug, Clone)]
pub struct Database {
    /// Path, place.
    pub head: Head,
    /// Flavour.
    pub engine: Given<Engine>,
}

/// A host outside.
#[derive(Debug, Clone)]
pub struct External {
    /// Path, place.
    pub head: Head,
    /// Its DNS name.
    pub host: Spanned<Arc<str>>,
    /// TCP port.
    pub port: Given<u16>,
}
