package dev.wsclient.benchmarks;

import java.net.URI;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.benchmarks.client.BenchmarkClient;
import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;
import dev.wsclient.benchmarks.client.BenchmarkClient.Settings;
import dev.wsclient.benchmarks.client.ClientKind;
import dev.wsclient.benchmarks.server.LoadServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs each client through each workload, just long enough to see that messages flow.
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
			case LIMIT_HEADERS -> workload.tls() || workload.deflate();
			default -> false;
		};
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "LIMIT_HEADERS")
	void textComesAsItWasSent(ClientKind kind) throws Exception {
		for (Workload workload : Set.of(Workload.IN_TEXT_64, Workload.IN_UTF8_1K, Workload.IN_DEFLATE,
				Workload.IN_DEFLATE_ALONE, Workload.IN_TLS_64)) {
			if (!isUnsupported(kind, workload)) {
				assertThat(firstText(kind, workload)).as(kind + " " + workload).isEqualTo(workload.text(0));
			}
		}
	}

	private static String firstText(ClientKind kind, Workload workload) throws Exception {
		Path certificate = workload.tls() ? target.certificate() : null;
		int port = workload.tls() ? target.tlsPort() : target.port();
		CompletableFuture<String> first = new CompletableFuture<>();
		BenchmarkClient client = kind.create(new Settings(workload.deflate(), certificate, false));
		try {
			Connection connection = client.connect(
					URI.create((workload.tls() ? "wss" : "ws") + "://localhost:" + port + workload.path()),
					new FirstText(first));
			String text = first.get(20, TimeUnit.SECONDS);
			connection.close();
			return text;
		}
		finally {
			client.close();
		}
	}

	private record FirstText(CompletableFuture<String> first) implements BenchmarkClient.Receiver {

		@Override
		public void onText(String text) {
			this.first.complete(text);
		}

		@Override
		public void onBinary(int size) {
			this.first.completeExceptionally(new AssertionError("a binary message came"));
		}

		@Override
		public void onFailure(Throwable error) {
			this.first.completeExceptionally(error);
		}

	}

}
