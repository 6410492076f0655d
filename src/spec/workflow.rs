//! Workflows: tasks by the names of the CNCF Serverless Workflow DSL 1.0, one key per task.

use std::sync::Arc;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use super::amount::Count;
use super::context::{Context, Key};
use super::declare::{declaration, words};
use super::parse::{Many, Map, NAME_PATTERN, Parse, ParseKey as _, invalid_key};
use super::scalar::{EventRef, Ref};
use super::{DeadLetter, Expr, Idempotency, Observe, Retry, Trigger};
use crate::base::{Duration, Name, Pointer, Span, Spanned};
use crate::diag::Finding;
use crate::yaml::{Entry, Kind, Node};

declaration! {
    /// What coordinates functions over time.
    pub node Workflow("a workflow", "{ do: [ … ] }") {
        /// What the workflow does, for people.
        description: Option<Spanned<Arc<str>>>,
        /// What starts it.
        on: Option<Many<Trigger>>,
        /// Its tasks, in order; each entry is the name of a task with what it does.
        tasks "do": Tasks,
        /// Short (five minutes at most), cheap, at least once; off when left out.
        express: Option<Spanned<bool>>,
        /// How it bears that an input comes twice; without it a repeated event starts it again.
        idempotency: Option<Idempotency>,
        /// Where failed executions go.
        dead_letter "dead-letter": Option<DeadLetter>,
        /// What is watched.
        observe: Option<Observe>,
    }
}

/// Named values of expressions: `{ orderId: input.orderId }`.
pub type With = Map<Arc<str>, Expr>;

declaration! {
    /// One task: exactly one of `call emit set wait listen switch for fork try raise`, and what belongs to it.
    pub struct TaskBody("a task", "{ call: charge }") {
        /// Calls a function and waits for its result.
        call: Option<Ref>,
        /// Emits an event to a bus.
        emit: Option<EventRef>,
        /// Names values; they are the result of the task.
        set: Option<With>,
        /// Waits for a time.
        wait: Option<Spanned<Duration>>,
        /// Waits for an event; needs `timeout`.
        listen: Option<Listen>,
        /// Goes on elsewhere: conditions in order, each with the name of a task or `end`.
        switch: Option<Vec<Case>>,
        /// Does tasks for each element of a list.
        for_each "for": Option<ForTask>,
        /// Does branches beside each other.
        fork: Option<ForkTask>,
        /// Does tasks that may fail; needs `catch`.
        attempt "try": Option<Tasks>,
        /// Fails with this text.
        raise: Option<Spanned<Arc<str>>>,
        /// With what a function is called, or the data of an event.
        with: Option<With>,
        /// The bus of `emit`; the default one when left out.
        bus: Option<Ref>,
        /// How long `listen` waits.
        timeout: Option<Spanned<Duration>>,
        /// Where `switch` goes when no condition holds; the next task when left out.
        otherwise "else": Option<Spanned<Arc<str>>>,
        /// Most rounds of a `switch` that points back.
        at_most "at-most": Option<Spanned<Count<1, 100_000>>>,
        /// What is done when `try` fails.
        catch: Option<Tasks>,
        /// How often the task is tried.
        retry: Option<Retry>,
        /// The function that undoes it when the workflow fails later.
        compensate: Option<Ref>,
    }
}

declaration! {
    /// Waits for an event.
    pub struct Listen("a listen", "{ event: review.done, match: { /orderId: input.orderId } }") {
        /// The event.
        event: EventRef,
        /// Paths of the event that must equal expressions.
        matches "match": Map<Pointer, Expr>,
    }
}

declaration! {
    /// One case of a `switch`.
    pub struct Case("a case", "{ when: input.total > 500, then: review }") {
        /// The condition.
        when: Expr,
        /// The name of a task, or `end`.
        then: Spanned<Arc<str>>,
    }
}

declaration! {
    /// Does tasks for each element of a list.
    pub struct ForTask("a for", "{ each: item, in: input.items, at-most: 100, do: [ … ] }") {
        /// Name of the element in expressions.
        each: Spanned<Name>,
        /// The list.
        list "in": Expr,
        /// Most elements.
        at_most "at-most": Spanned<Count<1, 1_000_000>>,
        /// What is done with each.
        tasks "do": Tasks,
    }
}

words! {
    /// When a `fork` ends.
    Until("an end of a fork") {
        /// With the first branch that ends.
        First = "first",
        /// With the last.
        All = "all",
    }
}

declaration! {
    /// Does branches beside each other.
    pub struct ForkTask("a fork", "{ branches: { left: [ … ], right: [ … ] } }") {
        /// The branches by name, each a list of tasks or one task.
        branches: Branches,
        /// `first` ends with the first branch that ends; `all` (the default) with the last.
        until: Option<Spanned<Until>>,
    }
}

