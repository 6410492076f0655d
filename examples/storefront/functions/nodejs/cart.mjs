// A cart: read, put and deleted as a whole by the customer it belongs to.

import * as ports from "./ports.mjs";

export async function handler([request]) {
  const { method, params, identity, body } = request.data;
  const carts = ports.table("carts", "cartId");
  const key = { cartId: params.cartId };
  const cart = await carts.get(key);
  if (cart && cart.customerId !== identity.sub) return { status: 404, body: { error: "there is no such cart" } };
  if (method === "GET") return cart ?? { status: 404, body: { error: "there is no such cart" } };
  if (method === "DELETE") {
    await carts.delete(key);
    return { status: 204 };
  }
  if (method !== "PUT") return { status: 405, headers: { allow: "GET, PUT, DELETE" } };
  if (!isCart(body)) return { status: 400, body: { error: "a cart has items, each with sku and count" } };
  const changed = { ...key, customerId: identity.sub, items: body.items.map(({ sku, count }) => ({ sku, count })) };
  await carts.put(changed);
  return changed;
}

function isCart(body) {
  const isItem = ({ sku, count } = {}) => typeof sku === "string" && Number.isSafeInteger(count) && count > 0;
  return Array.isArray(body?.items) && body.items.length <= 100 && body.items.every((item) => isItem(item ?? {}));
}
