//! A view under construction, and what all views have in common.

use super::view::optional;
use crate::base::{Key, Map, Sources, Span, Value};
use crate::model::{Head, Model};

/// What every view of a plan is made with.
pub(super) struct Setting<'a> {
    pub(super) model: &'a Model,
    pub(super) sources: &'a Sources,
    /// The target's id.
    pub(super) target: &'a str,
    /// `app`, with the environment behind it unless that is `default`.
    pub(super) prefix: String,
    /// Options of the target, defaults filled in, with their `has_` flags.
    pub(super) options: Map,
}

impl Setting<'_> {
    pub(super) fn prefix(model: &Model) -> String {
        model.prefix()
    }
}

/// One view.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// `queue`, `trigger.http`, …
    pub(super) kind: String,
    /// What ends call it: `resources.ledger`, `functions.settle.on.queue-ledger`.
    pub(super) address: String,
    /// The node it belongs to: its own path; for a trigger that of its function.
    pub(super) node: String,
    /// Where it was declared.
    pub(super) span: Span,
    /// The view.
    pub(super) view: Map,
}

/// The form of a name that is an identifier everywhere. Names have no underscore and no capital, so different names stay
/// different. None has two underscores in a row: these part a node from what hangs on it.
pub(super) fn identifier(name: &str) -> String {
    name.replace("--", "-D").replace(['-', '.'], "_")
}

impl Draft {
    /// The view of a declared node.
    pub(super) fn of(setting: &Setting<'_>, kind: &str, head: &Head) -> Self {
        let mut draft = Self::new(setting, kind, &head.path.to_string(), head.name(), head.span);
        let renamed = head.renamed_from.as_ref().map(|n| n.value.to_string());
        optional!(draft.view, "renamed_from_id" => renamed.as_deref().map(identifier), "renamed_from" => renamed);
        let derived = head.derived.clone();
        optional!(draft.view, "derived" => derived);
        if let Some(why) = &head.derived {
            draft.set("comment", format!("{}: {why}", head.path));
        }
        draft
    }

    /// A view without any field, for what a declaration says alone.
    pub(super) fn bare(kind: &str, span: Span) -> Self {
        Self { kind: kind.to_owned(), address: String::new(), node: String::new(), span, view: Map::new() }
    }

    /// A view with the fields that all have and that differ between them.
    pub(super) fn new(setting: &Setting<'_>, kind: &str, path: &str, name: &str, span: Span) -> Self {
        let place = setting.sources.place(span);
        let comment = if place.is_empty() { path.to_owned() } else { format!("{path} ({place})") };
        let mut draft = Self { address: path.to_owned(), node: path.to_owned(), ..Self::bare(kind, span) };
        draft.set("kind", kind);
        draft.set("node", path);
        draft.set("name", name);
        draft.set("id", identifier(name));
        draft.set("source", place);
        draft.set("comment", comment);
        draft
    }

    /// Adds a field.
    pub(super) fn set(&mut self, name: impl Into<Key>, value: impl Into<Value>) {
        self.view.insert(name, value);
    }

    /// Adds a field that may be missing, with its flag.
    pub(super) fn maybe(&mut self, name: &'static str, value: Option<impl Into<Value>>) {
        self.set(format!("has_{name}"), value.is_some());
        if let Some(value) = value {
            self.set(name, value);
        }
    }

    /// Adds a list, with the flag that says whether there is anything in it.
    pub(super) fn list(&mut self, name: &'static str, values: impl IntoIterator<Item: Into<Value>>) {
        let values: Vec<Value> = values.into_iter().map(Into::into).collect();
        self.set(format!("has_{name}"), !values.is_empty());
        self.set(name, values);
    }
}

#[cfg(test)]
mod tests {
    use super::identifier;

    #[test]
    fn identifiers_differ_and_leave_room_for_what_hangs_on_them() {
        for (name, expected) in [("a-b", "a_b"), ("a--b", "a_Db"), ("a---b", "a_D_b"), ("a----b", "a_D_Db")] {
            assert_eq!(identifier(name), expected);
        }
    }
}
