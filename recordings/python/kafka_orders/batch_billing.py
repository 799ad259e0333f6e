"""`billing` by the batch, with confluent-kafka's `consume`: charges the card for each of `orders`, then publishes to `payments`.

A failure seeks back to its message, so that it and those after it come again; the third gives up and publishes to `orders.dlq`.
"""

from telemetry import provider, tracer  # first: it instruments the client
from collections import Counter
from time import sleep

from confluent_kafka import Consumer, TopicPartition

from client_confluent import Publisher, bootstrap
from service import say, stopped

GIVE_UP_AT = 3
FAILURES_OF = {"o-6002": 2, "o-6003": 1000}

publisher = Publisher()
consumer = Consumer({**bootstrap, "group.id": "billing", "auto.offset.reset": "earliest"})
consumer.subscribe(["orders"])
attempts = Counter()


def charge_card(order):
    with tracer.start_as_current_span("charge-card"):
        sleep(0.02)
        if attempts[order] <= FAILURES_OF.get(order, 0):
            raise RuntimeError("card number is invalid" if order == "o-6003" else "card gateway timeout")


def handle(message):
    """Whether those after it may be handled."""
    order, value = message.key().decode(), message.value()
    attempts[order] += 1
    try:
        charge_card(order)
        publisher.publish("payments", order, value)
    except RuntimeError:
        if attempts[order] < GIVE_UP_AT:
            sleep(0.1)
            consumer.seek(TopicPartition(message.topic(), message.partition(), message.offset()))
            return False
        publisher.publish("orders.dlq", order, value)
    say("done", order=order)
    return True


say("ready")
while not stopped.is_set():
    for message in consumer.consume(10, 1):
        if not handle(message):
            break
consumer.close()
provider.shutdown()
