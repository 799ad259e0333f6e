import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Scope;
import java.util.HashMap;
import java.util.Map;

/** Charges cards within a step `charge-card` of the application: one order works at the third try, one never. */
final class CardGateway {
  private static final Map<String, Integer> FAILURES_OF =
      Map.of("o-8002", 2, "o-8003", Integer.MAX_VALUE);

  private final Map<String, Integer> attempts = new HashMap<>();

  /** How often this order was tried. */
  int attempts(String order) {
    return attempts.getOrDefault(order, 0);
  }

  void charge(String order) {
    int attempt = attempts.merge(order, 1, Integer::sum);
    Span span = GlobalOpenTelemetry.getTracer("billing").spanBuilder("charge-card").startSpan();
    try (Scope ignored = span.makeCurrent()) {
      Thread.sleep(20);
      if (attempt <= FAILURES_OF.getOrDefault(order, 0)) {
        throw new IllegalStateException(
            order.equals("o-8003") ? "card number is invalid" : "card gateway timeout");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      span.recordException(e);
      span.setStatus(StatusCode.ERROR, e.getMessage());
      throw e;
    } finally {
      span.end();
    }
  }
}
