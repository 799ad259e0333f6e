"""Sets up OpenTelemetry in a Python service, as a user would: imported before the instrumented library.

OTEL_SERVICE_NAME names the service, OTEL_EXPORTER_OTLP_ENDPOINT the receiver (OTLP/HTTP, protobuf), and
RECORD_INSTRUMENTATIONS the instrumentation (a key of INSTRUMENTORS).
"""

import importlib
import os

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

INSTRUMENTORS = {
    "confluent-kafka": ("opentelemetry.instrumentation.confluent_kafka", "ConfluentKafkaInstrumentor"),
    "kafka-python": ("opentelemetry.instrumentation.kafka", "KafkaInstrumentor"),
    "aiokafka": ("opentelemetry.instrumentation.aiokafka", "AIOKafkaInstrumentor"),
    "pika": ("opentelemetry.instrumentation.pika", "PikaInstrumentor"),
    "celery": ("opentelemetry.instrumentation.celery", "CeleryInstrumentor"),
    "aio-pika": ("opentelemetry.instrumentation.aio_pika", "AioPikaInstrumentor"),
}

provider = TracerProvider()
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=200))
trace.set_tracer_provider(provider)

module, name = INSTRUMENTORS[os.environ["RECORD_INSTRUMENTATIONS"]]
getattr(importlib.import_module(module), name)().instrument()

tracer = trace.get_tracer(os.environ["OTEL_SERVICE_NAME"])
