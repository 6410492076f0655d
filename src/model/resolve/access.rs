//! What a function touches: `uses`, `emits`, `calls`, and what rotating a secret grants.

use std::collections::HashMap;
use std::sync::Arc;

use super::Resolver;
use super::names::NodeRef;
use super::wording::with_article;
use crate::base::{Span, Spanned, nearest};
use crate::diag::{Finding, shorten};
use crate::model::{
    AnyResource, Arena, Bus, Call, CallMode, Emit, Event, Function, Id, ResourceKind, Scope, Secret, Trigger,
    TriggerSource, Use, Verb, VerbSet,
};
use crate::spec::{self, CallModeWord, Ref, ScopeSpec};

impl Resolver<'_> {
    pub(super) fn uses(&mut self, uses: &spec::Uses) -> Vec<Use> {
        let mut out = Vec::new();
        for (name, verbs) in &uses.0 {
            let fits = |node| matches!(node, NodeRef::Resource(_));
            let resource = match self.find_any("resource", name, fits) {
                Some(NodeRef::Resource(resource)) => resource,
                Some(node @ (NodeRef::Function(_) | NodeRef::Workflow(_))) => {
                    let message = format!("`{}` is {}, not a resource", name.text, node.describe());
                    let help = format!("write `calls: [{}]`", name.text);
                    self.report(Finding::error("wrong-kind", name.span, message).help(help));
                    continue;
                }
                Some(NodeRef::Poisoned) | None => continue,
            };
            let resource = Spanned::new(resource, name.span);
            let start = out.len();
            for (verb, scopes) in &verbs.0 {
                self.verb(resource, verb, scopes, &mut out);
            }
            self.drop_doubles(&mut out, start);
        }
        out
    }

    /// One verb as written, or the verbs of a set.
    fn verb(
        &mut self,
        resource: Spanned<AnyResource>,
        verb: &Spanned<Arc<str>>,
        scopes: &[ScopeSpec],
        out: &mut Vec<Use>,
    ) {
        let kind = resource.value.kind();
        let own = Verb::parse(&verb.value).filter(|v| Verb::of(kind).contains(v));
        let set = VerbSet::parse(&verb.value).filter(|_| own.is_none());
        let verbs = match (&own, set) {
            (Some(own), _) => std::slice::from_ref(own),
            (None, Some(set)) => set.verbs(kind),
            (None, None) => &[],
        };
        if verbs.is_empty() {
            self.unknown_verb(kind, verb);
            return;
        }
        if scopes.is_empty() {
            let whole = |v: &Verb| Use { resource, verb: Spanned::new(*v, verb.span), set, scope: Scope::Whole };
            out.extend(verbs.iter().map(whole));
        }
        for scope in scopes {
            if let Some(scope) = self.scope(resource.value, verbs, verb, scope) {
                // An index is for reading ranges; the other verbs of a set stay on the whole table.
                let each = verbs.iter().map(|v| {
                    let fits = !matches!(scope, Scope::Index(_)) || matches!(v, Verb::Query | Verb::Scan);
                    let scope = if fits { scope.clone() } else { Scope::Whole };
                    Use { resource, verb: Spanned::new(*v, verb.span), set, scope }
                });
                out.extend(each);
            }
        }
    }

    fn unknown_verb(&mut self, kind: ResourceKind, verb: &Spanned<Arc<str>>) {
        let words: Vec<&str> = Verb::of(kind).iter().map(|v| v.as_str()).collect();
        let sets = VerbSet::ALL.iter().filter(|set| !set.verbs(kind).is_empty());
        let known: Vec<&str> = words.into_iter().chain(sets.map(|set| set.as_str())).collect();
        let message = format!("{} has no verb `{}`", with_article(kind), shorten(&verb.value));
        let finding = Finding::error("unknown-verb", verb.span, message);
        let list = known.iter().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
        self.report(match (nearest(&verb.value, known.iter().copied()), kind) {
            (_, ResourceKind::Bus) => finding.help("write `emits: [<event>]`"),
            (_, ResourceKind::Queue) if &*verb.value == "receive" => {
                finding.help("a `queue` trigger receives by itself; remove the verb")
            }
            (Some(near), _) => finding.did_you_mean(near).and_help(&format!("its verbs are {list}")),
            (None, _) if known.is_empty() => finding.help("remove it: what is behind it is reached by triggers"),
            (None, _) => finding.help(format!("its verbs are {list}")),
        });
    }

    /// A part of a resource, of the form its kind knows.
    fn scope(
        &mut self,
        resource: AnyResource,
        verbs: &[Verb],
        verb: &Spanned<Arc<str>>,
        scope: &ScopeSpec,
    ) -> Option<Scope> {
        let kind = resource.kind();
        let known = scopes_of(kind, verbs);
        let written = [
            ("prefix", &scope.prefix),
            ("suffix", &scope.suffix),
            ("index", &scope.index),
            ("leading", &scope.leading),
            ("type", &scope.event_type),
            ("topic", &scope.topic),
        ];
        let written: Vec<_> = written.into_iter().filter_map(|(key, value)| Some((key, value.as_ref()?))).collect();
        if let Some((key, value)) = written.iter().find(|(key, _)| !known.contains(key)) {
            let is_of_put = *key == "suffix" && kind == ResourceKind::Bucket;
            let message = if is_of_put {
                format!("a `suffix` limits `put` alone, and not `{}`", verb.value)
            } else {
                format!("`{}` of {} has no scope `{key}`", verb.value, with_article(kind))
            };
            let help = if is_of_put {
                "write `prefix`, how the names of the objects begin, or `null`, the whole bucket".to_owned()
            } else if known.is_empty() {
                format!("write `{}: null`, the whole resource", verb.value)
            } else {
                let known: Vec<_> = known.iter().map(|k| format!("`{k}`")).collect();
                format!("its scopes are {}; `null` is the whole resource", known.join(", "))
            };
            self.report(Finding::error("unknown-scope", value.span, message).help(help));
            return None;
        }
        // Platforms read these characters as patterns or variables, and a scope has to be what it says.
        if let Some((key, value)) =
            written.iter().find(|(key, value)| !matches!(*key, "topic") && value.value.contains(['*', '?', '$']))
        {
            let message = format!("`{}` as `{key}` would be read as a pattern", value.value);
            let help =
                "a scope is literal text: leave `*`, `?` and `$` out, a prefix stands for all that begins with it";
            self.report(Finding::error("pattern-in-scope", value.span, message).help(help));
            return None;
        }
        if let (Some(index), Some(leading)) = (&scope.index, &scope.leading) {
            let finding = Finding::error("conflicting-keys", leading.span, "a scope has both `index` and `leading`");
            self.report(finding.related(index.span, "the other one").help("make two entries of a list"));
            return None;
        }
        let text = |value: &Option<Spanned<Arc<str>>>| value.as_ref().map_or_else(|| "".into(), |v| v.value.clone());
        match (&scope.index, &scope.leading, &scope.topic) {
            (Some(index), ..) => self.index_scope(resource, index),
            (_, Some(leading), _) => Some(Scope::Leading(leading.value.clone())),
            (.., Some(topic)) => Some(Scope::Topic(topic.value.clone())),
            (None, None, None) if scope.broken => None,
            (None, None, None) => Some(Scope::Prefix { prefix: text(&scope.prefix), suffix: text(&scope.suffix) }),
        }
    }

    fn index_scope(&mut self, resource: AnyResource, index: &Spanned<Arc<str>>) -> Option<Scope> {
        let AnyResource::Table(id) = resource else { return None };
        let (name, table) = self.names.tables.get(id.index())?;
        let known = || table.indexes.iter().flat_map(|map| &map.entries).map(|(name, _)| name.value.as_str());
        if known().any(|k| k == &*index.value) {
            return Some(Scope::Index(index.value.clone()));
        }
        if table.broken {
            return None;
        }
        let message = format!("`{}` has no index `{}`", name.value, shorten(&index.value));
        let finding = Finding::error("unknown-reference", index.span, message).related(name.span, "the table");
        let finding = match nearest(&index.value, known()) {
            Some(near) => finding.did_you_mean(near),
            None => finding.help(format!("add it to the table: `indexes: {{ {}: … }}`", shorten(&index.value))),
        };
        self.report(finding);
        None
    }

    /// The same verb on the same part twice: a mistake when one was written twice, nothing when sets overlap.
    fn drop_doubles(&mut self, uses: &mut Vec<Use>, start: usize) {
        let mut seen: HashMap<(Verb, Scope), Span> = HashMap::new();
        for used in uses.split_off(start) {
            let Some(first) = seen.insert((used.verb.value, used.scope.clone()), used.verb.span) else {
                uses.push(used);
                continue;
            };
            if first != used.verb.span && self.sources.text(first) == self.sources.text(used.verb.span) {
                let message = format!("`{}` is written twice", used.verb.value);
                let finding = Finding::error("duplicate-entry", used.verb.span, message);
                self.report(finding.related(first, "the other one").help("remove one of them"));
            }
        }
    }

    pub(super) fn emits(&mut self, emits: &spec::Emits) -> Vec<Emit> {
        let mut out: Vec<Emit> = Vec::new();
        let mut seen: HashMap<Id<Event>, Span> = HashMap::new();
        for (event, bus) in &emits.0 {
            let known = self.find_event(event);
            let bus = self.bus(bus.as_ref(), event.span);
            let (Some(event), Some(bus)) = (known, bus) else { continue };
            if let Some(first) = seen.insert(event.value, event.span) {
                let finding = Finding::error("duplicate-entry", event.span, "the event is emitted twice");
                self.report(finding.related(first, "the other one").help("remove one of them"));
                continue;
            }
            out.push(Emit { event, bus });
        }
        out
    }

    /// The bus as written, else the default one.
    pub(super) fn bus(&mut self, bus: Option<&Ref>, span: Span) -> Option<Id<Bus>> {
        if let Some(bus) = bus {
            return self.find::<Bus>(bus).map(|bus| bus.value);
        }
        if self.default_bus.is_none() && !self.buses_unknown() {
            let (message, help) = if self.names.buses.is_empty() {
                ("there is no bus for this event", "add one under `resources`: `mesh: { type: bus, default: true }`")
            } else {
                ("no bus is the default", "add `default: true` to one, or name the bus: `{ <event>: <bus> }`")
            };
            self.report(Finding::error("no-default-bus", span, message).help(help));
        }
        self.default_bus
    }

    /// A broken resource may have been the bus.
    fn buses_unknown(&self) -> bool {
        self.spec.broken
            && (self
                .spec
                .resources
                .as_ref()
                .is_none_or(|map| map.poisoned || map.entries.iter().any(|(_, r)| r.is_none()))
                || self.names.buses.iter().any(|(_, bus)| bus.broken))
    }

    pub(super) fn calls(&mut self, calls: &spec::Calls, own: Id<Function>) -> Vec<Call> {
        let mut out = Vec::new();
        let mut seen: HashMap<&str, Span> = HashMap::new();
        for (callee, mode) in &calls.0 {
            if let Some(first) = seen.insert(&callee.text, callee.span) {
                let finding =
                    Finding::error("duplicate-entry", callee.span, format!("`{}` is called twice", callee.text));
                self.report(finding.related(first, "the other one").help("remove one of them"));
                continue;
            }
            let fits = |node| matches!(node, NodeRef::Function(_) | NodeRef::Workflow(_));
            match self.find_any("function or workflow", callee, fits) {
                Some(NodeRef::Function(function)) => {
                    let sync = mode.as_ref().is_none_or(|m| m.value == CallModeWord::Sync);
                    let mode = if sync { CallMode::Sync } else { CallMode::Async };
                    if function == own && sync {
                        let message = format!("`{}` waits for itself", callee.text);
                        let help = format!("write `calls: {{ {}: async }}`", callee.text);
                        self.report(Finding::error("calls-itself", callee.span, message).help(help));
                    }
                    out.push(Call::Function { function, mode, span: callee.span });
                }
                Some(NodeRef::Workflow(workflow)) => {
                    if let Some(mode) = mode.as_ref().filter(|m| m.value == CallModeWord::Sync) {
                        let message = format!("`{}` is a workflow, which is started and not waited for", callee.text);
                        let help = format!("write `{}: null`", callee.text);
                        self.report(Finding::error("sync-workflow", mode.span, message).help(help));
                    }
                    out.push(Call::Workflow { workflow, span: callee.span });
                }
                Some(node @ NodeRef::Resource(_)) => {
                    let message = format!("`{}` is {}, not a function or workflow", callee.text, node.describe());
                    let help = format!("write `uses: {{ {}: … }}`", callee.text);
                    self.report(Finding::error("wrong-kind", callee.span, message).help(help));
                }
                Some(NodeRef::Poisoned) | None => {}
            }
        }
        out
    }

    /// `rotate.by` is a trigger of that function and grants it `get` and `rotate`.
    pub(super) fn rotations(&mut self, functions: &mut [Option<Function>]) {
        let secrets = std::mem::take(&mut self.names.secrets);
        for (i, (name, secret)) in secrets.iter().enumerate() {
            let Some(by) = secret.rotate.as_ref().and_then(|r| r.by.as_ref()) else { continue };
            // An unknown function is reported with the secret.
            let Some((NodeRef::Function(id), _)) = self.names.get(&by.text) else { continue };
            let Some(Some(function)) = functions.get_mut(id.index()) else { continue };
            let secret = Arena::<Secret>::id_at(i);
            let former = self.former.get(name.value.as_str());
            function.triggers.push(Trigger {
                name: format!("rotation-{}", name.value).into(),
                former_name: former.map(|former| format!("rotation-{}", former.value).into()),
                span: by.span,
                source: TriggerSource::Rotation { secret },
                conditions: Vec::new(),
                retry: None,
                allow_loop: None,
            });
            let resource = Spanned::new(AnyResource::Secret(secret), by.span);
            for verb in [Verb::Get, Verb::Rotate] {
                let written = function.uses.iter().any(|u| u.resource.value == resource.value && u.verb.value == verb);
                if !written {
                    let verb = Spanned::new(verb, by.span);
                    function.uses.push(Use { resource, verb, set: None, scope: Scope::Whole });
                }
            }
        }
        self.names.secrets = secrets;
    }
}

/// The keys that can narrow verbs on a kind of resource.
fn scopes_of(kind: ResourceKind, verbs: &[Verb]) -> &'static [&'static str] {
    match kind {
        ResourceKind::Bucket if verbs == [Verb::Put] => &["prefix", "suffix"],
        ResourceKind::Bucket => &["prefix"],
        ResourceKind::Table if verbs.iter().any(|v| matches!(v, Verb::Query | Verb::Scan)) => &["index", "leading"],
        ResourceKind::Table => &["leading"],
        ResourceKind::Devices => &["topic"],
        ResourceKind::Queue
        | ResourceKind::Topic
        | ResourceKind::Stream
        | ResourceKind::Bus
        | ResourceKind::Secret
        | ResourceKind::Cache
        | ResourceKind::Api
        | ResourceKind::Socket
        | ResourceKind::Identity
        | ResourceKind::Database
        | ResourceKind::External => &[],
    }
}
