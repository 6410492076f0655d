"""What happens to an order after it was placed."""

import json

import ports


def process(events, context):
    """Works orders off, each on its own: those that fail come again."""
    orders, bus, failed = ports.table("orders", "orderId"), ports.bus("bus"), []
    for event in events:
        order = event["data"]
        id = order["orderId"]
        try:
            orders.update({"orderId": id}, {"status": "processed"}, when={"status": "placed"})
            # Emitted also for an order that was processed before: that attempt may have ended before this line.
            done = {"orderId": id, "total": order["total"]}
            bus.emit(ports.event("order.processed", f"processed-{id}", done, context.function, key=id))
        except Exception as error:
            print(json.dumps({"level": "error", "message": repr(error), "order": id, "trace": context.trace}))
            failed.append(event["id"])
    return failed


def payment(events, _context):
    """Marks an order as paid; a payment without an order fails and is set aside."""
    orders = ports.table("orders", "orderId")
    for event in events:
        paid = event["data"]
        changes = {"paymentId": paid["paymentId"], "paid": paid["amount"]}
        orders.update({"orderId": paid["orderId"]}, changes, when={"paymentId": None})
