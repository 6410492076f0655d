//! From verbs to the actions of a platform.

use serde::Deserialize;

use super::manifest::When;
use super::{OneOrMany, Pattern};
use crate::model::{ScopeKind, TriggerKind, Verb};

/// Whose right it is.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    Deserialize,
    serde::Serialize,
    schemars::JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum IdentityKind {
    /// The function's own identity.
    #[default]
    Function,
    /// An identity of the trigger.
    Trigger,
    /// The platform itself, named in a policy of what it reaches.
    Platform,
}

/// A condition of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// How values are compared, in the platform's word.
    pub test: String,
    /// What is compared.
    pub key: String,
    /// With what.
    pub values: Vec<Pattern>,
}

/// What a platform has to be told.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NativeRule {
    /// Only where fields of the application's view have these values, such as `option.x: y`.
    #[serde(default)]
    pub when: When,
    /// Where it is written: a word that templates ask for.
    pub system: String,
    /// Actions, in the platform's words.
    pub actions: Vec<String>,
    /// On what.
    pub resources: Vec<Pattern>,
    /// Under which conditions.
    #[serde(default)]
    pub conditions: Vec<Condition>,
    /// Who, for the platform itself.
    #[serde(default)]
    pub principal: Option<Pattern>,
}

fn whole() -> OneOrMany<ScopeKind> {
    OneOrMany::One(ScopeKind::Whole)
}

/// One row: verbs on a kind in scopes, where the platform makes no difference between them.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// A kind of resource, `function` or `workflow`.
    pub on: String,
    /// The verb or verbs.
    pub verb: OneOrMany<Verb>,
    /// The kind or kinds of scope.
    #[serde(default = "whole")]
    pub scope: OneOrMany<ScopeKind>,
    /// Whose right it is.
    #[serde(default)]
    pub identity: IdentityKind,
    /// The trigger it comes from, for rights of triggers and of the platform.
    #[serde(default)]
    pub from: Option<String>,
    /// What the platform has to be told; may be empty where nothing guards it.
    pub grants: Vec<NativeRule>,
    /// Address of the documentation, or the id of a fact.
    pub source: String,
    /// Why a resource is `*`.
    #[serde(default)]
    pub wildcard: Option<String>,
    /// Why the platform has to be told, as a clause, where that is another reason than that of the edge.
    #[serde(default)]
    pub because: Option<String>,
}

/// All rows of a target.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Permissions {
    rows: Vec<Row>,
}

impl Permissions {
    /// From the rows of `permissions.yaml`.
    pub fn new(rows: Vec<Row>) -> Self {
        Self { rows }
    }

    /// All rows.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row for a verb. `from` is the trigger's kind, or `dead-letter` for what a queue sets aside; a row that names
    /// it goes before one that does not.
    pub fn find(
        &self,
        on: &str,
        verb: Verb,
        scope: ScopeKind,
        identity: IdentityKind,
        from: Option<&str>,
    ) -> Option<&Row> {
        let fits =
            |row: &&Row| row.on == on && row.identity == identity && row.verb.has(&verb) && row.scope.has(&scope);
        let named = self.rows.iter().filter(fits).find(|row| row.from.is_some() && row.from.as_deref() == from);
        named.or_else(|| self.rows.iter().filter(fits).find(|row| row.from.is_none()))
    }

    /// The systems in which grants are written, sorted.
    pub fn systems(&self) -> Vec<&str> {
        let mut all: Vec<&str> = self.rows.iter().flat_map(|r| r.grants.iter().map(|g| g.system.as_str())).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// Whether `from` is a kind of trigger, the dead letter of a queue, a call, or an alarm.
    pub(super) fn is_source(from: &str) -> bool {
        matches!(from, "dead-letter" | "alarm") || from.starts_with("call.") || TriggerKind::parse(from).is_some()
    }
}
