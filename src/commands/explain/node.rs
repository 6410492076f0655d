//! What is known about one node: its edges, its values with their reasons, its rights, and by target its bindings and
//! what is granted to it and on it.

use std::fmt::Write as _;

use isobar::access::{actor_name, grants_of, grants_on, grants_text, native_text, right_text};
use isobar::analysis::{Actor, Tuple};
use isobar::base::{NodePath, Sources};
use isobar::catalog::Target;
use isobar::graph::{NodeId, NodeRef, TriggerRef, render};
use isobar::model::Model;
use isobar::pipeline::Application;
use isobar::plan::Plan;

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
        own.map(|t| [right_text(t), path(t.on.into(), application.model()), reason(t, sources)]).collect();
    section(&mut out, "may", &table(&rows));
    let others = tuples.iter().filter(|t| NodeRef::from(t.on) == node.of && actor(t.by) != Some(node.of));
    let rows: Vec<[String; 3]> =
        others.map(|t| [actor_name(t.by, application.model()), right_text(t), reason(t, sources)]).collect();
    section(&mut out, "reached by", &table(&rows));
    out
}

/// What is explained.
#[derive(Clone, Copy)]
pub(super) enum Of {
    Node(NodeId),
    /// A trigger that is no node of its own.
    Trigger(TriggerRef),
}

/// A trigger: what it leads from and to, and where it is written.
pub(super) fn describe_trigger(application: &Application, at: TriggerRef, sources: &Sources) -> String {
    let graph = &application.graph;
    let trigger = at.get(application.model());
    let kind = trigger.map_or("", |trigger| trigger.kind().as_str());
    let place = trigger.map(|trigger| sources.place(trigger.span)).unwrap_or_default();
    let mut out = format!("{}: trigger {kind}  {place}\n", graph.trigger_address(at));
    section(&mut out, "edges", &render::trigger_edges(graph, at, sources));
    out
}

/// What a target makes of it: variables, and each grant by its edge in the words of the platform.
pub(super) fn on_target(
    application: &Application,
    of: Of,
    target: &Target,
    plan: Result<&Plan, &str>,
    sources: &Sources,
) -> String {
    let graph = &application.graph;
    let (address, is_function) = match of {
        Of::Node(id) => (graph.address(id), matches!(graph.node(id).of, NodeRef::Function(_))),
        Of::Trigger(at) => (graph.trigger_address(at), false),
    };
    let on = &target.manifest.id;
    let mut out = String::new();
    let plan = match plan {
        Ok(plan) => plan,
        Err(why) if is_function => {
            section(&mut out, &format!("bindings and grants on {on}"), &format!("    unknown, because {why}\n"));
            return out;
        }
        Err(_) => return out,
    };
    if is_function {
        let bindings = plan.bindings.get(&address).map(Vec::as_slice).unwrap_or_default();
        let rows: Vec<[String; 3]> =
            bindings.iter().map(|b| [b.name.clone(), native_text(&b.value), b.because.clone()]).collect();
        section(&mut out, &format!("bindings on {on}"), &table(&rows));
    }
    section(&mut out, &format!("grants on {on}"), &grants_text(&grants_of(plan, &address, sources), 4));
    let mut body = String::new();
    for held in grants_on(plan, &address, sources).chunk_by(|a, b| a.holder == b.holder) {
        let _ = writeln!(body, "    {}", held.first().map(|grant| grant.holder.as_str()).unwrap_or_default());
        body.push_str(&grants_text(held, 6));
    }
    section(&mut out, &format!("reached by on {on}"), &body);
    out
}

pub(super) fn section(out: &mut String, title: &str, body: &str) {
    if !body.is_empty() {
        let _ = write!(out, "\n  {title}\n{body}");
    }
}

/// Rows with aligned columns, at the depth of the graph's lines.
pub(super) fn table(rows: &[[String; 3]]) -> String {
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

fn path(of: NodeRef, model: &Model) -> String {
    of.head(model).map(|h| NodePath::to_string(&h.path)).unwrap_or_default()
}

fn reason(tuple: &Tuple, sources: &Sources) -> String {
    format!("{} ({})", tuple.because, sources.place(tuple.span))
}
