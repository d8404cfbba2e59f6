package dev.wsclient.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

/**
 * Messages for subscribers and for another connection, as fast as those take them.
 */
class MessagePublisherTests {

	private final ConnectionFixture fixture = new ConnectionFixture();

	private final ConnectionFixture target = new ConnectionFixture((options) -> options.sendBufferSize(10));

	private final Subscriber subscriber = new Subscriber();

	private void subscribe(Subscriber subscriber) {
		this.fixture.user((connection) -> connection.messages().subscribe(subscriber));
	}

	private void request(long count) {
		this.subscriber.subscription().request(count);
		this.fixture.scheduler.runAll();
	}

	private boolean isReading() {
		return this.fixture.session().isReading();
	}

	@Test
	void demandDrivesTheReading() {
		this.fixture.in(WsState.OPEN);
		subscribe(this.subscriber);
		assertThat(isReading()).isFalse();
		assertThat(this.fixture.connection.snapshot().paused()).isTrue();
		request(2);
		assertThat(isReading()).isTrue();
		this.fixture.session().text("1");
		assertThat(isReading()).isTrue();
		this.fixture.session().text("2");
		assertThat(isReading()).isFalse();
		this.fixture.session().text("already read");
		assertThat(this.subscriber.calls).containsExactly("1", "2");
		request(2);
		assertThat(this.subscriber.calls).containsExactly("1", "2", "already read");
		assertThat(isReading()).isTrue();
		assertThat(this.fixture.listener.calls()).containsExactly("onText 1", "onText 2", "onText already read");
	}

	@Test
	void subscriberThatAsksForTheNextMessageInACallDoesNotStopTheReading() {
		this.fixture.in(WsState.OPEN);
		this.subscriber.demand = 1;
		this.subscriber.action = (text) -> this.subscriber.subscription().request(1);
		subscribe(this.subscriber);
		int callsBefore = this.fixture.session().calls().size();
		this.fixture.session().text("1");
		this.fixture.session().text("2");
		assertThat(this.subscriber.calls).containsExactly("1", "2");
		assertThat(this.fixture.session().calls()).hasSize(callsBefore);
		assertThat(isReading()).isTrue();
	}

	@Test
	void slowestSubscriberHoldsUpAllAndCancelFrees() {
		this.fixture.in(WsState.OPEN);
		Subscriber eager = new Subscriber();
		eager.demand = Long.MAX_VALUE;
		subscribe(eager);
		assertThat(isReading()).isTrue();
		subscribe(this.subscriber);
		assertThat(isReading()).isFalse();
		this.subscriber.subscription().cancel();
		this.fixture.scheduler.runAll();
		assertThat(isReading()).isTrue();
		this.fixture.session().text("x");
		assertThat(eager.calls).containsExactly("x");
		assertThat(this.subscriber.calls).isEmpty();
	}

	@Test
	void subscriptionOutlivesSessionsAndEndsWithTheConnection() {
		this.fixture.in(WsState.OPEN);
		this.subscriber.demand = Long.MAX_VALUE;
		subscribe(this.subscriber);
		this.fixture.session().endByNetwork();
		this.fixture.reopen();
		this.fixture.session().text("again");
		this.fixture.user(WsConnection::close);
		this.fixture.session().endByClient();
		assertThat(this.subscriber.calls).containsExactly("again", "complete");
	}

