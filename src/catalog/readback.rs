//! How grants are found again in emitted text: by type of resource, the paths of who, what, on what and when.

use std::collections::BTreeMap;

use serde::Deserialize;

/// `readback:` of a manifest.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Readback {
    /// Path inside of a resource to the name of its spec node.
    pub node: String,
    /// What carries grants.
    #[serde(default)]
    pub grants: Vec<GrantReader>,
    /// Tests of conditions that hold when one of their values fits: grants that differ in such values alone are written
    /// as one statement, and read as one grant for each value.
    #[serde(default)]
    pub alternatives: Vec<String>,
    /// Types of resources, or paths inside of one (`type.path`), that may grant and that no template writes. Where the
    /// output holds one, the proof fails.
    #[serde(default)]
    pub refused: Vec<String>,
    /// The same for what templates do write, and no override may touch.
    #[serde(default)]
    pub guarded: Vec<String>,
    /// Attributes by which native resources and overrides let somebody in.
    #[serde(default)]
    pub exposing: Vec<Exposing>,
}

/// An attribute that lets somebody in where people write it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exposing {
    /// `type.path`; lists on the way are flattened.
    pub path: String,
    /// The values that do, as text; any where there is none.
    #[serde(default, rename = "is")]
    pub values: Vec<String>,
    /// Only where the same resource has these as well: `type.path` to a value as text.
    #[serde(default, rename = "with")]
    pub beside: BTreeMap<String, String>,
    /// What follows, as a clause.
    pub reason: String,
}

/// One type of resource that carries grants.
///
/// A path is dotted; a key with dots stands in quotes (`labels."a.b/c"`). Lists on the way are flattened, with or
/// without `[]` behind their name; `*` is every key; blocks and objects are alike, `jsonencode(…)` is transparent. A path that starts with
/// a dot begins at the element of `each`, any other at the resource.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GrantReader {
    /// Type of the resource: of its block, or its `kind`, which may be written `apiVersion/kind`; a document without
    /// `kind` is a `document`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The system its grants belong to, as in `permissions.yaml`.
    pub system: String,
    /// What it grants stands in another resource, which this path refers to: an attachment. `each` and the paths that
    /// start with a dot belong to that one, the others to the attachment.
    #[serde(default)]
    pub via: Option<String>,
    /// List of elements, each of them grants; left out, the resource itself is the element. All keys of an element have
    /// to be read by some path, or be listed in `ignore`: what is not understood could widen the grant. Where the path of
    /// actions or of objects leads through a list of mappings, each of these is an element of its own.
    #[serde(default)]
    pub each: Option<String>,
    /// Only resources with these values, by paths from the resource. The others are taken for a part of the platform
    /// that grants nothing of the graph, so choose what tells them apart with care.
    #[serde(default)]
    pub of: BTreeMap<String, String>,
    /// Only elements with these values, by paths from the element; `*` is any value. An element that no form with the
    /// same `type` and `each` reads is an error, unless it is one of `except`.
    #[serde(default, rename = "where")]
    pub only: BTreeMap<String, String>,
    /// Elements with these values grant nothing, such as those that deny.
    #[serde(default)]
    pub except: BTreeMap<String, String>,
    /// What stands at these paths of an element, if anything does, has to be this.
    #[serde(default)]
    pub require: BTreeMap<String, String>,
    /// Who: a reference to a resource with a node, or the node itself.
    #[serde(default)]
    pub identity: Option<String>,
    /// What stands at `identity` is the name of a resource of this type, in the same namespace, which names the node.
    #[serde(default)]
    pub identity_type: Option<String>,
    /// Which platform.
    #[serde(default)]
    pub principal: Option<String>,
    /// What the grants are attached to, as a reference; their objects have to be of the same node.
    #[serde(default)]
    pub attached: Option<String>,
    /// The actions.
    #[serde(default)]
    pub actions: Option<String>,
    /// The one action, where the type means it.
    #[serde(default)]
    pub action: Option<String>,
    /// On what; left out, the object is empty.
    #[serde(default)]
    pub objects: Option<String>,
    /// Conditions, as test → key → values.
    #[serde(default)]
    pub conditions: Option<String>,
    /// Conditions that the type means, with the path of their values.
    #[serde(default)]
    pub condition: Vec<ImpliedCondition>,
    /// Paths of an element that neither grant nor widen; `*` for all that no other path reads.
    #[serde(default)]
    pub ignore: Vec<String>,
}

/// A condition that a type of resource means without writing it out.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpliedCondition {
    /// How values are compared.
    pub test: String,
    /// What is compared.
    pub key: String,
    /// Path of the values; where nothing stands there, there is no condition.
    pub values: String,
}
