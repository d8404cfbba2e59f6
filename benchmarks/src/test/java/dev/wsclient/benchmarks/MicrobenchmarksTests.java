package dev.wsclient.benchmarks;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each microbenchmark, just long enough to see that it does.
 */
@Timeout(120)
class MicrobenchmarksTests {

	@Test
	void everyMicrobenchmarkRuns() throws Exception {
		assertThat(new Runner(new OptionsBuilder().include("dev\\.wsclient\\..*")
			.forks(0)
			.warmupIterations(0)
			.measurementIterations(1)
			.measurementTime(TimeValue.milliseconds(1))
			.shouldFailOnError(true)
			.build()).run()).isNotEmpty();
	}

}
