package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A message that is bound to a session goes out in that session or not at all.
 */
class BoundToASessionTests {

	private final ConnectionFixture fixture = new ConnectionFixture(
			(options) -> options.offlinePolicy(OfflinePolicy.BUFFER));

	private WsSession open() {
		this.fixture.in(WsState.OPEN);
		return Objects.requireNonNull(this.fixture.connection.session());
	}

	private CompletableFuture<Void> send(WsSession session, Function<WsSession, CompletionStage<Void>> send) {
		CompletableFuture<Void> sent = send.apply(session).toCompletableFuture();
		this.fixture.scheduler.runAll();
		return sent;
	}

	private static void assertDropped(CompletableFuture<Void> sent) {
		assertThat(sent).isCompletedExceptionally();
		WsSendException error = (WsSendException) sent.handle((result, cause) -> cause).join();
		assertThat(error.outcome()).isEqualTo(Outcome.DROPPED);
		assertThat(error).hasMessageContaining("the session that the message is bound to is over");
	}

	@Test
	void sessionIsTheOpenOneOrElseTheNewest() {
		WsConnection connection = this.fixture.connection;
		assertThat(connection.session()).isNull();
		this.fixture.user(WsConnection::connect);
		assertThat(connection.session()).isNull();
		this.fixture.openSession();
		WsSession first = Objects.requireNonNull(connection.session());
		assertThat(first.isOpen()).isTrue();
		assertThat(first.id()).isEqualTo("feed#1").isEqualTo(connection.snapshot().sessionId());
		this.fixture.session().endByNetwork();
		assertThat(connection.session()).isSameAs(first);
		assertThat(first.isOpen()).isFalse();
		this.fixture.awaitAttempt();
		assertThat(connection.session()).isSameAs(first);
		this.fixture.openSession();
		WsSession second = Objects.requireNonNull(connection.session());
		assertThat(second.id()).isEqualTo("feed#2");
		assertThat(second.isOpen()).isTrue();
		assertThat(first.isOpen()).isFalse();
		assertThat(second).hasToString("WsSession[id=feed#2, open=true]");
	}

	@ParameterizedTest
	@EnumSource
	void inItsSessionItIsSentInOrder(Send send) {
		WsSession session = open();
		this.fixture.send("before");
		CompletableFuture<Void> sent = send(session, send);
		this.fixture.send("behind");
		this.fixture.session().allWritten();
		this.fixture.scheduler.runAll();
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
		assertThat(this.fixture.session().output()).startsWith("before").endsWith("behind").hasSizeGreaterThan(2);
	}

