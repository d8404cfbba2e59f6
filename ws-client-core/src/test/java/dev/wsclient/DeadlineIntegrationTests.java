package dev.wsclient;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A deadline of three seconds ends a silent server, proxy or TLS peer, and names itself.
 */
class DeadlineIntegrationTests {

	private static final Duration DEADLINE = Duration.ofSeconds(3);

	@Test
	void silentPeersMissTheirDeadline() {
		try (WsClient client = WsClient.create();
				ScriptedServer silent = new ScriptedServer(ScriptedConnection::stall)) {
			String plain = silent.uri();
			String secure = plain.replace("ws:", "wss:");
			WsProxy proxy = WsProxy.http("localhost", silent.port());
			Attempt server = new Attempt(client, WsOptions.builder(plain).handshakeTimeout(DEADLINE));
			Attempt http = new Attempt(client, WsOptions.builder(plain).proxy(proxy.withTimeout(DEADLINE)));
			Attempt socks = new Attempt(client,
					WsOptions.builder(plain).proxy(WsProxy.socks5("localhost", silent.port()).withTimeout(DEADLINE)));
			Attempt tls = new Attempt(client,
					WsOptions.builder(secure).tls(WsTls.defaults().withHandshakeTimeout(DEADLINE)));
			Attempt allOfTls = new Attempt(client, WsOptions.builder(secure).connectTimeout(DEADLINE));
			Attempt allOfProxy = new Attempt(client, WsOptions.builder(plain).proxy(proxy).connectTimeout(DEADLINE));
			server.expect(Deadline.HANDSHAKE, Phase.HANDSHAKE,
					"no answer to the opening handshake within 3000 ms (handshakeTimeout)");
			http.expect(Deadline.PROXY, Phase.PROXY,
					"the proxy did not open the way to the server within 3000 ms (timeout of WsProxy)");
			socks.expect(Deadline.PROXY, Phase.PROXY,
					"the proxy did not open the way to the server within 3000 ms (timeout of WsProxy)");
			tls.expect(Deadline.TLS, Phase.TLS,
					"the TLS handshake did not end within 3000 ms (handshakeTimeout of WsTls)");
			allOfTls.expect(Deadline.CONNECT, Phase.TLS,
					"not connected within 3000 ms (connectTimeout): the TLS handshake did not end");
			allOfProxy.expect(Deadline.CONNECT, Phase.PROXY,
					"not connected within 3000 ms (connectTimeout): the proxy did not open the way to the server");
		}
	}

	/**
	 * One attempt and when it failed.
	 */
	private static final class Attempt implements WsListener {

		private final long start = System.nanoTime();

		private final CompletableFuture<Throwable> error = new CompletableFuture<>();

		private volatile long end;

		Attempt(WsClient client, WsOptions.Builder options) {
			client.connect(options.reconnect(Reconnect.never()).build(), this);
		}

		@Override
		public void onError(WsConnection connection, Throwable error) {
			this.end = System.nanoTime();
			this.error.complete(error);
		}

		void expect(Deadline deadline, Phase phase, String text) {
			Throwable error = this.error.join();
			assertThat(error).isInstanceOfSatisfying(WsTimeoutException.class, (timeout) -> {
				assertThat(timeout.deadline()).isEqualTo(deadline);
				assertThat(timeout.phase()).isEqualTo(phase);
				assertThat(timeout.timeout()).isEqualTo(DEADLINE);
			}).hasMessageEndingWith(text);
			assertThat(Duration.ofNanos(this.end - this.start)).isBetween(DEADLINE, Duration.ofMillis(3_500));
		}

	}

}
