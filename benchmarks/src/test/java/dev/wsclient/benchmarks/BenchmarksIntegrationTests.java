package dev.wsclient.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.wsclient.benchmarks.client.ClientKind;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the runner: forks, results, report and charts.
 */
@Timeout(120)
class BenchmarksIntegrationTests {

	@TempDir
	private Path out;

	@Test
	void runnerForksAndWritesResults() throws Exception {
		Options options = new Options(List.of(ClientKind.WS_CLIENT, ClientKind.JDK), List.of(Workload.IN_DEFLATE), 1,
				List.of(Options.Pinning.UNPINNED), Effort.SMOKE, "", this.out);
		new Benchmarks(options).run();
		assertThat(Files.readString(this.out.resolve("results.json")))
			.contains("\"client\" : \"ws-client\"", "\"CPU\" : ")
			.doesNotContain("\"client\" : \"jdk\"")
			.containsPattern("\"failures\" : \\[ *]");
		assertThat(Files.readString(this.out.resolve("report.md"))).contains("| ws-client |").doesNotContain("| jdk |");
		assertThat(Files.readString(this.out.resolve("unpinned.svg"))).contains(">ws-client</text>");
	}

}
