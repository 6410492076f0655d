//! Model × catalogue → the typed plan of one target: the views to render, each with its template and file, and
//! the native grants with their reasons. Decides which product a node becomes by asking the manifest alone.

mod bindings;
mod build;
mod checks;
mod code;
mod cron;
mod documents;
mod draft;
mod features;
mod fields;
mod filter;
mod function;
mod grants;
mod limits;
mod native;
mod native_form;
mod package;
mod refusals;
mod resource;
mod shape;
mod shared;
mod statements;
mod trigger;
mod units;
mod unknown_targets;
pub mod view;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::base::{Map, Span};

pub use build::{Input, build, check, check_options};
pub use checks::{Wider, wider};
pub use code::{Source, Wanted, wanted};
pub use features::asked_features;
pub use grants::{Condition, Grant, Holder};
pub use shape::view_schema;
pub use shared::{Seen, Shared};
pub use unknown_targets::unknown_targets;

/// The code of a function, packed for a target.
#[derive(Debug, Clone)]
pub struct Package {
    /// Path of the archive or folder in the output.
    pub path: Arc<str>,
    /// The last part of it, without ending.
    pub slug: Arc<str>,
    /// Hash of its bytes.
    pub sha256: [u8; 32],
}

/// Packages by name of function; functions of one folder share theirs.
pub type Packages = BTreeMap<String, Package>;

/// One rendering.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Template, without its ending.
    pub template: Arc<str>,
    /// File of the output.
    pub file: Arc<str>,
    /// What the template sees of it alone; [`Shared::seen`] adds the rest.
    pub view: Arc<Map>,
    /// Kind of the view.
    pub kind: Arc<str>,
    /// The declaration it comes from.
    pub span: Span,
}

/// What one target is to get.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Renderings in order.
    pub units: Vec<Unit>,
    /// Renderings that see the list of all files, last.
    pub last: Vec<Unit>,
    /// What their views have in common.
    pub shared: Shared,
    /// Native grants.
    pub grants: Vec<NativeGrant>,
    /// Environment variables that bindings give, by function.
    pub bindings: BTreeMap<String, Vec<view::Binding>>,
    /// The nodes by `type.id` of the native resources that they become, as far as their attributes refer to these.
    pub natives: BTreeMap<String, String>,
    /// The native types that overrides change.
    pub overrides: Vec<Overridden>,
    /// The file of the native resources that the spec adds, and where it does.
    pub native: Option<(Arc<str>, Span)>,
}

/// A native type that an override of a node changes.
#[derive(Debug, Clone)]
pub struct Overridden {
    /// The node: a path.
    pub node: String,
    /// The type.
    pub kind: String,
    /// Identifier and names of the node, one of which the native resource has.
    pub names: Vec<String>,
    /// The type as written.
    pub span: Span,
}

/// A grant as the reader of the artifacts sees it.
#[derive(Debug, Clone, PartialEq)]
pub struct NativeGrant {
    /// The node that holds it: a path; for an identity of a trigger its address.
    pub holder: String,
    /// The grant.
    pub grant: Grant,
}
