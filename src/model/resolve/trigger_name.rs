//! Names of triggers: made of kind and source, so that they stay the same when something else changes.

use std::collections::HashMap;

use sha2::{Digest as _, Sha256};

use super::Resolver;
use crate::base::Span;
use crate::diag::Finding;
use crate::model::{ObjectChange, ScheduleWhen, SocketRoute, Trigger, TriggerSource};

/// Longest name, before the hash of one that was cut.
const LENGTH: usize = 48;

/// A trigger in words.
struct Described {
    /// The words that its name is made of.
    slug: String,
    /// All that tells it from its siblings.
    exact: String,
}

impl Resolver<'_> {
    /// Gives each trigger a name that is unique among its siblings, and the one that it had before.
    pub(super) fn name_triggers(&mut self, triggers: &mut [Trigger]) {
        let now = self.describe_all(triggers, |name| name);
        let before = self.describe_all(triggers, |name| self.name_before(name));
        let mut seen: HashMap<&str, Span> = HashMap::new();
        // A route that is there twice is found among those of its api.
        let others = now.iter().zip(triggers.iter()).filter(|(_, trigger)| trigger.http().is_none());
        for (described, trigger) in others {
            if let Some(first) = seen.insert(&described.exact, trigger.span) {
                let message = format!("the {} trigger is there twice", trigger.kind());
                let finding = Finding::error("duplicate-trigger", trigger.span, message);
                self.report(finding.related(first, "the other one").help("remove one of them"));
            }
        }
        for ((trigger, name), former) in triggers.iter_mut().zip(names(&now)).zip(names(&before)) {
            trigger.former_name = (former != name).then(|| former.into());
            trigger.name = name.into();
        }
    }

    fn describe_all(&self, triggers: &[Trigger], called: impl Fn(String) -> String) -> Vec<Described> {
        let described = triggers.iter().map(|trigger| {
            let text = self.describe(trigger, &called);
            Described { slug: slug(&text), exact: format!("{text} {}", conditions(trigger)) }
        });
        described.collect()
    }

    /// What tells it from its siblings, in words.
    fn describe(&self, trigger: &Trigger, called: impl Fn(String) -> String) -> String {
        let source = trigger.resource().map(|r| called(self.resource_name(r))).unwrap_or_default();
        let rest = match &trigger.source {
            // The api is left out: a function rarely serves two, and then the hash tells them apart.
            TriggerSource::Http(http) => return format!("http {} {}", http.route.value, source_mark(&source)),
            TriggerSource::Event { types, .. } => {
                let mut types: Vec<String> =
                    types.iter().map(|t| self.events[t.value].event_type.to_string()).collect();
                types.sort();
                return format!("event {} {}", types.join(" "), source_mark(&source));
            }
            TriggerSource::Object { change, prefix, suffix, .. } => {
                let change = match change {
                    ObjectChange::Created => "created",
                    ObjectChange::Deleted => "deleted",
                };
                format!("{change} {prefix} {suffix}")
            }
            TriggerSource::Schedule { when: ScheduleWhen::Cron { text, zone, .. }, input, .. } => {
                let input = input.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("{} {}", text.value, source_mark(&format!("{} {input}", zone.value)))
            }
            TriggerSource::Schedule { when: ScheduleWhen::Every(every), input, .. } => {
                let input = input.as_ref().map(ToString::to_string).unwrap_or_default();
                format!("every {} {}", every.value, source_mark(&input))
            }
            TriggerSource::Socket { route, .. } => match route {
                SocketRoute::Connect => "connect".to_owned(),
                SocketRoute::Disconnect => "disconnect".to_owned(),
                SocketRoute::Message(name) => format!("message {name}"),
            },
            TriggerSource::Message { topic, .. } => topic.value.to_string(),
            TriggerSource::Log { of, pattern } => {
                let name = self.names.functions.get(of.value.index()).map(|(name, _)| name.value.to_string());
                format!("{} {}", name.map(called).unwrap_or_default(), source_mark(&pattern.value))
            }
            TriggerSource::User { on, .. } => on.iter().map(|on| &*on.value).collect::<Vec<_>>().join(" "),
            TriggerSource::Queue { .. }
            | TriggerSource::Stream { .. }
            | TriggerSource::Change { .. }
            | TriggerSource::Topic { .. }
            | TriggerSource::Rotation { .. } => String::new(),
        };
        format!("{} {source} {rest}", trigger.kind())
    }
}

/// A name for each of a function's triggers.
fn names(described: &[Described]) -> Vec<String> {
    let mut alike: HashMap<&str, usize> = HashMap::new();
    for one in described {
        *alike.entry(&one.slug).or_default() += 1;
    }
    let name = |one: &Described| {
        let is_plain = alike.get(one.slug.as_str()) == Some(&1) && one.slug.len() <= LENGTH;
        if is_plain { one.slug.clone() } else { hashed(&one.slug, &one.exact) }
    };
    described.iter().map(name).collect()
}

/// A part that tells triggers apart, but does not stand in their names.
fn source_mark(text: &str) -> String {
    format!("\u{0}{text}")
}

/// Two triggers of one source with other conditions are two triggers, save on a queue: there the second would take
/// messages from the first.
fn conditions(trigger: &Trigger) -> String {
    if matches!(trigger.source, TriggerSource::Queue { .. }) {
        return String::new();
    }
    format!("{:?}", trigger.conditions.iter().map(|c| (c.path.value.as_str(), &c.tests)).collect::<Vec<_>>())
}

/// Lower-case words joined by hyphens.
fn slug(text: &str) -> String {
    let visible = text.split('\u{0}').next().unwrap_or_default();
    let mut out = String::new();
    for c in visible.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.is_empty() && !out.ends_with('-') {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

fn hashed(slug: &str, exact: &str) -> String {
    let digest = Sha256::digest(exact.as_bytes());
    let number = digest.iter().take(3).fold(0u32, |n, b| n << 8 | u32::from(*b));
    let head: String = slug.chars().take(LENGTH - 7).collect();
    format!("{}-{number:06x}", head.trim_end_matches('-'))
}
