//! Who uses what how: verbs and scopes.

use std::sync::Arc;

use super::kind::kinds;
use super::{AnyResource, Bus, Event, Function, Id, ResourceKind, Workflow};
use crate::base::{Span, Spanned};

kinds! {
    /// An operation on a node. The first group is written in `uses`; the second is derived from edges only.
    Verb {
        /// Read one row or object or secret.
        Get = "get",
        /// Write one row, object or record.
        Put = "put",
        /// Change one row.
        Update = "update",
        /// Remove one row or object.
        Delete = "delete",
        /// Read rows of one partition or index.
        Query = "query",
        /// Read all rows.
        Scan = "scan",
        /// Read many rows.
        BatchGet = "batch-get",
        /// Write many rows.
        BatchWrite = "batch-write",
        /// Condition in a transaction.
        Check = "check",
        /// Names of objects.
        List = "list",
        /// Send a message.
        Send = "send",
        /// Move messages back from a dead letter.
        Redrive = "redrive",
        /// Publish to a topic or broker.
        Publish = "publish",
        /// Look up users.
        Read = "read",
        /// Make a new version of a secret.
        Rotate = "rotate",
        /// Open a connection.
        Connect = "connect",
        /// Derived: take messages, records or changes from a source.
        Receive = "receive",
        /// Derived: run a function.
        Invoke = "invoke",
        /// Derived: start a workflow.
        Start = "start",
        /// Derived: emit an event to a bus.
        Emit = "emit",
        /// Derived: keep idempotency records, own rows only.
        Remember = "remember",
        /// Derived: write the function's own log.
        Log = "log",
        /// Derived: send trace segments.
        Trace = "trace",
        /// Derived: be a part of a private network.
        Join = "join",
        /// Derived: set a message aside in a dead letter.
        SetAside = "set-aside",
    }
}

impl Verb {
    /// The verbs that may be written in `uses` for a kind of resource.
    pub const fn of(kind: ResourceKind) -> &'static [Self] {
        match kind {
            ResourceKind::Table => &[
                Self::Get,
                Self::Put,
                Self::Update,
                Self::Delete,
                Self::Query,
                Self::Scan,
                Self::BatchGet,
                Self::BatchWrite,
                Self::Check,
            ],
            ResourceKind::Bucket => &[Self::Get, Self::Put, Self::Delete, Self::List],
            ResourceKind::Queue => &[Self::Send, Self::Redrive],
            ResourceKind::Topic | ResourceKind::Devices => &[Self::Publish],
            ResourceKind::Stream => &[Self::Put],
            ResourceKind::Socket => &[Self::Send],
            ResourceKind::Identity => &[Self::Read],
            ResourceKind::Secret => &[Self::Get, Self::Rotate],
            ResourceKind::Cache | ResourceKind::Database | ResourceKind::External => &[Self::Connect],
            ResourceKind::Api | ResourceKind::Bus => &[],
        }
    }
}

kinds! {
    /// A documented set, which may be written in `uses` in the place of the verbs that it stands for.
    VerbSet {
        /// Look, but never at all rows.
        Read = "read",
        /// Change, but never remove.
        Write = "write",
    }
}

impl VerbSet {
    /// The verbs that it stands for on a kind of resource; empty where the kind has no such set.
    pub const fn verbs(self, kind: ResourceKind) -> &'static [Verb] {
        match (kind, self) {
            (ResourceKind::Table, Self::Read) => &[Verb::Get, Verb::Query, Verb::BatchGet],
            (ResourceKind::Table, Self::Write) => &[Verb::Put, Verb::Update, Verb::BatchWrite],
            (ResourceKind::Bucket, Self::Read) => &[Verb::Get, Verb::List],
            (ResourceKind::Bucket, Self::Write) => &[Verb::Put],
            (
                ResourceKind::Queue
                | ResourceKind::Topic
                | ResourceKind::Stream
                | ResourceKind::Bus
                | ResourceKind::Secret
                | ResourceKind::Cache
                | ResourceKind::Api
                | ResourceKind::Socket
                | ResourceKind::Identity
                | ResourceKind::Devices
                | ResourceKind::Database
                | ResourceKind::External,
                Self::Read | Self::Write,
            ) => &[],
        }
    }
}

kinds! {
    /// The kinds of scope, as keys of a permission catalogue.
    ScopeKind {
        /// The whole resource.
        Whole = "whole",
        /// Objects below a prefix.
        Prefix = "prefix",
        /// An index of a table.
        Index = "index",
        /// Rows whose leading key has a value.
        Leading = "leading",
        /// Events of a type.
        Type = "type",
        /// A topic of a broker.
        Topic = "topic",
        /// The rows of the using function itself.
        Own = "own",
    }
}

/// Which part of a resource.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// All of it.
    Whole,
    /// Objects of a bucket.
    Prefix {
        /// Names start with it; may be empty.
        prefix: Arc<str>,
        /// Names end with it; may be empty.
        suffix: Arc<str>,
    },
    /// An index of a table, by name.
    Index(Arc<str>),
    /// Rows of a table by the value of the leading key.
    Leading(Arc<str>),
    /// Events of a type.
    Type(Arc<str>),
    /// An MQTT topic.
    Topic(Arc<str>),
    /// Rows whose key starts with the identity's own name.
    Own,
}

impl Scope {
    /// Its kind.
    pub const fn kind(&self) -> ScopeKind {
        match self {
            Self::Whole => ScopeKind::Whole,
            Self::Prefix { .. } => ScopeKind::Prefix,
            Self::Index(_) => ScopeKind::Index,
            Self::Leading(_) => ScopeKind::Leading,
            Self::Type(_) => ScopeKind::Type,
            Self::Topic(_) => ScopeKind::Topic,
            Self::Own => ScopeKind::Own,
        }
    }
}

/// One verb of one `uses` entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Use {
    /// The resource.
    pub resource: Spanned<AnyResource>,
    /// The verb; its span is where it was written.
    pub verb: Spanned<Verb>,
    /// The set that was written, where the verb comes from one.
    pub set: Option<VerbSet>,
    /// Which part.
    pub scope: Scope,
}

/// One entry of `emits`.
#[derive(Debug, Clone, PartialEq)]
pub struct Emit {
    /// The event; its span is where it was written.
    pub event: Spanned<Id<Event>>,
    /// The bus it goes to.
    pub bus: Id<Bus>,
}

/// How a function is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CallMode {
    /// The caller waits.
    Sync,
    /// The platform queues the call.
    Async,
}

/// One entry of `calls`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Call {
    /// A function.
    Function {
        /// Which.
        function: Id<Function>,
        /// How.
        mode: CallMode,
        /// Where it was written.
        span: Span,
    },
    /// A workflow is started.
    Workflow {
        /// Which.
        workflow: Id<Workflow>,
        /// Where it was written.
        span: Span,
    },
}
