"""kafka-python, as its guide uses it: iterating over the consumer, `seek` to have a message again."""

import os

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from service import stopped

bootstrap = os.environ["KAFKA_BOOTSTRAP"]


class Publisher:
    def __init__(self):
        self._producer = KafkaProducer(bootstrap_servers=bootstrap)

    def publish(self, topic, key, value):
        self._producer.send(topic, key=key.encode(), value=value).get(10)


class Subscription:
    """Messages of one topic for one consumer group; iterating hands over (key, value, message)."""

    def __init__(self, topic, group):
        self._consumer = KafkaConsumer(
            topic,
            bootstrap_servers=bootstrap,
            group_id=group,
            auto_offset_reset="earliest",
            # Iterating ends after this long without a message, so that `stopped` is looked at.
            consumer_timeout_ms=300,
        )

    def __iter__(self):
        while not stopped.is_set():
            for message in self._consumer:
                yield message.key.decode(), message.value, message
        self._consumer.close()

    def again(self, message):
        self._consumer.seek(TopicPartition(message.topic, message.partition), message.offset)
