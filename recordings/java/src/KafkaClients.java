import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** kafka-clients as its own documentation sets it up. */
final class KafkaClients {
  private static final String BOOTSTRAP = System.getenv("KAFKA_BOOTSTRAP");

  private static final String MAX_POLL_RECORDS = System.getenv("MAX_POLL_RECORDS");

  static final boolean POLLS_ONE = "1".equals(MAX_POLL_RECORDS);

  private KafkaClients() {}

  static KafkaProducer<String, String> producer() {
    return new KafkaProducer<>(
        Map.of("bootstrap.servers", BOOTSTRAP), new StringSerializer(), new StringSerializer());
  }

  static KafkaConsumer<String, String> consumer(String topic, String group) {
    KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", BOOTSTRAP,
                "group.id", group,
                "auto.offset.reset", "earliest",
                "max.poll.records", MAX_POLL_RECORDS),
            new StringDeserializer(),
            new StringDeserializer());
    consumer.subscribe(List.of(topic));
    return consumer;
  }

  /** Sends and waits for the broker's answer. */
  static void send(KafkaProducer<String, String> producer, String topic, String order)
      throws Exception {
    producer.send(new ProducerRecord<>(topic, order, "{}")).get();
  }
}
