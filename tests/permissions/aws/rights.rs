//! What each verb is in calls of the SDK, by knowledge of the SDK: which operation with which parameters, which action
//! that is, on which resource, and what a condition sees of it.

use isobar::analysis::{Actor, Object, Tuple};
use isobar::graph::Runner;
use isobar::model::{AnyResource, Function, Id, Scope, TriggerKind, Verb};
use serde_json::{Value, json};

use super::judge::{Context, Request};
use super::names::{ACCOUNT, Names, REGION, arn};

/// A part of all texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// One.
    Just(String),
    /// Those that begin and end so.
    Between(String, String),
}

impl Part {
    fn has(&self, text: &str) -> bool {
        match self {
            Self::Just(one) => one == text,
            Self::Between(start, end) => {
                text.len() >= start.len() + end.len()
                    && text.starts_with(start.as_str())
                    && text.ends_with(end.as_str())
            }
        }
    }

    pub(crate) fn example(&self) -> String {
        match self {
            Self::Just(one) => one.clone(),
            Self::Between(start, end) => format!("{start}k1{end}"),
        }
    }

    /// Texts that are nearly in it.
    fn beside(&self) -> Vec<String> {
        match self {
            Self::Just(one) => vec![format!("{one}-x"), format!("x{one}")],
            Self::Between(start, end) => {
                let mut out = vec![format!("x{start}k1{end}")];
                if let Some(less) = start.strip_suffix(|_: char| true) {
                    out.push(format!("{less}~k1{end}"));
                }
                if !end.is_empty() {
                    out.push(format!("{start}k1{end}x"));
                }
                out
            }
        }
    }
}

/// A call of the SDK.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Operation {
    pub(crate) service: &'static str,
    pub(crate) name: &'static str,
    pub(crate) parameters: Value,
}

/// One action that somebody has to be able to do, on a part of the resources, where what a condition sees has these values.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Right {
    pub(crate) action: String,
    pub(crate) resource: Part,
    /// All values of a key have to be in one of its parts.
    pub(crate) demands: Vec<(&'static str, Vec<Part>)>,
    /// What else a condition sees of such a call.
    pub(crate) seen: Context,
    /// What it sees only of other calls on the same resource.
    pub(crate) seen_of_others: Context,
    /// Such a call, where the SDK has one.
    pub(crate) operation: Option<Operation>,
    /// Resources of the same kind that it is not on.
    pub(crate) siblings: Vec<String>,
    /// The verb, for messages.
    pub(crate) verb: String,
}

impl Right {
    fn new(verb: Verb, (service, name): (&'static str, &'static str), resource: Part, parameters: Value) -> Self {
        // The SDK names what it calls, the platform what it lets do; mostly these are the same.
        let action = match (service, name) {
            ("dynamodb", "TransactWriteItems") => "ConditionCheckItem",
            ("lambda", "Invoke") => "InvokeFunction",
            ("s3", "ListObjectsV2") => "ListBucket",
            _ => name,
        };
        Self {
            action: format!("{service}:{action}"),
            resource,
            demands: Vec::new(),
            seen: Context::new(),
            seen_of_others: Context::new(),
            operation: Some(Operation { service, name, parameters }),
            siblings: Vec::new(),
            verb: verb.to_string(),
        }
    }

    /// Whether it is a right to do this.
    pub(crate) fn covers(&self, request: &Request) -> bool {
        let demanded = |(key, parts): &(&str, Vec<Part>)| {
            let values = request.context.get(key);
            values.is_some_and(|all| all.iter().all(|value| parts.iter().any(|part| part.has(value))))
        };
        // An action that knows no resources is judged on everything, whatever it is tried on.
        let knows_none = self.resource == Part::Just("*".to_owned());
        self.action.eq_ignore_ascii_case(&request.action)
            && (knows_none || self.resource.has(&request.resource))
            && self.demands.iter().all(demanded)
    }

    /// A call that it is the right to.
    pub(crate) fn example(&self) -> Request {
        let mut context = self.seen.clone();
        context.extend(self.demands.iter().map(|(key, parts)| (*key, vec![parts[0].example()])));
        Request { service: None, action: self.action.clone(), resource: self.resource.example(), context }
    }

