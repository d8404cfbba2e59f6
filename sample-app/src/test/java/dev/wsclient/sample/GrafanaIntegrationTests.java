package dev.wsclient.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.yaml.snakeyaml.Yaml;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.WsConnections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Holds the dashboard and the alert rules in {@code docs/grafana} against what Prometheus
 * gets from the running sample.
 */
@TestInstance(Lifecycle.PER_CLASS)
class GrafanaIntegrationTests {

	private static final Path FOLDER = Path.of("../docs/grafana");

	/**
	 * Added by Prometheus to whatever it scrapes.
	 */
	private static final Set<String> TARGET_TAGS = Set.of("job", "instance");

	private static final Pattern SELECTOR = Pattern.compile("(\\w+)\\{([^}]*)}");

	private static final Pattern MATCHER = Pattern.compile("(\\w+)\\s*(=~|!~|!=|=)\\s*\"([^\"]*)\"");

	private static final Pattern GROUPING = Pattern.compile("\\b(?:by|without|on|ignoring)\\s*\\(([^)]*)\\)");

	private static final Pattern METRIC = Pattern.compile("\\bws_client_\\w+");

	private static final Pattern LEGEND_TAG = Pattern.compile("\\{\\{\\s*(?:\\$labels\\.)?(\\w+)\\s*}}");

	private static final Pattern VARIABLE = Pattern.compile("label_values\\((\\w+), (\\w+)\\)");

	private Scrape scrape = new Scrape(Map.of());

