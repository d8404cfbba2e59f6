package dev.wsclient.autobahn;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The Autobahn suite's fuzzing server in a process of its own, on a free loopback port.
 * Its output goes to {@code server.log}.
 */
final class FuzzingServer implements AutoCloseable {

	private static final Duration START_TIMEOUT = Duration.ofMinutes(3);

	private static final Pattern PORT = Pattern.compile("^port=(\\d+)\\R", Pattern.MULTILINE);

	private final Path log;

	private final Process process;

	private final int port;

	private FuzzingServer(Path log, Process process) {
		this.log = log;
		this.process = process;
		this.port = awaitPort();
	}

	/**
	 * Starts the server and waits until it listens.
	 * @param home holds the Python interpreter and the suite, and gets the log
	 * @param reports where the reports go
	 * @param cases patterns of case ids
	 * @return the listening server
	 */
	static FuzzingServer start(Path home, Path reports, List<String> cases) throws IOException {
		Path interpreter = home.resolve("lib/jython-standalone.jar");
		if (!Files.exists(interpreter)) {
			throw new IllegalStateException(
					interpreter + " is missing; run 'mvn -pl ws-client-core generate-test-resources' first");
		}
		Path script = home.resolve("server.py");
		try (InputStream resource = FuzzingServer.class.getResourceAsStream("/autobahn/server.py")) {
			Files.copy(Objects.requireNonNull(resource), script, StandardCopyOption.REPLACE_EXISTING);
		}
		List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
				"-Xmx1g", "-XX:+UseSerialGC", "-Dpython.cachedir=" + home.resolve("cache"), "-cp",
				interpreter.toString(), "org.python.util.jython", script.toString(), home.resolve("suite").toString(),
				reports.toString()));
		command.addAll(cases);
		Path log = home.resolve("server.log");
		Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
		try {
			return new FuzzingServer(log, process);
		}
		catch (Throwable ex) {
			process.destroyForcibly();
			throw ex;
		}
	}

	private int awaitPort() {
		try {
			return Awaitility.await().atMost(START_TIMEOUT).until(this::portOrZero, (port) -> port != 0);
		}
		catch (ConditionTimeoutException ex) {
			throw failure("doesn't listen after " + START_TIMEOUT);
		}
	}

	private int portOrZero() {
		boolean alive = this.process.isAlive();
		Matcher matcher = PORT.matcher(output());
		if (matcher.find()) {
			return Integer.parseInt(matcher.group(1));
		}
		if (!alive) {
			throw failure("ended with exit code " + this.process.exitValue());
		}
		return 0;
	}

	private IllegalStateException failure(String what) {
		return new IllegalStateException("The fuzzing server " + what + "; its output:\n" + output());
	}

	private String output() {
		try {
			return Files.readString(this.log);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Returns the URL of one of the server's commands.
	 * @param command path and query
	 * @return the URL
	 */
	String url(String command) {
		return "ws://127.0.0.1:" + this.port + command;
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
