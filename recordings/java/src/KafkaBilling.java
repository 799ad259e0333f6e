import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicPartition;

/**
 * `billing`: charges the card for each of `orders`, then publishes to `payments`. A failure seeks back and polls
 * again; the third gives up and publishes to `orders.dlq`.
 *
 * Polling one record at a time (MAX_POLL_RECORDS=1), the loop over the poll's records ends by itself after a failure;
 * else it is left, since the records after the failed one will come again.
 */
final class KafkaBilling {
  private static final int GIVE_UP_AT = 3;

  public static void main(String[] args) throws Exception {
    KafkaProducer<String, String> producer = KafkaClients.producer();
    KafkaConsumer<String, String> consumer = KafkaClients.consumer("orders", "billing");
    CardGateway gateway = new CardGateway();
    Service.ready();
    while (!Service.isStopped()) {
      for (ConsumerRecord<String, String> order : consumer.poll(Duration.ofMillis(200))) {
        try {
          gateway.charge(order.key());
          KafkaClients.send(producer, "payments", order.key());
          Service.done(order.key());
        } catch (IllegalStateException e) {
          if (gateway.attempts(order.key()) < GIVE_UP_AT) {
            Thread.sleep(100);
            consumer.seek(new TopicPartition(order.topic(), order.partition()), order.offset());
            if (!KafkaClients.POLLS_ONE) break;
            continue;
          }
          KafkaClients.send(producer, "orders.dlq", order.key());
          Service.done(order.key());
        }
      }
    }
    consumer.close();
    producer.close();
  }
}
