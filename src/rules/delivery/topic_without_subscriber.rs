//! A topic that nobody hears.

use crate::analysis::Facts;
use crate::diag::{Findings, Severity};
use crate::model::{AnyResource, Id, Topic};
use crate::rules::{Category, Check, RELATED, Rule};

pub(in crate::rules) static RULE: Rule = Rule {
    id: "topic-without-subscriber",
    category: Category::Delivery,
    level: Severity::Warning,
    since: "0.1.0",
    summary: "A topic that no function subscribes to and that is not marked as heard outside.",
    doc: include_str!("topic_without_subscriber.md"),
    by_target: false,
    checks: &[Check::Topic(check)],
};

fn check(facts: &Facts, id: Id<Topic>, out: &mut Findings) {
    let (model, graph) = (facts.model(), facts.graph());
    let topic = &model.topics[id];
    if topic.external_subscribers.value || graph.consumers(AnyResource::Topic(id)).next().is_some() {
        return;
    }
    let name = topic.head.name();
    let mut finding = RULE
        .finding(topic.head.span, format!("nobody subscribes to the topic `{name}`"))
        .label("its messages are dropped at once")
        .help(format!(
            "let a function hear it with `on: [{{ topic: {{ from: {name} }} }}]`, \
             or say that others do with `external-subscribers: true`"
        ));
    if let Some(alarms) = model.alarms.filter(|alarms| alarms.value == id) {
        finding = finding.related(alarms.span, "alarms go here");
    }
    for edge in graph.producers(AnyResource::Topic(id)).take(RELATED) {
        finding = finding.related(edge.span, "messages come from here");
    }
    out.push(finding);
}
