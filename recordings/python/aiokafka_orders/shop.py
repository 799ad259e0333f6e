"""`shop`: each command {"command": "order", "order": …} is a request, which publishes to `orders`.

The request's SERVER span is the application's own: no web framework takes part.
"""

from telemetry import provider, tracer  # first: it instruments the client
import asyncio
import os

from aiokafka import AIOKafkaProducer
from opentelemetry.trace import SpanKind

from service import commands, say


async def main():
    producer = AIOKafkaProducer(bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"])
    await producer.start()
    say("ready")
    while (command := await asyncio.to_thread(commands.get))["command"] == "order":
        with tracer.start_as_current_span("POST /orders", kind=SpanKind.SERVER):
            await producer.send_and_wait("orders", key=command["order"].encode(), value=b"{}")
    await producer.stop()


asyncio.run(main())
provider.shutdown()
