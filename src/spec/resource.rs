//! Resources: what holds data or messages, and what is reached from outside or outside.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::address::Host;
use super::amount::Count;
use super::api::{Api, Auth, Cors};
use super::context::{Context, Key};
use super::declare::{declaration, tagged, words};
use super::parse::{Many, Map, Parse};
use super::scalar::{EventRef, Ref, unknown_word};
use crate::base::{ByteSize, Duration, Name, Spanned};
use crate::diag::Finding;
use crate::yaml::{Kind, Node};

tagged! {
    /// What holds data or messages, or is reached from outside or outside.
    pub enum Resource("a resource", "type") {
        /// Rows by key.
        Table(Table) = "table",
        /// Objects by name.
        Bucket(Bucket) = "bucket",
        /// Messages, each to one consumer.
        Queue(Queue) = "queue",
        /// Messages, each to every subscriber.
        Topic(Topic) = "topic",
        /// A partitioned log.
        Stream(Stream) = "stream",
        /// Typed events, routed by rules.
        Bus(Bus) = "bus",
        /// A confidential text.
        Secret(Secret) = "secret",
        /// Keys that may be lost.
        Cache(Cache) = "cache",
        /// An HTTP API.
        Api(Api) = "api",
        /// A WebSocket API.
        Socket(Socket) = "socket",
        /// A user pool.
        Identity(Identity) = "identity",
        /// An MQTT broker.
        Devices(Devices) = "devices",
        /// A relational database.
        Database(Database) = "database",
        /// A host outside.
        External(External) = "external",
    }
}

words! {
    /// Type of a key attribute.
    AttributeType("a type of an attribute") {
        /// Text.
        String = "string",
        /// A number.
        Number = "number",
        /// Bytes.
        Binary = "binary",
    }
}

/// One attribute with its type: `{ orderId: string }`.
#[derive(Debug, Clone)]
pub struct KeyAttribute {
    /// Its name, case kept.
    pub name: Spanned<Arc<str>>,
    /// Its type.
    pub kind: AttributeType,
}

impl Parse for KeyAttribute {
    const WHAT: &'static str = "an attribute with its type";
    const EXAMPLE: &'static str = "{ orderId: string }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Map(entries) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        let [entry] = entries.as_slice() else {
            let message = format!("`{}` has {} attributes, not one", cx.key(), entries.len());
            cx.report(Finding::error("wrong-type", node.span, message).help(format!("write `{}`", Self::EXAMPLE)));
            return None;
        };
        let kind = cx.within(Key::Written(entry.key.value.clone()), entry.key.span, |cx| {
            <AttributeType as Parse>::parse(&entry.value, cx)
        })?;
        Some(Self { name: entry.key.clone(), kind })
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let kind = <AttributeType as Parse>::schema(generator);
        json_schema!({ "type": "object", "additionalProperties": kind, "minProperties": 1, "maxProperties": 1 })
    }
}

declaration! {
    /// The key of a table or of an index.
    pub struct TableKey("a key", "{ partition: { id: string } }") {
        /// The attribute that decides where a row stands, with its type.
        partition: KeyAttribute,
        /// The attribute that orders the rows of one partition, with its type.
        sort: Option<KeyAttribute>,
    }
}

declaration! {
    /// Rows by key.
    pub node Table("a table", "{ type: table, key: { partition: { id: string } } }") {
        /// The key of its rows.
        key: TableKey,
        /// Other ways to read it, by name.
        indexes: Option<Map<Name, TableKey>>,
        /// The attribute that holds the time at which a row expires, in seconds since 1970.
        expires: Option<Spanned<Arc<str>>>,
        /// Point-in-time recovery; off when left out.
        recovery: Option<Spanned<bool>>,
    }
}

declaration! {
    /// What every table has unless it says otherwise.
    pub struct TableDefaults("defaults of tables", "{ recovery: true }") {
        /// Point-in-time recovery.
        recovery: Option<Spanned<bool>>,
    }
}

declaration! {
    /// Objects that go by themselves.
    pub struct Expiry("an expiry", "{ prefix: incoming/, after: 30d }") {
        /// Their names start with it; every object when left out.
        prefix: Option<Spanned<Arc<str>>>,
        /// Age at which they go.
        after: Spanned<Duration>,
    }
}

declaration! {
    /// Objects by name.
    pub node Bucket("a bucket", "{ type: bucket }") {
        /// Former versions are kept; off when left out.
        versioned: Option<Spanned<bool>>,
        /// Objects that go by themselves.
        expire: Option<Many<Expiry>>,
        /// Pages of other origins that may call it.
        cors: Option<Cors>,
        /// Anybody may read it; off when left out.
        public: Option<Spanned<bool>>,
    }
}

declaration! {
    /// What every bucket has unless it says otherwise.
    pub struct BucketDefaults("defaults of buckets", "{ versioned: true }") {
        /// Former versions are kept.
        versioned: Option<Spanned<bool>>,
    }
}

/// How strictly a channel keeps order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ordered {
    /// Not at all.
    No,
    /// Per key of the carried event, until a message is set aside.
    PerKey,
    /// Per key; a failing message blocks its key.
    Strict,
}

