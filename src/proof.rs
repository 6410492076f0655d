//! Compares what the artifacts of a plan grant, as the reader finds it in their text, with what the plan was derived to
//! grant. A target without `readback` in its manifest is not proven, and says so.

use std::borrow::Cow;
use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::artifact::{self, Discrepancy, DiscrepancyKind, Expected, File, NativeGrant, Resource, Resources};
use crate::base::{Span, nearest};
use crate::catalog::Target;
use crate::diag::{Finding, Findings};
use crate::emit::Artifact;
use crate::plan::{self, Plan};

/// What to write for a grant that the proof does not know.
const UNSTATED: &str = "leave it out and say what it is for: `native: { grants: [{ who, verbs, what }] }`";

/// More discrepancies than this say nothing new.
const SHOWN: usize = 25;

/// Findings for each difference; none when the artifacts are proven.
pub fn prove(plan: &Plan, target: &Target, artifacts: &[Artifact]) -> Findings {
    let id = &target.manifest.id;
    let mut findings = Findings::default();
    let Some(readback) = &target.manifest.readback else {
        let message = format!("the permissions in the output of `{id}` are not proven");
        let help = "add `readback` to its target.yaml: where its resources say what they grant";
        findings.push(Finding::warning("unproven", target.span, message).help(help).on(id));
        return findings;
    };
    let expected: Vec<Expected<'_>> =
        plan.grants.par_iter().flat_map_iter(|grant| expected(grant, &readback.alternatives)).collect();
    let discrepancies = artifact::prove(&expected, &texts(artifacts), readback);
    let gone: Vec<(Span, String)> = discrepancies.iter().filter_map(|one| written(plan, one)).collect();
    // What names nothing is not granted either, which needs no second finding.
    let follows = |one: &&Discrepancy| {
        one.kind == DiscrepancyKind::Missing && gone.iter().any(|(_, what)| one.message.contains(&format!("`{what}`")))
    };
    let discrepancies: Vec<&Discrepancy> = discrepancies.iter().filter(|one| !follows(one)).collect();
    for one in discrepancies.iter().copied().take(SHOWN) {
        findings.push(if let Some((span, what)) = written(plan, one) {
            let message = format!("`{what}` refers to something that is not in the output of `{id}`");
            let help = "name what stands under `native`, or an attribute of what the target makes of a node";
            Finding::error("native-grant", span, message).help(help).on(id)
        } else if let Some(span) = added(plan, one) {
            let message = format!("a native resource of `{id}` cannot be proven: {}", one.message);
            let (code, help) = match one.kind {
                DiscrepancyKind::Unreadable => ("native-resource", "write it plainly, with a name that is not taken"),
                DiscrepancyKind::Missing
                | DiscrepancyKind::Excess
                | DiscrepancyKind::Dangling
                | DiscrepancyKind::Retargeted => ("native-grant", UNSTATED),
            };
            Finding::error(code, span, message).help(help).on(id)
        } else {
            let message = format!("the output of `{id}` does not grant what the graph demands: {one}");
            Finding::error("unproven", target.span, message).on(id)
        });
    }
    if let Some(more) = discrepancies.len().checked_sub(SHOWN + 1) {
        let message = format!("the output of `{id}` differs from what the graph demands in {} more grants", more + 1);
        findings.push(Finding::error("unproven", target.span, message).on(id));
    }
    findings
}

