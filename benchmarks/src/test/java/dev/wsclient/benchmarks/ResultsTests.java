package dev.wsclient.benchmarks;

import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.wsclient.benchmarks.Options.Pinning;
import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.client.ClientKind.Role;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks medians and what is made of them.
 */
class ResultsTests {

	private final Results results = new Results();

	@Test
	void medianIsOfTheRoundsOfOneClientAndWorkload() {
		add(ClientKind.OKHTTP, 1, 300);
		add(ClientKind.OKHTTP, 2, 100);
		add(ClientKind.OKHTTP, 3, 200);
		add(ClientKind.NV, 1, 1);
		assertThat(median(ClientKind.OKHTTP)).isEqualTo(200);
		add(ClientKind.OKHTTP, 4, 201);
		assertThat(median(ClientKind.OKHTTP)).isEqualTo(200.5);
		assertThat(this.results.median(Pinning.UNPINNED, Workload.IN_TEXT_64, ClientKind.OKHTTP, Metric.CPU)).isEmpty();
	}

	@Test
	void bestIsTheLeastCostAndTheHighestRateOfARole() {
		add(ClientKind.OKHTTP, 1, 300);
		add(ClientKind.NV, 1, 200);
		add(ClientKind.WS_CLIENT, 1, 50);
		assertThat(this.results.best(Pinning.PINNED, Workload.IN_TEXT_64, Metric.CPU, Role.PEER))
			.hasValue(ClientKind.NV);
		assertThat(this.results.best(Pinning.PINNED, Workload.IN_TEXT_64, Metric.RATE, Role.PEER))
			.hasValue(ClientKind.NV);
		assertThat(this.results.best(Pinning.PINNED, Workload.IN_TEXT_64, Metric.CPU, Role.LIMIT)).isEmpty();
	}

	@Test
	void chartHasABarForEachClient() {
		add(ClientKind.WS_CLIENT, 1, 50);
		add(ClientKind.NV, 1, 200);
		String chart = Chart.of(this.results, Pinning.PINNED);
		assertThat(chart).startsWith("<svg").contains(">ws-client</text>", ">nv-websocket-client</text>");
		assertThat(chart.split("<rect ", -1)).hasSize(2 + 2);
	}

	private void add(ClientKind client, int round, double cpu) {
		this.results.add(Pinning.PINNED, Workload.IN_TEXT_64, client, round,
				Map.of(Metric.CPU, cpu, Metric.RATE, 1 / cpu));
	}

	private double median(ClientKind client) {
		return this.results.median(Pinning.PINNED, Workload.IN_TEXT_64, client, Metric.CPU).orElseThrow();
	}

}
