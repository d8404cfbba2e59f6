package dev.wsclient.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.server.LoadServer;

/**
 * Starts JVMs: one for the server, a fresh one for each trial.
 */
final class Jvms implements AutoCloseable {

	private static final int SERVER_CORE = 0;

	private static final int CLIENT_CORE = 1;

	private static final int TRIAL_MINUTES = 2;

	/**
	 * The same for all clients: as servers use them, and a collector that doesn't depend
	 * on how many cores there are.
	 */
	private static final List<String> CLIENT_JVM = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx1g");

	/**
	 * So that the process grows only by what is not heap, and not by what compilers need.
	 */
	private static final List<String> IDLE_JVM = List.of("-XX:+UseG1GC", "-Xms1g", "-Xmx1g", "-XX:+AlwaysPreTouch",
			"-Xint");

	private final Options.Pinning pinning;

	private final Process server;

	private final Target target;

	Jvms(Options.Pinning pinning, Path directory) throws IOException {
		this.pinning = pinning;
		Path certificate = directory.resolve("server.pem");
		this.server = start(SERVER_CORE, List.of("-Xmx512m"), LoadServer.class, List.of(certificate.toString()));
		// Newer JVMs warn of what Netty does before
		String[] ports = lines(this.server).lines()
			.filter((line) -> line.matches("\\d+ \\d+"))
			.findFirst()
			.orElseThrow(() -> new IOException("the load server did not start"))
			.split(" ", -1);
		this.target = new Target(Integer.parseInt(ports[0]), Integer.parseInt(ports[1]), certificate);
	}

	/**
	 * Runs a trial in a JVM of its own.
	 * @return what was measured; empty if the client can't do the workload
	 * @throws IOException if the trial failed; the message ends with what it printed
	 */
	Map<Metric, Double> run(ClientKind client, Workload workload, Effort effort)
			throws IOException, InterruptedException {
		Process process = start(CLIENT_CORE, (workload.kind() == Workload.Kind.IDLE) ? IDLE_JVM : CLIENT_JVM,
				Fork.class, Fork.args(client, workload, this.target, effort));
		List<String> printed = new ArrayList<>();
		Thread reader = new Thread(() -> lines(process).lines().forEach(printed::add));
		reader.setDaemon(true);
		reader.start();
		boolean ended = process.waitFor(TRIAL_MINUTES, TimeUnit.MINUTES);
		process.destroyForcibly();
		reader.join();
		if (!ended || printed.isEmpty()) {
			throw new IOException(client + " at " + workload + " did not end, or told nothing: " + tail(printed));
		}
		try {
			return Fork.parse(printed.get(printed.size() - 1));
		}
		catch (IllegalArgumentException ex) {
			throw new IOException(client + " at " + workload + " failed: " + tail(printed), ex);
		}
	}

	private static String tail(List<String> lines) {
		return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
	}

	private Process start(int core, List<String> jvm, Class<?> main, List<String> args) throws IOException {
		List<String> command = new ArrayList<>(this.pinning.command(core));
		command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
		command.addAll(jvm);
		command.addAll(List.of("-classpath", System.getProperty("java.class.path"), main.getName()));
		command.addAll(args);
		return new ProcessBuilder(command).redirectErrorStream(true).start();
	}

	private static BufferedReader lines(Process process) {
		return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
	}

	@Override
	public void close() {
		this.server.destroy();
	}

}
