// Serves what a cluster delivers to a function over HTTP as CloudEvents, and the handler's answer as an HTTP response.
//
// The handler named by ISOBAR_HANDLER (`file.export`) is called with `(events, context)`:
//
// - `events` is an array of CloudEvents 1.0, from HTTP binary, structured or batched mode. What a source wrapped is
//   unwrapped to the names that handlers know on every target (`isobar.message`, `isobar.object.created`,
//   `isobar.object.deleted`, `isobar.schedule`, `isobar.call`). A request that matches a route is one event of type
//   `http.request` whose `data` holds `method path headers query params body raw identity`: a JSON body is parsed, and
//   `raw` is the text that was sent.
// - `context` has `function`, `request_id`, `trace` (a W3C traceparent or null) and `deadline_ms()`, the milliseconds left.
// - It returns an answer for HTTP (`{status, headers, body}`, or any JSON value for 200), any value for a call, and
//   otherwise nothing or the array of ids of the events that failed: one of them answers 500, so that the source tries
//   again, and so does anything else that it returns, lest a failure pass for success.
//
// Events are delivered to `/_isobar/on/<trigger>` and calls to `/_isobar/call`; everything else is a request, whatever its
// headers say. The gateway puts the header `isobar-route` on what comes from outside, over one of the caller: nobody
// outside can pass off a request as an event, not even behind a route for every path.
//
// ISOBAR_ROUTES is a JSON list of `{"trigger", "method", "path", "jwt"}`. The header names the trigger whose route the
// gateway chose, and only where that has `jwt` did it verify the token, which then becomes the identity. PORT is 8080 and
// ISOBAR_TIMEOUT (seconds) 30 unless set.
//
// ISOBAR_WHERE is a JSON list of `{"trigger", "where"}`: filters of the platform do not see the data of an event, so it is
// tested here, and the handler gets the events for which all conditions of their trigger hold.

import { randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { createServer } from "node:http";

const OWN = "/_isobar/"; // No route of an application begins so.
const HEALTH = `${OWN}health`;
const DELIVERY = `${OWN}on/`;
const CALL = `${OWN}call`;
const ROUTE = "isobar-route"; // The header of what came through the gateway.
const STORE = "com.amazonaws."; // What an object store calls its events, whoever made it.
const MAX_BODY = 16 * 1024 * 1024;
const NO_ROUTE = { status: 404, body: { error: "there is no such route" } };

class BadRequest extends Error {}

function contextOf(headers, event) {
  const end = performance.now() + 1000 * Number(process.env.ISOBAR_TIMEOUT ?? 30);
  return {
    function: process.env.K_SERVICE ?? "function",
    request_id: headers["x-request-id"] ?? event?.id ?? randomUUID(),
    deadline_ms: () => Math.max(0, Math.trunc(end - performance.now())),
    trace: headers.traceparent ?? event?.traceparent ?? null,
  };
}

/** The routes, those with more literal segments first, so that the first match is the closest. */
function readRoutes() {
  const rank = ({ method, path }) =>
    path.split("/").map((s) => (s.endsWith("+}") ? 2 : s.startsWith("{") ? 1 : 0)).join("") + (method === "ANY" ? 1 : 0);
  const routes = JSON.parse(process.env.ISOBAR_ROUTES || "[]");
  return routes.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The parameters of a path, or undefined where the route is another. */
function match(route, method, path) {
  if (route.method !== "ANY" && route.method !== method) return undefined;
  const split = (text) => text.replace(/^\/+|\/+$/g, "").split("/");
  const [wanted, given, params] = [split(route.path), split(path), {}];
  for (const [at, segment] of wanted.entries()) {
    const rest = given.slice(at).join("/");
    if (segment.endsWith("+}") && rest) return { ...params, [segment.slice(1, -2)]: unquote(rest) };
    const isParameter = segment.startsWith("{");
    if (at >= given.length || (isParameter ? !given[at] : segment !== unquote(given[at]))) return undefined;
    if (isParameter) params[segment.slice(1, -1)] = unquote(given[at]);
  }
  return wanted.length === given.length ? params : undefined;
}

function unquote(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function event(id, source, type, data, more = {}) {
  return { specversion: "1.0", id, source, type, ...more, datacontenttype: "application/json", data };
}

function isEvent(value) {
  return value?.specversion === "1.0" && ["id", "source", "type"].every((name) => typeof value[name] === "string");
}

function request(identity, params, method, target, headers, raw) {
  const [path, text = ""] = target.split(/\?(.*)/s);
  const query = {};
  for (const [k, v] of new URLSearchParams(text)) query[k] = k in query ? `${query[k]},${v}` : v;
  const { content, encoding } = contentOf(raw, headers["content-type"] ?? "");
  const known = { method, path: unquote(path), headers, query, params, identity };
  return { ...known, body: content, raw: encoding ? content : raw.toString(), ...(encoding && { encoding }) };
}

function claims(headers) {
  try {
    return JSON.parse(Buffer.from(headers.authorization.split(" ").at(-1).split(".")[1], "base64url").toString());
  } catch {
    return null;
  }
}

/** A body as JSON, text or Base64, with the name of the encoding in the last case. */
function contentOf(raw, contentType) {
  if (!raw.length) return { content: null };
  const media = contentType.split(";")[0].trim().toLowerCase();
  let text;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(raw);
  } catch {
    return { content: raw.toString("base64"), encoding: "base64" };
  }
  if (media !== "application/json" && !media.endsWith("+json")) return { content: text };
  try {
    return { content: JSON.parse(text) };
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

/** The events of a delivery, in the mode that its headers name. */
function delivered(headers, raw) {
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("application/cloudevents")) {
    const { content } = contentOf(raw, "application/json");
    const events = contentType.startsWith("application/cloudevents-batch") ? content : [content];
    if (!Array.isArray(events) || !events.every(isEvent)) throw new BadRequest("the body is not a CloudEvent");
    return events.flatMap(unwrapped);
  }
  const attributes = Object.entries(headers).filter(([k]) => k.startsWith("ce-"));
  const found = Object.fromEntries(attributes.map(([k, v]) => [k.slice(3), unquote(v)]));
  if (!isEvent(found)) throw new BadRequest("the request is not a CloudEvent");
  const { content, encoding } = contentOf(raw, contentType);
  found.datacontenttype = contentType || "application/json";
  return unwrapped({ ...found, [encoding ? "data_base64" : "data"]: content });
}

/** Events by the names that handlers know on every target. */
function unwrapped(found) {
  if (found.type === "dev.knative.sources.ping") return [{ data: null, ...found, type: "isobar.schedule" }];
  const isMessage = found.type === "dev.knative.kafka.event";
  if (!isMessage && !found.type.startsWith(STORE)) return [found];
  let { data } = found;
  if (typeof data === "string") {
    try {
      data = JSON.parse(data);
    } catch {
      return [{ ...found, type: "isobar.message" }];
    }
  }
  if (isEvent(data)) return [data];
  if (data?.Records?.length && data.Records.every((record) => record.s3)) {
    return data.Records.map((record) => objectEvent(record, found.subject));
  }
  return [isMessage ? { ...found, type: "isobar.message", data } : found];
}

const isNumber = (value) => typeof value === "number";
const same = (one, other) => one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
const TESTS = {
  eq: same,
  ne: (value, other) => !same(value, other),
  gt: (value, other) => isNumber(value) && value > other,
  ge: (value, other) => isNumber(value) && value >= other,
  lt: (value, other) => isNumber(value) && value < other,
  le: (value, other) => isNumber(value) && value <= other,
  in: (value, other) => other.some((each) => same(value, each)),
  prefix: (value, other) => typeof value === "string" && value.startsWith(other),
  suffix: (value, other) => typeof value === "string" && value.endsWith(other),
};

/** Whether a condition holds; of a value that is not there only `exists: false` does. */
function holds({ steps, tests }, value) {
  for (const step of steps) {
    if (value === null || typeof value !== "object" || !Object.hasOwn(value, step)) {
      return tests.every(({ op, value: wanted }) => op === "exists" && !wanted);
    }
    value = value[step];
  }
  return tests.every(({ op, value: wanted }) => (op === "exists" ? wanted : TESTS[op](value, wanted)));
}

/** The events that the trigger of this path is for. */
function sifted(path, events) {
  const all = JSON.parse(process.env.ISOBAR_WHERE || "[]");
  const found = path.startsWith(DELIVERY) && all.find(({ trigger }) => trigger === path.slice(DELIVERY.length));
  return found ? events.filter(({ data }) => found.where.every((condition) => holds(condition, data))) : events;
}

function objectEvent({ eventName, eventTime: time, s3 }, subject) {
  const { size = null, eTag: etag = null, versionId: version = null, sequencer } = s3.object;
  const bucket = s3.bucket.name;
  // Stores differ in whether they escape the key; one that is the subject of the event too is as it is.
  const key = s3.object.key === subject ? subject : unquote(s3.object.key.replaceAll("+", " "));
  const type = `isobar.object.${eventName.includes("ObjectRemoved") ? "deleted" : "created"}`;
  const data = { bucket, key, size, etag, version };
  return event(`${key}/${sequencer}`, `urn:bucket:${bucket}`, type, data, { subject: key, time });
}

/** Status, headers and body of an answer. */
function response(value) {
  const isResponse = Number.isInteger(value?.status) && Object.keys(value).every((k) => ["status", "headers", "body"].includes(k));
  if (!isResponse) value = { status: value == null ? 204 : 200, body: value };
  const headers = Object.fromEntries(Object.entries(value.headers ?? {}).map(([k, v]) => [k.toLowerCase(), v]));
  let content = value.body ?? "";
  if (value.body != null && !(content instanceof Uint8Array)) {
    const isText = typeof content === "string";
    headers["content-type"] ??= isText ? "text/plain; charset=utf-8" : "application/json";
    content = isText ? content : JSON.stringify(content);
  }
  return { status: value.status, headers, content: Buffer.from(content) };
}

/** The response to a call. */
function called(value) {
  return response({ status: 200, body: JSON.stringify(value ?? null), headers: { "content-type": "application/json" } });
}

/** The response to a delivery: whether every event was taken. */
function answer(events, value) {
  const [failed, known] = [value ?? [], new Set(events.map((each) => each.id))];
  if (!Array.isArray(failed) || !failed.every((id) => typeof id === "string")) {
    throw new TypeError("a handler of events returns nothing or the array of ids that failed");
  }
  if (!failed.every((id) => known.has(id))) throw new RangeError("the handler returned an id that was not delivered");
  if (!failed.length) return response({ status: 204 });
  log("error", `failed: ${failed.join(", ")}`, contextOf({}, events[0]), events);
  return response({ status: 500, body: { failed } });
}

function log(level, message, context, events, more = {}) {
  const line = {
    level, message, function: context.function, request_id: context.request_id,
    trace: context.trace?.split("-")[1] ?? null, events: events.map((each) => each.id), ...more,
  };
  process.stderr.write(`${JSON.stringify(line)}\n`);
}

/** One HTTP exchange: status, headers and content. */
export async function invoke(handle, routes, method, target, { [ROUTE]: chosen, ...headers }, raw) {
  let events = [];
  let context = contextOf(headers);
  const path = target.split("?")[0];
  try {
    if (path.startsWith(OWN)) {
      const isDelivery = method === "POST" && (path === CALL || path.startsWith(DELIVERY));
      if (chosen !== undefined || !isDelivery) return response(NO_ROUTE);
      events = sifted(path, delivered(headers, raw));
      if (!events.length) return response({ status: 204 });
      context = contextOf(headers, events[0]);
      const value = await handle(events, context);
      return path === CALL ? called(value) : answer(events, value);
    }
    for (const route of routes.filter(({ trigger }) => chosen === undefined || chosen === trigger)) {
      const params = match(route, method, path);
      if (!params) continue;
      const identity = chosen !== undefined && route.jwt ? claims(headers) : null;
      const data = request(identity, params, method, target, headers, raw);
      events = [event(context.request_id, "isobar:http", "http.request", data)];
      return response(await handle(events, context));
    }
    return response(NO_ROUTE);
  } catch (error) {
    if (error instanceof BadRequest) return response({ status: 400, body: { error: error.message } });
    log("error", error.message, context, events, { error: error.name, stack: error.stack });
    return response({ status: 500, body: { error: "internal error" } });
  }
}

/** The body, null when it is too large. */
async function readBody(incoming) {
  const parts = [];
  let size = 0;
  for await (const part of incoming) {
    size += part.length;
    if (size <= MAX_BODY) parts.push(part);
  }
  return size <= MAX_BODY ? Buffer.concat(parts) : null;
}

async function loadHandler() {
  const [file, name] = process.env.ISOBAR_HANDLER.split(/\.(?=[^.]+$)/);
  const found = ["mjs", "js", "cjs"].map((end) => new URL(`${file}.${end}`, import.meta.url)).find((url) => existsSync(url));
  if (!found) throw new Error(`ISOBAR_HANDLER: there is no ${file}.mjs, .js or .cjs`);
  const module = await import(found);
  return module[name] ?? module.default[name];
}

const handle = await loadHandler();
const routes = readRoutes();
let isEnding = false;
const server = createServer(async (incoming, outgoing) => {
  const raw = await readBody(incoming).catch(() => null);
  const isHealth = incoming.url === HEALTH;
  const { status, headers, content } =
    isHealth ? response("ok") :
    raw === null ? response({ status: 413 }) :
    await invoke(handle, routes, incoming.method, incoming.url, incoming.headers, raw);
  if (isEnding) outgoing.shouldKeepAlive = false;
  outgoing.writeHead(status, { ...headers, ...(status !== 204 && { "content-length": content.length }) });
  outgoing.end(incoming.method === "HEAD" ? undefined : content);
});
server.listen(Number(process.env.PORT ?? 8080));
process.on("SIGTERM", () => {
  // What runs is finished; connections without a request are not waited for.
  isEnding = true;
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
