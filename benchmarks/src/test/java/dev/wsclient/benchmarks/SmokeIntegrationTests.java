package dev.wsclient.benchmarks;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.server.LoadServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each client through each workload, just long enough to see that the right messages
 * flow.
 */
@Timeout(60)
class SmokeIntegrationTests {

	/**
	 * Too many connections for seconds.
	 */
	private static final Set<Workload> LARGE = EnumSet.of(Workload.SCALE_100, Workload.SCALE_1K, Workload.SCALE_10K);

	@TempDir
	private static Path directory;

	private static LoadServer server;

	private static Target target;

	@BeforeAll
	static void startServer() throws Exception {
		server = new LoadServer();
		Path certificate = directory.resolve("server.pem");
		server.writeCertificate(certificate);
		target = new Target(server.port(), server.tlsPort(), certificate);
	}

	@AfterAll
	static void stopServer() {
		server.close();
	}

	@ParameterizedTest
	@EnumSource
	void messagesFlowInEveryWorkload(ClientKind kind) throws Exception {
		for (Workload workload : EnumSet.complementOf(EnumSet.copyOf(LARGE))) {
			if (!isUnsupported(kind, workload)) {
				Map<Metric, Double> result = new Trial(kind, workload, target, Effort.SMOKE).run();
				Metric first = (workload.kind() == Workload.Kind.IDLE) ? Metric.THREADS : Metric.CPU;
				assertThat(result).as(kind + " " + workload).containsKey(first);
				assertThat(result.get(first)).as(kind + " " + workload).isNotNegative();
			}
		}
	}

	private static boolean isUnsupported(ClientKind kind, Workload workload) {
		return switch (kind) {
			case JDK, TYRUS -> workload.deflate();
			case LIMIT_STRING -> workload.tls();
			case LIMIT_HEADERS -> workload.tls() || workload.deflate() || workload.kind() != Workload.Kind.INBOUND;
			default -> false;
		};
	}

}
