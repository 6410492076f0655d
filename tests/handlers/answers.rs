//! What the adapters of AWS make of deliveries and of returned values, in each language: a failure never passes for
//! success, and a dead letter holds the events that somebody failed at.

use std::process::{Command, Stdio};

use serde_json::{Value, json};

use super::process::{copy, invoke, python};
use super::{languages, root};

/// A message of a queue.
fn message(queue: &str, id: &str, body: &Value) -> Value {
    json!({
        "messageId": format!("m-{id}"), "body": body.to_string(), "attributes": {}, "messageAttributes": {},
        "eventSource": "aws:sqs", "eventSourceARN": format!("arn:aws:sqs:eu-central-1:123456789012:{queue}")
    })
}

fn event(id: &Value) -> Value {
    json!({ "specversion": "1.0", "id": id, "source": "/shop", "type": "order.placed", "data": { "total": 5 } })
}

/// Two messages of a queue, with the events `e1` and `e2`.
fn batch(queue: &str) -> Value {
    json!({ "Records": [message(queue, "1", &event(&json!("e1"))), message(queue, "2", &event(&json!("e2")))] })
}

/// What a handler behind the adapter was given, and what the adapter answered: none where it raised.
fn deliver(language: &str, partial: &str, input: &Value, returned: &Value) -> (Value, Option<Value>) {
    let folder = tempfile::tempdir().unwrap();
    let package = folder.path().join("package");
    copy(&root().join("tests/handlers/answers"), &package);
    copy(&root().join(format!("targets/aws/adapters/{language}")), &package);
    let (program, end) = if language == "python" { (python(), "py") } else { ("node", "mjs") };
    let mut command = Command::new(program);
    command.arg(root().join(format!("tests/handlers/drive/invoke.{end}"))).current_dir(&package);
    command.env("PYTHONDONTWRITEBYTECODE", "1").env("ISOBAR_HANDLER", "app.handle").env("TEST_FUNCTION", "shop-work");
    let answer = folder.path().join("answer.json");
    command.env("TEST_ANSWER", &answer).env("TEST_RETURN", returned.to_string());
    command.env("ISOBAR_PARTIAL_FAILURES", partial);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let (answer, output) = invoke(command, input, &answer);
    let given = output.lines().find_map(|line| serde_json::from_str(line).ok().filter(Value::is_array));
    (given.unwrap_or_else(|| panic!("the handler was not called: {output}")), answer.get("answer").cloned())
}

fn each_language(check: impl Fn(&str) + Sync) {
    std::thread::scope(|scope| {
        for language in languages() {
            let check = &check;
            scope.spawn(move || check(language));
        }
    });
}

#[test]
fn failed_messages_go_back_alone_from_the_queues_that_say_so() {
    each_language(|language| {
        let answer = |queue: &str, returned| deliver(language, "shop-jobs,shop-more", &batch(queue), &returned).1;
        let failed = |ids: &[&str]| {
            let items: Vec<Value> = ids.iter().map(|id| json!({ "itemIdentifier": id })).collect();
            Some(json!({ "batchItemFailures": items }))
        };
        assert_eq!(answer("shop-jobs", json!(["e2"])), failed(&["m-2"]), "{language}");
        assert_eq!(answer("shop-more", json!(["e1"])), failed(&["m-1"]), "{language}");
        // The same function takes from a queue whose batches fail as a whole.
        for queue in ["shop-rest", "jobs", "shop-jobs.fifo"] {
            assert_eq!(answer(queue, json!(["e2"])), None, "{language}: {queue}");
            assert_eq!(answer(queue, json!(null)), failed(&[]), "{language}: {queue}");
        }
    });
}

#[test]
fn an_answer_that_is_not_made_of_ids_fails() {
    each_language(|language| {
        let wrong = [
            json!(["e1", null]),
            json!([5]),
            json!(["e3"]),
            json!([["e1"]]),
            json!([{ "itemIdentifier": "m-1" }]),
            json!({ "batchItemFailures": [{ "itemIdentifier": "m-1" }] }),
        ];
        let one = json!({ "version": "0", "id": "b1", "detail-type": "order.placed", "source": "shop", "account": "1",
            "time": "2026-01-01T01:00:00Z", "region": "eu-central-1", "resources": [], "detail": event(&json!("e1")) });
        for returned in &wrong {
            for input in [&batch("shop-jobs"), &one] {
                let (_, answer) = deliver(language, "shop-jobs", input, returned);
                assert_eq!(answer, None, "{language}: {returned} for {input}");
            }
        }
        for returned in [json!(false), json!("e1"), json!({})] {
            assert_eq!(
                deliver(language, "shop-jobs", &batch("shop-jobs"), &returned).1,
                None,
                "{language}: {returned}"
            );
        }
        assert_eq!(deliver(language, "", &one, &json!(["e1"])).1, None, "{language}");
        assert_eq!(deliver(language, "", &one, &json!([])).1, Some(json!(null)), "{language}");
    });
}

