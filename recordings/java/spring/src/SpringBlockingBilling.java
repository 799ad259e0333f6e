import io.micrometer.observation.ObservationRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.DeadLetterPublishingRecoverer;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.FixedBackOff;

/**
 * `billing` with the container's own error handler: what fails is read again, up to three times, then it goes to the dead-letter topic. With
 * BATCH set the listener takes batches, and says which record failed: those before it are done, and it and those after it come again. With
 * OBSERVED set, Spring's own observations make the spans; `records`: one for each record of a batch, too.
 */
public class SpringBlockingBilling {
  private static final String BOOTSTRAP = System.getenv("KAFKA_BOOTSTRAP");
  private static final String OBSERVED = System.getenv("OBSERVED");

  public static void main(String[] args) throws Exception {
    var listener = System.getenv("BATCH") == null ? Orders.class : Batches.class;
    var context = new AnnotationConfigApplicationContext(Beans.class, Billing.class, listener);
    Service.ready();
    Service.awaitStop();
    context.close();
    Observed.close();
  }

  public static class Billing {
    private final KafkaTemplate<String, String> template;
    private final CardGateway gateway = new CardGateway();

    public Billing(KafkaTemplate<String, String> template) {
      this.template = template;
    }

    void charge(ConsumerRecord<String, String> order) throws Exception {
      gateway.charge(order.key());
      template.send("payments", order.key(), order.value()).get();
      Service.done(order.key());
    }
  }

  public record Orders(Billing billing) {
    @KafkaListener(topics = "orders", groupId = "billing")
    public void charge(ConsumerRecord<String, String> order) throws Exception {
      billing.charge(order);
    }
  }

  public record Batches(Billing billing) {
    @KafkaListener(topics = "orders", groupId = "billing", batch = "true")
    public void charge(List<ConsumerRecord<String, String>> orders) throws Exception {
      for (ConsumerRecord<String, String> order : orders) {
        try {
          billing.charge(order);
        } catch (IllegalStateException e) {
          throw new BatchListenerFailedException(order.key() + " failed", e, order);
        }
      }
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableKafka
  public static class Beans {
    @Bean
    ObservationRegistry observationRegistry() {
      return OBSERVED == null ? ObservationRegistry.NOOP : Observed.registry();
    }

    @Bean
    KafkaTemplate<String, String> kafkaTemplate(ObservationRegistry registry) {
      var template =
          new KafkaTemplate<>(
              new DefaultKafkaProducerFactory<>(
                  Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP),
                  new StringSerializer(),
                  new StringSerializer()));
      template.setObservationEnabled(OBSERVED != null);
      template.setObservationRegistry(registry);
      return template;
    }

    @Bean
    ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory(
        KafkaTemplate<String, String> template, ObservationRegistry registry) {
      var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
      factory.setConsumerFactory(
          new DefaultKafkaConsumerFactory<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP,
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
              new StringDeserializer(),
              new StringDeserializer()));
      factory.setCommonErrorHandler(
          new DefaultErrorHandler(
              new DeadLetterPublishingRecoverer(template), new FixedBackOff(200, 2)));
      var container = factory.getContainerProperties();
      container.setObservationEnabled(OBSERVED != null);
      container.setObservationRegistry(registry);
      container.setRecordObservationsInBatch("records".equals(OBSERVED));
      return factory;
    }
  }
}
