//! What a platform knows of its own actions: which there are, on what they apply, which conditions they take, and which of
//! them together are more than they seem. Only policies that people write are judged by it.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Glob, OneOrMany, Pattern};
use crate::base::nearest;

/// `actions.yaml`. Actions are written `service:Name`; case makes no difference.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Actions {
    /// The words of a policy document.
    pub document: DocumentWords,
    /// What stands for everything, such as `*`. An address with parts between `:` is everything when its last part is that of
    /// an entry with as many parts.
    pub everything: Vec<String>,
    /// How values are compared; without any, tests are not judged.
    #[serde(default)]
    pub tests: Vec<String>,
    /// What may stand before a test.
    #[serde(default)]
    pub test_prefixes: Vec<String>,
    /// What may stand behind a test.
    #[serde(default)]
    pub test_suffixes: Vec<String>,
    /// Tests that hold, or are meant, where a key is not there; `*` is any text.
    #[serde(default)]
    pub absent_tests: Vec<Glob>,
    /// Tests that hold where no value is the same; `*` is any text.
    #[serde(default)]
    pub negated_tests: Vec<Glob>,
    /// Condition keys that every action takes, all with one prefix or more that no service has; `*` at the end is any text.
    #[serde(default)]
    pub global_keys: Vec<String>,
    /// Kinds of identities.
    #[serde(default)]
    pub identities: Vec<IdentityForm>,
    /// Actions that together are more than they seem.
    #[serde(default)]
    pub escalations: Vec<Escalation>,
    /// By the prefix of their actions. What is of another service is not judged, and neither are condition keys with another
    /// prefix, such as those that every action takes.
    pub services: BTreeMap<String, Service>,
}

/// The keys of a policy document.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentWords {
    /// The list of statements, by which a document is known.
    pub statements: String,
    /// What a statement does.
    pub effect: String,
    /// The value of `effect` that allows.
    pub allow: String,
    /// Actions.
    pub actions: String,
    /// All actions but these.
    pub not_actions: String,
    /// On what.
    pub resources: String,
    /// On all but this.
    pub not_resources: String,
    /// Test → key → values.
    pub conditions: String,
    /// Who, in a document that belongs to a resource; the others than the first name who is not meant.
    pub principals: Vec<String>,
    /// The values of the first, or of a key below it, that stand for everybody.
    #[serde(default)]
    pub everybody: Vec<String>,
    /// Types whose documents let nobody in: they narrow what others grant.
    #[serde(default)]
    pub narrowing: Vec<String>,
}

/// A kind of identity that the output has for a function.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct IdentityForm {
    /// What it is called in a sentence.
    pub title: String,
    /// How native text names that of a function: patterns with `{id}`, `{name}` and `{prefix}`.
    pub named: Vec<Pattern>,
    /// Attributes `type.path` whose value is an identity that something runs as.
    pub used_by: Vec<String>,
}

/// Actions that together allow more than each.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// All of them are needed.
    pub actions: Vec<String>,
    /// Condition key → the value that has to pass. Where a statement lets other values pass alone, its actions are none of
    /// these.
    #[serde(default)]
    pub passes: BTreeMap<String, String>,
    /// What one can do then, as a clause.
    pub reason: String,
    /// Address of who found it, or the id of a fact.
    pub source: String,
}

/// A service.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Service {
    /// Address of its list of actions.
    pub source: String,
    /// Not all of its actions are here, so that none is called unknown.
    #[serde(default)]
    pub partial: bool,
    /// Condition keys that all of its actions take. Without a prefix they are of the service; `*` at the end is any text.
    #[serde(default)]
    pub keys: Vec<String>,
    /// What its actions apply to.
    #[serde(default)]
    pub resources: BTreeMap<String, Addressed>,
    /// Actions that are alike.
    pub actions: Vec<ActionGroup>,
}

/// A kind of what actions apply to.
#[derive(Debug, Clone, PartialEq, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Addressed {
    /// Its address; `*` is any text, `+` one of at least one character without `/` and `:`.
    pub address: OneOrMany<Glob>,
    /// References `type.attribute` of the output that are such an address.
    #[serde(default)]
    pub from: Vec<String>,
    /// References that are taken for such an address, and are something else.
    #[serde(default)]
    pub not_from: Vec<String>,
    /// Hardly anybody grants on it, so that an action which applies to nothing else may be granted on everything.
    #[serde(default)]
    pub rare: bool,
}

/// Actions on the same kinds, with the same keys.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionGroup {
    /// Kinds of `resources`, any of which will do; without one the actions apply to everything alone.
    #[serde(default)]
    pub on: Vec<String>,
    /// Condition keys beside those of the service.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Their names, without the prefix of the service.
    pub names: Vec<String>,
}

/// An action that is known.
#[derive(Debug, Clone, Copy)]
pub struct KnownAction<'a> {
    prefix: &'a str,
    service: &'a Service,
    group: &'a ActionGroup,
}

