package dev.wsclient;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A deadline of three seconds ends a silent server, proxy or TLS peer, and names itself.
 */
class DeadlineIntegrationTests {

	@Test
	void silentPeersMissTheirDeadline() {
		try (WsClient client = WsClient.create()) {
			// Once quickly, so that loading classes takes no part in the measurement
			attempts(client, Duration.ofMillis(100)).forEach(Attempt::awaitError);
			attempts(client, Duration.ofSeconds(3)).forEach(Attempt::expectError);
		}
	}

	private static List<Attempt> attempts(WsClient client, Duration deadline) {
		String time = " within " + deadline.toMillis() + " ms ";
		String noWay = "the proxy did not open the way to the server";
		return List.of(
				new Attempt(client, deadline, "ws", (options, proxy) -> options.handshakeTimeout(deadline),
						Deadline.HANDSHAKE, Phase.HANDSHAKE,
						"no answer to the opening handshake" + time + "(handshakeTimeout)"),
				new Attempt(client, deadline, "ws", (options, proxy) -> options.proxy(proxy.withTimeout(deadline)),
						Deadline.PROXY, Phase.PROXY, noWay + time + "(timeout of WsProxy)"),
				new Attempt(client, deadline, "ws",
						(options, proxy) -> options
							.proxy(WsProxy.socks5(proxy.host(), proxy.port()).withTimeout(deadline)),
						Deadline.PROXY, Phase.PROXY, noWay + time + "(timeout of WsProxy)"),
				new Attempt(client, deadline, "wss",
						(options, proxy) -> options.tls(WsTls.defaults().withHandshakeTimeout(deadline)), Deadline.TLS,
						Phase.TLS, "the TLS handshake did not end" + time + "(handshakeTimeout of WsTls)"),
				new Attempt(client, deadline, "wss", (options, proxy) -> options.connectTimeout(deadline),
						Deadline.CONNECT, Phase.TLS,
						"not connected" + time + "(connectTimeout): the TLS handshake did not end"),
				new Attempt(client, deadline, "ws", (options, proxy) -> options.proxy(proxy).connectTimeout(deadline),
						Deadline.CONNECT, Phase.PROXY, "not connected" + time + "(connectTimeout): " + noWay));
	}

	/**
	 * Sets the options of an attempt.
	 */
	@FunctionalInterface
	private interface Setter {

		WsOptions.Builder set(WsOptions.Builder options, WsProxy proxy);

	}

	/**
	 * One attempt at a peer of its own, and when it failed.
	 */
	private static final class Attempt implements WsListener {

		private final Duration timeout;

		private final Deadline deadline;

		private final Phase phase;

		private final String text;

		private final CompletableFuture<Throwable> error = new CompletableFuture<>();

		private final ScriptedServer peer;

		private final long start;

		private volatile long accepted;

		private volatile long end;

		Attempt(WsClient client, Duration timeout, String scheme, Setter setter, Deadline deadline, Phase phase,
				String text) {
			this.timeout = timeout;
			this.deadline = deadline;
			this.phase = phase;
			this.text = text;
			this.peer = new ScriptedServer((connection) -> {
				this.accepted = System.nanoTime();
				connection.stall();
			});
			WsOptions.Builder options = WsOptions.builder(scheme + "://localhost:" + this.peer.port())
				.reconnect(Reconnect.never());
			this.start = System.nanoTime();
			client.connect(setter.set(options, WsProxy.http("localhost", this.peer.port())).build(), this);
		}

		@Override
		public void onError(WsConnection connection, Throwable error) {
			this.end = System.nanoTime();
			this.error.complete(error);
		}

		Throwable awaitError() {
			Throwable error = this.error.join();
			this.peer.close();
			return error;
		}

		void expectError() {
			assertThat(awaitError()).isInstanceOfSatisfying(WsTimeoutException.class, (error) -> {
				assertThat(error.deadline()).isEqualTo(this.deadline);
				assertThat(error.phase()).isEqualTo(this.phase);
				assertThat(error.timeout()).isEqualTo(this.timeout);
			}).hasMessageEndingWith(this.text);
			assertThat(Duration.ofNanos(this.end - this.start)).isGreaterThanOrEqualTo(this.timeout);
			assertThat(Duration.ofNanos(this.end - this.accepted)).isLessThan(this.timeout.plusMillis(500));
		}

	}

}
