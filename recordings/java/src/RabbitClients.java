import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;

/**
 * amqp-client, and the scenario's exchanges and queues:
 *
 * <pre>
 * orders (topic) ──order.created──► billing (dies to orders.dlx ► billing.dead), ──order.#──► email
 * payments (topic) ──payment.#──► shipping
 * </pre>
 */
final class RabbitClients {
  private RabbitClients() {}

  static Connection connect() throws Exception {
    ConnectionFactory factory = new ConnectionFactory();
    factory.setUri(System.getenv("RABBIT_URL"));
    return factory.newConnection();
  }

  static Channel channel(Connection connection) throws IOException {
    Channel channel = connection.createChannel();
    channel.basicQos(1);
    for (String exchange : new String[] {"orders", "payments", "orders.dlx"}) {
      channel.exchangeDeclare(exchange, "topic", true);
    }
    queue(channel, "billing", "orders", "order.created", Map.of("x-dead-letter-exchange", "orders.dlx"));
    queue(channel, "billing.dead", "orders.dlx", "#", Map.of());
    queue(channel, "email", "orders", "order.#", Map.of());
    queue(channel, "shipping", "payments", "payment.#", Map.of());
    return channel;
  }

  /** Publishes an order with a new message ID; the correlation ID is the order's number. */
  static void publish(Channel channel, String exchange, String routingKey, String order)
      throws IOException {
    AMQP.BasicProperties properties =
        new AMQP.BasicProperties.Builder()
            .messageId(UUID.randomUUID().toString())
            .correlationId(order)
            .build();
    channel.basicPublish(exchange, routingKey, properties, order.getBytes(StandardCharsets.UTF_8));
  }

  private static void queue(
      Channel channel, String queue, String exchange, String routingKey, Map<String, Object> arguments)
      throws IOException {
    channel.queueDeclare(queue, true, false, false, arguments);
    channel.queueBind(queue, exchange, routingKey);
  }
}
