//! Views of packages: one for each packed folder and runtime, for platforms where somebody builds an image from it.

use std::collections::BTreeMap;

use super::draft::{Draft, Setting};
use crate::base::Value;
use crate::catalog::at;

/// One view a package, with the fields of the first function that runs it; sorted by path and runtime.
pub(super) fn drafts(setting: &Setting<'_>, functions: &[Draft]) -> Vec<Draft> {
    let mut packages: BTreeMap<(String, String), Vec<&Draft>> = BTreeMap::new();
    for draft in functions.iter().filter(|d| d.kind == "function") {
        let field = |path: &str| {
            let (head, rest) = path.split_once('.')?;
            at(draft.view.get(head)?, rest).and_then(Value::as_str).map(str::to_owned)
        };
        if let (Some(path), Some(runtime)) = (field("code.path"), field("runtime.name")) {
            packages.entry((path, runtime)).or_default().push(draft);
        }
    }
    packages.into_iter().filter_map(|((path, _), users)| one(setting, &path, &users)).collect()
}

fn one(setting: &Setting<'_>, path: &str, users: &[&Draft]) -> Option<Draft> {
    let first = users.first()?;
    let slug = path.rsplit_once('/').map_or(path, |(_, slug)| slug);
    let mut draft = Draft::new(setting, "package", path, slug, first.span);
    let nodes: Vec<&str> = users.iter().map(|d| d.node.as_str()).collect();
    draft.set("comment", format!("The code of {}", nodes.join(", ")));
    for field in ["code", "runtime", "language", "has_entry", "entry", "has_adapter"] {
        if let Some(value) = first.view.get(field) {
            draft.set(field, value.clone());
        }
    }
    Some(draft)
}
