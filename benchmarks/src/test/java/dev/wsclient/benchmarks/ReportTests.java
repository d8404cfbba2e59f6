package dev.wsclient.benchmarks;

import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.wsclient.benchmarks.Options.Pinning;
import dev.wsclient.benchmarks.client.ClientKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks what the report makes of the figures.
 */
class ReportTests {

	private final Results results = new Results();

	@Test
	void summaryHasRatiosToTheBestPeerAndTheLoopAndJudges() {
		cpu(Workload.IN_TEXT_64, ClientKind.WS_CLIENT, 50);
		cpu(Workload.IN_TEXT_64, ClientKind.STARTER, 20);
		cpu(Workload.IN_TEXT_64, ClientKind.OKHTTP, 300);
		cpu(Workload.IN_TEXT_64, ClientKind.NV, 200);
		cpu(Workload.IN_TEXT_64, ClientKind.LIMIT_HEADERS, 5);
		cpu(Workload.IN_TEXT_64, ClientKind.LIMIT_STRING, 40);
		assertThat(report())
			.contains("## How ours stands, pinned",
					"| workload | ws-client | best peer | loop | to the best peer | to the loop | budget | holds |",
					"| inbound text, 64 B | 50 ns | 200 ns (nv-websocket-client) | 40 ns | 0.25 | 1.25"
							+ " | 0.40, and 1.4 of the loop | yes |")
			.doesNotContain("unpinned", "Failed");
	}

	@Test
	void budgetIsMissedAgainstThePeerOrTheLoop() {
		cpu(Workload.IN_TEXT_64, ClientKind.WS_CLIENT, 50);
		cpu(Workload.IN_TEXT_64, ClientKind.NV, 200);
		cpu(Workload.IN_TEXT_64, ClientKind.LIMIT_STRING, 35);
		cpu(Workload.ROUND_TRIP, ClientKind.WS_CLIENT, 20_200);
		cpu(Workload.ROUND_TRIP, ClientKind.NETTY, 20_000);
		assertThat(report()).contains("| 0.25 | 1.43 | 0.40, and 1.4 of the loop | **no** |",
				"| 20.2 us | 20.0 us (netty) |  | 1.01 |  | 1.00 | **no** |");
	}

	@Test
	void budgetIsNotJudgedWithoutWhatItIsMeasuredBy() {
		cpu(Workload.IN_TEXT_64, ClientKind.WS_CLIENT, 50);
		cpu(Workload.IN_TEXT_64, ClientKind.NV, 200);
		cpu(Workload.IN_DEFLATE_ALONE, ClientKind.WS_CLIENT, 50);
		cpu(Workload.IN_DEFLATE_ALONE, ClientKind.NV, 200);
		assertThat(report()).doesNotContain("yes", "**no**");
	}

	@Test
	void everyMetricHasATableOfClientsAndWorkloads() {
		this.results.add(Pinning.UNPINNED, Workload.IN_TEXT_64, ClientKind.NV, 1,
				Map.of(Metric.CPU, 200.0, Metric.ALLOCATED, 1234.6, Metric.RATE, 5_000_000.0));
		this.results.add(Pinning.UNPINNED, Workload.OUT_TEXT_64, ClientKind.OKHTTP, 1, Map.of(Metric.CPU, 5000.0));
		assertThat(report()).contains("""
				## CPU per message, ns, unpinned

				| client | in-text-64 | out-text-64 |
				| --- | ---: | ---: |
				| nv-websocket-client | 200 |  |
				| okhttp |  | 5,000 |
				""", """
				## allocated per message, B, unpinned

				| client | in-text-64 |
				| --- | ---: |
				| nv-websocket-client | 1,235 |
				""", "## messages a second, unpinned").doesNotContain("How ours stands");
	}

	@Test
	void latencyAndIdleConnectionsHaveTablesOfTheirOwn() {
		add(Workload.LATENCY, ClientKind.WS_CLIENT, Map.of(Metric.P50, 40.0, Metric.P99, 90.0, Metric.P999, 1500.0));
		add(Workload.LATENCY, ClientKind.NETTY, Map.of(Metric.P50, 50.0, Metric.P99, 80.0, Metric.P999, 1600.0));
		add(Workload.IDLE, ClientKind.WS_CLIENT,
				Map.of(Metric.HEAP, 4000.0, Metric.NATIVE, 2000.0, Metric.MEMORY, 6000.0, Metric.THREADS, 12.0));
		assertThat(report()).contains("| p50 40 us | p50 50 us (netty) | 0.80 | 1.00 | yes |", """
				| client | p50, us | p99, us | p99.9, us |
				| --- | ---: | ---: | ---: |
				| ws-client | 40 | 90 | 1,500 |
				| netty | 50 | 80 | 1,600 |
				""", "| ws-client | 6,000 | 4,000 | 2,000 | 12 |");
	}

	@Test
	void scaleTellsTheGrowthFrom10To10000Connections() {
		cpu(Workload.SCALE_10, ClientKind.WS_CLIENT, 10_000);
		cpu(Workload.SCALE_10K, ClientKind.WS_CLIENT, 11_900);
		cpu(Workload.SCALE_10, ClientKind.NV, 10_000);
		assertThat(report()).contains("""
				| client | 10 | 10,000 | from 10 to 10,000 |
				| --- | ---: | ---: | ---: |
				| ws-client | 10,000 | 11,900 | 1.19 |
				| nv-websocket-client | 10,000 |  |  |

				Ours may grow to 1.20 from 10 to 10,000 connections: holds.
				""");
		cpu(Workload.SCALE_10K, ClientKind.WS_CLIENT, 13_000);
		assertThat(report()).contains("| 1.25 |", "connections: **does not hold**.");
	}

	@Test
	void introductionNamesMachineVersionsAndRounds() {
		cpu(Workload.IN_TEXT_64, ClientKind.NV, 1);
		cpu(Workload.IN_TEXT_64, ClientKind.NV, 1);
		cpu(Workload.IN_TEXT_64, ClientKind.LIMIT_STRING, 1);
		this.results.addFailure("okhttp stands still");
		assertThat(report()).contains("- processor: abacus", "- rounds: 1",
				"- versions: nv-websocket-client " + ClientKind.NV.version() + "\n", "## Failed",
				"okhttp stands still");
	}

	private String report() {
		return Report.of(this.results, Map.of("processor", "abacus"));
	}

	private void cpu(Workload workload, ClientKind client, double nanos) {
		add(workload, client, Map.of(Metric.CPU, nanos));
	}

	private void add(Workload workload, ClientKind client, Map<Metric, Double> figures) {
		this.results.add(Pinning.PINNED, workload, client, 1, figures);
	}

}
