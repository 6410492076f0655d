// Delivers hooks to the partner named by PARTNER, one after the other, and each once.

import * as ports from "./ports.mjs";

/** The ids that could not be delivered: they come again, and after five attempts are set aside. */
export async function handler(events, context) {
  const failed = [];
  const blocked = new Set();
  for (const event of events) {
    // Behind a hook that failed, those of the same account wait, so that the partner sees them in order.
    if (blocked.has(event.partitionkey)) {
      failed.push(event.id);
      continue;
    }
    try {
      await ports.once(event, context, () => deliver(event, context));
    } catch (error) {
      console.log(JSON.stringify({ level: "error", message: error.message, event: event.id, trace: context.trace }));
      failed.push(event.id);
      blocked.add(event.partitionkey);
    }
  }
  return failed;
}

async function deliver(event, context) {
  const headers = { "idempotency-key": event.id, ...(context.trace && { traceparent: context.trace }) };
  await ports.request("POST", `${ports.external(process.env.PARTNER)}/hooks`, event.data, headers, []);
}
