package dev.wsclient.docs;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the documentation names between its snippets is there: types, annotations,
 * methods, properties and meters.
 */
class NameTests {

	private static final Pattern PACKAGE = Pattern.compile("(?m)^package (.+);");

	private static final Pattern TYPE = Pattern.compile("`@?((?:On)?Ws[A-Z]\\w*)(?:[.(][^`]*)?`");

	private static final Pattern ALERT = Pattern.compile("alert: (\\w+)");

	private static final Pattern METHOD = Pattern.compile("`(?:\\w+\\.)*(\\w+)\\([^()`]*\\)`");

	private static final Pattern PROPERTY = Pattern
		.compile("`((?:compression|dispatch|handler-errors|health|keep-alive-message|ping|proxy|reconnect"
				+ "|send-buffer|ssl|tcp)\\.[a-z-]+)(?::[^`]*)?`");

	private static final Pattern METER = Pattern.compile("`(ws\\.client\\.[a-z.-]+)`");

	/**
	 * A constant of the enum of the meters, or the whole name as observations have it.
	 */
	private static final Pattern METER_IN_CODE = Pattern
		.compile("[A-Z]\\(\"([a-z.-]+)\", \"[^\"]+\",\\s+Meter\\.|\"(ws\\.client\\.[a-z]+)\"");

	private static final Pattern LISTED = Pattern.compile("(?m)^\\| `(ws\\.client\\.[a-z.`, -]+)` \\|");

	/**
	 * Pages that name what others have, too.
	 */
	private static final Set<String> ABOUT_OTHERS = Set.of("docs/migration.md", "docs/comparison.md");

	private static final List<Path> SOURCES = sources();

	private static List<Path> sources() {
		return Stream.of("ws-client-core", "ws-client-spring-boot-starter")
			.map((module) -> Page.root().resolve(module + "/src/main/java"))
			.flatMap(NameTests::sources)
			.toList();
	}

	private static Stream<Path> sources(Path folder) {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().matches(".*(?<!-info)\\.java")).toList().stream();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void everyTypeAndAlertIsThere() {
		Stream<String> types = SOURCES.stream().map(NameTests::typeName);
		Stream<String> alerts = ALERT.matcher(Page.read(Page.root().resolve("docs/grafana/alerts.yml")))
			.results()
			.map((alert) -> alert.group(1));
		assertThat(named(TYPE, pages())).hasSizeGreaterThan(20).isSubsetOf(Stream.concat(types, alerts).toList());
	}

	@Test
	void everyMethodIsThere() {
		Set<String> methods = SOURCES.stream()
			.filter((source) -> !source.toString().contains("internal"))
			.flatMap(NameTests::publicMethods)
			.collect(Collectors.toSet());
		Stream<Page> pages = pages().filter((page) -> !ABOUT_OTHERS.contains(page.path().toString()));
		assertThat(named(METHOD, pages)).hasSizeGreaterThan(10).isSubsetOf(methods);
	}

	private static Stream<String> publicMethods(Path source) {
		String packageName = PACKAGE.matcher(Page.read(source)).results().findFirst().orElseThrow().group(1);
		try {
			Class<?> type = Class.forName(packageName + "." + typeName(source), false,
					NameTests.class.getClassLoader());
			return Arrays.stream(type.getMethods()).map(Method::getName);
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String typeName(Path source) {
		return source.getFileName().toString().replace(".java", "");
	}

	@Test
	void everyPropertyIsInTheReference() throws IOException {
		String reference = Files.readString(Page.root().resolve("docs/configuration.md"));
		assertThat(named(PROPERTY, pages())).hasSizeGreaterThan(20)
			.allSatisfy((property) -> assertThat(reference).contains("\n| `" + property + "` |"));
	}

	@Test
	void everyMeterIsMeasuredAndListed() throws IOException {
		Set<String> measured = SOURCES.stream()
			.flatMap((source) -> METER_IN_CODE.matcher(Page.read(source)).results())
			.map((meter) -> (meter.group(2) != null) ? meter.group(2) : "ws.client." + meter.group(1))
			.collect(Collectors.toSet());
		assertThat(named(METER, pages())).hasSizeGreaterThan(10)
			.allSatisfy((meter) -> assertThat(measured).contains(meter));
		List<String> listed = LISTED.matcher(Files.readString(Page.root().resolve("docs/operations.md")))
			.results()
			.flatMap((row) -> Arrays.stream(row.group(1).split("`, `")))
			.toList();
		assertThat(listed).doesNotHaveDuplicates();
		// Attempts to connect are observations, told of below the table
		assertThat(measured).isSubsetOf(Stream.concat(listed.stream(), Stream.of("ws.client.connect")).toList());
	}

	private static Stream<Page> pages() {
		return Page.all().stream().filter((page) -> !page.path().startsWith("docs/decisions"));
	}

	private static Set<String> named(Pattern pattern, Stream<Page> pages) {
		return pages.flatMap((page) -> pattern.matcher(page.withoutSnippets()).results())
			.map((MatchResult name) -> name.group(1))
			.collect(Collectors.toSet());
	}

}