    /// Calls that it is the right to, with all kinds of values.
    pub(crate) fn examples(&self) -> Vec<Request> {
        let mut out = vec![self.example()];
        for (key, parts) in &self.demands {
            for other in parts.iter().skip(1) {
                let mut request = self.example();
                request.context.insert(key, vec![other.example()]);
                out.push(request);
            }
        }
        out
    }

    /// Another action on the same.
    pub(crate) fn with_action(&self, action: String) -> Request {
        let mut request = Request { action, ..self.example() };
        request.context.extend(self.seen_of_others.clone());
        request
    }

    /// Calls that nearly are: on a sibling, on another part, with other values, or with one more value of a set.
    pub(crate) fn astray(&self) -> Vec<Request> {
        let example = self.example();
        let on = |resource: String| Request { resource, ..example.clone() };
        let mut out: Vec<Request> = self.siblings.iter().cloned().chain(self.resource.beside()).map(on).collect();
        out.retain(|request| self.resource != Part::Just("*".to_owned()) || request.resource == "*");
        for (key, parts) in &self.demands {
            let with = |values: Vec<String>| {
                let mut request = example.clone();
                request.context.insert(key, values);
                request
            };
            for other in parts.iter().flat_map(Part::beside) {
                out.push(with(vec![other.clone()]));
                // Each entry of `PutEvents` is judged by itself; a call on a table names all of its rows at once.
                out.extend((*key == super::tables::KEYS).then(|| with(vec![parts[0].example(), other])));
            }
            out.push(with(vec!["elsewhere".to_owned()]));
        }
        out
    }
}

/// Everything that roles have to be able to do, each with the node whose role it is. What the platform does by itself is
/// not among it.
pub(crate) fn rights(names: Names<'_>, tuple: &Tuple) -> Vec<(String, Right)> {
    let model = names.model;
    let role = |runner: Runner| match runner {
        Runner::Function(id) => model.functions[id].head.path.to_string(),
        Runner::Workflow(_) => panic!("no workflow is emitted"),
    };
    let of = |node: String| move |right: Right| (node.clone(), right);
    match tuple.by {
        Actor::Runner(runner) => {
            by_function(names, runner, tuple).into_iter().chain(keyed(names, tuple)).map(of(role(runner))).collect()
        }
        Actor::Delivery(reference) => {
            let trigger = reference.get(model).expect("a trigger");
            let function = role(reference.runner);
            let scheduler = format!("{function}.on.{}", trigger.name);
            let all = |node: String| {
                received(names, tuple).into_iter().chain(keyed(names, tuple)).map(of(node)).collect::<Vec<_>>()
            };
            // Lambda takes from queues and sets aside with the role of the function; a schedule has a role of its own.
            match (trigger.kind(), tuple.verb) {
                (TriggerKind::Schedule, Verb::Invoke) => all(scheduler),
                (TriggerKind::Schedule, Verb::SetAside) => [all(scheduler), all(function)].concat(),
                (TriggerKind::Queue, Verb::Receive)
                | (TriggerKind::Topic | TriggerKind::Event | TriggerKind::Object, Verb::SetAside) => all(function),
                _ => Vec::new(),
            }
        }
        Actor::AsyncCall(id) => {
            let all = received(names, tuple).into_iter().chain(keyed(names, tuple));
            all.map(of(role(Runner::Function(id)))).collect()
        }
        // The queue service moves by itself, and alarms publish as the platform.
        Actor::Redrive(_) | Actor::Alarms => Vec::new(),
    }
}

/// What a key of the account's own asks of who uses something that it encrypts, through that service alone.
fn keyed(names: Names<'_>, tuple: &Tuple) -> Vec<Right> {
    let Some(key) = names.key() else { return Vec::new() };
    let Object::Resource(resource) = tuple.on else { return Vec::new() };
    let (service, writes) = match (resource, tuple.verb) {
        (AnyResource::Queue(_), Verb::Receive) => ("sqs", false),
        (AnyResource::Queue(_), Verb::Send | Verb::SetAside) => ("sqs", true),
        (AnyResource::Topic(_), Verb::Publish) => ("sns", true),
        (AnyResource::Bucket(_), Verb::Get) => ("s3", false),
        (AnyResource::Bucket(_), Verb::Put) => ("s3", true),
        (AnyResource::Secret(_), Verb::Get) => ("secretsmanager", false),
        (AnyResource::Secret(_), Verb::Rotate) => ("secretsmanager", true),
        _ => return Vec::new(),
    };
    let right = |name: &&'static str| {
        let mut right = Right::new(tuple.verb, ("kms", name), Part::Just(key.clone()), json!({}));
        right.operation = None;
        right.demands = vec![("kms:ViaService", vec![Part::Just(format!("{service}.{REGION}.amazonaws.com"))])];
        right.siblings = vec![key.replace("key/", "key/other-")];
        right
    };
    let names: &[&str] = if writes { &["Decrypt", "GenerateDataKey"] } else { &["Decrypt"] };
    names.iter().map(right).collect()
}

