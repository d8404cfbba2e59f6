package dev.wsclient.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Starts the sample as its README does and looks at what a user looks at.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "feed.restart-every=3s", "ws.defaults.reconnect.initial-delay=1s",
				"ws.defaults.reconnect.jitter=0" })
@ExtendWith(OutputCaptureExtension.class)
class SampleApplicationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	@LocalServerPort
	private int port;

	private final HttpClient http = HttpClient.newHttpClient();

	@Autowired
	@Qualifier("market")
	private WsConnection market;

	@Autowired
	@Qualifier("orders")
	private WsConnection orders;

	@Test
	void receivesTradesAndComesBackWhenCutOff(CapturedOutput output) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(output).containsPattern("[1-9]\\d+ trades a second"));
		await().atMost(PATIENCE).until(() -> healthOf("market"), "BACKOFF"::equals);
		await().atMost(PATIENCE).until(() -> healthOf("market"), "OPEN"::equals);
		assertThat(this.market.snapshot().sessions()).isGreaterThan(1);
		// The output has nothing of a cut during another test, but the next one
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(output).contains("market was closed: 1012 by SERVER, reconnecting: true"));
	}

	@Test
	void countsMessagesByClientAndDirection() {
		await().atMost(PATIENCE).until(() -> messages("in") > 10);
		double before = messages("in");
		await().atMost(PATIENCE).until(() -> messages("in") > before);
		await().atMost(PATIENCE).until(() -> messages("out") >= 1);
	}

	@Test
	void operatorSeesAndSteersTheConnection() {
		String market = "/actuator/wsclients/market";
		assertThat(JsonPath.<String>read(get("/actuator/wsclients"), "$.clients.market.uri"))
			.startsWith("ws://localhost");
		assertThat(post(market, "pause")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> JsonPath.<Boolean>read(get(market), "$.paused"));
		assertThat(post(market, "resume")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> !JsonPath.<Boolean>read(get(market), "$.paused"));
		assertThat(post(market, "explode")).isEqualTo(400);
		assertThat(post("/actuator/wsclients/none", "pause")).isEqualTo(404);
		assertThat(send(request("/actuator/wsclients/none").build()).statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource({ "CUT, OPEN, BACKOFF", "SILENCE, OPEN, BACKOFF", "STALL, OPEN, BACKOFF", "RESTART, CLOSING, BACKOFF",
			"REFUSE, CONNECTING, BACKOFF" })
	void feedMisbehavesAndTheConnectionComesBack(String fault, String from, String to) {
		await().atMost(PATIENCE).until(() -> healthOf("orders"), "OPEN"::equals);
		Instant before = Instant.now();
		assertThat(postJson("/api/connections/orders/faults/" + fault, "{}")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> hasChanged(before, from, to));
		await().atMost(PATIENCE).until(() -> hasChanged(before, "CONNECTING", "OPEN"));
	}

	private boolean hasChanged(Instant after, String from, String to) {
		List<Map<String, String>> changes = JsonPath.read(get("/api/dashboard"),
				"$.changes[?(@.connection == 'orders' && @.from == '" + from + "' && @.to == '" + to + "')]");
		return changes.stream().anyMatch((change) -> Instant.parse(change.get("time")).isAfter(after));
	}

	@Test
	void floodIsReceivedCompletely() {
		await().atMost(PATIENCE).until(() -> healthOf("orders"), "OPEN"::equals);
		long before = this.orders.snapshot().messagesReceived();
		assertThat(postJson("/api/connections/orders/faults/FLOOD", "{}")).isEqualTo(204);
		await().atMost(PATIENCE).until(() -> this.orders.snapshot().messagesReceived() >= before + 20_000);
	}

	@Test
	void messageIsTruncatedBetweenCharacters() {
		await().atMost(PATIENCE).until(() -> healthOf("orders"), "OPEN"::equals);
		String start = "x".repeat(199);
		assertThat(postJson("/api/connections/orders/messages", "{\"text\":\"" + start + "\uD83D\uDE00\"}"))
			.isEqualTo(200);
		await().atMost(PATIENCE)
			.until(() -> JsonPath.<List<String>>read(get("/api/dashboard"), "$.connections[*].messages[*].text")
				.contains(start + "…"));
	}

	@Test
	void logSaysWhatTheDocumentationShows(CapturedOutput output) throws IOException {
		List<String> shown = Stream.concat(indented("getting-started.md"), indented("operations.md"))
			.filter((line) -> line.startsWith("Connection '"))
			.toList();
		assertThat(shown).hasSize(2);
		for (String line : shown) {
			String regex = Pattern.quote(line)
				.replaceAll("wss?://\\S+[^:\\s]", "\\\\E\\\\S+\\\\Q")
				.replaceAll("\\d+", "\\\\E[\\\\d.]+\\\\Q");
			await().atMost(PATIENCE).untilAsserted(() -> assertThat(output).containsPattern(regex));
		}
	}

	@Test
	void documentedCommandIsAnsweredAsDocumented() throws Exception {
		String command = indented("operations.md").filter((line) -> line.startsWith("curl ")).findFirst().orElseThrow();
		Process curl = new ProcessBuilder("sh", "-c",
				command.replace("localhost:8080", "-s -w '%{http_code}' localhost:" + this.port))
			.redirectErrorStream(true)
			.start();
		assertThat(curl.inputReader().lines()).containsExactly("204");
	}

	private static Stream<String> indented(String page) throws IOException {
		return Files.readAllLines(Path.of("../docs", page))
			.stream()
			.filter((line) -> line.startsWith("    "))
			.map(String::strip);
	}

	@Test
	void whatThePageMayNotAskForIsRefused() {
		assertThat(postJson("/api/connections/orders/messages", "{}")).isEqualTo(400);
		assertThat(postJson("/api/connections/orders/faults/EXPLODE", "{}")).isEqualTo(400);
		assertThat(postJson("/api/connections/none/faults/CUT", "{}")).isEqualTo(404);
		assertThat(postJson("/api/connections/none/messages", "{\"text\":\"hello\"}")).isEqualTo(404);
		assertThat(
				send(request("/api/connections/orders/faults/CUT").POST(BodyPublishers.noBody()).build()).statusCode())
			.as("what a form of another origin could send")
			.isEqualTo(415);
	}

	@ParameterizedTest
	@CsvSource({ "localhost, 200", "LOCALHOST, 200", "127.0.0.1, 200", "[::1], 200", "feed.example, 421",
			"localhost.feed.example, 421", "192.0.2.1, 421" })
	void answersForItsOwnHostsOnly(String host, int status) throws IOException {
		for (String path : List.of("/", "/api/dashboard", "/actuator/health")) {
			assertThat(statusFor(host, path)).as(path).isEqualTo(status);
		}
	}

	private int statusFor(String host, String path) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream()
				.write("GET %s HTTP/1.1\r\nHost: %s:%d\r\nConnection: close\r\n\r\n".formatted(path, host, this.port)
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			return Integer.parseInt(answer.split(" ", 3)[1]);
		}
	}

	@Test
	void listensOnTheLoopbackAddressOnly() {
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new Socket(InetAddress.getByName("127.0.0.2"), this.port).close());
	}

	private String healthOf(String client) {
		return JsonPath.read(get("/actuator/health"), "$.components.ws.components." + client + ".details.state");
	}

	private double messages(String direction) {
		return JsonPath.read(get("/actuator/metrics/ws.client.messages?tag=client:market&tag=direction:" + direction),
				"$.measurements[0].value");
	}

	private String get(String path) {
		return send(request(path).build()).body();
	}

	private int post(String path, String action) {
		return postJson(path, "{\"action\":\"" + action + "\"}");
	}

	private int postJson(String path, String json) {
		return send(
				request(path).header("Content-Type", "application/json").POST(BodyPublishers.ofString(json)).build())
			.statusCode();
	}

	private HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create("http://localhost:" + this.port + path));
	}

	private HttpResponse<String> send(HttpRequest request) {
		return this.http.sendAsync(request, BodyHandlers.ofString()).join();
	}

}
