package dev.wsclient.spring;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link StartupLine} in the log of an application.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupLineTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class);

	@Test
	void eachConnectionHasOneLine(CapturedOutput output) {
		this.runner.withBean(Handler.class)
			.withPropertyValues("ws.clients.ticker.url=wss://feed.example/v1?token=hush",
					"ws.clients.ticker.headers.Authorization=hush",
					"ws.clients.orders.urls=wss://one.example/?hush,wss://two.example",
					"ws.clients.orders.auto-start=false", "ws.clients.orders.reconnect.max-attempts=0",
					"ws.clients.orders.ping.interval=0", "ws.clients.orders.dispatch.mode=event-loop",
					"ws.clients.trades.url=ws://localhost", "ws.clients.trades.reconnect.initial-delay=500ms",
					"ws.clients.trades.reconnect.max-delay=90s", "ws.clients.trades.reconnect.max-attempts=5",
					"ws.clients.trades.reconnect.max-elapsed=1h", "ws.clients.trades.dispatch.mode=concurrent",
					"ws.clients.trades.dispatch.concurrency=4")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(output).containsOnlyOnce("Connection 'ticker' to wss://feed.example/v1: starts now, "
						+ "reconnect after 1s to 30s, ping after 30s of silence, dispatch serial, 2 handler methods")
					.containsOnlyOnce("Connection 'orders' to wss://one.example/ and 1 more: auto-start off, "
							+ "reconnect off, ping off, dispatch event-loop, no handler methods")
					.containsOnlyOnce("Connection 'trades' to ws://localhost: starts now, reconnect after 0.5s to "
							+ "1m30s, at most 5 times, for at most 1h, ping after 30s of silence, "
							+ "dispatch concurrent by 4, " + "no handler methods")
					.doesNotContain("hush");
			});
	}

	/**
	 * Two handlers.
	 */
	@WsHandler("ticker")
	static class Handler {

		@OnWsMessage
		void on(String text) {
		}

		@OnWsOpen
		void opened() {
		}

	}

}
