// Books payments: each message on its own, so that one that fails does not hold up the others.

import * as ports from "./ports.mjs";

/** The ids of the payments that could not be booked: they come again. */
export async function handler(events, context) {
  const failed = [];
  for (const event of events) {
    try {
      await ports.once(event, context, () => settle(event.data));
    } catch (error) {
      console.log(JSON.stringify({ level: "error", message: error.message, event: event.id, trace: context.trace }));
      failed.push(event.id);
    }
  }
  return failed;
}

async function settle({ orderId, paymentId, amount }) {
  const orders = ports.table("orders", "orderId", "line");
  await orders.update({ orderId, line: 0 }, { status: "paid", paymentId, paid: amount }, { status: "placed" });
}
