//! Access × catalogue: the native grants that a target has to give, each with the edge that is its reason.

use super::shared::Shared;
use super::trigger;
use super::view::map;
use crate::analysis::{Access, Actor, Object, Tuple};
use crate::base::{Map, Sources, Span, Value};
use crate::catalog::{Delivery, IdentityKind, OneOrMany, Pattern, Permissions, Row, Side, Target, at, holds};
use crate::diag::{Finding, Findings};
use crate::graph::{Runner, TriggerRef, resource_head};
use crate::model::{Id, Model, Queue, Scope, Verb};
use rayon::prelude::*;
use serde::Serialize;

/// Whose statement it is, and so where it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// The identity of a function or workflow.
    Runner(Runner),
    /// An identity of the trigger.
    Trigger(TriggerRef),
    /// The platform, when it delivers a trigger's events.
    Platform(TriggerRef),
    /// The platform, when it sets aside messages of a queue.
    Redrive(Id<Queue>),
    /// The platform, when it raises an alarm.
    Alarms,
}

/// One native grant.
#[derive(Debug, Clone, PartialEq)]
pub struct Grant {
    /// Whose.
    pub holder: Holder,
    /// Path of the node it is on; none for what only a native grant of the spec names.
    pub object: Option<String>,
    /// Why, as a clause.
    pub because: String,
    /// The text that says so.
    pub span: Span,
    /// Where it is written.
    pub system: String,
    /// Native actions.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<Value>,
    /// Under which conditions.
    pub conditions: Vec<Condition>,
    /// Who, for the platform.
    pub principal: Option<Value>,
    /// Why a resource is `*`.
    pub wildcard: Option<String>,
}

/// What has to hold for a grant to count.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Condition {
    /// How values are compared, in the platform's word.
    pub test: String,
    /// What is compared.
    pub key: String,
    /// With what.
    pub values: Vec<Value>,
}

/// Address of an object of the relation.
pub(super) fn object_address(model: &Model, object: Object) -> String {
    match object {
        Object::Resource(resource) => resource_head(model, resource).path.to_string(),
        Object::Runner(runner) => runner_address(model, runner),
    }
}

pub(super) fn runner_address(model: &Model, runner: Runner) -> String {
    match runner {
        Runner::Function(id) => model.functions[id].head.path.to_string(),
        Runner::Workflow(id) => model.workflows[id].head.path.to_string(),
    }
}

/// Address of the node whose view carries a holder's statements.
pub(super) fn holder_address(model: &Model, holder: Holder) -> String {
    match holder {
        Holder::Runner(runner) => runner_address(model, runner),
        Holder::Trigger(t) | Holder::Platform(t) => trigger::address(model, t),
        Holder::Redrive(queue) => model.queues[queue].head.path.to_string(),
        // No view stands for all alarms; the statement is written where they go.
        Holder::Alarms => "alarms".to_owned(),
    }
}

/// Derives all grants of a target. A verb without a row is refused: nothing is granted by guess.
pub(super) fn derive(
    model: &Model,
    access: &Access,
    target: &Target,
    shared: &Shared,
    settings: &Map,
    sources: &Sources,
) -> (Vec<Grant>, Findings) {
    let one = |tuple: &&Tuple| granted(model, target, tuple, shared, settings, sources);
    let tuples: Vec<&Tuple> = access.iter().collect();
    let each: Vec<(Vec<Grant>, Findings)> = tuples.par_iter().map(one).collect();
    let (mut out, mut findings) = (Vec::with_capacity(each.len()), Findings::default());
    for (grants, more) in each {
        out.extend(grants);
        findings.append(more);
    }
    (out, findings)
}

