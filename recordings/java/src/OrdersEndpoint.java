import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/** POST /orders on a free port of 127.0.0.1; the body is the order's number. */
final class OrdersEndpoint {
  interface Handler {
    void order(String order) throws Exception;
  }

  private final HttpServer server;

  OrdersEndpoint(Handler handler) throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/orders",
        exchange -> {
          String order =
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
          int status = 202;
          try {
            handler.order(order);
          } catch (Exception e) {
            status = 500;
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
    Service.listening(server.getAddress().getPort());
  }

  void close() {
    server.stop(0);
  }
}
