//! What runs a function or starts a workflow.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use super::Conditions;
use super::amount::{Count, CronText, Zone};
use super::api::{Auth, Throttle};
use super::context::Context;
use super::declare::{declaration, one_key, words};
use super::parse::{Many, Parse, Several};
use super::scalar::{EventRef, Ref, text};
use crate::base::{Duration, Route, Spanned};
use crate::yaml::{Kind, Node};

one_key! {
    /// What runs a function or starts a workflow: one key that says what, and its fields.
    pub enum Trigger("a trigger", "- queue: { from: ledger }") {
        /// A request: `{ api: shop, route: POST /orders }`.
        Http(HttpTrigger) = "http",
        /// A message of a queue: `{ from: ledger, batch: 10 }`, or the name of the queue.
        Queue(QueueTrigger) = "queue",
        /// Records of a stream: `{ from: clicks }`, or its name.
        Stream(ReadingTrigger) = "stream",
        /// Changes of a table: `{ from: orders }`, or its name.
        Change(ReadingTrigger) = "change",
        /// A message of a topic: `{ from: alerts }`, or its name.
        Topic(TopicTrigger) = "topic",
        /// An event of a bus: `{ type: order.placed }`, or the type, or a list of types.
        Event(EventTrigger) = "event",
        /// An object came or went: `{ bucket: uploads, created: { prefix: incoming/ } }`.
        Object(ObjectTrigger) = "object",
        /// Time: `{ cron: "0 2 * * *", zone: Europe/Berlin }` or `{ every: 5m }`, or the cron expression or interval alone.
        Schedule(ScheduleTrigger) = "schedule",
        /// A WebSocket message: `{ api: chat, route: connect }`.
        Socket(SocketTrigger) = "socket",
        /// An MQTT message: `{ devices: fleet, topic: "cars/+/state" }`.
        Message(MessageTrigger) = "message",
        /// A line of another function's log: `{ of: settle, pattern: ERROR }`.
        Log(LogTrigger) = "log",
        /// Something happened to a user: `{ identity: members, on: signed-up }`.
        User(UserTrigger) = "user",
    }
}

words! {
    /// How the time between attempts grows.
    Backoff("a backoff") {
        /// It doubles.
        Exponential = "exponential",
        /// It stays.
        Constant = "constant",
    }
}

declaration! {
    /// How often and how long a delivery is tried again.
    pub struct Retry("a retry", "{ attempts: 3, for: 1h }") {
        /// Attempts, the first included.
        attempts: Option<Spanned<Count<1, 10_000>>>,
        /// Longest age of what is delivered.
        age "for": Option<Spanned<Duration>>,
        /// Time before the second attempt.
        delay: Option<Spanned<Duration>>,
        /// Whether the time between attempts grows; `constant` when left out.
        backoff: Option<Spanned<Backoff>>,
    }
}

declaration! {
    /// A loop that is meant.
    pub struct AllowLoop("an allowed loop", "{ hops: 3, reason: … }") {
        /// Most rounds.
        hops: Spanned<Count<1, 1000>>,
        /// Why it is meant.
        reason: Spanned<Arc<str>>,
    }
}

