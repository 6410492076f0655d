//! `lint:` of a spec: the level of each rule.

use std::collections::BTreeMap;

use super::{ALL, Rule, style};
use crate::base::nearest;
use crate::diag::{Findings, Severity};
use crate::model::Model;

/// The level of each rule in one application.
pub(super) struct Levels {
    set: BTreeMap<&'static str, Option<Severity>>,
}

impl Levels {
    /// The level of a rule; `None` when it is off.
    pub(super) fn of(&self, rule: &Rule) -> Option<Severity> {
        self.set.get(rule.id).copied().unwrap_or(Some(rule.level))
    }
}

/// Reads the levels; what names no rule is a finding.
pub(super) fn read(model: &Model) -> (Levels, Findings) {
    let mut levels = Levels { set: BTreeMap::new() };
    let mut unknown = Vec::new();
    for (id, entry) in &model.lint {
        match super::find(id) {
            Some(rule) => {
                levels.set.insert(rule.id, entry.level);
            }
            None => unknown.push((id.as_str(), entry.span)),
        }
    }
    let rule = &style::unknown_rule::RULE;
    let findings = match levels.of(rule) {
        Some(level) => unknown.into_iter().map(|(id, span)| style::unknown_rule::report(id, span, level)).collect(),
        None => Findings::default(),
    };
    (levels, findings)
}

/// The rule that a misspelt id may mean.
pub(super) fn suggestion(id: &str) -> Option<&'static str> {
    nearest(id, ALL.iter().map(|rule| rule.id))
}

/// Levels of a spec without `lint:`.
#[cfg(test)]
pub(super) const fn none() -> Levels {
    Levels { set: BTreeMap::new() }
}
