"""Serves what a cluster delivers to a function over HTTP as CloudEvents, and the handler's answer as an HTTP response.

The handler named by ISOBAR_HANDLER (`module.function`) is called with `(events, context)`:

- `events` is a list of CloudEvents 1.0 as dictionaries, from HTTP binary, structured or batched mode. What a source
  wrapped is unwrapped to the names that handlers know on every target (`isobar.message`, `isobar.object.created`,
  `isobar.object.deleted`, `isobar.schedule`, `isobar.call`). A request that matches a route is one event of type
  `http.request` whose `data` holds `method path headers query params body raw identity`: a JSON body is parsed, and
  `raw` is the text that was sent.
- `context` has `function`, `request_id`, `trace` (a W3C traceparent or None) and `deadline_ms()`, the milliseconds left.
- It returns an answer for HTTP (`{"status", "headers", "body"}`, or any JSON value for 200), any value for a call,
  and otherwise None or the list of ids of the events that failed: one of them answers 500, so that the source tries again,
  and so does anything else that it returns, lest a failure pass for success.

Events are delivered to `/_isobar/on/<trigger>` and calls to `/_isobar/call`; everything else is a request, whatever its
headers say. The gateway puts the header `isobar-route` on what comes from outside, over one of the caller: nobody outside
can pass off a request as an event, not even behind a route for every path.

ISOBAR_ROUTES is a JSON list of `{"trigger", "method", "path", "jwt"}`. The header names the trigger whose route the
gateway chose, and only where that has `jwt` did it verify the token, which then becomes the identity. PORT is 8080 and
ISOBAR_TIMEOUT (seconds) 30 unless set.

ISOBAR_WHERE is a JSON list of `{"trigger", "where"}`: filters of the platform do not see the data of an event, so it is
tested here, and the handler gets the events for which all conditions of their trigger hold.
"""

import base64
import importlib
import json
import os
import signal
import sys
import threading
import time
import traceback
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote

OWN = "/_isobar/"  # No route of an application begins so.
HEALTH = OWN + "health"
DELIVERY = OWN + "on/"
CALL = OWN + "call"
ROUTE = "isobar-route"  # The header of what came through the gateway.
STORE = "com.amazonaws."  # What an object store calls its events, whoever made it.
MAX_BODY = 16 * 1024 * 1024
NO_ROUTE = {"status": 404, "body": {"error": "there is no such route"}}


class BadRequest(Exception):
    """A request whose body is not what its headers say."""


class Context:
    """What a handler may know about its invocation."""

    def __init__(self, headers, event):
        start, seconds = time.monotonic(), float(os.environ.get("ISOBAR_TIMEOUT", "30"))
        self.function = os.environ.get("K_SERVICE", "function")
        self.request_id = headers.get("x-request-id") or event.get("id") or str(uuid.uuid4())
        self.deadline_ms = lambda: max(0, int((start + seconds - time.monotonic()) * 1000))
        self.trace = headers.get("traceparent") or event.get("traceparent")


def _routes():
    """The routes, those with more literal segments first, so that the first match is the closest."""
    def rank(route):
        kinds = [2 if s.endswith("+}") else 1 if s.startswith("{") else 0 for s in route["path"].split("/")]
        return kinds, route["method"] == "ANY"
    return sorted(json.loads(os.environ.get("ISOBAR_ROUTES") or "[]"), key=rank)


def _match(route, method, path):
    """The parameters of a path, or None where the route is another."""
    if route["method"] not in ("ANY", method):
        return None
    wanted, given, params = route["path"].strip("/").split("/"), path.strip("/").split("/"), {}
    for at, segment in enumerate(wanted):
        if segment.endswith("+}") and given[at:] not in ([], [""]):
            return {**params, segment[1:-2]: unquote("/".join(given[at:]))}
        if at >= len(given) or (segment[:1] != "{" and segment != unquote(given[at])) or (segment[:1] == "{" and not given[at]):
            return None
        if segment[:1] == "{":
            params[segment[1:-1]] = unquote(given[at])
    return params if len(wanted) == len(given) else None


def _event(id, source, type, data, **more):
    return {"specversion": "1.0", "id": id, "source": source, "type": type, **more,
            "datacontenttype": "application/json", "data": data}


def _is_event(value):
    return (isinstance(value, dict) and value.get("specversion") == "1.0"
            and all(isinstance(value.get(name), str) for name in ("id", "source", "type")))


def _request(identity, params, method, target, headers, raw):
    path, _, text = target.partition("?")
    query = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        query[name] = f"{query[name]},{value}" if name in query else value
    request = {"method": method, "path": unquote(path), "headers": headers, "query": query, "params": params,
               "identity": identity}
    content, encoding = _content(raw, headers.get("content-type", ""))
    text = content if encoding else raw.decode()
    return {**request, "body": content, "raw": text, **({"encoding": encoding} if encoding else {})}


