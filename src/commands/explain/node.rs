//! What is known about one node: its edges, its values with their reasons, its rights, and its bindings by target.

use std::fmt::Write as _;

use isobar::analysis::{Actor, Object, Tuple};
use isobar::base::{NodePath, Sources};
use isobar::catalog::Target;
use isobar::graph::{NodeId, NodeRef, Runner, render};
use isobar::model::{Model, Scope};
use isobar::pipeline::Application;
use isobar::plan::Plan;
use serde_json::Value;

use super::values;

/// Everything that holds whatever the target.
pub(super) fn describe(application: &Application, id: NodeId, sources: &Sources) -> String {
    let graph = &application.graph;
    let node = graph.node(id);
    let mut out = String::new();
    // Writing to a string does not fail, here and below.
    let _ = writeln!(out, "{}: {}  {}", graph.address(id), graph.kind(id), sources.place(node.span));
    if let Some(why) = node.of.head(application.model()).and_then(|h| h.derived.as_deref()) {
        let _ = writeln!(out, "  made by the compiler: {why}");
    }
    section(&mut out, "edges", &render::node_edges(graph, id, sources));
    section(&mut out, "values", &table(&values::of(node.of, application.model(), sources)));
    let tuples: Vec<&Tuple> = application.access.iter().collect();
    let own = tuples.iter().filter(|t| actor(t.by) == Some(node.of));
    let rows: Vec<[String; 3]> =
        own.map(|t| [right(t), path(object(t.on), application.model()), reason(t, sources)]).collect();
    section(&mut out, "may", &table(&rows));
    let others = tuples.iter().filter(|t| object(t.on) == node.of && actor(t.by) != Some(node.of));
    let rows: Vec<[String; 3]> = others.map(|t| [who(t.by, application), right(t), reason(t, sources)]).collect();
    section(&mut out, "reached by", &table(&rows));
    out
}

/// What a target makes of it.
pub(super) fn on_target(application: &Application, id: NodeId, target: &Target, plan: Option<&Plan>) -> String {
    let graph = &application.graph;
    if !matches!(graph.node(id).of, NodeRef::Function(_)) {
        return String::new();
    }
    let title = format!("bindings on {}", target.manifest.id);
    let mut out = String::new();
    let Some(plan) = plan else {
        section(&mut out, &title, "    unknown, because it does not compile for this target\n");
        return out;
    };
    let bindings = plan.bindings.get(&graph.address(id)).map(Vec::as_slice).unwrap_or_default();
    let rows: Vec<[String; 3]> =
        bindings.iter().map(|b| [b.name.clone(), shown(&b.value), b.because.clone()]).collect();
    section(&mut out, &title, &table(&rows));
    out
}

fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(out, "\n  {title}\n{body}");
    }
}

/// Rows with aligned columns, at the depth of the graph's lines.
fn table(rows: &[[String; 3]]) -> String {
    let width = |column: fn(&[String; 3]) -> &String| rows.iter().map(|r| column(r).chars().count()).max().unwrap_or(0);
    let (first, second) = (width(|[a, _, _]| a), width(|[_, b, _]| b));
    let mut out = String::new();
    for [a, b, c] in rows {
        let line = format!("    {a:first$}  {b:second$}  {c}");
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

fn actor(actor: Actor) -> Option<NodeRef> {
    match actor {
        Actor::Runner(runner) => Some(runner.into()),
        Actor::Delivery(_) | Actor::Redrive(_) | Actor::AsyncCall(_) | Actor::Alarms => None,
    }
}

fn object(object: Object) -> NodeRef {
    match object {
        Object::Resource(resource) => NodeRef::Resource(resource),
        Object::Runner(runner) => runner.into(),
    }
}

fn path(of: NodeRef, model: &Model) -> String {
    of.head(model).map(|h| NodePath::to_string(&h.path)).unwrap_or_default()
}

fn who(by: Actor, application: &Application) -> String {
    let model = application.model();
    match by {
        Actor::Runner(runner) => path(runner.into(), model),
        Actor::Delivery(trigger) => {
            let name = trigger.get(model).map_or("", |t| &*t.name);
            format!("delivery of {}.on.{name}", path(trigger.runner.into(), model))
        }
        Actor::Redrive(queue) => format!("dead-lettering of {}", model.queues[queue].head.path),
        Actor::Alarms => "alarms".to_owned(),
        Actor::AsyncCall(function) => format!("calls of {}", path(Runner::Function(function).into(), model)),
    }
}

fn right(tuple: &Tuple) -> String {
    let scope = match &tuple.scope {
        Scope::Whole => return tuple.verb.to_string(),
        Scope::Prefix { prefix, suffix } => format!("{prefix}*{suffix}"),
        Scope::Index(name) => format!("index {name}"),
        Scope::Leading(value) => format!("leading {value}"),
        Scope::Type(name) => format!("type {name}"),
        Scope::Topic(name) => format!("topic {name}"),
        Scope::Own => "own rows".to_owned(),
    };
    format!("{} ({scope})", tuple.verb)
}

fn reason(tuple: &Tuple, sources: &Sources) -> String {
    format!("{} ({})", tuple.because, sources.place(tuple.span))
}

/// A value of a plan for reading: text, `${reference}`, or both.
fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Object(map) => match (map.get("ref"), map.get("concat")) {
            (Some(Value::String(reference)), _) => format!("${{{reference}}}"),
            (_, Some(Value::Array(parts))) => parts.iter().map(shown).collect(),
            _ => value.to_string(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) => value.to_string(),
    }
}
