// Turns what AWS delivers to a function into CloudEvents, and the handler's answer into what AWS expects.
//
// The handler named by ISOBAR_HANDLER (`file.export`) is called with `(events, context)`:
//
// - `events` is an array of CloudEvents 1.0. A message, notification or event whose text is a CloudEvent arrives as it
//   was sent; anything else is wrapped (`isobar.message`, `isobar.object.created`, `isobar.object.deleted`,
//   `isobar.schedule`, `isobar.call`). What AWS set aside in a dead letter is taken out of its envelope, and arrives as it
//   did at the function that failed. An HTTP request is one event of type `http.request` whose `data` holds
//   `method path headers query params body raw identity`: a JSON body is parsed, and `raw` is the text that was sent.
// - `context` has `function`, `request_id`, `trace` (a W3C traceparent or null) and `deadline_ms()`, the milliseconds left.
// - It returns an answer for HTTP (`{status, headers, body}`, or any JSON value for 200), any value for a call, and
//   otherwise nothing or the array of ids of the events that failed.
//
// ISOBAR_PARTIAL_FAILURES has the names of queues, joined by commas: failed ids of these go back alone. Of every other source
// one failed id fails the invocation, and so does an answer that is not made of ids, lest events be dropped that failed.

import { existsSync } from "node:fs";

const [file, name] = process.env.ISOBAR_HANDLER.split(/\.(?=[^.]+$)/);
const found = ["mjs", "js", "cjs"].map((end) => new URL(`${file}.${end}`, import.meta.url)).find((url) => existsSync(url));
if (!found) throw new Error(`ISOBAR_HANDLER: there is no ${file}.mjs, .js or .cjs`);
const module = await import(found);
const handle = module[name] ?? module.default?.[name];

class Failed extends Error {}
class BadRequest extends Error {}

/** The entry point of the Lambda function. */
export async function handler(payload, native) {
  let events = [];
  try {
    let kind;
    [kind, events] = read(payload, native.awsRequestId);
    const context = {
      function: native.functionName,
      request_id: native.awsRequestId,
      deadline_ms: () => native.getRemainingTimeInMillis(),
      trace: trace(events[0]),
    };
    return ANSWERS[kind](payload, events, await handle(events, context));
  } catch (error) {
    if (error instanceof BadRequest) return response({ status: 400, body: { error: error.message } });
    log("error", error.message, native, events, { error: error.name, stack: error.stack });
    throw error;
  }
}

/** The kind of a delivery and its events. */
function read(payload, requestId) {
  const records = payload?.Records ?? [];
  if (records[0]?.eventSource === "aws:sqs") return ["queue", records.map(queued)];
  if (records[0]?.EventSource === "aws:sns") {
    return ["single", records.map(({ Sns }) => carried(Sns.Message, Sns.MessageId, Sns.TopicArn))];
  }
  if (payload?.requestContext?.http) return ["http", [event(requestId, "isobar:http", "http.request", request(payload))]];
  if (payload?.["detail-type"] && "detail" in payload) return ["single", [busEvent(payload)]];
  if (isEvent(payload)) return ["single", [payload]];
  return ["call", [event(requestId, "isobar:call", "isobar.call", payload)]];
}

function event(id, source, type, data, more = {}) {
  return { specversion: "1.0", id, source, type, ...more, datacontenttype: "application/json", data };
}

function isEvent(value) {
  return value?.specversion === "1.0" && ["id", "source", "type"].every((name) => typeof value[name] === "string");
}

/** An event sent as the text of a message, or any other message wrapped into one. */
function carried(text, id, source) {
  try {
    const value = JSON.parse(text);
    return isEvent(value) ? value : event(id, source, "isobar.message", value);
  } catch {
    return { ...event(id, source, "isobar.message", text), datacontenttype: "text/plain" };
  }
}

/** What a message of a queue carries: an event, or what AWS set aside with the event in it. */
function queued({ body, messageId, eventSourceARN }) {
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    value = undefined;
  }
  return setAside(value) ?? carried(body, messageId, eventSourceARN);
}

/** The event that somebody could not deliver, out of the envelope that each puts around it; undefined for any other value. */
function setAside(value) {
  const has = (object, ...names) => names.every((name) => object?.[name] !== undefined);
  // Lambda, of what a function failed at: the payload is what the function was called with.
  if (has(value?.requestContext, "requestId", "functionArn") && "requestPayload" in value) {
    const [, events] = read(value.requestPayload, value.requestContext.requestId);
    return events.length === 1 ? events[0] : undefined;
  }
  // SNS, and then EventBridge, of what they could not hand to the function.
  if (value?.Type === "Notification" && has(value, "Message", "MessageId", "TopicArn")) {
    return carried(value.Message, value.MessageId, value.TopicArn);
  }
  return has(value, "id", "source", "time", "resources", "detail-type", "detail") ? busEvent(value) : undefined;
}

function busEvent(payload) {
  const { detail, source, time, resources } = payload;
  const kind = payload["detail-type"];
  if (isEvent(detail)) return detail;
  if (source === "aws.s3" && (kind === "Object Created" || kind === "Object Deleted")) {
    const { key, size = null, etag = null, "version-id": version = null } = detail.object;
    const data = { bucket: detail.bucket.name, key, size, etag, version };
    return event(payload.id, resources[0], `isobar.${kind.toLowerCase().replace(" ", ".")}`, data, { subject: key, time });
  }
  if (source === "aws.scheduler") {
    // One run keeps its scheduled time over all its attempts, while each attempt gets an id of its own.
    return event(time, resources[0], "isobar.schedule", null, { time });
  }
  return event(payload.id, source, kind, detail, { time });
}

