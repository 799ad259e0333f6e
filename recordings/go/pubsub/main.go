// A service of the recording go-pubsub: the Pub/Sub client with its own telemetry (EnableOpenTelemetryTracing).
// The argument is the role: emulator, shop, billing, or the subscription that a reader takes note of.
package main

import (
	"context"
	"fmt"
	"os"
	"sync"
	"time"

	"cloud.google.com/go/pubsub/v2"
	"cloud.google.com/go/pubsub/v2/apiv1/pubsubpb"
	"cloud.google.com/go/pubsub/v2/pstest"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"

	"upshot.dev/recordings/service"
)

const project = "upshot"

func main() {
	role := os.Args[1]
	if role == "emulator" {
		emulate()
		return
	}
	flush := service.StartTelemetry()
	defer flush()
	config := &pubsub.ClientConfig{EnableOpenTelemetryTracing: true}
	client, err := pubsub.NewClientWithConfig(context.Background(), project, config)
	if err != nil {
		panic(err)
	}
	defer client.Close()
	service.Say("ready", "")
	if role == "shop" {
		takeOrders(client)
		return
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		for range service.Commands() {
		}
		stop()
	}()
	subscription := role
	if role == "billing" {
		subscription = "billing-sub"
	}
	var one sync.Mutex
	err = client.Subscriber(subscription).Receive(ctx, func(ctx context.Context, message *pubsub.Message) {
		one.Lock()
		defer one.Unlock()
		handle(ctx, client, message, role == "billing")
	})
	if err != nil {
		panic(err)
	}
}

// takeOrders publishes each order that the script tells, in a request of its own: no web framework takes part.
func takeOrders(client *pubsub.Client) {
	publisher := client.Publisher("orders")
	defer publisher.Stop()
	for command := range service.Commands() {
		server := trace.WithSpanKind(trace.SpanKindServer)
		ctx, span := otel.Tracer("shop").Start(context.Background(), "POST /orders", server)
		publish(ctx, publisher, command.Order)
		span.End()
	}
}

func handle(ctx context.Context, client *pubsub.Client, message *pubsub.Message, charges bool) {
	order := string(message.Data)
	if charges {
		attempt, err := service.ChargeCard(ctx, order)
		if err != nil && attempt < service.GiveUpAt {
			time.Sleep(50 * time.Millisecond)
			message.Nack()
			return
		}
		topic := "payments"
		if err != nil {
			topic = "orders-dead-letter"
		}
		next := client.Publisher(topic)
		publish(ctx, next, order)
		next.Stop()
	}
	service.Say("done", order)
	message.Ack()
}

func publish(ctx context.Context, publisher *pubsub.Publisher, order string) {
	if _, err := publisher.Publish(ctx, &pubsub.Message{Data: []byte(order)}).Get(ctx); err != nil {
		panic(err)
	}
}

// emulate runs Google's in-memory fake with the topics and subscriptions of the scenario. What fails for good is put into the dead-letter
// topic by billing: the fake's own forwarding sends a message again and again.
func emulate() {
	server := pstest.NewServer()
	defer server.Close()
	os.Setenv("PUBSUB_EMULATOR_HOST", server.Addr)
	ctx := context.Background()
	client, err := pubsub.NewClient(ctx, project)
	if err != nil {
		panic(err)
	}
	topicOf := map[string]string{
		"billing-sub":            "orders",
		"email-sub":              "orders",
		"shipping-sub":           "payments",
		"orders-dead-letter-sub": "orders-dead-letter",
	}
	for _, id := range []string{"orders", "payments", "orders-dead-letter"} {
		topic := &pubsubpb.Topic{Name: fmt.Sprintf("projects/%s/topics/%s", project, id)}
		if _, err := client.TopicAdminClient.CreateTopic(ctx, topic); err != nil {
			panic(err)
		}
	}
	for id, topic := range topicOf {
		subscription := &pubsubpb.Subscription{
			Name:  fmt.Sprintf("projects/%s/subscriptions/%s", project, id),
			Topic: fmt.Sprintf("projects/%s/topics/%s", project, topic),
		}
		if _, err := client.SubscriptionAdminClient.CreateSubscription(ctx, subscription); err != nil {
			panic(err)
		}
	}
	service.Say("ready", "")
	service.Say("listening", server.Addr)
	for range service.Commands() {
	}
}
