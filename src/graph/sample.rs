//! Models made by hand for unit tests. Each place is a line of an invented source, so that spans differ and print.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Graph;
use crate::base::{ByteSize, Duration, EventType, FileId, Name, NodePath, RelPath, Section, Sources, Span, Spanned};
use crate::model::{
    AllowLoop, AnyResource, Api, Arena, Attribute, AttributeType, Auth, Bus, Code, Emit, Envelope, Environment, Event,
    EventVersion, Function, Given, Head, Http, Id, Logs, Method, Model, Network, Observe, Ordered, Placement, Queue,
    QueueDeadLetter, Retry, Route, RouteSegment, Runtime, Scaling, Scope, State, Table, TableKey, Trigger,
    TriggerSource, Use, Verb, Workflow,
};

/// A model under construction. Ids count in the order of the calls.
#[derive(Default)]
pub(crate) struct Sample {
    text: String,
    pub(crate) events: Vec<Event>,
    pub(crate) tables: Vec<Table>,
    pub(crate) queues: Vec<Queue>,
    pub(crate) buses: Vec<Bus>,
    pub(crate) apis: Vec<Api>,
    pub(crate) functions: Vec<Function>,
    pub(crate) workflows: Vec<Workflow>,
    pub(crate) native: BTreeMap<String, crate::model::Native>,
}

impl Sample {
    /// A new line of the invented source.
    pub(crate) fn at(&mut self, text: &str) -> Span {
        let start = u32::try_from(self.text.len()).unwrap();
        self.text.push_str(text);
        self.text.push('\n');
        Span::new(FileId(0), start, start + u32::try_from(text.len()).unwrap())
    }

    fn head(&mut self, section: Section, name: &str) -> Head {
        Head {
            path: NodePath::new(section, name),
            span: self.at(name),
            renamed_from: None,
            overrides: BTreeMap::new(),
            derived: None,
        }
    }

    pub(crate) fn event(&mut self, name: &str) -> Id<Event> {
        let head = self.head(Section::Events, name);
        let version = Given::derived(EventVersion { major: 1, minor: 0, patch: 0 }, head.span, "the default");
        self.events.push(Event {
            head,
            event_type: EventType::parse(name).unwrap(),
            version,
            schema: None,
            key: None,
            id: None,
            source: None,
            max_size: None,
        });
        Arena::<Event>::id_at(self.events.len() - 1)
    }

    pub(crate) fn table(&mut self, name: &str) -> Id<Table> {
        let head = self.head(Section::Resources, name);
        let partition = Attribute { name: Spanned::new("id".into(), head.span), kind: AttributeType::String };
        let recovery = Given::derived(false, head.span, "the default");
        self.tables.push(Table {
            head,
            key: TableKey { partition, sort: None },
            indexes: Vec::new(),
            expires: None,
            recovery,
            changes: false,
        });
        Arena::<Table>::id_at(self.tables.len() - 1)
    }

    pub(crate) fn queue(&mut self, name: &str) -> Id<Queue> {
        let head = self.head(Section::Resources, name);
        let span = head.span;
        self.queues.push(Queue {
            head,
            carries: None,
            ordered: Given::derived(Ordered::No, span, "the default"),
            retention: Given::derived(Duration::from_secs(4 * 86_400), span, "the default"),
            visibility: Given::derived(Duration::from_secs(180), span, "six times the timeout"),
            delay: None,
            dead_letter: None,
            dead_letter_of: Vec::new(),
            manual: Given::derived(false, span, "the default"),
        });
        Arena::<Queue>::id_at(self.queues.len() - 1)
    }

    pub(crate) fn dead_letter(&mut self, from: Id<Queue>, to: Id<Queue>) {
        let span = self.at("dead-letter");
        self.queues[from.index()].dead_letter = Some(QueueDeadLetter {
            after: Given::stated(Spanned::new(5, span)),
            to: Given::stated(Spanned::new(to, span)),
        });
        self.queues[to.index()].dead_letter_of.push(from);
    }

    pub(crate) fn bus(&mut self, name: &str) -> Id<Bus> {
        let head = self.head(Section::Resources, name);
        self.buses.push(Bus { head, default: true });
        Arena::<Bus>::id_at(self.buses.len() - 1)
    }

    pub(crate) fn api(&mut self, name: &str) -> Id<Api> {
        let head = self.head(Section::Resources, name);
        self.apis.push(Api { head, auth: Auth::Unstated, cors: None, throttle: None });
        Arena::<Api>::id_at(self.apis.len() - 1)
    }

    pub(crate) fn function(&mut self, name: &str) -> Id<Function> {
        let head = self.head(Section::Functions, name);
        let span = head.span;
        let runtime = Runtime::Language { language: "python".into(), version: "3.13".into() };
        self.functions.push(Function {
            head,
            runtime: Given::derived(runtime, span, "defaults"),
            handler: Some(Spanned::new("app.handler".into(), span)),
            code: Code::Folder(Spanned::new(RelPath::resolve("", name).unwrap(), span)),
            envelope: Given::derived(Envelope::Portable, span, "the default"),
            placement: Given::derived(Placement::Region, span, ""),
            state: State::None,
            memory: Given::derived(ByteSize::from_bytes(256 << 20), span, "the default"),
            timeout: Given::derived(Duration::from_secs(30), span, "the default"),
            env: BTreeMap::new(),
            network: Given::derived(Network::Public, span, "the default"),
            scaling: Scaling::default(),
            observe: observe(span),
            idempotency: None,
            dead_letter: None,
            outage: None,
            needs_order: None,
            triggers: Vec::new(),
            uses: Vec::new(),
            emits: Vec::new(),
            calls: Vec::new(),
            returns: None,
        });
        Arena::<Function>::id_at(self.functions.len() - 1)
    }

