//! Functions and the defaults of every kind.

use std::sync::Arc;

use schemars::{Schema, SchemaGenerator, json_schema};

use super::context::Context;
use super::declare::{declaration, words};
use super::fields::Fields;
use super::parse::{Many, Map, Parse};
use super::scalar::{AnyText, Ref, bare_word, mistaken, text_scalar, unknown_word};
use super::{
    ApiDefaults, BucketDefaults, Calls, Emits, Idempotency, IdempotencyKey, Observe, QueueDefaults, Scaling,
    SchemaSource, StreamDefaults, TableDefaults, Trigger, Uses,
};
use crate::base::{ByteSize, Duration, EnvName, Span, Spanned, nearest};
use crate::yaml::{Kind, Node};

/// What a function runs on.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Runtime {
    /// A language with its version: `python3.13` is `python`, `3.13`.
    Language {
        /// `python`, `nodejs`, `java`, `dotnet`, `go`, `ruby`, `rust`.
        language: Arc<str>,
        /// `3.13`, `22`; empty for compiled languages.
        version: Arc<str>,
    },
    /// An image.
    Container,
    /// A model.
    Model,
}

/// Languages, each with a version as it is written now.
const LANGUAGES: [(&str, &str); 7] =
    [("python", "3.13"), ("nodejs", "22"), ("java", "21"), ("dotnet", "8"), ("go", ""), ("ruby", "3.4"), ("rust", "")];

impl Runtime {
    fn read(text: &str) -> Option<Self> {
        match text {
            "container" => return Some(Self::Container),
            "model" => return Some(Self::Model),
            _ => {}
        }
        let split = text.find(|c: char| c.is_ascii_digit()).unwrap_or(text.len());
        let (language, version) = text.split_at_checked(split)?;
        let (_, usual) = LANGUAGES.iter().find(|(name, _)| *name == language)?;
        let digits = version.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()));
        let valid = (version.is_empty() && usual.is_empty()) || (!version.is_empty() && digits && version.len() <= 8);
        valid.then(|| Self::Language { language: language.into(), version: version.into() })
    }
}

text_scalar!(Runtime, "a runtime", "python3.13", {
    "type": "string",
    "pattern": "^(container|model|go([0-9]+(\\.[0-9]+)*)?|rust([0-9]+(\\.[0-9]+)*)?|(python|nodejs|java|dotnet|ruby)[0-9]+(\\.[0-9]+)*)$",
    "examples": ["python3.13", "nodejs22", "java21", "dotnet8", "go", "ruby3.4", "rust", "container", "model"]
}, |text, span, cx| {
    let runtime = Runtime::read(text);
    if runtime.is_none() {
        // `nodejs22.x` and `node22` are how others write it.
        let word: String = text.chars().take_while(char::is_ascii_alphabetic).collect::<String>().to_ascii_lowercase();
        let version = text.get(word.len()..).unwrap_or_default().trim_start_matches(['-', ':']).trim_end_matches(".x");
        let language = match &*word {
            "node" | "js" | "javascript" | "typescript" => Some("nodejs"),
            "py" => Some("python"),
            "golang" => Some("go"),
            other => nearest(other, LANGUAGES.iter().map(|(name, _)| *name).chain(["container", "model"])),
        };
        let near = language.map(|name| {
            let usual = LANGUAGES.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| *v);
            let own = format!("{name}{version}");
            if Runtime::read(&own).is_some() { own } else { format!("{name}{usual}") }
        });
        let other = "write a language with its version, such as `python3.13` or `nodejs22`, or `container` or `model`";
        mistaken(cx, "invalid-runtime", text, span, "not a runtime", near.as_deref().ok_or(other));
    }
    runtime
});

words! {
    /// What a handler receives.
    Envelope("an envelope") {
        /// `CloudEvents`, the same on every target.
        Portable = "portable",
        /// What the platform sends.
        Native = "native",
    }
}

words! {
    /// Where a function runs.
    Placement("a placement") {
        /// In a region.
        Region = "region",
        /// Near the caller.
        Edge = "edge",
    }
}

words! {
    /// Which network a function is in.
    Network("a network") {
        /// The platform's.
        Public = "public",
        /// The application's own.
        Private = "private",
    }
}

words! {
    /// What a function needs of its sources.
    Need("a need") {
        /// What belongs to one key has to come in the order it was sent.
        Order = "order",
    }
}

declaration! {
    /// The entity of a function: one instance per key, whose writes never interleave.
    pub struct Entity("an entity", "{ key: \"path:cartId\", store: carts }") {
        /// `/pointer` into the payload, `header:name`, `path:parameter` or `event:id`.
        key: Spanned<IdempotencyKey>,
        /// The table that holds its state.
        store: Ref,
    }
}

/// What a function keeps between calls.
#[derive(Debug, Clone)]
pub enum State {
    /// Nothing.
    None,
    /// A durable execution.
    Durable(Span),
    /// One instance per key.
    Entity(Entity),
}

impl Parse for State {
    const WHAT: &'static str = "a state";
    const EXAMPLE: &'static str = "{ entity: { key: \"path:cartId\", store: carts } }";

    fn parse(node: &Node, cx: &mut Context) -> Option<Self> {
        match &node.kind {
            Kind::Scalar(s) if &*s.text == "none" => Some(Self::None),
            Kind::Scalar(s) if &*s.text == "durable" => Some(Self::Durable(node.span)),
            Kind::Scalar(s) if &*s.text == "entity" => {
                bare_word(cx, &s.text, node.span, Self::EXAMPLE);
                None
            }
            Kind::Scalar(s) if !s.is_null() => {
                cx.report(unknown_word(cx.key(), &s.text, node.span, &["none", "durable", "entity"]));
                None
            }
            Kind::Scalar(_) | Kind::Seq(_) | Kind::Map(_) => {
                let fields = Fields::open(node, Self::WHAT, Self::EXAMPLE, cx)?.knowing(&["entity"]);
                fields.close(cx);
                fields.take("entity", cx).map(Self::Entity)
            }
        }
    }

