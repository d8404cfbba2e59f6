package dev.wsclient;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs a main class of the tests in a JVM of its own, where nothing else takes memory.
 */
public final class SmallJvm {

	private SmallJvm() {
	}

	/**
	 * Runs a class to its end.
	 * @param flags the JVM's, such as {@code -Xmx96m}
	 * @param main the class
	 * @param args its arguments
	 * @return what it printed, as properties
	 * @throws Exception if it can't be run
	 */
	public static Properties run(List<String> flags, Class<?> main, String... args) throws Exception {
		List<String> command = new ArrayList<>();
		command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
		command.addAll(flags);
		command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
		command.addAll(List.of(args));
		ProcessBuilder builder = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT);
		// An arena a thread would blur what is resident
		builder.environment().put("MALLOC_ARENA_MAX", "1");
		Process process = builder.start();
		try (InputStream out = process.getInputStream()) {
			Properties properties = new Properties();
			properties.load(out);
			assertThat(process.waitFor()).isZero();
			return properties;
		}
		finally {
			process.destroyForcibly();
		}
	}

}
