//! What a target can do of each construct and option, and how well.

use serde::{Deserialize, Deserializer};

/// How well.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, serde::Serialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// One product of the platform does it.
    Native,
    /// More parts than the construct has elsewhere.
    Emulated,
    /// A guarantee is weaker, and named.
    Degraded,
    /// This version does not emit it.
    NotYet,
    /// The platform cannot.
    Impossible,
}

impl Level {
    /// As written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Emulated => "emulated",
            Self::Degraded => "degraded",
            Self::NotYet => "not yet",
            Self::Impossible => "impossible",
        }
    }

    /// Whether artifacts are emitted for it.
    pub const fn is_emitted(self) -> bool {
        matches!(self, Self::Native | Self::Emulated | Self::Degraded)
    }
}

/// A level with its reason: `native`, or `{ level: degraded, reason: … }`.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Capability {
    /// How well.
    pub level: Level,
    /// Why not native; always there for degraded and impossible.
    pub reason: Option<String>,
    /// Identities may do more than the application asks for.
    pub wider: bool,
}

impl<'de> Deserialize<'de> for Capability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "what is expected is a level (`native`, `emulated`, `degraded`, `not-yet`, `impossible`), or `{ level, reason }`"
        )]
        enum Form {
            Short(Level),
            #[serde(rename_all = "kebab-case")]
            Long {
                level: Level,
                #[serde(default)]
                reason: Option<String>,
                #[serde(default)]
                wider: bool,
            },
        }
        let (level, reason, wider) = match Form::deserialize(deserializer)? {
            Form::Short(level) => (level, None, false),
            Form::Long { level, reason, wider } => (level, reason, wider),
        };
        if wider && level != Level::Degraded {
            return Err(serde::de::Error::custom("`wider` is for what is degraded"));
        }
        if reason.is_none() && matches!(level, Level::Degraded | Level::Impossible) {
            return Err(serde::de::Error::custom(format!("`{}` needs a reason", level.as_str())));
        }
        Ok(Self { level, reason, wider })
    }
}

impl schemars::JsonSchema for Capability {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Capability".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let level = generator.subschema_for::<Level>();
        schemars::json_schema!({
            "description": "How well the target does it; degraded and impossible need a reason.",
            "anyOf": [level, {
                "type": "object",
                "properties": {
                    "level": level,
                    "reason": { "type": "string" },
                    "wider": { "type": "boolean", "description": "Identities may do more than the application asks for." }
                },
                "required": ["level"],
                "additionalProperties": false
            }]
        })
    }
}

macro_rules! features {
    ($($key:literal: $doc:literal),+ $(,)?) => {
        /// Every construct and option of the language that a target may or may not do: key and meaning.
        pub const FEATURES: &[(&str, &str)] = &[$(($key, $doc)),+];
    };
}

/// What a feature is called in a sentence; the key itself where it is unknown.
pub fn feature_title(key: &str) -> &str {
    FEATURES.iter().find(|(k, _)| *k == key).map_or(key, |(_, title)| title)
}

features! {
    "function.code": "functions from code",
    "function.container": "functions from an image",
    "function.model": "functions from a model",
    "runtime.python": "Python",
    "runtime.nodejs": "Node.js",
    "runtime.java": "Java",
    "runtime.dotnet": ".NET",
    "runtime.go": "Go",
    "runtime.ruby": "Ruby",
    "runtime.rust": "Rust",
    "envelope.portable": "portable handlers",
    "envelope.native": "native handlers",
    "placement.edge": "placement at the edge",
    "state.durable": "durable executions",
    "state.entity": "entities",
    "network.private": "private network",
    "scaling.min": "fewest instances",
    "scaling.max": "most instances",
    "scaling.warm": "warm instances",
    "scaling.concurrency": "requests per instance",
    "scaling.schedule": "warm instances by time",
    "observe.trace": "tracing",
    "observe.logs": "log retention",
    "observe.alarms": "alarms",
    "idempotency.table": "idempotency store in a table",
    "idempotency.cache": "idempotency store in a cache",
    "function.dead-letter": "dead letter of a function",
    "function.outage": "declared outage",
    "trigger.http": "http trigger",
    "trigger.http.public": "public routes",
    "trigger.http.throttle": "throttle of a route",
    "trigger.queue": "queue trigger",
    "trigger.queue.batch": "batches of messages",
    "trigger.queue.partial-failures": "partial batch failures",
    "trigger.queue.whole-failures": "batches that fail as a whole",
    "trigger.queue.window": "batch window",
    "trigger.queue.concurrency": "consumers at a time",
    "trigger.stream": "stream trigger",
    "trigger.change": "table change trigger",
    "trigger.topic": "topic trigger",
    "trigger.event": "bus event trigger",
    "trigger.object": "object trigger",
    "trigger.schedule": "schedule trigger",
    "trigger.schedule.every": "fixed intervals",
    "trigger.schedule.flexible": "flexible schedules",
    "trigger.schedule.input": "input of a schedule",
    "trigger.socket": "socket trigger",
    "trigger.message": "device message trigger",
    "trigger.log": "log trigger",
    "trigger.user": "user trigger",
    "trigger.rotation": "rotation trigger",
    "trigger.where": "filters on data",
    "trigger.retry": "retry of a trigger",
    "trigger.retry.for": "age at which retrying ends",
    "trigger.retry.delay": "time between attempts",
    "trigger.retry.backoff": "growing time between attempts",
    "trigger.retry.each": "a retry of its own for each trigger of a function",
    "table": "table",
    "table.indexes": "indexes",
    "table.expires": "expiring rows",
    "table.recovery": "point-in-time recovery",
    "table.query": "query",
    "table.scan": "scan",
    "table.batch": "batch reads and writes",
    "table.check": "conditions in transactions",
    "table.scope.leading": "access by leading key",
    "bucket": "bucket",
    "bucket.versioned": "versions of objects",
    "bucket.expire": "expiring objects",
    "bucket.cors": "CORS of a bucket",
    "bucket.public": "public bucket",
    "bucket.scope.prefix": "access by prefix",
    "queue": "queue",
    "queue.ordered": "ordered queue",
    "queue.strict": "strictly ordered queue",
    "queue.dead-letter": "dead letter of a queue",
    "queue.delay": "delayed messages",
    "queue.visibility": "visibility of messages",
    "queue.redrive": "redrive of a dead letter",
    "topic": "topic",
    "topic.ordered": "ordered topic",
    "topic.external-subscribers": "subscribers outside",
    "stream": "stream",
    "bus": "bus",
    "secret": "secret",
    "secret.rotate": "reminder to rotate",
    "secret.rotate.by": "rotation by a function",
    "cache": "cache",
    "api": "HTTP API",
    "api.jwt": "JSON Web Tokens",
    "api.cors": "CORS",
    "api.throttle": "throttling",
    "socket": "WebSocket API",
    "identity": "user pool",
    "devices": "MQTT broker",
    "database": "relational database",
    "external": "host outside",
    "emit": "emitting events",
    "call.sync": "synchronous calls",
    "call.async": "asynchronous calls",
    "workflow": "workflow",
    "override": "override of native attributes",
    "native": "native resources",
    "protected": "protected environments",
}
