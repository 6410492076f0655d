//! What the spec means: every reference resolved to a typed id, every default filled in with the reason,
//! no YAML and nothing "maybe unresolved". Nodes of a kind are sorted by name, so that the order of
//! declarations never matters.

mod access;
mod arena;
mod event;
mod function;
mod kind;
mod nodes;
mod resolve;
mod resource;
mod schema;
mod trigger;
mod workflow;

pub use access::{Call, CallMode, Emit, Scope, ScopeKind, Use, Verb, VerbSet};
pub use arena::{Arena, Id};
pub use event::{Event, EventVersion, Schema};
pub use function::{
    Code, Envelope, Function, Idempotency, IdempotencyKey, Logs, Network, Observe, Placement, Runtime, Scaling, State,
    WarmSchedule,
};
pub use kind::{FunctionKind, NodeKind, ResourceKind, TriggerKind};
pub use nodes::resource_head;
pub use resolve::{outline, resolve};
pub use resource::{
    AnyResource, Api, Attribute, AttributeType, Auth, Bucket, Bus, Cache, Cors, CorsNeed, CorsPart, Database, Devices,
    Engine, Expiry, External, Identity, Index, Jwt, Ordered, Queue, QueueDeadLetter, Rotation, Secret, Socket, Stream,
    Table, TableKey, Throttle, Topic,
};
pub use schema::{Presence, moved, referred};
pub use trigger::{
    AllowLoop, Compare, Condition, Http, ObjectChange, Reading, Retry, ScheduleWhen, SocketRoute, Start, Trigger,
    TriggerSource,
};
pub use workflow::{Branch, Task, TaskKind, Workflow};

use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::base::{Method, Pointer, Route, RouteSegment};
pub use crate::spec::{Expr, Operator, Override, PathRoot, Places};

use crate::base::{Name, NodePath, Span, Spanned};

/// One application in one environment.
#[derive(Debug, Clone)]
pub struct Model {
    /// `app:`
    pub app: Spanned<Name>,
    /// `description:`
    pub description: Option<String>,
    /// The environment it was read for.
    pub environment: Environment,
    /// Where generated alarms go.
    pub alarms: Option<Spanned<Id<Topic>>>,
    /// Events, by type.
    pub events: Arena<Event>,
    /// Resources by kind, each sorted by name.
    pub tables: Arena<Table>,
    /// Buckets.
    pub buckets: Arena<Bucket>,
    /// Queues, with those made as dead letters.
    pub queues: Arena<Queue>,
    /// Topics.
    pub topics: Arena<Topic>,
    /// Streams.
    pub streams: Arena<Stream>,
    /// Event buses.
    pub buses: Arena<Bus>,
    /// Secrets.
    pub secrets: Arena<Secret>,
    /// Caches.
    pub caches: Arena<Cache>,
    /// HTTP APIs.
    pub apis: Arena<Api>,
    /// WebSocket APIs.
    pub sockets: Arena<Socket>,
    /// User pools.
    pub identities: Arena<Identity>,
    /// MQTT brokers.
    pub devices: Arena<Devices>,
    /// Relational databases.
    pub databases: Arena<Database>,
    /// Hosts outside.
    pub externals: Arena<External>,
    /// Functions.
    pub functions: Arena<Function>,
    /// Workflows.
    pub workflows: Arena<Workflow>,
    /// `targets:`, by name.
    pub targets: BTreeMap<String, TargetOptions>,
    /// `native:`, by target.
    pub native: BTreeMap<String, Native>,
    /// `lint:`, by rule.
    pub lint: BTreeMap<String, LintLevel>,
}

impl Model {
    /// An application without nodes.
    pub(crate) fn empty(app: Spanned<Name>, environment: Environment) -> Self {
        Self {
            app,
            description: None,
            environment,
            alarms: None,
            events: Arena::default(),
            tables: Arena::default(),
            buckets: Arena::default(),
            queues: Arena::default(),
            topics: Arena::default(),
            streams: Arena::default(),
            buses: Arena::default(),
            secrets: Arena::default(),
            caches: Arena::default(),
            apis: Arena::default(),
            sockets: Arena::default(),
            identities: Arena::default(),
            devices: Arena::default(),
            databases: Arena::default(),
            externals: Arena::default(),
            functions: Arena::default(),
            workflows: Arena::default(),
            targets: BTreeMap::new(),
            native: BTreeMap::new(),
            lint: BTreeMap::new(),
        }
    }

