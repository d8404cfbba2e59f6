package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
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
	void messagesAreToldToWhoeverWantsThemOnly() {
		CompositeConnectionObserver observer = new CompositeConnectionObserver(
				List.of(hearing("indifferent", false), hearing("meters", true)));
		WsEvents events = new CompositeWsEvents(List.of(hearing("tracker", false), observer, hearing("last", true)));
		events.messageReceived(new FakeWsConnection("ticker"), WsMessage.Type.TEXT, 1);
		events.messageSent(new FakeWsConnection("ticker"), WsMessage.Type.TEXT, 2);
		assertThat(this.heard).containsExactly("meters1", "last1", "meters2", "last2");
	}

	private ConnectionObserver hearing(String name, boolean wanted) {
		return new ConnectionObserver() {

			@Override
			public boolean watchesMessages() {
				return wanted;
			}

			@Override
			public void messageReceived(WsConnection connection, WsMessage.Type type, int size) {
				CompositeWsEventsTests.this.heard.add(name + size);
			}

			@Override
			public void messageSent(WsConnection connection, WsMessage.Type type, int size) {
				CompositeWsEventsTests.this.heard.add(name + size);
			}

		};
	}

	@Test
	void callbacksAreTimedOnlyForAWatcherThatWantsIt() {
		assertThat(new CompositeWsEvents(List.of(ConnectionObserver.NONE)).timesCallbacks()).isFalse();
		WsEvents events = new CompositeWsEvents(List.of(ConnectionObserver.NONE, this.users));
		assertThat(events.timesCallbacks()).isTrue();
		events.callbackFinished(new FakeWsConnection("ticker"), "onMessage", 1, null);
		assertThat(this.heard).containsExactly("onMessage");
	}

}
