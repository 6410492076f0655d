// Writes calls down and gives the replies of a test case: what the fakes of all clients share.

import { appendFileSync } from "node:fs";

const replies = JSON.parse(process.env.TEST_REPLIES ?? "{}");

/** Writes a call down; its next reply. */
export function call(name, request) {
  appendFileSync(process.env.TEST_CALLS, `${JSON.stringify({ call: name, with: readable(request) })}\n`);
  return replies[name]?.shift();
}

/** Text that is JSON as what it says. */
function readable(value) {
  if (value instanceof Uint8Array) return readable(Buffer.from(value).toString());
  if (Array.isArray(value)) return value.map(readable);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, readable(v)]));
  return typeof value === "string" && value.startsWith("{") ? JSON.parse(value) : value;
}

/** A client of a service and a class for each of its commands. */
export function service(prefix, operations) {
  const commands = operations.map((name) => {
    const command = class { constructor(input) { this.input = input; } };
    command.operation = name;
    return [`${name}Command`, command];
  });
  class Client {
    async send({ constructor: { operation }, input }) {
      const reply = call(`${prefix}:${operation}`, input) ?? {};
      const { error, ...rest } = reply;
      if (error) throw Object.assign(new Error(error), { name: error, ...rest });
      if (operation === "GetObject") return { Body: { transformToString: async () => reply.Body } };
      return operation === "PutEvents" ? { FailedEntryCount: 0, Entries: [], ...reply } : reply;
    }
  }
  return { Client, ...Object.fromEntries(commands) };
}
