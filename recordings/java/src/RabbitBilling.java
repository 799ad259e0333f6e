import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * `billing`: charges the card, publishes `payment.taken`, acknowledges. A failure is a nack with requeue; the third is
 * a reject without, which dead-letters the message.
 */
final class RabbitBilling extends DefaultConsumer {
  private static final int GIVE_UP_AT = 3;

  private final CardGateway gateway = new CardGateway();

  private RabbitBilling(Channel channel) {
    super(channel);
  }

  @Override
  public void handleDelivery(
      String tag, Envelope envelope, AMQP.BasicProperties properties, byte[] body)
      throws IOException {
    String order = new String(body, StandardCharsets.UTF_8);
    long delivery = envelope.getDeliveryTag();
    try {
      gateway.charge(order);
      RabbitClients.publish(getChannel(), "payments", "payment.taken", order);
      getChannel().basicAck(delivery, false);
      Service.done(order);
    } catch (IllegalStateException e) {
      if (gateway.attempts(order) < GIVE_UP_AT) {
        getChannel().basicNack(delivery, false, true);
      } else {
        getChannel().basicReject(delivery, false);
        Service.done(order);
      }
    }
  }

  public static void main(String[] args) throws Exception {
    Connection connection = RabbitClients.connect();
    Channel channel = RabbitClients.channel(connection);
    channel.basicConsume("billing", false, new RabbitBilling(channel));
    Service.ready();
    Service.awaitStop();
    connection.close();
  }
}
