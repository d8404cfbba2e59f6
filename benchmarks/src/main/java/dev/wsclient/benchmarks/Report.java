package dev.wsclient.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.Workload.Kind;
import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.client.ClientKind.Role;

/**
 * Writes the results as Markdown: how ours stands to the best peer, to the loop and to
 * the budgets, then all figures.
 */
final class Report {

	private static final String INTRODUCTION = """
			Medians of all rounds, a fresh JVM for each client, workload and round. *Loop* is no client but a limit, \
			`limit-string`: it walks over frame headers and makes a `String` of each message (outbound: encodes, masks \
			and frames into a buffer), checks nothing and uses blocking sockets.

			""";

	/**
	 * From here on the summary tells microseconds.
	 */
	private static final double NANOS_AS_MICROS = 10_000;

	private final Results results;

	private final StringBuilder out = new StringBuilder();

	private Report(Results results) {
		this.results = results;
	}

	static String of(Results results, Map<String, String> environment) {
		Report report = new Report(results);
		report.introduction(environment);
		for (Options.Pinning pinning : Options.Pinning.values()) {
			report.summary(pinning);
			for (Metric metric : List.of(Metric.CPU, Metric.ALLOCATED, Metric.RATE)) {
				report.workloads(pinning, metric);
			}
			report.metrics(pinning, Workload.LATENCY, Metric.P50, Metric.P99, Metric.P999);
			report.metrics(pinning, Workload.IDLE, Metric.MEMORY, Metric.HEAP, Metric.NATIVE, Metric.THREADS);
			report.scale(pinning);
		}
		if (!results.failures().isEmpty()) {
			report.out.append("\n## Failed\n\n```\n").append(String.join("\n", results.failures())).append("\n```\n");
		}
		return report.out.toString();
	}

	private void introduction(Map<String, String> environment) {
		int rounds = this.results.trials().stream().mapToInt(Results.Outcome::round).max().orElse(0);
		this.out.append(INTRODUCTION);
		environment.forEach(this::fact);
		fact("rounds", String.valueOf(rounds));
		fact("versions",
				this.results.trials()
					.stream()
					.map(Results.Outcome::client)
					.filter((client) -> client.role() != Role.LIMIT)
					.distinct()
					.sorted()
					.map((client) -> client + " " + client.version())
					.collect(Collectors.joining(", ")));
	}

	private void fact(String name, String value) {
		this.out.append("- ").append(name).append(": ").append(value).append('\n');
	}

	private void summary(Options.Pinning pinning) {
		List<Comparison> comparisons = Arrays.stream(Workload.values())
			.filter((workload) -> workload.kind() != Kind.SCALE)
			.flatMap((workload) -> Comparison.of(this.results, pinning, workload).stream())
			.toList();
		table("How ours stands, " + pinning, "workload", comparisons, (row) -> row.workload().title(), List.of(
				new Column<>("ws-client", (row) -> amount(OptionalDouble.of(row.ours()), row.workload())),
				new Column<>("best peer", Report::bestPeer),
				new Column<>("loop", (row) -> amount(row.loop(), row.workload())),
				new Column<>("to the best peer", (row) -> ratio(row.toBestPeer())),
				new Column<>("to the loop", (row) -> ratio(row.toLoop())),
				new Column<>("budget", (row) -> budget(row.workload().budget())),
				new Column<>("holds", (row) -> row.holds().map((holds) -> holds ? "yes" : "**no**").orElse(""))));
	}

	private static String bestPeer(Comparison row) {
		return row.peer().map((client) -> amount(row.best(), row.workload()) + " (" + client + ")").orElse("");
	}

	private static String amount(OptionalDouble value, Workload workload) {
		if (value.isEmpty()) {
			return "";
		}
		Metric metric = workload.metric();
		return (metric == Metric.CPU && value.getAsDouble() >= NANOS_AS_MICROS)
				? String.format(Locale.ROOT, "%,.1f us", value.getAsDouble() / 1000)
				: ((metric == Metric.P50) ? "p50 " : "") + figure(value.getAsDouble()) + " " + metric.unit();
	}

	private static String budget(@Nullable Budget budget) {
		if (budget == null) {
			return "";
		}
		String ofBestPeer = String.format(Locale.ROOT, "%.2f", budget.ofBestPeer());
		return (budget.ofLoop() == 0) ? ofBestPeer
				: String.format(Locale.ROOT, "%s, and %.1f of the loop", ofBestPeer, budget.ofLoop());
	}

