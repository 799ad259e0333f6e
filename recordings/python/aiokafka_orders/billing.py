"""`billing`: charges the card for each of `orders`, then publishes to `payments`.

It reads one message at a time (`getone`). A failure seeks back, so that the message comes again; the third gives up
and publishes to `orders.dlq`.
"""

from telemetry import provider, tracer  # first: it instruments the client
import asyncio
import os
from collections import Counter

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

from service import say, stopped

GIVE_UP_AT = 3
FAILURES_OF = {"o-6002": 2, "o-6003": 1000}
attempts = Counter()


async def charge_card(order):
    with tracer.start_as_current_span("charge-card"):
        await asyncio.sleep(0.02)
        if attempts[order] <= FAILURES_OF.get(order, 0):
            raise RuntimeError("card number is invalid" if order == "o-6003" else "card gateway timeout")


async def handle(message, producer, consumer):
    order = message.key.decode()
    attempts[order] += 1
    try:
        await charge_card(order)
        await producer.send_and_wait("payments", key=message.key, value=message.value)
        say("done", order=order)
    except RuntimeError:
        if attempts[order] < GIVE_UP_AT:
            await asyncio.sleep(0.1)
            consumer.seek(TopicPartition(message.topic, message.partition), message.offset)
        else:
            await producer.send_and_wait("orders.dlq", key=message.key, value=message.value)
            say("done", order=order)


async def main():
    bootstrap = os.environ["KAFKA_BOOTSTRAP"]
    producer = AIOKafkaProducer(bootstrap_servers=bootstrap)
    consumer = AIOKafkaConsumer(
        "orders", bootstrap_servers=bootstrap, group_id="billing", auto_offset_reset="earliest"
    )
    await producer.start()
    await consumer.start()
    say("ready")
    while not stopped.is_set():
        try:
            message = await asyncio.wait_for(consumer.getone(), 0.3)
        except asyncio.TimeoutError:
            continue
        await handle(message, producer, consumer)
    await consumer.stop()
    await producer.stop()


asyncio.run(main())
provider.shutdown()
