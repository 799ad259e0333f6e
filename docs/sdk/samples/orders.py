"""Publishes and processes events as Upshot reads them, with nothing but OpenTelemetry.

    pip install opentelemetry-sdk opentelemetry-exporter-otlp-proto-http
    OTEL_SERVICE_NAME=shop    python orders.py publish order_441            # prints the message's headers as JSON
    OTEL_SERVICE_NAME=billing python orders.py process '{"traceparent": …}'  # prints those of what follows
"""

import json
import sys
import uuid

from opentelemetry import propagate, trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Link, SpanKind

provider = TracerProvider()  # the resource comes from OTEL_SERVICE_NAME, the endpoint from OTEL_EXPORTER_OTLP_ENDPOINT
provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
trace.set_tracer_provider(provider)
tracer = trace.get_tracer("shop")


def publish(event, destination, correlation_id, causation_id=None):
    """Makes the producer span and returns the headers to send with the message."""
    event_id = str(uuid.uuid4())
    attributes = {
        "messaging.operation.type": "send",
        "messaging.destination.name": destination,
        "upshot.event": event,
        "upshot.event_id": event_id,
        "upshot.correlation_id": correlation_id,
    }
    headers = {
        "upshot-event-id": event_id,
        "upshot-event-name": event,
        "upshot-correlation-id": correlation_id,
    }
    if causation_id is not None:
        attributes["upshot.causation_id"] = causation_id
        headers["upshot-causation-id"] = causation_id
    with tracer.start_as_current_span(f"send {destination}", kind=SpanKind.PRODUCER, attributes=attributes):
        propagate.inject(headers)  # traceparent
        # producer.send(destination, body, headers=headers)
    return headers


def process(headers, destination, consumer, step, handler):
    """Runs the handler as one attempt of its consumer."""
    parent = propagate.extract(headers)
    sender = trace.get_current_span(parent).get_span_context()
    attributes = {
        "messaging.operation.type": "process",
        "messaging.destination.name": destination,
        "upshot.consumer": consumer,
        "upshot.step": step,
        "upshot.event": headers["upshot-event-name"],
        "upshot.event_id": headers["upshot-event-id"],
        "upshot.correlation_id": headers["upshot-correlation-id"],
        # "upshot.attempt": 2, where the broker counts
    }
    links = [Link(sender)] if sender.is_valid else []
    span = tracer.start_span(step, context=parent, kind=SpanKind.CONSUMER, attributes=attributes, links=links)
    with trace.use_span(span, end_on_exit=True, record_exception=True, set_status_on_exception=True):
        try:
            result = handler(headers)
        except Exception:
            span.set_attribute("upshot.outcome", "failed")
            # span.set_attribute("upshot.disposition", "retry"), or "dead-letter", where that is known
            raise
        span.set_attribute("upshot.outcome", "succeeded")
        return result


def authorize_payment(headers):
    with tracer.start_as_current_span("ask-the-bank"):
        pass
    return publish(
        "payment.authorized",
        "payments",
        correlation_id=headers["upshot-correlation-id"],
        causation_id=headers["upshot-event-id"],
    )


if __name__ == "__main__":
    _, what, argument = sys.argv
    if what == "publish":
        sent = publish("order.placed", "orders", correlation_id=argument)
    else:
        sent = process(json.loads(argument), "orders", "billing", "authorize-payment", authorize_payment)
    provider.shutdown()
    print(json.dumps(sent))
