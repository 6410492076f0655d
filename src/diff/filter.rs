//! Which occurrences a trigger takes from its source, part by part, and whether another takes them all as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{Compare, ObjectChange, SocketRoute, Trigger, TriggerSource};

/// What passes one part.
#[derive(Debug, Clone, PartialEq)]
enum Passes {
    /// A value of the data, by tests that all have to hold.
    Tests(Vec<Compare>),
    /// What starts with it.
    Start(String),
    /// What ends with it.
    End(String),
    /// What contains it.
    Text(String),
    /// What an MQTT filter takes.
    Topic(String),
    /// One of these.
    Kinds(BTreeSet<String>),
}

/// A part of a filter: in words, and what passes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Part {
    /// In words.
    pub(super) text: String,
    passes: Passes,
}

/// All parts by what they are called; without any, everything passes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Filter(pub(super) BTreeMap<String, Part>);

impl Filter {
    /// Of a trigger.
    pub(super) fn of(trigger: &Trigger) -> Self {
        let mut parts = BTreeMap::new();
        for condition in &trigger.conditions {
            let mut texts: Vec<String> = condition.tests.iter().map(worded).collect();
            texts.sort();
            let passes = Passes::Tests(condition.tests.clone());
            parts.insert(format!("where {}", condition.path.value), Part { text: texts.join(" and "), passes });
        }
        let mut part = |name: &str, text: &str, passes: fn(String) -> Passes| {
            // An empty text is no test.
            if !text.is_empty() {
                parts.insert(name.to_owned(), Part { text: text.to_owned(), passes: passes(text.to_owned()) });
            }
        };
        let kind = |kind: String| Passes::Kinds(BTreeSet::from([kind]));
        match &trigger.source {
            TriggerSource::Object { change, prefix, suffix, .. } => {
                part("prefix", prefix, Passes::Start);
                part("suffix", suffix, Passes::End);
                let change = match change {
                    ObjectChange::Created => "created",
                    ObjectChange::Deleted => "deleted",
                };
                part("what happened", change, kind);
            }
            TriggerSource::Log { pattern, .. } => part("pattern", &pattern.value, Passes::Text),
            TriggerSource::Message { topic, .. } => part("topic", &topic.value, Passes::Topic),
            TriggerSource::Socket { route, .. } => {
                let route = match route {
                    SocketRoute::Connect => "connect",
                    SocketRoute::Disconnect => "disconnect",
                    SocketRoute::Message(name) => name,
                };
                part("route", route, kind);
            }
            TriggerSource::User { on, .. } => {
                let kinds: BTreeSet<String> = on.iter().map(|kind| kind.value.to_string()).collect();
                let text = kinds.iter().cloned().collect::<Vec<_>>().join(", ");
                parts.insert("what happened".to_owned(), Part { text, passes: Passes::Kinds(kinds) });
            }
            TriggerSource::Http(_)
            | TriggerSource::Queue { .. }
            | TriggerSource::Stream { .. }
            | TriggerSource::Change { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Event { .. }
            | TriggerSource::Schedule { .. }
            | TriggerSource::Rotation { .. } => {}
        }
        Self(parts)
    }

    /// In words, which tell filters apart and order them.
    pub(super) fn words(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, part)| (name.as_str(), part.text.as_str())).collect()
    }
}

impl Part {
    /// Whether everything passes that passes another.
    pub(super) fn covers(&self, other: &Self) -> bool {
        match (&self.passes, &other.passes) {
            (Passes::Tests(all), Passes::Tests(some)) => {
                all.iter().all(|wide| some.iter().any(|narrow| implies(narrow, wide)))
            }
            (Passes::Start(all), Passes::Start(some)) => some.starts_with(all.as_str()),
            (Passes::End(all), Passes::End(some)) => some.ends_with(all.as_str()),
            (Passes::Text(all), Passes::Text(some)) => some.contains(all.as_str()),
            (Passes::Topic(all), Passes::Topic(some)) => all == "#" || all == some,
            (Passes::Kinds(all), Passes::Kinds(some)) => all.is_superset(some),
            _ => false,
        }
    }
}

/// Whether what passes one test passes the other, as far as it is plain.
fn implies(narrow: &Compare, wide: &Compare) -> bool {
    match (narrow, wide) {
        (Compare::Gt(some) | Compare::Ge(some), Compare::Ge(all)) | (Compare::Gt(some), Compare::Gt(all)) => {
            some >= all
        }
        (Compare::Ge(some), Compare::Gt(all)) => some > all,
        (Compare::Lt(some) | Compare::Le(some), Compare::Le(all)) | (Compare::Lt(some), Compare::Lt(all)) => {
            some <= all
        }
        (Compare::Le(some), Compare::Lt(all)) => some < all,
        (Compare::Eq(one), Compare::In(all)) => all.contains(one),
        (Compare::In(some), Compare::In(all)) => some.iter().all(|one| all.contains(one)),
        (Compare::Prefix(some), Compare::Prefix(all)) => some.starts_with(&**all),
        (Compare::Suffix(some), Compare::Suffix(all)) => some.ends_with(&**all),
        _ => narrow == wide,
    }
}

fn worded(compare: &Compare) -> String {
    match compare {
        Compare::Eq(value) => format!("eq {value}"),
        Compare::Ne(value) => format!("ne {value}"),
        Compare::Gt(number) => format!("gt {number}"),
        Compare::Ge(number) => format!("ge {number}"),
        Compare::Lt(number) => format!("lt {number}"),
        Compare::Le(number) => format!("le {number}"),
        Compare::In(list) => {
            let mut values: Vec<String> = list.iter().map(ToString::to_string).collect();
            values.sort();
            format!("in [{}]", values.join(", "))
        }
        Compare::Prefix(text) => format!("prefix {text}"),
        Compare::Suffix(text) => format!("suffix {text}"),
        Compare::Exists(there) => format!("exists {there}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tests(tests: &[Compare]) -> Part {
        Part { text: String::new(), passes: Passes::Tests(tests.to_vec()) }
    }

    #[test]
    fn more_passes_what_asks_for_less() {
        let some = |values: &[&str]| Compare::In(values.iter().map(|value| json!(value)).collect());
        for (wide, narrow) in [
            (Compare::Gt(0.0), Compare::Gt(100.0)),
            (Compare::Ge(0.0), Compare::Gt(0.0)),
            (Compare::Le(5.0), Compare::Lt(5.0)),
            (some(&["a", "b"]), some(&["b"])),
            (some(&["a", "b"]), Compare::Eq(json!("a"))),
            (Compare::Prefix("in".into()), Compare::Prefix("invoice.".into())),
            (Compare::Suffix("g".into()), Compare::Suffix(".png".into())),
        ] {
            let (wide, narrow) = (tests(&[wide]), tests(&[narrow]));
            assert!(wide.covers(&narrow) && !narrow.covers(&wide), "{wide:?} {narrow:?}");
        }
        let (both, one) = (tests(&[Compare::Gt(0.0), Compare::Lt(9.0)]), tests(&[Compare::Gt(0.0)]));
        assert!(one.covers(&both) && !both.covers(&one));
        let (other, ne) = (tests(&[Compare::Eq(json!(1))]), tests(&[Compare::Ne(json!(1))]));
        assert!(!other.covers(&ne) && !ne.covers(&other));
    }
}
