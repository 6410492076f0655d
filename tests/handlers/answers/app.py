"""Logs the events that it gets, and returns what the test says."""

import json
import os


def handle(events, _context):
    """The handler."""
    print(json.dumps(events))
    return json.loads(os.environ["TEST_RETURN"])