def _identity(headers):
    try:
        part = headers["authorization"].split(" ")[-1].split(".")[1]
        return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (KeyError, IndexError, ValueError):
        return None


def _content(raw, content_type):
    """A body as JSON, text or Base64, with the name of the encoding in the last case."""
    if not raw:
        return None, None
    media = content_type.split(";")[0].strip().lower()
    try:
        text = raw.decode()
        return (json.loads(text) if media == "application/json" or media.endswith("+json") else text), None
    except UnicodeDecodeError:
        return base64.b64encode(raw).decode(), "base64"
    except ValueError:
        raise BadRequest("the body is not JSON") from None


def _delivered(headers, raw):
    """The events of a delivery, in the mode that its headers name."""
    content_type = headers.get("content-type", "")
    if content_type.startswith("application/cloudevents"):
        value, _ = _content(raw, "application/json")
        events = value if content_type.startswith("application/cloudevents-batch") else [value]
        if not isinstance(events, list) or not all(map(_is_event, events)):
            raise BadRequest("the body is not a CloudEvent")
        return [known for event in events for known in _unwrapped(event)]
    event = {name[3:]: unquote(value) for name, value in headers.items() if name.startswith("ce-")}
    if not _is_event(event):
        raise BadRequest("the request is not a CloudEvent")
    content, encoding = _content(raw, content_type)
    event["datacontenttype"] = content_type or "application/json"
    return _unwrapped({**event, "data_base64" if encoding else "data": content})


def _unwrapped(event):
    """Events by the names that handlers know on every target."""
    if event["type"] == "dev.knative.sources.ping":
        return [{"data": None, **event, "type": "isobar.schedule"}]
    is_message, data = event["type"] == "dev.knative.kafka.event", event.get("data")
    if not is_message and not event["type"].startswith(STORE):
        return [event]
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except ValueError:
            return [{**event, "type": "isobar.message"}]
    if _is_event(data):
        return [data]
    records = data.get("Records") if isinstance(data, dict) else None
    if records and all("s3" in record for record in records):
        return [_object_event(record, event.get("subject")) for record in records]
    return [{**event, "type": "isobar.message", "data": data}] if is_message else [event]


def _same(one, other):
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


_TESTS = {
    "eq": _same,
    "ne": lambda value, other: not _same(value, other),
    "gt": lambda value, other: _is_number(value) and value > other,
    "ge": lambda value, other: _is_number(value) and value >= other,
    "lt": lambda value, other: _is_number(value) and value < other,
    "le": lambda value, other: _is_number(value) and value <= other,
    "in": lambda value, other: any(_same(value, each) for each in other),
    "prefix": lambda value, other: isinstance(value, str) and value.startswith(other),
    "suffix": lambda value, other: isinstance(value, str) and value.endswith(other),
}


def _holds(condition, value):
    """Whether a condition holds; of a value that is not there only `exists: false` does."""
    for step in condition["steps"]:
        if isinstance(value, dict) and step in value:
            value = value[step]
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return all(test["op"] == "exists" and not test["value"] for test in condition["tests"])
    return all(test["value"] if test["op"] == "exists" else _TESTS[test["op"]](value, test["value"])
               for test in condition["tests"])


def _sifted(path, events):
    """The events that the trigger of this path is for."""
    name = path[len(DELIVERY):] if path.startswith(DELIVERY) else None
    conditions = next((each["where"] for each in json.loads(os.environ.get("ISOBAR_WHERE") or "[]")
                       if each["trigger"] == name), [])
    return [event for event in events if all(_holds(each, event.get("data")) for each in conditions)]


def _object_event(record, subject):
    bucket, stored = record["s3"]["bucket"]["name"], record["s3"]["object"]
    # Stores differ in whether they escape the key; one that is the subject of the event too is as it is.
    key = stored["key"] if stored["key"] == subject else unquote(stored["key"].replace("+", " "))
    kind = "deleted" if "ObjectRemoved" in record["eventName"] else "created"
    data = {"bucket": bucket, "key": key, "size": stored.get("size"), "etag": stored.get("eTag"),
            "version": stored.get("versionId")}
    return _event(f"{key}/{stored['sequencer']}", f"urn:bucket:{bucket}", f"isobar.object.{kind}", data,
                  subject=key, time=record["eventTime"])


