//! Native grants of a plan as data and as text.

use super::document::{AccessDocument, ConditionDocument, GrantDocument, TargetDocument, WiderDocument};
use crate::base::{Sources, Value};
use crate::diag::{Findings, Severity};
use crate::graph::render::PlaceDocument;
use crate::plan::{NativeGrant, Plan, Wider};

/// Most reasons why there is no plan.
const REFUSED: usize = 5;

impl AccessDocument {
    /// Adds where a target guards less than the application asks for.
    pub fn add_wider(&mut self, target: &str, wider: Vec<Wider>) {
        let document =
            |Wider { feature, title, reason }| WiderDocument { target: target.to_owned(), feature, title, reason };
        self.wider.extend(wider.into_iter().map(document));
    }

    /// Adds what a target grants for what was asked: all, what an identity holds, or what is on a node. Without a plan it
    /// says why there is none.
    pub fn add_target(&mut self, target: &str, plan: Option<&Plan>, findings: &Findings, sources: &Sources) {
        let mut out = TargetDocument { target: target.to_owned(), grants: Vec::new(), refused: Vec::new() };
        if let Some(plan) = plan {
            let asked = plan.grants.iter().filter(|native| self.asks(native));
            out.grants = asked.map(|native| grant(native, sources)).collect();
            // The order of the relation stays within a holder; triggers stand behind their function.
            out.grants.sort_by(|a, b| a.holder.cmp(&b.holder));
        } else {
            let errors = findings.iter().filter(|finding| finding.severity == Severity::Error);
            out.refused = errors.take(REFUSED).map(|finding| finding.message.clone()).collect();
        }
        self.targets.push(out);
    }

    fn asks(&self, native: &NativeGrant) -> bool {
        if self.what.is_some() {
            return self.what == native.grant.object;
        }
        let (Some(_), [identity]) = (&self.who, self.identities.as_slice()) else { return true };
        // A function acts for its triggers where the target says so; what is theirs is asked for by their names.
        native.holder == identity.path
    }
}

/// A grant of a plan as data.
fn grant(native: &NativeGrant, sources: &Sources) -> GrantDocument {
    let grant = &native.grant;
    let condition = |condition: &crate::plan::Condition| ConditionDocument {
        test: condition.test.clone(),
        key: condition.key.clone(),
        values: condition.values.iter().map(native_text).collect(),
    };
    GrantDocument {
        holder: native.holder.clone(),
        on: grant.object.clone(),
        system: grant.system.clone(),
        actions: grant.actions.clone(),
        resources: grant.resources.iter().map(native_text).collect(),
        conditions: grant.conditions.iter().map(condition).collect(),
        principal: grant.principal.as_ref().map(native_text),
        wildcard: grant.wildcard.clone(),
        because: grant.because.clone(),
        source: PlaceDocument::of(sources, grant.span),
    }
}

/// A value of a plan for reading: text, `${reference}`, or both.
pub fn native_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.to_string(),
        Value::Reference(reference) => format!("${{{reference}}}"),
        Value::Concat(pieces) => pieces.iter().map(ToString::to_string).collect(),
        Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::List(_)
        | Value::Map(_)
        | Value::Duration(_)
        | Value::Size(_)
        | Value::End(_) => value.to_string(),
    }
}

/// What lets others in to a node: the grants on it that it does not hold itself.
pub fn grants_on(plan: &Plan, node: &str, sources: &Sources) -> Vec<GrantDocument> {
    let on = plan.grants.iter().filter(|native| native.grant.object.as_deref() == Some(node) && native.holder != node);
    on.map(|native| grant(native, sources)).collect()
}

/// What an identity holds on a target, in the order of the relation.
pub fn grants_of(plan: &Plan, holder: &str, sources: &Sources) -> Vec<GrantDocument> {
    let held = plan.grants.iter().filter(|native| native.holder == holder);
    held.map(|native| grant(native, sources)).collect()
}

/// The statement of a grant: a line with its system, actions and resources, then one for each condition, for the principal
/// and for the reason of a `*`.
pub(super) fn statement(grant: &GrantDocument) -> Vec<String> {
    let mut lines = vec![format!("{}: {} on {}", grant.system, grant.actions.join(", "), grant.resources.join(", "))];
    if let Some(principal) = &grant.principal {
        lines.push(format!("by {principal}"));
    }
    for condition in &grant.conditions {
        lines.push(format!("if {} {} {}", condition.key, condition.test, condition.values.join(", ")));
    }
    if let Some(why) = &grant.wildcard {
        lines.push(format!("on `*`: {why}"));
    }
    lines
}
