// The resources of a function by the names of its specification, on whatever serves them.
//
// `table("orders", "orderId")` reads ISOBAR_ORDERS_KIND and its neighbours and gives an object with the same methods
// everywhere. Clients are imported when first used, so that a package needs only those of the platform it runs on.

import { readFileSync } from "node:fs";

/** An attribute of a resource, such as its KIND, NAME or URL. */
export function binding(name, attribute) {
  const variable = `ISOBAR_${name.toUpperCase().replaceAll("-", "_")}_${attribute}`;
  const value = process.env[variable];
  if (value === undefined) throw new Error(`${variable} is not set`);
  return value;
}

/** A CloudEvent whose id is made from what happened, so that sending it again gives the same event. */
export function event(type, id, data, source, key) {
  const time = new Date(Date.now()).toISOString();
  const known = { specversion: "1.0", type, id, source: `/${source}`, time };
  return { ...known, ...(key !== undefined && { partitionkey: key }), datacontenttype: "application/json", data };
}

/** A table whose rows are told apart by these attributes. */
export function table(name, ...key) {
  return new { dynamodb: DynamoTable, dapr: DaprTable }[binding(name, "KIND")](name, key);
}

export function queue(name) {
  return new { sqs: SqsQueue, kafka: KafkaChannel }[binding(name, "KIND")](name);
}

export function topic(name) {
  return new { sns: SnsTopic, kafka: KafkaChannel }[binding(name, "KIND")](name);
}

export function bus(name) {
  return new { eventbridge: EventBridgeBus, "knative-broker": Broker }[binding(name, "KIND")](name);
}

/** The text of a secret. */
export async function secret(name) {
  if (binding(name, "KIND") === "file") return readFileSync(binding(name, "PATH"), "utf8").trim();
  const answer = await aws("secrets-manager", "SecretsManager", "GetSecretValue", { SecretId: binding(name, "ID") });
  return answer.SecretString;
}

/** The address of a host outside. */
export function external(name) {
  return binding(name, "URL");
}

/** There is no row with this key. */
export class Missing extends Error {}

/** Another invocation works on the same key; the platform delivers again later. */
export class Busy extends Error {}

/**
 * Runs `work()` once per idempotency key of an event, and gives its answer again to repetitions.
 *
 * The key is taken by a conditional write that compares times itself, because a store may delete expired rows late.
 * It is held for the time the function has left, so that a crashed invocation gives it up.
 */
export async function once(found, context, work) {
  const store = table("idempotency", "id");
  const now = Math.floor(Date.now() / 1000);
  const id = `${process.env.ISOBAR_IDEMPOTENCY_PREFIX}${found.type}#${idempotencyKey(found)}`;
  const row = { id, ttl: now + Number(process.env.ISOBAR_IDEMPOTENCY_WINDOW) };
  const lock = now + Math.floor(context.deadline_ms() / 1000) + 1;
  const known = await store.claim({ ...row, lock, done: false }, now);
  if (known?.done) return JSON.parse(known.answer);
  if (known) throw new Busy(id);
  let answer;
  try {
    answer = await work();
  } catch (error) {
    await store.put({ ...row, lock: 0, done: false });
    throw error;
  }
  await store.put({ ...row, done: true, answer: JSON.stringify(answer ?? null) });
  return answer;
}

/** What the declared key names in an event. */
export function idempotencyKey(found) {
  const form = process.env.ISOBAR_IDEMPOTENCY_KEY;
  const [kind, name] = form.split(/:(.*)/s);
  let value;
  if (kind === "event") {
    value = `${found.source}#${found.id}`;
  } else if (kind === "header" || kind === "path") {
    value = kind === "header" ? found.data.headers[name.toLowerCase()] : found.data.params[name];
  } else {
    const steps = form.split("/").slice(1).map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
    value = steps.reduce((at, step) => at?.[step], found.type === "http.request" ? found.data.body : found.data);
  }
  if (value === undefined || value === null) throw new TypeError(`there is no ${form}`);
  return String(value);
}