impl Parse for Ordered {
    const WHAT: &'static str = "a boolean or `strict`";
    const EXAMPLE: &'static str = "true";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(s) if s.as_bool() == Some(true) => Some(Self::PerKey),
            Kind::Scalar(s) if s.as_bool() == Some(false) => Some(Self::No),
            Kind::Scalar(s) if &*s.text == "strict" => Some(Self::Strict),
            Kind::Scalar(s) if !s.is_null() && s.as_float().is_none() => {
                cx.report(unknown_word(cx.key(), &s.text, node.span, &["true", "false", "strict"]));
                None
            }
            Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
                cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
                None
            }
        }
    }

    fn schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "enum": [true, false, "strict"] })
    }
}

declaration! {
    /// Where messages of a queue go that fail.
    pub struct QueueDeadLetter("a dead letter", "{ after: 5, to: ledger-failed }") {
        /// Attempts, the first included; 5 when left out.
        after: Option<Spanned<Count<1, 1000>>>,
        /// The queue that takes them; made beside it when left out, with the same ordering and a retention of 14 days.
        to: Option<Ref>,
    }
}

declaration! {
    /// Messages, each to one consumer.
    pub node Queue("a queue", "{ type: queue }") {
        /// The event in its messages.
        carries: Option<EventRef>,
        /// `true` keeps the order per key of the carried event until a message is set aside; `strict` blocks the key on
        /// a failure.
        ordered: Option<Spanned<Ordered>>,
        /// How long a message waits at most; 4 days when left out.
        retention: Option<Spanned<Duration>>,
        /// How long a received message is hidden from others; derived from its consumers when left out.
        visibility: Option<Spanned<Duration>>,
        /// Time before a message is seen first.
        delay: Option<Spanned<Duration>>,
        /// Where messages go that fail.
        dead_letter "dead-letter": Option<QueueDeadLetter>,
        /// People read it; off when left out.
        manual: Option<Spanned<bool>>,
    }
}

declaration! {
    /// What every queue has unless it says otherwise.
    pub struct QueueDefaults("defaults of queues", "{ retention: 7d }") {
        /// How long a message waits at most.
        retention: Option<Spanned<Duration>>,
    }
}

declaration! {
    /// Messages, each to every subscriber.
    pub node Topic("a topic", "{ type: topic }") {
        /// The event in its messages.
        carries: Option<EventRef>,
        /// Whether the order per key of the carried event is kept.
        ordered: Option<Spanned<Ordered>>,
        /// Somebody outside subscribes; off when left out.
        external_subscribers "external-subscribers": Option<Spanned<bool>>,
    }
}

declaration! {
    /// A partitioned log.
    pub node Stream("a stream", "{ type: stream }") {
        /// The event in its records.
        carries: Option<EventRef>,
        /// How long records are kept; 24 hours when left out.
        retention: Option<Spanned<Duration>>,
        /// Partitions; left out, the platform scales.
        shards: Option<Spanned<Count<1, 10_000>>>,
    }
}

declaration! {
    /// What every stream has unless it says otherwise.
    pub struct StreamDefaults("defaults of streams", "{ retention: 7d }") {
        /// How long records are kept.
        retention: Option<Spanned<Duration>>,
    }
}

declaration! {
    /// Typed events, routed by rules.
    pub node Bus("a bus", "{ type: bus, default: true }") {
        /// `emits` goes here unless it says otherwise; an only bus is the default.
        default: Option<Spanned<bool>>,
    }
}

declaration! {
    /// Rotation of a secret.
    pub struct Rotate("a rotation", "{ every: 30d }") {
        /// How often.
        every: Spanned<Duration>,
        /// The function that does it, which gets `get` and `rotate`; left out, it is a reminder.
        by: Option<Ref>,
    }
}

declaration! {
    /// A confidential text. Its value never stands in a spec.
    pub node Secret("a secret", "{ type: secret }") {
        /// Rotation.
        rotate: Option<Rotate>,
    }
}

declaration! {
    /// Keys that may be lost.
    pub node Cache("a cache", "{ type: cache }") {
        /// Most memory it may take.
        memory: Option<Spanned<ByteSize>>,
    }
}

declaration! {
    /// A WebSocket API.
    pub node Socket("a socket", "{ type: socket }") {
        /// Who may connect.
        auth: Option<Auth>,
    }
}

declaration! {
    /// A user pool.
    pub node Identity("an identity", "{ type: identity }") {}
}

declaration! {
    /// An MQTT broker.
    pub node Devices("devices", "{ type: devices }") {}
}

words! {
    /// Flavour of a relational database.
    Engine("an engine") {
        /// `PostgreSQL`.
        Postgres = "postgres",
        /// `MySQL`.
        Mysql = "mysql",
    }
}

declaration! {
    /// A relational database that scales by itself.
    pub node Database("a database", "{ type: database }") {
        /// `postgres` (the default) or `mysql`.
        engine: Option<Spanned<Engine>>,
    }
}

declaration! {
    /// A host outside, reached over TLS.
    pub node External("an external host", "{ type: external, host: api.example.com }") {
        /// Its DNS name.
        host: Spanned<Host>,
        /// Its TCP port; 443 when left out.
        port: Option<Spanned<Count<1, 65_535>>>,
    }
}
