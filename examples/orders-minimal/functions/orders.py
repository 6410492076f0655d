"""Orders over HTTP."""

import ports


def create(events, context):
    """POST /orders: keeps an order and asks for it to be worked off."""
    request = events[0]["data"]
    order = request["body"]
    if not _is_order(order):
        return {"status": 400, "body": {"error": "an order has an orderId and a total in cents"}}
    order = {"items": [], **order, "customer": request["identity"]["sub"]}
    known = ports.table("orders", "orderId").add({**order, "status": "placed"})
    if known and any(known.get(name) != value for name, value in order.items()):
        return {"status": 409, "body": {"error": "there is another order with this orderId"}}
    # Sent also for an order that is known: the first attempt may have ended between the two writes.
    id = order["orderId"]
    ports.queue("work").send(ports.event("order.placed", f"placed-{id}", order, context.function, key=id))
    return {"status": 202, "body": {"orderId": id, "status": "placed"}}


def get(events, _context):
    """GET /orders/{orderId}: an order of the caller."""
    request = events[0]["data"]
    order = ports.table("orders", "orderId").get({"orderId": request["params"]["orderId"]})
    if order is None or order.get("customer") != request["identity"]["sub"]:
        return {"status": 404, "body": {"error": "there is no such order"}}
    return order


def _is_order(value):
    return (isinstance(value, dict) and isinstance(value.get("orderId"), str) and value["orderId"] != ""
            and isinstance(value.get("total"), int) and value["total"] >= 0)