/// One task with its name.
#[derive(Debug, Clone)]
pub struct Task {
    /// Its name.
    pub name: Spanned<Name>,
    /// What it does; `None` where that was reported.
    pub body: Option<Box<TaskBody>>,
}

/// A list of tasks, each a mapping with its name as the only key.
#[derive(Debug, Clone)]
pub struct Tasks(pub Vec<Task>);

impl Parse for Tasks {
    const WHAT: &'static str = "a list of tasks";
    const EXAMPLE: &'static str = "[ { pay: { call: charge } } ]";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let Kind::Seq(items) = &node.kind else {
            cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
            return None;
        };
        if items.is_empty() {
            let message = format!("`{}` has no tasks", cx.key());
            cx.report(Finding::error("empty", node.span, message).help("write `- pay: { call: charge }`"));
        }
        Some(Self(items.iter().filter_map(|item| cx.entry(|cx| task(item, cx))).collect()))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        generator.subschema_for::<Self>()
    }
}

impl JsonSchema for Tasks {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Tasks".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let body = <TaskBody as Parse>::schema(generator);
        json_schema!({
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "patternProperties": { (NAME_PATTERN): body },
                "additionalProperties": false,
                "minProperties": 1,
                "maxProperties": 1
            }
        })
    }
}

/// The only entry of a list element: a name and its value.
fn named<'n>(node: &'n Node, cx: &mut Context, what: &str, example: &str) -> Option<&'n Entry> {
    let Kind::Map(entries) = &node.kind else {
        cx.wrong_type(node, what, example);
        return None;
    };
    match entries.as_slice() {
        [entry] => Some(entry),
        [_, second, ..] => {
            let message = format!("{what} has {} keys, not its name alone", entries.len());
            let help = format!("indent what it does under its name: `{example}`");
            cx.report(Finding::error("wrong-type", second.key.span, message).help(help));
            None
        }
        [] => {
            cx.wrong_type(node, what, example);
            None
        }
    }
}

fn task(node: &Node, cx: &mut Context) -> Option<Task> {
    let entry = named(node, cx, "a task", "- pay: { call: charge }")?;
    let name = task_name(entry, cx)?;
    let key = Key::Written(entry.key.value.clone());
    let body = cx.within(key, entry.key.span, |cx| TaskBody::parse(&entry.value, cx));
    Some(Task { name, body: body.map(Box::new) })
}

fn task_name(entry: &Entry, cx: &mut Context) -> Option<Spanned<Name>> {
    if &*entry.key.value == "end" {
        let message = "`end` is no name of a task: it ends the workflow";
        cx.report(Finding::error("invalid-name", entry.key.span, message).help("choose another name"));
        return None;
    }
    match Name::parse_key(&entry.key.value) {
        Ok(name) => Some(Spanned::new(name, entry.key.span)),
        Err(fault) => {
            invalid_key::<Name>(cx, &entry.key.value, entry.key.span, fault);
            None
        }
    }
}

/// The branches of a fork: a mapping from names, or a list of single-key mappings; each is a list of tasks, or one
/// task that is called like the branch.
#[derive(Debug, Clone)]
pub struct Branches(pub Vec<(Spanned<Name>, Vec<Task>, Span)>);

impl Parse for Branches {
    const WHAT: &'static str = "a mapping from names to tasks";
    const EXAMPLE: &'static str = "{ left: [ … ], right: [ … ] }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        let entries: Vec<&Entry> = match &node.kind {
            Kind::Map(entries) => entries.iter().collect(),
            Kind::Seq(items) => {
                let example = "- left: [ … ]";
                items.iter().filter_map(|item| named(item, cx, "a branch", example)).collect()
            }
            Kind::Scalar(_) => {
                cx.wrong_type(node, Self::WHAT, Self::EXAMPLE);
                return None;
            }
        };
        let branches: Vec<_> = entries.into_iter().filter_map(|entry| branch(entry, cx)).collect();
        Some(Self(branches))
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let (tasks, body) = (Tasks::schema(generator), <TaskBody as Parse>::schema(generator));
        let branches = serde_json::json!({
            "type": "object",
            "patternProperties": { (NAME_PATTERN): { "anyOf": [tasks, body] } },
            "additionalProperties": false
        });
        json_schema!({ "anyOf": [branches, { "type": "array", "items": branches }] })
    }
}

fn branch(entry: &Entry, cx: &mut Context) -> Option<(Spanned<Name>, Vec<Task>, Span)> {
    let name = task_name(entry, cx)?;
    let key = Key::Written(entry.key.value.clone());
    let tasks = cx.within(key, entry.key.span, |cx| match &entry.value.kind {
        Kind::Seq(_) => Tasks::parse(&entry.value, cx).map(|tasks| tasks.0),
        Kind::Scalar(_) | Kind::Map(_) => {
            let body = TaskBody::parse(&entry.value, cx);
            Some(vec![Task { name: name.clone(), body: body.map(Box::new) }])
        }
    })?;
    Some((name, tasks, entry.value.span))
}
