import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;

/** `shop`: POST /orders publishes `order.created`. */
final class RabbitShop {
  public static void main(String[] args) throws Exception {
    Connection connection = RabbitClients.connect();
    Channel channel = RabbitClients.channel(connection);
    OrdersEndpoint endpoint =
        new OrdersEndpoint(order -> RabbitClients.publish(channel, "orders", "order.created", order));
    Service.ready();
    Service.awaitStop();
    endpoint.close();
    connection.close();
  }
}
