"""`shop`: each command {"command": "order", "order": …} is a request, which publishes to `orders`.

The request's SERVER span is the application's own: no web framework takes part.
"""

from telemetry import provider, tracer  # first: it instruments the client
from opentelemetry.trace import SpanKind

from client import Publisher
from service import commands, say

publisher = Publisher()
say("ready")
while (command := commands.get())["command"] == "order":
    with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER):
        publisher.publish("orders", command["order"], b"{}")
provider.shutdown()
