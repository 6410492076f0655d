//! The paths into data that filters and workflows name, and whether the data has them.

use std::sync::Arc;

use super::{each_task, payloads, result};
use crate::analysis::Facts;
use crate::base::{Pointer, Span};
use crate::model::{Expr, Id, Model, PathRoot, Presence, Schema, Task, TaskKind, Workflow};

/// What a path is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whence {
    /// To find the event that a workflow waits for (`match`).
    Match,
    /// In an expression of a workflow.
    Expression,
}

/// A path that the spec names, with the schema it leads into.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPath {
    /// Where.
    pub span: Span,
    /// What for.
    pub whence: Whence,
    /// Into the data.
    pub path: Pointer,
    /// Whose schema it is, as a noun.
    pub whose: String,
    /// Where that stands.
    pub schema: Span,
    /// Whether the data has it.
    pub presence: Presence,
    /// Members that the schema names beside it.
    pub siblings: Vec<String>,
}

impl Facts {
    /// The paths in the expressions of a workflow, as far as a schema says what is there. Those of `where` are looked up
    /// where they are resolved.
    pub fn named_paths(&self, workflow: Id<Workflow>) -> Vec<NamedPath> {
        let model = self.model();
        let mut out = Vec::new();
        Paths { model, workflow: &model.workflows[workflow], out: &mut out }.all();
        out
    }
}

fn named(schema: &Schema, path: &Pointer, span: Span, whence: Whence, whose: String) -> NamedPath {
    let parent = path.as_str().rsplit_once('/').and_then(|(parent, _)| Pointer::parse(parent));
    let siblings = schema.members(parent.as_ref()).unwrap_or_default();
    let (path, presence) = (path.clone(), schema.presence(path));
    NamedPath { span, whence, path, whose, schema: schema.span, presence, siblings }
}

struct Paths<'a, 'm> {
    model: &'m Model,
    workflow: &'m Workflow,
    out: &'a mut Vec<NamedPath>,
}

impl Paths<'_, '_> {
    fn all(&mut self) {
        each_task(&self.workflow.tasks, &mut |task| match &task.kind {
            TaskKind::Call { with, .. } | TaskKind::Set(with) | TaskKind::Emit { with, .. } => {
                for (_, expr) in with {
                    self.expression(expr);
                }
            }
            TaskKind::Listen { event, matches, .. } => {
                for (path, expr) in matches {
                    self.expression(expr);
                    let event_type = &self.model.events[event.value].event_type;
                    if let Some(schema) = &self.model.events[event.value].schema {
                        self.out.push(named(schema, path, event.span, Whence::Match, format!("`{event_type}`")));
                    }
                }
            }
            TaskKind::Switch { cases, .. } => cases.iter().for_each(|(expr, _)| self.expression(expr)),
            TaskKind::For { list, .. } => self.expression(list),
            TaskKind::Wait(_) | TaskKind::Fork { .. } | TaskKind::Try { .. } | TaskKind::Raise(_) => {}
        });
    }

    fn expression(&mut self, expr: &Expr) {
        expr.paths(&mut |root, steps, span| self.path(root, steps, span));
    }

    fn path(&mut self, root: &PathRoot, steps: &[Arc<str>], span: Span) {
        let Some(path) = Pointer::parse(&text(steps)) else { return };
        match root {
            PathRoot::Input => {
                for event in self.workflow.triggers.iter().flat_map(|trigger| payloads(self.model, trigger)) {
                    let event = &self.model.events[event];
                    if let Some(schema) = &event.schema {
                        let whose = format!("`{}`", event.event_type);
                        self.out.push(named(schema, &path, span, Whence::Expression, whose));
                    }
                }
            }
            PathRoot::Task(name) => {
                let mut found: Option<&Task> = None;
                each_task(&self.workflow.tasks, &mut |task| {
                    if task.name.value == *name {
                        found = Some(task);
                    }
                });
                if let Some(schema) = found.and_then(|task| result(self.model, task)) {
                    let whose = format!("the result of `{name}`");
                    self.out.push(named(schema, &path, span, Whence::Expression, whose));
                }
            }
            PathRoot::Each(_) | PathRoot::Error => {}
        }
    }
}

/// Steps of an expression as a path into data; empty for the data itself.
pub(super) fn text(steps: &[Arc<str>]) -> String {
    Pointer::text(steps)
}
