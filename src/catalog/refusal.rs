//! Variants of a construct that a platform refuses, with the reason, and names of variables that it keeps for itself.

use serde::Deserialize;

use super::manifest::{OneOrMany, When};
use super::names::in_set;

/// The part of a declaration that asks for what is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// All of it.
    #[default]
    Whole,
    /// The wait for a batch.
    Window,
    /// When a schedule runs.
    Time,
    /// Where failures go.
    DeadLetter,
    /// In which form a function gets events.
    Envelope,
}

/// A variant of a construct that the platform cannot do.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Refusal {
    /// Kinds of views: `function`, `queue` or a trigger.
    #[serde(rename = "for")]
    pub kinds: OneOrMany<String>,
    /// Which of them, by fields that the declaration alone decides.
    pub when: When,
    /// What the finding points at.
    #[serde(default)]
    pub at: Part,
    /// Why not, as a clause.
    pub reason: String,
    /// What to write instead.
    pub help: String,
    /// Where that is from.
    pub fact: String,
    /// The rule that says the same of the same place. Where it does, nothing is said twice; where it is allowed or off, the
    /// refusal still stands.
    #[serde(default)]
    pub unless_rule: Option<String>,
}

impl Refusal {
    /// Whether views of a kind can be refused.
    pub fn is_for(kind: &str) -> bool {
        matches!(kind, "function" | "queue") || kind.starts_with("trigger.")
    }
}

/// How variables of functions may be called.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Variables {
    /// Names that the platform sets itself.
    pub reserved: Vec<String>,
    /// Characters that a name may begin with, as the inside of a bracket expression.
    #[serde(default)]
    pub begins: Option<String>,
    /// Fewest characters of a name.
    #[serde(default)]
    pub least: usize,
    /// Where that is from.
    pub fact: String,
}

impl Variables {
    /// Why a name is refused, as the rest of a sentence, or nothing.
    pub fn defect(&self, name: &str) -> Option<String> {
        if self.reserved.iter().any(|reserved| reserved == name) {
            return Some("is set by the platform itself".to_owned());
        }
        if name.chars().count() < self.least {
            return Some(format!("is shorter than {} characters", self.least));
        }
        let first = name.chars().next()?;
        let begins = self.begins.as_ref().filter(|set| !in_set(set, first))?;
        Some(format!("does not begin with one of `{begins}`"))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn names_of_variables_are_judged() {
        let text = "{ reserved: [HOME], begins: a-zA-Z, least: 2, fact: L05 }";
        let variables: Variables = serde_yaml::from_str(text).unwrap();
        assert_eq!(variables.defect("HOME").as_deref(), Some("is set by the platform itself"));
        assert_eq!(variables.defect("A").as_deref(), Some("is shorter than 2 characters"));
        assert_eq!(variables.defect("_A").as_deref(), Some("does not begin with one of `a-zA-Z`"));
        assert_eq!(variables.defect("MODE"), None);
    }
}
