"""Turns what AWS delivers to a function into CloudEvents, and the handler's answer into what AWS expects.

The handler named by ISOBAR_HANDLER (`module.function`) is called with `(events, context)`:

- `events` is a list of CloudEvents 1.0 as dictionaries. A message, notification or event whose text is a CloudEvent
  arrives as it was sent; anything else is wrapped (`isobar.message`, `isobar.object.created`, `isobar.object.deleted`,
  `isobar.schedule`, `isobar.call`). What AWS set aside in a dead letter is taken out of its envelope, and arrives as it
  did at the function that failed. An HTTP request is one event of type `http.request` whose `data` holds
  `method path headers query params body raw identity`: a JSON body is parsed, and `raw` is the text that was sent.
- `context` has `function`, `request_id`, `trace` (a W3C traceparent or None) and `deadline_ms()`, the milliseconds left.
- It returns an answer for HTTP (`{"status", "headers", "body"}`, or any JSON value for 200), any value for a call,
  and otherwise None or the list of ids of the events that failed.

ISOBAR_PARTIAL_FAILURES has the names of queues, joined by commas: failed ids of these go back alone. Of every other source
one failed id fails the invocation, and so does an answer that is not made of ids, lest events be dropped that failed.
"""

import base64
import importlib
import json
import os
import sys
import traceback
from urllib.parse import parse_qsl

_module, _, _name = os.environ["ISOBAR_HANDLER"].replace("/", ".").rpartition(".")
_handle = getattr(importlib.import_module(_module), _name)


class Failed(Exception):
    """Ids that the handler returned; raising makes the platform deliver again."""


class BadRequest(Exception):
    """A request whose body is not what its content type says."""


class Context:
    """What a handler may know about its invocation."""

    def __init__(self, native, event):
        self.function = native.function_name
        self.request_id = native.aws_request_id
        self.deadline_ms = native.get_remaining_time_in_millis
        self.trace = _trace(event)


def handler(payload, native):
    """The entry point of the Lambda function."""
    events = []
    try:
        kind, events = _read(payload, native.aws_request_id)
        context = Context(native, events[0] if events else {})
        value = _handle(events, context)
        return _ANSWERS[kind](payload, events, value)
    except BadRequest as error:
        return _response({"status": 400, "body": {"error": str(error)}})
    except Exception as error:
        _log("error", str(error), native, events, error=type(error).__name__, stack=traceback.format_exc())
        raise


def _read(payload, request_id):
    """The kind of a delivery and its events."""
    if not isinstance(payload, dict):
        return "call", [_event(request_id, "isobar:call", "isobar.call", payload)]
    records, context = payload.get("Records"), payload.get("requestContext")
    first = records[0] if isinstance(records, list) and records and isinstance(records[0], dict) else {}
    if first.get("eventSource") == "aws:sqs":
        return "queue", [_queued(record) for record in records]
    if first.get("EventSource") == "aws:sns":
        return "single", [_carried(r["Sns"]["Message"], r["Sns"]["MessageId"], r["Sns"]["TopicArn"]) for r in records]
    if isinstance(context, dict) and "http" in context:
        return "http", [_event(request_id, "isobar:http", "http.request", _request(payload))]
    if "detail-type" in payload and "detail" in payload:
        return "single", [_bus_event(payload)]
    if _is_event(payload):
        return "single", [payload]
    return "call", [_event(request_id, "isobar:call", "isobar.call", payload)]


def _event(id, source, type, data, **more):
    return {"specversion": "1.0", "id": id, "source": source, "type": type, **more,
            "datacontenttype": "application/json", "data": data}


def _is_event(value):
    return (isinstance(value, dict) and value.get("specversion") == "1.0"
            and all(isinstance(value.get(name), str) for name in ("id", "source", "type")))


def _carried(text, id, source):
    """An event sent as the text of a message, or any other message wrapped into one."""
    try:
        value = json.loads(text)
    except ValueError:
        return {**_event(id, source, "isobar.message", text), "datacontenttype": "text/plain"}
    return value if _is_event(value) else _event(id, source, "isobar.message", value)


def _queued(record):
    """What a message of a queue carries: an event, or what AWS set aside with the event in it."""
    try:
        event = _set_aside(json.loads(record["body"]))
    except ValueError:
        event = None
    return event or _carried(record["body"], record["messageId"], record["eventSourceARN"])


def _set_aside(value):
    """The event that somebody could not deliver, out of the envelope that each puts around it; None for any other value."""
    if not isinstance(value, dict):
        return None
    context = value.get("requestContext")
    # Lambda, of what a function failed at: the payload is what the function was called with.
    if isinstance(context, dict) and {"requestId", "functionArn"} <= context.keys() and "requestPayload" in value:
        _, events = _read(value["requestPayload"], context["requestId"])
        return events[0] if len(events) == 1 else None
    # SNS, and then EventBridge, of what they could not hand to the function.
    if value.get("Type") == "Notification" and {"Message", "MessageId", "TopicArn"} <= value.keys():
        return _carried(value["Message"], value["MessageId"], value["TopicArn"])
    is_bus_event = {"id", "source", "time", "resources", "detail-type", "detail"} <= value.keys()
    return _bus_event(value) if is_bus_event else None


