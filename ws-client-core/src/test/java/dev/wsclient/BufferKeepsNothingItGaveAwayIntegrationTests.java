package dev.wsclient;

import java.util.List;
import java.util.Properties;
import java.util.stream.LongStream;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A buffer keeps nothing it gave away: 320 times its bound goes through it, and the heap
 * of a small JVM stays flat.
 */
class BufferKeepsNothingItGaveAwayIntegrationTests {

	private static final List<String> FLAGS = List.of("-Xmx96m", "-XX:+UseParallelGC", "-XX:TieredStopAtLevel=1",
			"-XX:+ExitOnOutOfMemoryError");

	@ParameterizedTest
	@EnumSource
	void heapStaysFlatHoweverMessagesLeaveTheBuffer(SendingMemory.Scenario scenario) throws Exception {
		Properties figures;
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.readUntilEof();
		})) {
			String uri = scenario.online() ? server.uri() : "ws://localhost:1/";
			figures = SmallJvm.run(FLAGS, SendingMemory.class, scenario.name(), uri);
		}
		long[] heap = LongStream.rangeClosed(1, 10)
			.map((tenth) -> Long.parseLong(figures.getProperty("heap." + tenth)))
			.toArray();
		assertThat(LongStream.of(heap).max().orElseThrow()).as("%s", figures)
			.isLessThan(LongStream.of(heap).min().orElseThrow() * 11 / 10 + 300 * 1024);
	}

}
