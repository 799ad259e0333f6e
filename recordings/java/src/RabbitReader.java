import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.nio.charset.StandardCharsets;

/** A service that only takes note of one queue (READ_FROM). */
final class RabbitReader {
  public static void main(String[] args) throws Exception {
    Connection connection = RabbitClients.connect();
    Channel channel = RabbitClients.channel(connection);
    channel.basicConsume(
        System.getenv("READ_FROM"),
        false,
        (tag, message) -> {
          channel.basicAck(message.getEnvelope().getDeliveryTag(), false);
          Service.done(new String(message.getBody(), StandardCharsets.UTF_8));
        },
        tag -> {});
    Service.ready();
    Service.awaitStop();
    connection.close();
  }
}
