"""Sends spans with OpenTelemetry's exporters for Python: over HTTP (protobuf) and gRPC, plain and gzipped.

    python export.py http://127.0.0.1:4318 http://127.0.0.1:4317

Needs opentelemetry-sdk, opentelemetry-exporter-otlp-proto-http and opentelemetry-exporter-otlp-proto-grpc (tested: 1.45).
Prints one line of JSON: the trace ID of each run, by its name. Exits 1 where an exporter did not report success.
"""

import json
import sys

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcExporter
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult
from opentelemetry.trace import Link, SpanContext, SpanKind, Status, StatusCode, TraceFlags


class Watched(SpanExporter):
    """Remembers whether each export succeeded: the processor itself tells nobody."""

    def __init__(self, inner):
        self.inner = inner
        self.failed = False

    def export(self, spans):
        result = self.inner.export(spans)
        self.failed = self.failed or result != SpanExportResult.SUCCESS
        return result

    def shutdown(self):
        self.inner.shutdown()


def work(exporter):
    """A publish and the attempt that handles it, and enough spans for several requests. Returns the trace ID in hex."""
    provider = TracerProvider(resource=Resource.create({"service.name": "python-inventory"}))
    provider.add_span_processor(BatchSpanProcessor(exporter, max_export_batch_size=64))
    tracer = provider.get_tracer("shop", "1.0")
    linked = SpanContext(
        trace_id=0x0AF7651916CD43DD8448EB211C80319C,
        span_id=0xB7AD6B7169203331,
        is_remote=True,
        trace_flags=TraceFlags(1),
    )
    with tracer.start_as_current_span("orders publish", kind=SpanKind.PRODUCER) as publish:
        with tracer.start_as_current_span(
            "reserve-inventory",
            kind=SpanKind.CONSUMER,
            links=[Link(linked)],
            attributes={"messaging.message.id": "evt_8821", "messaging.batch.message_count": 3, "ratio": 0.5},
        ) as process:
            process.record_exception(ValueError("out of stock"))
            process.set_status(Status(StatusCode.ERROR, "out of stock"))
            for number in range(200):
                tracer.start_span(f"step {number}").end()
    provider.shutdown()
    return trace.format_trace_id(publish.get_span_context().trace_id)


def main():
    http_url, grpc_url = sys.argv[1:3]
    from grpc import Compression as GrpcCompression

    exporters = {
        "http": HttpExporter(endpoint=f"{http_url}/v1/traces"),
        "http gzip": HttpExporter(endpoint=f"{http_url}/v1/traces", compression=Compression.Gzip),
        "grpc": GrpcExporter(endpoint=grpc_url, insecure=True),
        "grpc gzip": GrpcExporter(endpoint=grpc_url, insecure=True, compression=GrpcCompression.Gzip),
    }
    traces = {}
    for name, exporter in exporters.items():
        watched = Watched(exporter)
        traces[name] = work(watched)
        if watched.failed:
            sys.exit(f"the exporter over {name} did not succeed")
    print(json.dumps(traces))


if __name__ == "__main__":
    main()