    fn schema(generator: &mut SchemaGenerator) -> Schema {
        let entity = Entity::schema(generator);
        json_schema!({ "anyOf": [
            { "enum": ["none", "durable"] },
            { "type": "object", "properties": { "entity": entity }, "required": ["entity"], "additionalProperties": false }
        ] })
    }
}

declaration! {
    /// Where failed asynchronous invocations go.
    pub struct DeadLetter("a dead letter", "{ to: job-failures }") {
        /// The queue.
        to: Ref,
    }
}

declaration! {
    /// What computes: runtime × placement × state, what runs it, and what it may touch.
    pub node Function("a function", "{ code: functions/report, handler: report.handler }") {
        /// What the function does, for people.
        description: Option<Spanned<Arc<str>>>,
        /// A language with its version (`python3.13`, `nodejs22`, `java21`, `dotnet8`, `go`, `ruby3.4`, `rust`), `container`
        /// or `model`. Left out with an `image` it is `container`.
        runtime: Option<Spanned<Runtime>>,
        /// Entry point: `module.function` or what the language calls so.
        handler: Option<Spanned<Arc<str>>>,
        /// A folder, or a built `.zip` or `.jar`, relative to the file that names it.
        code: Option<Spanned<Arc<str>>>,
        /// An image with tag or digest; the target's registry goes before it.
        image: Option<Spanned<Arc<str>>>,
        /// A hosted model or the path of one, for `runtime: model`.
        model: Option<Spanned<Arc<str>>>,
        /// What the handler receives: `portable` `CloudEvents` (the default for Python, Node.js and containers) or the
        /// platform's `native` form.
        envelope: Option<Spanned<Envelope>>,
        /// `region` (the default) or `edge`.
        placement: Option<Spanned<Placement>>,
        /// `none` (the default), `durable`, or an `entity` per key.
        state: Option<State>,
        /// Memory; 256MiB when left out.
        memory: Option<Spanned<ByteSize>>,
        /// Longest run; 30 s when left out, 10 s behind http.
        timeout: Option<Spanned<Duration>>,
        /// Variables of the code. Names that start with `ISOBAR_` belong to the compiler.
        env: Option<Map<EnvName, Spanned<AnyText>>>,
        /// `public` (the default) or `private`.
        network: Option<Spanned<Network>>,
        /// How many instances there are.
        scaling: Option<Scaling>,
        /// What is watched.
        observe: Option<Observe>,
        /// How the code bears that an input comes twice: `natural`, `natural: <reason>`, or a key with a store and a window.
        idempotency: Option<Idempotency>,
        /// Where failed asynchronous invocations go. For a queue it stands on the queue.
        dead_letter "dead-letter": Option<DeadLetter>,
        /// The longest downtime that its sources must bridge.
        outage: Option<Spanned<Duration>>,
        /// What it needs of its sources: `order`.
        needs: Option<Many<Spanned<Need>>>,
        /// What runs it.
        on: Option<Many<Trigger>>,
        /// Resources with the operations that the code does on them.
        uses: Option<Uses>,
        /// Events that the code sends to a bus.
        emits: Option<Emits>,
        /// Functions that the code calls and workflows that it starts.
        calls: Option<Calls>,
        /// JSON Schema of its result, for expressions of workflows.
        returns: Option<SchemaSource>,
    }
}

declaration! {
    /// What every function has unless it says otherwise. Mappings are merged key by key.
    pub struct FunctionDefaults("defaults of functions", "{ runtime: python3.13 }") {
        /// A language with its version, `container` or `model`.
        runtime: Option<Spanned<Runtime>>,
        /// `portable` or `native`.
        envelope: Option<Spanned<Envelope>>,
        /// `region` or `edge`.
        placement: Option<Spanned<Placement>>,
        /// Memory.
        memory: Option<Spanned<ByteSize>>,
        /// Longest run.
        timeout: Option<Spanned<Duration>>,
        /// Variables of the code.
        env: Option<Map<EnvName, Spanned<AnyText>>>,
        /// `public` or `private`.
        network: Option<Spanned<Network>>,
        /// How many instances there are.
        scaling: Option<Scaling>,
        /// What is watched.
        observe: Option<Observe>,
        /// Where failed asynchronous invocations go.
        dead_letter "dead-letter": Option<DeadLetter>,
        /// The longest downtime that its sources must bridge.
        outage: Option<Spanned<Duration>>,
    }
}

declaration! {
    /// What nodes of a kind have unless they say otherwise.
    pub struct Defaults("defaults", "{ function: { runtime: python3.13 } }") {
        /// Of functions.
        function: Option<FunctionDefaults>,
        /// Of tables.
        table: Option<TableDefaults>,
        /// Of buckets.
        bucket: Option<BucketDefaults>,
        /// Of queues.
        queue: Option<QueueDefaults>,
        /// Of streams.
        stream: Option<StreamDefaults>,
        /// Of APIs.
        api: Option<ApiDefaults>,
        /// Of workflows.
        workflow: Option<WorkflowDefaults>,
    }
}

declaration! {
    /// What every workflow has unless it says otherwise.
    pub struct WorkflowDefaults("defaults of workflows", "{ observe: { trace: true } }") {
        /// What is watched.
        observe: Option<Observe>,
        /// Where failed executions go.
        dead_letter "dead-letter": Option<DeadLetter>,
    }
}
