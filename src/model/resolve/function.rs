//! Functions: what they run on, where the code is, and what was left out.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::trigger::Owner;
use super::{Resolver, given, stated};
use crate::base::{ByteSize, Duration, EnvName, Name, Section, Span, Spanned};
use crate::diag::Finding;
use crate::model::{
    Arena, Code, Envelope, Function, Given, Id, Logs, Network, Observe, Placement, Queue, Runtime, Scaling, State,
    Table, Trigger, TriggerSource, WarmSchedule,
};
use crate::spec::{self, FunctionDefaults};

/// Time of a function that says nothing, and of one behind http.
const TIMEOUT: Duration = Duration::from_secs(30);
const HTTP_TIMEOUT: Duration = Duration::from_secs(10);
const MEMORY: ByteSize = ByteSize::from_bytes(256 << 20);
const LOG_RETENTION: Duration = Duration::from_secs(30 * 86_400);

impl<'s> Resolver<'s> {
    /// Every function; `None` where what was reported leaves none.
    pub(super) fn resolve_functions(&mut self) -> Vec<Option<Function>> {
        let list = std::mem::take(&mut self.names.functions);
        let mut functions: Vec<Option<Function>> = Vec::with_capacity(list.len());
        for (i, (name, function)) in list.iter().enumerate() {
            functions.push(self.function(name, function, Arena::id_at(i)));
        }
        self.names.functions = list;
        self.rotations(&mut functions);
        for function in functions.iter_mut().flatten() {
            function.uses.sort_by(|a, b| {
                (a.resource.value, a.verb.value, &a.scope).cmp(&(b.resource.value, b.verb.value, &b.scope))
            });
            self.check_bindings(function);
        }
        functions
    }

    fn function(&mut self, name: &'s Spanned<Name>, f: &'s spec::Function, id: Id<Function>) -> Option<Function> {
        let defaults = self.spec.defaults.as_ref().and_then(|d| d.function.as_ref());
        let runtime = self.runtime(name, f, defaults);
        let envelope = runtime.as_ref().map(|runtime| self.envelope(name, f, defaults, runtime));
        // Only an adapter turns the answer of a handler into the platform's list of failures.
        let reports = envelope.as_ref().is_some_and(|e| e.value == Envelope::Portable)
            && runtime.as_ref().is_some_and(|r| r.value.language().is_some());
        let triggers = self.triggers(f.on.as_ref(), Owner { reports });
        let http = triggers.iter().find(|t| matches!(t.source, TriggerSource::Http(_))).map(|t| t.span);
        let uses = f.uses.as_ref().map_or_else(Vec::new, |uses| self.uses(uses));
        let emits = f.emits.as_ref().map_or_else(Vec::new, |emits| self.emits(emits));
        let calls = f.calls.as_ref().map_or_else(Vec::new, |calls| self.calls(calls, id));
        let idempotency = f.idempotency.as_ref().and_then(|i| self.idempotency(i, &triggers));
        let state = self.state(f, &triggers);
        let dead_letter = self.function_dead_letter(f, defaults, &triggers);
        let returns = f.returns.as_ref().and_then(|source| self.read_schema(source));
        let env = self.env(f, defaults);
        let code = runtime.as_ref().and_then(|runtime| self.code(name, f, &runtime.value));
        let own = (f.observe.as_ref(), defaults.and_then(|d| d.observe.as_ref()));
        let network = defaults.and_then(|d| d.network.as_ref());
        let placement = defaults.and_then(|d| d.placement.as_ref());
        let timeout = stated(f.timeout.as_ref(), defaults.and_then(|d| d.timeout.as_ref()));
        Some(Function {
            head: Self::head(Section::Functions, name, f.renamed_from.as_ref(), f.overrides.as_ref()),
            runtime: runtime?,
            handler: f.handler.clone(),
            code: code?,
            envelope: envelope?,
            placement: given(f.placement.as_ref(), placement, name.span, Placement::Region, "no placement was given"),
            state: state?,
            memory: given(
                f.memory.as_ref(),
                defaults.and_then(|d| d.memory.as_ref()),
                name.span,
                MEMORY,
                "256MiB unless it says otherwise",
            ),
            timeout: timeout.unwrap_or_else(|| match http {
                Some(span) => Given::derived(HTTP_TIMEOUT, span, "10s behind http unless it says otherwise"),
                None => Given::derived(TIMEOUT, name.span, "30s unless it says otherwise"),
            }),
            env,
            network: given(f.network.as_ref(), network, name.span, Network::Public, "no network was given"),
            scaling: self.scaling(f.scaling.as_ref(), defaults.and_then(|d| d.scaling.as_ref())),
            observe: self.observe(own.0, own.1, name.span),
            idempotency,
            dead_letter,
            outage: f.outage.or_else(|| defaults.and_then(|d| d.outage)),
            needs_order: f.needs.as_ref().and_then(|needs| needs.0.first()).map(|need| need.span),
            triggers,
            uses,
            emits,
            calls,
            returns,
        })
    }

