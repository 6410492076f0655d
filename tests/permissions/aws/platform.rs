//! Whom the policies of what is reached let in, and who may be a role: services of the platform, each for the one source
//! that an edge names, and nobody else.

use isobar::analysis::{Actor, Object, Tuple};
use isobar::graph::Runner;
use isobar::model::{AnyResource, Method, TriggerKind, TriggerSource, Verb};
use serde_json::Value;

use super::judge::{Context, Request, allows};
use super::names::{ACCOUNT, Names, REGION, arn};
use super::read::{Policies, Role};
use crate::application::Compiled;

const SOURCE: &str = "aws:SourceArn";
const OWNER: &str = "aws:SourceAccount";

/// A service that has to be let in, and requests of it from elsewhere.
struct Admission {
    request: Request,
    /// Other sources of the same service.
    elsewhere: Vec<String>,
}

fn admission(
    service: &'static str,
    action: &str,
    resource: String,
    source: String,
    elsewhere: Vec<String>,
) -> Admission {
    let context = Context::from([(SOURCE, vec![source]), (OWNER, vec![ACCOUNT.to_owned()])]);
    Admission { request: Request { service: Some(service), action: action.to_owned(), resource, context }, elsewhere }
}

/// Who has to be let in for an element of the relation.
fn admitted(names: Names<'_>, tuple: &Tuple) -> Option<Admission> {
    let model = names.model;
    if tuple.by == Actor::Alarms {
        let Object::Resource(topic) = tuple.on else { panic!("alarms go to a topic") };
        let alarm = |account: &str, name: &str| format!("arn:aws:cloudwatch:{REGION}:{account}:alarm:{name}");
        let own = alarm(ACCOUNT, &format!("{}/k1-errors", names.app()));
        // The environments of an application begin with its name.
        let other = |name: &str| alarm(ACCOUNT, &format!("{}{name}", names.app()));
        let others =
            vec![alarm(ACCOUNT, "elsewhere/k1-errors"), other("-prod/k1-errors"), own.replace(ACCOUNT, "999999999999")];
        return Some(admission("cloudwatch.amazonaws.com", "sns:Publish", names.arn(topic), own, others));
    }
    let Actor::Delivery(reference) = tuple.by else { return None };
    let trigger = reference.get(model).expect("a trigger");
    let (service, source, mut elsewhere) = match &trigger.source {
        TriggerSource::Http(http) => {
            let api = names.arn(AnyResource::Api(http.api.value));
            let (method, path) = (http.route.value.method, http.route.value.path());
            let is_any = method == Method::Any;
            let method = if is_any { "PATCH" } else { method.as_str() };
            let mut elsewhere =
                vec![format!("{api}/$default/{method}/elsewhere"), format!("{api}x/$default/{method}{path}")];
            elsewhere.extend((!is_any).then(|| format!("{api}/$default/PATCH{path}")));
            ("apigateway.amazonaws.com", format!("{api}/$default/{method}{path}"), elsewhere)
        }
        TriggerSource::Topic { from } => (
            "sns.amazonaws.com",
            names.arn(AnyResource::Topic(from.value)),
            vec![arn("aws_sns_topic", "elsewhere", "")],
        ),
        TriggerSource::Event { .. } | TriggerSource::Object { .. } => {
            let others = ["elsewhere", "default"].map(|name| arn("aws_cloudwatch_event_rule", name, ""));
            ("events.amazonaws.com", names.rule(reference.runner, trigger), others.into())
        }
        _ => return None,
    };
    elsewhere.push(source.replace(ACCOUNT, "999999999999"));
    let (action, resource) = match (tuple.verb, tuple.on) {
        (Verb::Invoke, Object::Runner(Runner::Function(id))) => ("lambda:InvokeFunction", names.called(id)),
        (Verb::SetAside, Object::Resource(queue)) if trigger.kind() != TriggerKind::Http => {
            ("sqs:SendMessage", names.arn(queue))
        }
        _ => return None,
    };
    Some(admission(service, action, resource, source, elsewhere))
}

