"""Writes calls down and gives the replies of a test case: what the fakes of all clients share."""

import json
import os

_replies = json.loads(os.environ.get("TEST_REPLIES", "{}"))


def call(name, request):
    """Writes a call down; its next reply."""
    with open(os.environ["TEST_CALLS"], "a", encoding="utf-8") as file:
        file.write(json.dumps({"call": name, "with": {k: _readable(v) for k, v in request.items()}}) + "\n")
    replies = _replies.get(name)
    return replies.pop(0) if replies else None


def _readable(value):
    """Text that is JSON as what it says."""
    value = value.decode() if isinstance(value, bytes) else value
    if isinstance(value, list):
        return [_readable(each) for each in value]
    if isinstance(value, tuple):
        return [_readable(each) for each in value]
    if isinstance(value, dict):
        return {name: _readable(each) for name, each in value.items()}
    if isinstance(value, str) and value.startswith("{"):
        return json.loads(value)
    return value
