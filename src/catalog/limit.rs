//! Numbers and guarantees of a platform, each with the fact it rests on.

use serde::{Deserialize, Deserializer, Serialize};

use crate::base::{ByteSize, Duration};

macro_rules! limits {
    ($($(#[$meta:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// A limit that rules and derived values ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
        pub enum Limit { $($(#[$meta])* #[serde(rename = $text)] $variant),+ }

        impl Limit {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As written in a manifest.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }
    };
}

limits! {
    /// Longest run of a function.
    FunctionTimeoutMax = "function.timeout.max",
    /// The steps in which a timeout is counted.
    FunctionTimeoutStep = "function.timeout.step",
    /// Least memory.
    FunctionMemoryMin = "function.memory.min",
    /// Most memory.
    FunctionMemoryMax = "function.memory.max",
    /// Bytes of all variables.
    FunctionEnvBytes = "function.env.bytes",
    /// How long a delivery waits for an instance to start, beside what its run may take.
    FunctionStart = "function.start",
    /// Most requests that one instance may take at a time.
    FunctionConcurrencyMax = "function.concurrency.max",
    /// Numbers of days that logs may be kept.
    LogRetentionDays = "function.log-retention.days",
    /// Shortest retention of a queue.
    QueueRetentionMin = "queue.retention.min",
    /// Longest retention of a queue.
    QueueRetentionMax = "queue.retention.max",
    /// The steps in which a retention is counted, and a visibility and a delay with it.
    QueueTimeStep = "queue.time.step",
    /// Longest time a received message is hidden.
    QueueVisibilityMax = "queue.visibility.max",
    /// Advised multiple of the consumer's timeout.
    QueueVisibilityFactor = "queue.visibility.factor",
    /// Advised attempts before a message is set aside.
    QueueAttemptsAdvised = "queue.attempts.advised",
    /// Longest delay of a message.
    QueueDelayMax = "queue.delay.max",
    /// Largest message of a queue.
    QueueMessageMax = "queue.message.max",
    /// Most messages in a batch.
    QueueBatchMax = "queue.batch.max",
    /// Most messages in a batch of an ordered queue.
    QueueBatchOrderedMax = "queue.batch.ordered.max",
    /// Most messages in a batch that is not waited for.
    QueueBatchWithoutWindow = "queue.batch.without-window",
    /// Longest wait for a batch.
    QueueBatchWindowMax = "queue.batch.window.max",
    /// The steps in which the wait for a batch is counted.
    QueueBatchWindowStep = "queue.batch.window.step",
    /// Fewest consumers at a time that can be asked for.
    QueueConcurrencyMin = "queue.concurrency.min",
    /// Most consumers at a time.
    QueueConcurrencyMax = "queue.concurrency.max",
    /// Most queues that may set messages aside into one.
    QueueDeadLetterSourcesMax = "queue.dead-letter.sources.max",
    /// The steps in which the age of an object is counted.
    BucketExpireStep = "bucket.expire.step",
    /// Largest message of a topic.
    TopicMessageMax = "topic.message.max",
    /// Largest event of a bus.
    BusMessageMax = "bus.message.max",
    /// Shortest age at which a bus may give up.
    BusRetryAgeMin = "bus.retry.age.min",
    /// Longest age at which a bus still delivers.
    BusRetryAgeMax = "bus.retry.age.max",
    /// Shortest age at which a schedule may give up.
    ScheduleRetryAgeMin = "schedule.retry.age.min",
    /// Longest age at which a schedule still delivers.
    ScheduleRetryAgeMax = "schedule.retry.age.max",
    /// Shortest flexible window.
    ScheduleFlexibleMin = "schedule.flexible.min",
    /// Longest flexible window.
    ScheduleFlexibleMax = "schedule.flexible.max",
    /// Shortest age at which an asynchronous call may be given up, and what a channel hands to a function so.
    CallAsyncAgeMin = "call.async.age.min",
    /// Longest age of an asynchronous call, and of what a channel hands to a function so.
    CallAsyncAgeMax = "call.async.age.max",
    /// Most data of all messages of a batch.
    BatchBytesMax = "batch.bytes.max",
    /// Longest wait of an API for its function.
    ApiTimeoutMax = "api.timeout.max",
    /// Most records in a batch.
    StreamBatchMax = "stream.batch.max",
    /// How long changes of a table are kept for who reads them.
    ChangeRetention = "change.retention",
    /// Longest retention of a stream.
    StreamRetentionMax = "stream.retention.max",
    /// Largest input of a workflow.
    WorkflowPayloadMax = "workflow.payload.max",
    /// Most entries in the history of a workflow.
    WorkflowHistoryMax = "workflow.history.max",
    /// Entries that one call of a workflow writes into its history.
    WorkflowHistoryTask = "workflow.history.task",
    /// Largest row.
    TableItemMax = "table.item.max",
    /// How long a broker remembers message ids.
    DedupWindow = "dedup.window",
    /// Largest package of code that is advised.
    PackageAdvised = "package.advised",
}

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Quantity {
    /// A bare number.
    Number(u64),
    /// A length of time.
    Time(Duration),
    /// An amount of data.
    Size(ByteSize),
    /// The numbers that are allowed, ascending.
    OneOf(Vec<u64>),
}

impl<'de> Deserialize<'de> for Quantity {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(
            untagged,
            expecting = "what is expected is a number, a length of time such as `30s`, a size such as `4KiB`, or a list of numbers"
        )]
        enum Form {
            Number(u64),
            Text(String),
            List(Vec<u64>),
        }
        match Form::deserialize(deserializer)? {
            Form::Number(n) => Ok(Self::Number(n)),
            Form::List(mut list) => {
                list.sort_unstable();
                Ok(Self::OneOf(list))
            }
            Form::Text(text) => Duration::parse(&text)
                .map(Self::Time)
                .or_else(|| ByteSize::parse(&text).map(Self::Size))
                .ok_or_else(|| serde::de::Error::custom(format!("`{text}` is no number, duration or size"))),
        }
    }
}

impl schemars::JsonSchema for Quantity {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Quantity".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "description": "A number, a duration (`900s`), a size (`6MiB`), or the list of numbers that are allowed.",
            "anyOf": [
                { "type": "integer", "minimum": 0 },
                { "type": "string" },
                { "type": "array", "items": { "type": "integer", "minimum": 0 } }
            ]
        })
    }
}

