// Publishes and processes an event as Upshot reads them, with nothing but OpenTelemetry.
//
//	go mod init orders && go get go.opentelemetry.io/otel/sdk go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp
//	OTEL_SERVICE_NAME=shop OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 go run orders.go order_441
package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"log"
	"os"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

var tracer = otel.Tracer("shop")

// publish makes the producer span and returns the headers to send with the message.
func publish(ctx context.Context, event, destination, correlationID, causationID string) propagation.MapCarrier {
	eventID := rand.Text()
	attributes := []attribute.KeyValue{
		attribute.String("messaging.operation.type", "send"),
		attribute.String("messaging.destination.name", destination),
		attribute.String("upshot.event", event),
		attribute.String("upshot.event_id", eventID),
		attribute.String("upshot.correlation_id", correlationID),
	}
	headers := propagation.MapCarrier{
		"upshot-event-id":       eventID,
		"upshot-event-name":     event,
		"upshot-correlation-id": correlationID,
	}
	if causationID != "" {
		attributes = append(attributes, attribute.String("upshot.causation_id", causationID))
		headers["upshot-causation-id"] = causationID
	}
	ctx, span := tracer.Start(ctx, "send "+destination,
		trace.WithSpanKind(trace.SpanKindProducer), trace.WithAttributes(attributes...))
	defer span.End()
	otel.GetTextMapPropagator().Inject(ctx, headers) // traceparent
	// producer.Send(destination, body, headers)
	return headers
}

// process runs the handler as one attempt of its consumer.
func process(headers propagation.MapCarrier, destination, consumer, step string, handler func(context.Context) error) error {
	ctx := otel.GetTextMapPropagator().Extract(context.Background(), headers)
	ctx, span := tracer.Start(ctx, step,
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithLinks(trace.LinkFromContext(ctx)),
		trace.WithAttributes(
			attribute.String("messaging.operation.type", "process"),
			attribute.String("messaging.destination.name", destination),
			attribute.String("upshot.consumer", consumer),
			attribute.String("upshot.step", step),
			attribute.String("upshot.event", headers["upshot-event-name"]),
			attribute.String("upshot.event_id", headers["upshot-event-id"]),
			attribute.String("upshot.correlation_id", headers["upshot-correlation-id"]),
		))
	defer span.End()
	if err := handler(ctx); err != nil {
		span.RecordError(err)
		span.SetStatus(codes.Error, err.Error())
		span.SetAttributes(attribute.String("upshot.outcome", "failed"))
		return err
	}
	span.SetAttributes(attribute.String("upshot.outcome", "succeeded"))
	return nil
}

func main() {
	ctx := context.Background()
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		log.Fatal(err)
	}
	provider := sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter))
	defer provider.Shutdown(ctx)
	otel.SetTracerProvider(provider)
	otel.SetTextMapPropagator(propagation.TraceContext{})

	placed := publish(ctx, "order.placed", "orders", os.Args[1], "")
	err = process(placed, "orders", "billing", "authorize-payment", func(ctx context.Context) error {
		publish(ctx, "payment.authorized", "payments", placed["upshot-correlation-id"], placed["upshot-event-id"])
		return nil
	})
	fmt.Println(placed, err)
}
