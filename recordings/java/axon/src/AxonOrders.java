import java.util.List;
import org.axonframework.config.Configuration;
import org.axonframework.config.DefaultConfigurer;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventBusSpanFactory;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.gateway.EventGateway;
import org.axonframework.eventsourcing.eventstore.EmbeddedEventStore;
import org.axonframework.eventsourcing.eventstore.inmemory.InMemoryEventStorageEngine;
import org.axonframework.messaging.deadletter.InMemorySequencedDeadLetterQueue;
import org.axonframework.tracing.SpanAttributesProvider;
import org.axonframework.tracing.SpanFactory;
import org.axonframework.tracing.TracingHandlerEnhancerDefinition;
import org.axonframework.tracing.attributes.AggregateIdentifierSpanAttributesProvider;
import org.axonframework.tracing.attributes.MessageIdSpanAttributesProvider;
import org.axonframework.tracing.attributes.MessageNameSpanAttributesProvider;
import org.axonframework.tracing.attributes.MessageTypeSpanAttributesProvider;
import org.axonframework.tracing.attributes.MetadataSpanAttributesProvider;
import org.axonframework.tracing.attributes.PayloadTypeSpanAttributesProvider;
import org.axonframework.tracing.opentelemetry.OpenTelemetrySpanFactory;

/**
 * `orders` with Axon: POST /orders publishes an event, the processor `billing` charges the card and publishes another. What fails goes to the
 * processor's dead-letter queue at once; once two letters lie there, each is tried again twice. Tracing is what Axon's starter for Spring
 * Boot sets up by default.
 */
public class AxonOrders {
  public record OrderPlaced(String order) {}

  public record CardCharged(String order) {}

  private static final List<SpanAttributesProvider> ATTRIBUTES =
      List.of(
          new AggregateIdentifierSpanAttributesProvider(),
          new MessageIdSpanAttributesProvider(),
          new MessageNameSpanAttributesProvider(),
          new MessageTypeSpanAttributesProvider(),
          new MetadataSpanAttributesProvider(),
          new PayloadTypeSpanAttributesProvider());

  @ProcessingGroup("billing")
  public static class Billing {
    private final CardGateway gateway = new CardGateway();
    private final EventGateway events;

    Billing(EventGateway events) {
      this.events = events;
    }

    @EventHandler
    public void on(OrderPlaced placed) {
      gateway.charge(placed.order());
      events.publish(new CardCharged(placed.order()));
      Service.done(placed.order());
    }
  }

  public static void main(String[] args) throws Exception {
    var queue = InMemorySequencedDeadLetterQueue.<EventMessage<?>>defaultQueue();
    var configurer =
        DefaultConfigurer.defaultConfiguration()
            .configureEventStore(
                c ->
                    EmbeddedEventStore.builder()
                        .storageEngine(new InMemoryEventStorageEngine())
                        .spanFactory(c.getComponent(EventBusSpanFactory.class))
                        .build())
            .registerComponent(SpanFactory.class, c -> OpenTelemetrySpanFactory.builder().build())
            .registerHandlerEnhancerDefinition(
                c -> TracingHandlerEnhancerDefinition.builder().spanFactory(c.spanFactory()).build())
            .eventProcessing(
                processing ->
                    processing
                        .usingPooledStreamingEventProcessors()
                        .registerEventHandler(c -> new Billing(c.eventGateway()))
                        .registerDeadLetterQueue("billing", c -> queue));
    configurer.onInitialize(c -> ATTRIBUTES.forEach(c.spanFactory()::registerSpanAttributeProvider));
    Configuration configuration = configurer.buildConfiguration();
    configuration.start();
    var endpoint =
        new OrdersEndpoint(order -> configuration.eventGateway().publish(new OrderPlaced(order)));
    Thread again = new Thread(() -> tryAgain(configuration, queue), "again");
    again.setDaemon(true);
    again.start();
    Service.ready();
    Service.awaitStop();
    endpoint.close();
    configuration.shutdown();
  }

  private static void tryAgain(
      Configuration configuration, InMemorySequencedDeadLetterQueue<EventMessage<?>> queue) {
    var letters =
        configuration.eventProcessingConfiguration().sequencedDeadLetterProcessor("billing");
    try {
      while (queue.amountOfSequences() < 2) Thread.sleep(100);
      for (int round = 0; round < 4; round++) {
        Thread.sleep(300);
        letters.get().processAny();
        Service.tried();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