/// Requests beside an admission, none of which may pass unless it is one as well.
fn beside(admission: &Admission) -> Vec<Request> {
    let Admission { request, elsewhere } = admission;
    let mut out: Vec<Request> = Vec::new();
    for source in elsewhere {
        let mut other = request.clone();
        other.context.insert(SOURCE, vec![source.clone()]);
        out.push(other);
    }
    let mut nowhere = request.clone();
    nowhere.context.clear();
    out.push(nowhere);
    let services = ["s3.amazonaws.com", "sns.amazonaws.com", "events.amazonaws.com", "apigateway.amazonaws.com"];
    out.extend(services.map(|service| Request { service: Some(service), ..request.clone() }));
    let actions = ["lambda:UpdateFunctionCode", "sqs:ReceiveMessage", "sqs:PurgeQueue", "sns:Subscribe", "sns:Publish"];
    out.extend(actions.map(|action| Request { action: action.to_owned(), ..request.clone() }));
    out.push(Request { resource: format!("{}-x", request.resource), ..request.clone() });
    if request.service == Some("cloudwatch.amazonaws.com") {
        let mut foreign = request.clone();
        foreign.context.insert(OWNER, vec!["999999999999".to_owned()]);
        out.push(foreign);
    }
    out
}

/// How many rights statements give: each action on each resource from each source is one.
fn given(statements: &[Value]) -> usize {
    let length = |value: &Value| value.as_array().map_or(1, Vec::len);
    let sources = |statement: &Value| {
        let tests = statement["Condition"].as_object().into_iter().flatten();
        let keys = tests.filter_map(|(_, keys)| keys.as_object()).flatten();
        keys.filter(|(key, _)| key.eq_ignore_ascii_case(SOURCE)).map(|(_, values)| length(values)).product::<usize>()
    };
    let allowing = statements.iter().filter(|statement| statement["Effect"] == "Allow");
    allowing.map(|s| length(&s["Action"]) * length(&s["Resource"]) * sources(s)).sum()
}

/// What is wrong with the policies of what is reached.
pub(super) fn judge(compiled: &Compiled, policies: &Policies) -> Vec<String> {
    let names = Names { model: compiled.application.model() };
    let all: Vec<(Admission, &Tuple)> =
        compiled.application.access.iter().filter_map(|tuple| Some((admitted(names, tuple)?, tuple))).collect();
    let mut out = Vec::new();
    for (admission, tuple) in &all {
        if !allows(&policies.resources, &admission.request) {
            out.push(format!("{}: `{}` is not allowed: {:?}", compiled.name, tuple.verb, admission.request));
        }
        let is_wanted = |request: &Request| all.iter().any(|(other, _)| other.request == *request);
        for request in beside(admission).into_iter().filter(|request| !is_wanted(request)) {
            if allows(&policies.resources, &request) {
                out.push(format!("{}: more than `{}` is allowed: {request:?}", compiled.name, tuple.verb));
            }
        }
    }
    let mut wanted: Vec<&Request> = all.iter().map(|(admission, _)| &admission.request).collect();
    wanted.sort();
    wanted.dedup();
    if wanted.len() != given(&policies.resources) {
        let found = given(&policies.resources);
        out.push(format!("{}: {} admissions are needed, and {found} given", compiled.name, wanted.len()));
    }
    out.extend(policies.roles.iter().flat_map(|(node, role)| trusted(compiled, node, role)));
    out
}

/// What is wrong with who may be a role.
fn trusted(compiled: &Compiled, node: &str, role: &Role) -> Vec<String> {
    let names = Names { model: compiled.application.model() };
    let group = arn("aws_scheduler_schedule_group", &names.app(), "");
    let request = |service, source: &str, owner: &str| Request {
        service: Some(service),
        action: "sts:AssumeRole".to_owned(),
        resource: "the role".to_owned(),
        context: Context::from([(SOURCE, vec![source.to_owned()]), (OWNER, vec![owner.to_owned()])]),
    };
    // The policy stands at the role, and so names no resource.
    let statement = |statement: &Value| {
        let mut statement = statement.clone();
        statement["Resource"] = "the role".into();
        statement
    };
    let statements: Vec<Value> = role.trust.iter().map(statement).collect();
    let other = group.replace(&names.app(), "elsewhere");
    let (yes, no) = if node.contains(".on.") {
        let of = |source: &str, owner: &str| request("scheduler.amazonaws.com", source, owner);
        let no =
            vec![of(&other, ACCOUNT), of(&group, "999999999999"), request("lambda.amazonaws.com", &group, ACCOUNT)];
        (of(&group, ACCOUNT), no)
    } else {
        let no =
            vec![request("scheduler.amazonaws.com", &group, ACCOUNT), request("ec2.amazonaws.com", &group, ACCOUNT)];
        (request("lambda.amazonaws.com", &group, ACCOUNT), no)
    };
    let mut out = Vec::new();
    if !allows(&statements, &yes) || role.trust.len() != 1 {
        out.push(format!("{}: {:?} cannot be the role of {node}", compiled.name, yes.service));
    }
    let wrong = no.iter().filter(|request| allows(&statements, request));
    out.extend(wrong.map(|request| format!("{}: {request:?} can be the role of {node}", compiled.name)));
    out
}