/** One request over HTTP; an error status throws unless it is expected. */
export async function request(method, url, body, headers = {}, refused = []) {
  const text = body === undefined ? undefined : JSON.stringify(body);
  const signal = AbortSignal.timeout(10_000);
  const answer = await fetch(url, { method, body: text, headers: { "content-type": "application/json", ...headers }, signal });
  if (!answer.ok && !refused.includes(answer.status)) throw new Error(`${method} ${url} answered ${answer.status}`);
  const content = await answer.text();
  return { status: answer.status, headers: answer.headers, body: content && answer.ok ? JSON.parse(content) : null };
}

const clients = new Map();

/** One operation of an AWS service, by the name of its package, its client and its command. */
async function aws(service, client, operation, input) {
  const sdk = await import(`@aws-sdk/client-${service}`);
  if (!clients.has(service)) clients.set(service, new sdk[`${client}Client`]({}));
  return clients.get(service).send(new sdk[`${operation}Command`](input));
}

/** A value as DynamoDB types it. */
function packed(value) {
  if (value === null || value === undefined) return { NULL: true };
  if (typeof value === "boolean") return { BOOL: value };
  if (typeof value === "number") return { N: String(value) };
  if (typeof value === "string") return { S: value };
  if (Array.isArray(value)) return { L: value.map(packed) };
  return { M: packedRow(value) };
}

function packedRow(row) {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, packed(value)]));
}

function unpacked(typed) {
  const [[kind, value]] = Object.entries(typed);
  if (kind === "N") return Number(value);
  if (kind === "L") return value.map(unpacked);
  if (kind === "M") return unpackedRow(value);
  return kind === "NULL" ? null : value;
}

function unpackedRow(item) {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, unpacked(value)]));
}

class DynamoTable {
  constructor(name, key) {
    this.name = binding(name, "NAME");
    this.key = key;
  }

  run(operation, input) {
    return aws("dynamodb", "DynamoDB", operation, { TableName: this.name, ...input });
  }

  /** The row, or null. */
  async get(key) {
    const { Item } = await this.run("GetItem", { Key: packedRow(key) });
    return Item ? unpackedRow(Item) : null;
  }

  async put(row) {
    await this.run("PutItem", { Item: packedRow(row) });
  }

  async delete(key) {
    await this.run("DeleteItem", { Key: packedRow(key) });
  }

  /** Puts a record unless a live one is there; then that one. */
  async claim(row, now) {
    const input = {
      Item: packedRow(row),
      ConditionExpression: "attribute_not_exists(id) OR #ttl < :now OR (#done = :no AND #lock < :now)",
      ExpressionAttributeNames: { "#ttl": "ttl", "#done": "done", "#lock": "lock" },
      ExpressionAttributeValues: packedRow({ ":now": now, ":no": false }),
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
    try {
      await this.run("PutItem", input);
      return null;
    } catch (error) {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      return unpackedRow(error.Item);
    }
  }

  /** Changes a row whose attributes equal those of `when` (null: absent). The row, or null where they do not. */
  async update(key, changes, when) {
    const names = { "#k": this.key[0] };
    const values = {};
    const sets = Object.entries(changes).map(([name, value], at) => {
      names[`#s${at}`] = name;
      values[`:s${at}`] = value;
      return `#s${at} = :s${at}`;
    });
    const tests = Object.entries(when).map(([name, value], at) => {
      names[`#w${at}`] = name;
      if (value === null) return `attribute_not_exists(#w${at})`;
      values[`:w${at}`] = value;
      return `#w${at} = :w${at}`;
    });
    const input = {
      Key: packedRow(key),
      UpdateExpression: `SET ${sets.join(", ")}`,
      // Without the first test an update would make the row that is missing.
      ConditionExpression: ["attribute_exists(#k)", ...tests].join(" AND "),
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: packedRow(values),
      ReturnValues: "ALL_NEW",
      ReturnValuesOnConditionCheckFailure: "ALL_OLD",
    };
    try {
      return unpackedRow((await this.run("UpdateItem", input)).Attributes);
    } catch (error) {
      if (error.name !== "ConditionalCheckFailedException") throw error;
      if (!error.Item) throw new Missing(JSON.stringify(key));
      return null;
    }
  }
}

class DaprTable {
  constructor(name, key) {
    this.url = `${binding(name, "URL")}/v1.0/state/${binding(name, "NAME")}`;
    this.key = key;
  }