def _response(value):
    """Status, headers and bytes of an answer."""
    if not (isinstance(value, dict) and isinstance(value.get("status"), int) and value.keys() <= {"status", "headers", "body"}):
        value = {"status": 204 if value is None else 200, "body": value}
    body, headers = value.get("body"), {name.lower(): text for name, text in (value.get("headers") or {}).items()}
    if isinstance(body, str):
        headers.setdefault("content-type", "text/plain; charset=utf-8")
        body = body.encode()
    elif body is not None and not isinstance(body, bytes):
        headers.setdefault("content-type", "application/json")
        body = json.dumps(body).encode()
    return value["status"], headers, body or b""


def _called(value):
    """The response to a call."""
    return _response({"status": 200, "body": json.dumps(value), "headers": {"content-type": "application/json"}})


def _answer(events, value):
    """The response to a delivery: whether every event was taken."""
    failed, known = [] if value is None else value, {event["id"] for event in events}
    if not isinstance(failed, (list, tuple, set)) or not all(isinstance(each, str) for each in failed):
        raise TypeError("a handler of events returns None or the list of ids that failed")
    if not known.issuperset(failed):
        raise ValueError("the handler returned an id that was not delivered")
    if failed:
        _log("error", f"failed: {', '.join(failed)}", Context({}, events[0]), events)
        return _response({"status": 500, "body": {"failed": list(failed)}})
    return _response({"status": 204})


def _log(level, message, context, events, **more):
    line = {"level": level, "message": message, "function": context.function, "request_id": context.request_id,
            "trace": context.trace and context.trace.split("-")[1], "events": [event["id"] for event in events], **more}
    print(json.dumps(line), file=sys.stderr, flush=True)


def invoke(handle, routes, method, target, headers, raw):
    """One HTTP exchange: status, headers and bytes."""
    chosen, path = headers.pop(ROUTE, None), target.partition("?")[0]
    events, context = [], Context(headers, {})
    try:
        if path.startswith(OWN):
            if chosen is not None or method != "POST" or not (path == CALL or path.startswith(DELIVERY)):
                return _response(NO_ROUTE)
            events = _sifted(path, _delivered(headers, raw))
            if not events:
                return _response({"status": 204})
            context = Context(headers, events[0])
            value = handle(events, context)
            return _called(value) if path == CALL else _answer(events, value)
        matches = ((route, _match(route, method, path)) for route in routes if chosen in (None, route["trigger"]))
        route, params = next(((r, p) for r, p in matches if p is not None), (None, None))
        if route is None:
            return _response(NO_ROUTE)
        identity = _identity(headers) if chosen is not None and route["jwt"] else None
        request = _request(identity, params, method, target, headers, raw)
        events = [_event(context.request_id, "isobar:http", "http.request", request)]
        return _response(handle(events, context))
    except BadRequest as error:
        return _response({"status": 400, "body": {"error": str(error)}})
    except Exception as error:
        _log("error", str(error), context, events, error=type(error).__name__, stack=traceback.format_exc())
        return _response({"status": 500, "body": {"error": "internal error"}})


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # Closing waits for the requests that run.
    request_queue_size = 128


class _Exchange(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 60
    handle_event, routes = None, []

    def _serve(self):
        if self.path == HEALTH:
            return self._send(200, {"content-type": "text/plain"}, b"ok")
        raw = self._read()
        if raw is None:
            return self._send(413, {}, b"")
        headers = {}
        for name, value in self.headers.items():
            name = name.lower()
            headers[name] = f"{headers[name]},{value}" if name in headers else value
        return self._send(*invoke(type(self).handle_event, self.routes, self.command, self.path, headers, raw))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = _serve

    def _read(self):
        """The body, None when it is too large."""
        if self.headers.get("transfer-encoding", "").lower() != "chunked":
            length = int(self.headers.get("content-length") or 0)
            return self.rfile.read(length) if length <= MAX_BODY else None
        raw = b""
        while size := int(self.rfile.readline(64).split(b";")[0], 16):
            if len(raw) + size > MAX_BODY:
                return None
            raw += self.rfile.read(size)
            self.rfile.readline(2)
        self.rfile.readline(2)
        return raw

    def _send(self, status, headers, body):
        self.send_response(status)
        for name, value in headers.items():
            for each in value if isinstance(value, list) else [value]:
                self.send_header(name, each)
        if status != 204:
            self.send_header("content-length", str(len(body)))
        # One request a connection: then closing the server has nothing idle to wait for.
        self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, *_):
        """Requests are logged by the platform in front."""


def main():
    """Serves until it is told to end, then finishes what runs."""
    module, _, name = os.environ["ISOBAR_HANDLER"].replace("/", ".").rpartition(".")
    _Exchange.handle_event = staticmethod(getattr(importlib.import_module(module), name))
    _Exchange.routes = _routes()
    server = _Server(("", int(os.environ.get("PORT", "8080"))), _Exchange)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    main()
