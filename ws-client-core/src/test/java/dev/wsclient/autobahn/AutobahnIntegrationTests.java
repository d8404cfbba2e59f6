package dev.wsclient.autobahn;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

import dev.wsclient.options.Compression;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the Autobahn suite against a client built on the public API. Every case must end
 * as {@code autobahn/expected.txt} says. The cases of category 9, which take minutes, are
 * run by the profile {@code autobahn-full}. Reports are in
 * {@code target/autobahn/reports}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AutobahnIntegrationTests {

	private static final List<String> QUICK = List.of("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "10.*");

	private static final List<String> SLOW = List.of("9.*");

	private static final Path HOME = Path.of("target/autobahn").toAbsolutePath();

	private static final Path REPORTS = HOME.resolve("reports");

	private static final Logger CONNECTION_LOG = (Logger) LoggerFactory.getLogger("dev.wsclient.connection");

	private static final String AGENT = "agent=ws-client";

	private static final Duration QUICK_DEADLINE = Duration.ofSeconds(30);

	/** The suite itself allows a case of category 9 up to 100 seconds. */
	private static final Duration SLOW_DEADLINE = Duration.ofSeconds(150);

	private static final Duration REPORT_DEADLINE = Duration.ofMinutes(5);

	private final Map<String, CaseResult> expected = new LinkedHashMap<>();

	private final Map<String, Exception> troubles = new LinkedHashMap<>();

	private Map<String, CaseResult> reported = Map.of();

	private int caseCount;

	// Each step has a deadline of its own; all cases take minutes
	@BeforeAll
	@Timeout(value = 1, unit = TimeUnit.HOURS)
	void runSuite() throws Exception {
		// Hundreds of connections that end and don't reconnect are no news here
		CONNECTION_LOG.setLevel(Level.OFF);
		List<String> patterns = new ArrayList<>(QUICK);
		if (Boolean.getBoolean("autobahn.full")) {
			patterns.addAll(SLOW);
		}
		this.expected.putAll(readExpected());
		this.expected.keySet()
			.removeIf((id) -> patterns.stream().noneMatch((pattern) -> id.startsWith(prefix(pattern))));
		Files.deleteIfExists(REPORTS.resolve("index.json"));
		try (FuzzingServer server = FuzzingServer.start(HOME, REPORTS, patterns);
				EchoClient client = new EchoClient(Compression.defaults())) {
			this.caseCount = Integer.parseInt(client.ask(server.url("/getCaseCount"), QUICK_DEADLINE));
			int number = 0;
			for (String id : this.expected.keySet()) {
				number++;
				try {
					runCase(server, client, id, number);
				}
				catch (Exception ex) {
					this.troubles.put(id, ex);
				}
			}
			client.ask(server.url("/updateReports?" + AGENT), REPORT_DEADLINE);
		}
		this.reported = CaseResult.parseReport(Files.readString(REPORTS.resolve("index.json")));
	}

	@AfterAll
	void restoreLog() {
		CONNECTION_LOG.setLevel(null);
	}

	private static Map<String, CaseResult> readExpected() throws IOException {
		InputStream resource = AutobahnIntegrationTests.class.getResourceAsStream("/autobahn/expected.txt");
		try (BufferedReader reader = new BufferedReader(
				new InputStreamReader(Objects.requireNonNull(resource), StandardCharsets.UTF_8))) {
			return CaseResult.parseExpected(reader.lines());
		}
	}

	private static String prefix(String pattern) {
		return pattern.substring(0, pattern.length() - 1);
	}

	/**
	 * Runs a case and asks for its status: the answer comes when the server has seen the
	 * end of the connection, which may be after the client has.
	 */
	private static void runCase(FuzzingServer server, EchoClient client, String id, int number) throws Exception {
		client.echo(server.url("/runCase?case=" + number + "&" + AGENT), deadline(id));
		client.ask(server.url("/getCaseStatus?case=" + number + "&" + AGENT), QUICK_DEADLINE);
	}

	private static Duration deadline(String id) {
		if (id.startsWith("9.")) {
			return SLOW_DEADLINE;
		}
		return QUICK_DEADLINE;
	}

	@TestFactory
	Stream<DynamicTest> caseEndsAsExpected() {
		return this.expected.keySet().stream().map((id) -> DynamicTest.dynamicTest("case " + id, () -> checkCase(id)));
	}

	private void checkCase(String id) throws Exception {
		if (this.troubles.containsKey(id)) {
			throw new AssertionError("case " + id + " could not be run to its end", this.troubles.get(id));
		}
		assertThat(this.reported.get(id)).as("case %s, see %s", id, REPORTS.resolve("index.html"))
			.isEqualTo(this.expected.get(id));
	}

	@Test
	void suiteHasExactlyTheListedCases() {
		assertThat(this.caseCount).isEqualTo(this.expected.size());
		assertThat(this.reported.keySet()).containsExactlyInAnyOrderElementsOf(this.expected.keySet());
	}

}