function request(payload) {
  const { method, path } = payload.requestContext.http;
  const headers = Object.fromEntries(Object.entries(payload.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
  if (payload.cookies?.length) headers.cookie = payload.cookies.join("; ");
  const raw = Buffer.from(payload.body ?? "", payload.isBase64Encoded ? "base64" : "utf8");
  const query = {};
  for (const [k, v] of new URLSearchParams(payload.rawQueryString ?? "")) query[k] = k in query ? `${query[k]},${v}` : v;
  const params = payload.pathParameters ?? {};
  const known = { method, path, headers, query, params, identity: identity(payload, headers) };
  return { ...known, ...body(raw, headers["content-type"] ?? "") };
}

/** The claims of a token that the gateway has verified, with their own types: the gateway gives each as text. */
function identity(payload, headers) {
  const verified = payload.requestContext.authorizer?.jwt;
  if (!verified) return null;
  try {
    return JSON.parse(Buffer.from(headers.authorization.split(" ").at(-1).split(".")[1], "base64url").toString());
  } catch {
    return verified.claims;
  }
}

function body(raw, contentType) {
  if (!raw.length) return { body: null, raw: "" };
  const media = contentType.split(";")[0].trim().toLowerCase();
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  } catch {
    text = raw.toString("base64");
    return { body: text, raw: text, encoding: "base64" };
  }
  if (media !== "application/json" && !media.endsWith("+json")) return { body: text, raw: text };
  try {
    return { body: JSON.parse(text), raw: text };
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

function response(value) {
  const isResponse = Number.isInteger(value?.status) && Object.keys(value).every((k) => ["status", "headers", "body"].includes(k));
  if (!isResponse) value = { status: value == null ? 204 : 200, body: value };
  const content = value.body;
  const headers = Object.fromEntries(Object.entries(value.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
  const answer = { statusCode: value.status, headers, isBase64Encoded: content instanceof Uint8Array };
  if (headers["set-cookie"] !== undefined) {
    answer.cookies = [headers["set-cookie"]].flat();
    delete headers["set-cookie"];
  }
  if (content instanceof Uint8Array) {
    answer.body = Buffer.from(content).toString("base64");
  } else if (content != null) {
    const isText = typeof content === "string";
    headers["content-type"] ??= isText ? "text/plain; charset=utf-8" : "application/json";
    answer.body = isText ? content : JSON.stringify(content);
  }
  return answer;
}

/**
 * The ids among the returned value. An array holds nothing else, and a batch returns nothing but an array or nothing, lest a
 * failure pass for success.
 */
function failed(events, value, strict) {
  if (!Array.isArray(value)) {
    // A list of failures in the words of AWS was meant as one.
    if (value != null && (strict || value instanceof Set || value.batchItemFailures !== undefined)) {
      throw new TypeError("a handler of messages returns nothing or the array of ids that failed");
    }
    return new Set();
  }
  const known = new Set(events.map((each) => each.id));
  if (!value.every((id) => known.has(id))) {
    throw new Error("the handler returned something that is not the id of an event of the batch");
  }
  return new Set(value);
}

const ANSWERS = {
  http: (_payload, _events, value) => response(value),
  call: (_payload, _events, value) => value ?? null,
  queue: (payload, events, value) => {
    const ids = failed(events, value, true);
    // All messages of a batch are from one queue.
    const queue = payload.Records[0].eventSourceARN.split(":").at(-1);
    const isPartial = (process.env.ISOBAR_PARTIAL_FAILURES ?? "").split(",").includes(queue);
    if (ids.size && !isPartial) throw new Failed(`failed: ${[...ids].sort().join(", ")}`);
    const blocked = new Set();
    const batchItemFailures = [];
    payload.Records.forEach((record, at) => {
      const group = record.eventSourceARN.endsWith(".fifo") ? record.attributes.MessageGroupId : undefined;
      // What follows a failed message of an ordered group has to come again after it.
      if (!ids.has(events[at].id) && !(group !== undefined && blocked.has(group))) return;
      blocked.add(group);
      batchItemFailures.push({ itemIdentifier: record.messageId });
    });
    return { batchItemFailures };
  },
  single: (_payload, events, value) => {
    const ids = failed(events, value, false);
    if (ids.size) throw new Failed(`failed: ${[...ids].sort().join(", ")}`);
    return null;
  },
};

/** The traceparent of this invocation: from the platform's own trace, else from who sent the event. */
function trace(first) {
  const entries = (process.env._X_AMZN_TRACE_ID ?? "").split(";").filter((part) => part.includes("="));
  const { Root = "", Parent, Sampled } = Object.fromEntries(entries.map((part) => part.split(/=(.*)/s)));
  const root = Root.split("-");
  if (root.length === 3 && Parent) return `00-${root[1]}${root[2]}-${Parent}-0${Sampled === "1" ? 1 : 0}`;
  const headers = first?.type === "http.request" ? first.data.headers : {};
  return first?.traceparent ?? headers.traceparent ?? null;
}

function log(level, message, native, events, more) {
  const line = {
    level, message, function: native.functionName, request_id: native.awsRequestId,
    trace: trace(events[0])?.split("-")[1] ?? null, events: events.map((each) => each.id), ...more,
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}
