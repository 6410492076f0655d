//! Did you mean, for paths: the file or folder nearest to one that is not there.

use std::collections::BTreeSet;

use super::source::{Files, RelPath};
use super::suggest::nearest;

/// A folder is looked at no further than this.
const LISTED: usize = 10_000;

/// The path that was meant by one that is not there: part by part the one that is there, else the nearest beside it.
pub fn nearest_path(files: &dyn Files, missing: &RelPath) -> Option<RelPath> {
    let mut found = RelPath::resolve("", "")?;
    for part in missing.as_str().split('/') {
        let below = files.list(&found, LISTED).ok()?;
        let prefix = if found.as_str().is_empty() { String::new() } else { format!("{found}/") };
        let first = |path: &'_ RelPath| Some(path.as_str().strip_prefix(&prefix)?.split('/').next()?.to_owned());
        let names: BTreeSet<String> = below.iter().filter_map(first).collect();
        let name = if names.contains(part) { part } else { nearest(part, names.iter().map(String::as_str))? };
        found = RelPath::resolve(found.as_str(), name)?;
    }
    (found != *missing).then_some(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use crate::base::MemoryFiles;

    #[test]
    fn each_part_is_mended() {
        let files = MemoryFiles::new().with("schemas/order.json", "{}").with("code/app.py", "").with("isobar.yaml", "");
        let near = |path: &str| nearest_path(&files, &RelPath::resolve("", path).unwrap()).map(|p| p.to_string());
        assert_eq!(near("schemsa/order.json").as_deref(), Some("schemas/order.json"));
        assert_eq!(near("schemsa/ordre.json").as_deref(), Some("schemas/order.json"));
        assert_eq!(near("schemas/orders.json").as_deref(), Some("schemas/order.json"));
        assert_eq!(near("cod").as_deref(), Some("code"));
        assert_eq!(near("code"), None, "it is there");
        assert_eq!(near("elsewhere/order.json"), None);
        assert_eq!(near("schemas/payment.json"), None);
    }

    #[test]
    fn a_path_is_written_as_seen_from_a_folder() {
        let seen = |path: &str, from: &str| RelPath::resolve("", path).unwrap().seen_from(from);
        assert_eq!(seen("schemas/order.json", ""), "schemas/order.json");
        assert_eq!(seen("functions/schemas/order.json", "functions"), "schemas/order.json");
        assert_eq!(seen("schemas/order.json", "functions/more"), "../../schemas/order.json");
        assert_eq!(seen("functions", "functions"), ".");
    }
}