/// Findings for overrides of what is not in the output: nothing would be changed, or the platform's tool would refuse it.
pub fn check_overrides(plan: &Plan, target: &Target, artifacts: &[Artifact]) -> Findings {
    let Some(readback) = target.manifest.readback.as_ref().filter(|_| !plan.overrides.is_empty()) else {
        return Findings::default();
    };
    let files = texts(artifacts);
    let resources = Resources::read(&files, &readback.node);
    let mut findings = Findings::default();
    for changed in &plan.overrides {
        let is_named = |r: &Resource<'_>| changed.names.iter().any(|n| r.name.rsplit('/').next() == Some(n.as_str()));
        if resources.list().iter().any(|r| r.is(&changed.kind) && is_named(r)) {
            continue;
        }
        let own = resources.list().iter().filter(|r| r.node.as_deref() == Some(&*changed.node) && is_named(r));
        let kinds: BTreeSet<&str> = own.map(|r| &*r.kind).collect();
        let message = format!("`{}` does not become a `{}`", changed.node, changed.kind);
        let finding = Finding::error("override-type", changed.span, message).on(&target.manifest.id);
        let list = kinds.iter().map(|kind| format!("`{kind}`")).collect::<Vec<_>>().join(", ");
        findings.push(match nearest(&changed.kind, kinds.iter().copied()) {
            Some(near) => finding.did_you_mean(near).and_help(&format!("it becomes {list}")),
            None if kinds.is_empty() => finding.help("write a resource of your own under `native`"),
            None => finding.help(format!("it becomes {list}; write a resource of your own under `native`")),
        });
    }
    findings
}

/// Artifacts as the reader takes them; what is no text holds no resources.
pub(crate) fn texts(artifacts: &[Artifact]) -> Vec<File<'_>> {
    let texts = artifacts.iter().filter_map(|a| Some((a.path.as_str(), std::str::from_utf8(&a.bytes).ok()?)));
    texts.map(|(path, text)| File { path, text }).collect()
}

/// Where the spec adds the native resources among which a difference stands.
fn added(plan: &Plan, one: &Discrepancy) -> Option<Span> {
    let ((file, span), (place, _)) = (plan.native.as_ref()?, one.place.as_ref()?);
    (**file == **place).then_some(*span)
}

/// The native grant of the spec whose object is not there, with that object.
fn written(plan: &Plan, one: &Discrepancy) -> Option<(Span, String)> {
    if one.kind != DiscrepancyKind::Dangling {
        return None;
    }
    let native = plan.grants.iter().map(|native| &native.grant).filter(|grant| grant.object.is_none());
    let mut objects = native.flat_map(|grant| grant.resources.iter().map(|resource| (grant.span, resource)));
    objects.find_map(|(span, resource)| {
        let object = artifact::text_of(resource)?;
        let mut references = object.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
        let is_it = references.any(|(reference, _)| one.message.contains(&format!("`{reference}`")));
        is_it.then(|| (span, object.into_owned()))
    })
}

/// One grant of the plan, action by action, object by object and, where one value of a condition is enough, value by
/// value.
fn expected<'p>(native: &'p plan::NativeGrant, alternatives: &[String]) -> Vec<Expected<'p>> {
    let grant = &native.grant;
    let conditions = grant.conditions.iter().map(|condition| {
        let values: Vec<_> = condition.values.iter().filter_map(artifact::text_of).collect();
        (condition.test.clone(), condition.key.clone(), values)
    });
    let conditions = artifact::alternatives(conditions.collect(), alternatives);
    let principal = grant.principal.as_ref().and_then(artifact::text_of);
    let mut out = Vec::with_capacity(grant.actions.len() * grant.resources.len() * conditions.len());
    for action in &grant.actions {
        for object in grant.resources.iter().filter_map(artifact::text_of) {
            let object_node = grant.object.as_deref().filter(|_| object.contains("${")).map(Cow::Borrowed);
            out.extend(conditions.iter().map(|conditions| Expected {
                grant: NativeGrant {
                    system: Cow::Borrowed(&grant.system),
                    // What names a principal is written on the object, and has no identity of ours.
                    identity: if principal.is_some() { Cow::Borrowed("") } else { Cow::Borrowed(&native.holder) },
                    principal: principal.clone().unwrap_or_default(),
                    action: Cow::Borrowed(action),
                    object: object.clone(),
                    conditions: Cow::Owned(conditions.clone()),
                },
                object_node: object_node.clone(),
                because: Cow::Borrowed(grant.because.as_str()),
            }));
        }
    }
    out
}
