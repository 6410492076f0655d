//! Workflows: tasks and the expressions in them, resolved.

use std::sync::Arc;

use super::{Bus, Event, Expr, Function, Head, Id, Idempotency, Observe, Queue, Retry, Trigger};
use crate::base::{Duration, Name, Spanned};

/// A list of tasks that run beside others.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// Its name.
    pub name: Name,
    /// Its tasks.
    pub tasks: Vec<Task>,
}

/// What a task does.
#[derive(Debug, Clone, PartialEq)]
pub enum TaskKind {
    /// Calls a function.
    Call {
        /// Which.
        function: Spanned<Id<Function>>,
        /// With what.
        with: Vec<(Arc<str>, Expr)>,
    },
    /// Emits an event.
    Emit {
        /// Which.
        event: Spanned<Id<Event>>,
        /// To which bus.
        bus: Id<Bus>,
        /// Its data.
        with: Vec<(Arc<str>, Expr)>,
    },
    /// Names values.
    Set(Vec<(Arc<str>, Expr)>),
    /// Waits.
    Wait(Spanned<Duration>),
    /// Waits for an event.
    Listen {
        /// Which.
        event: Spanned<Id<Event>>,
        /// Paths of the event that must equal expressions.
        matches: Vec<(super::Pointer, Expr)>,
        /// How long.
        timeout: Spanned<Duration>,
    },
    /// Goes on elsewhere.
    Switch {
        /// Conditions in order, each with the name of a task or `end`.
        cases: Vec<(Expr, Spanned<Arc<str>>)>,
        /// When none holds.
        otherwise: Option<Spanned<Arc<str>>>,
        /// Most rounds, where it points back.
        at_most: Option<Spanned<u32>>,
    },
    /// For each element.
    For {
        /// Name of the element.
        each: Name,
        /// The list.
        list: Expr,
        /// Most elements.
        at_most: Spanned<u32>,
        /// What is done with it.
        tasks: Vec<Task>,
    },
    /// Branches beside each other.
    Fork {
        /// The branches.
        branches: Vec<Branch>,
        /// Ends with the first that ends.
        until_first: bool,
    },
    /// Handles failures.
    Try {
        /// What may fail.
        tasks: Vec<Task>,
        /// What then.
        catch: Vec<Task>,
    },
    /// Fails.
    Raise(Spanned<Arc<str>>),
}

/// One task.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// Its name, unique in the workflow.
    pub name: Spanned<Name>,
    /// What it does.
    pub kind: TaskKind,
    /// How often it is tried.
    pub retry: Option<Retry>,
    /// What undoes it.
    pub compensate: Option<Spanned<Id<Function>>>,
}

/// A workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Path, place.
    pub head: Head,
    /// What starts it.
    pub triggers: Vec<Trigger>,
    /// Its tasks.
    pub tasks: Vec<Task>,
    /// Short, cheap, at least once.
    pub express: bool,
    /// How it bears repetition.
    pub idempotency: Option<Idempotency>,
    /// Where failed executions go.
    pub dead_letter: Option<Spanned<Id<Queue>>>,
    /// What is watched.
    pub observe: Observe,
}
