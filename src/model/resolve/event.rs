//! Events: their schemas, and that their keys are in them.

use super::Resolver;
use crate::base::{NodePath, Pointer, Section, Spanned};
use crate::diag::Finding;
use crate::model::schema::Presence;
use crate::model::{Event, EventVersion, Head, Schema};

impl Resolver<'_> {
    /// Reads every event. Those whose schema is faulty stay without one, so that nothing else is said about them.
    pub(super) fn resolve_events(&mut self) {
        let events = std::mem::take(&mut self.names.events);
        for (name, event) in &events {
            let schema = event.schema.as_ref().and_then(|source| self.read_schema(source));
            if let Some(schema) = &schema {
                for key in event.key.iter().chain(&event.id) {
                    self.expect_member(schema, key, &format!("the schema of `{}`", name.value));
                }
            }
            let first = EventVersion { major: 1, minor: 0, patch: 0 };
            self.events.push(Event {
                head: Head {
                    path: NodePath::new(Section::Events, name.value.as_str()),
                    span: name.span,
                    renamed_from: None,
                    overrides: std::collections::BTreeMap::new(),
                    derived: None,
                },
                event_type: name.value.clone(),
                version: super::given(event.version.as_ref(), None, name.span, first, "no version was given"),
                schema,
                key: event.key.clone(),
                id: event.id.clone(),
                source: event.source.clone(),
                max_size: event.max_size,
            });
        }
        self.names.events = events;
    }

    /// A key has to be in every piece of data. Where the schema does not say, nothing is said here either.
    pub(super) fn expect_member(&mut self, schema: &Schema, key: &Spanned<Pointer>, whose: &str) {
        let path = &key.value;
        let finding = match schema.presence(path) {
            Presence::Required | Presence::Unknown => return,
            Presence::Optional => {
                Finding::error("key-not-required", key.span, format!("`{path}` may be missing by {whose}"))
                    .help(format!("add it to `required` in {whose}, or take a path that is always there"))
            }
            Presence::Absent => {
                let finding = Finding::error("key-not-in-schema", key.span, format!("`{path}` is not in {whose}"));
                member_help(finding, schema, path)
            }
        };
        self.report(finding.related(schema.span, "the schema"));
    }
}

/// Says which path was meant by one that the schema does not have.
pub(super) fn member_help(finding: Finding, schema: &Schema, path: &Pointer) -> Finding {
    match nearest_member(schema, path) {
        Some(near) => finding.did_you_mean(&near),
        None => finding.help("take a path that the schema requires"),
    }
}

/// The nearest path of the same depth, when only its last step is misspelt.
fn nearest_member(schema: &Schema, path: &Pointer) -> Option<String> {
    let (parent, last) = path.as_str().rsplit_once('/')?;
    let members = schema.members(Pointer::parse(parent).as_ref())?;
    crate::base::nearest(last, members.iter().map(String::as_str)).map(|near| format!("{parent}/{near}"))
}
