import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.annotation.BackOff;
import org.springframework.kafka.annotation.DltHandler;
import org.springframework.kafka.annotation.EnableKafka;
import org.springframework.kafka.annotation.EnableKafkaRetryTopic;
import org.springframework.kafka.annotation.KafkaListener;
import org.springframework.kafka.annotation.RetryableTopic;
import org.springframework.kafka.config.ConcurrentKafkaListenerContainerFactory;
import org.springframework.kafka.core.DefaultKafkaConsumerFactory;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.scheduling.concurrent.ThreadPoolTaskScheduler;

/** `billing` with Spring Kafka: three attempts by way of retry topics, then the dead-letter topic, whose handler only takes note. */
public class SpringBilling {
  private static final String BOOTSTRAP = System.getenv("KAFKA_BOOTSTRAP");

  public static void main(String[] args) throws Exception {
    var context = new AnnotationConfigApplicationContext(Beans.class, Orders.class);
    Service.ready();
    Service.awaitStop();
    context.close();
  }

  public static class Orders {
    private final KafkaTemplate<String, String> template;
    private final CardGateway gateway = new CardGateway();

    public Orders(KafkaTemplate<String, String> template) {
      this.template = template;
    }

    @RetryableTopic(
        attempts = "3",
        backOff = @BackOff(delay = 200, multiplier = 2),
        autoCreateTopics = "false")
    @KafkaListener(topics = "orders", groupId = "billing")
    public void charge(ConsumerRecord<String, String> order) throws Exception {
      gateway.charge(order.key());
      template.send("payments", order.key(), order.value()).get();
      Service.done(order.key());
    }

    @DltHandler
    public void giveUp(ConsumerRecord<String, String> order) {
      Service.done(order.key());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @EnableKafka
  @EnableKafkaRetryTopic
  public static class Beans {
    @Bean
    KafkaTemplate<String, String> kafkaTemplate() {
      return new KafkaTemplate<>(
          new DefaultKafkaProducerFactory<>(
              Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP),
              new StringSerializer(),
              new StringSerializer()));
    }

    @Bean
    ConcurrentKafkaListenerContainerFactory<String, String> kafkaListenerContainerFactory() {
      var factory = new ConcurrentKafkaListenerContainerFactory<String, String>();
      factory.setConsumerFactory(
          new DefaultKafkaConsumerFactory<>(
              Map.of(
                  ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG, BOOTSTRAP,
                  ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest"),
              new StringDeserializer(),
              new StringDeserializer()));
      return factory;
    }

    @Bean
    TaskScheduler taskScheduler() {
      return new ThreadPoolTaskScheduler();
    }
  }
}
