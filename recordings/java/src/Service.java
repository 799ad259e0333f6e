import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.CountDownLatch;

/** How a Java service talks with the script that records it; see harness/service-protocol.mjs. */
final class Service {
  private static final CountDownLatch STOP = new CountDownLatch(1);

  private Service() {}

  /** Says `ready` and listens for `stop`, the only command a Java service knows. */
  static void ready() {
    System.out.println("@said {\"what\":\"ready\"}");
    Thread listener = new Thread(Service::listen, "commands");
    listener.setDaemon(true);
    listener.start();
  }

  static void done(String order) {
    System.out.println("@said {\"what\":\"done\",\"order\":\"" + order + "\"}");
  }

  /** Says that dead letters were tried again. */
  static void tried() {
    System.out.println("@said {\"what\":\"tried\"}");
  }

  static void listening(int port) {
    System.out.println(
        "@said {\"what\":\"listening\",\"url\":\"http://127.0.0.1:" + port + "/orders\"}");
  }

  static boolean isStopped() {
    return STOP.getCount() == 0;
  }

  static void awaitStop() throws InterruptedException {
    STOP.await();
  }

  private static void listen() {
    try {
      new BufferedReader(new InputStreamReader(System.in)).readLine();
    } catch (IOException e) {
      // A closed stdin means stop as well.
    } finally {
      STOP.countDown();
    }
  }
}
