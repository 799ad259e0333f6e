"""Connection, exchanges and queues of the scenario.

    orders (topic) ──order.created──► billing (dies to orders.dlx ► billing.dead), ──order.#──► email
    payments (topic) ──payment.#──► shipping
"""

import os
import uuid

import pika


def connect():
    connection = pika.BlockingConnection(pika.URLParameters(os.environ["RABBIT_URL"]))
    channel = connection.channel()
    channel.basic_qos(prefetch_count=1)
    for exchange in ("orders", "payments", "orders.dlx"):
        channel.exchange_declare(exchange, "topic", durable=True)
    dies_to = {"billing": {"x-dead-letter-exchange": "orders.dlx"}}
    for queue, exchange, routing_key in (
        ("billing", "orders", "order.created"),
        ("billing.dead", "orders.dlx", "#"),
        ("email", "orders", "order.#"),
        ("shipping", "payments", "payment.#"),
    ):
        channel.queue_declare(queue, durable=True, arguments=dies_to.get(queue))
        channel.queue_bind(queue, exchange, routing_key)
    return connection, channel


def publish(channel, exchange, routing_key, order):
    """Publishes an order with a new message ID; the correlation ID is the order's number."""
    properties = pika.BasicProperties(message_id=str(uuid.uuid4()), correlation_id=order)
    channel.basic_publish(exchange, routing_key, order.encode(), properties)