/// The grants that one tuple of the relation needs.
fn granted(
    model: &Model,
    target: &Target,
    tuple: &Tuple,
    shared: &Shared,
    settings: &Map,
    sources: &Sources,
) -> (Vec<Grant>, Findings) {
    let mut out = Vec::new();
    let mut findings = Findings::default();
    for holder in holders(model, tuple, target) {
        let (identity, from) = role(model, holder, tuple);
        let on = match tuple.on {
            Object::Resource(resource) => resource.kind().as_str(),
            Object::Runner(Runner::Function(_)) => "function",
            Object::Runner(Runner::Workflow(_)) => "workflow",
        };
        let row = target.permissions.find(on, tuple.verb, tuple.scope.kind(), identity, from.as_deref());
        let Some(row) = row else {
            findings.push(missing(&target.manifest.id, tuple, on, &target.permissions));
            continue;
        };
        let context = Context { model, tuple, holder, shared, settings };
        match fill(row, &context) {
            Ok(grants) => out.extend(grants),
            Err(why) => findings.push(
                Finding::error(
                    "target-manifest",
                    tuple.span,
                    format!("`{}` on a {on} cannot be granted on {}: {why}", tuple.verb, target.manifest.id),
                )
                .help(format!("its pattern is in permissions.yaml; the edge is {}", sources.place(tuple.span))),
            ),
        }
    }
    (out, findings)
}

fn missing(target: &str, tuple: &Tuple, on: &str, permissions: &Permissions) -> Finding {
    let rows = permissions.rows().iter().filter(|r| r.on == on && r.verb.has(&tuple.verb));
    let known: Vec<&str> = rows.flat_map(|r| r.scope.as_slice()).map(|s| s.as_str()).collect();
    let message = if known.is_empty() {
        format!("`{}` on a {on} cannot be granted on {target}", tuple.verb)
    } else {
        format!("`{}` on a {on} cannot be granted by {} on {target}", tuple.verb, tuple.scope.kind())
    };
    let finding = Finding::error("ungrantable", tuple.span, message).on(target);
    finding.help(if known.is_empty() {
        let row = format!("- {{ on: {on}, verb: {}, grants: [ … ], source: … }}", tuple.verb);
        format!("its permissions.yaml has no row for it: `{row}`, without grants where nothing has to be said")
    } else {
        format!("it can be granted by {}", known.join(", "))
    })
}

/// Who has to hold the right on this target.
fn holders(model: &Model, tuple: &Tuple, target: &Target) -> Vec<Holder> {
    let delivery = |key: &str| target.manifest.delivery.get(key);
    let acts = |key: &str, sides: fn(&Delivery) -> &OneOrMany<Side>| {
        delivery(key).is_some_and(|delivery| Side::acting(sides(delivery)).next().is_some())
    };
    let only_if = |acts: bool, holder: Holder| if acts { vec![holder] } else { Vec::new() };
    match tuple.by {
        Actor::Runner(runner) => vec![Holder::Runner(runner)],
        Actor::Delivery(reference) => {
            let kind = reference.get(model).map_or("", |t| t.kind().as_str());
            let Some(delivery) = delivery(kind) else { return Vec::new() };
            let sides = if tuple.verb == Verb::Receive {
                &delivery.receives
            } else if tuple.verb == Verb::SetAside {
                &delivery.sets_aside
            } else {
                &delivery.invokes
            };
            let holder = |side| match side {
                Side::None => None,
                Side::Function => Some(Holder::Runner(reference.runner)),
                Side::Trigger => Some(Holder::Trigger(reference)),
                Side::Platform => Some(Holder::Platform(reference)),
            };
            Side::acting(sides).filter_map(holder).collect()
        }
        Actor::Redrive(queue) => only_if(acts("dead-letter", |d| &d.sets_aside), Holder::Redrive(queue)),
        Actor::AsyncCall(function) => {
            only_if(acts("call.async", |d| &d.sets_aside), Holder::Runner(Runner::Function(function)))
        }
        Actor::Alarms => only_if(acts("alarm", |d| &d.invokes), Holder::Alarms),
    }
}

