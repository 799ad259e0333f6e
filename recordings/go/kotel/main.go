// A service of the recordings go-kotel and go-kotel-links: franz-go with its plugin kotel, as its README uses it.
// The argument is the role: shop, billing, or the topic that a reader takes note of.
package main

import (
	"context"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/plugin/kotel"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"upshot.dev/recordings/service"
)

func main() {
	flush := service.StartTelemetry()
	defer flush()
	role := os.Args[1]
	options := []kotel.TracerOpt{kotel.ClientID(os.Getenv("OTEL_SERVICE_NAME"))}
	if os.Getenv("KOTEL_LINK_SPANS") != "" {
		options = append(options, kotel.LinkSpans())
	}
	group := os.Getenv("OTEL_SERVICE_NAME")
	if role != "shop" {
		options = append(options, kotel.ConsumerGroup(group))
	}
	tracer := kotel.NewTracer(options...)
	config := []kgo.Opt{
		kgo.SeedBrokers(os.Getenv("KAFKA_BOOTSTRAP")),
		kgo.WithHooks(kotel.NewKotel(kotel.WithTracer(tracer)).Hooks()...),
	}
	topic := role
	if role == "billing" {
		topic = "orders"
	}
	if role != "shop" {
		start := kgo.NewOffset().AtStart()
		config = append(config, kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(start))
	}
	client, err := kgo.NewClient(config...)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	service.Say("ready", "")
	if role == "shop" {
		takeOrders(client)
		return
	}
	consume(client, tracer, role == "billing")
}

// takeOrders publishes each order that the script tells, in a request of its own: no web framework takes part.
func takeOrders(client *kgo.Client) {
	for command := range service.Commands() {
		server := trace.WithSpanKind(trace.SpanKindServer)
		ctx, span := otel.Tracer("shop").Start(context.Background(), "POST /orders", server)
		publish(ctx, client, "orders", command.Order)
		span.End()
	}
}

func consume(client *kgo.Client, tracer *kotel.Tracer, charges bool) {
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for range service.Commands() {
		}
		stop()
	}()
	for ctx.Err() == nil {
		for _, record := range client.PollRecords(ctx, 1).Records() {
			handle(client, tracer, record, charges)
		}
	}
}

func handle(client *kgo.Client, tracer *kotel.Tracer, record *kgo.Record, charges bool) {
	ctx, span := tracer.WithProcessSpan(record)
	defer span.End()
	order := string(record.Key)
	if !charges {
		service.Say("done", order)
		return
	}
	attempt, err := service.ChargeCard(ctx, order)
	if err == nil {
		publish(ctx, client, "payments", order)
		service.Say("done", order)
		return
	}
	span.RecordError(err)
	span.SetStatus(codes.Error, err.Error())
	if attempt >= service.GiveUpAt {
		publish(ctx, client, "orders.dlq", order)
		service.Say("done", order)
		return
	}
	time.Sleep(100 * time.Millisecond)
	again := kgo.EpochOffset{Epoch: -1, Offset: record.Offset}
	client.SetOffsets(map[string]map[int32]kgo.EpochOffset{record.Topic: {record.Partition: again}})
}

func publish(ctx context.Context, client *kgo.Client, topic, order string) {
	record := &kgo.Record{Topic: topic, Key: []byte(order), Value: []byte("{}")}
	if err := client.ProduceSync(ctx, record).FirstErr(); err != nil {
		panic(err)
	}
}
