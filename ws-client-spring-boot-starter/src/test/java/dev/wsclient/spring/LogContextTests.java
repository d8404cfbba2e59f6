package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LogContext}.
 */
@SuppressWarnings("UnusedMethod") // handlers are called by reflection
class LogContextTests {

	private static final String KEY = "ws.client";

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	@AfterEach
	void clear() {
		MDC.clear();
	}

	@Test
	void handlersLogTheConnectionTheyAreCalledFor() {
		MDC.put("user", "kept");
		Speaker speaker = new Speaker();
		this.runner.withBean("handler", Speaker.class, () -> speaker).run((context) -> {
			new Fixture(context).text("x");
			new Fixture(context).text("throw");
			assertThat(speaker.heard).containsExactly("message ticker", "message ticker", "error ticker");
			assertThat(MDC.get(KEY)).isNull();
			assertThat(MDC.get("user")).isEqualTo("kept");
		});
	}

	@Test
	void listenersOfStateChangesLogTheConnection() {
		Speaker speaker = new Speaker();
		this.runner.withBean("handler", Speaker.class, () -> speaker).run((context) -> {
			Fixture fixture = new Fixture(context);
			fixture.on("ticker")
				.onStateChange(fixture.connection, new WsStateChange(WsState.CONNECTING, WsState.OPEN, null));
			assertThat(speaker.heard).containsExactly("state ticker");
			assertThat(MDC.get(KEY)).isNull();
		});
	}

	@Test
	void whatWasThereBeforeComesBack() {
		MDC.put(KEY, "another");
		String outer = LogContext.enter("ticker");
		assertThat(MDC.get(KEY)).isEqualTo("ticker");
		LogContext.exit("ticker", outer);
		assertThat(MDC.get(KEY)).isEqualTo("another");
	}

	/**
	 * Remembers the log context of its calls.
	 */
	static class Speaker {

		final List<@Nullable String> heard = new ArrayList<>();

		@OnWsMessage
		void on(String text) {
			this.heard.add("message " + MDC.get(KEY));
			if (text.equals("throw")) {
				throw new IllegalStateException("as told");
			}
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + MDC.get(KEY));
		}

		@EventListener
		void changed(WsStateChangedEvent event) {
			this.heard.add("state " + MDC.get(KEY));
		}

	}

}
