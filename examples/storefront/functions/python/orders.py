"""Orders over HTTP: line 0 of an order is its head, the others are what was ordered."""

import ports


def place(events, context):
    """POST /orders, once per `idempotency-key`."""
    event = events[0]
    request = event["data"]
    if not request["headers"].get("idempotency-key"):
        return {"status": 400, "body": {"error": "the header idempotency-key is missing"}}
    if not _is_order(request["body"]):
        return {"status": 400, "body": {"error": "an order has an orderId, a total in cents and lines"}}
    try:
        return ports.once(event, context, lambda: _place(request, context))
    except ports.Busy:
        return {"status": 409, "body": {"error": "this order is being placed"}}


def _place(request, context):
    body, customer, orders = request["body"], request["identity"]["sub"], ports.table("orders", "orderId", "line")
    id, total = body["orderId"], body["total"]
    known = orders.get({"orderId": id, "line": 0})
    if known is not None and known["customerId"] != customer:
        return {"status": 409, "body": {"error": "there is another order with this orderId"}}
    for at, line in enumerate(body["lines"], 1):
        orders.put({"orderId": id, "line": at, "sku": line["sku"], "count": line["count"]})
    # The head comes last: an order that has one is complete.
    orders.put({"orderId": id, "line": 0, "customerId": customer, "total": total, "status": "placed"})
    order = {"orderId": id, "customerId": customer, "total": total, "lines": body["lines"]}
    ports.bus("mesh").emit(ports.event("order.placed", f"placed-{id}", order, context.function, key=id))
    if total == 0:
        # A voucher has paid for all of it, so that there is nothing to charge, only to book.
        paid = {"orderId": id, "paymentId": f"voucher-{id}", "amount": 0}
        ports.queue("ledger").send(ports.event("payment.received", f"paid-{id}", paid, context.function, key=id))
    return {"status": 202, "body": {"orderId": id, "status": "placed"}}


def get(events, _context):
    """GET /orders/{orderId}: the head of an order; `mine` gives those of the caller."""
    request = events[0]["data"]
    id, customer, orders = request["params"]["orderId"], request["identity"]["sub"], ports.table("orders", "orderId", "line")
    if id == "mine":
        return {"orders": list(orders.query("by-customer", "customerId", customer))}
    order = orders.get({"orderId": id, "line": 0})
    if order is None or order["customerId"] != customer:
        return {"status": 404, "body": {"error": "there is no such order"}}
    return order


def _is_order(value):
    return (isinstance(value, dict) and isinstance(value.get("orderId"), str) and value["orderId"] not in ("", "mine")
            and isinstance(value.get("total"), int) and value["total"] >= 0
            and isinstance(value.get("lines"), list) and all(map(_is_line, value["lines"])))


def _is_line(value):
    return isinstance(value, dict) and isinstance(value.get("sku"), str) and isinstance(value.get("count"), int)
