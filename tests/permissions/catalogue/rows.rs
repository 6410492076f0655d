//! Grants by the row of the catalogue that they come from.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};

use isobar::analysis::{Actor, Object, Tuple};
use isobar::artifact::text_of;
use isobar::catalog::{IdentityKind, Permissions, Row};
use isobar::graph::{Runner, resource_head};
use isobar::model::{Model, ScopeKind, Verb};
use isobar::pipeline::Application;
use isobar::plan::{Grant, Holder, Plan};

/// One verb of one row in one scope, as an element of the relation asks for it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) on: &'static str,
    pub(crate) verb: Verb,
    pub(crate) scope: ScopeKind,
    pub(crate) identity: IdentityKind,
    pub(crate) from: Option<String>,
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` on a {}, {}", self.verb, self.on, self.scope)?;
        match self.identity {
            IdentityKind::Function => {}
            IdentityKind::Trigger => f.write_str(", by the trigger")?,
            IdentityKind::Platform => f.write_str(", by the platform")?,
        }
        self.from.as_ref().map_or(Ok(()), |from| write!(f, " for {from}"))
    }
}

impl Key {
    /// What an element of the relation asks for, for an identity.
    fn new(model: &Model, tuple: &Tuple, identity: IdentityKind) -> Self {
        let on = match tuple.on {
            Object::Resource(resource) => resource.kind().as_str(),
            Object::Runner(Runner::Function(_)) => "function",
            Object::Runner(Runner::Workflow(_)) => "workflow",
        };
        let from = match tuple.by {
            Actor::Runner(_) => None,
            Actor::Delivery(reference) => reference.get(model).map(|t| t.kind().as_str().to_owned()),
            Actor::Redrive(_) => Some("dead-letter".to_owned()),
            Actor::AsyncCall(_) => Some("call.async".to_owned()),
            Actor::Alarms => Some("alarm".to_owned()),
        };
        Self { on, verb: tuple.verb, scope: tuple.scope.kind(), identity, from }
    }

    /// Its row.
    pub(crate) fn row<'p>(&self, permissions: &'p Permissions) -> Option<&'p Row> {
        permissions.find(self.on, self.verb, self.scope, self.identity, self.from.as_deref())
    }
}

fn address(model: &Model, object: Object) -> String {
    match object {
        Object::Resource(resource) => resource_head(model, resource).path.to_string(),
        Object::Runner(Runner::Function(id)) => model.functions[id].head.path.to_string(),
        Object::Runner(Runner::Workflow(id)) => model.workflows[id].head.path.to_string(),
    }
}

/// What a grant says, in one line.
fn line(grant: &Grant) -> String {
    let texts = |values: &[isobar::base::Value]| {
        let all: Vec<_> = values.iter().map(|value| text_of(value).expect("a text")).collect();
        format!("[{}]", all.join(", "))
    };
    let mut out = format!("{} [{}] on {}", grant.system, grant.actions.join(", "), texts(&grant.resources));
    for condition in &grant.conditions {
        write!(out, " if {} {} {}", condition.test, condition.key, texts(&condition.values)).unwrap();
    }
    if let Some(principal) = &grant.principal {
        write!(out, " for {}", text_of(principal).expect("a text")).unwrap();
    }
    if let Some(why) = &grant.wildcard {
        write!(out, ": {why}").unwrap();
    }
    out
}

/// What every verb became, by what asks for it; a verb that needs nothing has no lines.
pub(crate) fn rights(application: &Application, plan: &Plan) -> BTreeMap<Key, BTreeSet<String>> {
    let model = application.model();
    let mut out = BTreeMap::new();
    for tuple in application.access.iter().filter(|tuple| matches!(tuple.by, Actor::Runner(_))) {
        out.insert(Key::new(model, tuple, IdentityKind::Function), BTreeSet::new());
    }
    let grants = plan.grants.iter().map(|native| &native.grant);
    let reasons: BTreeSet<&str> = grants.clone().map(|grant| grant.because.as_str()).collect();
    for grant in grants.filter(|grant| grant.object.is_some()) {
        let is_near = |tuple: &&Tuple| tuple.span == grant.span && grant.object == Some(address(model, tuple.on));
        let near: Vec<&Tuple> = application.access.iter().filter(is_near).collect();
        // A row may say better than the tuple why it grants; then there is one tuple whose reason no grant repeats.
        let is_reason = |tuple: &&&Tuple| tuple.because == grant.because;
        let unsaid = |tuple: &&&Tuple| !reasons.contains(tuple.because.as_str());
        let tuple = near.iter().find(is_reason).or_else(|| near.iter().find(unsaid)).expect("a grant has a reason");
        let identity = match grant.holder {
            Holder::Runner(_) => IdentityKind::Function,
            Holder::Trigger(_) => IdentityKind::Trigger,
            Holder::Platform(_) | Holder::Redrive(_) | Holder::Alarms => IdentityKind::Platform,
        };
        out.entry(Key::new(model, tuple, identity)).or_default().insert(line(grant));
    }
    out
}