def _bus_event(payload):
    detail, kind = payload["detail"], payload["detail-type"]
    if _is_event(detail):
        return detail
    if payload["source"] == "aws.s3" and kind in ("Object Created", "Object Deleted"):
        stored = detail["object"]
        data = {"bucket": detail["bucket"]["name"], "key": stored["key"], "size": stored.get("size"),
                "etag": stored.get("etag"), "version": stored.get("version-id")}
        return _event(payload["id"], payload["resources"][0], "isobar." + kind.lower().replace(" ", "."), data,
                      subject=stored["key"], time=payload["time"])
    if payload["source"] == "aws.scheduler":
        # One run keeps its scheduled time over all its attempts, while each attempt gets an id of its own.
        return _event(payload["time"], payload["resources"][0], "isobar.schedule", None, time=payload["time"])
    return _event(payload["id"], payload["source"], kind, detail, time=payload["time"])


def _request(payload):
    http = payload["requestContext"]["http"]
    headers = {name.lower(): value for name, value in payload.get("headers", {}).items()}
    if payload.get("cookies"):
        headers["cookie"] = "; ".join(payload["cookies"])
    raw = payload.get("body") or ""
    raw = base64.b64decode(raw) if payload.get("isBase64Encoded") else raw.encode()
    query = {}
    for name, value in parse_qsl(payload.get("rawQueryString", ""), keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    request = {"method": http["method"], "path": http["path"], "headers": headers, "query": query,
               "params": payload.get("pathParameters") or {}, "identity": _identity(payload, headers)}
    return {**request, **_body(raw, headers.get("content-type", ""))}


def _identity(payload, headers):
    """The claims of a token that the gateway has verified, with their own types: the gateway gives each as text."""
    verified = payload["requestContext"].get("authorizer", {}).get("jwt")
    if verified is None:
        return None
    try:
        part = headers["authorization"].split(" ")[-1].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (KeyError, IndexError, ValueError):
        return verified["claims"]


def _body(raw, content_type):
    if not raw:
        return {"body": None, "raw": ""}
    media = content_type.split(";")[0].strip().lower()
    try:
        text = raw.decode()
        return {"body": json.loads(text) if media == "application/json" or media.endswith("+json") else text, "raw": text}
    except UnicodeDecodeError:
        text = base64.b64encode(raw).decode()
        return {"body": text, "raw": text, "encoding": "base64"}
    except ValueError:
        raise BadRequest("the body is not JSON") from None


def _response(value):
    if not (isinstance(value, dict) and isinstance(value.get("status"), int) and value.keys() <= {"status", "headers", "body"}):
        value = {"status": 204 if value is None else 200, "body": value}
    body, headers = value.get("body"), {name.lower(): text for name, text in (value.get("headers") or {}).items()}
    answer = {"statusCode": value["status"], "headers": headers, "isBase64Encoded": isinstance(body, bytes)}
    cookies = headers.pop("set-cookie", None)
    if cookies is not None:
        answer["cookies"] = [cookies] if isinstance(cookies, str) else cookies
    if isinstance(body, bytes):
        answer["body"] = base64.b64encode(body).decode()
    elif isinstance(body, str):
        headers.setdefault("content-type", "text/plain; charset=utf-8")
        answer["body"] = body
    elif body is not None:
        headers.setdefault("content-type", "application/json")
        answer["body"] = json.dumps(body)
    return answer


def _failed(events, value, strict):
    """The ids among the returned value. A list holds nothing else, and a batch returns nothing but a list or None, lest a
    failure pass for success."""
    if not isinstance(value, (list, tuple, set, frozenset)):
        # A list of failures in the words of AWS was meant as one.
        if value is not None and (strict or isinstance(value, dict) and "batchItemFailures" in value):
            raise TypeError("a handler of messages returns None or the list of ids that failed")
        return set()
    known = {event["id"] for event in events}
    if not all(isinstance(id, str) and id in known for id in value):
        raise ValueError("the handler returned something that is not the id of an event of the batch")
    return set(value)


def _queue_answer(payload, events, value):
    ids, items, blocked = _failed(events, value, True), [], set()
    # All messages of a batch are from one queue.
    queue = payload["Records"][0]["eventSourceARN"].rpartition(":")[2]
    if ids and queue not in os.environ.get("ISOBAR_PARTIAL_FAILURES", "").split(","):
        raise Failed(f"failed: {', '.join(sorted(ids))}")
    for record, event in zip(payload["Records"], events):
        group = record["attributes"].get("MessageGroupId") if record["eventSourceARN"].endswith(".fifo") else None
        # What follows a failed message of an ordered group has to come again after it.
        if event["id"] in ids or (group is not None and group in blocked):
            blocked.add(group)
            items.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": items}


def _single_answer(_payload, events, value):
    ids = _failed(events, value, False)
    if ids:
        raise Failed(f"failed: {', '.join(sorted(ids))}")


_ANSWERS = {
    "http": lambda _payload, _events, value: _response(value),
    "call": lambda _payload, _events, value: value,
    "queue": _queue_answer,
    "single": _single_answer,
}


def _trace(event):
    """The traceparent of this invocation: from the platform's own trace, else from who sent the event."""
    parts = dict(part.split("=", 1) for part in os.environ.get("_X_AMZN_TRACE_ID", "").split(";") if "=" in part)
    root = parts.get("Root", "").split("-")
    if len(root) == 3 and "Parent" in parts:
        return f"00-{root[1]}{root[2]}-{parts['Parent']}-0{1 if parts.get('Sampled') == '1' else 0}"
    headers = event["data"]["headers"] if event.get("type") == "http.request" else {}
    return event.get("traceparent") or headers.get("traceparent")


def _log(level, message, native, events, **more):
    trace = _trace(events[0] if events else {})
    line = {"level": level, "message": message, "function": native.function_name, "request_id": native.aws_request_id,
            "trace": trace and trace.split("-")[1], "events": [event["id"] for event in events], **more}
    print(json.dumps(line), file=sys.stderr, flush=True)
