"""confluent-kafka, as its guide uses it: a poll loop, `seek` to have a message again."""

import os

from confluent_kafka import Consumer, Producer, TopicPartition

from service import stopped

bootstrap = {"bootstrap.servers": os.environ["KAFKA_BOOTSTRAP"]}


class Publisher:
    def __init__(self):
        self._producer = Producer(bootstrap)

    def publish(self, topic, key, value):
        self._producer.produce(topic, value, key)
        self._producer.flush()


class Subscription:
    """Messages of one topic for one consumer group; iterating hands over (key, value, message)."""

    def __init__(self, topic, group):
        self._consumer = Consumer({**bootstrap, "group.id": group, "auto.offset.reset": "earliest"})
        self._consumer.subscribe([topic])

    def __iter__(self):
        while not stopped.is_set():
            message = self._consumer.poll(0.2)
            if message is not None and message.error() is None:
                yield message.key().decode(), message.value(), message
        self._consumer.close()

    def again(self, message):
        self._consumer.seek(TopicPartition(message.topic(), message.partition(), message.offset()))
