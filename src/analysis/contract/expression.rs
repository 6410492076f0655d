//! The schema of what expressions of a workflow give, from those of its input and of the results of its tasks.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::path::text;
use super::{ANYTHING, each_task, payloads, result};
use crate::analysis::schema::{Compatibility, compatibility};
use crate::base::Pointer;
use crate::model::{Event, Expr, Id, Model, Operator, PathRoot, Presence, Schema, Task, TaskKind, Workflow, moved};

/// Deepest chain of `set` that refers to `set`.
const DEPTH: usize = 8;

/// The schemas of one workflow.
pub(super) struct Typing<'m> {
    model: &'m Model,
    tasks: BTreeMap<&'m str, &'m Task>,
    /// Of the input, where everything that starts the workflow brings the same event.
    input: Option<&'m Schema>,
}

/// The schema of a value.
struct Typed {
    schema: Value,
    /// There may be nothing.
    optional: bool,
}

impl<'m> Typing<'m> {
    pub(super) fn of(model: &'m Model, workflow: &'m Workflow) -> Self {
        let mut tasks = BTreeMap::new();
        each_task(&workflow.tasks, &mut |task| {
            tasks.insert(task.name.value.as_str(), task);
        });
        let events: Vec<Vec<Id<Event>>> = workflow.triggers.iter().map(|trigger| payloads(model, trigger)).collect();
        let is_known = !events.is_empty() && events.iter().all(|events| !events.is_empty());
        let events: BTreeSet<Id<Event>> = events.into_iter().flatten().collect();
        let input = match events.into_iter().collect::<Vec<_>>().as_slice() {
            [one] if is_known => model.events[*one].schema.as_ref(),
            _ => None,
        };
        Self { model, tasks, input }
    }

    /// Whether an event's data, given member by member, fits its schema.
    pub(super) fn given(&self, with: &[(Arc<str>, Expr)], schema: &Schema) -> Compatibility {
        let mut documents = Documents::default();
        let (mut properties, mut required) = (Map::new(), Vec::new());
        let mut unknown = None;
        for (name, expr) in with {
            let typed = self.typed(expr, &mut documents, 0).unwrap_or_else(|| {
                unknown.get_or_insert((name, expr));
                // What is not known is taken for what is expected, so that it hides nothing else.
                let parts = schema.parts(std::slice::from_ref(name)).unwrap_or_default();
                Typed { schema: documents.hold(schema, &parts), optional: false }
            });
            if !typed.optional {
                required.push(Value::from(&**name));
            }
            properties.insert(name.to_string(), typed.schema);
        }
        let producer = json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
            "$defs": documents.whole,
        });
        match (compatibility(&producer, &schema.json), unknown) {
            (Compatibility::Compatible, Some((name, expr))) => {
                Compatibility::Unknown { path: format!("/{name}"), why: format!("no schema says what `{expr}` is") }
            }
            (answer, _) => answer,
        }
    }

    /// The schema of an expression; `None` where nothing says it.
    fn typed(&self, expr: &Expr, documents: &mut Documents, depth: usize) -> Option<Typed> {
        if depth > DEPTH {
            return None;
        }
        let sure = |schema: Value| Some(Typed { schema, optional: false });
        match expr {
            Expr::Literal(value) => sure(json!({ "const": value })),
            Expr::Not(_) => sure(json!({ "type": "boolean" })),
            Expr::Binary { operator, .. } => match operator {
                Operator::Eq
                | Operator::Ne
                | Operator::Lt
                | Operator::Le
                | Operator::Gt
                | Operator::Ge
                | Operator::And
                | Operator::Or => sure(json!({ "type": "boolean" })),
                // Which numbers come out is not known from those that go in.
                Operator::Add | Operator::Sub | Operator::Mul | Operator::Div => None,
            },
            Expr::Path { root, steps, .. } => self.path(root, steps, documents, depth),
        }
    }

    fn path(&self, root: &PathRoot, steps: &[Arc<str>], documents: &mut Documents, depth: usize) -> Option<Typed> {
        let schema = match root {
            PathRoot::Input => self.input?,
            PathRoot::Task(name) => {
                let task = *self.tasks.get(name.as_str())?;
                if let TaskKind::Set(values) = &task.kind {
                    let [step] = steps else { return None };
                    let (_, value) = values.iter().find(|(name, _)| name == step)?;
                    return self.typed(value, documents, depth + 1);
                }
                result(self.model, task)?
            }
            PathRoot::Each(_) | PathRoot::Error => return None,
        };
        let parts = schema.parts(steps).filter(|parts| !parts.is_empty())?;
        let optional = Pointer::parse(&text(steps)).is_some_and(|path| schema.presence(&path) != Presence::Required);
        Some(Typed { schema: documents.hold(schema, &parts), optional })
    }
}

/// The documents that parts were taken from, by the names under which they stand in `$defs`.
#[derive(Default)]
struct Documents {
    names: Vec<Arc<Value>>,
    whole: Map<String, Value>,
}

impl Documents {
    /// Parts of a document that hold together, as one schema.
    fn hold(&mut self, schema: &Schema, parts: &[&Value]) -> Value {
        let known = self.names.iter().position(|known| Arc::ptr_eq(known, &schema.json));
        let number = known.unwrap_or_else(|| {
            self.names.push(Arc::clone(&schema.json));
            self.names.len() - 1
        });
        let (name, place) = (format!("d{number}"), format!("/$defs/d{number}"));
        if known.is_none() {
            self.whole.insert(name, moved(&schema.json, &schema.json, &place));
        }
        match parts {
            [] => ANYTHING,
            parts => json!({ "allOf": parts.iter().map(|part| moved(part, &schema.json, &place)).collect::<Vec<_>>() }),
        }
    }
}