fn role(model: &Model, holder: Holder, tuple: &Tuple) -> (IdentityKind, Option<String>) {
    let kind_of = |reference: TriggerRef| reference.get(model).map(|t| t.kind().as_str().to_owned());
    let from = match tuple.by {
        Actor::Delivery(reference) => kind_of(reference),
        Actor::Redrive(_) => Some("dead-letter".to_owned()),
        Actor::AsyncCall(_) => Some("call.async".to_owned()),
        Actor::Alarms => Some("alarm".to_owned()),
        Actor::Runner(_) => None,
    };
    let identity = match holder {
        Holder::Runner(_) => IdentityKind::Function,
        Holder::Trigger(_) => IdentityKind::Trigger,
        Holder::Platform(_) | Holder::Redrive(_) | Holder::Alarms => IdentityKind::Platform,
    };
    (identity, from)
}

struct Context<'a> {
    model: &'a Model,
    tuple: &'a Tuple,
    holder: Holder,
    shared: &'a Shared,
    /// The view of the application.
    settings: &'a Map,
}

fn scope_fields(scope: &Scope) -> Value {
    Value::Map(match scope {
        Scope::Whole | Scope::Own => Map::new(),
        Scope::Prefix { prefix, suffix } => map! { "prefix": prefix, "suffix": suffix },
        Scope::Index(name) => map! { "index": name },
        Scope::Leading(value) => map! { "value": value },
        Scope::Type(kind) => map! { "type": kind },
        Scope::Topic(topic) => map! { "topic": topic },
    })
}

fn fill(row: &Row, context: &Context<'_>) -> Result<Vec<Grant>, String> {
    let Context { model, shared, settings, .. } = *context;
    let scope = scope_fields(&context.tuple.scope);
    let edge = match context.tuple.by {
        Actor::Delivery(reference) => Some(trigger::address(model, reference)),
        Actor::Runner(_) | Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => None,
    };
    let by = match context.tuple.by {
        Actor::Runner(runner) => runner_address(model, runner),
        Actor::Delivery(reference) => runner_address(model, reference.runner),
        Actor::Redrive(_) | Actor::Alarms => holder_address(model, context.holder),
        Actor::AsyncCall(function) => runner_address(model, Runner::Function(function)),
    };
    let object = object_address(model, context.tuple.on);
    let to = shared.end(&object);
    let by = shared.end(&by);
    let edge = edge.as_ref().and_then(|address| shared.end(address));
    let lookup = |path: &str| -> Option<&Value> {
        let (head, rest) = path.split_once('.').unwrap_or((path, ""));
        match head {
            "to" => shared.walk(to?, rest),
            "by" => shared.walk(by?, rest),
            "edge" => shared.walk(edge?, rest),
            "scope" => at(&scope, rest),
            _ => shared.at(settings, path),
        }
    };
    let value = |pattern: &Pattern| pattern.fill(&lookup).map_err(|e| format!("`{}`: {e}", pattern.as_str()));
    row.grants
        .iter()
        .filter(|grant| holds(&grant.when, |path| shared.at(settings, path)))
        .map(|grant| {
            let conditions = grant
                .conditions
                .iter()
                .map(|c| {
                    let values = c.values.iter().map(value).collect::<Result<_, _>>()?;
                    Ok(Condition { test: c.test.clone(), key: c.key.clone(), values })
                })
                .collect::<Result<_, String>>()?;
            Ok(Grant {
                holder: context.holder,
                object: Some(object.clone()),
                because: row.because.as_ref().unwrap_or(&context.tuple.because).clone(),
                span: context.tuple.span,
                system: grant.system.clone(),
                actions: grant.actions.clone(),
                resources: grant.resources.iter().map(value).collect::<Result<_, _>>()?,
                conditions,
                principal: grant.principal.as_ref().map(value).transpose()?,
                wildcard: row.wildcard.clone().filter(|_| grant.resources.iter().any(|r| r.as_str() == "*")),
            })
        })
        .collect()
}
