"""`shop`: each command {"command": "order", "order": …} is a request, which publishes `order.created`.

The request's SERVER span is the application's own: no web framework takes part.
"""

from telemetry import provider, tracer  # first: it instruments the client
from opentelemetry.trace import SpanKind

from broker import connect, publish
from service import commands, say

connection, channel = connect()
say("ready")
while (command := commands.get())["command"] == "order":
    with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER):
        publish(channel, "orders", "order.created", command["order"])
connection.close()
provider.shutdown()
