//! What the nodes of the state before are called after: those that the spec says were renamed.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::analysis::Facts;
use crate::base::NodePath;
use crate::graph::TriggerRef;
use crate::model::{Model, Trigger, resource_head};

/// The path before → the path after, of what was renamed.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, String>);

impl Names {
    /// By `renamed-from`. It says nothing any more where the old state does not have the former name, or still has both.
    pub(super) fn between(old: &Model, new: &Model) -> Self {
        let was: std::collections::HashSet<String> = old.heads().map(|head| head.path.to_string()).collect();
        let renamed = new.heads().filter_map(|head| {
            let former = NodePath { name: head.renamed_from.as_ref()?.value.to_string().into(), ..head.path.clone() };
            let (former, path) = (former.to_string(), head.path.to_string());
            (was.contains(&former) && !was.contains(&path)).then_some((former, path))
        });
        Self(renamed.collect())
    }

    /// The address of a trigger after: its function, and what it takes from, may both have been renamed.
    pub(super) fn trigger(&self, facts: &Facts, at: TriggerRef) -> String {
        let address = facts.graph().trigger_address(at);
        let after = self.after(&address);
        let source = at.get(facts.model()).and_then(Trigger::resource);
        let head = source.map(|source| &resource_head(facts.model(), source).path);
        let renamed = head.and_then(|head| Some((head, self.0.get(&head.to_string())?)));
        match (renamed, after.split_once(".on.")) {
            // The name of a trigger ends with that of its source.
            (Some((head, new)), Some((runner, name))) => {
                let new = new.split_once('.').map_or(new.as_str(), |(_, name)| name);
                let name = name.replacen(&*head.name, new, 1);
                format!("{runner}.on.{name}")
            }
            _ => after.into_owned(),
        }
    }

    /// What a path is called after; the path of a trigger begins with that of its function.
    pub(super) fn after<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(path);
        }
        let (node, rest) = path.find(".on.").map_or((path, ""), |at| path.split_at(at));
        self.0.get(node).map_or(Cow::Borrowed(path), |new| Cow::Owned(format!("{new}{rest}")))
    }
}
