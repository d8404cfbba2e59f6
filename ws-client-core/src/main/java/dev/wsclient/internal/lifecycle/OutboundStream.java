package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.internal.transport.Session;

/**
 * A message whose fragments a publisher gives (RFC 6455, section 5.4): asks for one after
 * the other, each when the socket took the one before. The publisher may call from any
 * thread; everything else is on the event loop.
 */
final class OutboundStream implements Flow.Subscriber<ByteBuffer> {

	private static final ByteBuffer EMPTY = ByteBuffer.allocate(0);

	private static final int MAX_FRAGMENT_SIZE = Integer.MAX_VALUE - 64;

	private final Outbound message;

	private final Session session;

	private final Scheduler scheduler;

	private final Owner owner;

	/**
	 * Checks that the fragments of a text are UTF-8 together; {@code null} for binary.
	 */
	private final @Nullable CharsetDecoder utf8;

	private final CharBuffer decoded = CharBuffer.allocate(1024);

	/**
	 * The bytes of a character that the next fragment completes.
	 */
	private ByteBuffer undecoded = EMPTY;

	private Flow.@Nullable Subscription subscription;

	/**
	 * Whether a fragment was asked for that has not come yet. Any thread.
	 */
	private final AtomicBoolean asked = new AtomicBoolean();

	/**
	 * Whether the publisher gave a subscription. Any thread.
	 */
	private final AtomicBoolean subscribed = new AtomicBoolean();

	/**
	 * Whether the publisher ended the message, or broke its rules: what else it says is
	 * not even handed over. Any thread.
	 */
	private final AtomicBoolean over = new AtomicBoolean();

	private boolean started;

	private boolean ended;

	private long size;

	OutboundStream(Outbound message, Session session, Scheduler scheduler, Owner owner) {
		this.message = message;
		this.session = session;
		this.scheduler = scheduler;
		this.owner = owner;
		this.utf8 = (message.kind() == Kind.TEXT_STREAM) ? StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPORT)
			.onUnmappableCharacter(CodingErrorAction.REPORT) : null;
	}

	void start() {
		try {
			this.message.fragments().subscribe(this);
		}
		// Whatever user code throws must not end the loop
		catch (Throwable ex) {
			onError(ex);
		}
	}

	Outbound message() {
		return this.message;
	}

	/**
	 * Whether fragments were written, so that the server waits for the rest.
	 */
	boolean isStarted() {
		return this.started;
	}

	@Override
	public void onSubscribe(Flow.@Nullable Subscription subscription) {
		if (subscription == null) {
			end(() -> fail("the publisher gave null in place of a subscription", null));
		}
		else if (!this.subscribed.compareAndSet(false, true)) {
			quietly(subscription::cancel);
		}
		else {
			this.scheduler.tryExecute(() -> begin(subscription));
		}
	}

	private void begin(Flow.Subscription subscription) {
		if (this.ended) {
			quietly(subscription::cancel);
			return;
		}
		this.subscription = subscription;
		requestNext();
	}

	// A publisher that does not wait for requests would flood the event loop with tasks
	@Override
	public void onNext(@Nullable ByteBuffer fragment) {
		if (fragment == null) {
			end(() -> fail("the publisher gave null in place of a fragment", null));
		}
		else if (!this.asked.compareAndSet(true, false)) {
			end(() -> fail("the publisher gave a fragment that was not requested", null));
		}
		else if (!this.over.get()) {
			this.scheduler.tryExecute(() -> writeFragment(fragment));
		}
	}

	@Override
	public void onError(Throwable error) {
		end(() -> fail("the publisher of a streamed message failed", error));
	}

	@Override
	public void onComplete() {
		end(this::writeLast);
	}

	private void end(Runnable task) {
		if (this.over.compareAndSet(false, true)) {
			this.scheduler.tryExecute(task);
		}
	}

	private void requestNext() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null && !this.ended) {
			this.asked.set(true);
			quietly(() -> subscription.request(1));
		}
	}

	private void writeFragment(ByteBuffer fragment) {
		if (this.ended) {
			return;
		}
		if (fragment.remaining() > MAX_FRAGMENT_SIZE) {
			fail("a fragment of " + fragment.remaining() + " bytes is too large", null);
			return;
		}
		if (!isText(fragment, false)) {
			fail("the fragments of a text message are not UTF-8 (RFC 6455, section 8.1)", null);
			return;
		}
		write(this.started ? Kind.CONTINUATION : firstKind(), fragment);
	}

	private Kind firstKind() {
		return (this.utf8 != null) ? Kind.TEXT_FRAGMENT : Kind.BINARY_FRAGMENT;
	}

	private void writeLast() {
		if (this.ended) {
			return;
		}
		if (!isText(EMPTY, true)) {
			fail("the fragments of a text message end within a character (RFC 6455, section 8.1)", null);
			return;
		}
		if (!this.started) {
			write(firstKind(), EMPTY);
		}
		this.ended = true;
		write(Kind.LAST_FRAGMENT, EMPTY);
	}

	private void write(Kind kind, ByteBuffer payload) {
		this.started = true;
		this.size += payload.remaining();
		this.owner.write(Outbound.bytes(this.scheduler, kind, payload));
	}

	private boolean isText(ByteBuffer fragment, boolean last) {
		if (this.utf8 == null) {
			return true;
		}
		ByteBuffer bytes = fragment.duplicate();
		if (this.undecoded.hasRemaining()) {
			bytes = ByteBuffer.allocate(this.undecoded.remaining() + fragment.remaining())
				.put(this.undecoded)
				.put(bytes)
				.flip();
		}
		CoderResult result;
		do {
			this.decoded.clear();
			result = this.utf8.decode(bytes, this.decoded, last);
		}
		while (result.isOverflow());
		this.undecoded = ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
		return !result.isError();
	}

	/**
	 * The socket took a fragment.
	 */
	void onWritten() {
		requestNext();
	}

	/**
	 * The message can't be completed: a session that began it is over, for nothing else
	 * could be sent behind its fragments.
	 */
	private void fail(String description, @Nullable Throwable cause) {
		if (this.ended) {
			return;
		}
		if (this.started) {
			this.session.abort(new Failure.Network(
					description + " after " + this.size + " bytes were sent, and a message can't be taken back",
					cause));
			return;
		}
		cancel();
		this.owner.onDropped(description, cause);
	}

	/**
	 * Gives up the fragments to come.
	 */
	void cancel() {
		this.ended = true;
		if (this.subscription != null) {
			quietly(this.subscription::cancel);
		}
	}

	/**
	 * Calls the publisher, which must not end the loop.
	 */
	private void quietly(Runnable call) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			onError(ex);
		}
	}

	/**
	 * Whose turn it is to write.
	 */
	interface Owner {

		/**
		 * Writes and flushes a fragment.
		 */
		void write(Outbound fragment);

		/**
		 * The message failed before anything of it was written.
		 */
		void onDropped(String reason, @Nullable Throwable cause);

	}

}