	/**
	 * Writes a metric of all workloads in which clients do what they can.
	 */
	private void workloads(Options.Pinning pinning, Metric metric) {
		List<Column<ClientKind>> columns = new ArrayList<>();
		for (Workload workload : Workload.values()) {
			if (workload.metric() == Metric.CPU && workload.kind() != Kind.SCALE) {
				columns.add(column(workload.id(), pinning, workload, metric));
			}
		}
		clients(title(metric) + ", " + pinning, columns);
	}

	private void metrics(Options.Pinning pinning, Workload workload, Metric... metrics) {
		clients(workload.title() + ", " + pinning,
				Arrays.stream(metrics).map((metric) -> column(title(metric), pinning, workload, metric)).toList());
	}

	private static String title(Metric metric) {
		return metric.title() + (metric.unit().isEmpty() ? "" : ", " + metric.unit());
	}

	private void scale(Options.Pinning pinning) {
		List<Column<ClientKind>> columns = new ArrayList<>();
		for (Workload workload : Workload.values()) {
			if (workload.kind() == Kind.SCALE) {
				columns.add(column(figure(workload.connections()), pinning, workload, Metric.CPU));
			}
		}
		columns.add(new Column<>("from 10 to 10,000", (client) -> ratio(growth(pinning, client))));
		clients("CPU per message, ns, of 20,000 a second to so many connections, " + pinning, columns);
		OptionalDouble ours = growth(pinning, ClientKind.WS_CLIENT);
		if (ours.isPresent()) {
			this.out.append(String.format(Locale.ROOT, "%nOurs may grow to %.2f from 10 to 10,000 connections: %s.%n",
					Budget.GROWTH, (ours.getAsDouble() <= Budget.GROWTH) ? "holds" : "**does not hold**"));
		}
	}

	private OptionalDouble growth(Options.Pinning pinning, ClientKind client) {
		OptionalDouble few = value(pinning, Workload.SCALE_10, client, Metric.CPU);
		OptionalDouble many = value(pinning, Workload.SCALE_10K, client, Metric.CPU);
		return (few.isPresent() && many.isPresent()) ? OptionalDouble.of(many.getAsDouble() / few.getAsDouble())
				: OptionalDouble.empty();
	}

	private Column<ClientKind> column(String title, Options.Pinning pinning, Workload workload, Metric metric) {
		return new Column<>(title, (client) -> {
			OptionalDouble value = value(pinning, workload, client, metric);
			return value.isPresent() ? figure(value.getAsDouble()) : "";
		});
	}

	private void clients(String title, List<Column<ClientKind>> columns) {
		table(title, "client", List.of(ClientKind.values()), ClientKind::id, columns);
	}

	/**
	 * Writes a table without the rows and columns that nothing was measured for.
	 */
	private <T> void table(String title, String first, List<T> rows, Function<T, String> name,
			List<Column<T>> columns) {
		List<T> filled = rows.stream()
			.filter((row) -> columns.stream().anyMatch((column) -> !column.cell.apply(row).isEmpty()))
			.toList();
		List<Column<T>> shown = columns.stream()
			.filter((column) -> filled.stream().anyMatch((row) -> !column.cell.apply(row).isEmpty()))
			.toList();
		if (filled.isEmpty()) {
			return;
		}
		this.out.append("\n## ").append(title).append("\n\n");
		line(first, shown.stream().map(Column::title).toList());
		line("---", shown.stream().map((column) -> "---:").toList());
		filled.forEach((row) -> line(name.apply(row), shown.stream().map((column) -> column.cell.apply(row)).toList()));
	}

	private void line(String first, List<String> cells) {
		this.out.append("| ").append(first).append(" | ").append(String.join(" | ", cells)).append(" |\n");
	}

	private OptionalDouble value(Options.Pinning pinning, Workload workload, ClientKind client, Metric metric) {
		return this.results.median(pinning, workload, client, metric);
	}

	private static String ratio(OptionalDouble ratio) {
		return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : "";
	}

	static String figure(double value) {
		return String.format(Locale.ROOT, (Math.abs(value) < 10) ? "%.1f" : "%,.0f", value);
	}

	/**
	 * A column of a table.
	 *
	 * @param title stands above it
	 * @param cell makes what stands in a row
	 * @param <T> what the rows are
	 */
	private record Column<T>(String title, Function<T, String> cell) {

	}

}
