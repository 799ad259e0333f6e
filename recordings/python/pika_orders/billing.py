"""`billing`: charges the card, publishes `payment.taken`, acknowledges.

A failure is a nack with requeue; the third is a nack without, which dead-letters the message.
"""

from telemetry import provider, tracer  # first: it instruments the client
from collections import Counter
from time import sleep

from broker import connect, publish
from service import say, stopped

GIVE_UP_AT = 3
FAILURES_OF = {"o-7002": 2, "o-7003": 1000}
attempts = Counter()


def charge_card(order):
    with tracer.start_as_current_span("charge-card"):
        sleep(0.02)
        if attempts[order] <= FAILURES_OF.get(order, 0):
            raise RuntimeError("card number is invalid" if order == "o-7003" else "card gateway timeout")


def on_order(channel, method, properties, body):
    order = body.decode()
    attempts[order] += 1
    try:
        charge_card(order)
        publish(channel, "payments", "payment.taken", order)
        channel.basic_ack(method.delivery_tag)
        say("done", order=order)
    except RuntimeError:
        gives_up = attempts[order] == GIVE_UP_AT
        channel.basic_nack(method.delivery_tag, requeue=not gives_up)
        if gives_up:
            say("done", order=order)


connection, channel = connect()
channel.basic_consume("billing", on_order)
say("ready")
while not stopped.is_set():
    connection.process_data_events(0.2)
connection.close()
provider.shutdown()
