// Takes webhooks: checks the signature, answers, and puts what was sent on the bus.

import { createHmac, timingSafeEqual } from "node:crypto";

import * as ports from "./ports.mjs";

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

/** POST /hooks/{source} */
export async function handler([request], context) {
  const { headers, params, raw, body } = request.data;
  const id = headers["webhook-id"] ?? "";
  const isSigned = verify(await ports.secret("signing-key"), `${id}.${raw}`, headers["webhook-signature"] ?? "");
  if (!NAME.test(id) || !isSigned) return { status: 401, body: { error: "the signature does not fit" } };
  if (!isHook(body) || !NAME.test(params.source)) {
    return { status: 400, body: { error: "a hook has a kind, an account and an amount" } };
  }
  const { kind, account, amount = 0, note } = body;
  const hook = { source: params.source, kind, account, amount, ...(note !== undefined && { note }) };
  try {
    return await ports.once(request, context, async () => {
      const sent = ports.event("hook.received", `${params.source}.${id}`, hook, context.function, account);
      await ports.bus("relay").emit(sent);
      return { status: 202, body: { id: sent.id } };
    });
  } catch (error) {
    if (error instanceof ports.Busy) return { status: 409, body: { error: "this hook is being taken" } };
    throw error;
  }
}

function verify(key, text, signature) {
  const expected = createHmac("sha256", key).update(text).digest();
  const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
  // Compared in constant time, so that the time tells nothing about the key.
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function isHook(body) {
  const { kind, account, amount = 0, note = "" } = body ?? {};
  const isText = [kind, account].every((text) => typeof text === "string" && NAME.test(text));
  return isText && Number.isSafeInteger(amount) && amount >= 0 && typeof note === "string" && note.length <= 4000;
}
