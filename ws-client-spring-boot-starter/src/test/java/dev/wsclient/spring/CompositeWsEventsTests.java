package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.observe.WsEvents;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CompositeWsEvents}.
 */
class CompositeWsEventsTests {

	private final List<String> heard = new ArrayList<>();

	private final WsEvents users = new WsEvents() {

		@Override
		public void callbackFinished(WsConnection connection, String callback, long nanos, @Nullable Throwable thrown) {
			CompositeWsEventsTests.this.heard.add(callback);
		}

	};

	@Test
	void callbacksAreTimedOnlyForAWatcherThatWantsIt() {
		assertThat(new CompositeWsEvents(List.of(ConnectionObserver.NONE)).timesCallbacks()).isFalse();
		WsEvents events = new CompositeWsEvents(List.of(ConnectionObserver.NONE, this.users));
		assertThat(events.timesCallbacks()).isTrue();
		events.callbackFinished(new FakeWsConnection("ticker"), "onMessage", 1, null);
		assertThat(this.heard).containsExactly("onMessage");
	}

}
