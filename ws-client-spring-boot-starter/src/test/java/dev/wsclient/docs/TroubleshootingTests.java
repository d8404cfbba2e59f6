package dev.wsclient.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The messages that the page about troubleshooting explains are those of the code.
 */
class TroubleshootingTests {

	private static final Pattern QUOTED = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

	private static final Pattern CONCATENATION = Pattern.compile("\"\\s*\\+\\s*\"");

	@Test
	void everyMessageStandsInTheCode() throws IOException {
		List<String> messages = QUOTED.matcher(Files.readString(Page.root().resolve("docs/troubleshooting.md")))
			.results()
			.map((row) -> row.group(1))
			.toList();
		String code = code("ws-client-core") + code("ws-client-spring-boot-starter");
		assertThat(messages).hasSizeGreaterThan(10).allSatisfy((message) -> assertThat(code).contains(message));
	}

	private static String code(String module) throws IOException {
		try (Stream<Path> files = Files.walk(Page.root().resolve(module + "/src/main/java"))) {
			return files.filter((file) -> file.toString().endsWith(".java"))
				.map(TroubleshootingTests::read)
				.map((source) -> CONCATENATION.matcher(source).replaceAll(""))
				.collect(Collectors.joining());
		}
	}

	private static String read(Path file) {
		try {
			return Files.readString(file);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

}
