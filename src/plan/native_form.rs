//! Native resources that the target's own tools would not take for what the spec calls them.

use serde_json::Value as Json;

use crate::base::{Span, is_identifier};
use crate::catalog::{Format, NativeForm, Target};
use crate::diag::{Finding, Findings};
use crate::model::{Model, Places};

/// One native resource.
struct Native<'m> {
    target: &'m str,
    kind: &'m str,
    name: &'m str,
    attributes: &'m Json,
    /// Where its attributes stand, and its type and its name.
    places: &'m Places,
    type_span: Span,
    name_span: Span,
}

/// Refuses native resources that do not say what they are, and those whose types or names are none.
pub(super) fn check(model: &Model, target: &Target, findings: &mut Findings) {
    let Some(native) = model.native.get(&target.manifest.id) else { return };
    for (kind, by_name) in &native.resources {
        for (name, attributes) in by_name.as_object().into_iter().flatten() {
            let of_kind = native.places.get(kind);
            let one = Native {
                target: &target.manifest.id,
                kind,
                name,
                attributes,
                places: of_kind.get(name),
                type_span: native.places.key(kind),
                name_span: of_kind.key(name),
            };
            match &target.manifest.native_form {
                Some(form) => says(&one, form, findings),
                None if target.manifest.format == Format::Hcl => is_named(&one, findings),
                None => {}
            }
        }
    }
}

impl Native<'_> {
    fn refuse(&self, span: Span, what: &str, help: String) -> Finding {
        let message = format!("the native `{}` `{}` {what}", self.kind, self.name);
        Finding::error("native-resource", span, message).help(help).on(self.target)
    }

    /// What stands at a dotted path, and where.
    fn at(&self, path: &str) -> Option<(&Json, Span)> {
        let value = path.split('.').try_fold(self.attributes, |value, key| value.get(key))?;
        Some((value, path.split('.').fold(self.places, |places, key| places.get(key)).span))
    }
}

fn says(one: &Native<'_>, form: &NativeForm, findings: &mut Findings) {
    // A type may be written with what stands before it, `apps/v1/Deployment`.
    let kind = one.kind.rsplit('/').next().unwrap_or(one.kind);
    let wanted = [(&form.kind, Some(kind)), (&form.name, Some(one.name))];
    let (mut missing, mut written) = (Vec::new(), Vec::new());
    for (path, wanted) in wanted.into_iter().chain(form.needs.iter().map(|path| (path, None))) {
        match (one.at(path), wanted) {
            (None, _) => {
                missing.push(format!("`{path}`"));
                written.push(format!("`{}`", write(path, wanted.unwrap_or("…"))));
            }
            (Some((value, span)), Some(wanted)) if value != wanted => {
                let help = format!("write `{}`, or call it so", write(path, wanted));
                findings.push(one.refuse(span, &format!("says that its `{path}` is {value}"), help));
            }
            (Some(_), _) => {}
        }
    }
    if !missing.is_empty() {
        let what = format!("has no {}", missing.join(", no "));
        findings.push(one.refuse(one.name_span, &what, format!("write {}", written.join(", "))));
    }
}

/// A value at a dotted path, as a spec has it: `metadata: { name: a }`.
fn write(path: &str, value: &str) -> String {
    let mut keys = path.rsplit('.');
    let last = format!("{}: {value}", keys.next().unwrap_or_default());
    keys.fold(last, |inner, key| format!("{key}: {{ {inner} }}"))
}

fn is_named(one: &Native<'_>, findings: &mut Findings) {
    for (what, text, span) in [("type", one.kind, one.type_span), ("name", one.name, one.name_span)] {
        if !is_identifier(text) {
            let help = "write letters, digits, `_` and `-`, beginning with a letter".to_owned();
            findings.push(one.refuse(span, &format!("has a {what} that is no identifier"), help));
        }
    }
}
