package dev.wsclient.spring;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * An application in a JVM of its own, with the class path of the tests or a part of it.
 */
class ApplicationProcess implements AutoCloseable {

	private final Process process;

	/** The lines that the application printed so far. */
	private final List<String> output = new CopyOnWriteArrayList<>();

	/**
	 * Starts an application.
	 * @param mainClass its main class
	 * @param classPath its class path
	 * @param systemProperties such as {@code -Dname=value}
	 * @param arguments its arguments
	 */
	ApplicationProcess(String mainClass, String classPath, List<String> systemProperties, List<String> arguments) {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp", classPath,
						"-XX:TieredStopAtLevel=1", "-Xshare:auto", "-Xmx256m"));
		command.addAll(systemProperties);
		command.add(mainClass);
		command.addAll(arguments);
		try {
			this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		Thread reader = new Thread(this::readOutput, "application-output");
		reader.setDaemon(true);
		reader.start();
	}

	private void readOutput() {
		try (BufferedReader reader = this.process.inputReader(StandardCharsets.UTF_8)) {
			reader.lines().forEach(this.output::add);
		}
		catch (IOException | UncheckedIOException ex) {
			this.output.add("the output ended: " + ex);
		}
	}

	/**
	 * Returns a part of the tests' class path.
	 * @param filter takes the name of a jar file, or of a folder
	 * @return the class path
	 */
	static String classPath(Predicate<String> filter) {
		return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
			.filter((entry) -> filter.test(new File(entry).getName()))
			.collect(Collectors.joining(File.pathSeparator));
	}

	String output() {
		return String.join(System.lineSeparator(), this.output);
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Asks the application to end, as an operating system or orchestrator does.
	 */
	void terminate() {
		this.process.destroy();
	}

	/**
	 * Waits for the end.
	 * @return the exit code
	 * @throws InterruptedException if interrupted
	 */
	int awaitEnd() throws InterruptedException {
		if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
			throw new AssertionError("The application does not end:\n" + output());
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

}
