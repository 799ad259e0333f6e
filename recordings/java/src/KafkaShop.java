import org.apache.kafka.clients.producer.KafkaProducer;

/** `shop`: POST /orders publishes to `orders`, keyed by the order. */
final class KafkaShop {
  public static void main(String[] args) throws Exception {
    KafkaProducer<String, String> producer = KafkaClients.producer();
    OrdersEndpoint endpoint =
        new OrdersEndpoint(order -> KafkaClients.send(producer, "orders", order));
    Service.ready();
    Service.awaitStop();
    endpoint.close();
    producer.close();
  }
}
