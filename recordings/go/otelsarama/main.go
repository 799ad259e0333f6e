// A service of the recording go-otelsarama: Sarama with dnwe/otelsarama, as its examples use it.
// The argument is the role: shop, billing, or the topic that a reader takes note of.
package main

import (
	"context"
	"os"
	"time"

	"github.com/IBM/sarama"
	"github.com/dnwe/otelsarama"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"

	"upshot.dev/recordings/service"
)

var brokers = []string{os.Getenv("KAFKA_BOOTSTRAP")}

func main() {
	flush := service.StartTelemetry()
	defer flush()
	role := os.Args[1]
	config := sarama.NewConfig()
	config.Version = sarama.V2_5_0_0
	config.Producer.Return.Successes = true
	config.Consumer.Offsets.Initial = sarama.OffsetOldest
	// So that what failed has not been handed out beyond the record that comes again.
	config.ChannelBufferSize = 0
	producer, err := sarama.NewSyncProducer(brokers, config)
	if err != nil {
		panic(err)
	}
	producer = otelsarama.WrapSyncProducer(config, producer)
	defer producer.Close()
	if role == "shop" {
		service.Say("ready", "")
		takeOrders(producer)
		return
	}
	topic := role
	if role == "billing" {
		topic = "orders"
	}
	group, err := sarama.NewConsumerGroup(brokers, os.Getenv("OTEL_SERVICE_NAME"), config)
	if err != nil {
		panic(err)
	}
	defer group.Close()
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for range service.Commands() {
		}
		stop()
	}()
	service.Say("ready", "")
	handler := otelsarama.WrapConsumerGroupHandler(&consumer{producer: producer, charges: role == "billing"})
	for ctx.Err() == nil {
		if err := group.Consume(ctx, []string{topic}, handler); err != nil && ctx.Err() == nil {
			panic(err)
		}
	}
}

// takeOrders publishes each order that the script tells, in a request of its own: no web framework takes part.
func takeOrders(producer sarama.SyncProducer) {
	for command := range service.Commands() {
		server := trace.WithSpanKind(trace.SpanKindServer)
		ctx, span := otel.Tracer("shop").Start(context.Background(), "POST /orders", server)
		publish(ctx, producer, "orders", command.Order)
		span.End()
	}
}

type consumer struct {
	producer sarama.SyncProducer
	charges  bool
}

func (*consumer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (*consumer) Cleanup(sarama.ConsumerGroupSession) error { return nil }

// ConsumeClaim leaves the session where a record failed, so that it comes again after the group has joined anew.
func (c *consumer) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		ctx := otel.GetTextMapPropagator().Extract(context.Background(), otelsarama.NewConsumerMessageCarrier(message))
		if !c.handle(ctx, string(message.Key)) {
			session.ResetOffset(message.Topic, message.Partition, message.Offset, "")
			session.Commit()
			return nil
		}
		session.MarkMessage(message, "")
		session.Commit()
	}
	return nil
}

// handle tells whether it is done with an order.
func (c *consumer) handle(ctx context.Context, order string) bool {
	if c.charges {
		attempt, err := service.ChargeCard(ctx, order)
		if err == nil {
			publish(ctx, c.producer, "payments", order)
		} else if attempt >= service.GiveUpAt {
			publish(ctx, c.producer, "orders.dlq", order)
		} else {
			time.Sleep(100 * time.Millisecond)
			return false
		}
	}
	service.Say("done", order)
	return true
}

func publish(ctx context.Context, producer sarama.SyncProducer, topic, order string) {
	message := &sarama.ProducerMessage{Topic: topic, Key: sarama.StringEncoder(order), Value: sarama.StringEncoder("{}")}
	otel.GetTextMapPropagator().Inject(ctx, otelsarama.NewProducerMessageCarrier(message))
	if _, _, err := producer.SendMessage(message); err != nil {
		panic(err)
	}
}
