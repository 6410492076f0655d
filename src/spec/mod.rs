//! What the user wrote: the spanned tree as typed declarations, one file per kind, every field with its place.
//! All errors of a file come in one pass, and what is left of a faulty spec is still given, so that resolving can say
//! more. References are texts here; `model` resolves them. The JSON Schema for editors comes from the same lines as
//! the parser.

mod access;
mod address;
mod amount;
mod api;
mod application;
pub mod assemble;
mod condition;
mod context;
mod declare;
mod event;
mod expression;
mod fields;
mod function;
mod hints;
mod idempotency;
mod json;
mod observe;
mod parse;
mod places;
mod resource;
mod scalar;
mod schema;
mod target;
mod trigger;
mod workflow;

pub use access::{CallModeWord, Calls, Emits, ScopeSpec, Uses, Verbs};
pub use address::{HeaderName, Host, Https, Origin};
pub use amount::{Count, CronText, Zone};
pub use api::{Api, ApiDefaults, Auth, Cors, Jwt, Throttle};
pub use application::{Alarms, EnvironmentSpec, Spec};
pub use condition::{Compare, Condition, Conditions};
pub use context::Context;
pub use event::{Event, EventVersion, SchemaSource};
pub use expression::{Expr, Operator, PathRoot};
pub use function::{DeadLetter, Defaults, Envelope, Function, FunctionDefaults, Network, Placement, Runtime, State};
pub use idempotency::{Idempotency, IdempotencyKey};
pub use json::document;
pub use observe::{Observe, Scaling, WarmTime};
pub use parse::{Many, Map, Several};
pub use places::Places;
pub use resource::{
    AttributeType, Bucket, BucketDefaults, Bus, Cache, Database, Devices, Engine, Expiry, External, Identity,
    KeyAttribute, Ordered, Queue, QueueDeadLetter, QueueDefaults, Resource, Rotate, Secret, Socket, Stream,
    StreamDefaults, Table, TableDefaults, TableKey, Topic,
};
pub use scalar::{AnyText, EventRef, Ref};
pub use schema::schema;
pub use target::{
    Level, Lint, LintEntry, Native, NativeConditions, NativeGrant, NativeTarget, NativeTypes, Options, Override,
    Overrides,
};
pub use trigger::{
    AllowLoop, Backoff, EventTrigger, HttpTrigger, LogTrigger, MessageTrigger, ObjectFilter, ObjectTrigger,
    QueueTrigger, ReadingTrigger, Retry, ScheduleTrigger, SocketTrigger, Start, TopicTrigger, Trigger, UserTrigger,
};
pub use workflow::{Branches, Case, ForTask, ForkTask, Listen, Task, TaskBody, Tasks, Until, With, Workflow};

use std::collections::BTreeSet;

use assemble::Elsewhere;

use crate::base::Span;
use crate::diag::Findings;
use crate::yaml::Node;

/// Reads a tree as a spec. The value is there as long as the tree is a mapping, however many findings there are;
/// `Spec::broken` says that something is missing. The values at `removed` count as not there.
pub fn parse(tree: &Node, removed: &BTreeSet<Span>) -> (Option<Spec>, Findings) {
    let mut cx = Context::without(removed);
    let spec = <Spec as parse::Parse>::parse(tree, &mut cx);
    (spec, cx.finish())
}

/// What is wrong with the changes of an environment that was not asked for, as far as their shape says it.
pub fn parse_elsewhere(other: &Elsewhere) -> Findings {
    let (_, mut findings) = parse(&other.tree, &other.removed);
    findings.retain(|finding| assemble::is_in(finding, &other.own) && !other.unfilled.contains(&finding.primary.span));
    findings
}
