"""A service that only takes note of one topic (READ_TOPIC) as the consumer group of its own name."""

from telemetry import provider  # first: it instruments the client
import os

from client import Subscription
from service import say

subscription = Subscription(os.environ["READ_TOPIC"], os.environ["OTEL_SERVICE_NAME"])
say("ready")
for order, _, _ in subscription:
    say("done", order=order)
provider.shutdown()
