package dev.wsclient.docs;

import java.io.IOException;
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
 * The Maven commands of the documentation name modules, profiles and tests that are
 * there.
 */
class CommandTests {

	private static final Pattern COMMAND = Pattern.compile("(?m)(?:`|^ {4}|JAVA_HOME=\\S+ )(mvn [^`\\n]+)");

	private static final Pattern MODULES = Pattern.compile("-pl ([\\w,-]+)");

	private static final Pattern PROFILE = Pattern.compile("-P([\\w-]+)");

	private static final Pattern TEST = Pattern.compile("-Dtest=(\\w+)");

	private static final Pattern ID = Pattern.compile("<profile>(?:\\s|<!--.*?-->)*<id>([\\w-]+)</id>");

	private final Path root = Page.root();

	@Test
	void everyModuleIsThere() {
		assertThat(named(MODULES).flatMap((modules) -> Arrays.stream(modules.split(",")))).isNotEmpty()
			.allSatisfy((module) -> assertThat(this.root.resolve(module + "/pom.xml")).exists());
	}

	@Test
	void everyProfileIsThere() throws IOException {
		try (Stream<Path> poms = Files.find(this.root, 2, (file, attributes) -> file.endsWith("pom.xml"))) {
			Set<String> profiles = poms.flatMap((pom) -> ID.matcher(Page.read(pom)).results())
				.map((id) -> id.group(1))
				.collect(Collectors.toSet());
			assertThat(named(PROFILE)).isNotEmpty().allSatisfy((profile) -> assertThat(profiles).contains(profile));
		}
	}

	@Test
	void everyTestIsThere() throws IOException {
		Set<String> tests;
		try (Stream<Path> files = Files.find(this.root, 16, (file, attributes) -> isTest(file))) {
			tests = files.map((file) -> file.getFileName().toString()).collect(Collectors.toSet());
		}
		assertThat(named(TEST)).isNotEmpty().allSatisfy((test) -> assertThat(tests).contains(test + ".java"));
	}

	private static boolean isTest(Path file) {
		return file.toString().contains("src") && file.toString().endsWith(".java");
	}

	private static Stream<String> named(Pattern pattern) {
		List<MatchResult> commands = Page.all()
			.stream()
			.flatMap((page) -> COMMAND.matcher(page.text()).results())
			.toList();
		return commands.stream()
			.flatMap((command) -> pattern.matcher(command.group(1)).results())
			.map((name) -> name.group(1));
	}

}