	@Test
	void whatWaitsComesBeforeTheEndWhichTellsTheError() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(Reconnect.never()))
			.in(WsState.OPEN);
		fixture.user((connection) -> connection.messages().subscribe(this.subscriber));
		fixture.session().text("1");
		fixture.session().endByNetwork();
		assertThat(this.subscriber.calls).isEmpty();
		this.subscriber.subscription().request(1);
		fixture.scheduler.runAll();
		assertThat(this.subscriber.calls).containsExactly("1", "error WsConnectException");
	}

	@Test
	void requestOfNothingIsAnError() {
		this.fixture.in(WsState.OPEN);
		subscribe(this.subscriber);
		request(0);
		assertThat(this.subscriber.calls).containsExactly("error IllegalArgumentException");
		assertThat(isReading()).isTrue();
	}

	@Test
	void subscriberThatThrowsIsDropped() {
		this.fixture.in(WsState.OPEN);
		this.subscriber.demand = 1;
		this.subscriber.action = (text) -> {
			throw new IllegalStateException("broken");
		};
		subscribe(this.subscriber);
		this.fixture.session().text("1");
		this.fixture.session().text("2");
		assertThat(this.subscriber.calls).containsExactly("1");
		assertThat(isReading()).isTrue();
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
	}

	@Test
	void subscriberMayAskForMoreWithinACall() {
		this.fixture.in(WsState.OPEN);
		this.subscriber.demand = 1;
		this.subscriber.action = (text) -> this.subscriber.subscription().request(1);
		subscribe(this.subscriber);
		for (int i = 0; i < 5; i++) {
			this.fixture.session().text("x");
		}
		assertThat(this.subscriber.calls).hasSize(5);
	}

	@Test
	void subscriptionThatEndedGetsNothingOfALaterLife() {
		this.fixture.in(WsState.OPEN);
		subscribe(this.subscriber);
		this.fixture.session().text("1");
		this.fixture.user(WsConnection::abort);
		this.fixture.open();
		this.fixture.session().text("2");
		assertThat(isReading()).isTrue();
		request(5);
		assertThat(this.subscriber.calls).containsExactly("1", "complete");
	}

	@Test
	void subscriptionToAClosedConnectionIsComplete() {
		this.fixture.in(WsState.CLOSED);
		subscribe(this.subscriber);
		assertThat(this.subscriber.calls).containsExactly("complete");
		assertThat(this.fixture.connection.pipeTo(this.target.connection)).satisfies((done) -> {
			this.fixture.scheduler.runAll();
			assertThat(done).isCompleted();
		});
		assertThatNullPointerException().isThrownBy(() -> this.fixture.connection.messages().subscribe(null));
	}

	private CompletableFuture<Void> pipe() {
		this.fixture.in(WsState.OPEN);
		this.target.in(WsState.OPEN);
		CompletableFuture<Void> done = this.fixture.stage((connection) -> connection.pipeTo(this.target.connection));
		this.target.scheduler.runAll();
		return done;
	}

	private void receive(String text) {
		this.fixture.session().text(text);
		runBoth();
	}

	private void written() {
		this.target.session().allWritten();
		runBoth();
	}

	private void runBoth() {
		for (int i = 0; i < 3; i++) {
			this.target.scheduler.runAll();
			this.fixture.scheduler.runAll();
		}
	}

	@Test
	void pipeForwardsInOrderAndWaitsForRoom() {
		CompletableFuture<Void> done = pipe();
		this.target.session().blockWrites();
		receive("12345");
		receive("6789");
		assertThat(isReading()).isTrue();
		receive("abcde");
		assertThat(isReading()).isFalse();
		this.target.session().unblockWrites();
		written();
		written();
		assertThat(isReading()).isTrue();
		assertThat(this.target.session().output()).containsExactly("12345", "6789", "abcde");
		this.fixture.user(WsConnection::close);
		this.fixture.session().endByClient();
		runBoth();
		assertThat(done).isCompleted();
	}

	@Test
	void pipeEndsWithAMessageThatTheTargetDidNotSend() {
		CompletableFuture<Void> done = pipe();
		receive("1");
		this.target.session().endByNetwork();
		runBoth();
		assertThat(done).isCompletedExceptionally();
		assertThat(done.handle((result, error) -> error).join()).isInstanceOf(WsSendException.class);
		receive("2");
		assertThat(isReading()).isTrue();
	}

	/**
	 * Asks for as much as the test says, and records its calls.
	 */
	private static final class Subscriber implements Flow.Subscriber<WsMessage> {

		private final List<String> calls = new ArrayList<>();

		private long demand;

		private Consumer<String> action = (text) -> {
		};

		private Flow.@Nullable Subscription subscription;

		Flow.Subscription subscription() {
			if (this.subscription == null) {
				throw new AssertionError("not subscribed");
			}
			return this.subscription;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			this.subscription = subscription;
			if (this.demand > 0) {
				subscription.request(this.demand);
			}
		}

		@Override
		public void onNext(WsMessage message) {
			this.calls.add(message.text());
			this.action.accept(message.text());
		}

		@Override
		public void onError(Throwable error) {
			this.calls.add("error " + error.getClass().getSimpleName());
		}

		@Override
		public void onComplete() {
			this.calls.add("complete");
		}

	}

}
