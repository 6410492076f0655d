//! Functions.

use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::spec::{Envelope, IdempotencyKey, Network, Placement, Runtime};

use super::{Cache, Call, Emit, FunctionKind, Given, Head, Id, Queue, Table, Trigger, Use};
use crate::base::{ByteSize, Cron, Duration, EnvName, RelPath, Span, Spanned};

impl Runtime {
    /// Its kind.
    pub const fn kind(&self) -> FunctionKind {
        match self {
            Self::Language { .. } => FunctionKind::Code,
            Self::Container => FunctionKind::Container,
            Self::Model => FunctionKind::Model,
        }
    }

    /// The name under which a target lists it: `python3.13`.
    pub fn key(&self) -> String {
        match self {
            Self::Language { language, version } => format!("{language}{version}"),
            Self::Container => "container".to_owned(),
            Self::Model => "model".to_owned(),
        }
    }

    /// The language, for code.
    pub fn language(&self) -> Option<&str> {
        match self {
            Self::Language { language, .. } => Some(language),
            Self::Container | Self::Model => None,
        }
    }
}

/// Where the code is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// A folder that is zipped.
    Folder(Spanned<RelPath>),
    /// A built `.zip` or `.jar`.
    Archive(Spanned<RelPath>),
    /// An image: name with tag or digest, registry left out where the target adds it.
    Image(Spanned<Arc<str>>),
    /// A model: a hosted id or a path.
    Model(Spanned<Arc<str>>),
}

/// What it keeps between calls.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nothing.
    None,
    /// A durable execution.
    Durable(Span),
    /// One instance per key.
    Entity {
        /// The key.
        key: Spanned<IdempotencyKey>,
        /// The table that holds it.
        store: Spanned<Id<Table>>,
    },
}

/// A declaration about the code.
#[derive(Debug, Clone, PartialEq)]
pub enum Idempotency {
    /// The same input has the same effect.
    Natural {
        /// Why, where it was said.
        reason: Option<Spanned<Arc<str>>>,
        /// Where it was written.
        span: Span,
    },
    /// By remembering keys in a table.
    Table {
        /// The key.
        key: Spanned<IdempotencyKey>,
        /// The store.
        store: Spanned<Id<Table>>,
        /// How long keys are remembered.
        window: Spanned<Duration>,
    },
    /// By remembering keys in a cache, which may lose them.
    Cache {
        /// The key.
        key: Spanned<IdempotencyKey>,
        /// The store.
        store: Spanned<Id<Cache>>,
        /// How long keys are remembered.
        window: Spanned<Duration>,
    },
}

/// Warm instances by time of day.
#[derive(Debug, Clone, PartialEq)]
pub struct WarmSchedule {
    /// When it starts.
    pub cron: Spanned<Cron>,
    /// As written.
    pub text: Arc<str>,
    /// IANA zone.
    pub zone: Arc<str>,
    /// How many from then on.
    pub warm: u32,
}

/// Instances.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Scaling {
    /// Fewest.
    pub min: Option<Spanned<u32>>,
    /// Most.
    pub max: Option<Spanned<u32>>,
    /// Kept warm.
    pub warm: Option<Spanned<u32>>,
    /// Requests at a time in one instance.
    pub concurrency: Option<Spanned<u32>>,
    /// Warm by time.
    pub schedule: Vec<WarmSchedule>,
}

/// Logs of a function.
#[derive(Debug, Clone, PartialEq)]
pub struct Logs {
    /// How long they are kept.
    pub retention: Given<Duration>,
}

/// What is watched.
#[derive(Debug, Clone, PartialEq)]
pub struct Observe {
    /// Traces.
    pub trace: Given<bool>,
    /// Logs.
    pub logs: Logs,
    /// Alarms.
    pub alarms: Given<bool>,
}

/// A function.
#[derive(Debug, Clone)]
pub struct Function {
    /// Path, place.
    pub head: Head,
    /// What it runs on.
    pub runtime: Given<Runtime>,
    /// Entry point, as written: `module.function`; `None` for images and models.
    pub handler: Option<Spanned<Arc<str>>>,
    /// Where the code is.
    pub code: Code,
    /// What it receives.
    pub envelope: Given<Envelope>,
    /// Where it runs.
    pub placement: Given<Placement>,
    /// What it keeps.
    pub state: State,
    /// Memory.
    pub memory: Given<ByteSize>,
    /// Longest run.
    pub timeout: Given<Duration>,
    /// Variables.
    pub env: BTreeMap<EnvName, Spanned<Arc<str>>>,
    /// Network.
    pub network: Given<Network>,
    /// Instances.
    pub scaling: Scaling,
    /// What is watched.
    pub observe: Observe,
    /// How it bears repetition.
    pub idempotency: Option<Idempotency>,
    /// Where failed asynchronous invocations go.
    pub dead_letter: Option<Spanned<Id<Queue>>>,
    /// Longest downtime its sources must bridge.
    pub outage: Option<Spanned<Duration>>,
    /// `needs: order`
    pub needs_order: Option<Span>,
    /// What runs it.
    pub triggers: Vec<Trigger>,
    /// What it uses, a verb each; sorted by resource, then verb, then scope.
    pub uses: Vec<Use>,
    /// What it emits.
    pub emits: Vec<Emit>,
    /// What it calls.
    pub calls: Vec<Call>,
    /// Result of a call, for expressions of workflows.
    pub returns: Option<super::Schema>,
}
