//! `override` and `native` speak to targets by name: a name that is none is never heard.

use std::collections::BTreeSet;

use crate::base::{Span, nearest};
use crate::diag::{Finding, Findings};
use crate::model::Model;

/// Findings about names of targets that are neither in the spec's own list nor known otherwise.
pub fn unknown_targets(model: &Model, known: &BTreeSet<String>) -> Findings {
    let known: BTreeSet<&str> = known.iter().chain(model.targets.keys()).map(String::as_str).collect();
    let overrides = model.heads().flat_map(|head| head.overrides.iter().map(|(id, written)| (id, written.key)));
    let native = model.native.iter().map(|(id, written)| (id, written.span));
    let unknown = overrides.chain(native).filter(|(id, _)| !known.contains(id.as_str()));
    unknown.map(|(id, span)| unknown_target(id, span, &known)).collect()
}

/// A name that is nearly one is a slip. Another one may be a target of the user's own, which is known where it is compiled.
fn unknown_target(id: &str, span: Span, known: &BTreeSet<&str>) -> Finding {
    let message = format!("there is no target `{id}`");
    match nearest(id, known.iter().copied()) {
        Some(near) => Finding::error("unknown-target", span, message).did_you_mean(near),
        None => Finding::warning("unknown-target", span, message)
            .help("what is said here is used where that target is compiled: `--target ./path/of/its/folder`"),
    }
}
