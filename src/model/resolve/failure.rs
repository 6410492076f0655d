//! Dead letters of functions that would never get anything.

use super::Resolver;
use crate::diag::Finding;
use crate::model::{Call, CallMode, Function, TriggerSource};

impl Resolver<'_> {
    /// Somebody waits for what a request or a caller runs, and what a queue runs is set aside by the queue: a dead letter of
    /// the function itself takes what fails without an answer.
    pub(super) fn check_dead_letters(&mut self, functions: &[Option<Function>]) {
        let mut called = vec![None; functions.len()];
        for call in functions.iter().flatten().flat_map(|f| &f.calls) {
            if let Call::Function { function, mode, .. } = call
                && let Some(known) = called.get_mut(function.index())
                && *known != Some(CallMode::Async)
            {
                *known = Some(*mode);
            }
        }
        for (function, called) in functions.iter().zip(called) {
            let Some((function, queue)) = function.as_ref().and_then(|f| Some((f, f.dead_letter?))) else { continue };
            let is_run = !function.triggers.is_empty() || called.is_some();
            let fails = function.triggers.iter().any(|t| fails_unanswered(&t.source));
            // What nothing runs is told as that.
            if fails || called == Some(CallMode::Async) || !is_run {
                continue;
            }
            let message = format!("the dead letter of `{}` gets nothing", function.head.name());
            let finding = Finding::warning("idle-dead-letter", queue.span, message)
                .label("for what fails without anybody waiting for it");
            let consumes = function.triggers.iter().any(|t| matches!(t.source, TriggerSource::Queue { .. }));
            self.report(finding.help(if consumes {
                "remove it; for a queue it stands on the queue: `dead-letter: { after: 5, to: … }`"
            } else {
                "remove it"
            }));
        }
    }
}

pub(super) const fn fails_unanswered(source: &TriggerSource) -> bool {
    !matches!(source, TriggerSource::Http(_) | TriggerSource::Queue { .. } | TriggerSource::Socket { .. })
}