/// Network interfaces, which the platform makes with the role of the function.
fn join() -> Vec<Right> {
    let right = |(name, on): (&'static str, &str)| {
        let resource = match on {
            "*" => Part::Just("*".to_owned()),
            kind => Part::Between(format!("arn:aws:ec2:{REGION}:{ACCOUNT}:{kind}/"), String::new()),
        };
        let mut right = Right::new(Verb::Join, ("ec2", name), resource, json!({}));
        right.operation = None;
        right
    };
    [
        ("CreateNetworkInterface", "network-interface"),
        ("CreateNetworkInterface", "subnet"),
        ("CreateNetworkInterface", "security-group"),
        ("AssignPrivateIpAddresses", "network-interface"),
        ("DeleteNetworkInterface", "network-interface"),
        ("UnassignPrivateIpAddresses", "network-interface"),
        ("DescribeNetworkInterfaces", "*"),
        ("DescribeSubnets", "*"),
    ]
    .map(right)
    .into()
}

fn received(names: Names<'_>, tuple: &Tuple) -> Vec<Right> {
    match (tuple.verb, tuple.on) {
        (Verb::Receive, Object::Resource(AnyResource::Queue(_))) => {
            ["ReceiveMessage", "DeleteMessage", "GetQueueAttributes"].map(|name| queue(names, tuple, name)).into()
        }
        (Verb::SetAside, _) => vec![queue(names, tuple, "SendMessage")],
        (Verb::Invoke, Object::Runner(Runner::Function(id))) => vec![invoke(names, id)],
        _ => panic!("{tuple:?} is not known"),
    }
}

fn by_function(names: Names<'_>, runner: Runner, tuple: &Tuple) -> Vec<Right> {
    let Runner::Function(by) = runner else { panic!("no workflow is emitted") };
    match tuple.on {
        Object::Runner(Runner::Function(on)) => match tuple.verb {
            Verb::Invoke => vec![invoke(names, on)],
            Verb::Log => logs(names, on),
            Verb::Join => join(),
            Verb::Trace => ["PutTelemetryRecords", "PutTraceSegments"]
                .map(|name| Right::new(Verb::Trace, ("xray", name), Part::Just("*".to_owned()), json!({})))
                .into(),
            _ => panic!("{tuple:?} is not known"),
        },
        Object::Runner(Runner::Workflow(_)) => panic!("no workflow is emitted"),
        Object::Resource(resource) => match resource {
            AnyResource::Table(_) => super::tables::rights(names, by, tuple),
            AnyResource::Bucket(_) => super::buckets::rights(names, tuple),
            AnyResource::Queue(_) if tuple.verb == Verb::Send => vec![queue(names, tuple, "SendMessage")],
            AnyResource::Topic(_) => {
                let arn = names.arn(resource);
                vec![on(names, tuple, ("sns", "Publish"), json!({ "TopicArn": arn, "Message": "m" }))]
            }
            AnyResource::Secret(_) => {
                let operations: &[&str] = match tuple.verb {
                    Verb::Get => &["GetSecretValue"],
                    Verb::Rotate => &["DescribeSecret", "PutSecretValue", "UpdateSecretVersionStage"],
                    _ => panic!("{tuple:?} is not known"),
                };
                let id = json!({ "SecretId": names.arn(resource) });
                operations.iter().map(|name| on(names, tuple, ("secretsmanager", name), id.clone())).collect()
            }
            AnyResource::Bus(_) => vec![emit(names, by, tuple)],
            // The internet asks nobody.
            AnyResource::External(_) => Vec::new(),
            _ => panic!("{tuple:?} is not known"),
        },
    }
}

fn resource(tuple: &Tuple) -> AnyResource {
    let Object::Resource(resource) = tuple.on else { panic!("{tuple:?} is on no resource") };
    resource
}

