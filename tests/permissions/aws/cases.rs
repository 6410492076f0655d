//! Calls with their verdict: what an element of the relation demands is allowed, and what lies beside it is denied.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::judge::Request;
use super::names::Names;
use super::rights::{Operation, Right, native, rights};
use crate::application::Compiled;

/// In generated applications this many other actions are tried on each resource, and so many other roles at each call.
/// There are thousands of such rights; of an example, all are tried.
const SAMPLE: usize = 6;

/// Actions by service.
pub(crate) type Actions = BTreeMap<String, Vec<String>>;

/// A call and its verdict.
pub(crate) struct Case {
    /// The node whose role calls.
    pub(crate) role: String,
    pub(crate) request: Request,
    /// How the SDK makes it.
    pub(crate) operation: Option<Operation>,
    pub(crate) is_allowed: bool,
    /// What it shows.
    pub(crate) why: String,
}

impl Case {
    /// As an evaluator of policies reads it.
    pub(crate) fn json(&self, application: &str) -> Value {
        let context: serde_json::Map<String, Value> = self
            .request
            .context
            .iter()
            .map(|(key, values)| ((*key).to_owned(), if let [one] = &values[..] { json!(one) } else { json!(values) }))
            .collect();
        let verdict = if self.is_allowed { "allow" } else { "deny" };
        let mut out = json!({
            "role": format!("{application}/{}", self.role), "context": context, "expect": verdict,
            "name": format!("{application}: {} {}", self.role, self.why),
        });
        if let Some(operation) = &self.operation {
            out["service"] = json!(operation.service);
            out["operation"] = json!(operation.name);
            out["params"] = operation.parameters.clone();
        } else {
            out["action"] = json!(self.request.action);
            out["resource"] = json!(self.request.resource);
        }
        out
    }
}

/// Rights by the node whose role has them.
pub(crate) fn by_role(compiled: &Compiled) -> BTreeMap<String, Vec<Right>> {
    let names = Names { model: compiled.application.model() };
    let mut out: BTreeMap<String, Vec<Right>> = BTreeMap::new();
    let related = compiled.application.access.iter().flat_map(|tuple| rights(names, tuple));
    for (role, right) in related.chain(native(names)) {
        out.entry(role).or_default().push(right);
    }
    out
}

/// All calls of an application.
pub(crate) fn cases(compiled: &Compiled, actions: &Actions) -> Vec<Case> {
    let all = by_role(compiled);
    let mut out = Vec::new();
    let mut turn = 0;
    for (role, rights) in &all {
        for right in rights {
            turn += 1;
            let example = right.example();
            let operation = right.operation.clone();
            let why = format!("needs it for `{}`: {}", right.verb, example.action);
            let case = |request, operation| Case {
                role: role.clone(),
                request,
                operation,
                is_allowed: true,
                why: why.clone(),
            };
            out.push(case(example.clone(), operation));
            out.extend(right.examples().into_iter().skip(1).map(|request| case(request, None)));
            let service = example.action.split(':').next().expect("a service");
            let others = actions[service].iter().map(|name| format!("{service}:{name}"));
            let others = others.map(|action| right.with_action(action)).collect();
            let others: Vec<Request> = sample(others, compiled.is_example, turn);
            let beside = others.into_iter().chain(right.astray()).map(|request| (role.clone(), request));
            let roles = sample(all.keys().cloned().collect(), compiled.is_example, turn);
            let elsewhere = roles.into_iter().map(|other| (other, example.clone()));
            for (role, request) in beside.chain(elsewhere) {
                let why = format!("has no edge beside `{}` for {} on {}", right.verb, request.action, request.resource);
                out.push(Case { role, request, operation: None, is_allowed: false, why });
            }
        }
    }
    let is_right = |case: &Case| all[&case.role].iter().any(|right| right.covers(&case.request));
    let mut seen = BTreeSet::new();
    out.retain(|case| case.is_allowed || !is_right(case) && seen.insert((case.role.clone(), case.request.clone())));
    out
}

/// Some of a list, others at each turn; or all.
fn sample<T>(all: Vec<T>, whole: bool, turn: usize) -> Vec<T> {
    if whole || all.len() <= SAMPLE {
        return all;
    }
    let (step, start) = (all.len() / SAMPLE, turn % (all.len() / SAMPLE).max(1));
    all.into_iter().skip(start).step_by(step).take(SAMPLE).collect()
}
