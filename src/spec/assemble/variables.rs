//! What may be inserted: `app`, `environment`, and the variables declared under `vars:` or given by `--var`.

use std::collections::BTreeMap;

use super::limited::Limited;
use crate::base::{Name, Span, nearest};
use crate::diag::Finding;
use crate::yaml::{Entry, Node, Scalar};

/// How far a variable is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum State {
    /// As written; may refer to others.
    Written(Scalar, Span),
    /// Being resolved: a reference to it now is a cycle.
    Open,
    /// Its value.
    Known(Scalar),
    /// It has no value, and a finding says why.
    Failed,
}

/// An unknown name is compared with no more names than this.
pub(super) const COMPARED: usize = 10_000;

/// By the name between the braces.
pub(super) type Variables = BTreeMap<String, State>;

/// All that may be inserted into this tree.
pub(super) fn declared(
    tree: &Node,
    environment: &str,
    given: &[(String, String)],
    findings: &mut Limited<'_>,
) -> Variables {
    let mut variables = Variables::new();
    let known = Scalar { text: environment.into(), plain: false };
    variables.insert("environment".to_owned(), State::Known(known));
    // A missing `app` is reported by the typed parser.
    let app = tree.get("app").and_then(|node| Some(State::Written(node.as_scalar()?.clone(), node.span)));
    variables.insert("app".to_owned(), app.unwrap_or(State::Failed));
    let vars = tree.entry("vars");
    if let Some(Entry { value, .. }) = vars.filter(|e| e.value.as_map().is_none() && !e.value.is_null()) {
        let message = format!("`vars` is {}, not a mapping", value.describe());
        findings.push(Finding::error("variable-value", value.span, message).help("write `vars: { log-days: 30d }`"));
    }
    for entry in vars.iter().flat_map(|e| e.value.entries()) {
        let set = given.iter().rev().find(|(name, _)| *name == *entry.key.value);
        let state = variable(entry, set.map(|(_, value)| value.as_str()), findings);
        variables.insert(format!("var.{}", entry.key.value), state);
    }
    for (name, _) in given.iter().filter(|(name, _)| !variables.contains_key(&format!("var.{name}"))) {
        let span = vars.map_or(Span::start_of(tree.span.file), |e| e.key.span);
        let finding =
            Finding::error("unknown-variable", span, format!("`--var {name}` sets a variable that is not declared"));
        let names = variables.keys().filter_map(|known| known.strip_prefix("var.")).take(COMPARED);
        findings.push(match nearest(name, names) {
            Some(known) => finding.help(format!("did you mean `{known}`?")),
            None => finding.help(format!("declare it with its default: `vars: {{ {name}: … }}`")),
        });
    }
    variables
}

fn variable(entry: &Entry, set: Option<&str>, findings: &mut Limited<'_>) -> State {
    let Entry { key, value } = entry;
    if let Err(error) = Name::parse(&key.value) {
        let message = format!("`{}` is no name of a variable: {error}", key.value);
        findings.push(Finding::error("invalid-name", key.span, message).help("write a name such as `log-days`"));
        return State::Failed;
    }
    // A value from the command line reads as if it were written without quotes, but inserts nothing itself.
    if let Some(text) = set {
        return State::Known(Scalar { text: text.into(), plain: true });
    }
    match value.as_scalar() {
        Some(scalar) if scalar.is_null() => {
            let message = format!("the variable `{}` has no value", key.value);
            let help = format!("give it one here, or with `--var {}=…`", key.value);
            findings.push(Finding::error("variable-without-value", key.span, message).help(help));
            State::Failed
        }
        Some(scalar) => State::Written(scalar.clone(), value.span),
        None => {
            let message =
                format!("the variable `{}` is {}; it holds one text, number or boolean", key.value, value.describe());
            let help = "write the value in its place, or use an anchor to repeat it";
            findings.push(Finding::error("variable-value", value.span, message).help(help));
            State::Failed
        }
    }
}
