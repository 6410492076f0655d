//! What becomes of emitted resources when they change or go: which changes make them anew, what is lost with them, what
//! keeps them.

use serde::Deserialize;

/// `lifecycle:` of a manifest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Lifecycle {
    /// Keys of resources that speak to the tool that applies them, and are no part of what they become.
    #[serde(default)]
    pub ignored: Vec<String>,
    /// What keeps resources of any type.
    #[serde(default)]
    pub guards: Vec<Guard>,
    /// A document that changes others before they are applied.
    #[serde(default)]
    pub patches: Option<Patches>,
    /// One row for each type that templates write.
    #[serde(default)]
    pub resources: Vec<LifecycleRow>,
}

impl Lifecycle {
    /// The row of a type, given as `kind` and as `apiVersion/kind`.
    pub fn row(&self, kind: &str, full_kind: &str) -> Option<&LifecycleRow> {
        self.resources.iter().find(|row| row.kind == full_kind || row.kind == kind)
    }

    /// What is wrong: the text that is, as written, and a clause.
    pub(super) fn defects(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (at, row) in self.resources.iter().enumerate() {
            let kind = &row.kind;
            if self.resources.iter().take(at).any(|other| other.kind == *kind) {
                out.push((kind.clone(), format!("`lifecycle` has several rows for `{kind}`")));
            }
            if !row.fact.starts_with("https://") {
                out.push((row.fact.clone(), format!("`{}` is no address that says how `{kind}` changes", row.fact)));
            }
            let paths = [&row.replaced_by, &row.keeps, &row.renews.unless, &row.unordered, &row.code];
            if paths.into_iter().flatten().chain(&row.of).any(String::is_empty) {
                out.push((kind.clone(), format!("the row of `{kind}` in `lifecycle` has an empty path")));
            }
        }
        out
    }
}

/// How resources of one type live and end. Paths are those of `readback`: dotted, lists on the way are flattened.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct LifecycleRow {
    /// Type of the resource: of its block, or its `kind`, which may be written `apiVersion/kind`.
    #[serde(rename = "type")]
    pub kind: String,
    /// What is lost when it is destroyed, as a noun: `messages`; absent where nothing is.
    #[serde(default)]
    pub holds: Option<String>,
    /// Where a resource names no node: the path of a reference to the one whose node it belongs to.
    #[serde(default)]
    pub of: Option<String>,
    /// Where a change destroys it and makes it anew.
    #[serde(default)]
    pub replaced_by: Vec<String>,
    /// Nothing makes it anew by itself: the platform refuses such a change, for this reason, a clause.
    #[serde(default)]
    pub refused: Option<String>,
    /// What stays as it was where it is no longer written.
    #[serde(default)]
    pub keeps: Vec<String>,
    /// What gets another value when it is changed in place.
    #[serde(default)]
    pub renews: Renewal,
    /// Lists whose order says nothing, and all lists below these paths.
    #[serde(default)]
    pub unordered: Vec<String>,
    /// What stands for the code.
    #[serde(default)]
    pub code: Vec<String>,
    /// What keeps resources of this type.
    #[serde(default)]
    pub guards: Vec<Guard>,
    /// Address that says so.
    pub fact: String,
}

/// Attributes that others refer to, and that get another value when a resource is changed in place.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Renewal {
    /// The attributes.
    #[serde(default)]
    pub attributes: Vec<String>,
    /// Paths whose change alone renews nothing.
    #[serde(default)]
    pub unless: Vec<String>,
}

/// What keeps a resource from being destroyed, or what it holds from being lost.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Guard {
    /// Path inside of the resource.
    pub path: String,
    /// The value there that does, as text.
    pub is: String,
    /// Whose.
    pub of: GuardOf,
    /// What happens then, as a clause.
    pub reason: String,
}

/// Which state of a resource keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum GuardOf {
    /// What is deployed.
    Deployed,
    /// What is to be applied: where the resource is no longer written, nothing keeps it.
    Written,
}

/// A document that changes others.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Patches {
    /// Its type. It is no resource itself.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path of the list of patches.
    pub each: String,
    /// Path from a patch to the type that it is for.
    pub target_type: String,
    /// Path from a patch to the name that it is for.
    pub target_name: String,
    /// Path from a patch to the text of a document that is merged into what it is for: maps entry by entry, anything
    /// else replaced.
    pub merge: String,
}
