package dev.wsclient.benchmarks;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.wsclient.benchmarks.client.ClientKind;

/**
 * Runs one trial in a JVM of its own and prints what was measured as the last line.
 */
public final class Fork {

	private static final String RESULT = "result ";

	private static final String UNSUPPORTED = "unsupported ";

	private Fork() {
	}

	/**
	 * Runs a trial.
	 * @param args client, workload, both ports, certificate, milliseconds of a window,
	 * most windows of warm-up, measured windows, idle connections
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		Target target = new Target(Integer.parseInt(args[2]), Integer.parseInt(args[3]), Path.of(args[4]));
		Effort effort = new Effort(Duration.ofMillis(Integer.parseInt(args[5])), Integer.parseInt(args[6]),
				Integer.parseInt(args[7]), Integer.parseInt(args[8]));
		try {
			Map<Metric, Double> result = new Trial(ClientKind.of(args[0]), Workload.of(args[1]), target, effort).run();
			System.out.println(RESULT + result.entrySet()
				.stream()
				.map((entry) -> entry.getKey() + "=" + entry.getValue())
				.collect(Collectors.joining(" ")));
		}
		catch (UnsupportedOperationException ex) {
			System.out.println(UNSUPPORTED + ex.getMessage());
		}
		catch (Exception ex) {
			ex.printStackTrace(System.out);
		}
		// Some clients leave threads behind that are no daemons
		System.exit(0);
	}

	/**
	 * Returns the arguments of {@link #main}.
	 */
	static List<String> args(ClientKind client, Workload workload, Target target, Effort effort) {
		return List.of(client.id(), workload.id(), String.valueOf(target.port()), String.valueOf(target.tlsPort()),
				target.certificate().toString(), String.valueOf(effort.window().toMillis()),
				String.valueOf(effort.maxWarmUp()), String.valueOf(effort.measured()),
				String.valueOf(effort.connections()));
	}

	/**
	 * Reads the last line of a fork.
	 * @return what was measured; empty if the client can't do the workload
	 * @throws IllegalArgumentException if the fork failed
	 */
	static Map<Metric, Double> parse(String line) {
		Map<Metric, Double> result = new EnumMap<>(Metric.class);
		if (line.startsWith(UNSUPPORTED)) {
			return result;
		}
		if (!line.startsWith(RESULT)) {
			throw new IllegalArgumentException("the fork failed: " + line);
		}
		for (String each : line.substring(RESULT.length()).split(" ", -1)) {
			int equals = each.indexOf('=');
			result.put(Metric.valueOf(each.substring(0, equals)), Double.parseDouble(each.substring(equals + 1)));
		}
		return result;
	}

}
