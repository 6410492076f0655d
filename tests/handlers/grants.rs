//! What a function is granted by the text of its specification, and what it called.

use std::collections::BTreeSet;

use serde_json::Value;

use super::process::Outcome;
use super::spec::{Example, Function};

/// One verb on one resource, with its scope; on targets that tell no verbs apart the verb of a call is that of the grant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Grant {
    pub(crate) function: String,
    pub(crate) resource: String,
    pub(crate) verb: String,
    pub(crate) scope: Option<String>,
}

/// The grants of `uses`, `emits` and `idempotency`.
pub(crate) fn of(example: &Example, function: &Function) -> BTreeSet<Grant> {
    let mut out = BTreeSet::new();
    let grant = |resource: &str, verb: &str, scope: Option<String>| Grant {
        function: function.name.clone(),
        resource: resource.to_owned(),
        verb: verb.to_owned(),
        scope,
    };
    for (resource, verbs) in function.json["uses"].as_object().into_iter().flatten() {
        match verbs {
            Value::String(verb) => drop(out.insert(grant(resource, verb, None))),
            Value::Array(list) => out.extend(list.iter().map(|v| grant(resource, v.as_str().unwrap(), None))),
            Value::Object(map) => out.extend(map.iter().map(|(verb, scope)| {
                let text = scope.as_object().and_then(|s| s.values().next()).and_then(Value::as_str);
                grant(resource, verb, text.map(ToOwned::to_owned))
            })),
            Value::Null | Value::Bool(_) | Value::Number(_) => panic!("uses {resource}: {verbs}"),
        }
    }
    for event in function.json["emits"].as_array().into_iter().flatten() {
        out.insert(grant(example.default_bus().unwrap(), "emit", event.as_str().map(ToOwned::to_owned)));
    }
    if let Some(store) = function.json["idempotency"]["store"].as_str() {
        out.insert(grant(store, "remember", None));
    }
    out
}

/// What a run called, as grants; a call that the specification cannot name at all keeps its own name as the resource.
pub(crate) fn called(example: &Example, function: &Function, target: &str, outcome: &Outcome) -> BTreeSet<Grant> {
    let granted = of(example, function);
    let mut out = BTreeSet::new();
    for call in outcome.calls.iter().chain(&outcome.requests) {
        let (name, verb) = place(example, function, call);
        let scoped = |grant: &&Grant| match &grant.scope {
            None => true,
            Some(scope) => {
                text(call, "IndexName") == *scope
                    || text(call, "Key").starts_with(scope.as_str())
                    || type_of(call) == *scope
            }
        };
        let tells_verbs = target == "aws" || !matches!(kind(example, &name), "table");
        let fits = |grant: &&Grant| {
            let is_store = function.json["idempotency"]["store"] == *name && grant.verb == "remember";
            grant.resource == name && (is_store || !tells_verbs || grant.verb == verb)
        };
        let found = granted.iter().filter(fits).find(scoped).cloned();
        out.insert(found.unwrap_or(Grant { function: function.name.clone(), resource: name, verb, scope: None }));
    }
    out
}

fn kind<'a>(example: &'a Example, name: &str) -> &'a str {
    example.resources.get(name).and_then(|r| r["type"].as_str()).unwrap_or_default()
}

fn text(call: &Value, key: &str) -> String {
    call["with"][key].as_str().unwrap_or_default().to_owned()
}

/// The type of the event that a call emits.
fn type_of(call: &Value) -> String {
    let entry = &call["with"]["Entries"][0]["DetailType"];
    let found = if entry.is_null() { &call["body"]["type"] } else { entry };
    found.as_str().unwrap_or_default().to_owned()
}

/// The resource and the verb of a call.
fn place(example: &Example, function: &Function, call: &Value) -> (String, String) {
    let own = |full: &str| {
        let last = full.rsplit(['/', ':']).next().unwrap_or_default().trim_end_matches(".fifo");
        last.strip_prefix(&format!("{}-", example.app)).unwrap_or(last).to_owned()
    };
    let Some(operation) = call["call"].as_str() else {
        return request(example, function, call, own);
    };
    let (resource, verb) = match operation {
        "dynamodb:GetItem" => ("TableName", "get"),
        "dynamodb:PutItem" => ("TableName", "put"),
        "dynamodb:UpdateItem" => ("TableName", "update"),
        "dynamodb:DeleteItem" => ("TableName", "delete"),
        "dynamodb:Query" => ("TableName", "query"),
        "dynamodb:Scan" => ("TableName", "scan"),
        "sqs:SendMessage" => ("QueueUrl", "send"),
        "sns:Publish" => ("TopicArn", "publish"),
        "s3:GetObject" => ("Bucket", "get"),
        "s3:PutObject" => ("Bucket", "put"),
        "secretsmanager:GetSecretValue" => ("SecretId", "get"),
        "events:PutEvents" => {
            return (own(call["with"]["Entries"][0]["EventBusName"].as_str().unwrap()), "emit".to_owned());
        }
        "kafka:send" => {
            let name = own(&text(call, "topic"));
            let verb = if kind(example, &name) == "topic" { "publish" } else { "send" };
            return (name, verb.to_owned());
        }
        other => return (other.to_owned(), String::new()),
    };
    (own(&text(call, resource)), verb.to_owned())
}

/// A request is to a state store or a broker of the cluster, or to a host outside.
fn request(example: &Example, function: &Function, call: &Value, own: impl Fn(&str) -> String) -> (String, String) {
    let path = call["path"].as_str().unwrap_or_default();
    let verb = call["method"].as_str().unwrap_or_default().to_lowercase();
    if let Some(rest) = path.strip_prefix("/v1.0/state/").or_else(|| path.strip_prefix("/v1.0-alpha1/state/")) {
        return (own(rest.split('/').next().unwrap_or_default()), verb);
    }
    let name = own(path);
    if kind(example, &name) == "bus" {
        return (name, "emit".to_owned());
    }
    // The sink stands for every host, so that the address cannot say which is meant: the one that the function uses.
    let outside = example.told(function).into_iter().find(|name| kind(example, name) == "external");
    (outside.unwrap_or(path).to_owned(), "connect".to_owned())
}