impl Actions {
    /// The service of an action or condition key; `None` where it is not listed.
    fn service<'a, 't>(&'a self, text: &'t str) -> Option<(&'a str, &'a Service, &'t str)> {
        let (prefix, name) = text.split_once(':')?;
        let (key, service) = self.services.iter().find(|(key, _)| key.eq_ignore_ascii_case(prefix))?;
        Some((key, service, name))
    }

    /// An action by its whole name.
    pub fn find(&self, action: &str) -> Option<KnownAction<'_>> {
        let (prefix, service, name) = self.service(action)?;
        let has = |group: &&ActionGroup| group.names.iter().any(|known| known.eq_ignore_ascii_case(name));
        service.actions.iter().find(has).map(|group| KnownAction { prefix, service, group })
    }

    /// Whether no action has this name, or fits it where it has wildcards. What is of a service that is not listed in
    /// whole is not called unknown.
    pub fn is_unknown(&self, action: &str) -> bool {
        let Some((_, service, name)) = self.service(action) else {
            return !action.contains([':', '*', '?']);
        };
        let written = Glob::written(&name.to_ascii_lowercase());
        let fits = |known: &String| Glob::written(&known.to_ascii_lowercase()).meets(&written);
        !service.partial && !service.actions.iter().flat_map(|group| &group.names).any(fits)
    }

    /// Where the actions of the service of an action are listed.
    pub fn source(&self, action: &str) -> Option<&str> {
        self.service(action).map(|(_, service, _)| service.source.as_str())
    }

    /// The action that was meant.
    pub fn nearest(&self, action: &str) -> Option<String> {
        let all = |(prefix, service): (&String, &Service)| {
            let names = service.actions.iter().flat_map(|group| group.names.iter());
            names.map(|name| format!("{prefix}:{name}")).collect::<Vec<_>>()
        };
        let Some((prefix, service, name)) = self.service(action) else {
            let known = self.services.iter().flat_map(all).collect::<Vec<_>>();
            return known.into_iter().find(|k| k.split_once(':').is_some_and(|(_, n)| n.eq_ignore_ascii_case(action)));
        };
        let names = service.actions.iter().flat_map(|group| group.names.iter().map(String::as_str));
        nearest(name, names).map(|near| format!("{prefix}:{near}"))
    }

    /// Whether a text stands for everything.
    pub fn is_everything(&self, text: &str) -> bool {
        let parts: Vec<&str> = text.split(':').collect();
        self.everything.iter().any(|entry| {
            let known: Vec<&str> = entry.split(':').collect();
            known.len() == parts.len() && known.last() == parts.last()
        })
    }

    /// Whether a text stands for all of a kind: it fits an address of that kind whose names are arbitrary. Where such an
    /// address is, in the parts before the last, makes no difference.
    fn is_all_of(&self, text: &str, kind: &Addressed) -> bool {
        let written = text.split(':').count();
        let parts = self.everything.iter().map(|entry| entry.split(':').count()).max().unwrap_or(1).min(written);
        let last = |text: &str| text.splitn(parts, ':').last().map(str::to_owned).unwrap_or_default();
        kind.address.as_slice().iter().any(|address| {
            let arbitrary = Glob::parse(&last(address.text())).instance();
            address.meets(&self.address(text)) && Glob::written(&last(text)).meets(&arbitrary)
        })
    }

    /// Whether an action that is granted on something particular as a rule is granted on everything, or on all of a kind.
    pub fn is_wide(&self, action: KnownAction<'_>, text: &str) -> bool {
        let mut kinds = action.kinds().map(|(_, kind)| kind).filter(|kind| !kind.rare);
        action.is_particular() && self.is_everything(text) || kinds.any(|kind| self.is_all_of(text, kind))
    }

    /// What to write for a text that begins with a reference which is no address.
    pub fn mistaken(&self, text: &str) -> Option<String> {
        let (reference, rest) = text.strip_prefix("${")?.split_once('}')?;
        let (kind, named) = reference.split_once('.')?;
        let (name, attribute) = named.split_once('.')?;
        let is_it = |path: &&String| path.split_once('.') == Some((kind, attribute));
        let all = self.services.values().flat_map(|service| service.resources.values());
        let known = all.into_iter().find(|addressed| addressed.not_from.iter().any(|path| is_it(&path)))?;
        let (_, right) = known.from.iter().find_map(|path| path.split_once('.').filter(|(of, _)| *of == kind))?;
        Some(format!("$${{{kind}.{name}.{right}}}{rest}"))
    }

    /// Whether there is no such test of a condition; with the one that was meant.
    pub fn unknown_test(&self, test: &str) -> Option<Option<String>> {
        let starts = |known: &&String| test.get(..known.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(known));
        let prefix = self.test_prefixes.iter().find(starts).map_or("", String::as_str);
        let name = test.get(prefix.len()..).unwrap_or(test);
        let (name, suffix) = self
            .test_suffixes
            .iter()
            .find_map(|s| Some((name.strip_suffix(s.as_str())?, s.as_str())))
            .unwrap_or((name, ""));
        if self.tests.is_empty() || self.tests.iter().any(|known| known.eq_ignore_ascii_case(name)) {
            return None;
        }
        Some(nearest(name, self.tests.iter().map(String::as_str)).map(|near| format!("{prefix}{near}{suffix}")))
    }

    /// Whether a test holds where no value is the same.
    pub fn is_negated(&self, test: &str) -> bool {
        self.negated_tests.iter().any(|known| known.meets(&Glob::literal(test)))
    }

    /// Whether a key has the prefix of the global ones and is none; with the one that was meant.
    pub fn unknown_global(&self, key: &str) -> Option<Option<String>> {
        let prefix = |key: &str| key.split_once(':').map(|(prefix, _)| prefix.to_ascii_lowercase());
        let mut alike = self.global_keys.iter().filter(|known| prefix(known) == prefix(key)).peekable();
        alike.peek()?;
        if self.global_keys.iter().any(|known| is_key(known, key)) {
            return None;
        }
        Some(nearest(key, self.global_keys.iter().map(String::as_str)).map(str::to_owned))
    }

    /// Whether a key is of a service that is listed, so that it can be judged.
    pub fn knows_key(&self, key: &str) -> bool {
        self.service(key).is_some_and(|(_, service, _)| !service.partial)
    }

    /// Whether a test is meant to hold where its key is not there.
    pub fn holds_without_key(&self, test: &str) -> bool {
        self.absent_tests.iter().any(|known| known.meets(&Glob::literal(test)))
    }

    /// What is written as an address, with references replaced by the addresses that they stand for.
    pub fn address(&self, text: &str) -> Glob {
        let mut glob = Glob::default();
        let mut rest = text;
        while let Some((before, more)) = rest.split_once("${") {
            glob.extend(&Glob::written(before));
            let (reference, after) = more.split_once('}').unwrap_or((more, ""));
            match self.referred(reference) {
                Some(address) => glob.extend(address),
                None => glob.extend(&Glob::anything()),
            }
            rest = after;
        }
        glob.extend(&Glob::written(rest));
        glob
    }

    /// `type.name.attribute` → the address of that attribute.
    fn referred(&self, reference: &str) -> Option<&Glob> {
        let (kind, rest) = reference.split_once('.')?;
        let (_, attribute) = rest.split_once('.')?;
        let gives = |from: &String| from.split_once('.') == Some((kind, attribute));
        let all = self.services.values().flat_map(|service| service.resources.values());
        let known = all.into_iter().find(|addressed| addressed.from.iter().any(gives))?;
        known.address.as_slice().first()
    }

    /// What is wrong with it: the text that is, as written, and a clause.
    pub(super) fn defects(&self) -> Vec<(String, String)> {
        let mut out = Vec::new();
        for (prefix, service) in &self.services {
            for group in &service.actions {
                for kind in group.on.iter().filter(|kind| !service.resources.contains_key(*kind)) {
                    let message = format!("actions of `{prefix}` apply to `{kind}`, which is not in its `resources`");
                    out.push((kind.clone(), message));
                }
                for name in group.names.iter().filter(|name| name.is_empty() || name.contains([':', '*'])) {
                    out.push((name.clone(), format!("`{name}` of `{prefix}` is no name of one action")));
                }
            }
        }
        for escalation in self.escalations.iter().filter(|e| e.actions.is_empty()) {
            out.push((escalation.reason.clone(), "an escalation names no action".to_owned()));
        }
        for action in self.escalations.iter().flat_map(|e| &e.actions).filter(|a| self.is_unknown(a)) {
            out.push((action.clone(), format!("`{action}` of an escalation is not among the actions")));
        }
        for path in self.identities.iter().flat_map(|form| &form.used_by).filter(|path| !path.contains('.')) {
            out.push((path.clone(), format!("`{path}` is no attribute; write `type.attribute`")));
        }
        out
    }
}

