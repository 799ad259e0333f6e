"""A service that only takes note of one topic (READ_TOPIC) as the consumer group of its own name.

It reads by the batch (`getmany`).
"""

from telemetry import provider  # first: it instruments the client
import asyncio
import os

from aiokafka import AIOKafkaConsumer

from service import say, stopped


async def main():
    consumer = AIOKafkaConsumer(
        os.environ["READ_TOPIC"],
        bootstrap_servers=os.environ["KAFKA_BOOTSTRAP"],
        group_id=os.environ["OTEL_SERVICE_NAME"],
        auto_offset_reset="earliest",
    )
    await consumer.start()
    say("ready")
    while not stopped.is_set():
        for messages in (await consumer.getmany(timeout_ms=300)).values():
            for message in messages:
                say("done", order=message.key.decode())
    await consumer.stop()


asyncio.run(main())
provider.shutdown()
