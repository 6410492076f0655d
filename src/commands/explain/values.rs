//! The values in force at a node, each with the place that states it or the reason that gives it.

use std::sync::Arc;

use isobar::base::{Sources, Spanned};
use isobar::graph::NodeRef;
use isobar::model::{AnyResource, Cors, Envelope, Function, Given, Model, Network, Ordered, Queue, Runtime};

type Row = [String; 3];

/// Name, value and reason of each.
pub(super) fn of(node: NodeRef, model: &Model, sources: &Sources) -> Vec<Row> {
    let row = Rows { sources };
    match node {
        NodeRef::Function(id) => row.function(&model.functions[id]),
        NodeRef::Resource(AnyResource::Queue(id)) => row.queue(&model.queues[id], model),
        NodeRef::Resource(AnyResource::Table(id)) => vec![row.plain("recovery", &model.tables[id].recovery)],
        NodeRef::Resource(AnyResource::Bucket(id)) => {
            let bucket = &model.buckets[id];
            let own = [row.plain("versioned", &bucket.versioned), row.plain("public", &bucket.public)];
            own.into_iter().chain(row.cors(bucket.cors.as_ref())).collect()
        }
        NodeRef::Resource(AnyResource::Topic(id)) => {
            let topic = &model.topics[id];
            vec![
                row.of("ordered", &topic.ordered, |o| ordered(*o)),
                row.plain("external-subscribers", &topic.external_subscribers),
            ]
        }
        NodeRef::Resource(AnyResource::Api(id)) => row.cors(model.apis[id].cors.as_ref()),
        NodeRef::Resource(AnyResource::Stream(id)) => vec![row.plain("retention", &model.streams[id].retention)],
        NodeRef::Resource(AnyResource::External(id)) => vec![row.plain("port", &model.externals[id].port)],
        NodeRef::Resource(
            AnyResource::Bus(_)
            | AnyResource::Secret(_)
            | AnyResource::Cache(_)
            | AnyResource::Socket(_)
            | AnyResource::Identity(_)
            | AnyResource::Devices(_)
            | AnyResource::Database(_),
        )
        | NodeRef::Event(_)
        | NodeRef::Workflow(_)
        | NodeRef::Route(_)
        | NodeRef::Schedule(_)
        | NodeRef::Native(_) => Vec::new(),
    }
}

struct Rows<'a> {
    sources: &'a Sources,
}

impl Rows<'_> {
    fn plain<T: std::fmt::Display>(&self, name: &str, given: &Given<T>) -> Row {
        self.of(name, given, ToString::to_string)
    }

    fn of<T>(&self, name: &str, given: &Given<T>, show: impl Fn(&T) -> String) -> Row {
        let reason = match &given.derived {
            Some(why) => why.to_string(),
            None => self.sources.place(given.span),
        };
        [name.to_owned(), show(&given.value), reason]
    }

    fn function(&self, f: &Function) -> Vec<Row> {
        vec![
            self.of("runtime", &f.runtime, runtime),
            self.of("envelope", &f.envelope, |e| match e {
                Envelope::Portable => "portable".to_owned(),
                Envelope::Native => "native".to_owned(),
            }),
            self.plain("memory", &f.memory),
            self.plain("timeout", &f.timeout),
            self.of("network", &f.network, |n| match n {
                Network::Public => "public".to_owned(),
                Network::Private => "private".to_owned(),
            }),
            self.plain("observe.trace", &f.observe.trace),
            self.plain("observe.logs", &f.observe.logs.retention),
            self.plain("observe.alarms", &f.observe.alarms),
        ]
    }

    fn cors(&self, cors: Option<&Cors>) -> Vec<Row> {
        let Some(cors) = cors else { return Vec::new() };
        let listed = |list: &Vec<Spanned<Arc<str>>>| list.iter().map(|one| &*one.value).collect::<Vec<_>>().join(", ");
        vec![self.of("cors.methods", &cors.methods, listed), self.of("cors.headers", &cors.headers, listed)]
    }

    fn queue(&self, queue: &Queue, model: &Model) -> Vec<Row> {
        let mut rows = vec![
            self.of("ordered", &queue.ordered, |o| ordered(*o)),
            self.plain("retention", &queue.retention),
            self.plain("visibility", &queue.visibility),
            self.plain("manual", &queue.manual),
        ];
        if let Some(dead_letter) = &queue.dead_letter {
            rows.push(self.plain("dead-letter.after", &dead_letter.after));
            rows.push(self.of("dead-letter.to", &dead_letter.to, |id| model.queues[*id].head.name().to_owned()));
        }
        rows
    }
}

fn runtime(runtime: &Runtime) -> String {
    match runtime {
        Runtime::Language { language, version } => format!("{language}{version}"),
        Runtime::Container => "container".to_owned(),
        Runtime::Model => "model".to_owned(),
    }
}

fn ordered(ordered: Ordered) -> String {
    match ordered {
        Ordered::No => "false".to_owned(),
        Ordered::PerKey => "true".to_owned(),
        Ordered::Strict => "strict".to_owned(),
    }
}
