"""`shop`: each command {"command": "order", "order": …} is a request, which publishes `order.created`.

The request's SERVER span is the application's own: no web framework takes part.
"""

from telemetry import provider, tracer  # first: it instruments the client
import asyncio

from opentelemetry.trace import SpanKind

from broker import connect, publish
from service import commands, say


async def main():
    connection, topics, _ = await connect()
    say("ready")
    while (command := await asyncio.to_thread(commands.get))["command"] == "order":
        with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER):
            await publish(topics["orders"], "order.created", command["order"])
    await connection.close()


asyncio.run(main())
provider.shutdown()