impl<'a> KnownAction<'a> {
    /// The kinds of what it applies to.
    pub fn kinds(self) -> impl Iterator<Item = (&'a str, &'a Addressed)> {
        let Self { service, group, .. } = self;
        group.on.iter().filter_map(|kind| Some((kind.as_str(), service.resources.get(kind)?)))
    }

    /// Whether it is granted on something particular as a rule.
    pub fn is_particular(self) -> bool {
        self.kinds().any(|(_, kind)| !kind.rare)
    }

    /// Whether it can apply to what an address stands for.
    pub fn applies_to(self, address: &Glob) -> bool {
        self.kinds().any(|(_, addressed)| addressed.address.as_slice().iter().any(|known| known.meets(address)))
    }

    /// The condition keys that it takes of its service, in full.
    pub fn keys(self) -> Vec<String> {
        let Self { prefix, service, group } = self;
        let full = |key: &String| if key.contains(':') { key.clone() } else { format!("{prefix}:{key}") };
        group.keys.iter().chain(&service.keys).map(full).collect()
    }

    /// Whether it takes a condition key.
    pub fn takes(self, key: &str) -> bool {
        self.keys().iter().any(|known| is_key(known, key))
    }
}

/// Whether a key is one that is known; `*` at the end of that is any text.
fn is_key(known: &str, key: &str) -> bool {
    match known.strip_suffix('*') {
        Some(start) => key.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start)),
        None => known.eq_ignore_ascii_case(key),
    }
}