  /** The row, or null. */
  async get(key) {
    return (await this.read(key)).row;
  }

  async put(row) {
    await this.write(row, null, "last-write");
  }

  async delete(key) {
    await request("DELETE", `${this.url}/${encodeURIComponent(this.id(key))}`);
  }

  /** Puts a record unless a live one is there; then that one. */
  async claim(row, now) {
    if (await this.write(row, null, "first-write")) return null;
    const { row: known, etag } = await this.read(row);
    const isFree = !known || known.ttl < now || (!known.done && known.lock < now);
    if (!isFree) return known;
    return (await this.write(row, etag, "first-write")) ? null : { done: false };
  }

  /** Changes a row whose attributes equal those of `when` (null: absent). The row, or null where they do not. */
  async update(key, changes, when) {
    for (let tries = 0; tries < 5; tries += 1) {
      const { row, etag } = await this.read(key);
      if (!row) throw new Missing(JSON.stringify(key));
      if (Object.entries(when).some(([name, value]) => (row[name] ?? null) !== value)) return null;
      const changed = { ...row, ...changes };
      if (await this.write(changed, etag, "first-write")) return changed;
    }
    throw new Busy(this.id(key));
  }

  id(row) {
    return this.key.map((name) => row[name]).join("#");
  }

  async read(key) {
    const { body, headers } = await request("GET", `${this.url}/${encodeURIComponent(this.id(key))}`);
    return { row: body, etag: headers.get("etag") };
  }

  /** Whether nobody wrote in between. */
  async write(row, etag, concurrency) {
    const entry = { key: this.id(row), value: row, options: { concurrency }, ...(etag && { etag }) };
    if ("ttl" in row) entry.metadata = { ttlInSeconds: String(Math.max(1, row.ttl - Math.floor(Date.now() / 1000))) };
    return (await request("POST", this.url, [entry], {}, [409])).status !== 409;
  }
}

class SqsQueue {
  constructor(name) {
    this.url = binding(name, "URL");
  }

  async send(sent) {
    const ordered = { MessageGroupId: sent.partitionkey, MessageDeduplicationId: sent.id };
    const input = { QueueUrl: this.url, MessageBody: JSON.stringify(sent) };
    await aws("sqs", "SQS", "SendMessage", { ...input, ...(this.url.endsWith(".fifo") && ordered) });
  }
}

class SnsTopic {
  constructor(name) {
    this.arn = binding(name, "ID");
  }

  async publish(sent) {
    await aws("sns", "SNS", "Publish", { TopicArn: this.arn, Message: JSON.stringify(sent) });
  }
}

class EventBridgeBus {
  constructor(name) {
    this.name = binding(name, "NAME");
  }

  async emit(sent) {
    const entry = { EventBusName: this.name, Source: sent.source, DetailType: sent.type, Detail: JSON.stringify(sent) };
    const answer = await aws("eventbridge", "EventBridge", "PutEvents", { Entries: [entry] });
    if (answer.FailedEntryCount) throw new Error(answer.Entries[0].ErrorMessage ?? "the bus refused the event");
  }
}

let producer;

/** A connected producer with the certificate of the function. */
async function connected(servers, folder) {
  const { Kafka } = await import("kafkajs");
  const [ca, cert, key] = ["ca.crt", "user.crt", "user.key"].map((name) => readFileSync(`${folder}/${name}`, "utf8"));
  const made = new Kafka({ brokers: servers.split(","), ssl: { ca: [ca], cert, key } }).producer();
  await made.connect();
  return made;
}

class KafkaChannel {
  constructor(name) {
    this.topic = binding(name, "NAME");
    producer ??= connected(binding(name, "URL"), binding(name, "PATH"));
  }

  async send(sent) {
    const headers = { "content-type": "application/cloudevents+json; charset=UTF-8" };
    const message = { key: sent.partitionkey ?? sent.id, value: JSON.stringify(sent), headers };
    await (await producer).send({ topic: this.topic, acks: -1, messages: [message] });
  }

  publish(sent) {
    return this.send(sent);
  }
}

class Broker {
  constructor(name) {
    this.url = binding(name, "URL");
  }

  async emit(sent) {
    await request("POST", this.url, sent, { "content-type": "application/cloudevents+json" });
  }
}
