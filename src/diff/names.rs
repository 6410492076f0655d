//! What the nodes of the state before are called after: those that the spec says were renamed.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::base::NodePath;
use crate::model::Model;

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

    /// What a path is called after; the path of a trigger begins with that of its function.
    pub(super) fn after<'p>(&self, path: &'p str) -> Cow<'p, str> {
        if self.0.is_empty() {
            return Cow::Borrowed(path);
        }
        let (node, rest) = path.find(".on.").map_or((path, ""), |at| path.split_at(at));
        self.0.get(node).map_or(Cow::Borrowed(path), |new| Cow::Owned(format!("{new}{rest}")))
    }
}
