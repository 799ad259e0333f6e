"""Connection, exchanges and queues of the scenario; they are those of pika_orders/broker.py."""

import os
import uuid

import aio_pika


async def connect():
    connection = await aio_pika.connect(os.environ["RABBIT_URL"])
    channel = await connection.channel()
    await channel.set_qos(prefetch_count=1)
    topics = {
        name: await channel.declare_exchange(name, aio_pika.ExchangeType.TOPIC, durable=True)
        for name in ("orders", "payments", "orders.dlx")
    }
    dies_to = {"billing": {"x-dead-letter-exchange": "orders.dlx"}}
    queues = {}
    for queue, exchange, routing_key in (
        ("billing", "orders", "order.created"),
        ("billing.dead", "orders.dlx", "#"),
        ("email", "orders", "order.#"),
        ("shipping", "payments", "payment.#"),
    ):
        queues[queue] = await channel.declare_queue(queue, durable=True, arguments=dies_to.get(queue))
        await queues[queue].bind(topics[exchange], routing_key)
    return connection, topics, queues


async def publish(exchange, routing_key, order):
    """Publishes an order with a new message ID; the correlation ID is the order's number."""
    message = aio_pika.Message(order.encode(), message_id=str(uuid.uuid4()), correlation_id=order)
    await exchange.publish(message, routing_key)
