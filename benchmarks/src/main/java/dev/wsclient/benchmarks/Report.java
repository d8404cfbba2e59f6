package dev.wsclient.benchmarks;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.client.ClientKind.Role;

/**
 * Writes the results as Markdown.
 */
final class Report {

	private static final List<Metric> COLUMNS = List.of(Metric.CPU, Metric.ALLOCATED, Metric.RATE, Metric.P50,
			Metric.P99, Metric.P999, Metric.MEMORY, Metric.HEAP, Metric.NATIVE, Metric.THREADS);

	private final Results results;

	private final StringBuilder out = new StringBuilder();

	private Report(Results results) {
		this.results = results;
	}

	static String of(Results results, Map<String, String> environment) {
		Report report = new Report(results);
		report.out.append("Medians of all rounds. Ratios are to the best peer and to the loop that makes a `String`"
				+ " of each message (`limit-string`).\n\n");
		environment
			.forEach((name, value) -> report.out.append("- ").append(name).append(": ").append(value).append('\n'));
		for (Options.Pinning pinning : Options.Pinning.values()) {
			for (Workload workload : Workload.values()) {
				report.table(pinning, workload);
			}
		}
		if (!results.failures().isEmpty()) {
			report.out.append("\n## Failed\n\n```\n").append(String.join("\n", results.failures())).append("\n```\n");
		}
		return report.out.toString();
	}

	private void table(Options.Pinning pinning, Workload workload) {
		List<ClientKind> clients = Arrays.stream(ClientKind.values())
			.filter((client) -> COLUMNS.stream()
				.anyMatch((metric) -> median(pinning, workload, client, metric).isPresent()))
			.toList();
		List<Metric> columns = COLUMNS.stream()
			.filter((metric) -> clients.stream()
				.anyMatch((client) -> median(pinning, workload, client, metric).isPresent()))
			.toList();
		if (clients.isEmpty()) {
			return;
		}
		Metric main = columns.contains(Metric.P50) ? Metric.P50 : columns.get(0);
		this.out.append("\n## ")
			.append(workload.title())
			.append(", ")
			.append(pinning)
			.append("\n\n| client | version |");
		columns.forEach((metric) -> this.out.append(' ').append(title(metric)).append(" |"));
		this.out.append(" to the best peer | to the loop |\n| --- | --- |")
			.append(" ---: |".repeat(columns.size() + 2))
			.append('\n');
		clients.forEach((client) -> row(pinning, workload, client, columns, main));
	}

	private static String title(Metric metric) {
		return metric.title() + (metric.unit().isEmpty() ? "" : ", " + metric.unit());
	}

	private void row(Options.Pinning pinning, Workload workload, ClientKind client, List<Metric> columns, Metric main) {
		this.out.append("| ").append(client).append(" | ").append(client.version()).append(" |");
		for (Metric metric : columns) {
			OptionalDouble value = median(pinning, workload, client, metric);
			this.out.append(' ').append(value.isPresent() ? figure(value.getAsDouble()) : "").append(" |");
		}
		OptionalDouble own = median(pinning, workload, client, main);
		ratio(own, this.results.best(pinning, workload, main, Role.PEER));
		ratio(own, this.results.best(pinning, workload, main, Role.LIMIT));
		this.out.append('\n');
	}

	private void ratio(OptionalDouble own, OptionalDouble other) {
		boolean known = own.isPresent() && other.isPresent() && other.getAsDouble() != 0;
		this.out.append(' ')
			.append(known ? String.format(Locale.ROOT, "%.2f", own.getAsDouble() / other.getAsDouble()) : "")
			.append(" |");
	}

	private OptionalDouble median(Options.Pinning pinning, Workload workload, ClientKind client, Metric metric) {
		return this.results.median(pinning, workload, client, metric);
	}

	static String figure(double value) {
		return String.format(Locale.ROOT, (Math.abs(value) < 10) ? "%.1f" : "%,.0f", value);
	}

}
