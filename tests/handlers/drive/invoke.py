"""Invokes the adapter in the current folder once, as Lambda does: the event comes in on standard input."""

import json
import os
import sys

sys.path.insert(0, os.getcwd())


class _Native:
    function_name = os.environ["TEST_FUNCTION"]
    aws_request_id = "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"

    @staticmethod
    def get_remaining_time_in_millis():
        """The time left."""
        return 9000


import isobar_adapter

try:
    answer = {"answer": isobar_adapter.handler(json.load(sys.stdin), _Native)}
except Exception as error:
    answer = {"raised": f"{type(error).__name__}: {error}"}
with open(os.environ["TEST_ANSWER"], "w", encoding="utf-8") as file:
    json.dump(answer, file)