declaration! {
    /// A request.
    pub struct HttpTrigger("an http trigger", "{ api: shop, route: POST /orders }") {
        /// The API.
        api: Ref,
        /// Method and path: `GET /orders/{orderId}`, where `ANY` is every method and `{rest+}` the rest of the path.
        route: Spanned<Route>,
        /// The event whose schema the body of the request has.
        body: Option<EventRef>,
        /// The event whose schema the response has.
        returns: Option<EventRef>,
        /// Who may call it; the API's when left out. `public` is anybody.
        auth: Option<Auth>,
        /// Requests a second; the API's when left out.
        throttle: Option<Throttle>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

words! {
    /// Where a reader of a log begins.
    Start("a start") {
        /// With what comes.
        Latest = "latest",
        /// With what is there.
        Oldest = "oldest",
    }
}

declaration! {
    /// An object came or went.
    pub struct ObjectTrigger("an object trigger", "{ bucket: uploads, created: { prefix: incoming/ } }") {
        /// The bucket.
        bucket: Ref,
        /// It came or was overwritten; `{}` is every object.
        created: Option<ObjectFilter>,
        /// It was removed; `{}` is every object.
        deleted: Option<ObjectFilter>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

declaration! {
    /// Which objects.
    pub struct ObjectFilter("a filter of objects", "{ prefix: incoming/ }") {
        /// Names start with it.
        prefix: Option<Spanned<Arc<str>>>,
        /// Names end with it.
        suffix: Option<Spanned<Arc<str>>>,
    }
}

declaration! {
    /// A WebSocket message.
    pub struct SocketTrigger("a socket trigger", "{ api: chat, route: connect }") {
        /// The WebSocket API.
        api: Ref,
        /// `connect`, `disconnect`, or the name of a message.
        route: Spanned<Arc<str>>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

declaration! {
    /// An MQTT message.
    pub struct MessageTrigger("a message trigger", "{ devices: fleet, topic: \"cars/+/state\" }") {
        /// The broker.
        devices: Ref,
        /// MQTT topic filter: `+` is one level, `#` the rest.
        topic: Spanned<Arc<str>>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

declaration! {
    /// A line of another function's log.
    pub struct LogTrigger("a log trigger", "{ of: settle, pattern: ERROR }") {
        /// Whose log.
        of: Ref,
        /// What the line contains.
        pattern: Spanned<Arc<str>>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

declaration! {
    /// Something happened to a user.
    pub struct UserTrigger("a user trigger", "{ identity: members, on: signed-up }") {
        /// The user pool.
        identity: Ref,
        /// What happened: `signed-up`, `confirmed`, `signed-in`, `deleted`.
        on: Several<Spanned<UserEvent>>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

words! {
    /// What happened to a user.
    UserEvent("a user event") {
        /// The user asked for an account.
        SignedUp = "signed-up",
        /// The user confirmed it.
        Confirmed = "confirmed",
        /// The user signed in.
        SignedIn = "signed-in",
        /// The account is gone.
        Deleted = "deleted",
    }
}

/// Declares a trigger that has a short form: the text of its main field alone.
macro_rules! short {
    ($(#[doc = $doc:literal])* pub struct $name:ident as $long:ident($what:literal, $example:literal) by $read:expr, $short:tt {
        $($body:tt)*
    }) => {
        declaration! { $(#[doc = $doc])* pub struct $long($what, $example) { $($body)* } }

        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub struct $name(pub $long);

        impl std::ops::Deref for $name {
            type Target = $long;

            fn deref(&self) -> &$long {
                &self.0
            }
        }

        impl Parse for $name {
            const WHAT: &'static str = $what;
            const EXAMPLE: &'static str = $example;

            fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
                let null = matches!(&node.kind, Kind::Scalar(scalar) if scalar.is_null());
                if matches!(node.kind, Kind::Map(_)) || null {
                    return $long::parse(node, cx).map(Self);
                }
                let read: fn(&Node, &mut Context) -> Option<$long> = $read;
                read(node, cx).map(Self)
            }

            fn schema(generator: &mut SchemaGenerator) -> Schema {
                generator.subschema_for::<Self>()
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                let long = $long::schema(generator);
                json_schema!({ "anyOf": [$short, long] })
            }
        }
    };
}

short! {
    /// A message of a queue.
    pub struct QueueTrigger as QueueFields("a queue trigger", "{ from: ledger }") by |node, cx| {
        let from = Ref::parse(node, cx)?;
        Some(QueueFields { from, batch: None, window: None, partial_failures: None, concurrency: None,
            conditions: None, allow_loop: None, span: node.span, broken: false })
    }, { "type": "string" } {
        /// The queue.
        from: Ref,
        /// Most messages at a time; 10 when left out, 1 where the handler cannot say which of them failed.
        batch: Option<Spanned<Count<1, 10_000>>>,
        /// Longest wait for a batch.
        window: Option<Spanned<Duration>>,
        /// The handler says which messages failed; true when left out, for portable handlers.
        partial_failures "partial-failures": Option<Spanned<bool>>,
        /// Most batches at a time.
        concurrency: Option<Spanned<Count<1, 10_000>>>,
        /// Which messages: paths into the data with tests.
        conditions "where": Option<Conditions>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

short! {
    /// Records of a stream, or changes of a table.
    pub struct ReadingTrigger as ReadingFields("a stream trigger", "{ from: clicks }") by |node, cx| {
        let from = Ref::parse(node, cx)?;
        Some(ReadingFields { from, batch: None, window: None, start: None, parallel: None, partial_failures: None,
            bisect: None, conditions: None, retry: None, allow_loop: None, span: node.span, broken: false })
    }, { "type": "string" } {
        /// The stream or table.
        from: Ref,
        /// Most records at a time; 10 when left out, 1 where the handler cannot say which of them failed.
        batch: Option<Spanned<Count<1, 10_000>>>,
        /// Longest wait for a batch.
        window: Option<Spanned<Duration>>,
        /// `latest` (the default) or `oldest`.
        start: Option<Spanned<Start>>,
        /// Batches of one partition at a time; 1 when left out.
        parallel: Option<Spanned<Count<1, 10>>>,
        /// The handler says which records failed; true when left out, for portable handlers.
        partial_failures "partial-failures": Option<Spanned<bool>>,
        /// Split a failing batch; true when left out, where the handler cannot say which records failed.
        bisect: Option<Spanned<bool>>,
        /// Which records: paths into the data with tests.
        conditions "where": Option<Conditions>,
        /// Attempts of a delivery; five, and half the retention, when left out.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

short! {
    /// A message of a topic.
    pub struct TopicTrigger as TopicFields("a topic trigger", "{ from: alerts }") by |node, cx| {
        let from = Ref::parse(node, cx)?;
        Some(TopicFields { from, conditions: None, retry: None, allow_loop: None, span: node.span, broken: false })
    }, { "type": "string" } {
        /// The topic.
        from: Ref,
        /// Which messages: paths into the data with tests.
        conditions "where": Option<Conditions>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

short! {
    /// An event of a bus.
    pub struct EventTrigger as EventFields("an event trigger", "{ type: order.placed }") by |node, cx| {
        let types = Many::parse(node, cx)?;
        Some(EventFields { types, bus: None, conditions: None, retry: None, allow_loop: None, span: node.span, broken: false })
    }, { "type": ["string", "array"], "items": { "type": "string" } } {
        /// The event type, or a list of them.
        types "type": Many<EventRef>,
        /// The bus; the default one when left out.
        bus: Option<Ref>,
        /// Which events: paths into the data with tests.
        conditions "where": Option<Conditions>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}

short! {
    /// Time.
    pub struct ScheduleTrigger as ScheduleFields("a schedule", "{ cron: \"0 2 * * *\", zone: Europe/Berlin }") by |node, cx| {
        let text = text(node, cx, "a cron expression or an interval", "\"0 2 * * *\"")?;
        // A cron expression has five words, an interval one; what is neither is told as the one it is nearer to.
        let interval = text.split_ascii_whitespace().count() < 3;
        let (cron, every) = if interval {
            (None, Some(Spanned::parse(node, cx)?))
        } else {
            (Some(Spanned::parse(node, cx)?), None)
        };
        Some(ScheduleFields { cron, zone: None, every, input: None, flexible: None, retry: None, allow_loop: None,
            span: node.span, broken: false })
    }, { "type": "string" } {
        /// Minute, hour, day, month, weekday.
        cron: Option<Spanned<CronText>>,
        /// IANA time zone of `cron`; `UTC` when left out.
        zone: Option<Spanned<Zone>>,
        /// A fixed interval instead of `cron`.
        every: Option<Spanned<Duration>>,
        /// What the function receives as data; without it there is none.
        input: Option<Value>,
        /// How late it may be.
        flexible: Option<Spanned<Duration>>,
        /// Attempts of a delivery.
        retry: Option<Retry>,
        /// A loop that is meant.
        allow_loop "allow-loop": Option<AllowLoop>,
    }
}
