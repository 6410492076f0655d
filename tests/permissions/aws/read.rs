//! Emitted Terraform → policies with the names that the cloud would give: those of roles, by the node in their tags, and
//! those of what is reached.

use std::collections::BTreeMap;

use isobar::artifact::{File, Node, Piece, Resource, Resources, Value as Read, path};
use serde_json::{Value, json};

use super::names::{ACCOUNT, arn};

/// A role.
#[derive(Debug, Default)]
pub(crate) struct Role {
    /// What it may do.
    pub(crate) statements: Vec<Value>,
    /// Who may be it.
    pub(crate) trust: Vec<Value>,
}

/// All that the text says of who may do what.
#[derive(Debug, Default)]
pub(crate) struct Policies {
    /// By node.
    pub(crate) roles: BTreeMap<String, Role>,
    /// Policies of queues, topics and functions, in one list.
    pub(crate) resources: Vec<Value>,
}

/// The attribute that is a resource's own name.
fn name_key(kind: &str) -> &'static str {
    match kind {
        "aws_lambda_function" => "function_name",
        "aws_s3_bucket" => "bucket",
        _ => "name",
    }
}

struct Text<'r, 'a> {
    all: &'r Resources<'a>,
}

impl Text<'_, '_> {
    fn at(&self, resource: &Resource<'_>, at: &str) -> Value {
        let root = resource.read().expect("readable");
        root.at(&path(at)).first().map_or(Value::Null, |node| self.value(node))
    }

    fn statements(&self, resource: &Resource<'_>, policy: &str) -> Vec<Value> {
        let root = resource.read().expect("readable");
        root.at(&path(&format!("{policy}.Statement"))).into_iter().map(|node| self.value(node)).collect()
    }

    fn value(&self, node: &Node<'_>) -> Value {
        match &node.value {
            Read::Null => Value::Null,
            Read::Bool(flag) => json!(flag),
            Read::Number(text) | Read::Text(text) => json!(text),
            Read::Reference(reference) => json!(self.referred(reference)),
            Read::Concat(pieces) => {
                let piece = |piece: &Piece<'_>| match piece {
                    Piece::Text(text) => text.to_string(),
                    Piece::Reference(reference) => self.referred(reference),
                };
                json!(pieces.iter().map(piece).collect::<String>())
            }
            Read::List(items) => items.iter().map(|item| self.value(item)).collect(),
            Read::Map(entries) => {
                Value::Object(entries.iter().map(|(key, inner)| (key.to_string(), self.value(inner))).collect())
            }
            Read::Raw(text) => panic!("an expression: {text}"),
        }
    }

    /// What a reference stands for, from the names in the text.
    fn referred(&self, reference: &str) -> String {
        let parts: Vec<&str> = reference.split('.').collect();
        match *parts.as_slice() {
            ["data", "aws_caller_identity", "current", "account_id"] => ACCOUNT.to_owned(),
            ["data", "aws_partition", "current", "partition"] => "aws".to_owned(),
            // What the spec adds is named by the spec alone.
            ["aws_kinesis_firehose_delivery_stream", name, "arn"] => {
                arn("aws_kinesis_firehose_delivery_stream", name, "")
            }
            [kind, name, attribute] => {
                let resource = self.all.get(kind, name).unwrap_or_else(|| panic!("{reference} is not there"));
                let own = self.at(resource, name_key(kind));
                let own = own.as_str().unwrap_or_else(|| panic!("{reference} has no name"));
                match attribute {
                    "arn" | "execution_arn" => {
                        let bus = self.at(resource, "event_bus_name");
                        arn(kind, own, bus.as_str().unwrap_or_default())
                    }
                    "name" | "function_name" | "bucket" | "url" | "id" => own.to_owned(),
                    _ => panic!("{reference} is not understood"),
                }
            }
            _ => panic!("{reference} is not understood"),
        }
    }

    /// What a Lambda permission adds to the policy of its function.
    fn permission(&self, resource: &Resource<'_>) -> Value {
        let text = |at: &str| self.at(resource, at).as_str().map(str::to_owned);
        let function = text("function_name").expect("a function");
        let function = text("qualifier").map_or(function.clone(), |alias| format!("{function}:{alias}"));
        let mut statement = json!({
            "Effect": "Allow", "Principal": { "Service": text("principal") }, "Action": text("action"), "Resource": function,
        });
        let source = text("source_arn").map(|source| json!({ "ArnLike": { "AWS:SourceArn": source } }));
        let account = text("source_account").map(|id| json!({ "StringEquals": { "AWS:SourceAccount": id } }));
        for condition in [source, account].into_iter().flatten() {
            statement["Condition"] = condition;
        }
        statement
    }
}

/// Reads all policies of an output.
pub(crate) fn read(texts: &BTreeMap<String, String>) -> Policies {
    let files: Vec<File<'_>> = texts.iter().map(|(path, text)| File { path, text }).collect();
    let all = Resources::read(&files, "tags.isobar-node");
    assert!(all.defects.is_empty(), "{:?}", all.defects);
    let text = Text { all: &all };
    let mut out = Policies::default();
    let mut roles = BTreeMap::new();
    for role in all.list().iter().filter(|resource| resource.kind == "aws_iam_role") {
        let node = role.node.clone().expect("a role names its node").into_owned();
        let own = text.at(role, "name").as_str().expect("a name").to_owned();
        let trust = text.statements(role, "assume_role_policy");
        assert!(out.roles.insert(node.clone(), Role { trust, statements: Vec::new() }).is_none(), "{node} twice");
        roles.insert(own, node);
    }
    for resource in all.list() {
        match resource.kind.as_ref() {
            "aws_iam_role_policy" => {
                let role = text.at(resource, "role");
                let node = &roles[role.as_str().expect("a role")];
                let role = out.roles.get_mut(node).expect("a role");
                role.statements.extend(text.statements(resource, "policy"));
            }
            "aws_sqs_queue_policy" | "aws_sns_topic_policy" | "aws_s3_bucket_policy" => {
                out.resources.extend(text.statements(resource, "policy"));
            }
            "aws_lambda_permission" => out.resources.push(text.permission(resource)),
            kind => assert!(!kind.contains("policy_attachment"), "{kind} grants beside the policies"),
        }
    }
    out
}