    fn runtime(
        &mut self,
        name: &Spanned<Name>,
        f: &spec::Function,
        defaults: Option<&FunctionDefaults>,
    ) -> Option<Given<Runtime>> {
        if let Some(runtime) = &f.runtime {
            return Some(Given::stated(runtime.clone()));
        }
        if let Some(image) = &f.image {
            return Some(Given::derived(Runtime::Container, image.span, "it has an image"));
        }
        if let Some(model) = &f.model {
            return Some(Given::derived(Runtime::Model, model.span, "it has a model"));
        }
        if let Some(runtime) = defaults.and_then(|d| d.runtime.as_ref()) {
            return Some(Given::stated(runtime.clone()));
        }
        if !f.broken && !self.spec.defaults.as_ref().is_some_and(|d| d.broken) {
            let message = format!("`{}` has no runtime", name.value);
            let help = "add `runtime: python3.13`, an `image`, or `defaults: { function: { runtime: … } }`";
            self.report(Finding::error("missing-key", name.span, message).help(help));
        }
        None
    }

    fn envelope(
        &mut self,
        name: &Spanned<Name>,
        f: &spec::Function,
        defaults: Option<&FunctionDefaults>,
        runtime: &Given<Runtime>,
    ) -> Given<Envelope> {
        let language = runtime.value.language();
        let adapter = matches!(language, Some("python" | "nodejs")) || runtime.value == Runtime::Container;
        if let Some(own) = f.envelope.as_ref().filter(|e| e.value == Envelope::Portable && !adapter) {
            let what = language.unwrap_or("a model");
            let message = format!("`{}` cannot have a portable envelope: there is no adapter for {what}", name.value);
            let finding = Finding::error("no-adapter", own.span, message).related(runtime.span, "its runtime");
            self.report(finding.help("write `envelope: native`; adapters are there for python and nodejs"));
        }
        // A default of `portable` is meant for those that can have it.
        let default = defaults.and_then(|d| d.envelope.as_ref()).filter(|e| adapter || e.value == Envelope::Native);
        stated(f.envelope.as_ref(), default).unwrap_or_else(|| {
            if runtime.value == Runtime::Container {
                Given::derived(Envelope::Portable, name.span, "a container gets CloudEvents over http")
            } else if adapter {
                Given::derived(Envelope::Portable, name.span, "there is an adapter for its language")
            } else {
                Given::derived(Envelope::Native, name.span, "there is no adapter for its runtime yet")
            }
        })
    }

    /// Where the code is: `code` and `handler` for a language, `image` or `model` for the others.
    fn code(&mut self, name: &Spanned<Name>, f: &spec::Function, runtime: &Runtime) -> Option<Code> {
        let keys = [("code", &f.code), ("image", &f.image), ("model", &f.model)];
        let (wanted, what) = match runtime {
            Runtime::Language { .. } => ("code", "a function in a language"),
            Runtime::Container => ("image", "a container"),
            Runtime::Model => ("model", "a model"),
        };
        let (mut value, mut conflict) = (None, false);
        for (key, given) in keys {
            if key == wanted {
                value.clone_from(given);
            } else if let Some(given) = given {
                let message = format!("{what} takes no `{key}`");
                let help = format!("write `{wanted}: …`, or another `runtime`");
                self.report(Finding::error("conflicting-keys", given.span, message).help(help));
                conflict = true;
            }
        }
        if let Runtime::Language { language, .. } = runtime {
            match &f.handler {
                Some(handler) => self.check_handler(language, handler),
                None if matches!(&**language, "go" | "rust") => {}
                None => self.missing(name, f, "handler", "app.handler"),
            }
        }
        let Some(value) = value else {
            let example = if wanted == "image" { "name:1.0.0" } else { "functions/name" };
            if !conflict {
                self.missing(name, f, wanted, example);
            }
            return None;
        };
        match runtime {
            Runtime::Container => {
                self.check_image(&value);
                Some(Code::Image(value))
            }
            Runtime::Model => Some(Code::Model(value)),
            Runtime::Language { .. } => {
                let path = Spanned::new(self.path(&value)?, value.span);
                let end = path.value.as_str().rsplit_once('.').map(|(_, end)| end);
                let archive = matches!(end, Some("zip" | "jar"));
                Some(if archive { Code::Archive(path) } else { Code::Folder(path) })
            }
        }
    }

