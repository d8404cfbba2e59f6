package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that are sent in fragments.
 */
class StreamingSendTests {

	private final ConnectionFixture fixture = new ConnectionFixture(
			(options) -> options.offlinePolicy(OfflinePolicy.BUFFER));

	private final Source source = new Source();

	private CompletableFuture<Void> stream(WsMessage.Type type) {
		return this.fixture.stage((connection) -> connection.send(type, this.source));
	}

	private void source(Consumer<Source> call) {
		call.accept(this.source);
		this.fixture.scheduler.runAll();
	}

	private List<String> output() {
		return this.fixture.session().output();
	}

	private static @Nullable Outcome outcome(CompletableFuture<Void> sent) {
		return sent.isCompletedExceptionally()
				? sent.handle((result, error) -> ((WsSendException) error).outcome()).join() : null;
	}

	@Test
	void fragmentsAreAskedForOneByOne() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.BINARY);
		assertThat(this.source.requested).isOne();
		source((source) -> source.next("one"));
		assertThat(output()).containsExactly("binary_fragment one");
		assertThat(this.source.requested).isOne();
		assertThat(this.fixture.connection.snapshot().queuedBytes()).isEqualTo(3);
		this.fixture.session().allWritten();
		assertThat(this.source.requested).isEqualTo(2);
		source((source) -> source.next("two"));
		source(Source::complete);
		assertThat(output()).containsExactly("binary_fragment one", "continuation two", "last_fragment ");
		assertThat(sent).isNotDone();
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
		assertThat(this.fixture.connection.snapshot().messagesSent()).isOne();
		assertThat(this.fixture.connection.snapshot().bytesSent()).isEqualTo(6);
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isZero();
	}

	@Test
	void emptyStreamIsAnEmptyMessage() {
		this.fixture.in(WsState.OPEN);
		stream(WsMessage.Type.TEXT);
		source(Source::complete);
		assertThat(output()).containsExactly("text_fragment ", "last_fragment ");
	}

	@Test
	void otherMessagesWaitWhilePingsAndCloseGoBetween() {
		this.fixture.in(WsState.OPEN);
		this.fixture.send("before");
		stream(WsMessage.Type.TEXT);
		this.fixture.send("behind");
		source((source) -> source.next("a"));
		this.fixture.stage((connection) -> connection.ping(ByteBuffer.wrap(new byte[] { 'p' })));
		this.fixture.session().allWritten();
		this.fixture.stage((connection) -> connection.close(CloseStatus.NORMAL));
		source(Source::complete);
		this.fixture.session().allWritten();
		assertThat(output()).containsExactly("before", "text_fragment a", "ping p", "last_fragment ", "behind",
				"close 1000");
	}

	@Test
	void streamWaitsForASession() {
		this.fixture.in(WsState.BACKOFF);
		CompletableFuture<Void> sent = stream(WsMessage.Type.BINARY);
		assertThat(this.source.requested).isZero();
		this.fixture.reopen();
		this.fixture.scheduler.runAll();
		source((source) -> source.next("a"));
		source(Source::complete);
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
	}

	@Test
	void brokenSessionLosesTheStream() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.BINARY);
		CompletableFuture<Void> behind = this.fixture.send("behind");
		source((source) -> source.next("a"));
		this.fixture.session().endByNetwork();
		assertThat(outcome(sent)).isEqualTo(Outcome.LOST);
		assertThat(this.source.cancelled).isTrue();
		this.fixture.reopen();
		source((source) -> source.next("late"));
		source(Source::complete);
		assertThat(output()).containsExactly("behind");
		this.fixture.session().allWritten();
		assertThat(behind).isCompleted();
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isZero();
	}

	@Test
	void publisherThatFailsAtOnceDropsItsMessageOnly() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.BINARY);
		CompletableFuture<Void> behind = this.fixture.send("behind");
		source((source) -> source.fail(new IllegalStateException("disk")));
		assertThat(outcome(sent)).isEqualTo(Outcome.DROPPED);
		assertThat(output()).containsExactly("behind");
		this.fixture.session().allWritten();
		assertThat(behind).isCompleted();
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
	}

	@Test
	void publisherThatFailsLaterEndsTheSession() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.BINARY);
		source((source) -> source.next("a"));
		source((source) -> source.fail(new IllegalStateException("disk")));
		assertThat(this.fixture.session().isAborted()).isTrue();
		assertThat(outcome(sent)).isEqualTo(Outcome.LOST);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.fixture.listener.errors().get(0)).hasMessageContaining("after 1 bytes were sent")
			.hasCauseInstanceOf(IllegalStateException.class);
	}

	@Test
	void publisherThatThrowsOrIgnoresDemandIsStopped() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> thrown = this.fixture
			.stage((connection) -> connection.send(WsMessage.Type.TEXT, (subscriber) -> {
				throw new IllegalStateException("broken");
			}));
		assertThat(outcome(thrown)).isEqualTo(Outcome.DROPPED);
		stream(WsMessage.Type.TEXT);
		source((source) -> source.next("a"));
		source((source) -> source.next("unasked"));
		assertThat(output()).containsExactly("text_fragment a");
		assertThat(this.fixture.session().isAborted()).isTrue();
	}

	@Test
	void publisherThatGivesNullIsStopped() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> first = stream(WsMessage.Type.BINARY);
		source((source) -> source.next((ByteBuffer) null));
		assertThat(outcome(first)).isEqualTo(Outcome.DROPPED);
		CompletableFuture<Void> second = this.fixture.stage(
				(connection) -> connection.send(WsMessage.Type.BINARY, (subscriber) -> subscriber.onSubscribe(null)));
		assertThat(outcome(second)).isEqualTo(Outcome.DROPPED);
		this.fixture.send("the next");
		assertThat(output()).containsExactly("the next");
	}

	@Test
	void charactersOfATextMayBeSplit() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.TEXT);
		for (byte b : "a\u20ac\ud83d\ude00z".getBytes(StandardCharsets.UTF_8)) {
			source((source) -> source.next(ByteBuffer.wrap(new byte[] { b })));
			this.fixture.session().allWritten();
		}
		source(Source::complete);
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
	}

	@Test
	void textThatIsNotUtf8IsNotSent() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.TEXT);
		source((source) -> source.next(ByteBuffer.wrap(new byte[] { (byte) 0xc3, 0x28 })));
		assertThat(outcome(sent)).isEqualTo(Outcome.DROPPED);
		assertThat(output()).isEmpty();
	}

	@Test
	void textThatEndsWithinACharacterEndsTheSession() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> sent = stream(WsMessage.Type.TEXT);
		source((source) -> source.next(ByteBuffer.wrap(new byte[] { (byte) 0xc3 })));
		source(Source::complete);
		assertThat(this.fixture.session().isAborted()).isTrue();
		assertThat(outcome(sent)).isEqualTo(Outcome.LOST);
	}

	@Test
	void closeAfterWritesTheLastMessageFirst() {
		this.fixture.in(WsState.OPEN);
		CompletableFuture<Void> done = this.fixture.stage((connection) -> connection.closeAfter("bye"));
		assertThat(output()).containsExactly("bye", "close 1000");
		this.fixture.session().allWritten();
		assertThat(done).isNotDone();
		this.fixture.session().endByClient();
		assertThat(done).isCompleted();
	}

	@Test
	void closeAfterTellsThatTheMessageWasNotSent() {
		this.fixture.in(WsState.CLOSED);
		CompletableFuture<Void> done = this.fixture.stage((connection) -> connection.closeAfter("bye"));
		assertThat(done).isCompletedExceptionally();
		this.fixture.user(WsConnection::abort);
	}

	/**
	 * A publisher that gives what the test says.
	 */
	private static final class Source implements Flow.Publisher<ByteBuffer>, Flow.Subscription {

		private final List<Flow.Subscriber<? super ByteBuffer>> subscribers = new ArrayList<>();

		private long requested;

		private boolean cancelled;

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			this.subscribers.add(subscriber);
			subscriber.onSubscribe(this);
		}

		@Override
		public void request(long count) {
			this.requested += count;
		}

		@Override
		public void cancel() {
			this.cancelled = true;
		}

		void next(String text) {
			next(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
		}

		void next(@Nullable ByteBuffer bytes) {
			this.subscribers.get(0).onNext(bytes);
		}

		void complete() {
			this.subscribers.get(0).onComplete();
		}

		void fail(Throwable error) {
			this.subscribers.get(0).onError(error);
		}

	}

}
