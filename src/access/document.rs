//! The answer as data.

use serde::Serialize;

use crate::base::kinds;
use crate::graph::render::{PlaceDocument, ScopeDocument};
use crate::model::Verb;

/// Version of the document: a larger number is a change that old readers would misread.
pub const VERSION: u32 = 1;

kinds! {
    /// Whose identity it is.
    IdentityKind {
        /// Of a function: its code acts.
        Function = "function",
        /// Of a workflow.
        Workflow = "workflow",
        /// What delivers the events of a trigger: by target the platform, an identity of its own, or the function's.
        Trigger = "trigger",
        /// Of the platform.
        Platform = "platform",
    }
}

kinds! {
    /// Who from outside can make an identity run, at once or through events.
    Exposure {
        /// Anybody on the internet.
        Public = "public",
        /// Who passes authentication at an entry point on the internet.
        Internet = "internet",
    }
}

/// The document.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Access")]
pub struct AccessDocument {
    /// Version of this format.
    pub version: u32,
    /// The application.
    pub app: String,
    /// The environment it was read for.
    pub environment: String,
    /// The identity that was asked for, with `--who`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The node that was asked for, with `--what`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub what: Option<String>,
    /// Rights and what else paths are made of. The lists below name them by their index, so that paths that have steps in
    /// common share them.
    pub steps: Vec<StepDocument>,
    /// Identities with what they may do and what their thief reaches. All of them, or the one of `--who`.
    pub identities: Vec<IdentityDocument>,
    /// Who can ever reach the node of `--what`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectDocument>,
    /// Where something comes in from outside. All places, or those that lead to what was asked for.
    pub entries: Vec<EntryDocument>,
    /// What the spec grants by `native`, in the words of one platform. No event is known to follow from these.
    pub native: Vec<NativeRightDocument>,
    /// Where a target guards less than this says: what is listed is wider there.
    pub wider: Vec<WiderDocument>,
    /// What targets grant for it, when they are asked for.
    pub targets: Vec<TargetDocument>,
}

/// A right, or a workflow that goes on (which has no verb).
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Step")]
pub struct StepDocument {
    /// Whose right: a path such as `functions.settle`, or what acts in words.
    pub by: String,
    /// Whose identity that is.
    pub kind: IdentityKind,
    /// What it may do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verb: Option<Verb>,
    /// Path of the node that it may do it on.
    pub on: String,
    /// On which part; absent for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope: Option<ScopeDocument>,
    /// Why, as a clause.
    pub because: String,
    /// The text that says so.
    pub source: PlaceDocument,
    /// The right in words: `get (prefix incoming/)`.
    #[serde(skip)]
    pub(super) right: String,
}

/// An identity.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Identity")]
pub struct IdentityDocument {
    /// A path such as `functions.settle`, or what acts in words; unique.
    pub name: String,
    /// Its path, which `--who` takes: `functions.settle.on.queue-ledger`.
    pub path: String,
    /// Whose identity it is.
    pub kind: IdentityKind,
    /// Its rights, as indices into `steps`.
    pub may: Vec<usize>,
    /// Rights by which its events are taken and set aside, as indices into `steps`. By target they are its own or those of
    /// what delivers; a thief is taken to have them.
    pub delivers: Vec<usize>,
    /// Who from outside can make it run; absent when nobody can.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exposed: Option<Exposure>,
    /// What a thief of it reaches through events, beyond its rights, nearest first. Listed for functions and workflows,
    /// and for the identity of `--who`.
    pub reaches: Vec<ReachDocument>,
    /// Whether all that is reached is listed. What is left out is farther away than what is listed, or comes of a native
    /// grant, which is followed no further.
    pub complete: bool,
    /// Whether something farther away is left out.
    #[serde(skip)]
    pub(super) is_cut: bool,
}

/// A right that is reached through events.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Reached")]
pub struct ReachDocument {
    /// The shortest path, as indices into `steps`: from a right of the identity to the right that is reached.
    pub path: Vec<usize>,
}

/// Who can ever reach a node.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Object")]
pub struct ObjectDocument {
    /// Its path.
    pub path: String,
    /// Rights on it, as indices into `steps`.
    pub direct: Vec<usize>,
    /// Who reaches a right on it through events, without holding that right.
    pub through: Vec<WayDocument>,
    /// Whether all of these are listed, and no native grant may be on it as well.
    pub complete: bool,
    /// Whether some of them are left out.
    #[serde(skip)]
    pub(super) is_cut: bool,
    /// Who outside of the application reaches it by what it is.
    pub outside: Vec<OutsideDocument>,
}

/// A way to a node.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Way")]
pub struct WayDocument {
    /// Whose thief.
    pub identity: String,
    /// The shortest path, as indices into `steps`.
    pub path: Vec<usize>,
}

/// Somebody outside of the application.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Outside")]
pub struct OutsideDocument {
    /// Who may do what, as a clause.
    pub who: String,
    /// The text that says so.
    pub source: PlaceDocument,
}

/// A place where something comes in.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Entry")]
pub struct EntryDocument {
    /// Path of the trigger, or of the event that another application sends.
    pub path: String,
    /// A short name, such as the method and path of a route.
    pub title: String,
    /// Whether it is reached from the internet.
    pub internet: bool,
    /// Whether anybody may come in.
    pub public: bool,
    /// What is asked of who comes in.
    pub asks: String,
    /// What runs at once.
    pub runs: Vec<String>,
    /// The shortest path from here to what was asked for, as indices into `steps`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_to: Option<Vec<usize>>,
    /// The text that makes it.
    pub source: PlaceDocument,
}

/// A grant that the spec states for a native resource.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "NativeRight")]
pub struct NativeRightDocument {
    /// Whose.
    pub by: String,
    /// What, as written, and on which target.
    pub grant: String,
    /// Path of what it is on.
    pub on: String,
    /// Where it was written.
    pub source: PlaceDocument,
}

/// A way in which a target guards less than the application asks for.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Wider")]
pub struct WiderDocument {
    /// The target.
    pub target: String,
    /// The feature of the language that it guards less.
    pub feature: String,
    /// What the feature is called.
    pub title: String,
    /// What identities may do there in addition, as a clause.
    pub reason: String,
}

/// What one target grants.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Target")]
pub struct TargetDocument {
    /// The target.
    pub target: String,
    /// Its grants: by holder, in the order of the relation.
    pub grants: Vec<GrantDocument>,
    /// Why there is no plan to read grants from; empty when there is one.
    pub refused: Vec<String>,
}

/// A grant in the words of a platform.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Grant")]
pub struct GrantDocument {
    /// Path of the function or trigger whose identity holds it, or in whose place the platform acts.
    pub holder: String,
    /// Path of the node it is on; absent for what only a native grant names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// Where it is written: a system of the target's permissions.
    pub system: String,
    /// Native actions.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<String>,
    /// Under which conditions.
    pub conditions: Vec<ConditionDocument>,
    /// Who, in a policy of the resource.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub principal: Option<String>,
    /// Why a resource is `*`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wildcard: Option<String>,
    /// Why, as a clause.
    pub because: String,
    /// The text that says so.
    pub source: PlaceDocument,
}

/// A condition of a grant.
#[derive(Debug, Clone, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "GrantCondition")]
pub struct ConditionDocument {
    /// How values are compared, in the platform's word.
    pub test: String,
    /// What is compared.
    pub key: String,
    /// With what.
    pub values: Vec<String>,
}
