"""The Kafka client of the recording: KAFKA_CLIENT is `confluent` or `kafka_python`."""

import importlib
import os

_client = importlib.import_module(f"client_{os.environ['KAFKA_CLIENT']}")
Publisher = _client.Publisher
Subscription = _client.Subscription
