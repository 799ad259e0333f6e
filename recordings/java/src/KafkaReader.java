import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** A service that only takes note of one topic (READ_FROM) as the consumer group of its own name. */
final class KafkaReader {
  public static void main(String[] args) {
    KafkaConsumer<String, String> consumer =
        KafkaClients.consumer(System.getenv("READ_FROM"), System.getenv("OTEL_SERVICE_NAME"));
    Service.ready();
    while (!Service.isStopped()) {
      for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
        Service.done(record.key());
      }
    }
    consumer.close();
  }
}
