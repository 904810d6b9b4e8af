import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A small shop on the JDK alone: players put money into their wallet, Mollie takes it. Mollie's
 * webhook names a payment and nothing else, so the shop asks Mollie for it, and credits the wallet
 * once. State is kept in memory. There is a bug in it.
 */
public class Shop {
  static final String MOLLIE = System.getenv("MOLLIE_URL");
  static final String KEY = System.getenv("MOLLIE_KEY");
  static final String SHOP = "http://127.0.0.1:" + System.getenv("PORT");
  static final int TRIES = 8;

  static class Order {
    final String id = UUID.randomUUID().toString();
    String player;
    long amount;
    String currency;
    volatile String status = "open";

    String json() {
      return "{\"order\":\"%s\",\"player\":\"%s\",\"amount\":%d,\"currency\":\"%s\",\"status\":\"%s\"}"
          .formatted(id, player, amount, currency, status);
    }
  }

  record Entry(int id, String order, String player, long amount) {
    String json() {
      return "{\"id\":%d,\"order\":\"%s\",\"amount\":%d}".formatted(id, order, amount);
    }
  }

  static final Map<String, Order> orders = new ConcurrentHashMap<>();
  static final List<Entry> entries = new CopyOnWriteArrayList<>();
  static final List<String> reviews = new CopyOnWriteArrayList<>();
  static final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();

  /** The first value of a field in a JSON text; null where there is none. */
  static String field(String json, String name) {
    Matcher found = Pattern.compile("\"" + name + "\"\\s*:\\s*\"?([^\",}]+)").matcher(json);
    return found.find() ? found.group(1) : null;
  }

  /** Asks Mollie, and again after a lost answer: under the same key that is harmless. */
  static String ask(String method, String path, String body, String key) throws Exception {
    for (int again = 1; ; again++) {
      var request = HttpRequest.newBuilder(URI.create(MOLLIE + path))
          .timeout(Duration.ofSeconds(1))
          .header("authorization", "Bearer " + KEY)
          .header("content-type", "application/json")
          .header("idempotency-key", key)
          .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body))
          .build();
      try {
        var answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() == 409) throw new IOException("Mollie still works on the first try");
        return answer.body();
      } catch (IOException lost) {
        if (again == TRIES) throw lost;
        Thread.sleep(500);
      }
    }
  }

  static void createOrder(HttpExchange exchange) throws Exception {
    String asked = new String(exchange.getRequestBody().readAllBytes());
    Order order = new Order();
    order.player = field(asked, "player");
    order.amount = Long.parseLong(field(asked, "amount"));
    order.currency = field(asked, "currency");
    orders.put(order.id, order);
    String payAt = "";
    try {
      String payment = ask("POST", "/v2/payments", """
          {"amount":{"currency":"%s","value":"%d.%02d"},"description":"Deposit","method":"creditcard","cardToken":"%s",
           "redirectUrl":"%s/return","webhookUrl":"%s/webhooks/mollie","metadata":{"order":"%s"}}"""
          .formatted(order.currency, order.amount / 100, order.amount % 100, field(asked, "card"), SHOP, SHOP, order.id),
          order.id);
      Matcher checkout = Pattern.compile("\"checkout\"\\s*:\\s*\\{\\s*\"href\"\\s*:\\s*\"([^\"]+)").matcher(payment);
      if (checkout.find()) payAt = checkout.group(1);
    } catch (IOException lost) {
      // Nobody knows; the webhook will tell.
    }
    answer(exchange, 200, "{\"order\":\"%s\",\"status\":\"%s\",\"pay_at\":\"%s\"}".formatted(order.id, order.status, payAt));
  }

  static void receive(HttpExchange exchange) throws Exception {
    String id = new String(exchange.getRequestBody().readAllBytes()).replaceFirst("^id=", "");
    if (!id.matches("tr_\\w+")) {
      answer(exchange, 200, "{}");
      return;
    }
    String payment = ask("GET", "/v2/payments/" + id, null, "read");
    Order order = orders.get(String.valueOf(field(payment, "order")));
    if (order != null) settle(order, payment);
    answer(exchange, 200, "{}");
  }

  static void settle(Order order, String payment) throws Exception {
    if (order.status.equals("paid")) return;
    String status = field(payment, "status");
    if ("failed".equals(status) || "canceled".equals(status) || "expired".equals(status)) order.status = "failed";
    if (!"paid".equals(status)) return;
    Thread.sleep(200); // sends a receipt by mail
    order.status = "paid";
    entries.add(new Entry(entries.size() + 1, order.id, order.player, order.amount));
  }

  static void showPlayer(HttpExchange exchange, String player) throws IOException {
    var own = entries.stream().filter(entry -> entry.player().equals(player)).toList();
    long balance = own.stream().mapToLong(Entry::amount).sum();
    var list = own.stream().map(Entry::json).toList();
    answer(exchange, 200, "{\"balance\":%d,\"entries\":[%s]}".formatted(balance, String.join(",", list)));
  }

  static void answer(HttpExchange exchange, int status, String body) throws IOException {
    exchange.getResponseHeaders().add("content-type", "application/json");
    exchange.sendResponseHeaders(status, body.getBytes().length);
    exchange.getResponseBody().write(body.getBytes());
  }

  static void route(HttpExchange exchange) {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      if (path.equals("/orders")) createOrder(exchange);
      else if (path.equals("/webhooks/mollie")) receive(exchange);
      else if (path.startsWith("/players/")) showPlayer(exchange, path.substring(9));
      else if (path.equals("/reviews")) answer(exchange, 200, reviews.toString());
      else if (path.startsWith("/orders/") && orders.containsKey(path.substring(8)))
        answer(exchange, 200, orders.get(path.substring(8)).json());
      else answer(exchange, path.equals("/return") ? 200 : 404, "{}");
    } catch (Exception error) {
      error.printStackTrace();
    }
  }

  public static void main(String[] args) throws IOException {
    var server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(System.getenv("PORT"))), 0);
    server.createContext("/", Shop::route);
    server.setExecutor(Executors.newFixedThreadPool(16));
    server.start();
  }
}