/// Others of the same kind in the application, and one that is not in it.
pub(crate) fn siblings(names: Names<'_>, resource: AnyResource) -> Vec<String> {
    let own = names.arn(resource);
    let same = names.model.resources().filter(|other| other.kind() == resource.kind() && *other != resource);
    let plain = names.of(resource);
    same.map(|other| names.arn(other)).chain([own.replace(&plain, "elsewhere")]).collect()
}

/// A right on a whole resource.
fn on(names: Names<'_>, tuple: &Tuple, call: (&'static str, &'static str), parameters: Value) -> Right {
    let to = resource(tuple);
    let mut right = Right::new(tuple.verb, call, Part::Just(names.arn(to)), parameters);
    right.siblings = siblings(names, to);
    right
}

pub(crate) fn part(verb: Verb, call: (&'static str, &'static str), on: Part, parameters: Value) -> Right {
    Right::new(verb, call, on, parameters)
}

fn queue(names: Names<'_>, tuple: &Tuple, name: &'static str) -> Right {
    let url = format!("https://sqs.{REGION}.amazonaws.com/{ACCOUNT}/{}", names.of(resource(tuple)));
    on(names, tuple, ("sqs", name), json!({ "QueueUrl": url }))
}

fn emit(names: Names<'_>, by: Id<Function>, tuple: &Tuple) -> Right {
    let Scope::Type(kind) = &tuple.scope else { panic!("{tuple:?} has no type") };
    // In the name of the application or of the function.
    let (app, own) = (names.app(), format!("/{}", names.function(by)));
    let source = names.model.app.value.to_string();
    let entry =
        json!({ "EventBusName": names.of(resource(tuple)), "Source": source, "DetailType": &**kind, "Detail": "{}" });
    let mut right = on(names, tuple, ("events", "PutEvents"), json!({ "Entries": [entry] }));
    assert!(app.starts_with(&source), "{app}");
    right.demands = vec![
        ("events:detail-type", vec![Part::Just(kind.to_string())]),
        ("events:source", vec![Part::Just(source), Part::Just(own)]),
    ];
    right
}

fn invoke(names: Names<'_>, id: Id<Function>) -> Right {
    let called = names.called(id);
    let mut parameters = json!({ "FunctionName": names.function(id) });
    if called.ends_with(":warm") {
        parameters["Qualifier"] = json!("warm");
    }
    let mut right = Right::new(Verb::Invoke, ("lambda", "Invoke"), Part::Just(called), parameters);
    let all = names.model.functions.iter().map(|(other, _)| arn("aws_lambda_function", &names.function(other), ""));
    right.siblings = all.filter(|other| right.resource != Part::Just(other.clone())).collect();
    right
}

/// Streams of the function's own group, which is there already.
fn logs(names: Names<'_>, id: Id<Function>) -> Vec<Right> {
    let group = |id| arn("aws_cloudwatch_log_group", &format!("/aws/lambda/{}", names.function(id)), "");
    let parameters = json!({ "logGroupName": format!("/aws/lambda/{}", names.function(id)), "logStreamName": "k1" });
    let right = |name| {
        let streams = Part::Between(format!("{}:log-stream:", group(id)), String::new());
        let mut right = Right::new(Verb::Log, ("logs", name), streams, parameters.clone());
        let others = names.model.functions.iter().map(|(other, _)| other).filter(|other| *other != id);
        right.siblings = others.map(|other| format!("{}:log-stream:k1", group(other))).collect();
        right.siblings.push(group(id));
        right
    };
    ["CreateLogStream", "PutLogEvents"].map(right).into()
}

/// What the spec states for native resources.
pub(crate) fn native(names: Names<'_>) -> Vec<(String, Right)> {
    let grants = names.model.native.get("aws").into_iter().flat_map(|native| &native.grants);
    let right = |verb: &str, what: &str| {
        let name = what.split('.').nth(1).expect("a reference");
        let arn = arn("aws_kinesis_firehose_delivery_stream", name, "");
        assert_eq!(verb, "firehose:PutRecord");
        let call = ("firehose", "PutRecord");
        let mut right = Right::new(Verb::Put, call, Part::Just(arn), json!({ "DeliveryStreamName": name }));
        "native".clone_into(&mut right.verb);
        right
    };
    grants
        .flat_map(|grant| {
            let who = names.model.functions[grant.who].head.path.to_string();
            grant.verbs.iter().map(move |verb| (who.clone(), right(&verb.value, &grant.what.value)))
        })
        .collect()
}