	/**
	 * Scrapes when handlers have returned and failed: there are no timers of what never
	 * happened.
	 */
	@BeforeAll
	void scrapeTheSample() {
		try (ConfigurableApplicationContext application = SpringApplication.run(SampleApplication.class,
				"--server.port=0")) {
			WsConnection orders = application.getBean(WsConnections.class).get("orders");
			orders.send("{\"type\":\"filled\",\"id\":\"no number, so the handler fails\"}");
			String port = application.getEnvironment().getRequiredProperty("local.server.port");
			URI uri = URI.create("http://localhost:" + port + "/actuator/prometheus");
			await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
				this.scrape = scrape(uri);
				assertThat(this.scrape.tags("ws_client_handler_seconds_count").get("outcome"))
					.containsExactlyInAnyOrder("success", "error");
			});
		}
		assertThat(this.scrape.tags("ws_client_state").get("client")).containsExactlyInAnyOrder("market", "orders");
	}

	private static Scrape scrape(URI uri) {
		return Scrape.of(HttpClient.newHttpClient()
			.sendAsync(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
			.join()
			.body());
	}

	@ParameterizedTest
	@MethodSource({ "queries", "rules" })
	void metricsAndTagsExist(Query query) {
		assertThat(metrics(query.expression())).isNotEmpty()
			.allSatisfy((metric) -> assertThat(this.scrape.metrics()).containsKey(metric));
		SELECTOR.matcher(query.expression()).results().forEach(this::assertExists);
		Set<String> known = new HashSet<>(TARGET_TAGS);
		metrics(query.expression()).forEach((metric) -> known.addAll(this.scrape.tags(metric).keySet()));
		assertThat(known).containsAll(query.tags());
	}

	private void assertExists(MatchResult selector) {
		Map<String, Set<String>> tags = this.scrape.tags(selector.group(1));
		MATCHER.matcher(selector.group(2)).results().forEach((matcher) -> {
			String tag = matcher.group(1);
			if (!TARGET_TAGS.contains(tag)) {
				assertThat(tags).as(selector.group(1)).containsKey(tag);
				if (matcher.group(2).equals("=") || matcher.group(2).equals("!=")) {
					assertThat(tags.get(tag)).as(selector.group(1)).contains(matcher.group(3));
				}
			}
		});
	}

	private static List<String> metrics(String expression) {
		return METRIC.matcher(expression).results().map(MatchResult::group).toList();
	}

	@Test
	void dashboardLeavesNoMeterOut() throws IOException {
		Set<String> shown = new HashSet<>();
		queries().forEach((query) -> shown.addAll(metrics(query.expression())));
		assertThat(this.scrape.metrics().keySet()).filteredOn((metric) -> metric.startsWith("ws_client_"))
			// What observations add by themselves: how long those under way have taken
			.filteredOn((metric) -> !metric.contains("_active_seconds_"))
			.isNotEmpty()
			.allSatisfy((metric) -> assertThat(shown).contains(metric));
	}

	@Test
	void variablesExist() throws IOException {
		List<String> definitions = JsonPath.read(dashboard(), "$.templating.list[?(@.type == 'query')].definition");
		assertThat(definitions).hasSize(2).allSatisfy((definition) -> {
			MatchResult variable = VARIABLE.matcher(definition).results().findFirst().orElseThrow();
			assertThat(this.scrape.metrics()).containsKey(variable.group(1));
			assertThat(Stream.concat(TARGET_TAGS.stream(), this.scrape.tags(variable.group(1)).keySet().stream()))
				.contains(variable.group(2));
		});
	}

	@Test
	void everythingAsksTheDataSourceThatTheReaderChooses() throws IOException {
		assertThat(JsonPath.<List<String>>read(dashboard(), "$.templating.list[?(@.type == 'datasource')].name"))
			.containsExactly("datasource");
		List<Object> panels = JsonPath.read(dashboard(), "$.panels[*]");
		List<Object> targets = JsonPath.read(dashboard(), "$.panels[*].targets[*]");
		List<Object> variables = JsonPath.read(dashboard(), "$.templating.list[?(@.type == 'query')]");
		assertThat(Stream.of(panels, targets, variables).flatMap(List::stream)).hasSizeGreaterThan(40)
			.allSatisfy((part) -> assertThat(JsonPath.<Map<String, String>>read(part, "$.datasource"))
				.isEqualTo(Map.of("type", "prometheus", "uid", "${datasource}")));
	}

	@Test
	void isWhatGrafanaImports() throws IOException {
		assertThat(JsonPath.<Integer>read(dashboard(), "$.schemaVersion")).isGreaterThanOrEqualTo(36);
		assertThat(JsonPath.<String>read(dashboard(), "$.uid")).hasSizeBetween(1, 40);
		assertThat(JsonPath.<Map<String, Object>>read(dashboard(), "$")).as("an id belongs to one Grafana")
			.doesNotContainKeys("id", "__inputs");
		List<Map<String, Object>> panels = JsonPath.read(dashboard(), "$.panels[*]");
		assertThat(panels).allSatisfy((panel) -> {
			assertThat(panel).containsKeys("id", "gridPos", "fieldConfig", "options", "description");
			assertThat(JsonPath.<String>read(panel, "$.type")).isIn("stat", "timeseries", "state-timeline");
			assertThat(JsonPath.<List<String>>read(panel, "$.targets[*].refId")).doesNotHaveDuplicates();
		});
	}

	@Test
	void panelsAreDistinctAndDontOverlap() throws IOException {
		List<Integer> ids = JsonPath.read(dashboard(), "$.panels[*].id");
		assertThat(ids).isNotEmpty().doesNotHaveDuplicates();
		List<Map<String, Integer>> places = JsonPath.read(dashboard(), "$.panels[*].gridPos");
		Set<String> cells = new HashSet<>();
		places.forEach((place) -> cells(place).forEach((cell) -> assertThat(cells.add(cell)).as(cell).isTrue()));
	}

	private static Stream<String> cells(Map<String, Integer> place) {
		int left = JsonPath.read(place, "$.x");
		int top = JsonPath.read(place, "$.y");
		int width = JsonPath.read(place, "$.w");
		int height = JsonPath.read(place, "$.h");
		assertThat(left + width).isLessThanOrEqualTo(24);
		return IntStream.range(left, left + width)
			.boxed()
			.flatMap((x) -> IntStream.range(top, top + height).mapToObj((y) -> x + "," + y));
	}

	@Test
	void rulesCoverWhatOperatorsFear() throws IOException {
		String page = Files.readString(FOLDER.resolveSibling("operations.md"));
		assertThat(rules()).extracting(Query::title)
			.allSatisfy((alert) -> assertThat(page).contains("| `" + alert + "` |"))
			.contains("WsClientDown", "WsClientHalfOpen", "WsClientReconnectStorm", "WsClientStaleFeed",
					"WsClientDrops");
	}

	private static String dashboard() throws IOException {
		return Files.readString(FOLDER.resolve("ws-client.json"));
	}

	static Stream<Query> queries() throws IOException {
		List<Map<String, Object>> panels = JsonPath.read(dashboard(), "$.panels[*]");
		return panels.stream().flatMap((panel) -> {
			List<Map<String, String>> targets = JsonPath.read(panel, "$.targets[*]");
			assertThat(targets).isNotEmpty();
			return targets.stream()
				.map((target) -> new Query(JsonPath.read(panel, "$.title"), JsonPath.read(target, "$.expr"),
						JsonPath.read(target, "$.legendFormat")));
		});
	}

	static Stream<Query> rules() throws IOException {
		try (InputStream file = Files.newInputStream(FOLDER.resolve("alerts.yml"))) {
			List<Map<String, Object>> rules = JsonPath.read(new Yaml().<Object>load(file), "$.groups[*].rules[*]");
			assertThat(rules).isNotEmpty();
			return rules.stream()
				.map((rule) -> new Query(JsonPath.read(rule, "$.alert"), JsonPath.read(rule, "$.expr"),
						JsonPath.read(rule, "$.annotations").toString()));
		}
	}

	/**
	 * A query of a panel or rule.
	 *
	 * @param title the name of the panel or rule
	 * @param expression what is asked
	 * @param text what is shown, with tags
	 */
	record Query(String title, String expression, String text) {

		Set<String> tags() {
			Set<String> tags = new HashSet<>();
			GROUPING.matcher(this.expression)
				.results()
				.forEach((grouping) -> tags.addAll(List.of(grouping.group(1).split("\\s*,\\s*"))));
			LEGEND_TAG.matcher(this.text).results().forEach((tag) -> tags.add(tag.group(1)));
			return tags;
		}

		@Override
		public String toString() {
			return this.title;
		}

	}

}