    fn missing(&mut self, name: &Spanned<Name>, f: &spec::Function, key: &str, example: &str) {
        if !f.broken && !self.spec.defaults.as_ref().is_some_and(|d| d.broken) {
            let message = format!("`{}` has no `{key}`", name.value);
            let help = format!("add `{key}: {example}`");
            self.report(Finding::error("missing-key", name.span, message).help(help));
        }
    }

    fn state(&mut self, f: &spec::Function, triggers: &[Trigger]) -> Option<State> {
        Some(match &f.state {
            None | Some(spec::State::None) => State::None,
            Some(spec::State::Durable(span)) => State::Durable(*span),
            Some(spec::State::Entity(entity)) => {
                self.check_key(&entity.key, triggers);
                State::Entity { key: entity.key.clone(), store: self.find::<Table>(&entity.store)? }
            }
        })
    }

    /// The function's own, or that of `defaults` where something can fail without an answer.
    fn function_dead_letter(
        &mut self,
        f: &spec::Function,
        defaults: Option<&FunctionDefaults>,
        triggers: &[Trigger],
    ) -> Option<Spanned<Id<Queue>>> {
        if let Some(own) = &f.dead_letter {
            return self.find(&own.to);
        }
        let fails = triggers.iter().any(|t| super::failure::fails_unanswered(&t.source));
        let default = defaults.and_then(|d| d.dead_letter.as_ref()).filter(|_| fails)?;
        self.find(&default.to)
    }

    /// The function's variables over those of `defaults`.
    fn env(&mut self, f: &spec::Function, defaults: Option<&FunctionDefaults>) -> BTreeMap<EnvName, Spanned<Arc<str>>> {
        let mut env = BTreeMap::new();
        for map in defaults.and_then(|d| d.env.as_ref()).into_iter().chain(&f.env) {
            for (name, value) in map.iter() {
                if name.value.as_str().starts_with("ISOBAR_") {
                    let message = format!("`{}` belongs to the compiler", name.value.as_str());
                    let help = "variables that start with `ISOBAR_` come from `uses`, `emits` and `calls`; choose another name";
                    self.report(Finding::error("reserved-variable", name.span, message).help(help));
                } else {
                    env.insert(name.value.clone(), value.clone().map(|v| v.0));
                }
            }
        }
        env
    }

    fn scaling(&mut self, own: Option<&spec::Scaling>, default: Option<&spec::Scaling>) -> Scaling {
        macro_rules! pick {
            ($field:ident) => {{
                let own = own.and_then(|s| s.$field.as_ref());
                own.or_else(|| default.and_then(|s| s.$field.as_ref())).map(|n| n.clone().map(|n| n.0))
            }};
        }
        let schedule = own.and_then(|s| s.schedule.as_ref()).or_else(|| default.and_then(|s| s.schedule.as_ref()));
        let times = schedule.into_iter().flatten().map(|time| WarmSchedule {
            cron: time.cron.clone().map(|c| c.cron),
            text: time.cron.value.text.clone(),
            zone: time.zone.as_ref().map_or_else(|| "UTC".into(), |z| z.value.0.clone()),
            warm: time.warm.0,
        });
        let scaling = Scaling {
            min: pick!(min),
            max: pick!(max),
            warm: pick!(warm),
            concurrency: pick!(concurrency),
            schedule: times.collect(),
        };
        for (low, what) in [(&scaling.min, "min"), (&scaling.warm, "warm")] {
            if let (Some(low), Some(max)) = (low, &scaling.max)
                && low.value > max.value
            {
                let message = format!("`{what}` is {}, more than `max`, which is {}", low.value, max.value);
                let finding = Finding::error("out-of-range", low.span, message).related(max.span, "the most");
                self.report(finding.help(format!("raise `max` to {}, or lower `{what}`", low.value)));
            }
        }
        scaling
    }

    /// What is watched: own values over those of `defaults`.
    pub(super) fn observe(&self, own: Option<&spec::Observe>, default: Option<&spec::Observe>, span: Span) -> Observe {
        let notify = self.spec.alarms.is_some();
        let alarms = if notify { "`alarms.notify` says where they go" } else { "`alarms.notify` was not given" };
        let (trace, no_trace) = (own.and_then(|o| o.trace.as_ref()), default.and_then(|o| o.trace.as_ref()));
        let (logs, no_logs) = (own.and_then(|o| o.logs.as_ref()), default.and_then(|o| o.logs.as_ref()));
        let (alarm, no_alarm) = (own.and_then(|o| o.alarms.as_ref()), default.and_then(|o| o.alarms.as_ref()));
        Observe {
            trace: given(trace, no_trace, span, false, "traces were not asked for"),
            logs: Logs { retention: given(logs, no_logs, span, LOG_RETENTION, "30 days unless it says otherwise") },
            alarms: given(alarm, no_alarm, span, notify, alarms),
        }
    }
}
