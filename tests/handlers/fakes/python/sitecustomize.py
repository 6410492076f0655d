"""Stops the clocks, so that what a handler writes down is the same on every run and however busy the machine is."""

import time

time.time = lambda: 1767225600.0
time.monotonic = lambda: 1000.0