    /// What names of products begin with: the application, with the environment behind it unless that is `default`.
    pub fn prefix(&self) -> String {
        let (app, name) = (&self.app.value, &self.environment.name);
        if Environment::is_default(name) { app.to_string() } else { format!("{app}-{name}") }
    }
}

/// The environment of a compile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// `default` without `--env`.
    pub name: Name,
    /// Data outlives mistakes.
    pub protected: bool,
    /// The names of all that the spec declares, in the order written.
    pub declared: Vec<Name>,
}

impl Environment {
    /// Whether a name is that of the environment without `--env`, which no name of a product holds.
    pub fn is_default(name: &Name) -> bool {
        name.as_str() == "default"
    }
}

/// What every node has.
#[derive(Debug, Clone)]
pub struct Head {
    /// Path; its last part is the name.
    pub path: NodePath,
    /// The key that declares it.
    pub span: Span,
    /// Its former name.
    pub renamed_from: Option<Spanned<Name>>,
    /// `override:`, by target: native attributes.
    pub overrides: BTreeMap<String, Override>,
    /// Set when the compiler made it: why, as a clause.
    pub derived: Option<String>,
}

impl Head {
    /// The name.
    pub fn name(&self) -> &str {
        &self.path.name
    }
}

/// A value that may have been left out.
#[derive(Debug, Clone, PartialEq)]
pub struct Given<T> {
    /// The value in force.
    pub value: T,
    /// Where it was written; for a derived value the place that caused it.
    pub span: Span,
    /// `None` when it was written; otherwise why it has this value, as a clause.
    pub derived: Option<Arc<str>>,
}

impl<T> Given<T> {
    /// A written value.
    pub fn stated(value: Spanned<T>) -> Self {
        Self { value: value.value, span: value.span, derived: None }
    }

    /// A derived value.
    pub fn derived(value: T, span: Span, why: impl Into<Arc<str>>) -> Self {
        Self { value, span, derived: Some(why.into()) }
    }
}

/// `targets.<name>:` an open set of options, checked against the target's manifest.
#[derive(Debug, Clone)]
pub struct TargetOptions {
    /// The key.
    pub span: Span,
    /// The options with their places, by dotted path of the scalar.
    pub options: serde_json::Map<String, serde_json::Value>,
    /// Where they stand.
    pub places: Places,
}

/// `native.<target>:` whole native resources.
#[derive(Debug, Clone)]
pub struct Native {
    /// The key.
    pub span: Span,
    /// type → name → attributes.
    pub resources: serde_json::Map<String, serde_json::Value>,
    /// Where their parts stand.
    pub places: Places,
    /// The grants they bring.
    pub grants: Vec<NativeGrant>,
}

/// A grant that a native resource brings.
#[derive(Debug, Clone)]
pub struct NativeGrant {
    /// Its place.
    pub span: Span,
    /// Which function.
    pub who: Id<Function>,
    /// Which native actions or verbs, as written.
    pub verbs: Vec<Spanned<String>>,
    /// On what, as written.
    pub what: Spanned<String>,
    /// What has to hold; sorted by test and key.
    pub conditions: Vec<NativeCondition>,
}

/// One condition of a native grant.
#[derive(Debug, Clone)]
pub struct NativeCondition {
    /// How values are compared, in the platform's word.
    pub test: String,
    /// What is compared; its span is where it was written.
    pub key: Spanned<String>,
    /// With what; one of them has to fit.
    pub values: Vec<Spanned<String>>,
}

/// `lint.<rule>:`
#[derive(Debug, Clone)]
pub struct LintLevel {
    /// `None` is off.
    pub level: Option<crate::diag::Severity>,
    /// Why.
    pub reason: Option<String>,
    /// The key.
    pub span: Span,
}
