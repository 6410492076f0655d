// Hands what a filter let through to the channel of one partner, as it is: its id makes repetitions harmless.

import * as ports from "./ports.mjs";

export async function to_billing(events) {
  for (const event of events) await ports.queue("billing").send(event);
}

export async function to_shipping(events) {
  for (const event of events) await ports.queue("shipping").send(event);
}

export async function to_desk(events) {
  for (const event of events) await ports.topic("large").publish(event);
}
