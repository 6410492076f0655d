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
    /// Settings of the whole output that say where resources are.
    #[serde(default)]
    pub relocations: Vec<Relocation>,
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
            for fixed in row.fixed.iter().filter(|fixed| !fixed.fact.starts_with("https://")) {
                let message = format!("`{}` is no address that says what of `{kind}` is fixed", fixed.fact);
                out.push((fixed.fact.clone(), message));
            }
            if row.paths().any(String::is_empty) {
                out.push((kind.clone(), format!("the row of `{kind}` in `lifecycle` has an empty path")));
            }
        }
        for Relocation { block, fact, .. } in self.relocations.iter().filter(|row| !row.fact.starts_with("https://")) {
            out.push((fact.clone(), format!("`{fact}` is no address that says what `{block}` moves")));
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
    /// Values that may come and go, and that the platform refuses to change.
    #[serde(default)]
    pub fixed: Vec<Fixed>,
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
    /// What brings back what was lost, in it or in the one that `of` names.
    #[serde(default)]
    pub restores: Vec<Restore>,
    /// How long something is kept.
    #[serde(default)]
    pub expires: Expiry,
    /// Address that says so.
    pub fact: String,
}

impl LifecycleRow {
    fn paths(&self) -> impl Iterator<Item = &String> {
        let lists =
            [&self.replaced_by, &self.keeps, &self.renews.unless, &self.unordered, &self.code, &self.expires.paths];
        let fixed = self.fixed.iter().flat_map(|fixed| fixed.keys.iter().chain([&fixed.path]));
        let restores = self.restores.iter().map(|restore| &restore.path);
        lists.into_iter().flatten().chain(&self.of).chain(fixed).chain(restores)
    }
}

/// A value that the platform refuses to change.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Fixed {
    /// Where it is, in a named element of a list.
    pub path: String,
    /// Where the resource names elements that only a new resource can have another value for.
    #[serde(default)]
    pub keys: Vec<String>,
    /// What the platform does then, as a clause.
    pub reason: String,
    /// Address that says so.
    pub fact: String,
}

/// A setting that says where resources are: another value makes all of them anew.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Relocation {
    /// The block that holds it, its keyword and labels joined by dots: `provider.aws`.
    pub block: String,
    /// Path inside of the block.
    pub path: String,
    /// What the types of resources that it is for begin with.
    pub moves: String,
    /// What the types of those among them that are nowhere in particular begin with.
    #[serde(default)]
    pub spares: Vec<String>,
    /// Address that says so.
    pub fact: String,
}

impl Relocation {
    /// The setting, as people read it.
    pub fn name(&self) -> String {
        format!("{}.{}", self.block, self.path)
    }

    /// Whether another value makes a resource of this type anew.
    pub fn is_for(&self, kind: &str) -> bool {
        kind.starts_with(&self.moves) && !self.spares.iter().any(|spared| kind.starts_with(spared))
    }
}

/// What brings back what was lost: backups, former versions.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Restore {
    /// Path inside of the resource.
    pub path: String,
    /// The value there that does, as text; absent where any does.
    #[serde(default)]
    pub is: Option<String>,
    /// What can be had back, as a clause.
    pub reason: String,
}

/// Numbers that say how long something is kept: with a smaller one, or the first, what is older goes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expiry {
    /// Where they are.
    #[serde(default)]
    pub paths: Vec<String>,
    /// What goes, as a clause.
    #[serde(default)]
    pub reason: String,
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