#[test]
fn what_only_looks_like_an_event_is_wrapped() {
    each_language(|language| {
        let input = json!({ "Records": [message("shop-jobs", "1", &event(&json!(5)))] });
        let (given, _) = deliver(language, "", &input, &json!(null));
        assert_eq!((&given[0]["type"], &given[0]["id"]), (&json!("isobar.message"), &json!("m-1")), "{language}");
    });
}

/// What Lambda sets aside of an invocation that failed for good.
fn set_aside(payload: &Value) -> Value {
    json!({
        "version": "1.0", "timestamp": "2026-01-01T02:00:00Z", "requestPayload": payload, "responsePayload": null,
        "requestContext": {
            "requestId": "r1", "functionArn": "arn:aws:lambda:eu-central-1:123456789012:function:shop-hear:$LATEST",
            "condition": "RetriesExhausted", "approximateInvokeCount": 3
        },
        "responseContext": { "statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled" }
    })
}

fn bus(source: &str, kind: &str, detail: &Value) -> Value {
    json!({ "version": "0", "id": "b1", "detail-type": kind, "source": source, "account": "123456789012",
        "time": "2026-01-01T01:00:00Z", "region": "eu-central-1", "resources": ["arn:aws:x"], "detail": detail })
}

#[test]
fn a_dead_letter_holds_the_events_that_were_delivered() {
    let sent = event(&json!("e1"));
    let notified = json!({ "Records": [{ "EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": "x",
        "Sns": { "Type": "Notification", "MessageId": "n1", "TopicArn": "arn:aws:sns:x", "Message": sent.to_string() } }] });
    let refused = json!({ "Type": "Notification", "MessageId": "n1", "TopicArn": "arn:aws:sns:x", "Message": sent.to_string(),
        "Timestamp": "2026-01-01T01:00:00Z" });
    let stored = json!({ "version": "0", "bucket": { "name": "files" }, "object": { "key": "in/a.csv", "size": 3 } });
    let bodies = [
        (set_aside(&bus("shop", "order.placed", &sent)), "order.placed", "e1"),
        (bus("shop", "order.placed", &sent), "order.placed", "e1"),
        (set_aside(&notified), "order.placed", "e1"),
        (refused, "order.placed", "e1"),
        (set_aside(&sent), "order.placed", "e1"),
        (set_aside(&bus("aws.s3", "Object Created", &stored)), "isobar.object.created", "b1"),
        (set_aside(&bus("aws.scheduler", "Scheduled Event", &json!("{}"))), "isobar.schedule", "2026-01-01T01:00:00Z"),
        (set_aside(&json!({ "total": 5 })), "isobar.call", "r1"),
        // Nothing that anybody sets aside.
        (json!({ "requestPayload": sent, "requestContext": null }), "isobar.message", "m-1"),
        (json!({ "detail-type": "order.placed", "detail": sent }), "isobar.message", "m-1"),
        (json!(["requestPayload"]), "isobar.message", "m-1"),
    ];
    each_language(|language| {
        for (body, kind, id) in &bodies {
            let input = json!({ "Records": [message("shop-failed", "1", body)] });
            let (given, answer) = deliver(language, "shop-failed", &input, &json!([id]));
            assert_eq!((&given[0]["type"], &given[0]["id"]), (&json!(kind), &json!(id)), "{language}: {body}");
            let failures = json!({ "batchItemFailures": [{ "itemIdentifier": "m-1" }] });
            assert_eq!(answer, Some(failures), "{language}: {body}");
        }
    });
}

#[test]
fn a_schedule_without_input_has_no_data() {
    each_language(|language| {
        let input = bus("aws.scheduler", "Scheduled Event", &json!("{}"));
        let (given, _) = deliver(language, "", &input, &json!(null));
        assert_eq!(given[0]["data"], json!(null), "{language}: {given}");
    });
}