/// A limit of a target.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LimitValue {
    /// The number.
    pub value: Quantity,
    /// Where it is from: the id of a fact, or an address.
    pub fact: String,
}

/// How a channel keeps order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// Not.
    None,
    /// Per key.
    PerKey,
    /// All of it.
    Total,
}

/// What a channel of a target promises.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Guarantee {
    /// Whether a message may come twice.
    pub duplicates: Duplicates,
    /// Order.
    pub ordering: Order,
    /// Attempts that the platform makes unless told otherwise; the first included.
    #[serde(default)]
    pub attempts: Option<Attempts>,
    /// How old a message may be at its last attempt.
    #[serde(default)]
    pub retry_age: Option<LimitValue>,
    /// How long a function may be at work on a delivery, at most, until the platform takes it for lost and delivers again: the
    /// longest lock, or the longest time to acknowledge.
    #[serde(default)]
    pub deadline: Option<LimitValue>,
    /// Where it is from.
    pub fact: String,
}

/// Which queues may take what fails.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadLetters {
    /// Messages of a queue.
    #[serde(default)]
    pub queue: Option<DeadLetterRule>,
    /// Events of a function, whatever runs it.
    #[serde(default)]
    pub function: Option<DeadLetterRule>,
}

/// What a platform demands of a dead letter.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeadLetterRule {
    /// Whether it keeps order.
    pub order: DeadLetterOrder,
    /// Where it is from.
    pub fact: String,
}

/// Whether a dead letter keeps order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DeadLetterOrder {
    /// As what fails does.
    Same,
    /// It does not.
    None,
}

/// Whether a message may come twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Duplicates {
    /// It may not.
    Never,
    /// It may.
    Possible,
}

/// Attempts of a platform.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attempts {
    /// Unless told otherwise.
    pub default: u32,
    /// At most.
    #[serde(default)]
    pub max: Option<u32>,
}