	@ParameterizedTest
	@EnumSource
	void onceItsSessionIsOverItIsDroppedAtTheCall(End end) {
		WsSession session = open();
		end.of(this.fixture);
		for (Send send : Send.values()) {
			assertDropped(send(session, send));
		}
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void thatWaitsWhenItsSessionEndsIsDroppedAtOnceAndOthersKeepTheirOrder(Send send) {
		WsSession session = open();
		this.fixture.session().blockWrites();
		this.fixture.send("1");
		CompletableFuture<Void> first = send(session, send);
		this.fixture.send("2");
		CompletableFuture<Void> second = send(session, send);
		this.fixture.send("3");
		this.fixture.session().endByNetwork();
		assertDropped(first);
		assertDropped(second);
		this.fixture.send("4");
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isEqualTo(4);
		this.fixture.reopen();
		assertThat(this.fixture.session().output()).containsExactly("1", "2", "3", "4");
	}

	@Test
	void thatWaitsIsNotDroppedForItsAge() {
		ConnectionFixture aging = new ConnectionFixture(
				(options) -> options.offlinePolicy(OfflinePolicy.BUFFER).offlineTtl(Duration.ofSeconds(1)));
		aging.in(WsState.OPEN);
		WsSession session = Objects.requireNonNull(aging.connection.session());
		aging.session().blockWrites();
		CompletableFuture<Void> sent = session.send("old").toCompletableFuture();
		aging.advance(Duration.ofSeconds(2));
		aging.session().endByNetwork();
		assertDropped(sent);
	}

	@Test
	void behindAStreamItIsDroppedWithItsSession() {
		WsSession session = open();
		AtomicInteger subscriptions = new AtomicInteger();
		this.fixture.stage(
				(connection) -> connection.send(WsMessage.Type.TEXT, (subscriber) -> subscriptions.incrementAndGet()));
		CompletableFuture<Void> waiting = send(session, (each) -> each.send("waiting"));
		this.fixture.stage((connection) -> connection.ping(ByteBuffer.allocate(0)));
		assertThat(subscriptions).hasValue(1);
		assertThat(waiting).isNotDone();
		this.fixture.session().endByNetwork();
		assertDropped(waiting);
		this.fixture.reopen();
		assertThat(this.fixture.session().output()).isEmpty();
	}

	@Test
	void streamThatWaitsIsNotSubscribedToWhenItsSessionIsOver() {
		WsSession session = open();
		this.fixture.session().blockWrites();
		AtomicInteger subscriptions = new AtomicInteger();
		CompletableFuture<Void> sent = send(session,
				(each) -> each.send(WsMessage.Type.BINARY, (subscriber) -> subscriptions.incrementAndGet()));
		this.fixture.session().endByServer(1001);
		this.fixture.reopen();
		assertDropped(sent);
		assertThat(subscriptions).hasValue(0);
	}

	@Test
	void oldSessionIsNotRevivedByANewOne() {
		WsSession first = open();
		this.fixture.session().endByNetwork();
		this.fixture.reopen();
		assertDropped(send(first, (session) -> session.send("late")));
		send(Objects.requireNonNull(this.fixture.connection.session()), (session) -> session.send("new"));
		assertThat(this.fixture.session().output()).containsExactly("new");
	}

	@Test
	void acceptedBeforeACloseItStillGoesOut() {
		WsSession session = open();
		this.fixture.session().blockWrites();
		CompletableFuture<Void> sent = send(session, (each) -> each.send("accepted"));
		CompletableFuture<Void> closed = this.fixture.stage((connection) -> connection.close(CloseStatus.NORMAL));
		this.fixture.session().unblockWrites();
		assertThat(this.fixture.session().output()).containsExactly("accepted", "close 1000");
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
		this.fixture.session().endByClient();
		assertThat(closed).isCompleted();
	}

	@Test
	void aFullBufferRefusesItInsideItsSession() {
		ConnectionFixture full = new ConnectionFixture((options) -> options.offlinePolicy(OfflinePolicy.BUFFER)
			.whenFull(WhenFull.DROP_OLDEST)
			.sendBufferCount(3));
		full.in(WsState.OPEN);
		full.session().blockWrites();
		WsSession session = Objects.requireNonNull(full.connection.session());
		IntStream.range(0, 3).forEach((i) -> full.send("m" + i));
		CompletableFuture<Void> refused = session.send("one too many").toCompletableFuture();
		assertThat(refused.handle((result, error) -> ((WsSendException) error).outcome()).join())
			.isEqualTo(Outcome.NOT_ACCEPTED);
	}

	@Test
	void givesItsRoomBackWhenItIsDropped() {
		WsSession session = open();
		this.fixture.session().blockWrites();
		IntStream.range(0, 5).forEach((i) -> session.send("x"));
		this.fixture.session().endByNetwork();
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isZero();
		assertThat(this.fixture.connection.snapshot().queuedBytes()).isZero();
	}

	@Test
	void dependentsOfADroppedOneMaySendAtOnce() {
		WsSession session = open();
		this.fixture.session().blockWrites();
		AtomicReference<CompletableFuture<Void>> again = new AtomicReference<>();
		session.send("answer").whenComplete((result, error) -> {
			again.set(session.send("again").toCompletableFuture());
			this.fixture.connection.send("for any session");
		});
		this.fixture.session().endByNetwork();
		assertDropped(again.get());
		this.fixture.reopen();
		assertThat(this.fixture.session().output()).containsExactly("for any session");
	}

	@Test
	void messageKnowsItsSessionAlsoWhenTheConnectionHasMovedOn() {
		ManualExecutor executor = new ManualExecutor();
		FakeScheduler scheduler = new FakeScheduler();
		FakeTransport transport = new FakeTransport(scheduler);
		Keeping listener = new Keeping();
		WsConnection connection = new DefaultWsConnection(
				WsOptions.builder("ws://h").name("feed").executor(executor).build(), listener, transport, scheduler,
				new Random(1), new ConnectionFixture.FakeRegistry());
		connection.connect();
		scheduler.runAll();
		openNewest(transport);
		transport.newest().text("question");
		transport.newest().endByNetwork();
		scheduler.advanceToNextTimer();
		openNewest(transport);
		executor.runAll();
		scheduler.runAll();
		assertThat(listener.opened).extracting(WsSession::id).containsExactly("feed#1", "feed#2");
		for (WsMessage message : new WsMessage[] { Objects.requireNonNull(listener.retained),
				Objects.requireNonNull(listener.copy) }) {
			assertThat(message.session().id()).isEqualTo("feed#1");
			assertDropped(message.session().send("answer").toCompletableFuture());
		}
		assertThat(listener.idDuringTheCall).isEqualTo("feed#1");
		assertThat(Objects.requireNonNull(connection.session()).id()).isEqualTo("feed#2");
		assertThat(transport.newest().output()).isEmpty();
	}

	private static void openNewest(FakeTransport transport) {
		transport.newest().connected();
		transport.newest().open();
	}

	/**
	 * Keeps the message it gets.
	 */
	private static final class Keeping implements WsListener {

		WsMessage.Retained retained;

		WsMessage copy;

		String idDuringTheCall;

		final List<WsSession> opened = new ArrayList<>();

		@Override
		public void onOpen(WsConnection connection, WsSession session, WsHandshakeResponse response) {
			this.opened.add(session);
		}

		@Override
		public void onMessage(WsConnection connection, WsMessage message) {
			this.retained = message.retain();
			this.copy = message.copy();
			this.idDuringTheCall = message.session().id();
		}

	}

	/**
	 * Ways to send by a session.
	 */
	enum Send implements Function<WsSession, CompletionStage<Void>> {

		TEXT((session) -> session.send("answer")),

		ARRAY((session) -> session.send(bytes())),

		BUFFER((session) -> session.send(ByteBuffer.wrap(bytes()))),

		UNCOMPRESSED_TEXT((session) -> session.sendUncompressed("answer")),

		UNCOMPRESSED_BINARY((session) -> session.sendUncompressed(ByteBuffer.wrap(bytes()))),

		STREAM((session) -> session.send(WsMessage.Type.TEXT, new OneFragment()));

		private final Function<WsSession, CompletionStage<Void>> send;

		Send(Function<WsSession, CompletionStage<Void>> send) {
			this.send = send;
		}

		private static byte[] bytes() {
			return "answer".getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public CompletionStage<Void> apply(WsSession session) {
			return this.send.apply(session);
		}

	}

	/**
	 * Ways a session gets over.
	 */
	enum End {

		NETWORK, SERVER_CLOSES, SERVER_CLOSED, CLOSE, CLOSED, RECONNECT, ABORT;

		void of(ConnectionFixture fixture) {
			switch (this) {
				case NETWORK -> fixture.session().endByNetwork();
				case SERVER_CLOSES -> fixture.session().closing();
				case SERVER_CLOSED -> fixture.session().endByServer(1000);
				case CLOSE -> fixture.user(WsConnection::close);
				case CLOSED -> {
					fixture.user(WsConnection::close);
					fixture.session().endByClient();
				}
				case RECONNECT -> fixture.user((connection) -> connection.reconnect(Duration.ZERO));
				case ABORT -> fixture.user(WsConnection::abort);
			}
		}

	}

	/**
	 * A publisher of one fragment.
	 */
	private static final class OneFragment implements Flow.Publisher<ByteBuffer> {

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long count) {
					subscriber.onNext(ByteBuffer.wrap(Send.bytes()));
					subscriber.onComplete();
				}

				@Override
				public void cancel() {
				}

			});
		}

	}

}
