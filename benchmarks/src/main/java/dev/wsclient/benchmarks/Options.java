package dev.wsclient.benchmarks;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

import dev.wsclient.benchmarks.client.ClientKind;

/**
 * What is to be measured.
 *
 * @param clients the clients
 * @param workloads the workloads
 * @param rounds how many times each client does each workload
 * @param pinnings on which cores
 * @param effort how much is done to measure
 * @param jmh which microbenchmarks are run, a regular expression; empty for none
 * @param out the folder for the results
 */
record Options(List<ClientKind> clients, List<Workload> workloads, int rounds, List<Pinning> pinnings, Effort effort,
		String jmh, Path out) {

	static final String USAGE = """
			-clients A,B      ws-client, okhttp, ...; all by default
			-workloads A,B    in-text-64, round-trip, ...; all by default
			-rounds N         how many forks for each client and workload, 3 by default
			-pinning A,B      pinned (server and client on a core each), unpinned; both by default
			-measured N       how many windows are measured behind the warm-up, 5 by default
			-jmh REGEX        which microbenchmarks, all by default; 'none' for none
			-out FOLDER       where the results go""";

	static Options parse(List<String> args) {
		return new Options(list(args, "-clients", ClientKind::of, ClientKind.values()),
				list(args, "-workloads", Workload::of, Workload.values()),
				Integer.parseInt(value(args, "-rounds", "3")), list(args, "-pinning", Pinning::of, Pinning.values()),
				Effort.FULL.withMeasured(Integer.parseInt(value(args, "-measured", String.valueOf(Effort.MEASURED)))),
				jmh(args), Path.of(value(args, "-out", "target/benchmarks")));
	}

	private static String jmh(List<String> args) {
		String regex = value(args, "-jmh", ".*");
		return regex.equals("none") ? "" : regex;
	}

	private static String value(List<String> args, String name, String otherwise) {
		for (int i = 0; i < args.size(); i += 2) {
			if (!USAGE.contains(args.get(i) + " ") || i + 1 == args.size()) {
				throw new IllegalArgumentException(
						"There is no option '" + args.get(i) + "', or it lacks a value.\n" + USAGE);
			}
			if (args.get(i).equals(name)) {
				return args.get(i + 1);
			}
		}
		return otherwise;
	}

	private static <T> List<T> list(List<String> args, String name, Function<String, T> parse, T[] all) {
		String value = value(args, name, "");
		return value.isEmpty() ? List.of(all) : Arrays.stream(value.split(",", -1)).map(parse).toList();
	}

	/**
	 * On which cores client and server run.
	 */
	enum Pinning {

		/** The server has one core, the client another. */
		PINNED("pinned"),

		/** Both run where the system wants. */
		UNPINNED("unpinned");

		private final String id;

		Pinning(String id) {
			this.id = id;
		}

		static Pinning of(String id) {
			return Arrays.stream(values())
				.filter((pinning) -> pinning.id.equals(id))
				.findFirst()
				.orElseThrow(() -> new IllegalArgumentException("-pinning is pinned or unpinned, was " + id));
		}

		/**
		 * Returns what stands before a command that is to run on a core.
		 */
		List<String> command(int core) {
			return (this == PINNED) ? List.of("taskset", "-c", String.valueOf(core)) : List.of();
		}

		@Override
		public String toString() {
			return this.id;
		}

	}

}
