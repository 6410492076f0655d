//! What the nodes of the state before are called after: those that the spec says were renamed.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::analysis::Facts;
use crate::base::NodePath;
use crate::graph::TriggerRef;
use crate::model::Model;

/// The path before → the path after, of what was renamed.
#[derive(Debug, Default)]
pub(super) struct Names {
    nodes: HashMap<String, String>,
    /// Triggers of the runner after, whose names hold that of what they take from.
    triggers: HashMap<String, String>,
}

impl Names {
    /// By `renamed-from`. It says nothing any more where the old state does not have the former name, or still has both.
    pub(super) fn between(old: &Model, new: &Model) -> Self {
        let was: std::collections::HashSet<String> = old.heads().map(|head| head.path.to_string()).collect();
        let renamed = new.heads().filter_map(|head| {
            let former = NodePath { name: head.renamed_from.as_ref()?.value.to_string().into(), ..head.path.clone() };
            let (former, path) = (former.to_string(), head.path.to_string());
            (was.contains(&former) && !was.contains(&path)).then_some((former, path))
        });
        let functions = new.functions.values().iter().map(|f| (&f.head.path, &f.triggers));
        let workflows = new.workflows.values().iter().map(|w| (&w.head.path, &w.triggers));
        let triggers = functions.chain(workflows).flat_map(|(path, triggers)| {
            triggers.iter().filter_map(move |trigger| {
                let former = trigger.former_name.as_ref()?;
                Some((format!("{path}.on.{former}"), format!("{path}.on.{}", trigger.name)))
            })
        });
        Self { nodes: renamed.collect(), triggers: triggers.collect() }
    }

    /// The address of a trigger after: its function, and what it takes from, may both have been renamed.
    pub(super) fn trigger(&self, facts: &Facts, at: TriggerRef) -> String {
        let address = facts.graph().trigger_address(at);
        let after = self.after(&address);
        self.triggers.get(&*after).cloned().unwrap_or_else(|| after.into_owned())
    }

    /// What a path is called after; the path of a trigger begins with that of its function.
    pub(super) fn after<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.nodes.is_empty() {
            return Cow::Borrowed(path);
        }
        let (node, rest) = path.find(".on.").map_or((path, ""), |at| path.split_at(at));
        self.nodes.get(node).map_or(Cow::Borrowed(path), |new| Cow::Owned(format!("{new}{rest}")))
    }
}
