"""`billing`: charges the card, publishes `payment.taken`, acknowledges.

A failure is a nack with requeue; the third is a reject without, which dead-letters the message.
"""

from telemetry import provider, tracer  # first: it instruments the client
import asyncio
from collections import Counter

from broker import connect, publish
from service import say, stopped

GIVE_UP_AT = 3
FAILURES_OF = {"o-7002": 2, "o-7003": 1000}
attempts = Counter()


async def charge_card(order):
    with tracer.start_as_current_span("charge-card"):
        await asyncio.sleep(0.02)
        if attempts[order] <= FAILURES_OF.get(order, 0):
            raise RuntimeError("card number is invalid" if order == "o-7003" else "card gateway timeout")


async def main():
    connection, topics, queues = await connect()

    async def on_order(message):
        order = message.body.decode()
        attempts[order] += 1
        try:
            await charge_card(order)
            await publish(topics["payments"], "payment.taken", order)
            await message.ack()
            say("done", order=order)
        except RuntimeError:
            if attempts[order] < GIVE_UP_AT:
                await message.nack(requeue=True)
            else:
                await message.reject(requeue=False)
                say("done", order=order)

    await queues["billing"].consume(on_order)
    say("ready")
    await asyncio.to_thread(stopped.wait)
    await connection.close()


asyncio.run(main())
provider.shutdown()
