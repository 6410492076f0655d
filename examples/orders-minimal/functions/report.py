"""The nightly report."""

import json

import ports


def nightly(_events, _context):
    """Logs how many orders there are in each state, and their worth."""
    report = {}
    for order in ports.table("orders", "orderId").scan():
        state = report.setdefault(order["status"], {"orders": 0, "total": 0})
        state["orders"] += 1
        state["total"] += order["total"]
    print(json.dumps({"level": "info", "message": "orders by state", "report": report}, sort_keys=True))
