"""`billing`: charges the card for each of `orders`, then publishes to `payments`.

A failure seeks back, so that the message comes again; the third gives up and publishes to `orders.dlq`.
"""

from telemetry import provider, tracer  # first: it instruments the client
from collections import Counter
from time import sleep

from client import Publisher, Subscription
from service import say

GIVE_UP_AT = 3
FAILURES_OF = {"o-6002": 2, "o-6003": 1000}

publisher = Publisher()
orders = Subscription("orders", "billing")
attempts = Counter()


def charge_card(order):
    with tracer.start_as_current_span("charge-card"):
        sleep(0.02)
        if attempts[order] <= FAILURES_OF.get(order, 0):
            raise RuntimeError("card number is invalid" if order == "o-6003" else "card gateway timeout")


say("ready")
for order, value, message in orders:
    attempts[order] += 1
    try:
        charge_card(order)
        publisher.publish("payments", order, value)
        say("done", order=order)
    except RuntimeError:
        if attempts[order] < GIVE_UP_AT:
            sleep(0.1)
            orders.again(message)
        else:
            publisher.publish("orders.dlq", order, value)
            say("done", order=order)
provider.shutdown()
