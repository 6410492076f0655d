//! A plan of the platform's own tool → what the cloud has, or will have behind the apply, beyond what the spec says:
//! grants that no edge needs, resources that the output does not have, and what somebody changed outside.

mod drift;
mod leaves;

use super::{Change, Class, Detail};
use crate::artifact::{Deployed, Edited, File, Output, Planned, PlannedResource, compare_plan};
use crate::catalog::Target;

/// The changes, and what could not be compared.
pub fn cloud(files: &[File<'_>], target: &Target, plan: &Planned) -> (Vec<Change>, Vec<String>) {
    let id = &target.manifest.id;
    let Some(readback) = &target.manifest.readback else {
        let note = format!("nothing is compared on `{id}`: its target.yaml has no `readback`, which says what grants");
        return (Vec::new(), vec![note]);
    };
    let output = Output::read(files, readback);
    let found = compare_plan(&output, plan);
    let mut changes = wider(&found, plan);
    changes.extend(found.unknown.iter().filter_map(|address| unknown(address, plan.resources.get(address)?)));
    changes.extend(plan.drifts.iter().filter_map(|one| {
        let is_ours = plan.resources.contains_key(&one.address) && !found.unknown.contains(&one.address);
        is_ours.then(|| drift::change(one, &found, plan, readback)).flatten()
    }));
    changes.extend(found.edited.iter().map(|(address, values)| edited(address, values)));
    changes.extend(found.missing.iter().map(|address| {
        let why = if plan.is_state { "is not there yet" } else { "is not made by the plan" };
        Change::new(Class::MissingResource, address, format!("`{address}` {why}")).about(output.node(address))
    }));
    for change in &mut changes {
        change.node = change.node.take().or_else(|| found.nodes.get(&change.subject).cloned());
        change.targets.push(id.clone());
    }
    (changes, notes(&found, plan))
}

/// Resources that grant more than the graph demands.
fn wider(found: &Deployed, plan: &Planned) -> Vec<Change> {
    let mut out = Vec::new();
    for (address, excess) in &found.excess {
        let is_drifted = plan.drifts.iter().any(|one| one.address == *address);
        if !excess.after.is_empty() {
            let grants = if excess.is_there { "grants" } else { "would grant" };
            let message = format!("`{address}` {grants} what no edge needs");
            out.push(with(Change::new(Class::CloudWider, address, message), &excess.after));
        }
        if excess.before.is_empty() {
            continue;
        }
        let (class, message) = if is_drifted {
            let message =
                format!("`{address}` was changed outside and grants what no edge needs until the plan is applied");
            (Class::CloudWider, message)
        } else {
            (Class::LingeringGrant, format!("`{address}` grants what no edge needs until the plan is applied"))
        };
        out.push(with(Change::new(class, address, message), &excess.before));
    }
    out
}

fn with(change: Change, clauses: &[String]) -> Change {
    clauses.iter().fold(change, Change::because)
}

fn unknown(address: &str, one: &PlannedResource) -> Option<Change> {
    let what = if one.is_forgotten {
        "is left in the cloud by the plan, and managed by nobody"
    } else if one.after.is_none() {
        return None;
    } else if one.before.is_some() {
        "is in the cloud and not in the output of the spec"
    } else {
        "would be made, and is not in the output of the spec"
    };
    Some(Change::new(Class::UnknownResource, address, format!("`{address}` {what}")))
}

/// What is not as it was written; secrets are not repeated.
fn edited(address: &str, values: &[Edited]) -> Change {
    let message = format!("`{address}` would not be what the spec makes it");
    let mut change = Change::new(Class::Edited, address, message);
    change.details = values
        .iter()
        .map(|one| {
            let shown =
                |text: &String| if one.is_secret { "(secret)".to_owned() } else { leaves::cut(&format!("`{text}`")) };
            let (before, after) = (Some(shown(&one.wanted)), one.found.as_ref().map(shown));
            Detail::Value { path: one.path.clone(), before, after, note: None }
        })
        .collect();
    change
}

fn notes(found: &Deployed, plan: &Planned) -> Vec<String> {
    let mut out = Vec::new();
    if plan.is_state {
        out.push("a state does not say what was changed outside; a plan does".to_owned());
    }
    if plan.is_partial {
        out.push("the plan ended in an error, so that it does not hold everything".to_owned());
    }
    match found.unread {
        0 => {}
        1 => out.push("what 1 policy grants is known after the apply; what it refers to was compared".to_owned()),
        n => out.push(format!("what {n} policies grant is known after the apply; what they refer to was compared")),
    }
    out
}
