package dev.wsclient.benchmarks;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;

import dev.wsclient.benchmarks.client.ClientKind;

/**
 * All that was measured.
 */
final class Results {

	private final List<Outcome> trials = new ArrayList<>();

	private final List<String> failures = new ArrayList<>();

	void add(Options.Pinning pinning, Workload workload, ClientKind client, int round, Map<Metric, Double> figures) {
		this.trials.add(new Outcome(pinning, workload, client, round, figures));
	}

	void addFailure(String failure) {
		this.failures.add(failure);
	}

	List<Outcome> trials() {
		return this.trials;
	}

	List<String> failures() {
		return this.failures;
	}

	/**
	 * Returns the median over the rounds.
	 */
	OptionalDouble median(Options.Pinning pinning, Workload workload, ClientKind client, Metric metric) {
		double[] values = this.trials.stream()
			.filter((trial) -> trial.pinning == pinning && trial.workload == workload && trial.client == client)
			.map((trial) -> trial.figures.get(metric))
			.filter(Objects::nonNull)
			.mapToDouble(Double::doubleValue)
			.toArray();
		Arrays.sort(values);
		int half = values.length / 2;
		if (values.length == 0) {
			return OptionalDouble.empty();
		}
		return OptionalDouble.of((values.length % 2 == 1) ? values[half] : (values[half - 1] + values[half]) / 2);
	}

	/**
	 * Returns which client in a role has the best median.
	 */
	Optional<ClientKind> best(Options.Pinning pinning, Workload workload, Metric metric, ClientKind.Role role) {
		Comparator<ClientKind> byMedian = Comparator
			.comparingDouble((client) -> median(pinning, workload, client, metric).orElseThrow());
		return Arrays.stream(ClientKind.values())
			.filter((client) -> client.role() == role && client != ClientKind.LIMIT_HEADERS)
			.filter((client) -> median(pinning, workload, client, metric).isPresent())
			.min(metric.lessIsBetter() ? byMedian : byMedian.reversed());
	}

	/**
	 * What one fork measured.
	 *
	 * @param pinning on which cores
	 * @param workload the workload
	 * @param client the client
	 * @param round which of the rounds, from 1
	 * @param figures the figures
	 */
	record Outcome(Options.Pinning pinning, Workload workload, ClientKind client, int round,
			Map<Metric, Double> figures) {

	}

}
