package dev.wsclient.benchmarks;

import java.nio.file.Path;

import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * Runs the microbenchmarks.
 */
final class Microbenchmarks {

	private Microbenchmarks() {
	}

	/**
	 * Runs those that match, with the bytes they allocate.
	 */
	static void run(String regex, Path out) throws RunnerException {
		new Runner(new OptionsBuilder().include("dev\\.wsclient\\..*" + regex)
			.addProfiler(GCProfiler.class)
			.resultFormat(ResultFormatType.JSON)
			.result(out.resolve("jmh.json").toString())
			.build()).run();
	}

}
