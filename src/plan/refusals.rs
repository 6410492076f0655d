//! Variants of constructs that a manifest refuses, found before anything is planned. A declaration is asked for the
//! fields of its view that it decides alone, without names, grants and other nodes.

use super::draft::Draft;
use super::{function, resource, trigger};
use crate::base::{Span, Value};
use crate::catalog::{Manifest, Part, Refusal, Target, at, feature_title, holds};
use crate::diag::{Finding, Findings};
use crate::model::{Function, Model, Queue, ScheduleWhen, Trigger, TriggerSource};
use rayon::prelude::*;

/// What is asked.
#[derive(Clone, Copy)]
enum Declared<'a> {
    Queue(&'a Queue),
    Function(&'a Function),
    Trigger(&'a Function, &'a Trigger),
}

/// Refuses the variants that the target refuses.
pub(super) fn check(model: &Model, target: &Target, findings: &mut Findings) {
    let manifest = &target.manifest;
    for queue in model.queues.values() {
        let fields = |draft: &mut Draft| resource::queue_fields(model, draft, queue);
        findings.append(refused(manifest, "queue", Declared::Queue(queue), fields).into_iter().collect());
    }
    let called = function::called_async(model);
    let functions: Vec<_> = model.functions.iter().collect();
    let found: Vec<Finding> = functions
        .par_iter()
        .flat_map_iter(|(id, f)| {
            let is_called = called.get(id.index()).copied().unwrap_or(false);
            let fields = |draft: &mut Draft| function::fields(model, draft, f, is_called);
            let mut found = refused(manifest, "function", Declared::Function(f), fields);
            for t in &f.triggers {
                let fields = |draft: &mut Draft| trigger::fields(model, draft, f, t);
                found.extend(refused(manifest, &format!("trigger.{}", t.kind()), Declared::Trigger(f, t), fields));
            }
            found
        })
        .collect();
    findings.append(found.into_iter().collect());
}

/// The findings about one declaration.
fn refused(manifest: &Manifest, kind: &str, of: Declared<'_>, fields: impl FnOnce(&mut Draft)) -> Vec<Finding> {
    let is_for = |refusal: &&Refusal| refusal.kinds.as_slice().iter().any(|known| known == kind);
    let asked: Vec<&Refusal> = manifest.refuses.iter().filter(is_for).collect();
    if asked.is_empty() {
        return Vec::new();
    }
    let mut draft = Draft::bare(kind, Part::Whole.of(of));
    fields(&mut draft);
    let view = Value::Map(draft.view);
    let mut out = Vec::new();
    for refusal in asked {
        let id = &manifest.id;
        if let Some(path) = refusal.when.keys().find(|path| !is_known(path, &view)) {
            let message =
                format!("`refuses` for `{kind}` asks for `{path}`, which a declaration does not decide alone");
            out.push(Finding::error("target-manifest", refusal.at.of(of), message).on(id));
        } else if holds(&refusal.when, |path| at(&view, path)) {
            let what = match refusal.at {
                Part::Whole => feature_title(kind),
                Part::Window => "window",
                Part::Time => "schedule",
                Part::DeadLetter => "dead letter",
                Part::Envelope => "envelope",
            };
            let message = format!("this {what} is impossible: {}", refusal.reason);
            let help = format!("{} ({})", refusal.help, refusal.fact);
            out.push(
                Finding::error("impossible", refusal.at.of(of), message)
                    .help(help)
                    .on(id)
                    .unless(refusal.unless_rule.clone()),
            );
        }
    }
    out
}

/// Whether views have the field; of one that may be missing they have the flag.
fn is_known(path: &str, view: &Value) -> bool {
    let first = path.split('.').next().unwrap_or_default();
    view.get(first).is_some() || view.get(&format!("has_{first}")).is_some()
}

impl Part {
    /// The smallest text of a declaration that says it.
    fn of(self, declared: Declared<'_>) -> Span {
        let (whole, function, source) = match declared {
            Declared::Queue(queue) => {
                let dead_letter = queue.dead_letter.as_ref().map(|dead_letter| dead_letter.to.span);
                return dead_letter.filter(|_| self == Self::DeadLetter).unwrap_or(queue.head.span);
            }
            Declared::Function(f) => (f.head.span, f, None),
            Declared::Trigger(f, trigger) => (trigger.span, f, Some(&trigger.source)),
        };
        let span = match (self, source) {
            (Self::DeadLetter, _) => function.dead_letter.map(|queue| queue.span),
            (Self::Envelope, _) => Some(function.envelope.span),
            (Self::Window, Some(TriggerSource::Queue { window, .. })) => window.map(|window| window.span),
            (Self::Time, Some(TriggerSource::Schedule { when, .. })) => Some(match when {
                ScheduleWhen::Cron { text, .. } => text.span,
                ScheduleWhen::Every(every) => every.span,
            }),
            _ => None,
        };
        span.unwrap_or(whole)
    }
}