    pub(crate) fn workflow(&mut self, name: &str) -> Id<Workflow> {
        let head = self.head(Section::Workflows, name);
        let observe = observe(head.span);
        self.workflows.push(Workflow {
            head,
            triggers: Vec::new(),
            tasks: Vec::new(),
            express: false,
            idempotency: None,
            dead_letter: None,
            observe,
        });
        Arena::<Workflow>::id_at(self.workflows.len() - 1)
    }

    pub(crate) fn uses(&mut self, who: Id<Function>, resource: AnyResource, verb: Verb, scope: Scope) {
        let span = self.at(verb.as_str());
        let resource = Spanned::new(resource, span);
        self.functions[who.index()].uses.push(Use { resource, verb: Spanned::new(verb, span), set: None, scope });
    }

    pub(crate) fn emits(&mut self, who: Id<Function>, event: Id<Event>, bus: Id<Bus>) {
        let event = Spanned::new(event, self.at("emits"));
        self.functions[who.index()].emits.push(Emit { event, bus });
    }

    /// A trigger of a function; `source` is told its span.
    pub(crate) fn on(&mut self, who: Id<Function>, source: impl FnOnce(Span) -> TriggerSource) {
        let trigger = self.trigger(source);
        self.functions[who.index()].triggers.push(trigger);
    }

    pub(crate) fn trigger(&mut self, source: impl FnOnce(Span) -> TriggerSource) -> Trigger {
        let span = self.at("trigger");
        let retry: Option<Retry> = None;
        let allow_loop: Option<AllowLoop> = None;
        let (source, conditions) = (source(span), Vec::new());
        let mut trigger = Trigger { name: "".into(), former_name: None, span, source, conditions, retry, allow_loop };
        trigger.name = trigger.kind().as_str().into();
        trigger
    }

    pub(crate) fn build(self) -> (Graph, Sources) {
        let mut sources = Sources::default();
        sources.add("isobar.yaml", self.text.as_str());
        let span = Span::start_of(FileId(0));
        let model = Model {
            app: Spanned::new(Name::parse("sample").unwrap(), span),
            description: None,
            environment: Environment { name: Name::parse("default").unwrap(), protected: false, declared: Vec::new() },
            alarms: None,
            events: arena(self.events),
            tables: arena(self.tables),
            buckets: Arena::default(),
            queues: arena(self.queues),
            topics: Arena::default(),
            streams: Arena::default(),
            buses: arena(self.buses),
            secrets: Arena::default(),
            caches: Arena::default(),
            apis: arena(self.apis),
            sockets: Arena::default(),
            identities: Arena::default(),
            devices: Arena::default(),
            databases: Arena::default(),
            externals: Arena::default(),
            functions: arena(self.functions),
            workflows: arena(self.workflows),
            targets: BTreeMap::new(),
            native: self.native,
            lint: BTreeMap::new(),
        };
        (Graph::build(Arc::new(model)), sources)
    }
}

/// `on: queue`
pub(crate) fn from_queue(from: Id<Queue>) -> impl FnOnce(Span) -> TriggerSource {
    move |span| TriggerSource::Queue {
        from: Spanned::new(from, span),
        batch: Given::derived(10, span, "the default"),
        window: None,
        partial_failures: Given::derived(true, span, "the default"),
        concurrency: None,
    }
}

/// `on: event`
pub(crate) fn on_event(event: Id<Event>, bus: Id<Bus>) -> impl FnOnce(Span) -> TriggerSource {
    move |span| TriggerSource::Event {
        types: vec![Spanned::new(event, span)],
        bus: Given::derived(bus, span, "the default bus"),
    }
}

/// `on: http` at `GET /orders`
pub(crate) fn on_http(api: Id<Api>) -> impl FnOnce(Span) -> TriggerSource {
    move |span| {
        TriggerSource::Http(Http {
            api: Spanned::new(api, span),
            route: Spanned::new(
                Route { method: Method::Get, segments: vec![RouteSegment::Literal("orders".into())] },
                span,
            ),
            body: None,
            returns: None,
            auth: Auth::Unstated,
            throttle: None,
        })
    }
}

fn observe(span: Span) -> Observe {
    Observe {
        trace: Given::derived(false, span, "the default"),
        logs: Logs { retention: Given::derived(Duration::from_secs(30 * 86_400), span, "the default") },
        alarms: Given::derived(true, span, "the default"),
    }
}

fn arena<T>(items: Vec<T>) -> Arena<T> {
    let mut arena = Arena::default();
    for item in items {
        arena.push(item);
    }
    arena
}
