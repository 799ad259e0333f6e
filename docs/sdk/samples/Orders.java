import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Publishes and processes an event as Upshot reads them, with nothing but OpenTelemetry (io.opentelemetry:opentelemetry-sdk and -exporter-otlp). */
public final class Orders {
  private static final TextMapGetter<Map<String, String>> GETTER =
      new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> headers) {
          return headers.keySet();
        }

        @Override
        public String get(Map<String, String> headers, String name) {
          return headers.get(name);
        }
      };

  private static Tracer tracer() {
    return GlobalOpenTelemetry.getTracer("shop");
  }

  /** Makes the producer span and returns the headers to send with the message. */
  static Map<String, String> publish(String event, String destination, String correlationId, String causationId) {
    String eventId = UUID.randomUUID().toString();
    SpanBuilder builder =
        tracer()
            .spanBuilder("send " + destination)
            .setSpanKind(SpanKind.PRODUCER)
            .setAttribute("messaging.operation.type", "send")
            .setAttribute("messaging.destination.name", destination)
            .setAttribute("upshot.event", event)
            .setAttribute("upshot.event_id", eventId)
            .setAttribute("upshot.correlation_id", correlationId);
    Map<String, String> headers = new HashMap<>();
    headers.put("upshot-event-id", eventId);
    headers.put("upshot-event-name", event);
    headers.put("upshot-correlation-id", correlationId);
    if (causationId != null) {
      builder.setAttribute("upshot.causation_id", causationId);
      headers.put("upshot-causation-id", causationId);
    }
    Span span = builder.startSpan();
    try (Scope scope = span.makeCurrent()) {
      GlobalOpenTelemetry.getPropagators().getTextMapPropagator().inject(Context.current(), headers, Map::put); // traceparent
      // producer.send(destination, body, headers);
    } finally {
      span.end();
    }
    return headers;
  }

  /** Runs the handler as one attempt of its consumer. */
  static void process(Map<String, String> headers, String destination, String consumer, String step, Runnable handler) {
    Context parent = GlobalOpenTelemetry.getPropagators().getTextMapPropagator().extract(Context.current(), headers, GETTER);
    Span span =
        tracer()
            .spanBuilder(step)
            .setSpanKind(SpanKind.CONSUMER)
            .setParent(parent)
            .addLink(Span.fromContext(parent).getSpanContext())
            .setAttribute("messaging.operation.type", "process")
            .setAttribute("messaging.destination.name", destination)
            .setAttribute("upshot.consumer", consumer)
            .setAttribute("upshot.step", step)
            .setAttribute("upshot.event", headers.get("upshot-event-name"))
            .setAttribute("upshot.event_id", headers.get("upshot-event-id"))
            .setAttribute("upshot.correlation_id", headers.get("upshot-correlation-id"))
            .startSpan();
    try (Scope scope = span.makeCurrent()) {
      handler.run();
      span.setAttribute("upshot.outcome", "succeeded");
    } catch (RuntimeException error) {
      span.recordException(error).setStatus(StatusCode.ERROR, error.getMessage()).setAttribute("upshot.outcome", "failed");
      throw error;
    } finally {
      span.end();
    }
  }

  public static void main(String[] args) {
    SdkTracerProvider provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().toBuilder().put("service.name", "shop").build())
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT") + "/v1/traces")
                            .build())
                    .build())
            .build();
    OpenTelemetrySdk.builder()
        .setTracerProvider(provider)
        .setPropagators(ContextPropagators.create(W3CTraceContextPropagator.getInstance()))
        .buildAndRegisterGlobal();
    Map<String, String> placed = publish("order.placed", "orders", args[0], null);
    process(
        placed,
        "orders",
        "billing",
        "authorize-payment",
        () -> publish("payment.authorized", "payments", args[0], placed.get("upshot-event-id")));
    provider.close();
  }
}
